//! A template's placeholder was left standing.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::Parsed;

/// Names the part that was left (xx, ××, 具体展开).
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    match &cell.field.parsed {
        Parsed::Placeholder(part) => Some(cell.finding(Code::Placeholder).with("value", part)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, field};
    use super::*;

    #[test]
    fn the_offending_part_is_quoted() {
        let left = field("xx村人居环境整治工作情况", Parsed::Placeholder("xx".into()));
        let found = Bench::new().ask(check, "content", left).unwrap();
        assert_eq!(found.args["value"], "xx");
        assert_eq!(found.cell().as_deref(), Some("D6"));
        assert!(
            Bench::new()
                .ask(check, "content", field("塘沟村", Parsed::Text))
                .is_none()
        );
    }
}
