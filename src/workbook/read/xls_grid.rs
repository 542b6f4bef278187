//! What stretches the grid of a sheet of Excel 97 to 2003. calamine makes one
//! grid of all cells, and room for as many as the sheet claims to have: a blank
//! typed into its last cell, or a look given to all of them, would make sixteen
//! million.

use std::io::{Cursor, Read, Seek, SeekFrom, Write};

use encoding_rs::UTF_16LE;

use super::failure::Reading;
use super::xls_pages::{BOF, Record, number, records, stream_name, unicode};

/// Records by their numbers in MS-XLS 2.3.
const CONTINUE: u16 = 0x003C;
const SST: u16 = 0x00FC;
/// The rows and columns that a sheet claims to use.
const DIMENSIONS: u16 = 0x0200;
const LABEL: u16 = 0x0204;
const LABEL_SST: u16 = 0x00FD;
/// A cell that holds nothing; whatever follows its place is passed over.
const BLANK: u16 = 0x0201;
/// Those that fill a cell.
const FILLED: [u16; 8] = [LABEL, LABEL_SST, 0x0203, 0x0205, 0x0006, 0x027E, 0x00BD, 0x00D6];

/// Cells from which on a grid is worth a look at what stretches it.
const LARGE: u64 = 200_000;

/// Where in the stream the records begin that stretch a large grid and say
/// nothing: cells that hold only blanks, and what a sheet claims to use.
pub(super) fn stretching(stream: &[u8]) -> Vec<u64> {
    if !has_large_grid(stream) {
        return Vec::new();
    }
    let blanks = blank_texts(stream);
    let stretches = |record: &Record<'_>| match record.kind {
        DIMENSIONS => true,
        LABEL_SST => number(record.data, 6)
            .zip(number(record.data, 8))
            .is_some_and(|(low, high)| blanks.get(usize::from(low) | usize::from(high) << 16) == Some(&true)),
        LABEL => (record.data.get(6..).and_then(unicode)).is_some_and(|(text, _)| is_blank(&text)),
        _ => false,
    };
    records(stream)
        .filter(stretches)
        .map(|record| record.at)
        .collect()
}

/// The file with these records of its stream made into empty cells.
pub(super) fn emptied(mut file: impl Read + Seek, cells: &[u64]) -> Reading<Cursor<Vec<u8>>> {
    file.seek(SeekFrom::Start(0))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    let mut whole = Cursor::new(bytes);
    let mut streams = cfb::CompoundFile::open(&mut whole)?;
    if let Some(name) = stream_name(&streams) {
        let mut stream = streams.open_stream(name)?;
        for at in cells {
            stream.seek(SeekFrom::Start(*at))?;
            stream.write_all(&BLANK.to_le_bytes())?;
        }
        stream.flush()?;
    }
    drop(streams);
    whole.seek(SeekFrom::Start(0))?;
    Ok(whole)
}

/// Whether the cells of a sheet span a large grid, or it claims so.
fn has_large_grid(stream: &[u8]) -> bool {
    let (mut rows, mut columns) = (0, 0);
    records(stream).any(|record| {
        let at = |place: usize| number(record.data, place).map_or(0, u64::from);
        match record.kind {
            BOF => (rows, columns) = (0, 0),
            // A row took two bytes in older versions.
            DIMENSIONS if record.data.len() == 10 => (rows, columns) = (rows.max(at(2)), columns.max(at(6))),
            DIMENSIONS => {
                let last_row = at(4) | at(6) << 16;
                (rows, columns) = (rows.max(last_row), columns.max(at(10)));
            }
            kind if FILLED.contains(&kind) => {
                (rows, columns) = (rows.max(at(0) + 1), columns.max(at(2) + 1));
            }
            _ => {}
        }
        rows * columns > LARGE
    })
}

/// For each of the shared texts whether it is nothing but blanks.
fn blank_texts(stream: &[u8]) -> Vec<bool> {
    let mut parts = records(stream).skip_while(|record| record.kind != SST);
    let Some(first) = parts.next() else {
        return Vec::new();
    };
    // How many there are altogether, and how many of them differ, stand before them.
    let mut data = vec![first.data.get(8..).unwrap_or_default()];
    data.extend(
        parts
            .take_while(|record| record.kind == CONTINUE)
            .map(|record| record.data),
    );
    let mut texts = Texts { data, part: 0, at: 0 };
    std::iter::from_fn(|| texts.next_is_blank()).collect()
}

fn is_blank(text: &str) -> bool {
    text.chars().all(char::is_whitespace)
}

/// The shared texts, which go on from record to record.
struct Texts<'a> {
    data: Vec<&'a [u8]>,
    part: usize,
    at: usize,
}

impl Texts<'_> {
    /// One text and what it carries behind it, as MS-XLS 2.5.293 lays it out.
    fn next_is_blank(&mut self) -> Option<bool> {
        let count = usize::from(self.word()?);
        let flags = self.byte()?;
        let runs = if flags & 0x08 == 0 {
            0
        } else {
            usize::from(self.word()?)
        };
        let extended = if flags & 0x04 == 0 {
            0
        } else {
            usize::from(self.word()?) | usize::from(self.word()?) << 16
        };
        let blank = self.is_blank(count, flags & 1 == 1)?;
        self.pass_over(runs * 4 + extended)?;
        Some(blank)
    }

    /// Reads characters. Where they go on in the next record, it says anew
    /// whether they take one byte or two.
    fn is_blank(&mut self, mut count: usize, mut wide: bool) -> Option<bool> {
        let mut blank = true;
        while count > 0 {
            let mut rest = self.rest();
            if rest.is_empty() {
                self.part += 1;
                self.at = 0;
                wide = self.byte()? & 1 == 1;
                rest = self.rest();
                if rest.is_empty() {
                    return None;
                }
            }
            let size = if wide { 2 } else { 1 };
            let here = count.min(rest.len() / size);
            if here == 0 {
                return None;
            }
            let stored = &rest[..here * size];
            blank = blank
                && if wide {
                    is_blank(&UTF_16LE.decode_without_bom_handling(stored).0)
                } else {
                    stored.iter().all(|byte| char::from(*byte).is_whitespace())
                };
            self.at += here * size;
            count -= here;
        }
        Some(blank)
    }

    fn rest(&self) -> &[u8] {
        self.data
            .get(self.part)
            .and_then(|data| data.get(self.at..))
            .unwrap_or_default()
    }

    fn byte(&mut self) -> Option<u8> {
        while self.rest().is_empty() {
            self.data.get(self.part)?;
            self.part += 1;
            self.at = 0;
        }
        let byte = self.rest().first().copied();
        self.at += 1;
        byte
    }

    fn word(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.byte()?, self.byte()?]))
    }

    fn pass_over(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            let here = self.rest().len().min(bytes);
            self.at += here;
            bytes -= here;
            if bytes > 0 {
                self.data.get(self.part)?;
                self.part += 1;
                self.at = 0;
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::limits::Limits;
    use super::super::xls;
    use super::*;
    use crate::domain::table::Value;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap();
        [&kind.to_le_bytes(), &length.to_le_bytes(), data].concat()
    }

    fn numbers(numbers: &[u16]) -> Vec<u8> {
        numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
    }

    fn wide(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    /// Five shared texts: one that goes on in the next record, blanks of one
    /// byte and of two, one with runs and phonetics behind it, one with none.
    fn shared() -> Vec<u8> {
        let begun = [&numbers(&[7, 0, 5, 0, 4])[..], &[1], &wide("边板")].concat();
        let more = [
            &[1][..],
            &wide("村。"),
            &[2, 0, 0, b' ', b'\t'],
            &[1, 0, 1],
            &wide("\u{3000}"),
            &[1, 0, 0x0c, 1, 0, 3, 0, 0, 0, b' ', 9, 9, 9, 9, 8, 8, 8],
            &[1, 0, 0, b'x'],
        ]
        .concat();
        [record(SST, &begun), record(CONTINUE, &more)].concat()
    }

    fn label(row: u16, column: u16, text: u16) -> Vec<u8> {
        record(LABEL_SST, &numbers(&[row, column, 0, text, 0]))
    }

    fn book(cells: &[Vec<u8>]) -> Cursor<Vec<u8>> {
        let bof = |kind: u16| record(BOF, &numbers(&[0x0600, kind, 0, 0, 0, 0, 0, 0]));
        let shared = shared();
        let end = record(0x000A, &[]);
        let name = [&[0, 0, 2, 1][..], &wide("台账")].concat();
        let before = bof(5).len() + 4 + 4 + name.len() + shared.len() + end.len();
        let at = u32::try_from(before).unwrap().to_le_bytes();
        let sheet = record(0x0085, &[&at[..], &name].concat());
        let claims = record(DIMENSIONS, &numbers(&[0, 0, u16::MAX, 0, 0, 256, 0]));
        let stream = [
            bof(5),
            sheet,
            shared,
            end.clone(),
            bof(16),
            claims,
            cells.concat(),
            end,
        ]
        .concat();
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        file.create_stream("/Workbook")
            .unwrap()
            .write_all(&stream)
            .unwrap();
        file.into_inner()
    }

    #[test]
    fn shared_texts_are_told_apart_wherever_they_break() {
        assert_eq!(blank_texts(&shared()), [false, true, true, true, false]);
        // Cut off anywhere: what is whole is known.
        let whole = shared();
        for end in 0..whole.len() {
            assert!(blank_texts(&whole[..end]).len() <= 5);
        }
    }

    #[test]
    fn what_only_stretches_the_grid_is_left_out() {
        let limits = Limits::default();
        let cells = [
            label(3, 1, 0),
            label(4, 2, 4),
            label(60_000, 200, 1),
            label(65_535, 255, 2),
            label(9, 255, 3),
        ];
        let read = xls::read(book(&cells), &limits).unwrap();
        let rows: Vec<_> = read.sheets[0]
            .rows
            .iter()
            .map(|row| (row.index, row.cells.len()))
            .collect();
        assert_eq!(rows, [(3, 1), (4, 1)]);
        assert_eq!(
            read.sheets[0].rows[0].cells[0].value,
            Value::Text("边板村。".into())
        );
        // What stands there in words is no blank: that is for the limits to say.
        let cells = [label(3, 1, 0), label(65_535, 255, 4)];
        assert_eq!(stretching(&workbook(book(&cells))).len(), 1);
    }

    fn workbook(file: Cursor<Vec<u8>>) -> Vec<u8> {
        super::super::xls_pages::workbook_stream(&mut cfb::CompoundFile::open(file).unwrap())
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
            let claims = record(DIMENSIONS, &numbers(&[0, 0, u16::MAX, 0, 0, 256, 0]));
            let _ = stretching(&[claims, record(SST, &bytes), record(CONTINUE, &bytes), record(LABEL, &bytes)].concat());
        }
    }
}
