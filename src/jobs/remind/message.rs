//! A letter as it is handed over to the transport.

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use crate::domain::letters::{Letter, LetterText, NoticeRecord};
use crate::domain::notices::Recipient;
use crate::jobs::site::Site;
use crate::mail::{Attachment, Mailbox, Message};
use crate::platform::durable::hex;

/// The name of the office in whose name a letter goes.
pub(super) async fn office_of(
    site: &Site,
    letter: &Letter,
    notices: &[NoticeRecord],
) -> anyhow::Result<Option<String>> {
    let about = match letter.about {
        Some(about) if notices.is_empty() => site.store.notices_of(about).await?,
        _ => Vec::new(),
    };
    let programs = notices.iter().chain(&about).map(|notice| &notice.key.program);
    Ok(programs
        .filter_map(|id| site.program(id))
        .map(|program| program.office.name.clone())
        .find(|name| !name.is_empty()))
}

/// A letter as it is handed over. Only addresses that `may_be_written_to` are.
pub(super) fn message(
    site: &Site,
    may_be_written_to: impl Fn(&str) -> bool,
    letter: &Letter,
    (text, office): (&LetterText, Option<String>),
    attachments: Vec<Attachment>,
) -> Message {
    let mut from = site.options.mail.sender();
    from.name = office.unwrap_or(from.name);
    let mut named = HashSet::new();
    let mut mailboxes = |list: &[Recipient]| -> Vec<Mailbox> {
        list.iter()
            .filter(|recipient| may_be_written_to(&recipient.address))
            // Leaders who share a mailbox get one letter there.
            .filter(|recipient| named.insert(recipient.key.clone()))
            .map(|recipient| Mailbox {
                name: recipient.name.clone(),
                address: recipient.address.clone(),
            })
            .collect()
    };
    Message {
        id: message_id(site, letter),
        date: site.clock.now().fixed_offset(),
        from,
        to: mailboxes(&letter.addressed.to),
        cc: mailboxes(&letter.addressed.cc),
        subject: text.subject.clone(),
        text: text.text.clone(),
        html: text.html.clone(),
        attachments,
    }
}

/// Derived from the letter, so that the same letter always bears the same.
fn message_id(site: &Site, letter: &Letter) -> String {
    let mut hash = Sha256::new();
    hash.update(letter.id.number().to_le_bytes());
    hash.update(letter.created.timestamp_millis().to_le_bytes());
    for to in &letter.addressed.to {
        hash.update(to.key.as_bytes());
    }
    let sender = site.options.mail.sender().address;
    let domain = sender
        .rsplit_once('@')
        .map_or("taizhang.invalid", |(_, domain)| domain);
    format!("{}.{}@{domain}", letter.id, hex(&hash.finalize()[..12]))
}
