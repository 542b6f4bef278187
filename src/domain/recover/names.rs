//! Which file a note speaks of, by names.

use crate::domain::text::{file_name_part, printable};
use crate::domain::words::FolderWords;

/// What a note beside a file is about, by what ends its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// The file could not be read.
    Unreadable,
    /// It waits to be claimed.
    Unclaimed,
    /// It repeats another one.
    Duplicate,
    /// It was taken off the share.
    Quarantined,
}

const TAGS: [(&str, Beside); 10] = [
    ("（无法读取）", Beside::Unreadable),
    ("（待确认）", Beside::Unclaimed),
    ("（与已报送文件相同）", Beside::Duplicate),
    ("（已隔离）", Beside::Quarantined),
    ("（已收到，待办公室确认）", Beside::Unclaimed),
    (" (received, to be confirmed)", Beside::Unclaimed),
    (" (not readable)", Beside::Unreadable),
    (" (to be claimed)", Beside::Unclaimed),
    (" (same as submitted before)", Beside::Duplicate),
    (" (quarantined)", Beside::Quarantined),
];

/// What a note beside a file is about; none if the name isn't one of such a note.
#[must_use]
pub fn kind_of_beside(name: &str) -> Option<Beside> {
    let stem = unnumbered(name.strip_suffix(".txt")?);
    TAGS.iter()
        .find(|(tag, _)| stem.ends_with(tag))
        .map(|(_, kind)| *kind)
}

/// Whether a note beside files speaks of the file of a name, which it names
/// with or without its own number among equals.
#[must_use]
pub fn beside_of(note: &str, file: &str) -> bool {
    let Some(stem) = note.strip_suffix(".txt").map(unnumbered) else {
        return false;
    };
    let (own, _) = split(file);
    TAGS.iter()
        .filter_map(|(tag, _)| stem.strip_suffix(tag))
        .any(|stem| stem == own || stem == unnumbered(own))
}

/// Whether a file that came under one name lies in our folders under another.
#[must_use]
pub fn lies_as(came: &str, lies: &str) -> bool {
    let (stem, ending) = split(came);
    let stem = FolderWords::marks()
        .find_map(|mark| stem.strip_suffix(mark))
        .unwrap_or(stem);
    let own = format!("{}{}", file_name_part(stem), printable(ending));
    if own == lies || came == lies {
        return true;
    }
    let (lying, lying_ending) = split(lies);
    let (own, own_ending) = split(&own);
    own_ending == lying_ending && unnumbered(lying) == own
}

/// A stem without the number that sets it apart from an equal one.
fn unnumbered(stem: &str) -> &str {
    let number = || {
        let (rest, number) = stem.strip_suffix(')')?.rsplit_once(" (")?;
        number.chars().all(|c| c.is_ascii_digit()).then_some(rest)
    };
    number().unwrap_or(stem)
}

/// Stem and ending with its dot; endings longer than eight characters are none.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 && name.len() - at <= 8 => name.split_at(at),
        _ => (name, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("罗养.xlsx", "罗养.xlsx", true)]
    #[case("罗养.xlsx", "罗养 (2).xlsx", true)]
    #[case("罗养（审核意见）.xlsx", "罗养.xlsx", true)]
    #[case("a:b.xlsx", "a：b.xlsx", true)]
    #[case("罗养.xlsx", "罗养.xls", false)]
    #[case("罗养.xlsx", "罗养2.xlsx", false)]
    fn names_are_compared_as_we_give_them(#[case] came: &str, #[case] lies: &str, #[case] same: bool) {
        assert_eq!(lies_as(came, lies), same);
    }

    #[test]
    fn a_note_beside_a_file_is_known_by_its_name() {
        assert_eq!(
            kind_of_beside("副本（与已报送文件相同）.txt"),
            Some(Beside::Duplicate)
        );
        assert_eq!(kind_of_beside("会议（待确认）.docx"), None);
        assert!(beside_of("新建（待确认）.txt", "新建.xlsx"));
        assert!(beside_of("新建（待确认） (2).txt", "新建 (2).xlsx"));
        assert!(!beside_of("新建（待确认）.txt", "别的.xlsx"));
    }
}
