//! What stands over each column: header texts, through merged and stacked cells.

use crate::domain::table::{Pos, Range, Sheet, Value};
use crate::domain::text::{name_key, tidy};

/// Columns beyond these are never headers; a bound for sheets made to hurt.
const MOST_COLUMNS: usize = 512;
/// A longer text, in bytes, is no header.
const LONGEST: usize = 300;

/// Marks that decorate a header.
const MARKS: [char; 8] = ['*', '＊', '★', '☆', '※', '▲', '△', '#'];
/// What a form says of a column in its header, in brackets mostly.
const REMARKS: [&str; 8] = [
    "必填项",
    "选填项",
    "必填",
    "选填",
    "必须填写",
    "required",
    "optional",
    "不填",
];

/// The form in which two headers are compared: as names are, without its
/// number (1. （一） ①), the star of a compulsory column and （必填）.
pub(super) fn header_key(text: &str) -> String {
    // ① is folded to 1, and then no number any more.
    let enclosed = |c: char| ('\u{2460}'..='\u{249b}').contains(&c);
    let named = text.trim_start().trim_start_matches(MARKS).strip_prefix(enclosed);
    let key = name_key(named.filter(|rest| !rest.is_empty()).unwrap_or(text));
    let mut bare = key.as_str();
    loop {
        let before = bare;
        bare = bare.trim_matches(MARKS);
        bare = without_number(without_remark(bare));
        if bare == before {
            break;
        }
    }
    if bare.is_empty() { key } else { bare.to_owned() }
}

/// Without a number and its point before a text, or its brackets.
fn without_number(key: &str) -> &str {
    let is_number = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let (rest, ends): (&str, &[char]) = match key.strip_prefix('(') {
        Some(rest) => (rest, &[')']),
        None => (key, &['.', '、', ')']),
    };
    let behind = rest.trim_start_matches(is_number);
    let few = (1..=3).contains(&rest[..rest.len() - behind.len()].chars().count());
    // 1.5 is no first column called 5.
    match behind.strip_prefix(ends) {
        Some(named) if few && !named.starts_with(|c: char| c.is_ascii_digit()) => named,
        _ => key,
    }
}

/// Without （必填） and the like before or behind a text.
fn without_remark(key: &str) -> &str {
    const OPEN: [char; 4] = ['(', '[', '【', '〔'];
    const CLOSE: [char; 4] = [')', ']', '】', '〕'];
    for remark in REMARKS {
        let behind = key.strip_suffix(CLOSE).unwrap_or(key).strip_suffix(remark);
        if let Some(name) = behind.and_then(|name| name.strip_suffix(OPEN)) {
            return name;
        }
        let before = key.strip_prefix(OPEN).unwrap_or(key).strip_prefix(remark);
        if let Some(name) = before.and_then(|name| name.strip_prefix(CLOSE)) {
            return name;
        }
    }
    key
}

/// A header without what stands in brackets: 数量(个) and 数量 are one column.
pub(super) fn without_brackets(key: &str) -> String {
    let mut depth = 0_u32;
    key.chars()
        .filter(|c| match c {
            '(' | '[' | '【' | '〔' => {
                depth += 1;
                false
            }
            ')' | ']' | '】' | '〕' => {
                depth = depth.saturating_sub(1);
                false
            }
            _ => depth == 0,
        })
        .collect()
}

/// One text over a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Level {
    /// As written, tidied.
    pub(super) text: String,
    /// As compared.
    pub(super) key: String,
    /// Whether the text stands in this very column, not in a merged cell that starts further left.
    pub(super) own: bool,
}

/// All that stands over a column, top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct HeaderText {
    /// 0-based column.
    pub(super) column: u16,
    /// Texts, each once.
    pub(super) levels: Vec<Level>,
}

impl HeaderText {
    /// Texts by which the column may be known, the most telling first:
    /// group and name together, the name alone, the group (for its first column).
    pub(super) fn names(&self) -> impl Iterator<Item = (String, String)> {
        let joined = (self.levels.len() > 1).then(|| {
            let text: Vec<&str> = self.levels.iter().map(|level| level.text.as_str()).collect();
            let key = self.levels.iter().map(|level| level.key.as_str()).collect();
            (text.join(" "), key)
        });
        let single = self.levels.iter().rev().filter(|level| level.own);
        joined
            .into_iter()
            .chain(single.map(|level| (level.text.clone(), level.key.clone())))
    }

    /// The column's own text: the lowest one that is not a group's.
    pub(super) fn own(&self) -> Option<&Level> {
        self.levels.iter().rev().find(|level| level.own)
    }
}

/// The texts over each column if the header were the `height` rows from `first` on.
pub(super) fn header_texts(sheet: &Sheet, first: u32, height: u32) -> Vec<HeaderText> {
    let last = first.saturating_add(height - 1);
    let merges: Vec<&Range> = sheet
        .merges
        .iter()
        .filter(|range| (first..=last).contains(&range.first.row))
        .collect();
    let mut columns: Vec<u16> = (first..=last)
        .filter_map(|row| sheet.row(row))
        .flat_map(|row| row.cells.iter().take(MOST_COLUMNS).map(|cell| cell.column))
        .collect();
    for range in &merges {
        let width = usize::from(range.last.column.saturating_sub(range.first.column));
        if height > 1 && width < MOST_COLUMNS {
            columns.extend(range.first.column..=range.last.column);
        }
    }
    columns.sort_unstable();
    columns.dedup();
    columns
        .into_iter()
        .filter_map(|column| {
            let mut levels: Vec<Level> = Vec::new();
            for row in first..=last {
                let pos = Pos::new(row, column);
                let merge = merges.iter().find(|range| range.contains(pos));
                let from = merge.map_or(pos, |range| range.first);
                let Some(text) = sheet.cell(from).and_then(|cell| header_cell(&cell.value)) else {
                    continue;
                };
                let key = header_key(&text);
                let own = from.column == column;
                if !key.is_empty() && levels.iter().all(|level| level.key != key) {
                    levels.push(Level { text, key, own });
                }
            }
            let any_own = levels.iter().any(|level| level.own);
            any_own.then_some(HeaderText { column, levels })
        })
        .collect()
}

/// A value as a header, tidied; none if it is blank or too long for one.
fn header_cell(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => (text.len() <= LONGEST).then(|| tidy(text)),
        Value::Empty | Value::Error(_) => None,
        other => Some(other.display().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::sample::{merged, sheet};

    #[test]
    fn groups_and_stacked_cells_are_seen_through() {
        let sheet = merged(
            sheet(
                "Sheet1",
                &[
                    &["序号", "调研成效", "", "备注"],
                    &["", "具体做法", "推动解决\n问题情况", ""],
                ],
            ),
            &["A1:A2", "B1:C1", "D1:D2"],
        );
        let texts = header_texts(&sheet, 0, 2);
        let names: Vec<Vec<String>> = texts
            .iter()
            .map(|text| text.names().map(|(_, key)| key).collect())
            .collect();
        assert_eq!(
            names,
            [
                vec!["序号"],
                vec!["调研成效具体做法", "具体做法", "调研成效"],
                vec!["调研成效推动解决问题情况", "推动解决问题情况"],
                vec!["备注"],
            ]
        );
    }

    #[test]
    fn brackets_and_stars_are_decoration() {
        for text in [
            "＊调研 时间",
            "1.调研时间",
            "12、调研时间",
            "（1）调研时间",
            "（二）调研时间",
            "①调研时间",
            "3)调研时间",
            "4）调研时间",
            "二、调研时间",
            "调研时间（必填）",
            "调研时间【必填】",
            "*1. 调研时间（必填项）",
            "（必填）调研时间",
            "★调研时间*",
            "调研时间（选填）*",
        ] {
            assert_eq!(header_key(text), "调研时间", "{text}");
        }
        for text in [
            "1月",
            "2024年目标",
            "1.5米以上",
            "(1)",
            "一季度",
            "必填",
            "一、",
            "是否必填",
            "三资管理",
        ] {
            assert_eq!(header_key(text), name_key(text), "{text}");
        }
        assert_eq!(without_brackets("数量(个)"), "数量");
    }
}
