//! From a letter to the bytes that go over the wire or into a file.
//!
//! The same letter gives the same bytes: date and Message-ID are given, and
//! the boundaries between parts come from the Message-ID.

use std::fmt::Write as _;
use std::time::SystemTime;

use chrono::Datelike as _;
use lettre::address::Envelope;
use lettre::message::header::{self, HeaderName, HeaderValue};
use lettre::message::{Mailboxes, MultiPart, SinglePart};
use sha2::{Digest, Sha256};

use super::attachment_name::NamedType;
use super::header_text::{MAX_NAME, MAX_SUBJECT, header_text};
use super::{Attachment, Mailbox, Message};
use crate::domain::text::file_name_part;

/// What tells other programs that no person wrote this, so that none answers
/// with a note of absence (RFC 3834; the second is Exchange's own).
const AUTOMATIC: [(&str, &str); 2] = [
    ("Auto-Submitted", "auto-generated"),
    ("X-Auto-Response-Suppress", "All"),
];

/// The letter as RFC 5322 text: ASCII, lines ended by CRLF.
///
/// # Errors
/// The letter can't be written down, in words for the office: an address, the
/// date or the Message-ID is not well-formed.
pub fn compose(message: &Message) -> Result<Vec<u8>, String> {
    if !is_message_id(&message.id) {
        return Err(format!(
            "信函编号“{}”不能用作 Message-ID",
            header_text(&message.id, 80)
        ));
    }
    if !(1..=9999).contains(&message.date.year()) {
        return Err("信函的日期不能写进邮件".into());
    }
    let from = mailbox(&message.from)?;
    // Replaced below: read back by the library, names with odd characters would be lost.
    let nameless = lettre::message::Mailbox::new(None, from.email.clone());
    let recipients = message
        .recipients()
        .map(|to| mailbox(to).map(|to| to.email))
        .collect::<Result<Vec<_>, _>>()?;
    let envelope = Envelope::new(Some(from.email.clone()), recipients).map_err(|error| error.to_string())?;
    let mut builder = lettre::Message::builder()
        .envelope(envelope)
        .from(nameless)
        // Given so that the library doesn't ask the clock; replaced below by one with the site's offset.
        .date(SystemTime::UNIX_EPOCH);
    if !message.to.is_empty() {
        builder = builder.header(header::To::from(mailboxes(&message.to)?));
    }
    if !message.cc.is_empty() {
        builder = builder.header(header::Cc::from(mailboxes(&message.cc)?));
    }
    builder = builder
        .subject(header_text(&message.subject, MAX_SUBJECT))
        .message_id(Some(format!("<{}>", message.id)));
    for (name, value) in AUTOMATIC {
        builder = builder.raw_header(plain_header(name, value.to_owned()));
    }
    let mut letter = builder
        .multipart(body(message))
        .map_err(|error| error.to_string())?;
    let headers = letter.headers_mut();
    headers.set(header::From::from(Mailboxes::from(from)));
    headers.insert_raw(plain_header("Date", message.date.to_rfc2822()));
    Ok(letter.formatted())
}

/// Text and HTML as alternatives; with attachments, these beside them.
fn body(message: &Message) -> MultiPart {
    let [inner, outer] = boundaries(&message.id);
    let alternatives = MultiPart::alternative()
        .boundary(inner)
        .singlepart(SinglePart::plain(body_text(&message.text)))
        .singlepart(SinglePart::html(body_text(&message.html)));
    if message.attachments.is_empty() {
        return alternatives;
    }
    let whole = MultiPart::mixed().boundary(outer).multipart(alternatives);
    message
        .attachments
        .iter()
        .fold(whole, |whole, attachment| whole.singlepart(part(attachment)))
}

/// A text with one kind of line end and without control characters: a lone CR
/// or a NUL must not stand in a mail, and servers take it amiss.
fn body_text(text: &str) -> String {
    text.replace("\r\n", "\n")
        .chars()
        .map(|c| if c == '\r' { '\n' } else { c })
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect()
}

fn part(attachment: &Attachment) -> SinglePart {
    let name = file_name_part(&header_text(&attachment.name, 80));
    SinglePart::builder()
        .header(NamedType::new(&attachment.content_type, &name))
        .header(header::ContentDisposition::attachment(&name))
        .header(header::ContentTransferEncoding::Base64)
        .body(attachment.bytes.clone())
}

fn mailboxes(all: &[Mailbox]) -> Result<Mailboxes, String> {
    all.iter().map(mailbox).collect()
}

fn mailbox(own: &Mailbox) -> Result<lettre::message::Mailbox, String> {
    let address = own
        .address
        .parse()
        .map_err(|_| format!("邮箱“{}”写得不对", header_text(&own.address, 254)))?;
    let name = header_text(&own.name, MAX_NAME);
    Ok(lettre::message::Mailbox::new(
        (!name.is_empty()).then_some(name),
        address,
    ))
}

fn plain_header(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

/// Two boundaries, which no body can hold by accident.
fn boundaries(id: &str) -> [String; 2] {
    let mut hash = String::new();
    for byte in &Sha256::digest(id.as_bytes())[..12] {
        let _ = write!(hash, "{byte:02x}");
    }
    [format!("=_{hash}_a"), format!("=_{hash}_b")]
}

/// `left@right` without what would end the angle brackets or the line.
fn is_message_id(id: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c))
    };
    id.len() <= 250
        && id
            .split_once('@')
            .is_some_and(|(left, right)| plain(left) && plain(right))
}

#[cfg(test)]
mod tests;
