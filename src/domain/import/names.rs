//! Names of units beside the others of their list: run together, cut off, shortened.

use std::collections::BTreeSet;

use super::Task;
use super::units::UnitList;

/// How the names of units end. Another end is where a list was cut off.
const ENDINGS: &str = "办局委部站所会院联社队行司校心组室处镇乡街道村区位门员)）";

/// Every name that stands in some list.
fn known(tasks: &[Task]) -> BTreeSet<String> {
    let lists = tasks.iter().map(|task| &task.units);
    lists.flat_map(UnitList::names).cloned().collect()
}

/// Parts names that are two known ones without a mark between: 村委会自然村.
pub fn part(tasks: &mut [Task]) -> Vec<String> {
    let known = known(tasks);
    let mut odd = Vec::new();
    for task in tasks {
        let UnitList {
            leads,
            assists,
            unlabelled,
            ..
        } = &mut task.units;
        for names in [leads, assists, unlabelled] {
            for place in (0..names.len()).rev() {
                let Some((first, second)) = run_together(&names[place], &known) else {
                    continue;
                };
                let number = &task.number;
                odd.push(format!("第{number}项：“{first}”后面缺顿号，已分开。"));
                names.splice(place..=place, [first, second]);
            }
        }
    }
    odd
}

/// The two known names that a name consists of, the first as long as may be.
fn run_together(name: &str, known: &BTreeSet<String>) -> Option<(String, String)> {
    let ends: Vec<usize> = name.char_indices().map(|(at, _)| at).skip(2).collect();
    let mut parted = ends.iter().rev().map(|end| name.split_at(*end));
    let (first, second) = parted.find(|(first, second)| known.contains(*first) && known.contains(*second))?;
    Some((first.to_owned(), second.to_owned()))
}

/// Marks lists that begin or end within a name: 障局、…、区退役.
pub fn cut_off(tasks: &mut [Task]) -> Vec<String> {
    let known = known(tasks);
    let mut odd = Vec::new();
    for task in tasks {
        let units = &mut task.units;
        let ends = |name: &&String| name.chars().count() < 2 || !name.ends_with(|c| ENDINGS.contains(c));
        let begins = |name: &&String| {
            let mut others = known.iter();
            others.any(|other| other.len() > name.len() && other.ends_with(name.as_str()))
        };
        let head = units.names().next().filter(begins).cloned();
        let tail = units.names().last().filter(ends).cloned();
        for (name, what) in [(head, "开头"), (tail, "末尾")] {
            if let Some(name) = name {
                units.cut_off = true;
                odd.push(format!(
                    "第{}项：名单{what}的“{name}”像是不完整，不按排在第一位的牵头，请核对。",
                    task.number
                ));
            }
        }
    }
    odd
}

/// What may be a shortened name of another unit of the list: 农业办 of 农业农村办.
#[must_use]
pub fn abbreviations(tasks: &[Task]) -> Vec<String> {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for name in tasks.iter().flat_map(|task| {
        let units = &task.units;
        units.leads.iter().chain(&units.assists).chain(&units.unlabelled)
    }) {
        match counts.iter_mut().find(|(own, _)| own == name) {
            Some((_, count)) => *count += 1,
            None => counts.push((name, 1)),
        }
    }
    let mut odd = Vec::new();
    for (name, count) in &counts {
        let fuller = counts
            .iter()
            .filter(|(other, more)| more >= count && is_short_for(name, other))
            .max_by_key(|(_, more)| *more);
        if let Some((fuller, _)) = fuller {
            odd.push(format!(
                "“{name}”可能是“{fuller}”的简写，请核对后写进名册的别名。"
            ));
        }
    }
    odd
}

/// Whether all characters of a name stand in another in their order, and both
/// begin and end alike.
fn is_short_for(name: &str, other: &str) -> bool {
    let ends = |text: &str| (text.chars().next(), text.chars().last());
    if name.chars().count() < 3 || name.chars().count() >= other.chars().count() || ends(name) != ends(other)
    {
        return false;
    }
    let mut rest = other.chars();
    name.chars().all(|c| rest.any(|own| own == c))
}
