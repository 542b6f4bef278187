//! What stands in a sheet before and behind its rows (ECMA-376, part 1, 18.3.1).

use std::io;

use quick_xml::Writer;
use quick_xml::escape::partial_escape;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use rust_xlsxwriter::{Worksheet, XlsxError};

use super::sheet::Behind;
use crate::domain::table::{Pos, Range};

/// Margins in inches: left, right, top, bottom, header, footer.
pub const MARGINS: [f64; 6] = [0.55, 0.55, 0.75, 0.7, 0.3, 0.35];

const A4: &str = "9";

/// Width in pixels of a column that nobody has set.
const DEFAULT_WIDTH: u32 = 64;

/// How a sheet looks, its cells apart: A4 across, centred, with a header that
/// stays in sight and is printed on every page.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Widths of the columns in characters.
    pub widths: Vec<f64>,
    /// A column that isn't shown.
    pub hidden: Option<u16>,
    /// 0-based header row.
    pub header: u32,
    /// How many pages wide it is printed.
    pub pages_wide: u16,
    /// The foot of each page, in the codes of a spreadsheet program.
    pub footer: String,
}

impl Layout {
    /// Tells an empty sheet of the library what the workbook says of it
    /// elsewhere: what is printed on every page, and what is filtered.
    ///
    /// # Errors
    /// A row or column lies outside of what a sheet takes.
    pub fn name_ranges(&self, sheet: &mut Worksheet, filter: Option<Range>) -> Result<(), XlsxError> {
        sheet.set_repeat_rows(self.header, self.header)?;
        if self.pages_wide > 1 {
            // Whose row it is stands on each of them.
            sheet.set_repeat_columns(0, 0)?;
        }
        if let Some(Range { first, last }) = filter {
            sheet.autofilter(first.row, first.column, last.row, last.column)?;
        }
        Ok(())
    }

    /// Appends everything up to the first row. `first` is the sheet that a
    /// spreadsheet program shows when it opens the workbook.
    pub(super) fn head(&self, out: &mut Vec<u8>, first: bool) -> io::Result<()> {
        let mut xml = Writer::new(out);
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), Some("yes"))))?;
        xml.write_event(Event::Text(BytesText::from_escaped("\n")))?;
        let worksheet = BytesStart::new("worksheet").with_attributes([
            (
                "xmlns",
                "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            ),
            (
                "xmlns:r",
                "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
            ),
        ]);
        xml.write_event(Event::Start(worksheet))?;
        xml.create_element("sheetPr")
            .write_inner_content(|xml| empty(xml, "pageSetUpPr", &[("fitToPage", "1")]))?;
        xml.create_element("sheetViews").write_inner_content(|xml| {
            let mut view = xml.create_element("sheetView");
            if first {
                view = view.with_attribute(("tabSelected", "1"));
            }
            view.with_attribute(("workbookViewId", "0"))
                .write_inner_content(|xml| self.pane(xml))
                .map(|_| ())
        })?;
        empty(&mut xml, "sheetFormatPr", &[("defaultRowHeight", "15")])?;
        xml.create_element("cols")
            .write_inner_content(|xml| self.columns(xml))?;
        xml.write_event(Event::Start(BytesStart::new("sheetData")))
    }

    /// Rows above the first that scrolls.
    fn pane(&self, xml: &mut Writer<&mut Vec<u8>>) -> io::Result<()> {
        let frozen = self.header + 1;
        let (rows, corner) = (frozen.to_string(), Pos::new(frozen, 0).to_string());
        let pane = [
            ("ySplit", rows.as_str()),
            ("topLeftCell", &corner),
            ("activePane", "bottomLeft"),
            ("state", "frozen"),
        ];
        empty(xml, "pane", &pane)?;
        empty(xml, "selection", &[("pane", "bottomLeft")])
    }

    /// Neighbours of one width share an element.
    fn columns(&self, xml: &mut Writer<&mut Vec<u8>>) -> io::Result<()> {
        let columns: Vec<(u32, bool)> = (0_u16..)
            .zip(&self.widths)
            .map(|(column, width)| (pixels(*width), self.hidden == Some(column)))
            .collect();
        let mut from = 0;
        for run in columns.chunk_by(PartialEq::eq) {
            let (pixels, hidden) = run[0];
            let (min, max) = ((from + 1).to_string(), (from + run.len()).to_string());
            from += run.len();
            let width = (f64::from(pixels * 256 / 7) / 256.0).to_string();
            let mut column = xml.create_element("col").with_attributes([
                ("min", min.as_str()),
                ("max", &max),
                ("width", &width),
            ]);
            if hidden {
                column = column.with_attribute(("hidden", "1"));
            }
            if hidden || pixels != DEFAULT_WIDTH {
                column = column.with_attribute(("customWidth", "1"));
            }
            column.write_empty()?;
        }
        Ok(())
    }

    /// Appends everything behind the last row.
    pub(super) fn tail(&self, out: &mut Vec<u8>, behind: &Behind) -> io::Result<()> {
        let mut xml = Writer::new(out);
        xml.write_event(Event::End(BytesEnd::new("sheetData")))?;
        if let Some(range) = behind.filter {
            empty(&mut xml, "autoFilter", &[("ref", &told(range))])?;
        }
        if !behind.merges.is_empty() {
            let count = behind.merges.len().to_string();
            xml.create_element("mergeCells")
                .with_attribute(("count", count.as_str()))
                .write_inner_content(|xml| {
                    behind
                        .merges
                        .iter()
                        .try_for_each(|range| empty(xml, "mergeCell", &[("ref", &told(*range))]))
                })?;
        }
        if !behind.links.is_empty() {
            xml.create_element("hyperlinks").write_inner_content(|xml| {
                // The library numbers the targets in the order of the cells.
                (1_u32..).zip(&behind.links).try_for_each(|(number, link)| {
                    let id = format!("rId{number}");
                    empty(xml, "hyperlink", &[("ref", &link.at.to_string()), ("r:id", &id)])
                })
            })?;
        }
        self.page(&mut xml)?;
        xml.write_event(Event::End(BytesEnd::new("worksheet")))
    }

    fn page(&self, xml: &mut Writer<&mut Vec<u8>>) -> io::Result<()> {
        empty(xml, "printOptions", &[("horizontalCentered", "1")])?;
        let names = ["left", "right", "top", "bottom", "header", "footer"];
        let margins = MARGINS.map(|inches| inches.to_string());
        let margins = names.into_iter().zip(margins.iter().map(String::as_str));
        empty(xml, "pageMargins", &margins.collect::<Vec<_>>())?;
        let mut setup = xml.create_element("pageSetup").with_attribute(("paperSize", A4));
        let wide = self.pages_wide.to_string();
        if self.pages_wide > 1 {
            setup = setup.with_attribute(("fitToWidth", wide.as_str()));
        }
        setup
            .with_attributes([
                ("fitToHeight", "0"),
                ("orientation", "landscape"),
                ("useFirstPageNumber", "1"),
                ("horizontalDpi", "200"),
                ("verticalDpi", "200"),
            ])
            .write_empty()?;
        xml.create_element("headerFooter").write_inner_content(|xml| {
            xml.create_element("oddFooter")
                .write_text_content(BytesText::from_escaped(partial_escape(self.footer.as_str())))
                .map(|_| ())
        })?;
        Ok(())
    }
}

/// An element without content.
fn empty(xml: &mut Writer<&mut Vec<u8>>, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
    xml.create_element(name)
        .with_attributes(attributes.iter().copied())
        .write_empty()
        .map(|_| ())
}

fn told(range: Range) -> String {
    format!("{}:{}", range.first, range.last)
}

/// A width in characters as pixels at 96 dpi: seven a character, five around them.
fn pixels(characters: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a width lies between 0 and 255 characters"
    )]
    let pixels = (characters * 7.0 + 0.5) as u32;
    pixels + 5
}
