//! Small things about XML that several parts need.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::failure::Reading;
use crate::domain::table::{Pos, Range};

/// Rows of a sheet, at most.
pub(super) const MAX_ROWS: u32 = 1_048_576;
/// Columns of a sheet, at most.
pub(super) const MAX_COLUMNS: u32 = 16_384;

/// A reader that takes what office programs write: end tags unchecked, as the main reader has them.
pub(super) fn reader(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    reader
}

/// The value of an attribute by its local name.
pub(super) fn attribute<'e>(element: &'e BytesStart<'_>, name: &str) -> Option<Cow<'e, str>> {
    let found = element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|found| found.key.local_name().as_ref() == name)?;
    match found.value {
        Cow::Borrowed(raw) => unescape(raw).ok(),
        Cow::Owned(raw) => unescape(&raw).ok().map(|text| Cow::Owned(text.into_owned())),
    }
}

/// An attribute that is a number.
pub(super) fn number<N: std::str::FromStr>(element: &BytesStart, name: &str) -> Option<N> {
    attribute(element, name)?.parse().ok()
}

/// Whether an attribute is set to true.
pub(super) fn is_set(element: &BytesStart, name: &str) -> bool {
    attribute(element, name).is_some_and(|value| matches!(&*value, "1" | "true"))
}

/// The characters up to the end of the element just begun, those of inner elements included.
pub(super) fn text_within(reader: &mut Reader<&[u8]>) -> Reading<String> {
    let mut text = String::new();
    let mut depth = 0_usize;
    loop {
        match reader.read_event()? {
            Event::Start(_) => depth += 1,
            Event::Text(part) => text.push_str(&part.xml10_content()),
            Event::CData(part) => text.push_str(&part.xml10_content()),
            Event::GeneralRef(reference) => text.push_str(&resolve(&reference)),
            Event::End(_) if depth == 0 => return Ok(text),
            Event::End(_) => depth -= 1,
            Event::Eof => return Ok(text),
            _ => {}
        }
    }
}

/// What a reference such as `&amp;` or `&#10;` stands for; nothing for names that XML doesn't define.
fn resolve(reference: &BytesRef) -> String {
    let raw = format!("&{};", &**reference);
    unescape(&raw).map(Cow::into_owned).unwrap_or_default()
}

/// Reads `B6` as a position; none if it isn't one or lies outside any sheet.
pub(super) fn position(reference: &str) -> Option<Pos> {
    let reference = reference.trim_matches('$');
    let digits = reference.find(|letter: char| letter.is_ascii_digit())?;
    let mut column = 0_u32;
    for letter in reference[..digits].bytes().filter(|&letter| letter != b'$') {
        let value = letter
            .to_ascii_uppercase()
            .checked_sub(b'A')
            .filter(|&value| value < 26)?;
        column = column.checked_mul(26)?.checked_add(u32::from(value) + 1)?;
    }
    let row: u32 = reference[digits..].parse().ok()?;
    place(row.checked_sub(1)?, column.checked_sub(1)?)
}

/// Reads `A1:C3`, or a single position, as a range.
pub(super) fn range(reference: &str) -> Option<Range> {
    let (first, last) = reference.split_once(':').unwrap_or((reference, reference));
    Some(Range {
        first: position(first)?,
        last: position(last)?,
    })
}

/// A 0-based position, if a sheet reaches that far.
pub(super) fn place(row: u32, column: u32) -> Option<Pos> {
    let column = u16::try_from(column).ok()?;
    (row < MAX_ROWS && u32::from(column) < MAX_COLUMNS).then_some(Pos { row, column })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_read_within_the_sheet() {
        let cases = [
            ("A1", Some(Pos::new(0, 0))),
            ("B6", Some(Pos::new(5, 1))),
            ("$AA$10", Some(Pos::new(9, 26))),
            ("XFD1048576", Some(Pos::new(1_048_575, 16_383))),
            ("XFE1", None),
            ("A1048577", None),
            ("A0", None),
            ("A", None),
            ("1", None),
            ("", None),
            ("村1", None),
            ("ZZZZZZZZZZZZ1", None),
            ("A99999999999", None),
        ];
        for (text, expected) in cases {
            assert_eq!(position(text), expected, "{text}");
        }
        assert_eq!(
            range("A1:C3"),
            Some(Range {
                first: Pos::new(0, 0),
                last: Pos::new(2, 2)
            })
        );
        assert_eq!(
            range("C3"),
            Some(Range {
                first: Pos::new(2, 2),
                last: Pos::new(2, 2)
            })
        );
    }

    #[test]
    fn references_to_characters_resolve_and_others_vanish() {
        let mut reader = reader("<a>&amp;C<b>村&#10;</b>&lol;&lt;</a>");
        reader.read_event().unwrap();
        assert_eq!(text_within(&mut reader).unwrap(), "&C村\n<");
    }
}
