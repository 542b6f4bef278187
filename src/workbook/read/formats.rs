//! How a workbook shows its numbers, where that differs from how it stores them.

use std::io::{Read, Seek};

use calamine::Xlsx;

use super::failure::Reading;
use super::xml::place;
use crate::domain::table::{Pos, Sheet, Shown, Value};

/// Notes on a sheet of Office Open XML how its numbers are shown. The sheet is
/// gone through a second time, and only if its workbook has such a format at all.
pub(super) fn note<R: Read + Seek>(source: &mut Xlsx<R>, sheet: &mut Sheet) -> Reading<()> {
    sheet.formats_known = true;
    let is_number = |row: u32, column: u16| {
        let cell = sheet.cell(Pos::new(row, column));
        cell.is_some_and(|cell| matches!(cell.value, Value::Number(_)))
    };
    let mut cells = source.worksheet_cells_reader(&sheet.name)?;
    let shown: Vec<Shown> = cells
        .styles()
        .iter()
        .map(|style| {
            let format = style.number_format.as_ref();
            format.map_or(Shown::Plain, |format| shown_by(&format.format_code))
        })
        .collect();
    if shown.iter().all(|shown| *shown == Shown::Plain) {
        return Ok(());
    }
    let mut formats = Vec::new();
    while let Some((row, column, style)) = cells.next_style_id()? {
        let shown = shown.get(style).copied().unwrap_or(Shown::Plain);
        if let Some(pos) = place(row, column).filter(|_| shown != Shown::Plain)
            && is_number(pos.row, pos.column)
        {
            formats.push((pos, shown));
        }
    }
    formats.sort_by_key(|(pos, _)| *pos);
    formats.dedup_by_key(|(pos, _)| *pos);
    sheet.formats = formats;
    Ok(())
}

/// What a number format does with a positive number: its first section counts.
pub(super) fn shown_by(code: &str) -> Shown {
    let mut plain = String::new();
    let (mut quoted, mut bracketed) = (false, false);
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '[' => bracketed = true,
            ']' => bracketed = false,
            _ if bracketed => {}
            ';' => break,
            // The next one is a letter, a width or a filling, and no part of the number.
            '\\' | '_' | '*' => drop(letters.next()),
            _ => plain.push(letter),
        }
    }
    if plain.contains('%') {
        return Shown::Percent;
    }
    let places = plain.split_once('.').map_or("", |(_, after)| after);
    let places = places.chars().take_while(|letter| *letter == '0').count();
    match u8::try_from(places) {
        Ok(places @ 2..) => Shown::Decimals(places),
        _ => Shown::Plain,
    }
}

/// How a cell of OpenDocument shows its number, by the text that stands with it.
pub(super) fn shown_in(text: &str) -> Shown {
    let text = text.trim();
    if text.ends_with(['%', '％']) {
        return Shown::Percent;
    }
    let places = text.rsplit_once('.').map_or("", |(_, after)| after);
    match u8::try_from(places.len()) {
        Ok(places @ 2..) if text.ends_with('0') => Shown::Decimals(places),
        _ => Shown::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_and_decimal_places_are_seen() {
        for (code, shown) in [
            ("General", Shown::Plain),
            ("0.00", Shown::Decimals(2)),
            ("#,##0.00_ ;[Red]\\-#,##0.00", Shown::Decimals(2)),
            ("0.##", Shown::Plain),
            ("0", Shown::Plain),
            ("0.0", Shown::Plain),
            ("0%", Shown::Percent),
            ("0.00%", Shown::Percent),
            ("0\"%\"", Shown::Plain),
            ("[$¥-804]#,##0.00", Shown::Decimals(2)),
            ("@", Shown::Plain),
            ("", Shown::Plain),
            ("\\", Shown::Plain),
        ] {
            assert_eq!(shown_by(code), shown, "{code}");
        }
        for (text, shown) in [
            ("85%", Shown::Percent),
            ("85.00%", Shown::Percent),
            ("11.10", Shown::Decimals(2)),
            ("11.1", Shown::Plain),
            ("3", Shown::Plain),
        ] {
            assert_eq!(shown_in(text), shown, "{text}");
        }
    }
}
