//! 填报时间 lies in the future, or before the period even began.

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
            (future || early).then(|| {
                Finding::new(Code::FillDateImplausible)
                    .at(&value.sheet, value.pos)
                    .with("value", case.words.day(date))
                    .with("future", if future { "true" } else { "" })
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
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
}
