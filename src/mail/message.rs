//! A finished letter.

use chrono::{DateTime, FixedOffset};

/// Somebody with an address. Neither part needs to be clean: what can't stand
/// in a header is taken out of names, and malformed addresses are refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mailbox {
    /// The name shown; may be empty.
    pub name: String,
    /// `name@domain`.
    pub address: String,
}

/// A file that goes along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, usually Chinese.
    pub name: String,
    /// Its MIME type, as `application/pdf`; one that isn't well-formed counts as unknown.
    pub content_type: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A finished letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// The Message-ID without angle brackets. The same letter keeps it.
    pub id: String,
    /// When it was written, with the site's offset.
    pub date: DateTime<FixedOffset>,
    /// Who writes.
    pub from: Mailbox,
    /// To whom.
    pub to: Vec<Mailbox>,
    /// Who gets a copy.
    pub cc: Vec<Mailbox>,
    /// The subject.
    pub subject: String,
    /// The letter as plain text.
    pub text: String,
    /// The letter as HTML: a whole page or the content of its body.
    pub html: String,
    /// What goes along.
    pub attachments: Vec<Attachment>,
}

impl Message {
    /// Everybody who gets it.
    pub fn recipients(&self) -> impl Iterator<Item = &Mailbox> {
        self.to.iter().chain(&self.cc)
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A letter to a made-up liaison.
    pub fn letter() -> Message {
        Message {
            id: "wutang-visits.2024-11.u01@wutang.gov.cn".into(),
            date: DateTime::parse_from_rfc3339("2024-12-06T09:00:00+08:00").unwrap(),
            from: Mailbox {
                name: "乌塘镇指挥部办公室".into(),
                address: "office@wutang.gov.cn".into(),
            },
            to: vec![Mailbox {
                name: "张三".into(),
                address: "zhang@wutang.gov.cn".into(),
            }],
            cc: Vec::new(),
            subject: "关于报送2024年11月挂点台账的催报通知（第一次催报）".into(),
            text: "张三同志：\n\n请于12月6日（星期五）17:30前报送。\n".into(),
            html: "<p>张三同志：</p><p>请于12月6日（星期五）17:30前报送。</p>".into(),
            attachments: Vec::new(),
        }
    }
}
