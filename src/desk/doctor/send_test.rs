//! `doctor --send-test`: one letter, and how it went.

use chrono::DateTime;
use chrono_tz::Tz;

use super::{Line, fail, well};
use crate::domain::mail_address::{domain, fault};
use crate::mail::{MailOptions, Mailbox, Message, Outcome, Transport, TransportKind};

const ABOUT: &str = "试发";

/// Sends a short letter to an address.
pub async fn send(options: &MailOptions, now: DateTime<Tz>, address: &str) -> Line {
    if let Some(fault) = fault(address) {
        return fail(ABOUT, format!("邮箱“{address}”{fault}"));
    }
    let transport = match Transport::open(options) {
        Ok(transport) => transport,
        Err(error) => return fail(ABOUT, format!("{error:#}")),
    };
    match transport.send(&letter(options, now, address)).await {
        Outcome::Sent => well(
            ABOUT,
            match options.transport {
                TransportKind::File | TransportKind::ByHand => format!(
                    "信已写进 {}，没有真的发出（[mail] transport 不是 \"smtp\"）",
                    options.folder.display()
                ),
                TransportKind::Smtp => format!(
                    "信已交给 {}，收件人 {address}；请到收件箱核对，没有的话看看垃圾邮件",
                    options.smtp.server()
                ),
            },
        ),
        Outcome::Temporary(told) | Outcome::Permanent(told) | Outcome::Uncertain(told) => fail(ABOUT, told),
    }
}

fn letter(options: &MailOptions, now: DateTime<Tz>, address: &str) -> Message {
    let from = options.sender();
    let subject = "台账催报系统试发邮件（请忽略）";
    let lines = [
        "您好：".to_owned(),
        "这是一封试发的邮件，用来核对台账催报系统能不能发信，不需要办理，也不用回复。".to_owned(),
        format!("发送时间：{}", now.format("%Y年%-m月%-d日 %H:%M:%S")),
    ];
    Message {
        id: format!(
            "test.{}.{}@{}",
            now.timestamp_micros(),
            std::process::id(),
            domain(&from.address)
        ),
        date: now.fixed_offset(),
        from,
        to: vec![Mailbox {
            name: "收件人".into(),
            address: address.to_owned(),
        }],
        cc: Vec::new(),
        subject: subject.into(),
        text: format!("{}\n", lines.join("\n")),
        html: lines.map(|line| format!("<p>{line}</p>")).concat(),
        attachments: Vec::new(),
    }
}
