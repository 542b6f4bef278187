//! OpenDocument spreadsheets, as LibreOffice and several Chinese office suites write them.

use std::io::{Read, Seek};

use calamine::{Ods, OdsError, Reader as _, SheetVisible};

use super::failure::{ReadFailure, Reading, Stop};
use super::limits::Limits;
use super::ods_blanks::without_blanks;
use super::ods_layout;
use super::package::{Package, Repacked};
use super::sheet_rows::{check_filled, filled_in};
use super::xls::whole_sheet;
use crate::domain::table::{FileKind, FileTimes, Sheet, Value, Workbook};

/// Reads values with calamine, whole, and the layout with a pass of our own.
pub(super) fn read(file: impl Read + Seek, limits: &Limits) -> Reading<Workbook> {
    let mut package = Package::open(file, limits)?;
    let mut repacked = Repacked::new();
    if let Some(media_type) = package.bytes("mimetype")? {
        repacked.add_bytes("mimetype", &media_type)?;
    }
    for name in ["META-INF/manifest.xml", "meta.xml"] {
        repacked.add(name, package.xml(name)?)?;
    }
    let page_texts = package
        .xml("styles.xml")?
        .map(|styles| ods_layout::page_texts(&styles.text()))
        .transpose()?;
    let content = package.xml("content.xml")?.ok_or_else(ReadFailure::damaged)?;
    let text = content.text();
    let text = without_blanks(&text)?;
    let has_external_links = text.contains("<table:table-source");
    let layouts = ods_layout::layouts(&text, limits)?;
    repacked.add_bytes("content.xml", text.as_bytes())?;
    drop(text);
    drop(content);
    let has_macros = package.any_in("basic/") || package.any_in("scripts/");
    drop(package);

    let mut source = Ods::new(repacked.finish()?)?;
    let mut sheets = Vec::new();
    let mut filled = 0;
    for (listed, layout) in source.sheets_metadata().to_vec().into_iter().zip(layouts) {
        let values = source.worksheet_range(&listed.name)?;
        let formulas = source.worksheet_formula(&listed.name)?;
        let mut sheet = Sheet {
            rows: whole_sheet(&listed.name, &values, &formulas, limits, filled)?,
            hidden: listed.visible != SheetVisible::Visible,
            name: listed.name,
            ..Sheet::default()
        };
        name_errors(&mut sheet);
        sheet.formats_known = true;
        sheet.formats.clone_from(&layout.formats);
        layout.apply(&mut sheet);
        filled += filled_in(&sheet);
        check_filled(filled, limits)?;
        sheets.push(sheet);
    }
    let properties = source.workbook_properties().unwrap_or_default();
    Ok(Workbook {
        kind: FileKind::Ods,
        sheets,
        times: FileTimes {
            created: properties.created,
            modified: properties.modified,
        },
        properties: properties.custom_properties.into_iter().collect(),
        page_texts: page_texts.unwrap_or_default(),
        has_macros,
        has_external_links,
    })
}

/// The format keeps a failed formula's error as its text.
fn name_errors(sheet: &mut Sheet) {
    for cell in sheet
        .rows
        .iter_mut()
        .flat_map(|row| &mut row.cells)
        .filter(|cell| cell.formula)
    {
        if let Value::Text(text) = &cell.value
            && (text.starts_with("Err:") || text.starts_with('#') && text.ends_with(['!', '?', 'A']))
        {
            cell.value = Value::Error(text.clone());
        }
    }
}

impl From<OdsError> for Stop {
    fn from(error: OdsError) -> Self {
        match error {
            OdsError::Io(error) => error.into(),
            OdsError::Password => ReadFailure::Encrypted.into(),
            OdsError::CellLimitExceeded { .. } => ReadFailure::TooLarge("表格范围过大".into()).into(),
            _ => ReadFailure::damaged().into(),
        }
    }
}
