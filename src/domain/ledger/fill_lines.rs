//! Labelled values above the header, and in the signature rows below the table.

use super::labels::{Labelled, Labels};
use super::row_kind::Table;
use super::{FillValue, Header, Titled};
use crate::domain::language::Language;
use crate::domain::program::{FillLine, FillRole, Form};
use crate::domain::table::{Cell, Pos, Row, Sheet, Value};
use crate::domain::text::{name_key, tidy};

/// Reads title and fill lines above a header: value behind the colon in the
/// same cell (several labels may share one) or in the next cell. What is not
/// said there is looked for in the signature rows below the table.
#[must_use]
pub fn read_fill_lines(sheet: &Sheet, header: &Header, form: &Form) -> (Option<Titled>, Vec<FillValue>) {
    let table = Table::of(sheet, header, form);
    let lines = Lines {
        sheet,
        form,
        labels: table.labels(),
    };
    let mut fill = Vec::new();
    let mut title: Option<((u16, usize), Titled)> = None;
    for row in sheet.rows.iter().take_while(|row| row.index < header.first_row) {
        for cell in lines.read(row, &mut fill) {
            let Some((rank, found)) = lines.title(row, cell) else {
                continue;
            };
            if title.as_ref().is_none_or(|(most, _)| *most < rank) {
                title = Some((rank, found));
            }
        }
    }
    let mut below = Vec::new();
    for row in sheet.rows.iter().filter(|row| row.index > header.last_row) {
        if table.is_signature(row) {
            lines.read(row, &mut below);
        }
    }
    for found in below {
        let said = |own: &FillValue| own.key == found.key && !own.value.is_empty();
        if !fill.iter().any(said) {
            fill.retain(|own| own.key != found.key || found.value.is_empty());
            fill.push(found);
        }
    }
    (title.map(|(_, title)| title), fill)
}

/// Reading of labelled values.
struct Lines<'a> {
    sheet: &'a Sheet,
    form: &'a Form,
    labels: &'a Labels,
}

impl Lines<'_> {
    /// Adds a row's values; returns the cells that are neither label nor value.
    fn read<'r>(&self, row: &'r Row, fill: &mut Vec<FillValue>) -> Vec<&'r Cell> {
        let cells: Vec<&Cell> = row.cells.iter().filter(|cell| !cell.value.is_blank()).collect();
        let mut rest = Vec::new();
        let mut at = 0;
        while let Some(cell) = cells.get(at) {
            at += 1;
            let Some(mut labelled) = self.labelled(cell) else {
                rest.push(*cell);
                continue;
            };
            let own = Pos::new(row.index, cell.column);
            let last = labelled.pop();
            for label in labelled {
                self.push(fill, label.line, &label.value, own);
            }
            let Some(last) = last else { continue };
            if !last.value.is_empty() {
                self.push(fill, last.line, &last.value, own);
                continue;
            }
            // The value stands in the next cell, a date perhaps in several.
            let line = last.line.and_then(|index| self.form.fill_lines.get(index));
            let dated = line.is_some_and(|line| matches!(line.role, FillRole::Period | FillRole::FilledOn));
            let mut value = String::new();
            let mut pos = own;
            while let Some(next) = cells.get(at).filter(|next| self.labelled(next).is_none()) {
                if value.is_empty() {
                    pos = Pos::new(row.index, next.column);
                } else if !dated {
                    break;
                }
                value.push_str(&value_text(&next.value, line));
                at += 1;
            }
            self.push(fill, last.line, &value, pos);
        }
        rest
    }

    /// The labels of a cell; none if it is no label.
    fn labelled(&self, cell: &Cell) -> Option<Vec<Labelled>> {
        let Value::Text(text) = &cell.value else {
            return None;
        };
        let split = self.labels.split(text);
        if split.iter().any(|label| label.line.is_some() || label.leads) {
            return Some(split);
        }
        Some(vec![self.labels.bare(text)?])
    }

    fn push(&self, fill: &mut Vec<FillValue>, line: Option<usize>, value: &str, pos: Pos) {
        let Some(line) = line.and_then(|index| self.form.fill_lines.get(index)) else {
            return;
        };
        fill.push(FillValue {
            key: line.key.clone(),
            value: filled_in(value),
            sheet: self.sheet.name.clone(),
            pos,
        });
    }

    /// A cell as a title, with its rank: the widest first, then the longest.
    fn title(&self, row: &Row, cell: &Cell) -> Option<((u16, usize), Titled)> {
        let Value::Text(text) = &cell.value else {
            return None;
        };
        let text = tidy(text);
        let length = text.chars().count();
        let pos = Pos::new(row.index, cell.column);
        let width = self
            .sheet
            .merge_at(pos)
            .map_or(0, |range| range.last.column.saturating_sub(range.first.column));
        let title = Titled {
            sheet: self.sheet.name.clone(),
            pos,
            text,
        };
        (length >= 2).then_some(((width, length), title))
    }
}

/// A value of a cell of its own. A month kept as the date of a day in it is a month.
fn value_text(value: &Value, line: Option<&FillLine>) -> String {
    match value {
        Value::Date(at) if line.is_some_and(|line| line.role == FillRole::Period) => {
            at.format("%Y年%-m月").to_string()
        }
        Value::Date(at) => crate::domain::dates::day(Language::Chinese, at.date()),
        other => tidy(&other.display()),
    }
}

/// A value without the line to write on; empty when only (签字) or (盖章) stands there.
fn filled_in(value: &str) -> String {
    let written = value.trim_matches(|c: char| matches!(c, '_' | '＿' | ',' | '，' | ';' | '；' | ' '));
    let key = name_key(written);
    let hint = ["签字", "签名", "盖章", "公章", "signature", "stamp"];
    let bracketed = key.starts_with('(') && key.ends_with(')');
    if bracketed && hint.iter().any(|word| key.contains(word)) {
        return String::new();
    }
    tidy(written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ledger::locate;
    use crate::domain::ledger::sample::{HEADERS as HEADER, merged, sheet};

    fn read(rows: &[&[&str]], merges: &[&str]) -> (Option<String>, Vec<(String, String, String)>) {
        let sheet = merged(sheet("台账", rows), merges);
        let form = crate::domain::fixture::form();
        let header = locate(&sheet, &form).unwrap();
        let (title, fill) = read_fill_lines(&sheet, &header, &form);
        let fill = fill
            .into_iter()
            .map(|found| (found.key, found.value, found.pos.to_string()));
        (title.map(|title| title.text), fill.collect())
    }

    fn own(key: &str, value: &str, cell: &str) -> (String, String, String) {
        (key.into(), value.into(), cell.into())
    }

    #[test]
    fn labels_that_share_a_cell() {
        let (title, fill) = read(
            &[
                &["2024年度乌塘镇领导开展“百千万工程”工作挂点调研台账"],
                &["挂点领导：袁 庆　　填报单位：袁庆挂点组　　填报月份：2024年11月"],
                &["填报人：陈丽娟　　审核人：　　联系电话：____"],
                &HEADER,
            ],
            &["A1:H1", "A2:H2", "A3:H3"],
        );
        assert_eq!(
            title.unwrap(),
            "2024年度乌塘镇领导开展“百千万工程”工作挂点调研台账"
        );
        assert_eq!(
            fill,
            [
                own("leader", "袁 庆", "A2"),
                own("unit", "袁庆挂点组", "A2"),
                own("period", "2024年11月", "A2"),
                own("filler", "陈丽娟", "A3"),
                own("reviewer", "", "A3"),
                own("phone", "", "A3"),
            ]
        );
    }

    #[test]
    fn values_in_the_next_cell() {
        let (title, fill) = read(
            &[
                &["附件3"],
                &["台账", "", "", "", "", "", "计量单位：个"],
                &["挂点镇领导", "", "林强", "", "填报单位（盖章）：", "（盖章）"],
                &["填报日期：", "2024", "年12月", "2日", "月份：", "11月"],
                &HEADER,
            ],
            &["A2:F2"],
        );
        assert_eq!(title.unwrap(), "台账", "the widest cell is the title");
        assert_eq!(
            fill,
            [
                own("leader", "林强", "C3"),
                own("unit", "", "F3"),
                own("filled_on", "2024年12月2日", "B4"),
                own("period", "11月", "F4"),
            ]
        );
    }

    #[test]
    fn a_month_kept_as_a_date_is_a_month() {
        let mut sheet = sheet("台账", &[&["填报月份：", "x"], &HEADER]);
        let first = chrono::NaiveDate::from_ymd_opt(2024, 11, 1).unwrap();
        sheet.rows[0].cells[1].value = Value::Date(first.into());
        let form = crate::domain::fixture::form();
        let header = locate(&sheet, &form).unwrap();
        let (_, fill) = read_fill_lines(&sheet, &header, &form);
        assert_eq!(fill[0].value, "2024年11月");
    }

    #[test]
    fn signature_rows_below_say_what_is_missing_above() {
        let (title, fill) = read(
            &[
                &["填报人：", "", "填报单位：规划办"],
                &HEADER,
                &["1", "11月5日", "边板村", "内容", "成效", "1", "联系人：张三", ""],
                &["填表人：陈丽娟", "", "", "审核人：吴秀英", "", "填报单位：别的办"],
            ],
            &[],
        );
        assert_eq!(title, None);
        assert_eq!(
            fill,
            [
                own("unit", "规划办", "C1"),
                own("filler", "陈丽娟", "A4"),
                own("reviewer", "吴秀英", "D4"),
            ]
        );
    }
}
