//! Rows that look like data and are none: column numbers, hints, strokes, a
//! nil report in a clerk's own words, and what stands below a table.

use std::sync::LazyLock;

use regex::Regex;

use super::{Table, header_key, is_content_number, short_key, text_of};
use crate::domain::ledger::{Skipped, read_dates};
use crate::domain::program::ColumnKind;
use crate::domain::table::{Cell, Row, Shown, Value};
use crate::domain::text::{half_width, is_stroke, without_spaces};

/// Bytes of the longest number of a column, with brackets and blanks around it.
const LONGEST_PLACE: usize = 24;
/// A longer text, in characters, tells more than that there was nothing.
const LONGEST_NIL: usize = 24;
/// Words of a line on how a column is to be filled in.
const HINTS: [&str; 12] = [
    "填写",
    "必填",
    "选填",
    "请填",
    "例如",
    "如:",
    "格式",
    "按实际",
    "字以内",
    "下拉",
    "精确到",
    "单选",
];
/// Words in the label of somebody who signs.
const SIGNS: [&str; 9] = [
    "签",
    "审核",
    "审批",
    "负责人",
    "制表",
    "复核",
    "盖章",
    "填表",
    "填报",
];

/// 本月未开展调研, 因开会较多没有下村.
static NOTHING_DONE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^
        (?: \d{4}年 | \d{1,2}月份? | [本当该](?:月份?|期|季度?|年度?|周|半年) | [本我]?单位 | 领导 | 书记 | 镇长 | 同志 | [,，:] )*
        (?: 因 .{1,12} )?
        (?: 没有 .{0,4} | 暂无 .{0,4} | 无 (?: [^人] .{0,3} )? | [暂尚均]? 未 (?: [^来] .{0,3} )? ) (?: 开展 | 调研 | 下村 | 涉及 | 安排 | 走访 )",
    )
    .unwrap_or_else(|error| unreachable!("a fixed expression: {error}"))
});

/// A month without a day: 11月, 2024年11月份, 本月.
static BARE_MONTH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:(?:\d{4}年)?\d{1,2}月份?|本月|当月|\d{4}[.-]\d{1,2})$")
        .unwrap_or_else(|error| unreachable!("a fixed expression: {error}"))
});

impl Table<'_> {
    /// 甲 1 2 3, A B C or (1) (2) (3) across the columns.
    pub(super) fn is_column_numbers(&self, cells: &[&Cell]) -> bool {
        let place = |cell: &&Cell| -> Option<u32> {
            if matches!(&cell.value, Value::Text(text) if text.len() > LONGEST_PLACE) {
                return None;
            }
            let text = without_spaces(&half_width(&cell.value.display()));
            let text = text.trim_matches(['(', ')']);
            match text {
                "甲" | "乙" | "丙" | "丁" => Some(0),
                _ if text.len() == 1 && text.as_bytes()[0].is_ascii_alphabetic() => {
                    Some(u32::from(text.as_bytes()[0].to_ascii_uppercase() - b'A') + 1)
                }
                _ => text.parse().ok().filter(|number| *number < 100),
            }
        };
        let Some(places) = cells.iter().map(place).collect::<Option<Vec<u32>>>() else {
            return false;
        };
        let lettered = places.iter().take_while(|place| **place == 0).count();
        let rest = &places[lettered..];
        cells.len() >= 3
            && cells.len() * 2 > self.by_column.len()
            && rest.first().is_none_or(|first| *first <= 2)
            && rest.windows(2).all(|pair| pair[1] == pair[0] + 1)
    }

    /// How each column is to be filled in, below the header: （必填）, 填写年月日.
    pub(super) fn is_hints(cells: &[&Cell]) -> bool {
        cells.len() >= 2
            && cells.iter().all(|cell| {
                let Some(text) = text_of(cell) else { return false };
                let key = without_spaces(&half_width(text));
                let bracketed = key.starts_with('(') && key.ends_with(')');
                bracketed || HINTS.iter().any(|hint| key.contains(hint))
            })
    }

    /// Strokes in every cell but the running number, two at least.
    pub(super) fn is_crossed_out(&self, cells: &[&Cell]) -> bool {
        let mut said = cells.iter().filter(|cell| !self.is_running_number(cell));
        let stroked = |cell: &&&Cell| text_of(cell).is_some_and(is_stroke);
        said.clone().count() >= 2 && said.all(|cell| stroked(&cell))
    }

    /// 本月未开展调研 in any cell, with nothing beside it but a contact, a
    /// remark, 0 or 无, or a bare month; or 无 beside a bare month.
    pub(super) fn says_nothing_done(&self, cells: &[&Cell]) -> bool {
        // Hardly any row has such a word in so short a text, and looking for one is quick.
        let worded = |text: &str| text.len() <= 4 * LONGEST_NIL && text.contains(['无', '未', '没', '⽆']);
        if !cells.iter().any(|cell| text_of(cell).is_some_and(worded)) {
            return false;
        }
        let said: Vec<&&Cell> = cells
            .iter()
            .filter(|cell| !self.is_running_number(cell))
            .collect();
        let kind = |cell: &Cell| self.column(cell.column).map(|(_, column)| &column.kind);
        let is_dates = |cell: &Cell| matches!(kind(cell), Some(ColumnKind::Dates));
        let declares = |cell: &Cell| {
            short_key(cell)
                .is_some_and(|key| key.chars().count() <= LONGEST_NIL && NOTHING_DONE.is_match(&key))
        };
        let is_none = |cell: &Cell| match &cell.value {
            Value::Number(number) => *number == 0.0,
            _ => {
                short_key(cell).is_some_and(|key| key == "无" || key == "0")
                    || text_of(cell).is_some_and(is_stroke)
            }
        };
        let is_month = |cell: &Cell| {
            is_dates(cell)
                && text_of(cell).is_some_and(|text| BARE_MONTH.is_match(&without_spaces(&half_width(text))))
        };
        let aside = |cell: &Cell| {
            matches!(kind(cell), Some(ColumnKind::Contact | ColumnKind::Remark))
                || self.column(cell.column).is_none()
        };
        if said.iter().any(|cell| declares(cell)) {
            return said
                .iter()
                .all(|cell| declares(cell) || is_none(cell) || is_month(cell) || aside(cell));
        }
        said.iter().any(|cell| is_month(cell))
            && said
                .iter()
                .any(|cell| short_key(cell).is_some_and(|key| key == "无"))
            && said.iter().all(|cell| is_none(cell) || is_month(cell))
    }

    /// Whether a row is data enough to end a table: two filled columns, the
    /// running number apart.
    pub(in crate::domain::ledger) fn is_substantial(&self, row: &Row) -> bool {
        self.filled(row).count() >= 2
    }

    /// Why a row below the last substantial one is no data; none for an
    /// unfinished row: numbered, or a date or a place in its own column.
    pub(in crate::domain::ledger) fn below_the_table(
        &self,
        row: &Row,
        span: (chrono::NaiveDate, chrono::NaiveDate),
        places: &[&str],
    ) -> Option<Skipped> {
        if row.cells.iter().any(|cell| self.is_running_number(cell)) {
            return None;
        }
        let mut filled = self.filled(row);
        let unfinished = filled.any(
            |cell| match self.column(cell.column).map(|(_, column)| &column.kind) {
                Some(ColumnKind::Dates) => {
                    let shown = Shown::Plain;
                    matches!(cell.value, Value::Date(_))
                        || read_dates(&cell.value, shown, span).problem.is_none()
                }
                Some(ColumnKind::Places) => {
                    let text = without_spaces(&half_width(&cell.value.display()));
                    places.iter().any(|place| text.contains(place))
                }
                // An amount without a name is not lost in silence.
                Some(ColumnKind::Number { .. } | ColumnKind::Count { .. }) => is_content_number(cell),
                _ => false,
            },
        );
        (!unfinished).then_some(Skipped::Note)
    }

    /// 单位负责人签名： with the name in another cell, or none.
    pub(super) fn is_signed(cells: &[&Cell]) -> bool {
        let label = cells.first().and_then(|cell| text_of(cell)).map(half_width);
        let label = label.as_deref().map(str::trim_end);
        cells.len() <= 3
            && label.is_some_and(|label| {
                label.ends_with(':')
                    && label.chars().count() <= 15
                    && SIGNS.iter().any(|sign| label.contains(sign))
            })
    }

    /// Whether another table's header stands here: 序号 and short words, not
    /// all of them this table's.
    pub(in crate::domain::ledger) fn is_other_header(&self, row: &Row) -> bool {
        let numbered = row.first_cell().is_some_and(|cell| {
            self.is_sequence(cell.column)
                && short_key(cell).is_some_and(|key| matches!(key.as_str(), "序号" | "编号" | "no"))
        });
        if !numbered {
            return false;
        }
        let worded = |cell: &&Cell| {
            text_of(cell).is_some_and(|text| {
                let text = text.trim();
                let telling =
                    |c: char| c.is_ascii_digit() || matches!(c, '。' | ',' | '，' | '；' | ':' | '：');
                text.chars().count() <= 15 && !text.contains(telling)
            })
        };
        let cells: Vec<&Cell> = row.cells.iter().filter(|cell| !cell.value.is_blank()).collect();
        // The same words in another order are this table's own, and their rows are not to be lost.
        let own = |cell: &&Cell| {
            let key = text_of(cell).map(header_key).unwrap_or_default();
            self.texts.values().any(|texts| texts.contains(&key))
        };
        cells.len() >= 3 && cells.iter().all(worded) && !cells.iter().all(own)
    }

    /// Filled cells of the form's columns, the running number apart.
    fn filled<'r>(&self, row: &'r Row) -> impl Iterator<Item = &'r Cell> {
        row.cells.iter().filter(|cell| {
            !cell.value.is_blank() && self.column(cell.column).is_some() && !self.is_sequence(cell.column)
        })
    }
}
