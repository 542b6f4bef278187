//! Paths as people write them.

use std::path::{Component, Path, PathBuf};

/// The path without `.` and `..`, as far as its text tells.
#[must_use]
pub fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

/// Whether one of two folders lies in the other, or they are the same.
#[must_use]
pub fn overlap(left: &Path, right: &Path) -> bool {
    let (left, right) = (plain(left), plain(right));
    left.starts_with(&right) || right.starts_with(&left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_within_is_told_by_the_text() {
        for (left, right, expected) in [
            ("a", "a/b", true),
            ("a/../b", "./b", true),
            ("a", "ab", false),
            ("/a/b", "/a/b/..", true),
            ("../a", "a", false),
        ] {
            assert_eq!(
                overlap(Path::new(left), Path::new(right)),
                expected,
                "{left} {right}"
            );
        }
    }
}
