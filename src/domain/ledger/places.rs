//! Cells that name places.
//!
//! A name is taken for a place only when no other can be meant: places differ
//! by one character (边宜塘村, 边草塘村), so likeness makes suggestions, never a
//! match.

mod side_by_side;

use super::PlaceReading;
use crate::domain::text::{half_width, half_width_char, is_space, without_spaces};

pub use side_by_side::read_side_by_side;

/// How many places are suggested when none is taken.
const MOST_CANDIDATES: usize = 4;

/// What follows a village's name, with or without its 村, when its committee is meant.
const COMMITTEE: [&str; 6] = ["村民委员会", "村委会", "民委员会", "委会", "村行政村", "行政村"];

/// Traditional characters of village names, each followed by its simplified form.
const SIMPLIFIED: &str = "邊边陳陈張张羅罗陸陆譚谭吳吴馮冯東东萬万門门龍龙鎮镇楊杨劉刘黃黄葉叶鄧邓趙赵許许\
    蘇苏盧卢蔣蒋謝谢鄭郑鐘钟鍾钟龐庞嶺岭橋桥灣湾溝沟莊庄園园場场廟庙樓楼蘭兰榮荣華华豐丰興兴貢贡補补掃扫機机\
    澗涧頭头後后裏里裡里鳳凤馬马鳥鸟魚鱼壩坝島岛塢坞鹽盐麥麦舊旧雙双連连達达過过遠远寶宝實实聖圣慶庆廣广韋韦\
    顏颜鄔邬圍围長长岡冈崗岗烏乌壢坜垻坝溫温淺浅濱滨鋪铺舖铺鄉乡會会員员";

/// What a single name is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlaceMatch {
    /// The full name.
    Exact(String),
    /// Written short, with a hamlet, in traditional characters; only one place fits.
    Abbreviated(String),
    /// No place, or more than one: those that could be meant.
    Unknown(Vec<String>),
}

/// Finds the place that a name means among all known places. Spaces, the
/// prefixes (乌塘镇) and the suffix of a village committee make no difference.
#[must_use]
pub fn match_place(name: &str, places: &[&str], prefixes: &[String]) -> PlaceMatch {
    if places.contains(&name) {
        return PlaceMatch::Exact(name.to_owned());
    }
    let written = without_spaces(&half_width(name));
    let written = counted_out(&written, places);
    let key = stem(written, places, prefixes);
    if let Some(place) = known(key, places) {
        return PlaceMatch::Exact(place.to_owned());
    }
    let simplified = simplify(written);
    let key = stem(&simplified, places, prefixes);
    if let Some(place) = known(key, places) {
        return PlaceMatch::Abbreviated(place.to_owned());
    }
    match short_for(key, places).as_slice() {
        [place] => PlaceMatch::Abbreviated((*place).to_owned()),
        [] => PlaceMatch::Unknown(suggestions(key, places)),
        several => PlaceMatch::Unknown(
            several
                .iter()
                .take(MOST_CANDIDATES)
                .map(|&place| place.to_owned())
                .collect(),
        ),
    }
}

/// Reads a cell with one or several places. A cell without any text has none.
#[must_use]
pub fn read_places(text: &str, places: &[&str], prefixes: &[String]) -> Vec<PlaceReading> {
    let text = text.trim_matches(is_space);
    if text.is_empty() {
        return Vec::new();
    }
    if places.contains(&text) {
        return vec![reading(text, PlaceMatch::Exact(text.to_owned()))];
    }
    let mut readings = Vec::new();
    for part in split(text, places) {
        let whole = match_place(part, places, prefixes);
        if matches!(whole, PlaceMatch::Unknown(_))
            && let Some(spaced) = split_at_spaces(part, places, prefixes)
        {
            readings.extend(spaced);
        } else {
            readings.push(reading(part, whole));
        }
    }
    if readings.is_empty() {
        readings.push(reading(text, PlaceMatch::Unknown(Vec::new())));
    }
    readings
}

fn reading(written: &str, found: PlaceMatch) -> PlaceReading {
    let (place, abbreviated, candidates) = match found {
        PlaceMatch::Exact(place) => (Some(place), false, Vec::new()),
        PlaceMatch::Abbreviated(place) => (Some(place), true, Vec::new()),
        PlaceMatch::Unknown(candidates) => (None, false, candidates),
    };
    PlaceReading {
        written: written.to_owned(),
        place,
        abbreviated,
        candidates,
    }
}

fn known<'p>(name: &str, places: &[&'p str]) -> Option<&'p str> {
    places.iter().copied().find(|place| *place == name)
}

/// The name without what may stand around it; stops as soon as a known place
/// is left, since places may begin like a prefix (乌塘圩村).
fn stem<'n>(name: &'n str, places: &[&str], prefixes: &[String]) -> &'n str {
    let is_known = |name: &str| known(name, places).is_some();
    let mut name = name;
    // A running number before the name: 1.边板村.
    if !is_known(name) {
        name = name.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ')'));
    }
    // The county or city that the town lies in.
    while !is_known(name) && starts_with_any(name, prefixes).is_none() {
        match above_town(name) {
            Some(rest) => name = rest,
            None => break,
        }
    }
    while !is_known(name) {
        match starts_with_any(name, prefixes) {
            Some(rest) if !rest.is_empty() => name = rest,
            _ => break,
        }
    }
    if is_known(name) {
        return name;
    }
    let mut without = COMMITTEE
        .iter()
        .filter_map(|suffix| name.strip_suffix(suffix))
        .filter(|rest| !rest.is_empty());
    without
        .clone()
        .find(|rest| is_known(rest))
        .or_else(|| without.next_back())
        .unwrap_or(name)
}

fn starts_with_any<'n>(name: &'n str, prefixes: &[String]) -> Option<&'n str> {
    prefixes
        .iter()
        .filter(|prefix| !prefix.is_empty())
        .find_map(|prefix| name.strip_prefix(prefix.as_str()))
}

/// What follows a province, city, county or district at the start of a name.
fn above_town(name: &str) -> Option<&str> {
    let (at, c) = name
        .char_indices()
        .skip(1)
        .take(5)
        .find(|(_, c)| matches!(c, '省' | '市' | '县' | '区'))?;
    let rest = &name[at + c.len_utf8()..];
    (!rest.is_empty()).then_some(rest)
}

/// The name without the count that ends a list: 边板两村, 边板村等2个村.
fn counted_out<'n>(name: &'n str, places: &[&str]) -> &'n str {
    if known(name, places).is_some() {
        return name;
    }
    let Some(counted) = name.strip_suffix('村') else {
        return name;
    };
    let counted = counted.strip_suffix('个').unwrap_or(counted);
    let number = |c: char| {
        c.is_ascii_digit()
            || matches!(
                c,
                '两' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十'
            )
    };
    let rest = counted.trim_end_matches(number);
    let told = rest.len() < counted.len();
    let rest = rest.strip_suffix('等').unwrap_or(rest);
    let bare = rest.strip_suffix('村').unwrap_or(rest);
    let fits = places
        .iter()
        .any(|place| *place == rest || place.strip_suffix('村') == Some(bare));
    if told && fits { rest } else { name }
}

fn simplify(text: &str) -> String {
    let simplified = |c: char| {
        let mut pairs = SIMPLIFIED.chars();
        while let (Some(traditional), Some(simple)) = (pairs.next(), pairs.next()) {
            if traditional == c {
                return simple;
            }
        }
        c
    };
    text.chars()
        .map(|c| if c.is_ascii() { c } else { simplified(c) })
        .collect()
}

/// Places that a name is short for, or that it names along with something
/// within them (乌塘圩村下村自然村, 山口王村(陈村小组)).
fn short_for<'p>(key: &str, places: &[&'p str]) -> Vec<&'p str> {
    let before_bracket = key.split_once('(').map_or(key, |(before, _)| before);
    let short = |place: &str| {
        place
            .strip_suffix('村')
            .is_some_and(|short| short == before_bracket)
    };
    let mut found: Vec<&str> = places.iter().copied().filter(|place| short(place)).collect();
    let longest = places
        .iter()
        .copied()
        .filter(|place| !place.is_empty() && key.starts_with(place))
        .max_by_key(|place| place.len());
    if let Some(place) = longest {
        found.push(place);
        // A second known place in one name: a hamlet of that name or that place, nobody can tell.
        let rest = &key[place.len()..];
        found.extend(
            places
                .iter()
                .copied()
                .filter(|other| !other.is_empty() && rest.contains(other)),
        );
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Places with all characters of the name in order (乌塘村 for 乌塘圩村), or
/// else those that differ in one character.
fn suggestions(key: &str, places: &[&str]) -> Vec<String> {
    let length = key.chars().count();
    if length < 2 {
        return Vec::new();
    }
    let in_order = |place: &&str| {
        let mut rest = place.chars();
        key.chars().all(|c| rest.any(|own| own == c))
    };
    let one_off = |place: &&str| {
        length > 2
            && place.chars().count() == length
            && place
                .chars()
                .zip(key.chars())
                .filter(|(own, other)| own != other)
                .count()
                == 1
    };
    let mut found: Vec<&str> = places.iter().copied().filter(in_order).collect();
    if found.is_empty() {
        found = places.iter().copied().filter(one_off).collect();
    }
    found
        .into_iter()
        .take(MOST_CANDIDATES)
        .map(str::to_owned)
        .collect()
}

/// Splits a cell at separators outside brackets and outside known places.
fn split<'t>(text: &'t str, places: &[&str]) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let (mut start, mut at, mut depth) = (0, 0, 0_u32);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if let Some(length) = places
            .iter()
            .filter(|place| rest.starts_with(**place))
            .map(|place| place.len())
            .max()
            && length > 0
        {
            at += length;
            continue;
        }
        let next = at + c.len_utf8();
        match half_width_char(c) {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            folded if depth == 0 || folded == '\n' => {
                let sure = matches!(folded, '、' | ',' | ';' | '/' | '\n' | '\r');
                // 和 may be part of a name that is not known (永和村, 和平村).
                let maybe = matches!(folded, '和' | '及')
                    && text[start..at].chars().nth(1).is_some()
                    && text[next..].chars().nth(1).is_some();
                if sure || maybe {
                    parts.push(&text[start..at]);
                    start = next;
                    depth = 0;
                }
            }
            _ => {}
        }
        at = next;
    }
    parts.push(&text[start..]);
    parts
        .iter()
        .map(|part| part.trim_matches(is_space))
        .filter(|part| part.chars().any(char::is_alphabetic))
        .collect()
}

/// Places with only spaces between them, if every one of them is a place.
fn split_at_spaces(part: &str, places: &[&str], prefixes: &[String]) -> Option<Vec<PlaceReading>> {
    let readings: Vec<_> = part
        .split(is_space)
        .filter(|piece| !piece.is_empty())
        .map(|piece| reading(piece, match_place(piece, places, prefixes)))
        .collect();
    (readings.len() > 1 && readings.iter().all(|reading| reading.place.is_some())).then_some(readings)
}

#[cfg(test)]
mod tests;
