//! What `doctor` says about mail.

use std::time::Duration;

use super::{Line, fail, note, well};
use crate::domain::ladder::Role;
use crate::domain::language::Language;
use crate::domain::mail_address::{domain, fault, is_reserved, is_within};
use crate::domain::notices::addresses;
use crate::domain::program::Program;
use crate::jobs::site::Site;
use crate::mail::{MailOptions, Transport, TransportKind};

/// How long the mail server gets to answer.
const LIMIT: Duration = Duration::from_secs(8);

/// Most addresses named in one line.
const NAMED: usize = 20;

/// Which way letters go, whether the way is open, and who can't be reached on it.
pub async fn lines(site: &Site) -> Vec<Line> {
    let options = &site.options.mail;
    let mut lines = vec![way(options).await];
    if options.transport == TransportKind::Smtp {
        if !options.smtp.user.is_empty() {
            lines.push(match options.smtp.password.read() {
                Ok(_) => well("邮件", "密码读得到".into()),
                Err(told) => fail("邮件", told),
            });
        }
        for program in site.programs() {
            lines.extend(unreachable(&program, options));
        }
    }
    lines
}

async fn way(options: &MailOptions) -> Line {
    let transport = match Transport::open(options) {
        Ok(transport) => transport,
        Err(error) => return fail("邮件", format!("{error:#}")),
    };
    match (transport.probe(LIMIT).await, options.transport) {
        (Err(told), _) => fail("邮件", told),
        (Ok(()), TransportKind::File) => note(
            "邮件",
            format!(
                "信只写成文件，放在 {}，不真的发出；要发出请设 [mail] transport = \"smtp\"",
                options.folder.display()
            ),
        ),
        (Ok(()), TransportKind::ByHand) => note(
            "邮件",
            "不发邮件，信都列为“待人工送达”，由办公室转告；要发出请设 [mail] transport = \"smtp\"".into(),
        ),
        (Ok(()), TransportKind::Smtp) => well(
            "邮件",
            format!(
                "{} 连得上{}，每分钟最多 {} 封、每天最多 {} 封",
                options.smtp.server(),
                if options.smtp.user.is_empty() {
                    ""
                } else {
                    "、能登录"
                },
                options.rate_per_minute,
                options.rate_per_day
            ),
        ),
    }
}

/// Addresses of a roster to which no letter can go, by what is wrong with them.
fn unreachable(program: &Program, options: &MailOptions) -> Vec<Line> {
    let mut reserved = Vec::new();
    let mut wrong = Vec::new();
    let mut outside = Vec::new();
    for (role, whose, address) in addresses(program) {
        let shown = match role {
            Role::Liaison | Role::Head => format!("{whose}{} {address}", role.label(Language::Chinese)),
            _ => format!("{whose} {address}"),
        };
        if let Some(fault) = fault(address) {
            wrong.push(format!("{shown}（{fault}）"));
        } else if is_reserved(address) {
            reserved.push(shown);
        } else if !options.allow_domains.is_empty()
            && !options
                .allow_domains
                .iter()
                .any(|outer| is_within(&domain(address), outer))
        {
            outside.push(shown);
        }
    }
    [
        (
            reserved,
            "是占位邮箱，信发不出去，请换成真实邮箱；没有邮箱的空着，由人送达",
        ),
        (wrong, "写得不对，信发不出去，请更正"),
        (outside, "不在 allow_domains 之内，信发不出去，请核对"),
    ]
    .into_iter()
    .filter(|(found, _)| !found.is_empty())
    .map(|(found, words)| fail("名册", format!("{} 中 {}{words}", program.id, listed(&found))))
    .collect()
}

fn listed(found: &[String]) -> String {
    let named = found[..found.len().min(NAMED)].join("、");
    if found.len() > NAMED {
        format!("{named} 等 {} 个", found.len())
    } else {
        format!("{named} ")
    }
}
