//! Workbooks of Excel 97 to 2003, and most of WPS's `.et`.

use std::io::{Read, Seek, SeekFrom};

use calamine::{Data, Range as Cells, Reader as _, SheetType, SheetVisible, Xls, XlsError};

use super::failure::{ReadFailure, Reading, Stop};
use super::limits::Limits;
use super::sheet_rows::{SheetRows, check_filled, filled_in};
use super::values::from_data;
use super::xls_grid::{emptied, stretching};
use super::xls_pages::{page_texts, workbook_stream};
use super::xml::place;
use crate::domain::table::{FileKind, FileTimes, Range, Row, Sheet, Value, Workbook};

/// Reads the whole workbook. The format keeps what is hidden inside a sheet
/// where calamine doesn't look: that stays empty.
pub(super) fn read(mut file: impl Read + Seek, limits: &Limits) -> Reading<Workbook> {
    if file.seek(SeekFrom::End(0))? > limits.uncompressed {
        return Err(super::zip_directory::too_large_inside(limits).into());
    }
    file.seek(SeekFrom::Start(0))?;
    let (has_macros, stream) = match cfb::CompoundFile::open(&mut file) {
        Ok(mut streams) => (streams.exists("/_VBA_PROJECT_CUR"), workbook_stream(&mut streams)),
        Err(_) => (false, Vec::new()),
    };
    let page_texts = page_texts(&stream);
    let stretching = stretching(&stream);
    drop(stream);
    let mut book = if stretching.is_empty() {
        file.seek(SeekFrom::Start(0))?;
        read_cells(Xls::new(file)?, limits)?
    } else {
        read_cells(Xls::new(emptied(file, &stretching)?)?, limits)?
    };
    book.page_texts = page_texts;
    book.has_macros = has_macros;
    Ok(book)
}

/// What calamine finds.
fn read_cells(mut source: Xls<impl Read + Seek>, limits: &Limits) -> Reading<Workbook> {
    let listed = source.sheets_metadata().to_vec();
    if listed.len() > limits.sheets {
        return Err(ReadFailure::TooLarge(format!("工作表超过{}个", limits.sheets)).into());
    }
    let mut sheets = Vec::with_capacity(listed.len());
    let mut filled = 0;
    for sheet in listed
        .into_iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
    {
        let values = source.worksheet_range(&sheet.name)?;
        let formulas = source.worksheet_formula(&sheet.name)?;
        let sheet = Sheet {
            rows: whole_sheet(&sheet.name, &values, &formulas, limits, filled)?,
            merges: merges(&source, &sheet.name),
            hidden: sheet.visible != SheetVisible::Visible,
            name: sheet.name,
            ..Sheet::default()
        };
        filled += filled_in(&sheet);
        check_filled(filled, limits)?;
        sheets.push(sheet);
    }
    let properties = source.workbook_properties().unwrap_or_default();
    Ok(Workbook {
        kind: FileKind::Xls,
        sheets,
        times: FileTimes {
            created: properties.created,
            modified: properties.modified,
        },
        properties: properties.custom_properties.into_iter().collect(),
        page_texts: Vec::new(),
        has_macros: false,
        has_external_links: false,
    })
}

/// Brings values and formulas of a sheet that was read whole together;
/// `filled`: the cells of the sheets before.
pub(super) fn whole_sheet(
    name: &str,
    values: &Cells<Data>,
    formulas: &Cells<String>,
    limits: &Limits,
    filled: u64,
) -> Reading<Vec<Row>> {
    let mut rows = SheetRows::new(name, limits, filled);
    let formula_at = |pos| formulas.get_value(pos).is_some_and(|formula| !formula.is_empty());
    let (top, left) = values.start().unwrap_or_default();
    for (row, column, value) in values.used_cells() {
        let (row, column) = (top + u32_of(row), left + u32_of(column));
        rows.push(row, column, from_data(value.clone()), formula_at((row, column)))?;
    }
    let (top, left) = formulas.start().unwrap_or_default();
    for (row, column, formula) in formulas.used_cells() {
        let pos = (top + u32_of(row), left + u32_of(column));
        if !formula.is_empty() && values.get_value(pos).is_none_or(|value| *value == Data::Empty) {
            rows.push(pos.0, pos.1, Value::Empty, true)?;
        }
    }
    Ok(rows.finish())
}

/// A position within a range; ranges are never larger than a sheet.
fn u32_of(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX / 2)
}

fn merges<R: Read + Seek>(source: &Xls<R>, sheet: &str) -> Vec<Range> {
    let found = source.merge_cells_by_sheet_name(sheet).unwrap_or_default();
    found
        .into_iter()
        .filter_map(|merge| {
            let [first, last] = [merge.start, merge.end].map(|(row, column)| place(row, column));
            Some(Range {
                first: first?,
                last: last?,
            })
        })
        .collect()
}

impl From<XlsError> for Stop {
    fn from(error: XlsError) -> Self {
        match error {
            XlsError::Io(error) => error.into(),
            XlsError::Password => ReadFailure::Encrypted.into(),
            _ => ReadFailure::damaged().into(),
        }
    }
}
