//! Names of units that may be short for another one.

use super::Task;

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
