//! Cells merged over several data rows.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::SheetReading;

/// One finding at each cell that took the value of the merged cell above.
pub(super) fn check(case: &Case<'_>, sheet: &SheetReading) -> Vec<Finding> {
    let Some(layout) = case.form_sheet(sheet) else {
        return Vec::new();
    };
    sheet
        .filled_down
        .iter()
        .filter_map(|(pos, index)| {
            let column = layout.columns.get(*index)?;
            Some(
                Finding::new(Code::MergedCellsFilled)
                    .at(&sheet.sheet, *pos)
                    .in_column(&column.key)
                    .with("column", &column.header),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
    use super::*;
    use crate::domain::table::Pos;

    #[test]
    fn each_filled_cell_is_marked() {
        let mut bench = Bench::new();
        bench.reading.sheets[0].filled_down = vec![(Pos::new(6, 1), 1), (Pos::new(7, 1), 1)];
        assert_eq!(
            bench.sheet_codes(check),
            [
                ("merged-cells-filled", "B7".to_owned()),
                ("merged-cells-filled", "B8".to_owned())
            ]
        );
    }
}
