//! Texts as people's editors save them.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030};

/// A text as editors save it: in Unicode with or without its mark, or, on older
/// Chinese systems, in GBK.
#[must_use]
pub fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    match (Encoding::for_bom(bytes), str::from_utf8(bytes)) {
        (None, Ok(text)) => Cow::Borrowed(text),
        (marked, _) => marked.map_or(GB18030, |(encoding, _)| encoding).decode(bytes).0,
    }
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn every_editor_is_understood() {
        let gbk = [0xb1, 0xe0, 0xba, 0xc5];
        let utf16 = [0xff, 0xfe, 0x16, 0x7f, 0xf7, 0x53];
        let marked = "\u{feff}编号".as_bytes();
        for bytes in [&gbk[..], &utf16, marked, "编号".as_bytes()] {
            assert_eq!(decoded(bytes), "编号", "{bytes:?}");
        }
    }
}
