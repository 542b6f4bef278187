//! More rows than a ledger may have: counted before any of them is read.

use super::row_kind::Table;
use super::rows::{below, kinds};
use super::{Header, Skipped};
use crate::domain::program::Form;
use crate::domain::table::{Row, Sheet};

/// More rows than a ledger may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excess {
    /// How many there are.
    pub rows: usize,
    /// How many there may be.
    pub most: usize,
    /// Where most of them come from, if that shows.
    pub filled_down: Option<FilledDown>,
}

/// Rows one after the other that hold nothing but the same few columns: what a
/// value leaves behind that was dragged or copied down a whole column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledDown {
    /// The sheet's name.
    pub sheet: String,
    /// First and last of them, 1-based.
    pub rows: (u32, u32),
    /// The columns, 0-based.
    pub columns: Vec<u16>,
}

impl Excess {
    /// What there is to say of the tables of a workbook; none if there are no
    /// more than `most` rows below their headers. Rows that stand ready with
    /// nothing but their running number don't count.
    pub(super) fn of(tables: &[(&Sheet, Header)], form: &Form, most: usize) -> Option<Self> {
        let written: usize = tables
            .iter()
            .map(|(sheet, header)| below(sheet, header).len())
            .sum();
        // Nearly all ledgers are small, and each of their rows is looked at anyway.
        if written <= most {
            return None;
        }
        let mut excess = Self {
            rows: 0,
            most,
            filled_down: None,
        };
        let mut longest = 0;
        for (sheet, header) in tables {
            let table = Table::of(sheet, header, form);
            let counted: Vec<&Row> = kinds(below(sheet, header), &table, None)
                .into_iter()
                .filter(|(_, kind)| *kind != Some(Skipped::Unfilled))
                .map(|(row, _)| row)
                .collect();
            excess.rows += counted.len();
            if let Some((length, run)) = longest_run(sheet, &counted).filter(|(length, _)| *length > longest)
            {
                longest = length;
                excess.filled_down = Some(run);
            }
        }
        (excess.rows > most).then_some(excess)
    }
}

/// Columns that may be filled down together; rows with more are no leftovers.
const FEW: usize = 3;

/// The longest run of rows that hold the same few columns, and how many these
/// are, if they make at least half of all.
fn longest_run(sheet: &Sheet, rows: &[&Row]) -> Option<(usize, FilledDown)> {
    let columns = |row: &Row| -> Vec<u16> {
        let filled = row.cells.iter().filter(|cell| !cell.value.is_blank());
        filled.map(|cell| cell.column).take(FEW + 1).collect()
    };
    let mut longest: Option<(usize, FilledDown)> = None;
    let mut rest = rows;
    while let Some(first) = rest.first() {
        let own = columns(first);
        let length = rest.iter().take_while(|row| columns(row) == own).count().max(1);
        let (run, after) = rest.split_at(length);
        let longer = longest.as_ref().is_none_or(|(most, _)| length > *most);
        if own.len() <= FEW
            && longer
            && let (Some(first), Some(last)) = (run.first(), run.last())
        {
            let filled = FilledDown {
                sheet: sheet.name.clone(),
                rows: (first.index + 1, last.index + 1),
                columns: own,
            };
            longest = Some((length, filled));
        }
        rest = after;
    }
    longest.filter(|(length, _)| length * 2 >= rows.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture::form;
    use crate::domain::ledger::locate;
    use crate::domain::ledger::sample::sheet;

    const HEADER: [&str; 8] = [
        "序号",
        "调研时间",
        "调研地点",
        "调研内容",
        "调研成效",
        "调研推动解决问题数量(个)",
        "联系人及联系方式",
        "备注",
    ];
    const WHOLE: [&str; 8] = ["1", "11月5日", "塘沟村", "内容", "成效", "0", "张三", ""];
    const DATE: [&str; 2] = ["", "11月5日"];
    const NUMBER: [&str; 1] = ["9"];

    fn count(sheets: &[&[&[&str]]], most: usize) -> Option<Excess> {
        let form = form();
        let sheets: Vec<Sheet> = (0..)
            .zip(sheets)
            .map(|(n, rows)| {
                let mut all: Vec<&[&str]> = vec![&HEADER];
                all.extend(*rows);
                sheet(&format!("台账{n}"), &all)
            })
            .collect();
        let tables: Vec<_> = sheets
            .iter()
            .map(|sheet| (sheet, locate(sheet, &form).unwrap()))
            .collect();
        Excess::of(&tables, &form, most)
    }

    #[test]
    fn what_was_filled_down_is_named() {
        let rows: Vec<&[&str]> = [&WHOLE[..]; 2].into_iter().chain([&DATE[..]; 5]).collect();
        assert_eq!(count(&[&rows], 7), None);
        let excess = count(&[&rows], 6).unwrap();
        assert_eq!((excess.rows, excess.most), (7, 6));
        assert_eq!(
            excess.filled_down,
            Some(FilledDown {
                sheet: "台账0".into(),
                rows: (4, 8),
                columns: vec![1],
            })
        );
    }

    #[test]
    fn rows_that_stand_ready_do_not_count() {
        let rows: Vec<&[&str]> = [&WHOLE[..]; 2].into_iter().chain([&NUMBER[..]; 50]).collect();
        assert_eq!(count(&[&rows], 3), None);
    }

    #[test]
    fn sheets_count_together_and_whole_rows_are_no_leftovers() {
        let rows: Vec<&[&str]> = vec![&WHOLE[..]; 4];
        assert_eq!(count(&[&rows], 7), None);
        let excess = count(&[&rows, &rows], 7).unwrap();
        assert_eq!((excess.rows, excess.filled_down), (8, None));
    }
}
