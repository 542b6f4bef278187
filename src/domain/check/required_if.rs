//! A cell is empty that must be filled in because of what stands beside it.

use super::Case;
use super::rule::Tested;
use crate::domain::codes::Code;
use crate::domain::expression::ENGINE;
use crate::domain::finding::Finding;
use crate::domain::ledger::{Parsed, SheetReading};
use crate::domain::text::is_stroke;

/// Tries the condition of each column on the rows in which it is empty.
pub(super) fn check(case: &Case<'_>, sheet: &SheetReading) -> Vec<Finding> {
    let Some(layout) = case.form_sheet(sheet) else {
        return Vec::new();
    };
    let conditions: Vec<_> = layout
        .columns
        .iter()
        .filter_map(|column| {
            let condition = column.required_if.as_ref()?;
            let tested = Tested::new(&ENGINE, &condition.expression, layout)?;
            Some((column, condition, tested))
        })
        .collect();
    let mut found = Vec::new();
    for row in &sheet.rows {
        for cell in case.cells(sheet, row) {
            let empty = cell.field.parsed == Parsed::Blank || is_stroke(&cell.field.text);
            let mut own = conditions
                .iter()
                .filter(|(column, ..)| empty && column.key == cell.column.key);
            if let Some((_, condition, tested)) = own.next()
                && tested.holds(&ENGINE, row) == Some(true)
            {
                found.push(cell.finding(Code::Required).with("when", &condition.words));
            }
        }
    }
    found
}
