//! A totals row says something else than the rows add up to.

use rust_decimal::Decimal;

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::{DataRow, Parsed, SheetReading};
use crate::domain::table::Pos;

/// Compares each number of a totals row with the rows above it: all of them,
/// or those since the totals row before (小计).
pub(super) fn check(case: &Case<'_>, sheet: &SheetReading) -> Vec<Finding> {
    let Some(layout) = case.form_sheet(sheet) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut since = 0;
    for (row, numbers) in &sheet.totals {
        let above = || sheet.rows.iter().filter(|data| data.row < *row);
        for (index, stated) in numbers {
            let (Some(column), Some(Some(place))) =
                (layout.columns.get(*index), sheet.header.columns.get(*index))
            else {
                continue;
            };
            let (Some(all), Some(part)) = (
                sum(above(), *index),
                sum(above().filter(|data| data.row > since), *index),
            ) else {
                continue;
            };
            if *stated != all && *stated != part {
                found.push(
                    Finding::new(Code::TotalMismatch)
                        .at(&sheet.sheet, Pos::new(*row, *place))
                        .in_column(&column.key)
                        .with("column", &column.header)
                        .with("stated", stated.normalize())
                        .with("sum", all.normalize()),
                );
            }
        }
        since = *row;
    }
    found
}

/// The sum of a column; none where it holds no numbers or one of its cells
/// can't be understood, which has a finding of its own.
fn sum<'a>(rows: impl Iterator<Item = &'a DataRow>, index: usize) -> Option<Decimal> {
    let mut total = Decimal::ZERO;
    for row in rows {
        let number = match &row.fields.get(index)?.parsed {
            Parsed::Blank => Decimal::ZERO,
            Parsed::Count(count) => count.count?.into(),
            Parsed::Number(number) => number.number?,
            _ => return None,
        };
        total = total.checked_add(number)?;
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, count};
    use super::*;
    use crate::domain::ledger::CountReading;

    fn bench(counts: &[Option<u32>]) -> Bench {
        counts.iter().fold(Bench::new(), |bench, number| {
            let reading = CountReading {
                count: *number,
                ..CountReading::default()
            };
            bench.row(&[("solved", count("3", reading))])
        })
    }

    #[test]
    fn totals_are_compared_with_the_rows_above() {
        for (counts, stated, told) in [
            (&[Some(2), Some(3)][..], 5, 0),
            (&[Some(2), Some(3)], 6, 1),
            (&[Some(2), None], 6, 0),
        ] {
            let mut bench = bench(counts);
            bench.reading.sheets[0].totals = vec![(20, vec![(5, Decimal::from(stated))])];
            assert_eq!(bench.sheet_codes(check).len(), told, "{counts:?} {stated}");
        }
    }

    #[test]
    fn subtotals_count_since_the_one_before() {
        let mut bench = bench(&[Some(2), Some(3), Some(4)]);
        // The rows stand in 6 to 8; a subtotal between them would shift them, so it takes row 7's place.
        bench.reading.sheets[0].rows[1].row = 8;
        bench.reading.sheets[0].rows[2].row = 9;
        bench.reading.sheets[0].totals = vec![
            (7, vec![(5, Decimal::from(2))]),
            (10, vec![(5, Decimal::from(7))]),
            (11, vec![(5, Decimal::from(9))]),
            (12, vec![(5, Decimal::from(8))]),
        ];
        assert_eq!(bench.sheet_codes(check), [("total-mismatch", "F13".to_owned())]);
    }
}
