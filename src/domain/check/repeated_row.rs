//! Two rows for the same day and place.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{Case, Cell};
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::{DateSpan, Parsed};

/// Days of one span that are compared; no visit lasts longer.
const MOST_DAYS: usize = 366;

/// One finding at the date of each row that shares day and place with an
/// earlier one, on whatever sheet. Only where rows are counted as visits.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    if case.program.material.visits().is_none() {
        return Vec::new();
    }
    let mut seen: HashMap<(NaiveDate, &str), (&str, u32)> = HashMap::new();
    let mut found = Vec::new();
    for sheet in &case.reading.sheets {
        for row in &sheet.rows {
            let Some((date, place)) = visit(case, sheet, row) else {
                continue;
            };
            let here = (sheet.sheet.as_str(), row.row);
            let mut other = None;
            for key in keys(&date, &place) {
                let first = *seen.entry(key).or_insert(here);
                if first != here {
                    other = other.or(Some(first));
                }
            }
            if let Some((sheet, row)) = other {
                found.push(
                    date.finding(Code::RepeatedRow)
                        .with("other_row", row + 1)
                        .with("other_sheet", if sheet == here.0 { "" } else { sheet }),
                );
            }
        }
    }
    found
}

fn visit<'s>(
    case: &'s Case<'_>,
    sheet: &'s crate::domain::ledger::SheetReading,
    row: &'s crate::domain::ledger::DataRow,
) -> Option<(Cell<'s>, Cell<'s>)> {
    let layout = case.form_sheet(sheet)?;
    let cell = |index: Option<usize>| {
        let key = &layout.columns.get(index?)?.key;
        case.cells(sheet, row).find(|cell| cell.column.key == *key)
    };
    Some((cell(case.date_column(layout))?, cell(case.place_column(layout))?))
}

fn keys<'s>(date: &Cell<'s>, place: &Cell<'s>) -> Vec<(NaiveDate, &'s str)> {
    let days: Vec<NaiveDate> = date
        .dates()
        .into_iter()
        .flat_map(|dates| dates.spans.iter().copied())
        .flat_map(|span: DateSpan| span.days().take(MOST_DAYS))
        .collect();
    let Parsed::Places(places) = &place.field.parsed else {
        return Vec::new();
    };
    places
        .iter()
        .map(|place| place.place.as_deref().unwrap_or(&place.written))
        .flat_map(|place| days.iter().map(move |day| (*day, place)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, dates, field, place, places};
    use super::*;

    #[test]
    fn rows_of_one_day_and_place_are_told_once() {
        let rows = |visits: &[(&str, &[&str])]| {
            visits.iter().fold(Bench::new(), |bench, (day, villages)| {
                bench.row(&[
                    ("visit_date", field("x", dates(&[day]))),
                    (
                        "village",
                        places(villages.iter().map(|village| place(village)).collect()),
                    ),
                ])
            })
        };
        for (visits, told) in [
            (
                &[("2024-11-13", &["塘沟村"][..]), ("2024-11-13", &["塘沟村"])][..],
                Some("6"),
            ),
            (&[("2024-11-13", &["塘沟村"]), ("2024-11-14", &["塘沟村"])], None),
            (&[("2024-11-13", &["塘沟村"]), ("2024-11-13", &["金屋村"])], None),
            (
                &[("2024-11-13", &["塘沟村", "金屋村"]), ("2024-11-13", &["金屋村"])],
                Some("6"),
            ),
            (
                &[
                    ("2024-11-12..2024-11-14", &["塘沟村"]),
                    ("2024-11-13", &["塘沟村"]),
                ],
                Some("6"),
            ),
            (&[("2024-11-13", &["塘沟村", "塘沟村"])], None),
        ] {
            let found = rows(visits).findings(check);
            assert_eq!(
                found.first().map(|finding| finding.args["other_row"].as_str()),
                told,
                "{visits:?}"
            );
            assert!(found.len() < 2);
        }
    }

    #[test]
    fn only_visits_are_counted_once() {
        let mut bench = Bench::new().filled_row().filled_row();
        assert_eq!(bench.codes(check), [("repeated-row", "B7".to_owned())]);
        bench.program.material.log_mut().visits = None;
        assert_eq!(bench.codes(check), []);
    }
}
