//! Page headers and footers of Excel 97 to 2003 and of WPS's `.et`, which
//! calamine doesn't look for: records of the workbook's stream.

use std::io::{Read, Seek};

use encoding_rs::{Encoding, GBK, UTF_16LE};

use super::page_text::sections;

/// Records by their numbers in MS-XLS 2.3.
pub(super) const BOF: u16 = 0x0809;
const HEADER: u16 = 0x0014;
const FOOTER: u16 = 0x0015;
const CODE_PAGE: u16 = 0x0042;
const FILE_PASS: u16 = 0x002F;
/// Headers and footers of first and even pages.
const HEADER_FOOTER: u16 = 0x089C;
/// What stands in it before its texts: two heads, flags, four lengths.
const BEFORE_TEXTS: usize = 12 + 16 + 2;
/// The version of the stream from which on texts may be Unicode.
const BIFF8: u16 = 0x0600;

/// The stream that holds the workbook, whole. Nothing where it can't be read:
/// whether the file is sound is the main reader's to say.
pub(super) fn workbook_stream(streams: &mut cfb::CompoundFile<impl Read + Seek>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read = stream_name(streams)
        .and_then(|name| streams.open_stream(name).ok())
        .and_then(|mut stream| stream.read_to_end(&mut bytes).ok());
    read.map_or_else(Vec::new, |_| bytes)
}

/// What that stream is called.
pub(super) fn stream_name(streams: &cfb::CompoundFile<impl Read + Seek>) -> Option<&'static str> {
    ["/Workbook", "/Book"]
        .into_iter()
        .find(|name| streams.is_stream(name))
}

/// A record of the workbook's stream.
pub(super) struct Record<'a> {
    /// Where it begins, in bytes.
    pub at: u64,
    pub kind: u16,
    pub data: &'a [u8],
}

/// The records up to where they are no longer whole, or enciphered.
pub(super) fn records(stream: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut rest = stream;
    let whole = std::iter::from_fn(move || {
        let [low, high, length_low, length_high, behind @ ..] = rest else {
            return None;
        };
        let length = usize::from(u16::from_le_bytes([*length_low, *length_high]));
        let (data, next) = behind.split_at_checked(length)?;
        let at = u64::try_from(stream.len() - rest.len()).ok()?;
        rest = next;
        let kind = u16::from_le_bytes([*low, *high]);
        Some(Record { at, kind, data })
    });
    whole.take_while(|record| record.kind != FILE_PASS)
}

/// The texts of all sheets, in their order.
pub(super) fn page_texts(stream: &[u8]) -> Vec<String> {
    let mut texts = Vec::new();
    let mut old: &'static Encoding = GBK;
    let mut is_biff8 = true;
    for Record { kind, data, .. } in records(stream) {
        match kind {
            BOF => is_biff8 = number(data, 0) == Some(BIFF8),
            CODE_PAGE => old = number(data, 0).map_or(old, encoding),
            HEADER | FOOTER if is_biff8 => texts.extend(unicode(data).map(|(text, _)| text)),
            HEADER | FOOTER => texts.extend(bytewise(data, old)),
            HEADER_FOOTER => texts.extend(further(data)),
            _ => {}
        }
    }
    texts.iter().flat_map(|text| sections(text)).collect()
}

/// A little-endian number at a place.
pub(super) fn number(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes([*data.get(at)?, *data.get(at + 1)?]))
}

fn encoding(code_page: u16) -> &'static Encoding {
    match code_page {
        950 => encoding_rs::BIG5,
        1252 => encoding_rs::WINDOWS_1252,
        65001 => encoding_rs::UTF_8,
        1200 => UTF_16LE,
        _ => GBK,
    }
}

/// A text with its number of characters before it, and how many bytes it takes.
pub(super) fn unicode(data: &[u8]) -> Option<(String, usize)> {
    let count = usize::from(number(data, 0)?);
    let wide = data.get(2)? & 1 == 1;
    let end = 3 + if wide { count * 2 } else { count };
    let stored = data.get(3..end.min(data.len()))?;
    let text = if wide {
        UTF_16LE.decode_without_bom_handling(stored).0.into_owned()
    } else {
        // The lower halves of Unicode characters.
        stored.iter().map(|byte| char::from(*byte)).collect()
    };
    Some((text, end))
}

/// A text of older versions, one byte for its length.
fn bytewise(data: &[u8], encoding: &'static Encoding) -> Option<String> {
    let count = usize::from(*data.first()?);
    let stored = data.get(1..(1 + count).min(data.len()))?;
    Some(encoding.decode_without_bom_handling(stored).0.into_owned())
}

/// The texts of first and even pages.
fn further(data: &[u8]) -> Vec<String> {
    let wanted = (0..4).filter(|at| number(data, BEFORE_TEXTS + at * 2).is_some_and(|count| count > 0));
    let mut from = BEFORE_TEXTS + 8;
    let mut texts = Vec::new();
    for _ in wanted {
        let Some((text, length)) = data.get(from..).and_then(unicode) else {
            break;
        };
        texts.push(text);
        from += length;
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).unwrap();
        [&kind.to_le_bytes(), &length.to_le_bytes(), data].concat()
    }

    fn wide(text: &str) -> Vec<u8> {
        let units: Vec<u16> = text.encode_utf16().collect();
        let count = u16::try_from(units.len()).unwrap().to_le_bytes();
        let stored = units.iter().flat_map(|unit| unit.to_le_bytes());
        count.into_iter().chain([1]).chain(stored).collect()
    }

    #[test]
    fn headers_and_footers_of_every_version_are_found() {
        let new = record(BOF, &[0x00, 0x06, 0x10, 0x00]);
        let old = record(BOF, &[0x00, 0x05, 0x10, 0x00]);
        let narrow = [&[2, 0, 0][..], b"&C"].concat();
        let gbk = GBK.encode("&C机密").0.into_owned();
        let gbk = [&[u8::try_from(gbk.len()).unwrap()][..], &gbk].concat();
        let mut first = vec![0; BEFORE_TEXTS];
        first.extend([0, 0, 0, 0, 4, 0, 0, 0]);
        first.extend(wide("&L秘密"));
        for (records, expected) in [
            (
                vec![new.clone(), record(HEADER, &wide("&C机密★1年&R内部"))],
                vec!["机密★1年", "内部"],
            ),
            (
                vec![
                    new.clone(),
                    record(FOOTER, &narrow),
                    record(FOOTER, &wide("秘密")),
                ],
                vec!["秘密"],
            ),
            (vec![new.clone(), record(HEADER_FOOTER, &first)], vec!["秘密"]),
            (
                vec![
                    old,
                    record(CODE_PAGE, &936_u16.to_le_bytes()),
                    record(HEADER, &gbk),
                ],
                vec!["机密"],
            ),
            (
                vec![
                    new.clone(),
                    record(FILE_PASS, &[0]),
                    record(HEADER, &wide("机密")),
                ],
                vec![],
            ),
            (vec![new, vec![0x14, 0, 0xff]], vec![]),
        ] {
            assert_eq!(page_texts(&records.concat()), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_are_too_strange(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
            let _ = page_texts(&bytes);
            let head = record(BOF, &[0x00, 0x06]);
            let _ = page_texts(&[head, record(HEADER_FOOTER, &bytes)].concat());
        }
    }
}
