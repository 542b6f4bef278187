//! Sheets as they are kept to be looked at: small and compressed.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use crate::domain::finding::Finding;
use crate::domain::picture::{Picture, picture};
use crate::domain::table::Workbook;

/// Largest picture that is kept, in compressed bytes.
const MOST: usize = 128 << 10;

/// Largest picture that is unfolded, in bytes.
const UNFOLDED: u64 = 32 << 20;

/// A workbook's picture as it is kept; empty where none can be.
#[must_use]
pub fn taken(workbook: &Workbook, findings: &[Finding]) -> Vec<u8> {
    let mut own = picture(workbook, findings);
    loop {
        let Ok(bytes) = packed(&own) else {
            return Vec::new();
        };
        if bytes.len() <= MOST {
            return bytes;
        }
        // Half of what takes room: the later rows of every sheet.
        let longest = own.sheets.iter().map(|sheet| sheet.rows.len()).max();
        let Some(most) = longest.filter(|most| *most > 1) else {
            return Vec::new();
        };
        for sheet in &mut own.sheets {
            sheet.rows.truncate(most / 2);
        }
    }
}

/// A picture as it was kept.
///
/// # Errors
/// It isn't one, or one of an older kind.
pub fn unpacked(bytes: &[u8]) -> anyhow::Result<Picture> {
    let mut whole = Vec::new();
    DeflateDecoder::new(bytes)
        .take(UNFOLDED)
        .read_to_end(&mut whole)?;
    Ok(postcard::from_bytes(&whole)?)
}

fn packed(own: &Picture) -> anyhow::Result<Vec<u8>> {
    let mut writer = DeflateEncoder::new(Vec::new(), Compression::fast());
    writer.write_all(&postcard::to_stdvec(own)?)?;
    Ok(writer.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::table::{Cell, FileKind, FileTimes, Row, Sheet, Value};

    #[test]
    fn a_picture_comes_back_and_one_that_is_too_large_is_cut() {
        // Texts that don't compress: each letter another.
        let text = |seed: u32| -> String {
            (0..1_500_u32)
                .filter_map(|n| {
                    char::from_u32(0x4e00 + (seed.wrapping_mul(7_919).wrapping_add(n * n * 31)) % 20_000)
                })
                .collect()
        };
        let rows = (0..200_u32).map(|index| Row {
            index,
            cells: vec![Cell {
                column: 0,
                value: Value::Text(text(index).into()),
                formula: false,
            }],
        });
        let own = Workbook {
            kind: FileKind::Xlsx,
            sheets: vec![Sheet {
                name: "台账".into(),
                rows: rows.collect(),
                ..Sheet::default()
            }],
            properties: std::collections::BTreeMap::default(),
            times: FileTimes::default(),
            page_texts: Vec::new(),
            has_macros: false,
            has_external_links: false,
        };
        let bytes = taken(&own, &[]);
        assert!(!bytes.is_empty() && bytes.len() <= MOST, "{}", bytes.len());
        let back = unpacked(&bytes).unwrap();
        let sheet = &back.sheets[0];
        assert!(!sheet.rows.is_empty() && sheet.rows.len() < 200);
        assert_eq!(sheet.in_all, 200);
        assert_eq!(sheet.rows[0].cells[0].1, text(0));
        assert!(unpacked(&bytes[..bytes.len() / 2]).is_err());
    }
}
