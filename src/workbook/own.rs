//! Whether a workbook is one that we wrote and nobody has changed since: it
//! carries a digest of its cells among its document properties.

use super::master::Fingerprint;
use super::read::read_written;
use crate::domain::own_digest::{DIGITS, Kind, digest};
use crate::domain::stamp;
use crate::domain::table::Workbook;

/// What kind of workbook of ours this is; none for one that a person filled in
/// or corrected, and for one that isn't ours at all.
///
/// A master is still ours when the office has written into its own columns or
/// sorted it: none of that makes a ledger of it.
#[must_use]
pub fn own_kind(workbook: &Workbook) -> Option<Kind> {
    let (kind, written) = Kind::parse(workbook.properties.get(stamp::DIGEST)?)?;
    let found = match kind {
        Kind::Form | Kind::Copy => digest(workbook),
        Kind::Master => Fingerprint::of(workbook).to_string(),
    };
    (found == written).then_some(kind)
}

/// What stands for the digest until the cells are written.
pub(super) fn unknown(kind: Kind) -> String {
    kind.property(&"0".repeat(DIGITS))
}

/// The property of a workbook that was just written, by its bytes.
pub(super) fn property(kind: Kind, written: &[u8]) -> String {
    match read_written(written) {
        Ok(workbook) => kind.property(&digest(&workbook)),
        Err(failure) => {
            // It is still a good form for its reader; only we won't know it again by its cells.
            tracing::warn!(%failure, "写出的表格读不回来，没有加上内容摘要");
            unknown(kind)
        }
    }
}

#[cfg(test)]
mod tests;
