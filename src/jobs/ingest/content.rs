//! What a ledger says, in one digest.

use sha2::{Digest, Sha256};

use crate::domain::check::Examination;
use crate::platform::durable::hex;

/// A digest of what a ledger says: equal when the same ledger was only saved again.
#[must_use]
pub fn content_digest(examination: &Examination) -> String {
    let mut hash = Sha256::new();
    let mut feed = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    for (key, value) in &examination.fill {
        feed(key);
        feed(value);
    }
    for row in &examination.rows {
        feed("row");
        row.cells.iter().for_each(|cell| feed(cell));
        row.extras.iter().for_each(|(header, text)| {
            feed(header);
            feed(text);
        });
        feed(&row.explanation);
    }
    feed(if examination.nil { "nil" } else { "" });
    hex(&hash.finalize()[..16])
}
