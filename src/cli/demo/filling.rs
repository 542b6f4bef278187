//! Types into the empty cells of a workbook of ours, as a clerk does; the rest
//! stays as it was laid.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};

use anyhow::{Context as _, anyhow};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::domain::table::Pos;
use crate::workbook::read::read_written;

/// The header of the column by which rows are known.
const NUMBER: &str = "序号";

/// The sheet of a form or marked-up copy that holds the table.
pub struct Table {
    bytes: Vec<u8>,
    /// Part of the archive.
    part: String,
    /// Texts by row and column, both 0-based.
    texts: BTreeMap<(u32, u16), String>,
    /// Where the header begins.
    head: (u32, u16),
}

impl Table {
    /// The table of a workbook.
    ///
    /// # Errors
    /// It is none of ours.
    pub fn of(bytes: Vec<u8>) -> anyhow::Result<Self> {
        let book = read_written(&bytes).map_err(|failure| anyhow!("{failure:?}"))?;
        // A copy begins with a list of what is wrong.
        for (index, sheet) in book.sheets.iter().enumerate().rev() {
            let cells = sheet.rows.iter().flat_map(|row| {
                let at = row.index;
                row.cells
                    .iter()
                    .map(move |cell| ((at, cell.column), cell.value.display().into()))
            });
            let texts: BTreeMap<(u32, u16), String> = cells.collect();
            let head = texts.iter().find(|(_, text)| *text == NUMBER).map(|(at, _)| *at);
            if let Some(head) = head {
                let part = format!("xl/worksheets/sheet{}.xml", index + 1);
                return Ok(Self {
                    bytes,
                    part,
                    texts,
                    head,
                });
            }
        }
        Err(anyhow!("没有“{NUMBER}”这一列"))
    }

    /// Where a row's cell stands under a header.
    fn cell(&self, number: &str, header: &str) -> Option<(u32, u16)> {
        let found = |own: &&(u32, u16)| self.texts[*own] == number;
        let below = (self.head.0 + 1, 0)..;
        let row = self
            .texts
            .range(below)
            .map(|(at, _)| at)
            .filter(|at| at.1 == self.head.1)
            .find(found)?
            .0;
        let heads = self.texts.range((self.head.0, 0)..(self.head.0 + 1, 0));
        let (at, _) = heads.into_iter().find(|(_, text)| *text == header)?;
        Some((row, at.1))
    }

    /// What stands in a row under a header.
    pub fn text(&self, number: &str, header: &str) -> &str {
        let at = self.cell(number, header);
        at.and_then(|at| self.texts.get(&at)).map_or("", String::as_str)
    }

    /// The workbook with texts in rows (number, header, text) and beside labels (label, text).
    ///
    /// # Errors
    /// There is no such empty cell.
    pub fn filled(&self, rows: &[(&str, &str, &str)], beside: &[(&str, &str)]) -> anyhow::Result<Vec<u8>> {
        let mut typed: Vec<((u32, u16), &str)> = Vec::new();
        for (number, header, text) in rows {
            let at = self.cell(number, header);
            typed.push((at.with_context(|| format!("没有第{number}项的“{header}”"))?, text));
        }
        for (label, text) in beside {
            let found = self.texts.iter().find(|(_, own)| own.starts_with(label));
            let ((row, column), _) = found.with_context(|| format!("没有“{label}”"))?;
            typed.push(((*row, column + 1), text));
        }
        let mut source = ZipArchive::new(Cursor::new(&self.bytes))?;
        let mut target = ZipWriter::new(Cursor::new(Vec::new()));
        for index in 0..source.len() {
            let part = source.by_index_raw(index)?;
            if part.name()? != self.part {
                target.raw_copy_file(part)?;
                continue;
            }
            drop(part);
            let mut xml = String::new();
            source.by_index(index)?.read_to_string(&mut xml)?;
            for (at, text) in &typed {
                let cell = Pos::new(at.0, at.1);
                xml = with_text(&xml, &cell.to_string(), text).with_context(|| format!("{cell} 不是空的"))?;
            }
            target.start_file(self.part.as_str(), SimpleFileOptions::default())?;
            target.write_all(xml.as_bytes())?;
        }
        Ok(target.finish()?.into_inner())
    }
}

/// A sheet's XML with a text in a cell that was empty.
fn with_text(xml: &str, cell: &str, text: &str) -> Option<String> {
    let (before, after) = xml.split_once(&format!("<c r=\"{cell}\""))?;
    let (style, rest) = after.split_once("/>").filter(|(style, _)| !style.contains('>'))?;
    let text = quick_xml::escape::escape(text);
    Some(format!(
        "{before}<c r=\"{cell}\"{style} t=\"inlineStr\"><is><t>{text}</t></is></c>{rest}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_empty_cell_takes_a_text() {
        let xml = r#"<row><c r="A1" s="2"/><c r="B1"><v>1</v></c><c r="C1"/></row>"#;
        let typed = with_text(xml, "A1", "甲<乙").unwrap();
        assert!(
            typed.starts_with(r#"<row><c r="A1" s="2" t="inlineStr"><is><t>甲&lt;乙</t></is></c><c r="B1">"#)
        );
        assert_eq!(
            (with_text(xml, "B1", "丙"), with_text(xml, "D1", "丙")),
            (None, None)
        );
    }
}
