//! Items from running text: `4.推动……。【牵头部门:规划办,协助部门:农业农村办】`.

use std::sync::LazyLock;

use regex::Regex;

use super::units::read_units;
use super::{Imported, Task, settle};
use crate::domain::text::half_width;

/// Characters of a heading that serve as an item's name.
const NAME: usize = 40;

/// `4.`, `4．`, `4、` at the beginning of a line.
static NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\s*(\d{1,3})\s*[.．、]\s*").ok());

/// `(一)`, `( 七 )`, `一、` at the beginning of a line.
static HEADING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"^\s*(?:[(（]\s*[一二三四五六七八九十]+\s*[)）]|[一二三四五六七八九十]+\s*、)\s*(.*)$").ok()
});

/// The clause that names the units, at the end of an item.
static CLAUSE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[【(（]\s*((?:牵头|责任)(?:单位|部门)?\s*[:：][^】]*?)[】)）]\s*。?\s*$").ok()
});

/// 共120项任务, 52项重点任务.
static TOTAL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(\d{1,4})\s*项(?:具体|重点|主要|工作)?(?:工作)?任务").ok());

/// Reads the items of a text. What has a number and names no unit is no item,
/// and is said.
#[must_use]
pub fn from_text(text: &str) -> Imported {
    let (Some(number), Some(heading), Some(clause)) = (&*NUMBER, &*HEADING, &*CLAUSE) else {
        return Imported::default();
    };
    let mut section = String::new();
    let mut blocks: Vec<(String, String, String)> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        let line = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        if line.is_empty() {
            continue;
        }
        if let Some(found) = number.captures(line) {
            let start = found.get(0).map_or(0, |own| own.end());
            blocks.push((found[1].to_owned(), section.clone(), line[start..].to_owned()));
            open = true;
        } else if let Some(found) = heading.captures(line) {
            section = title(&found[1]);
            open = false;
        } else if let Some((_, _, block)) = blocks.last_mut().filter(|_| open) {
            // A line that a page has broken; an item ends with its clause.
            if clause.is_match(block) {
                open = false;
            } else {
                block.push_str(line);
            }
        }
    }
    let has_clause = |block: &(String, String, String)| clause.is_match(&block.2);
    let first = blocks.iter().position(has_clause);
    let last = blocks.iter().rposition(has_clause);
    let mut tasks = Vec::new();
    let mut skipped = Vec::new();
    for (place, block) in blocks.iter().enumerate() {
        let Some(found) = clause.captures(&block.2) else {
            let within = first.is_some_and(|first| first < place) && last.is_some_and(|last| place < last);
            skipped.extend(within.then(|| block.0.clone()));
            continue;
        };
        let (number, section, whole) = block;
        let start = found.get(0).map_or(whole.len(), |own| own.start());
        let content = joined(&whole[..start]);
        tasks.push(Task {
            number: number.clone(),
            section: section.clone(),
            name: name(&content),
            units: read_units(&found[1]),
            printed: half_width(found[0].trim()).trim().to_owned(),
            content,
            ..Task::default()
        });
    }
    let mut imported = settle(tasks, &declared(text));
    if !skipped.is_empty() {
        let numbers = skipped.join("、");
        imported
            .odd
            .push(format!("序号{numbers}没有写牵头单位，没有列入。"));
    }
    imported
}

/// Totals that the text declares, each once.
pub(super) fn declared(text: &str) -> Vec<(usize, String)> {
    let Some(total) = &*TOTAL else {
        return Vec::new();
    };
    let text = joined(text);
    let mut found: Vec<(usize, String)> = Vec::new();
    for own in total.captures_iter(&text) {
        if let Ok(count) = own[1].parse::<usize>()
            && found.iter().all(|(known, _)| *known != count)
        {
            found.push((count, own[0].to_owned()));
        }
    }
    found
}

/// Text without the blanks that line breaks leave between its characters.
pub(super) fn joined(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let is_wide = |c: Option<&char>| c.is_some_and(|c| !c.is_ascii());
    let mut out = String::new();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let inside = is_wide(before) || is_wide(chars.get(at + 1));
        if c.is_whitespace() && inside {
            continue;
        }
        out.push(*c);
    }
    out.trim().to_owned()
}

/// A heading without what follows its first stop.
fn title(text: &str) -> String {
    let text = joined(text);
    let end = text.find(['。', ':', '：', '[']).unwrap_or(text.len());
    text[..end].to_owned()
}

/// What an item is called: its first sentence, as far as a heading goes.
pub(super) fn name(content: &str) -> String {
    let end = content.find(['。', '：']).unwrap_or(content.len());
    let sentence = &content[..end];
    match sentence.char_indices().nth(NAME) {
        Some((cut, _)) => {
            let comma = sentence[..cut].rfind(['，', ',', '、']).unwrap_or(cut);
            sentence[..comma].to_owned()
        }
        None => sentence.to_owned(),
    }
}
