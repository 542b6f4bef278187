//! 供参考: what the checks noticed in ledgers that count, for the office alone.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::MasterWriter;
use super::pen::text;
use super::style::Look;

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

/// Writes the sheet, in the order given; none where there is nothing to say.
pub(super) fn write(
    writer: &mut MasterWriter<'_>,
    book: &mut Workbook,
    infos: &[Info],
) -> Result<(), XlsxError> {
    if infos.is_empty() {
        return Ok(());
    }
    let words = writer.words;
    let [unit, place, message, row, before] = words.info_columns;
    let columns = [
        (unit, 16.0),
        (place, 14.0),
        (message, 36.0),
        (row, 48.0),
        (before, 48.0),
    ];
    writer.small_sheet(book, (words.infos, words.infos), &columns, "", |pen| {
        for info in infos {
            pen.line(&[
                text(Look::Centre, info.unit.as_str()),
                text(Look::Centre, info.place.as_str()),
                text(Look::Body, info.message.as_str()),
                text(Look::Body, info.row.as_str()),
                text(Look::Body, info.before.as_str()),
            ])?;
        }
        Ok(())
    })
}
