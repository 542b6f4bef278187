//! Sheets of other periods in a running workbook.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;

/// One finding a sheet that was left out.
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
                .with("period", case.words.period(&own.period))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
    use super::*;
    use crate::domain::ledger::SetAside;
    use crate::domain::period::Period;

    #[test]
    fn each_sheet_left_out_is_named_with_its_rows() {
        let mut bench = Bench::new();
        let period: Period = "2024-10".parse().unwrap();
        for (sheet, rows) in [("10月", Some((6, 7))), ("空表", None)] {
            bench.reading.set_aside.push(SetAside {
                sheet: sheet.into(),
                rows,
                period: period.clone(),
            });
        }
        let found = bench.findings(check);
        let told: Vec<(&str, &str)> = found
            .iter()
            .map(|finding| (finding.args["sheet"].as_str(), finding.args["last"].as_str()))
            .collect();
        assert_eq!(told, [("10月", "7"), ("空表", "")]);
        assert_eq!(found[0].args["period"], "2024年10月");
    }
}
