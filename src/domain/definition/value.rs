//! One value of a file that people keep, changed in its place: all else stays
//! letter by letter as they wrote it.

/// The text with another value at a key, given with the sections around it and
/// as TOML writes it; none where the key isn't there.
#[must_use]
pub fn with_value(text: &str, key: &[&str], value: &str) -> Option<String> {
    let (root, _) = toml::de::DeTable::parse_recoverable(text);
    let (last, sections) = key.split_last()?;
    let mut table = root.get_ref();
    for section in sections {
        table = table.get(*section)?.get_ref().as_table()?;
    }
    let span = table.get(*last)?.span();
    let (before, after) = (text.get(..span.start)?, text.get(span.end..)?);
    Some(format!("{before}{value}{after}"))
}

/// A text as TOML writes it.
#[must_use]
pub fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_changes_and_nothing_else_does() {
        let text = "# 说明\na = 1 # 一\n\n[b]\na = \"甲\"   # 二\nc = [\n  1,\n]\n";
        assert_eq!(
            with_value(text, &["b", "a"], &quoted("乙\"丙\\")).as_deref(),
            Some("# 说明\na = 1 # 一\n\n[b]\na = '乙\"丙\\'   # 二\nc = [\n  1,\n]\n")
        );
        assert_eq!(with_value(text, &["a"], "2"), Some(text.replacen('1', "2", 1)));
        let both = with_value(text, &["b", "c"], "[]").unwrap();
        assert!(both.ends_with("c = []\n"), "{both}");
        assert_eq!(with_value(text, &["b", "d"], "1"), None);
        assert_eq!(with_value(text, &["a", "d"], "1"), None);
        assert_eq!(with_value(text, &[], "1"), None);
    }

    #[test]
    fn a_text_comes_back_as_it_was() {
        for own in ["", "甲", "a\"b'c\\d", "D:\\共享\\台账", "'", "x\ny"] {
            let text = format!("a = {}", quoted(own));
            let table: toml::Table = text.parse().unwrap();
            assert_eq!(table["a"].as_str(), Some(own), "{text}");
        }
    }
}
