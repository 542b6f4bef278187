//! A telephone number without a name.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::Parsed;

/// Asks for the name.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    match &cell.field.parsed {
        Parsed::Contacts(contacts)
            if contacts.names.is_empty()
                && !contacts.phones.is_empty()
                && cell.wants(Code::ContactNameMissing) =>
        {
            Some(cell.finding(Code::ContactNameMissing).with("value", cell.value()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, contact, field};
    use super::*;

    #[test]
    fn a_number_wants_a_name() {
        for (names, phones, told) in [
            (&[][..], &["13812345678"][..], true),
            (&["张三"], &["13812345678"], false),
            (&[], &[], false),
        ] {
            let found = Bench::new().ask(check, "contact", field("x", contact(names, phones, false)));
            assert_eq!(found.is_some(), told, "{names:?} {phones:?}");
        }
    }
}
