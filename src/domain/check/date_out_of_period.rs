//! Dates outside the period.

use super::{Case, Cell};
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::{DateSpan, SheetReading};
use crate::domain::program::ColumnKind;

/// So many rows in succession are told of as one block.
const BLOCK: usize = 3;

/// Which way a cell's dates miss the period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Miss {
    /// Before it: may have been left out of an earlier report.
    Earlier,
    /// The period's months in another year.
    Year,
    /// Behind it.
    Later,
    /// Partly within it, or on both sides.
    Other,
}

/// A cell with dates outside.
struct Outside<'a> {
    cell: Cell<'a>,
    spans: Vec<DateSpan>,
    miss: Miss,
}

/// One finding for each cell with dates outside the period, even in part; rows
/// in succession that miss it the same way are one block. A row that says 补报
/// has `late-row` instead.
pub(super) fn check(case: &Case<'_>, sheet: &SheetReading) -> Vec<Finding> {
    let columns = case.form_sheet(sheet).map_or(0, |layout| layout.columns.len());
    (0..columns)
        .flat_map(|index| {
            let cells: Vec<Option<Outside<'_>>> = sheet
                .rows
                .iter()
                .map(|row| {
                    let mut cells = case.cells(sheet, row);
                    let column = &case.form_sheet(sheet)?.columns[index];
                    let dates = column.kind == ColumnKind::Dates;
                    let cell = cells.find(|cell| dates && cell.column.key == column.key)?;
                    missed(cell)
                })
                .collect();
            // Rows whose dates are behind the period, or lie partly within it, are no block.
            cells
                .chunk_by(
                    |a, b| matches!((a, b), (Some(a), Some(b)) if a.miss == b.miss && matches!(a.miss, Miss::Earlier | Miss::Year)),
                )
                .flat_map(|run| {
                    let run: Vec<&Outside<'_>> = run.iter().flatten().collect();
                    if run.len() >= BLOCK {
                        vec![finding(case, &run)]
                    } else {
                        run.iter().map(|own| finding(case, &[own])).collect()
                    }
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

/// A cell with dates outside, unless its row says that it is late.
fn missed(cell: Cell<'_>) -> Option<Outside<'_>> {
    let spans = outside(&cell);
    if spans.is_empty() || cell.case.is_late(cell.sheet, cell.row, cell.dates()?) {
        return None;
    }
    let (start, end) = cell.case.span?;
    let all = cell.dates()?.spans.iter();
    let miss = if all.clone().all(|span| within_another_year(*span, (start, end))) {
        Miss::Year
    } else if all.clone().all(|span| span.to < start) {
        Miss::Earlier
    } else if all.clone().all(|span| span.from > end) {
        Miss::Later
    } else {
        Miss::Other
    };
    Some(Outside { cell, spans, miss })
}

/// Whether a span would lie within the period in another year.
fn within_another_year(span: DateSpan, (start, end): (chrono::NaiveDate, chrono::NaiveDate)) -> bool {
    use chrono::Datelike;
    let years = start.year() - span.from.year();
    let moved = |day: chrono::NaiveDate| day.with_year(day.year() + years);
    let within = |day: Option<chrono::NaiveDate>| day.is_some_and(|day| (start..=end).contains(&day));
    years != 0 && within(moved(span.from)) && within(moved(span.to))
}

/// What is said of one cell, or of a block.
fn finding(case: &Case<'_>, run: &[&Outside<'_>]) -> Finding {
    let words = case.words;
    let first = run[0];
    let mut finding = first.cell.finding(Code::DateOutOfPeriod);
    let dates = if let [own] = run {
        words.spans(&own.spans)
    } else {
        let last = &run[run.len() - 1].cell;
        finding.through = last.field.pos.map(|pos| pos.row + 1);
        let all = || run.iter().flat_map(|own| &own.spans);
        let from = all().map(|span| span.from).min().unwrap_or_default();
        let to = all().map(|span| span.to).max().unwrap_or_default();
        words.span(DateSpan { from, to })
    };
    let (start, end) = case.span.unwrap_or_default();
    finding
        .with("dates", dates)
        .with(
            "count",
            if run.len() == 1 {
                String::new()
            } else {
                run.len().to_string()
            },
        )
        .with(
            "miss",
            match first.miss {
                Miss::Earlier => "earlier",
                Miss::Year => "year",
                Miss::Later => "later",
                Miss::Other => "",
            },
        )
        .with("start", words.day(start))
        .with("end", words.day(end))
}

/// The spans of a cell that don't lie within the period.
pub(super) fn outside(cell: &Cell<'_>) -> Vec<DateSpan> {
    let (Some(dates), Some((start, end))) = (cell.dates(), cell.case.span) else {
        return Vec::new();
    };
    dates
        .spans
        .iter()
        .copied()
        .filter(|span| span.from < start || span.to > end)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, dates, field};
    use super::*;

    /// Cells, dates and what they miss, for rows of these dates.
    fn told(rows: &[&[&str]]) -> Vec<(String, String, String)> {
        let bench = rows.iter().fold(Bench::new(), |bench, spans| {
            bench.row(&[("visit_date", field("x", dates(spans)))])
        });
        let found = bench.sheet_findings(check);
        let arg = |finding: &Finding, name: &str| finding.args[name].clone();
        found
            .iter()
            .map(|own| (own.cells().unwrap(), arg(own, "dates"), arg(own, "miss")))
            .collect()
    }

    #[test]
    fn a_date_must_lie_within() {
        for (spans, expected) in [
            (&["2024-11-01"][..], None),
            (&["2024-11-30"], None),
            (&["2024-11-05", "2024-10-31"], Some(("2024年10月31日", ""))),
            (&["2024-11-29..2024-12-01"], Some(("2024年11月29日至12月1日", ""))),
            (&["2024-10-05"], Some(("2024年10月5日", "earlier"))),
            (&["2023-11-05"], Some(("2023年11月5日", "year"))),
            (&["2025-11-05"], Some(("2025年11月5日", "year"))),
            (&["2023-10-05"], Some(("2023年10月5日", "earlier"))),
            (&["2024-12-05"], Some(("2024年12月5日", "later"))),
        ] {
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(dates, miss)| ("B6".to_owned(), dates.to_owned(), miss.to_owned()))
                .collect();
            assert_eq!(told(&[spans]), expected, "{spans:?}");
        }
    }

    #[test]
    fn three_rows_in_succession_are_one_block() {
        let (before, year, within, behind) = (
            &["2024-10-08"][..],
            &["2023-11-08"][..],
            &["2024-11-08"][..],
            &["2024-12-08"][..],
        );
        for (rows, cells) in [
            (&[before, before][..], "B6 B7"),
            (&[before, before, before], "B6—B8"),
            (&[within, before, before, before, within], "B7—B9"),
            (&[before, within, before, before], "B6 B8 B9"),
            (&[year, year, year, before, before, before], "B6—B8 B9—B11"),
            (&[behind, behind, behind], "B6 B7 B8"),
        ] {
            let found: Vec<String> = told(rows).into_iter().map(|own| own.0).collect();
            assert_eq!(found.join(" "), cells);
        }
        let block = told(&[&["2024-10-08"], &["2024-08-02..2024-08-03"], &["2024-09-30"]]);
        assert_eq!(block[0].1, "2024年8月2日至10月8日");
    }

    #[test]
    fn without_a_period_nothing_is_outside() {
        let mut bench = Bench::new().row(&[("visit_date", field("x", dates(&["2020-01-01"])))]);
        bench.period = None;
        assert!(bench.sheet_findings(check).is_empty());
    }
}
