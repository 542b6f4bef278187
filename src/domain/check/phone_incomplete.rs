//! A telephone number that can't be called from outside.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::Parsed;

/// Speaks unless everybody named has a whole number beside the short one.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let Parsed::Contacts(contacts) = &cell.field.parsed else {
        return None;
    };
    let whole = contacts
        .phones
        .iter()
        .filter(|phone| phone.contains('-') || phone.len() >= 11)
        .count();
    let enough = whole >= contacts.names.len().max(1);
    (contacts.incomplete && !enough).then(|| cell.finding(Code::PhoneIncomplete).with("value", cell.value()))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, contact, field};
    use super::*;

    #[test]
    fn a_short_number_alone_is_told() {
        for (phones, incomplete, told) in [
            (&["7712345"][..], true, true),
            (&["661234"], true, true),
            (&["0759-7712345"], false, false),
            (&["13812345678", "661234"], true, false),
        ] {
            let found = Bench::new().ask(
                check,
                "contact",
                field("张三…", contact(&["张三"], phones, incomplete)),
            );
            assert_eq!(found.is_some(), told, "{phones:?}");
        }
    }
}
