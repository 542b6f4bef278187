//! A totals row says something else than the rows add up to.

use std::collections::HashMap;

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
    let mut sums: HashMap<usize, Sums> = HashMap::new();
    for (row, numbers) in &sheet.totals {
        for (index, stated) in numbers {
            let (Some(column), Some(Some(place))) =
                (layout.columns.get(*index), sheet.header.columns.get(*index))
            else {
                continue;
            };
            let sums = sums.entry(*index).or_insert_with(Sums::new);
            // A total on the first line is of the rows below it.
            let leads = sheet.rows.first().is_none_or(|first| *row < first.row);
            let until = if leads { u32::MAX } else { *row };
            sums.go_on(&sheet.rows, *index, until);
            let (Some(all), Some(part)) = (sums.all, sums.part) else {
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
        // What follows is counted anew towards the next total, in every column.
        for (index, sums) in &mut sums {
            sums.go_on(&sheet.rows, *index, *row);
            sums.part = Some(Decimal::ZERO);
        }
    }
    found
}

/// The sums of a column down to a row; none where it holds no numbers or one
/// of its cells can't be understood, which has a finding of its own. Each row
/// is added once, however many totals follow it.
struct Sums {
    /// Rows that were added.
    added: usize,
    /// Of all rows.
    all: Option<Decimal>,
    /// Of the rows since the last total.
    part: Option<Decimal>,
}

impl Sums {
    fn new() -> Self {
        Self {
            added: 0,
            all: Some(Decimal::ZERO),
            part: Some(Decimal::ZERO),
        }
    }

    /// Adds the rows above `until`.
    fn go_on(&mut self, rows: &[DataRow], index: usize, until: u32) {
        for row in rows.iter().skip(self.added).take_while(|row| row.row < until) {
            let number = number(row, index);
            let add = |sum: Option<Decimal>| sum?.checked_add(number?);
            (self.all, self.part) = (add(self.all), add(self.part));
            self.added += 1;
        }
    }
}

fn number(row: &DataRow, index: usize) -> Option<Decimal> {
    match &row.fields.get(index)?.parsed {
        Parsed::Blank => Some(Decimal::ZERO),
        Parsed::Count(count) => Some(count.count?.into()),
        Parsed::Number(number) => number.number,
        _ => None,
    }
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
            bench.reading.sheets[0].totals = vec![(20, vec![(6, Decimal::from(stated))])];
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
            (7, vec![(6, Decimal::from(2))]),
            (10, vec![(6, Decimal::from(7))]),
            (11, vec![(6, Decimal::from(9))]),
            (12, vec![(6, Decimal::from(8))]),
        ];
        assert_eq!(bench.sheet_codes(check), [("total-mismatch", "G13".to_owned())]);
    }
}
