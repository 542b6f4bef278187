//! Ids for rows that were handed in without one.

use std::collections::BTreeSet;

/// The next ids after those that are known: U14 after U13. None where ids
/// aren't numbered.
#[derive(Debug)]
pub(super) struct FreshIds {
    known: BTreeSet<String>,
    /// What ids begin with, their last number and how many digits it has.
    last: Option<(String, u64, usize)>,
}

impl FreshIds {
    pub(super) fn after<'a>(ids: impl Iterator<Item = &'a str>) -> Self {
        let known: BTreeSet<String> = ids.map(str::to_owned).collect();
        let numbered = known.iter().filter_map(|id| {
            let start = id.trim_end_matches(|c: char| c.is_ascii_digit());
            let digits = &id[start.len()..];
            Some((start.to_owned(), digits.parse::<u64>().ok()?, digits.len()))
        });
        Self {
            last: numbered.max_by_key(|(_, number, _)| *number),
            known,
        }
    }

    pub(super) fn next(&mut self) -> Option<String> {
        let (start, number, digits) = self.last.as_mut()?;
        loop {
            *number += 1;
            let id = format!("{start}{number:0digits$}");
            if self.known.insert(id.clone()) {
                return Some(id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_id_follows_the_last() {
        for (known, next) in [
            (&["U01", "U13"][..], Some("U14")),
            (&["U9", "U10"], Some("U11")),
            (&["P099", "X1"], Some("P100")),
            (&["甲", "乙"], None),
            (&[], None),
        ] {
            let mut ids = FreshIds::after(known.iter().copied());
            assert_eq!(ids.next().as_deref(), next, "{known:?}");
        }
        let mut ids = FreshIds::after(["U1"].into_iter());
        assert_eq!((ids.next(), ids.next()), (Some("U2".into()), Some("U3".into())));
    }
}
