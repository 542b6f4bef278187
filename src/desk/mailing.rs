//! Mail: what is configured, without any secret, and a letter to try it.

use std::time::Duration;

use chrono::DateTime;
use chrono_tz::Tz;
use serde::Serialize;

use super::doctor::{Health, Line, send_test};
use crate::domain::actor::Actor;
use crate::domain::language::{Language, worded};
use crate::jobs::site::Site;
use crate::mail::{MailOptions, Security, TransportKind};
use crate::store::Entry;

/// How long a trial letter may take at the page.
pub const LONGEST: Duration = Duration::from_mins(1);

/// Which way letters go.
#[derive(Debug, Clone, Serialize)]
pub struct MailAnswer {
    /// Letters go to a mail server; else into files.
    pub goes_out: bool,
    /// They go nowhere by themselves: a person hands them over.
    pub by_hand: bool,
    /// The server with its port, or the folder.
    pub to: String,
    /// How the way there is protected.
    pub security: &'static str,
    /// Who logs in.
    pub user: String,
    /// What there is to say of the password; never itself.
    pub password: String,
    /// The sender: name and address.
    pub from: (String, String),
    /// Most letters a minute, and a day.
    pub rate: (u32, u32),
    /// Domains that may be written to; empty: all.
    pub domains: Vec<String>,
}

/// Which way letters go.
#[must_use]
pub fn configured(site: &Site) -> MailAnswer {
    let (options, language) = (&site.options.mail, site.language());
    let sender = options.sender();
    let goes_out = options.transport == TransportKind::Smtp;
    MailAnswer {
        goes_out,
        by_hand: options.transport == TransportKind::ByHand,
        to: if goes_out {
            options.smtp.server()
        } else {
            options.folder.display().to_string()
        },
        security: match options.smtp.security {
            Security::StartTls => {
                language.either("先连上再加密（starttls）", "connect, then encrypt (starttls)")
            }
            Security::Tls => language.either("一开始就加密（tls）", "encrypted from the start (tls)"),
            Security::Plain => language.either("不加密（none）", "not encrypted (none)"),
        },
        user: options.smtp.user.clone(),
        password: match options.smtp.password.read() {
            Ok(_) => language.either("读得到", "can be read").to_owned(),
            Err(told) => told,
        },
        from: (sender.name, sender.address),
        rate: (options.rate_per_minute, options.rate_per_day),
        domains: options.allow_domains.clone(),
    }
}

/// Sends a letter to an address by whatever options; what became of it.
pub async fn trial(language: Language, options: &MailOptions, now: DateTime<Tz>, address: &str) -> Line {
    let sent = tokio::time::timeout(LONGEST, send_test(options, now, address)).await;
    sent.unwrap_or_else(|_| Line {
        health: Health::Fail,
        about: language.either("试发", "test"),
        words: worded!(
            language,
            "{}秒内邮件服务器没有答复，不等了；信可能没有发出，请核对服务器的名称、端口和加密方式",
            "the mail server gave no answer within {} seconds; the letter may not have gone; check the server's name, port and encryption",
            LONGEST.as_secs()
        ),
    })
}

/// Sends a letter to an address to see whether letters go, on the record; gives
/// what became of it.
///
/// # Errors
/// The database can't be written.
pub async fn try_out(site: &Site, by: &Actor, address: &str) -> anyhow::Result<Line> {
    let language = site.language();
    let line = trial(language, &site.options.mail, site.clock.now(), address).await;
    let outcome = if line.health == Health::Fail {
        language.either("没有发出", "not sent")
    } else {
        language.either("已交出", "handed over")
    };
    let address: String = address.chars().take(200).collect();
    let entry = Entry {
        by: by.name(),
        via: by.via(),
        what: "mail-tried",
        detail: worded!(language, "{address}：{outcome}", "{address}: {outcome}").into(),
        ..Entry::default()
    };
    let mut change = site.store.begin().await?;
    site.store.log(&mut change, site.clock.utc(), &entry).await?;
    change.commit().await?;
    Ok(line)
}
