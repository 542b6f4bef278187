//! The file brings macros, which are never run.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;

/// Says that only values were read.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    case.workbook
        .has_macros
        .then(|| Finding::new(Code::MacrosIgnored))
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
    use super::*;

    #[test]
    fn macros_are_mentioned() {
        for has_macros in [false, true] {
            let mut bench = Bench::new();
            bench.workbook.has_macros = has_macros;
            assert_eq!(bench.codes(check).len(), usize::from(has_macros));
        }
    }
}
