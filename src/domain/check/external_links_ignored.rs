//! Cells take their values from other files, which are never opened.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;

/// Says that the saved values were taken.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    case.workbook
        .has_external_links
        .then(|| Finding::new(Code::ExternalLinksIgnored))
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
    use super::*;

    #[test]
    fn links_are_mentioned() {
        for has_external_links in [false, true] {
            let mut bench = Bench::new();
            bench.workbook.has_external_links = has_external_links;
            assert_eq!(bench.codes(check).len(), usize::from(has_external_links));
        }
    }
}
