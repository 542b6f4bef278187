//! A text was copied from the unit's ledger of the period before.

use smol_str::SmolStr;

use super::similar::Texts;
use super::{Case, Cell};
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::Parsed;
use crate::domain::program::Column;

/// Names the other row; only for the office. Columns are compared by key,
/// because the form may have changed between the periods.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    if case.register.is_some() {
        return case.all_cells().filter_map(|cell| same_item(&cell)).collect();
    }
    let before = case.period.and_then(|period| case.program.cycle.previous(period));
    let (Some(before), false) = (before, case.last_rows.is_empty()) else {
        return Vec::new();
    };
    let Some(form) = case.program.form(Some(&before)) else {
        return Vec::new();
    };
    let label = case.words.period(&before);
    let mut found = Vec::new();
    for (index, layout) in case.form.sheets.iter().enumerate() {
        for column in layout.columns.iter().filter(|column| column.compare_last) {
            let Some((old, _)) = form.sheets.get(index).and_then(|sheet| sheet.column(&column.key)) else {
                continue;
            };
            let mut texts = Texts::default();
            for (place, row) in case.last_rows.iter().enumerate() {
                if row.form_sheet == index {
                    texts.add(row.cells.get(old).map_or("", SmolStr::as_str), place);
                }
            }
            found.extend(copies(case, index, column, &texts, &label));
        }
    }
    found
}

/// What is said of an item is compared with what was said of it last: a stock
/// phrase (按要求推进) said twice is a copy however short it is.
fn same_item(cell: &Cell<'_>) -> Option<Finding> {
    if !cell.column.compare_last || cell.field.parsed != Parsed::Text || cell.field.filled_down {
        return None;
    }
    let before = cell.before()?;
    let (own, last) = (&cell.field.text, before.row.text(&cell.column.key));
    let mut texts = Texts::default();
    texts.add(last, 0);
    let alike = match texts.near(own) {
        Some((_, percent)) => percent,
        None if !own.is_empty() && bare(own) == bare(last) => 100,
        None => return None,
    };
    let finding = cell.finding(Code::RepeatsLastPeriod);
    Some(
        finding
            .with("period", cell.case.period_words(&before.period))
            .with("other_row", before.row.row)
            .with("percent", alike),
    )
}

/// A text without what doesn't make it another one.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn copies(case: &Case<'_>, form_sheet: usize, column: &Column, texts: &Texts, label: &str) -> Vec<Finding> {
    case.all_cells()
        .filter(|cell| cell.sheet.header.form_sheet == form_sheet && cell.column.key == column.key)
        .filter(|cell| cell.field.parsed == Parsed::Text && !cell.field.filled_down)
        .filter_map(|cell| {
            let (place, percent) = texts.near(&cell.field.text)?;
            Some(
                cell.finding(Code::RepeatsLastPeriod)
                    .with("period", label)
                    .with("other_row", case.last_rows.get(place)?.row)
                    .with("percent", percent),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, text};
    use super::*;
    use crate::domain::ledger::LedgerRow;

    const DONE: &str = "塘沟村加快推进集体经济发展，要求盘活闲置鱼塘和旧小学校舍。";

    #[test]
    fn a_copied_text_names_the_row_it_came_from() {
        for (typed, key, told) in [
            (DONE, "effect", Some("9")),
            ("塘沟村路灯已全部更换，下一步硬化村道断头段。", "effect", None),
            (DONE, "content", None),
        ] {
            let mut bench = Bench::new().row(&[(key, text(typed))]);
            let mut cells = vec![SmolStr::default(); 9];
            cells[4] = DONE.into();
            bench.last_rows = vec![LedgerRow {
                row: 9,
                cells,
                ..LedgerRow::default()
            }];
            let found = bench.findings(check);
            assert_eq!(
                found.first().map(|finding| finding.args["other_row"].as_str()),
                told,
                "{typed}"
            );
        }
    }
}
