//! Lists of units as documents print them.

use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use crate::domain::text::half_width;

/// What a list of units says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct UnitList {
    /// Who leads.
    pub leads: Vec<String>,
    /// Who assists.
    pub assists: Vec<String>,
    /// Named without saying as what.
    pub unlabelled: Vec<String>,
    /// Whether its beginning or end seems to be missing: who stands first needn't lead then.
    pub cut_off: bool,
    /// What a person has to look at.
    pub odd: Vec<String>,
}

impl UnitList {
    /// All names, as they stand.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.leads.iter().chain(&self.assists).chain(&self.unlabelled)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Label {
    Lead,
    Assist,
}

/// 牵头单位：, 配合部门:, 责任单位： (which says nothing), anywhere in a list.
static LABELS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(牵头|责任|成员|主办|配合|协助|协办|参与)(?:单位|部门|科室)?\s*[:：]").ok()
});

/// Leftovers of word processors, such as `[bookmark: _GoBack]`.
static LEFTOVERS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\[[A-Za-z]+:[^\]]*\]").ok());

/// More leads than these, and nobody who assists, are rather both together.
const MOST_LEADS: usize = 3;

/// What stands behind the last of several who share the work.
const SHARING: [&str; 6] = ["分别负责", "分别牵头", "根据职能", "等部门", "等单位", "等"];

/// Endings by which a shortened name is completed from the next one: 东简、东山街道.
const SHARED: [&str; 4] = ["街道", "镇", "乡", "村"];

/// Reads a list: labels, brackets whose commas divide nothing, repetitions,
/// names shortened by what follows them.
#[must_use]
pub fn read_units(text: &str) -> UnitList {
    let mut list = UnitList::default();
    let cleaned = match &*LEFTOVERS {
        Some(leftovers) => leftovers.replace_all(text, "").into_owned(),
        None => text.to_owned(),
    };
    if cleaned != text {
        list.odd
            .push("单位名单里有文字处理软件的残留，已去掉。".to_owned());
    }
    let outer = |c: char| c.is_whitespace() || matches!(c, '【' | '】' | '。' | '；' | ';');
    let cleaned = unwrapped(cleaned.trim_matches(outer));
    let parts = labelled(cleaned);
    let mut leads_said = 0;
    for (label, part) in parts {
        let units = divided(part, &mut list.odd);
        match label {
            Some(Label::Lead) => {
                leads_said += 1;
                if leads_said == 1 {
                    list.leads.extend(units);
                } else {
                    list.odd
                        .push("“牵头单位”写了不止一次，只取第一处，其余请核对。".to_owned());
                    list.unlabelled.extend(units);
                }
            }
            Some(Label::Assist) => list.assists.extend(units),
            None => list.unlabelled.extend(units),
        }
    }
    // A comma before a label divides; one at the very end is left over.
    if cleaned.ends_with(['、', '，', ',']) {
        list.cut_off = true;
        list.odd.push("名单末尾有多余的顿号。".to_owned());
    }
    if leads_said == 1 && list.assists.is_empty() && list.leads.len() > MOST_LEADS {
        list.odd.push(format!(
            "“牵头单位”后面有{}个单位，没有配合单位，是否都牵头请核对。",
            list.leads.len()
        ));
    }
    if list.leads.is_empty() && list.assists.is_empty() && has_shared_work(cleaned) {
        list.odd.push("“分别负责”，都算牵头，请核对。".to_owned());
        list.leads = std::mem::take(&mut list.unlabelled);
    }
    let UnitList {
        leads,
        assists,
        unlabelled,
        odd,
        cut_off: _,
    } = &mut list;
    for units in [leads, assists, unlabelled] {
        once(units, odd);
    }
    list
}

/// Text without the brackets that stand around all of it.
fn unwrapped(text: &str) -> &str {
    let inner = text
        .strip_prefix(['(', '（'])
        .and_then(|text| text.strip_suffix([')', '）']));
    match inner {
        Some(inner) if LABELS.as_ref().is_some_and(|labels| labels.is_match(inner)) => inner,
        _ => text,
    }
}

fn has_shared_work(text: &str) -> bool {
    text.contains("分别负责") || text.contains("分别牵头")
}

/// The parts of a list with what they are labelled as.
fn labelled(text: &str) -> Vec<(Option<Label>, &str)> {
    let Some(labels) = &*LABELS else {
        return vec![(None, text)];
    };
    let mut parts = Vec::new();
    let mut label = None;
    let mut from = 0;
    for found in labels.captures_iter(text) {
        let Some(whole) = found.get(0) else { continue };
        if whole.start() > from {
            parts.push((label, &text[from..whole.start()]));
        }
        label = match found.get(1).map(|word| word.as_str()) {
            Some("牵头" | "主办") => Some(Label::Lead),
            Some("责任" | "成员") => None,
            _ => Some(Label::Assist),
        };
        from = whole.end();
    }
    parts.push((label, &text[from..]));
    parts
}

/// The names of a part; commas within brackets divide nothing.
fn divided(part: &str, odd: &mut Vec<String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut name = String::new();
    let mut depth = 0_u32;
    let mut chars = part.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '(' | '（' => depth += 1,
            ')' | '）' => {
                depth = depth.saturating_sub(1);
                name.push(c);
                let next = chars.peek().copied();
                let divides = |c: char| matches!(c, '、' | ',' | '，' | ';' | '；' | ')' | '）' | '。');
                if depth == 0 && next.is_some_and(|c| !divides(c) && !c.is_whitespace()) {
                    let after: String = chars.clone().take(4).collect();
                    // 区农业局（乡村振兴局）办公室 is one name.
                    if !after.starts_with("办公室") && !after.starts_with("分别") {
                        odd.push(format!("“{}”后面缺顿号，已分开。", name.trim()));
                        names.push(std::mem::take(&mut name));
                    }
                }
                continue;
            }
            '、' | ',' | '，' | ';' | '；' | '\n' if depth == 0 => {
                names.push(std::mem::take(&mut name));
                continue;
            }
            _ => {}
        }
        name.push(c);
    }
    names.push(name);
    let mut names: Vec<String> = names
        .iter()
        .map(|name| tidied(name))
        .filter(|name| !name.is_empty())
        .collect();
    complete(&mut names, odd);
    names
}

/// A name without spaces within it, half-width brackets, and 分别负责.
fn tidied(name: &str) -> String {
    let name: String = half_width(name).chars().filter(|c| !c.is_whitespace()).collect();
    let name = name.trim_matches(|c: char| matches!(c, '。' | '.' | ':' | '：' | '【' | '】'));
    let name = SHARING
        .iter()
        .fold(name, |name, word| name.strip_suffix(word).unwrap_or(name));
    name.to_owned()
}

/// Completes names that are shortened by the next one: 东简、东山街道.
fn complete(names: &mut [String], odd: &mut Vec<String>) {
    for place in (0..names.len().saturating_sub(1)).rev() {
        let next = names[place + 1].clone();
        let own = &names[place];
        let short = own.chars().count() == 2 && !own.ends_with(['办', '局', '委', '部', '站', '所']);
        let ending = SHARED
            .iter()
            .find(|ending| next.ends_with(**ending) && next.chars().count() == 2 + ending.chars().count());
        if let Some(ending) = ending.filter(|ending| short && !own.ends_with(**ending)) {
            let whole = format!("{own}{ending}");
            odd.push(format!("“{own}”按后面的写法补成“{whole}”。"));
            names[place] = whole;
        }
    }
}

/// Leaves each name once.
fn once(names: &mut Vec<String>, odd: &mut Vec<String>) {
    let mut seen: Vec<String> = Vec::new();
    for name in names.drain(..) {
        if seen.contains(&name) {
            odd.push(format!("“{name}”写了两次。"));
        } else {
            seen.push(name);
        }
    }
    *names = seen;
}
