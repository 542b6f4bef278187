//! Cells that hold names and telephone numbers.

mod names;
mod phones;

use phones::Kind;

use super::ContactReading;
use crate::domain::text::{half_width, is_space};

/// Reads names and telephone numbers. Everything that is not part of a number
/// may be a name; labels (电话, 联系人) and offices are none.
#[must_use]
pub fn read_contacts(text: &str) -> ContactReading {
    let mut plain = half_width(text);
    if plain.contains(|c| folded(c) != c) {
        plain = plain.chars().map(folded).collect::<String>().into();
    }
    if plain.contains('@') {
        plain = without_addresses(&plain).into();
    }
    let numbers = phones::read(&plain);
    let any = |kind| numbers.phones.iter().any(|(_, own)| *own == kind);
    ContactReading {
        names: names::read(&numbers.rest),
        // A short number beside a whole one keeps nobody from calling.
        incomplete: any(Kind::Local) || (any(Kind::Short) && !any(Kind::Complete)),
        unreadable: numbers.unreadable,
        masked: numbers.masked,
        phones: numbers.phones.into_iter().map(|(phone, _)| phone).collect(),
    }
}

/// One kind of dash, one separator for lines, one kind of space.
fn folded(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\n' | '\r' => ';',
        c if is_space(c) => ' ',
        c => c,
    }
}

/// Replaces electronic mail addresses by a separator: what stands in them is
/// neither a name nor a telephone number.
fn without_addresses(text: &str) -> String {
    let belongs = |c: char| c.is_ascii_alphanumeric() || matches!(c, '@' | '.' | '_' | '%' | '+' | '-');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let word = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        let (taken, after) = rest.split_at(word.max(c.len_utf8()));
        out.push_str(if taken.contains('@') { ";" } else { taken });
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::ledger::{contains_identity_number, placeholder};

    fn list(text: &str) -> Vec<&str> {
        text.split('；').filter(|part| !part.is_empty()).collect()
    }

    #[test]
    fn samples_read_as_listed() {
        let samples = include_str!("../../../tests/data/phone_samples.csv");
        for record in csv::Reader::from_reader(samples.as_bytes()).records() {
            let record = record.unwrap();
            let (raw, names, phones, expected) = (&record[0], &record[1], &record[2], &record[3]);
            let read = read_contacts(raw);
            let code = if raw.trim().is_empty() {
                "required:error"
            } else if placeholder(raw).is_some() {
                "placeholder:error"
            } else if contains_identity_number(raw) {
                "id-number:error"
            } else if read.phones.is_empty() || read.unreadable {
                "phone-unreadable:warning"
            } else if read.incomplete {
                "phone-incomplete:warning"
            } else if read.names.is_empty() {
                "contact-name-missing:warning"
            } else {
                "ok"
            };
            assert_eq!(code, expected, "{raw}: {read:?}");
            if !matches!(expected, "placeholder:error" | "id-number:error") {
                assert_eq!(read.names, list(names), "{raw}");
                assert_eq!(read.phones, list(phones), "{raw}");
            }
        }
    }

    #[test]
    fn numbers_are_normalised() {
        for (text, phones) in [
            ("张三 (0759)7712345", "0759-7712345"),
            ("张三 0759 7712345", "0759-7712345"),
            ("张三 07597712345", "0759-7712345"),
            ("张三 02087654321", "020-87654321"),
            ("张三 010-8765 4321", "010-87654321"),
            ("张三 0759-7712345-801", "0759-7712345-801"),
            ("张三 0759-7712345 138 1234 5678", "0759-7712345；13812345678"),
            ("张三 400-123-4567", "400-123-4567"),
            ("张三 4001234567", "400-123-4567"),
            ("张三 008613812345678", "13812345678"),
            ("张三 +8613812345678", "13812345678"),
            ("张三 13812345678 13987654321", "13812345678；13987654321"),
            ("张三 0759-7712345/138—1234—5678", "0759-7712345；13812345678"),
            ("张三13812345678 123456@qq.com", "13812345678"),
        ] {
            let read = read_contacts(text);
            assert_eq!(read.phones, list(phones), "{text}");
            assert_eq!(read.names, ["张三"], "{text}");
            assert!(!read.incomplete && !read.unreadable, "{text}: {read:?}");
        }
    }

    #[test]
    fn short_numbers_matter_only_when_nothing_else_stands_there() {
        assert!(!read_contacts("张三13812345678(短号661234)").incomplete);
        assert!(read_contacts("张三661234").incomplete);
        assert!(read_contacts("张三13812345678、李四7712345").incomplete);
        assert!(read_contacts("张三138 1234 567").unreadable);
    }

    #[test]
    fn names_are_told_from_labels() {
        for (text, names) in [
            ("联系人：张三，联系电话：13812345678", "张三"),
            ("姓名 欧 阳 修 手机13812345678", "欧阳修"),
            ("欧阳小敏13812345678", "欧阳小敏"),
            ("办公室13812345678", ""),
            ("镇政府 张三主任 13812345678", "张三"),
            ("John Smith, Tel 13812345678", "John Smith"),
            ("张三 李四 13812345678", "张三；李四"),
            ("买买提·艾力13812345678", "买买提·艾力"),
        ] {
            assert_eq!(read_contacts(text).names, list(names), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "([0-9０１３ +()\\-.Ee张三；@]{0,40}|\\PC{0,40})") {
            let read = read_contacts(&text);
            prop_assert!(read.phones.iter().all(|phone| phone.len() >= 4));
            prop_assert!(read.names.iter().all(|name| !name.is_empty()));
        }
    }
}
