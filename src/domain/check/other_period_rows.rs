//! Sheets of other periods in a running workbook, and rows of a cumulative
//! ledger that were accepted before.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::language::Language;
use crate::domain::period::Period;

/// One finding a sheet that was left out, in whole or in part.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let left_out = case.reading.set_aside.iter();
    left_out
        .map(|own| {
            let (first, last) = own.rows.map_or((String::new(), String::new()), |(first, last)| {
                (first.to_string(), last.to_string())
            });
            Finding::new(Code::OtherPeriodRows)
                .on_sheet(&own.sheet)
                .with("sheet", &own.sheet)
                .with("first", first)
                .with("last", last)
                .with(
                    "accepted",
                    if own.accepted == 0 {
                        String::new()
                    } else {
                        own.accepted.to_string()
                    },
                )
                .with("period", periods(case, &own.periods))
        })
        .collect()
}

fn periods(case: &Case<'_>, periods: &[Period]) -> String {
    match periods {
        [first, _, .., last] => {
            let between = match case.words.0 {
                Language::Chinese => "至",
                Language::English => " to ",
            };
            format!("{}{between}{}", case.words.period(first), case.words.period(last))
        }
        few => case
            .words
            .list(few.iter().map(|period| case.words.period(period))),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
    use super::*;
    use crate::domain::ledger::SetAside;

    #[test]
    fn each_sheet_left_out_is_named_with_its_rows() {
        let mut bench = Bench::new();
        let period: Period = "2024-10".parse().unwrap();
        for (sheet, rows) in [("10月", Some((6, 7))), ("空表", None)] {
            bench.reading.set_aside.push(SetAside {
                sheet: sheet.into(),
                rows,
                periods: vec![period.clone()],
                accepted: 0,
            });
        }
        let found = bench.findings(check);
        let told: Vec<(&str, &str)> = found
            .iter()
            .map(|finding| (finding.args["sheet"].as_str(), finding.args["last"].as_str()))
            .collect();
        assert_eq!(told, [("10月", "7"), ("空表", "")]);
        assert_eq!(found[0].args["period"], "2024年10月");
        let of = |periods: &[&str]| {
            bench.reading.set_aside[0].periods =
                periods.iter().map(|period| period.parse().unwrap()).collect();
            bench.findings(check)[0].args["period"].clone()
        };
        let said = [&["2024-08", "2024-10"][..], &["2024-08", "2024-09", "2024-10"]].map(of);
        assert_eq!(said, ["2024年8月、2024年10月", "2024年8月至2024年10月"]);
    }
}
