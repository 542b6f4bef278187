//! An older version of the form was used.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::stamp;

/// Compares the stamp with the form that holds for the period. A stamp that
/// the programme doesn't know says nothing.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let place = |version: &str| {
        case.program
            .material
            .forms()
            .iter()
            .position(|form| form.version == version)
    };
    let Some(stamp) = case.workbook.properties.get(stamp::FORM) else {
        return Vec::new();
    };
    let (Some(used), Some(current)) = (place(stamp), place(&case.form.version)) else {
        return Vec::new();
    };
    if used >= current {
        return Vec::new();
    }
    vec![
        Finding::new(Code::FormOutdated)
            .with("old", stamp)
            .with("new", &case.form.version),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
    use super::*;

    #[test]
    fn only_an_older_stamp_is_told() {
        for (stamp, told) in [(None, 0), (Some("2"), 0), (Some("1"), 1), (Some("x"), 0)] {
            let mut bench = Bench::new();
            let mut newer = bench.program.material.forms()[0].clone();
            newer.version = "2".into();
            bench.program.material.log_mut().forms.push(newer);
            if let Some(stamp) = stamp {
                bench.workbook.properties.insert(stamp::FORM.into(), stamp.into());
            }
            assert_eq!(bench.codes(check).len(), told, "{stamp:?}");
        }
    }
}
