//! Finding a text's near-copy among many without comparing it with each.

use std::collections::{HashMap, HashSet};

use crate::domain::text::is_space;

/// From this similarity on two texts count as the same, in percent.
const ALIKE: usize = 90;
/// Texts below this length are alike by right (已完成, 正常推进).
const LEAST: usize = 10;
/// Candidates that are compared for one text; keeps 20,000 equal rows linear.
const MOST_CANDIDATES: usize = 64;

type Pair = (char, char);

/// Texts that others are compared with.
#[derive(Default)]
pub(super) struct Texts {
    texts: Vec<(HashSet<Pair>, usize)>,
    by_pair: HashMap<Pair, Vec<usize>>,
    exact: HashMap<String, usize>,
}

impl Texts {
    /// Adds a text; `place` is what [`Texts::near`] gives back.
    pub fn add(&mut self, text: &str, place: usize) {
        let Some((text, pairs)) = prepare(text) else {
            return;
        };
        let index = self.texts.len();
        for pair in &pairs {
            self.by_pair.entry(*pair).or_default().push(index);
        }
        self.exact.entry(text).or_insert(index);
        self.texts.push((pairs, place));
    }

    /// The place of a text that is at least 90 % the same, and how much, in percent.
    pub fn near(&self, text: &str) -> Option<(usize, usize)> {
        let (text, pairs) = prepare(text)?;
        if let Some(index) = self.exact.get(&text) {
            return Some((self.texts[*index].1, 100));
        }
        let mut tried = HashSet::new();
        for pair in self.telling(&pairs) {
            for index in self.by_pair.get(&pair).into_iter().flatten() {
                if tried.len() >= MOST_CANDIDATES {
                    return None;
                }
                if tried.insert(*index) {
                    let (other, place) = &self.texts[*index];
                    let alike = dice(&pairs, other);
                    if alike >= ALIKE {
                        return Some((*place, alike));
                    }
                }
            }
        }
        None
    }

    /// The pairs of which a near-copy must share at least one, rarest first:
    /// 90 % alike means that at most every fifth pair or so differs.
    fn telling(&self, pairs: &HashSet<Pair>) -> Vec<Pair> {
        let mut sorted: Vec<(usize, Pair)> = pairs
            .iter()
            .map(|pair| (self.by_pair.get(pair).map_or(0, Vec::len), *pair))
            .collect();
        sorted.sort_unstable();
        let enough = pairs.len() - pairs.len() * ALIKE / (200 - ALIKE) + 1;
        sorted.into_iter().take(enough).map(|(_, pair)| pair).collect()
    }
}

fn prepare(text: &str) -> Option<(String, HashSet<Pair>)> {
    let text: String = text.chars().filter(|c| !is_space(*c)).collect();
    let chars: Vec<char> = text.chars().collect();
    (chars.len() >= LEAST).then(|| {
        let pairs = chars.windows(2).map(|pair| (pair[0], pair[1])).collect();
        (text, pairs)
    })
}

/// Dice's coefficient of two sets of character pairs, in percent.
fn dice(a: &HashSet<Pair>, b: &HashSet<Pair>) -> usize {
    200 * a.intersection(b).count() / (a.len() + b.len()).max(1)
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
}
