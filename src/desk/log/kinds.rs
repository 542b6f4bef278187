//! What is done, by the words that people have for it.

use std::collections::BTreeSet;

use super::KINDS;
use crate::desk::Misuse;

/// The words of the journal for kinds, as the journal or as people call them.
///
/// # Errors
/// There is no such kind; the words say which there are.
pub(super) fn named(words: &[String]) -> Result<BTreeSet<&'static str>, Misuse> {
    let mut kinds = BTreeSet::new();
    for word in words {
        let found = KINDS.iter().filter(|(own, label)| own == word || label == word);
        let before = kinds.len();
        kinds.extend(found.map(|(own, _)| *own));
        if kinds.len() == before {
            let known: Vec<String> = KINDS
                .iter()
                .map(|(own, label)| format!("{label}（{own}）"))
                .collect();
            return Err(Misuse(format!(
                "没有“{word}”这一类记录，可用：{}",
                known.join("、")
            )));
        }
    }
    Ok(kinds)
}

/// The kinds as people call them, each once.
#[must_use]
pub fn labels() -> Vec<&'static str> {
    let mut labels: Vec<&str> = Vec::new();
    for (_, label) in KINDS {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}
