//! What a document asks for in a year, beside the years that its text names.

use std::sync::LazyLock;

use regex::Regex;

use super::Task;

static YEAR: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(20\d\d)\s*年").ok());

/// Items whose text names a year of which the column is empty, while that of
/// another year isn't: what is asked for may stand in the wrong column.
pub fn misplaced(tasks: &[Task]) -> Vec<String> {
    let Some(year) = &*YEAR else {
        return Vec::new();
    };
    let mut odd = Vec::new();
    for task in tasks {
        let columns: Vec<(&str, bool)> = task
            .further
            .iter()
            .filter_map(|(header, cell)| Some((year.captures(header)?.get(1)?.as_str(), !cell.is_empty())))
            .collect();
        let filled: Vec<&str> = columns.iter().filter(|own| own.1).map(|own| own.0).collect();
        let text = format!("{}，{}", task.name, task.content);
        let mut named = year.captures_iter(&text).filter_map(|found| found.get(1));
        let empty = named.find(|named| columns.contains(&(named.as_str(), false)));
        if let Some(empty) = empty.filter(|_| !filled.is_empty()) {
            odd.push(format!(
                "第{}项：写的是{}年，该年一栏空着，要求在{}年一栏，请核对。",
                task.number,
                empty.as_str(),
                filled.join("、")
            ));
        }
    }
    odd
}
