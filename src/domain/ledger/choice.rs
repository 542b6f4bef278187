//! Cells that hold one value of a list.

use crate::domain::program::Choice;
use crate::domain::text::name_key;

/// The name of the choice that a text means; none if it isn't in the list.
/// Width, spaces, case and quotes make no difference, and a name is taken
/// before any synonym.
#[must_use]
pub fn read_choice(text: &str, choices: &[Choice]) -> Option<String> {
    let wanted = name_key(text);
    if wanted.is_empty() {
        return None;
    }
    let by_name = || choices.iter().find(|choice| name_key(&choice.name) == wanted);
    let by_synonym = || {
        choices
            .iter()
            .find(|choice| choice.synonyms.iter().any(|synonym| name_key(synonym) == wanted))
    };
    by_name().or_else(by_synonym).map(|choice| choice.name.clone())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn choices() -> Vec<Choice> {
        let choice = |name: &str, synonyms: &[&str]| Choice {
            name: name.into(),
            synonyms: synonyms.iter().map(|synonym| (*synonym).into()).collect(),
        };
        vec![
            choice("已完成", &["完成", "OK"]),
            choice("推进中", &["进行中", "未完成"]),
            choice("未完成", &["没完成"]),
            choice("其他（注明）", &[]),
        ]
    }

    #[test]
    fn names_and_synonyms_are_read() {
        for (text, expected) in [
            ("已完成", Some("已完成")),
            (" 已 完成", Some("已完成")),
            ("“完成”", Some("已完成")),
            ("ｏｋ", Some("已完成")),
            ("进行中。", Some("推进中")),
            ("未完成", Some("未完成")),
            ("其他(注明)", Some("其他（注明）")),
            ("完", None),
            ("", None),
            (" 。", None),
        ] {
            assert_eq!(read_choice(text, &choices()).as_deref(), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_in_the_list(text in "\\PC{0,20}") {
            let choices = choices();
            let read = read_choice(&text, &choices);
            prop_assert!(read.is_none_or(|name| choices.iter().any(|choice| choice.name == name)));
        }
    }
}
