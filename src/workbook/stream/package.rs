//! The workbook around the streamed sheets.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Cursor, Write as _};
use std::path::Path;

use rust_xlsxwriter::{Format, Url, Workbook, XlsxError};
use zip::{ZipArchive, ZipWriter};

use super::part::DEFLATE_LEVEL;
use super::sheet::Sheet;
use super::strings::{self, SharedStrings};

/// Bytes of a finished part that are copied at once.
const COPIED: usize = 256 << 10;

/// The numbers that a workbook gives its formats: 0 is the one of cells that
/// have none, the others follow in the order in which they are registered,
/// equal ones once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StyleNumbers<const N: usize>([u32; N]);

impl<const N: usize> StyleNumbers<N> {
    /// The numbers of formats that [`Package::new`] registers in this order.
    #[must_use]
    pub fn of(formats: &[Format; N]) -> Self {
        let mut known = vec![Format::default()];
        Self(std::array::from_fn(|at| {
            let format = &formats[at];
            let place = known.iter().position(|own| own == format).unwrap_or_else(|| {
                known.push(format.clone());
                known.len() - 1
            });
            u32::try_from(place).unwrap_or(0)
        }))
    }

    /// The number of the format at a place.
    #[must_use]
    pub fn at(&self, place: usize) -> u32 {
        self.0[place]
    }
}

/// A workbook whose streamed sheets are still empty.
#[expect(missing_debug_implementations, reason = "the library's workbook has none")]
pub struct Package {
    /// The library's workbook: sheets may be added and written to.
    pub book: Workbook,
    sheets: Vec<(usize, Sheet)>,
    /// One that is registered, so that what stands in empty sheets adds none.
    any: Format,
}

impl Package {
    /// A workbook that gives these formats the numbers of [`StyleNumbers`].
    #[must_use]
    pub fn new<'f>(formats: impl IntoIterator<Item = &'f Format>) -> Self {
        let (mut book, mut any) = (Workbook::new(), Format::default());
        book.set_zip_compression_level(DEFLATE_LEVEL);
        for format in formats {
            book.register_format(format);
            any = format.clone();
        }
        Self {
            book,
            sheets: Vec::new(),
            any,
        }
    }

    /// Adds a sheet behind those that are there.
    ///
    /// # Errors
    /// The name is one that a workbook doesn't take.
    pub fn add(&mut self, name: &str, sheet: Sheet) -> Result<(), XlsxError> {
        let index = self.book.worksheets().len();
        let empty = self.book.add_worksheet();
        empty.set_name(name)?;
        sheet.layout.name_ranges(empty, sheet.behind.filter)?;
        if self.sheets.is_empty() {
            // A text, so that the package has a table of shared ones to put ours in.
            empty.write_string(0, 0, "-")?;
        }
        for link in &sheet.behind.links {
            // Only its target is kept: where it stands, the sheet says itself.
            let url = Url::new(format!("file://{}", link.target));
            empty.write_url_with_options(
                link.at.row,
                link.at.column,
                &url,
                &link.text,
                "",
                Some(&self.any),
            )?;
        }
        self.sheets.push((index, sheet));
        Ok(())
    }
}

/// Writes a workbook to `path`, with the texts that its streamed sheets share.
///
/// # Errors
/// The disk is full, or the folder can't be written to.
pub fn save(mut package: Package, strings: SharedStrings, path: &Path) -> Result<(), XlsxError> {
    let mut around = ZipArchive::new(Cursor::new(package.book.save_to_buffer()?))?;
    let mut parts: BTreeMap<String, ZipArchive<File>> = BTreeMap::new();
    for (index, sheet) in package.sheets {
        parts.insert(format!("xl/worksheets/sheet{}.xml", index + 1), sheet.finish()?);
    }
    parts.insert(strings::PART.to_owned(), strings.finish()?);
    let mut zip = ZipWriter::new(BufWriter::with_capacity(COPIED, File::create(path)?));
    for index in 0..around.len() {
        let entry = around.by_index_raw(index)?;
        let name = entry.name()?.into_owned();
        match parts.remove(&name) {
            Some(mut part) => zip.raw_copy_file_rename(part.by_index_raw(0)?, name)?,
            None => zip.raw_copy_file(entry)?,
        }
    }
    if let Some(name) = parts.keys().next() {
        // A master without one of its sheets must not look like one.
        return Err(io::Error::other(format!("the workbook has no place for {name}")).into());
    }
    zip.finish()?.flush()?;
    Ok(())
}
