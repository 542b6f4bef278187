//! Finding a text's near-copy among many without comparing it with each.

use std::collections::HashMap;

use crate::domain::text::is_space;

/// From this similarity on two texts count as the same, in percent.
const ALIKE: usize = 90;
/// Texts below this length are alike by right (已完成, 正常推进).
const LEAST: usize = 10;
/// Texts that one is compared with at most; keeps 20,000 rows of one template linear.
const MOST_COMPARED: usize = 32;

/// Texts that others are compared with.
#[derive(Default)]
pub(super) struct Texts {
    known: Vec<(Pairs, usize)>,
    by_pair: HashMap<u64, Vec<usize>>,
    exact: HashMap<String, usize>,
}

/// The different pairs of neighbouring characters, sorted.
type Pairs = Vec<u64>;

impl Texts {
    /// Adds a text; `place` is what [`Texts::near`] gives back.
    pub fn add(&mut self, text: &str, place: usize) {
        let Some((text, pairs)) = prepare(text) else {
            return;
        };
        let index = self.known.len();
        for pair in &pairs {
            self.by_pair.entry(*pair).or_default().push(index);
        }
        self.exact.entry(text).or_insert(index);
        self.known.push((pairs, place));
    }

    /// The place of a text that is at least 90 % the same, and how much, in percent.
    pub fn near(&self, text: &str) -> Option<(usize, usize)> {
        self.search(text).0
    }

    /// Also tells how many texts were compared.
    fn search(&self, text: &str) -> (Option<(usize, usize)>, usize) {
        let Some((text, pairs)) = prepare(text) else {
            return (None, 0);
        };
        if let Some(index) = self.exact.get(&text) {
            return (Some((self.known[*index].1, 100)), 0);
        }
        let mut compared = Vec::with_capacity(MOST_COMPARED);
        for index in self.telling(&pairs).into_iter().flatten() {
            if compared.contains(index) {
                continue;
            }
            let (other, place) = &self.known[*index];
            let alike = dice(&pairs, other);
            compared.push(*index);
            if alike >= ALIKE {
                return (Some((*place, alike)), compared.len());
            }
            if compared.len() == MOST_COMPARED {
                break;
            }
        }
        (None, compared.len())
    }

    /// The texts behind the pairs of which a near-copy must share at least
    /// one, the rarest pair first: texts that are 90 % alike have more than
    /// four fifths of either's pairs in common.
    fn telling(&self, pairs: &Pairs) -> Vec<&Vec<usize>> {
        let enough = pairs.len() - pairs.len() * ALIKE / (200 - ALIKE) + 1;
        let unknown = pairs
            .iter()
            .filter(|pair| !self.by_pair.contains_key(pair))
            .count();
        let mut places: Vec<&Vec<usize>> = pairs.iter().filter_map(|pair| self.by_pair.get(pair)).collect();
        places.sort_by_key(|texts| texts.len());
        places.truncate(enough.saturating_sub(unknown));
        places
    }
}

fn prepare(text: &str) -> Option<(String, Pairs)> {
    let text: String = text.chars().filter(|c| !is_space(*c)).collect();
    let chars: Vec<char> = text.chars().collect();
    (chars.len() >= LEAST).then(|| {
        let mut pairs: Pairs = chars
            .windows(2)
            .map(|pair| u64::from(u32::from(pair[0])) << 32 | u64::from(u32::from(pair[1])))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        (text, pairs)
    })
}

/// Dice's coefficient of two sorted sets of pairs, in percent.
fn dice(a: &Pairs, b: &Pairs) -> usize {
    let (mut left, mut right, mut common) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(left), b.get(right)) {
        common += usize::from(x == y);
        left += usize::from(x <= y);
        right += usize::from(y <= x);
    }
    200 * common / (a.len() + b.len()).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_copies_are_found() {
        let mut texts = Texts::default();
        texts.add(
            "边板村加快推进人居环境整治，要求清理房前屋后积存垃圾，每周检查一次。",
            7,
        );
        texts.add(
            "塘沟村加快推进农村供水改造，要求更换老旧管网，核对未通水农户名单。",
            8,
        );
        for (text, expected) in [
            (
                "边板村加快推进人居环境整治，要求清理房前屋后积存垃圾，每周检查一次。",
                Some((7, 100)),
            ),
            (
                "边板村加快推进人居环境整治，要求清理 房前屋后积存垃圾，每周检查一次。",
                Some((7, 100)),
            ),
            (
                "边板村加快推进人居环境整治，要求清理房前屋后积存垃圾，每月检查一次。",
                Some((7, 93)),
            ),
            (
                "油河村推进高标准农田建设，要求督促施工单位赶在春耕前完成灌渠清淤。",
                None,
            ),
            ("每周检查一次。", None),
        ] {
            assert_eq!(texts.near(text), expected, "{text}");
        }
    }

    #[test]
    fn short_texts_are_alike_by_right() {
        let mut texts = Texts::default();
        texts.add("正常推进中", 1);
        assert_eq!(texts.near("正常推进中"), None);
    }

    #[test]
    fn rows_of_one_template_are_not_all_compared() {
        let mut texts = Texts::default();
        for row in 0..2_000_usize {
            texts.add(
                &format!("第{row}号网格巡查登记整改隐患{}处", row * 7919 % 10_007),
                row,
            );
        }
        let (_, compared) = texts.search("第987654号网格巡查登记整改隐患123456处");
        assert!(compared <= MOST_COMPARED, "{compared}");
    }
}
