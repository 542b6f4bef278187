//! One row by itself: an address, a liaison, a further name.

use super::cells::{ColumnKey, Columns, cell, put};
use super::{CellChange, Change, ChangeKind, LONGEST_CELL, Plan, problem};
use crate::domain::definition::Problem;
use crate::domain::kept_table::{KeptTable, NextRow};
use crate::domain::program::RosterTable;
use crate::domain::text::tidy;

/// The table with some cells of a row as they are given; none where it has no
/// row of that id.
///
/// # Errors
/// What is wrong with what was given.
pub fn with_cells(
    before: &KeptTable,
    table: RosterTable,
    id: &str,
    given: &[(&'static str, String)],
) -> Result<Option<Plan>, Vec<Problem>> {
    let mut columns = Columns::of(table, before.header());
    let own = |cells: &[String]| cell(cells, columns.known("id")) == id;
    let Some(place) = before.rows().iter().position(|row| own(&row.cells)) else {
        return Ok(None);
    };
    let mut plan = Plan {
        header: before.header().to_vec(),
        ..Plan::default()
    };
    let mut cells = before.rows()[place].cells.clone();
    let (mut changed, mut wrong) = (Vec::new(), Vec::new());
    let contact = given.iter().all(|(key, _)| table.contacts().contains(key));
    for (key, text) in given {
        let text = tidy(text);
        let header = table.field(key).map_or(*key, |field| field.headers[0]);
        if text.chars().count() > LONGEST_CELL {
            let message = format!("“{header}”有{}个字。", text.chars().count());
            wrong.push(problem(None, message, format!("最多{LONGEST_CELL}个字。")));
        } else if text.starts_with(['=', '@', '＝', '＠']) {
            let message = format!("“{header}”不能以“=”或“@”开头。");
            wrong.push(problem(None, message, "用表格软件打开时会被当作公式，请改写。"));
        }
        let column = ColumnKey::Known(key);
        let was = cell(&cells, columns.place(&column)).to_owned();
        if column.says_the_same(&was, &text) {
            continue;
        }
        let at = columns.place(&column).unwrap_or_else(|| {
            plan.header.push(header.to_owned());
            plan.new_columns.push(header.to_owned());
            columns.add(column)
        });
        put(&mut cells, at, &text);
        changed.push(CellChange {
            column: plan.header[at].clone(),
            before: was,
            after: text,
        });
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let rows = before.rows().iter().enumerate();
    plan.rows = rows
        .map(|(at, row)| NextRow {
            line: row.line,
            from: Some(at),
            cells: if at == place {
                cells.clone()
            } else {
                row.cells.clone()
            },
        })
        .collect();
    if !changed.is_empty() {
        plan.changes.push(Change {
            kind: if contact {
                ChangeKind::Contact
            } else {
                ChangeKind::Other
            },
            id: id.to_owned(),
            name: cell(&cells, columns.known(table.name())).to_owned(),
            line: before.rows()[place].line,
            cells: changed,
        });
    }
    Ok(Some(plan))
}
