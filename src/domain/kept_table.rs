//! A table's file with all that people wrote in it: what isn't changed is
//! written again letter by letter.

use super::source_table::SourceTable;
use super::text::tidy;

/// A table as it lies in its file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptTable {
    /// What stands above the header: a title, blank lines.
    above: String,
    header: KeptRow,
    rows: Vec<KeptRow>,
    /// What stands below the last row.
    below: String,
    /// How lines end.
    ending: &'static str,
}

/// A row, with its line in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptRow {
    /// 1-based line.
    pub line: usize,
    /// Its cells, without blanks around them.
    pub cells: Vec<String>,
    /// Lines before it without anything in them, as they stand there.
    before: String,
    /// As it stands there, with its line's end.
    raw: String,
}

/// A row of the table as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextRow {
    /// The line by which messages call it.
    pub line: usize,
    /// Which row of the table as it was, by place; none for a new one.
    pub from: Option<usize>,
    /// Its cells.
    pub cells: Vec<String>,
}

impl KeptTable {
    /// Takes CSV text apart, a byte order mark or not.
    ///
    /// # Errors
    /// The first line that is no CSV, in words.
    pub fn of_csv(text: &str) -> Result<Self, String> {
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut records = reader.records();
        let mut own = Self {
            ending: if text.contains("\r\n") { "\r\n" } else { "\n" },
            ..Self::default()
        };
        let (mut line, mut blank) = (1, String::new());
        for piece in Pieces(text) {
            let (at, breaks) = (line, breaks(piece));
            line += breaks;
            blank.push_str(piece);
            if piece.trim_end_matches(['\r', '\n']).is_empty() {
                continue;
            }
            let record = match records.next() {
                Some(Ok(record)) => record,
                Some(Err(error)) => return Err(error.to_string()),
                None => return Err(format!("第{at}行的引号不成对")),
            };
            let cells: Vec<String> = record.iter().map(tidy).collect();
            let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
            if filled == 0 || own.header.cells.is_empty() && filled < 2 {
                continue;
            }
            let row = KeptRow {
                line: at,
                cells,
                before: String::new(),
                raw: piece.to_owned(),
            };
            blank.truncate(blank.len() - piece.len());
            let before = std::mem::take(&mut blank);
            if own.header.cells.is_empty() {
                (own.above, own.header) = (before, row);
            } else {
                own.rows.push(KeptRow { before, ..row });
            }
        }
        own.below = blank;
        if own.header.cells.is_empty() {
            own.above = std::mem::take(&mut own.below);
        }
        Ok(own)
    }

    /// Takes the cells of a workbook's table, which are all that is kept of it.
    #[must_use]
    pub fn of_source(table: &SourceTable) -> Self {
        let row = |(line, cells): &(usize, Vec<String>)| KeptRow {
            line: *line,
            cells: cells.clone(),
            ..KeptRow::default()
        };
        Self {
            header: KeptRow {
                cells: table.header.clone(),
                ..KeptRow::default()
            },
            rows: table.rows.iter().map(row).collect(),
            ending: "\r\n",
            ..Self::default()
        }
    }

    /// The header's cells.
    #[must_use]
    pub fn header(&self) -> &[String] {
        &self.header.cells
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &[KeptRow] {
        &self.rows
    }

    /// The table as CSV, as it is to be: rows that stay the same letter by
    /// letter, with a byte order mark, so that spreadsheets open it.
    #[must_use]
    pub fn csv(&self, header: &[String], rows: &[NextRow]) -> String {
        let mut text = format!("\u{feff}{}", self.above);
        if !header.is_empty() {
            self.add(&mut text, &self.header, header);
        }
        for row in rows {
            match row.from.and_then(|from| self.rows.get(from)) {
                Some(own) => self.add(&mut text, own, &row.cells),
                None => self.write(&mut text, &row.cells),
            }
        }
        text.push_str(&self.below);
        text
    }

    /// Adds a row that was there before.
    fn add(&self, text: &mut String, own: &KeptRow, cells: &[String]) {
        // Empty cells at the end say nothing.
        let alike = |left: &[String], right: &[String]| {
            let most = left.len().max(right.len());
            (0..most).all(|at| {
                let cell = |row: &[String]| row.get(at).map_or("", String::as_str).to_owned();
                cell(left) == cell(right)
            })
        };
        text.push_str(&own.before);
        if own.raw.is_empty() || !alike(&own.cells, cells) {
            self.write(text, cells);
            return;
        }
        text.push_str(&own.raw);
        if !own.raw.ends_with(['\r', '\n']) {
            text.push_str(self.ending);
        }
    }

    fn write(&self, text: &mut String, cells: &[String]) {
        let quoted = |cell: &String| {
            if cell.contains([',', '"', '\r', '\n']) || cell.starts_with('#') {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell.clone()
            }
        };
        let cells: Vec<String> = cells.iter().map(quoted).collect();
        text.push_str(&cells.join(","));
        text.push_str(self.ending);
    }
}

/// The lines of a CSV text with their ends, one that is continued within quotes as one.
struct Pieces<'t>(&'t str);

impl<'t> Iterator for Pieces<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        if self.0.is_empty() {
            return None;
        }
        let bytes = self.0.as_bytes();
        let (mut at, mut within) = (0, Within::Beginning);
        while let Some(byte) = bytes.get(at) {
            at += 1;
            within = match (within, byte) {
                (Within::Quotes, b'"') => Within::Ended,
                // A doubled quote leaves and comes back.
                (Within::Quotes, _) | (Within::Beginning | Within::Ended, b'"') => Within::Quotes,
                (_, b',') => Within::Beginning,
                (_, b'\r') if bytes.get(at) == Some(&b'\n') => within,
                (_, b'\r' | b'\n') => break,
                _ => Within::Cell,
            };
        }
        let (piece, rest) = self.0.split_at(at);
        self.0 = rest;
        Some(piece)
    }
}

/// Where in a line a sign stands.
#[derive(Clone, Copy)]
enum Within {
    /// A cell begins.
    Beginning,
    Cell,
    Quotes,
    /// Behind a quote that may end the quotes.
    Ended,
}

/// How many lines a piece goes on.
fn breaks(piece: &str) -> usize {
    let bytes = piece.as_bytes();
    let ends = |at: &usize| match bytes[*at] {
        b'\n' => true,
        b'\r' => bytes.get(at + 1) != Some(&b'\n'),
        _ => false,
    };
    (0..bytes.len()).filter(ends).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(table: &KeptTable) -> Vec<NextRow> {
        let rows = table.rows.iter().enumerate();
        rows.map(|(at, row)| NextRow {
            line: row.line,
            from: Some(at),
            cells: row.cells.clone(),
        })
        .collect()
    }

    #[test]
    fn what_is_not_changed_stays_letter_by_letter() {
        for text in [
            "编号,名称\r\nU01,甲办\r\nU02,乙办\r\n",
            "填报单位名册\n\n编号,名称,\"自己的\"\n U01 ,\"甲\n办\",\"他说\"\"好\"\"\"\n,,\n\nU02,乙办,x\n\n",
            "编号,名称\nU01,甲\"\"办\"\nU02,\"乙,办\"",
            "编号,名称\rU01,甲办\r",
            "\n\n编号,名称\n",
            "",
        ] {
            let table = KeptTable::of_csv(text).unwrap();
            let ended = text.is_empty() || text.ends_with(['\r', '\n']);
            let whole = if ended {
                text.to_owned()
            } else {
                format!("{text}\n")
            };
            assert_eq!(
                table.csv(table.header(), &same(&table)),
                format!("\u{feff}{whole}")
            );
            // Rows and lines are those that definitions are read by.
            let read = SourceTable::from_csv(text).unwrap();
            let own: Vec<(usize, Vec<String>)> = table
                .rows
                .iter()
                .map(|row| (row.line, row.cells.clone()))
                .collect();
            assert_eq!((table.header(), own), (&read.header[..], read.rows), "{text:?}");
        }
    }

    #[test]
    fn a_title_stays_where_columns_are_added() {
        let table = KeptTable::of_csv("名册（2024年）\n编号,名称\n,,\nU01,甲办\n以下空白\n").unwrap();
        let mut rows = same(&table);
        assert_eq!(rows.len(), 2, "a line with one cell below the header is a row");
        rows.truncate(1);
        rows[0].cells.push("x".into());
        let header = ["编号", "名称", "备注"].map(String::from);
        assert_eq!(
            table.csv(&header, &rows),
            "\u{feff}名册（2024年）\n编号,名称,备注\n,,\nU01,甲办,x\n"
        );
    }

    #[test]
    fn a_row_that_changes_is_written_anew_and_its_neighbours_are_not() {
        let table = KeptTable::of_csv("编号,名称,备注\nU01, 甲办 ,\"x\"\n\nU02,乙办,y\nU03,丙办,z").unwrap();
        let mut rows = same(&table);
        rows[1].cells[1] = "乙,办".into();
        rows.swap(0, 2);
        rows.push(NextRow {
            line: 9,
            from: None,
            cells: vec!["U04".into(), "丁\"办".into()],
        });
        assert_eq!(
            table.csv(table.header(), &rows),
            "\u{feff}编号,名称,备注\nU03,丙办,z\n\nU02,\"乙,办\",y\nU01, 甲办 ,\"x\"\nU04,\"丁\"\"办\"\n"
        );
        assert!(KeptTable::of_csv("编号,名称\n\"U01,甲办\nU02,乙办\n").is_ok());
    }
}
