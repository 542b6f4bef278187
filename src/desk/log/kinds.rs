//! What is done, by the words that people have for it.

use std::collections::BTreeSet;

use super::KINDS;
use crate::desk::{Misuse, misuse};
use crate::domain::language::{Language, worded};

/// The words of the journal for kinds, as the journal or as people call them.
///
/// # Errors
/// There is no such kind; the words say which there are.
pub(super) fn named(words: &[String], language: Language) -> Result<BTreeSet<&'static str>, Misuse> {
    let mut kinds = BTreeSet::new();
    for word in words {
        let found = KINDS
            .iter()
            .filter(|(own, chinese, english)| [own, chinese, english].contains(&&word.as_str()));
        let before = kinds.len();
        kinds.extend(found.map(|(own, ..)| *own));
        if kinds.len() == before {
            let known: Vec<String> = KINDS
                .iter()
                .map(|(own, chinese, english)| {
                    let label = language.either(chinese, english);
                    worded!(language, "{label}（{own}）", "{label} ({own})")
                })
                .collect();
            misuse!(
                language,
                "没有“{word}”这一类记录，可用：{}",
                "there are no entries called “{word}”, but: {}",
                known.join(language.either("、", ", "))
            );
        }
    }
    Ok(kinds)
}

/// The kinds as people call them, each once.
#[must_use]
pub fn labels(language: Language) -> Vec<&'static str> {
    let mut labels: Vec<&str> = Vec::new();
    for (_, chinese, english) in KINDS {
        let label = language.either(chinese, english);
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}
