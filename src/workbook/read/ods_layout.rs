//! What an OpenDocument spreadsheet says beside its values.

use quick_xml::events::{BytesStart, Event};

use super::failure::{ReadFailure, Reading};
use super::formats::shown_in;
use super::layout::Layout;
use super::limits::Limits;
use super::xml::{MAX_COLUMNS, MAX_ROWS, attribute, number, place, reader, text_within};
use crate::domain::table::{Pos, Range, Shown};

/// The layouts of all tables in order.
pub(super) fn layouts(content: &str, limits: &Limits) -> Reading<Vec<Layout>> {
    let mut tables: Vec<Table> = Vec::new();
    let mut events = reader(content);
    loop {
        let event = events.read_event()?;
        match &event {
            Event::Start(element) | Event::Empty(element) => match element.name().0 {
                "table:table" if attribute(element, "name").is_some() => {
                    if tables.len() == limits.sheets {
                        return Err(ReadFailure::TooLarge(format!("工作表超过{}个", limits.sheets)).into());
                    }
                    tables.push(Table::default());
                }
                "text:p" if tables.last().is_some_and(|table| table.number.is_some()) => {
                    let is_empty = matches!(event, Event::Empty(_));
                    if let Some(table) = tables.last_mut().filter(|_| !is_empty) {
                        table.take_shown(&text_within(&mut events)?);
                    }
                }
                name => {
                    if let Some(table) = tables.last_mut() {
                        table.take(name, element);
                        table.layout.check()?;
                    }
                }
            },
            Event::Eof => return Ok(tables.into_iter().map(|table| table.layout).collect()),
            _ => {}
        }
    }
}

/// The texts of all page headers and footers, in the part that holds styles.
pub(super) fn page_texts(styles: &str) -> Reading<Vec<String>> {
    let mut texts = Vec::new();
    let mut events = reader(styles);
    loop {
        match events.read_event()? {
            Event::Start(element)
                if matches!(
                    element.name().0,
                    "style:header" | "style:footer" | "style:header-left" | "style:footer-left"
                ) =>
            {
                let text = text_within(&mut events)?.trim().to_owned();
                if !text.is_empty() && !texts.contains(&text) && texts.len() < 100 {
                    texts.push(text);
                }
            }
            Event::Eof => return Ok(texts),
            _ => {}
        }
    }
}

/// A table while it is gone through: where the next row, column and cell are.
#[derive(Default)]
struct Table {
    layout: Layout,
    next_row: u32,
    next_column: u32,
    row: u32,
    cell: u32,
    /// The number of which the text is still to come.
    number: Option<Pos>,
    next_cell: u32,
}

impl Table {
    fn take(&mut self, name: &str, element: &BytesStart) {
        match name {
            "table:table-column" => {
                let end = self
                    .next_column
                    .saturating_add(repeats(element, "number-columns-repeated"));
                if is_hidden(element) {
                    let columns = self.next_column..end.min(MAX_COLUMNS);
                    self.layout
                        .hidden_columns
                        .extend(columns.filter_map(|column| u16::try_from(column).ok()));
                }
                self.next_column = end;
            }
            "table:table-row" => {
                self.row = self.next_row;
                self.next_cell = 0;
                self.next_row = self.row.saturating_add(repeats(element, "number-rows-repeated"));
                if is_hidden(element) {
                    self.layout
                        .hidden_rows
                        .extend(self.row..self.next_row.min(MAX_ROWS));
                }
            }
            "table:table-cell" | "table:covered-table-cell" => {
                self.cell = self.next_cell;
                self.next_cell = self
                    .cell
                    .saturating_add(repeats(element, "number-columns-repeated"));
                self.layout.merges.extend(self.merge(element));
                let is_number = attribute(element, "value-type")
                    .is_some_and(|kind| matches!(&*kind, "float" | "percentage"));
                self.number = place(self.row, self.cell).filter(|_| is_number);
            }
            "draw:image" => self.layout.pictures.extend(place(self.row, self.cell)),
            _ => {}
        }
    }

    /// What a cell with a number shows.
    fn take_shown(&mut self, text: &str) {
        let shown = shown_in(text);
        if let Some(pos) = self.number.take().filter(|_| shown != Shown::Plain) {
            self.layout.formats.push((pos, shown));
        }
    }

    fn merge(&self, element: &BytesStart) -> Option<Range> {
        let rows = repeats(element, "number-rows-spanned");
        let columns = repeats(element, "number-columns-spanned");
        if rows == 1 && columns == 1 {
            return None;
        }
        let last = place(
            self.row.checked_add(rows - 1)?,
            self.cell.checked_add(columns - 1)?,
        );
        Some(Range {
            first: place(self.row, self.cell)?,
            last: last?,
        })
    }
}

fn repeats(element: &BytesStart, name: &str) -> u32 {
    number(element, name).unwrap_or(1).max(1)
}

fn is_hidden(element: &BytesStart) -> bool {
    attribute(element, "visibility").is_some_and(|value| value != "visible")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_are_counted() {
        let content = r#"<office:spreadsheet><table:table table:name="一">
            <table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>
            <table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>
            <table:table-row table:visibility="filter"><table:table-cell table:number-columns-repeated="4"/>
            <table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="3"><draw:frame><draw:image/></draw:frame></table:table-cell></table:table-row>
            <table:table-row table:visibility="collapse" table:number-rows-repeated="4294967295"/>
            </table:table><table:table table:name="二"/></office:spreadsheet>"#;
        let found = layouts(content, &Limits::default()).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].hidden_columns, [2]);
        assert_eq!(found[0].hidden_rows[..2], [3, 4]);
        assert_eq!(found[0].hidden_rows.len(), 1_048_576 - 3);
        assert_eq!(
            found[0].merges,
            [Range {
                first: Pos::new(3, 4),
                last: Pos::new(5, 5)
            }]
        );
        assert_eq!(found[0].pictures, [Pos::new(3, 4)]);
        let few = Limits {
            sheets: 1,
            ..Limits::default()
        };
        assert!(layouts(content, &few).is_err());
    }

    #[test]
    fn headers_and_footers_are_read() {
        let styles = "<style:master-page><style:header><text:p>机密★<text:span>1年</text:span></text:p></style:header>\
            <style:footer><text:p/></style:footer></style:master-page>";
        assert_eq!(page_texts(styles).unwrap(), ["机密★1年"]);
    }
}
