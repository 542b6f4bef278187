//! “Did you mean”: the known word nearest to a mistyped one.

/// The candidate that differs least from `word`, if it differs little enough
/// to be meant: one edit for a word of three characters, one more for every
/// further four. A swap of neighbours is one edit.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let most = if length < 3 { 0 } else { 1 + (length - 3) / 4 };
    candidates
        .into_iter()
        .map(|candidate| (edits(&word.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(edits, _)| *edits <= most)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions, replacements and swaps between two words.
fn edits(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, r) in right.iter().enumerate() {
            let mut best = (last[j] + usize::from(l != r))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && *l == right[j - 1] && left[i - 1] == *r {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_slip_of_the_hand_is_taken_for_a_word() {
        let words = ["deadline", "roster", "联络员邮箱", "负责人邮箱", "day"];
        for (typed, meant) in [
            ("dedaline", Some("deadline")),
            ("Roster", Some("roster")),
            ("rosters", Some("roster")),
            ("联系员邮箱", Some("联络员邮箱")),
            ("dya", Some("day")),
            ("年份", None),
            ("budget", None),
        ] {
            assert_eq!(nearest(typed, words), meant, "{typed}");
        }
    }
}
