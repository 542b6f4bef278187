//! Page headers and footers as a reader of the printed page sees them.

/// Splits the stored text of a header or footer into its left, middle and
/// right parts, without the codes for fonts, page numbers and pictures.
pub(super) fn sections(stored: &str) -> Vec<String> {
    let mut sections = Vec::new();
    let mut section = String::new();
    let mut letters = stored.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '&' {
            section.push(letter);
            continue;
        }
        match letters.next() {
            Some('L' | 'C' | 'R') => sections.push(std::mem::take(&mut section)),
            Some('&') => section.push('&'),
            // A font: &"宋体,常规"
            Some('"') => while letters.next().is_some_and(|letter| letter != '"') {},
            // A size: &12
            Some('0'..='9') => while letters.next_if(char::is_ascii_digit).is_some() {},
            // A colour: &K000000, &K01+000
            Some('K') => {
                while letters
                    .next_if(|letter| letter.is_ascii_hexdigit() || *letter == '+')
                    .is_some()
                {}
            }
            _ => {}
        }
    }
    sections.push(section);
    sections
        .iter()
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::sections;

    #[test]
    fn codes_are_left_out() {
        let cases: [(&str, &[&str]); 7] = [
            (
                "&C&\"宋体,常规\"&10机密★1年&R第 &P 页，共 &N 页",
                &["机密★1年", "第  页，共  页"],
            ),
            ("内部资料", &["内部资料"]),
            ("&L左&C中&R右", &["左", "中", "右"]),
            ("&CA&&B", &["A&B"]),
            ("&C&K01+000秘密", &["秘密"]),
            ("&G", &[]),
            ("&C&\"没有收尾", &[]),
        ];
        for (stored, expected) in cases {
            assert_eq!(sections(stored), expected, "{stored}");
        }
    }
}
