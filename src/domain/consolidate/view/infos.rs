//! 供参考: what the checks noticed in ledgers that count, for the office alone.

use super::{Subject, Table, Tone, text};

/// Something worth a look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Info {
    /// The unit's display name.
    pub unit: String,
    /// Sheet and cell of its file; may be empty.
    pub place: String,
    /// What there is to say.
    pub message: String,
    /// The row that it speaks of; empty where it speaks of none.
    pub row: String,
    /// The row of the period before of which it is a copy; empty otherwise.
    pub before: String,
}

/// The sheet, in the order given; none where there is nothing to say.
pub(super) fn table(of: Subject<'_>, infos: &[Info]) -> Option<Table> {
    if infos.is_empty() {
        return None;
    }
    let words = of.words;
    let columns = words.info_columns.into_iter().zip([16.0, 14.0, 36.0, 48.0, 48.0]);
    let mut table = of.table(words.infos, words.infos, columns);
    for info in infos {
        table.line([
            text(Tone::Centre, info.unit.as_str()),
            text(Tone::Centre, info.place.as_str()),
            text(Tone::Body, info.message.as_str()),
            text(Tone::Body, info.row.as_str()),
            text(Tone::Body, info.before.as_str()),
        ]);
    }
    Some(table)
}
