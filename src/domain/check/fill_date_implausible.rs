//! 填报时间 lies in the future, before the period even began, or before every
//! dated row: it came with a copied form.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::read_date;
use crate::domain::program::FillRole;

/// One finding for each such line.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let keys: Vec<&str> = case
        .form
        .fill_lines
        .iter()
        .filter(|line| line.role == FillRole::FilledOn)
        .map(|line| line.key.as_str())
        .collect();
    case.reading
        .fill
        .iter()
        .filter(|value| keys.contains(&value.key.as_str()))
        .filter_map(|value| {
            let date = read_date(&value.value)?;
            let future = date > case.today;
            let early = case.span.is_some_and(|(start, _)| date < start);
            let before_rows = case.precedes_rows(date);
            (future || early || before_rows).then(|| {
                Finding::new(Code::FillDateImplausible)
                    .at(&value.sheet, value.pos)
                    .with("value", case.words.day(date))
                    .with("future", if future { "true" } else { "" })
                    .with("before_rows", if before_rows && !early { "true" } else { "" })
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, dates, field};
    use super::*;

    #[test]
    fn filled_in_between_the_period_s_start_and_now() {
        for (value, told) in [
            ("2024年12月2日", 0),
            ("2024年11月1日", 0),
            ("2024年12月3日", 1),
            ("2024年10月31日", 1),
            ("十二月初", 0),
        ] {
            let bench = Bench::new().fill("filled_on", value);
            assert_eq!(bench.codes(check).len(), told, "{value}");
        }
    }

    #[test]
    fn a_day_before_every_row_came_with_a_copied_form() {
        for (value, told) in [
            ("2024年11月4日", true),
            ("2024年11月8日", false),
            ("2024年11月12日", false),
        ] {
            let day = |day: &str| field(day, dates(&[day]));
            let mut bench = Bench::new()
                .fill("filled_on", value)
                .row(&[("visit_date", day("2024-11-12"))])
                .row(&[("visit_date", day("2024-11-05"))]);
            bench.filled_on = read_date(value);
            let found = bench.findings(check);
            let said = found.first().map(|finding| finding.args["before_rows"].as_str());
            assert_eq!(said, told.then_some("true"), "{value}");
            let latest = bench.case().latest_day();
            assert_eq!(latest == bench.today, told, "{value} speaks against no row");
        }
    }
}
