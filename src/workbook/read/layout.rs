//! What a sheet of Office Open XML says beside its values: what is hidden,
//! merged, printed at the edge of the page, and where pictures lie.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::failure::{ReadFailure, Reading};
use super::page_text;
use super::xml::{
    MAX_COLUMNS, MAX_ROWS, attribute, is_set, number, place, position, range, reader, text_within,
};
use crate::domain::table::{Pos, Range, Sheet, Shown};

/// More merged ranges or pictures than any ledger has; looking them up would take too long.
const MOST_MARKS: usize = 20_000;

/// The layout of one sheet.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub hidden_rows: Vec<u32>,
    pub hidden_columns: Vec<u16>,
    pub merges: Vec<Range>,
    pub pictures: Vec<Pos>,
    pub page_texts: Vec<String>,
    /// The relationship that leads to the sheet's drawing.
    pub drawing: Option<String>,
    /// How numbers are shown, where the format says so cell by cell.
    pub formats: Vec<(Pos, Shown)>,
}

impl Layout {
    /// Reads a worksheet's XML. Rows are looked at only if the word "hidden"
    /// occurs among them or `cells_have_metadata`, which pictures placed in a
    /// cell need: rows are nearly all of the text.
    pub(super) fn read(xml: &str, cells_have_metadata: bool) -> Reading<Self> {
        let mut layout = Self::default();
        let mut events = reader(xml);
        let mut row = 0_u32;
        loop {
            match events.read_event()? {
                Event::Start(element) => match element.local_name().as_ref() {
                    "sheetData" => {
                        let after = end_of_plain_rows(xml, &events, &element);
                        if let Some(after) = after.filter(|_| !cells_have_metadata) {
                            events = reader(after);
                        }
                    }
                    "row" => row = layout.take_row(&element, row),
                    "c" => layout.take_cell(&element),
                    "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" | "firstHeader"
                    | "firstFooter" => {
                        layout
                            .page_texts
                            .extend(page_text::sections(&text_within(&mut events)?));
                    }
                    _ => layout.take_mark(&element),
                },
                Event::Empty(element) => match element.local_name().as_ref() {
                    "row" => row = layout.take_row(&element, row),
                    _ => layout.take_mark(&element),
                },
                Event::Eof => break,
                _ => {}
            }
            layout.check()?;
        }
        layout.page_texts.dedup();
        Ok(layout)
    }

    /// Refuses more merged ranges or pictures than anybody needs.
    pub(super) fn check(&self) -> Result<(), ReadFailure> {
        if self.merges.len() > MOST_MARKS || self.pictures.len() > MOST_MARKS {
            return Err(ReadFailure::TooLarge("合并单元格或图片过多".into()));
        }
        Ok(())
    }

    /// Puts the layout into a sheet. What is hidden beyond the last value hides
    /// nothing; people hide the whole rest of a sheet.
    pub(super) fn apply(self, sheet: &mut Sheet) {
        let last_row = sheet.rows.last().map(|row| row.index);
        let last_column = sheet
            .rows
            .iter()
            .filter_map(|row| row.cells.last())
            .map(|cell| cell.column)
            .max();
        sheet.hidden_rows = self.hidden_rows;
        sheet.hidden_rows.retain(|&row| Some(row) <= last_row);
        sheet.hidden_columns = self.hidden_columns;
        sheet.hidden_columns.retain(|&column| Some(column) <= last_column);
        sheet.merges = self.merges;
        sheet.pictures.extend(self.pictures);
        sheet.pictures.sort_unstable();
        sheet.pictures.dedup();
    }

    /// Takes a row that follows after `after` rows; gives the number of rows up to it.
    fn take_row(&mut self, element: &BytesStart, after: u32) -> u32 {
        let row = number::<u32>(element, "r")
            .and_then(|row| row.checked_sub(1))
            .unwrap_or(after);
        if row < MAX_ROWS && is_set(element, "hidden") {
            self.hidden_rows.push(row);
        }
        row.saturating_add(1)
    }

    /// A cell that Excel shows as a picture has an error for its value and a mark that leads to the picture.
    fn take_cell(&mut self, element: &BytesStart) {
        if attribute(element, "vm").is_some() && attribute(element, "t").is_some_and(|kind| kind == "e") {
            self.pictures
                .extend(attribute(element, "r").and_then(|reference| position(&reference)));
        }
    }

    fn take_mark(&mut self, element: &BytesStart) {
        match element.local_name().as_ref() {
            "mergeCell" => self
                .merges
                .extend(attribute(element, "ref").and_then(|reference| range(&reference))),
            "col" if is_set(element, "hidden") => {
                let first = number::<u32>(element, "min").unwrap_or(1).max(1);
                let last = number::<u32>(element, "max").unwrap_or(first).min(MAX_COLUMNS);
                self.hidden_columns
                    .extend((first..=last).filter_map(|column| u16::try_from(column - 1).ok()));
                self.hidden_columns.truncate(MAX_COLUMNS as usize);
            }
            "drawing" => self.drawing = attribute(element, "id").map(Into::into),
            _ => {}
        }
    }
}

/// The text after the rows, if no row is hidden.
fn end_of_plain_rows<'x>(xml: &'x str, events: &Reader<&[u8]>, element: &BytesStart) -> Option<&'x str> {
    let start = usize::try_from(events.buffer_position()).ok()?;
    let end = xml.rfind(&format!("</{}>", element.name().0))?;
    let rows = xml.get(start..end)?;
    (!rows.contains("hidden")).then(|| &xml[end..])
}

/// Positions of the pictures in a drawing: the cell under each one's top left corner.
pub(super) fn pictures(drawing: &str) -> Reading<Vec<Pos>> {
    let mut found = Vec::new();
    let mut events = reader(drawing);
    let (mut at, mut is_picture) = ((None, None), false);
    let mut in_from = false;
    loop {
        match events.read_event()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "twoCellAnchor" | "oneCellAnchor" => (at, is_picture) = ((None, None), false),
                "from" => in_from = true,
                "col" if in_from => at.1 = text_within(&mut events)?.trim().parse().ok(),
                "row" if in_from => at.0 = text_within(&mut events)?.trim().parse().ok(),
                "pic" => is_picture = true,
                _ => {}
            },
            Event::End(element) => match element.local_name().as_ref() {
                "from" => in_from = false,
                "twoCellAnchor" | "oneCellAnchor" if is_picture && found.len() < MOST_MARKS => {
                    found.extend(at.0.zip(at.1).and_then(|(row, column)| place(row, column)));
                }
                _ => {}
            },
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHEET: &str = r#"<?xml version="1.0"?><x:worksheet xmlns:x="m" xmlns:r="r"><x:sheetFormatPr/>
        <x:cols><x:col min="2" max="3" hidden="1"/><x:col min="5" max="5" width="9"/></x:cols>
        <x:sheetData><x:row r="1"/><x:row r="3" ATTR><x:c r="B3" t="s"><x:v>0</x:v></x:c></x:row><x:row/></x:sheetData>
        <x:mergeCells count="1"><x:mergeCell ref="A1:C2"/></x:mergeCells>
        <x:headerFooter><x:oddHeader>&amp;C机密★1年</x:oddHeader></x:headerFooter><x:drawing r:id="rId7"/></x:worksheet>"#;

    #[test]
    fn what_is_hidden_merged_and_printed_is_seen_with_any_prefix() {
        for (attributes, hidden) in [
            ("", vec![]),
            (r#"hidden="1""#, vec![2]),
            (r#"hidden="true""#, vec![2]),
            (r#"hidden="0""#, vec![]),
        ] {
            let layout = Layout::read(&SHEET.replace("ATTR", attributes), false).unwrap();
            assert_eq!(layout.hidden_rows, hidden, "{attributes}");
            assert_eq!(layout.hidden_columns, [1, 2]);
            assert_eq!(layout.merges, [range("A1:C2").unwrap()]);
            assert_eq!(layout.page_texts, ["机密★1年"]);
            assert_eq!(layout.drawing.as_deref(), Some("rId7"));
        }
    }

    #[test]
    fn pictures_in_cells_are_seen() {
        let sheet = r#"<worksheet><sheetData><row><c r="D9" t="e" vm="1"><v>#VALUE!</v></c></row></sheetData></worksheet>"#;
        assert_eq!(Layout::read(sheet, true).unwrap().pictures, [Pos::new(8, 3)]);
    }

    #[test]
    fn only_pictures_in_drawings_count() {
        let anchor = |what: &str| {
            format!(
                "<d:twoCellAnchor><d:from><d:col>2</d:col><d:colOff>0</d:colOff><d:row>4</d:row></d:from><d:to><d:col>9</d:col><d:row>9</d:row></d:to><d:{what}/></d:twoCellAnchor>"
            )
        };
        let drawing = format!(
            "<d:wsDr>{}{}</d:wsDr>",
            anchor("sp"),
            anchor("pic").replace("<d:pic/>", "<d:pic></d:pic>")
        );
        assert_eq!(pictures(&drawing).unwrap(), [Pos::new(4, 2)]);
    }

    #[test]
    fn endless_marks_are_refused() {
        let merges = r#"<mergeCell ref="A1:B1"/>"#.repeat(MOST_MARKS + 1);
        assert!(Layout::read(&merges, false).is_err());
    }
}
