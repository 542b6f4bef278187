//! A workbook of `rust_xlsxwriter` that is whole but for the rows of its large
//! sheets, and how these are put in.
//!
//! What stands before the rows of a sheet (panes, widths) is known when it
//! starts, what stands behind them (filter, merged ranges, links, print
//! set-up) when it ends. So a first skeleton gives the beginnings and the
//! numbers of the styles, a second one everything else. Both bear one sample
//! of each style in the last row of the first sheet, where its number is read.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Cursor, Read, Write};
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use zip::{ZipArchive, ZipWriter};

use super::ink::{BigSheet, LAST_ROW, write_link};
use super::part::{DEFLATE_LEVEL, Part};
use super::style::{self, STYLES, Styles};
use crate::domain::table::Pos;

/// How a large sheet looks, its rows apart.
#[derive(Debug)]
pub(super) struct Frame {
    /// Place among the sheets, and its name.
    pub index: usize,
    pub name: String,
    pub widths: Vec<f64>,
    /// 0-based header row.
    pub header: u32,
    pub hidden: Option<u16>,
}

impl Frame {
    /// Name of the part within the package.
    pub fn part(&self) -> String {
        format!("xl/worksheets/sheet{}.xml", self.index + 1)
    }

    /// Sets what stands before the rows.
    pub fn set_up(&self, book: &mut Workbook, styles: &Styles) -> Result<(), XlsxError> {
        let sheet = book.worksheet_from_index(self.index)?;
        if self.index == 0 {
            for (column, look) in (0..).zip(styles.all()) {
                // A text, so that the package has a table of shared ones to put ours in.
                sheet.write_string_with_format(LAST_ROW, column, "-", look)?;
            }
        }
        style::print_setup(sheet, self.header, styles)?;
        let pages = style::pages_wide(&self.widths, self.hidden);
        if pages > 1 {
            // Whose row it is stands on each of them.
            sheet.set_print_fit_to_pages(pages, 0).set_repeat_columns(0, 0)?;
        }
        for (column, width) in (0..).zip(&self.widths) {
            sheet.set_column_width(column, *width)?;
        }
        if let Some(column) = self.hidden {
            sheet.set_column_hidden(column)?;
        }
        Ok(())
    }

    /// Sets what stands behind the rows. `filter` is the last row, if they can be filtered.
    pub fn complete(
        &self,
        book: &mut Workbook,
        styles: &Styles,
        big: &BigSheet,
        filter: Option<u32>,
    ) -> Result<(), XlsxError> {
        let sheet = book.worksheet_from_index(self.index)?;
        // One range makes the place where `assemble` writes all of them: the
        // library would make cells for each, and those come from the rows.
        if let Some((row, first, last)) = big.merges.first() {
            sheet.merge_range(*row, *first, *row, *last, "", styles.of(style::Look::Plain))?;
        }
        for (row, column, text, target) in &big.links {
            write_link(sheet, styles, *row, *column, text, target)?;
        }
        if let (Some(last), Ok(columns)) = (filter, u16::try_from(self.widths.len())) {
            sheet.autofilter(self.header, 0, last, columns.saturating_sub(1))?;
        }
        Ok(())
    }
}

/// Properties that don't tell when a master was made.
pub(super) fn properties() -> Result<DocProperties, XlsxError> {
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    Ok(DocProperties::new().set_creation_datetime(&created))
}

/// A workbook with all large sheets set up and `others` by index and name.
pub(super) fn begin(
    frames: &[Frame],
    others: &[(usize, String)],
    styles: &Styles,
) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&properties()?);
    book.set_zip_compression_level(DEFLATE_LEVEL);
    // Numbers follow the order of first use; the samples prove that they do.
    for look in styles.all() {
        book.register_format(look);
    }
    for index in 0..frames.len() + others.len() {
        if let Some(frame) = frames.iter().find(|frame| frame.index == index) {
            book.add_worksheet().set_name(&frame.name)?;
        } else if let Some((_, name)) = others.iter().find(|(own, _)| *own == index) {
            // Texts of the small sheets stay in them: the shared table is ours.
            book.add_worksheet_with_constant_memory()?.set_name(name)?;
        }
    }
    for frame in frames {
        frame.set_up(&mut book, styles)?;
    }
    Ok(book)
}

/// What a skeleton tells before rows are written: the beginning of each large
/// sheet, up to `<sheetData>`, and the number of each style.
pub(super) fn beginnings(
    book: &mut Workbook,
    frames: &[Frame],
) -> Result<(Vec<String>, [u32; STYLES]), XlsxError> {
    let mut archive = ZipArchive::new(Cursor::new(book.save_to_buffer()?))?;
    let mut found = Vec::new();
    let mut looks = None;
    for frame in frames {
        let (head, rows, _) = sheet_xml(&mut archive, &frame.part())?;
        if frame.index == 0 {
            looks = Some(sample_styles(&rows)?);
        }
        // The used range isn't known yet, and needn't be told.
        let (before, dimension) = head.split_once("<dimension").ok_or_else(malformed)?;
        let (_, after) = dimension.split_once("/>").ok_or_else(malformed)?;
        found.push(format!("{before}{after}<sheetData>"));
    }
    Ok((found, looks.ok_or_else(malformed)?))
}

/// Bytes of a finished part that are copied at once.
const COPIED: usize = 256 << 10;

/// Ends the large sheets, saves the skeleton and puts them in.
pub(super) fn assemble(
    mut book: Workbook,
    frames: &[Frame],
    looks: &[u32; STYLES],
    bigs: Vec<BigSheet>,
    strings: Part,
    path: &Path,
) -> Result<(), XlsxError> {
    let mut skeleton = ZipArchive::new(Cursor::new(book.save_to_buffer()?))?;
    let mut parts: BTreeMap<String, ZipArchive<File>> = BTreeMap::new();
    for (frame, mut big) in frames.iter().zip(bigs) {
        let (_, rows, tail) = sheet_xml(&mut skeleton, &frame.part())?;
        if frame.index == 0 && sample_styles(&rows)? != *looks {
            return Err(malformed());
        }
        let tail = with_merges(&tail, &big)?;
        big.part.buffer().extend_from_slice(tail.as_bytes());
        parts.insert(frame.part(), big.part.finish()?);
    }
    parts.insert(super::strings::PART.to_owned(), strings.finish()?);
    let mut zip = ZipWriter::new(BufWriter::with_capacity(COPIED, File::create(path)?));
    for index in 0..skeleton.len() {
        let entry = skeleton.by_index_raw(index)?;
        let name = entry.name()?.into_owned();
        match parts.get_mut(&name) {
            // The part may not have known where it would stand when it was begun.
            Some(part) => zip.raw_copy_file_rename(part.by_index_raw(0)?, name)?,
            None => zip.raw_copy_file(entry)?,
        }
    }
    zip.finish()?.flush()?;
    Ok(())
}

/// What stands behind a sheet's rows, with all of its merged ranges.
fn with_merges(tail: &str, big: &BigSheet) -> Result<String, XlsxError> {
    if big.merges.is_empty() {
        return Ok(tail.to_owned());
    }
    let (before, rest) = tail.split_once("<mergeCells ").ok_or_else(malformed)?;
    let (_, after) = rest.split_once("</mergeCells>").ok_or_else(malformed)?;
    let mut whole = format!("{before}<mergeCells count=\"{}\">", big.merges.len());
    for (row, first, last) in &big.merges {
        let range = (Pos::new(*row, *first), Pos::new(*row, *last));
        // Writing to a text can't fail.
        let _ = write!(whole, "<mergeCell ref=\"{}:{}\"/>", range.0, range.1);
    }
    Ok(whole + "</mergeCells>" + after)
}

/// A sheet's XML before, within and behind `<sheetData>`.
fn sheet_xml(
    archive: &mut ZipArchive<Cursor<Vec<u8>>>,
    part: &str,
) -> Result<(String, String, String), XlsxError> {
    let mut xml = String::new();
    archive.by_name(part)?.read_to_string(&mut xml)?;
    if let Some((head, tail)) = xml.split_once("<sheetData/>") {
        return Ok((head.to_owned(), String::new(), format!("</sheetData>{tail}")));
    }
    let (head, rest) = xml.split_once("<sheetData>").ok_or_else(malformed)?;
    let at = rest.rfind("</sheetData>").ok_or_else(malformed)?;
    let (rows, tail) = rest.split_at(at);
    Ok((head.to_owned(), rows.to_owned(), tail.to_owned()))
}

/// The style numbers of the samples in the last row.
fn sample_styles(rows: &str) -> Result<[u32; STYLES], XlsxError> {
    let at = rows.rfind("<row ").ok_or_else(malformed)?;
    let numbers: Vec<u32> = rows[at..]
        .split(" s=\"")
        .skip(1)
        .filter_map(|rest| rest.split_once('"')?.0.parse().ok())
        .collect();
    numbers.try_into().map_err(|_| malformed())
}

/// The library wrote a workbook of another build than this module knows.
pub(super) fn malformed() -> XlsxError {
    XlsxError::IoError(io::Error::other(
        "the skeleton of the workbook is not as expected",
    ))
}
