//! A contact without a telephone number.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::{Parsed, read_count};
use crate::domain::table::Value;
use crate::domain::text::is_stroke;

/// Told when something stands there, but no number in it can be called.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    match &cell.field.parsed {
        Parsed::Contacts(contacts)
            if contacts.phones.is_empty() && !contacts.incomplete && !is_stroke(&cell.field.text) =>
        {
            let kind = match (contacts.masked, contacts.unreadable) {
                (true, _) => "masked",
                (false, true) => "wrong",
                // Not even a name: what belongs beside it.
                _ if is_count(&cell.field.text) => "count",
                (false, false) => "",
            };
            let finding = cell.finding(Code::PhoneUnreadable);
            Some(finding.with("value", cell.value()).with("kind", kind))
        }
        _ => None,
    }
}

fn is_count(text: &str) -> bool {
    let count = read_count(&Value::Text(text.into())).count;
    count.is_some_and(|count| count > 0)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, contact, field};
    use super::*;
    use crate::domain::ledger::read_contacts;

    #[test]
    fn a_contact_can_be_called() {
        for (text, names, phones, told) in [
            ("张三；13812345678", &["张三"][..], &["13812345678"][..], false),
            ("张三", &["张三"], &[], true),
            ("张三；1381234567", &["张三"], &[], true),
            ("/", &[], &[], false),
        ] {
            let found = Bench::new().ask(check, "contact", field(text, contact(names, phones, false)));
            assert_eq!(found.is_some(), told, "{text}");
        }
    }

    #[test]
    fn hidden_wrong_and_missing_numbers_are_told_apart() {
        for (text, kind) in [
            ("何小满；电话137****2233", "masked"),
            ("何小满 137xxxx2233", "masked"),
            ("何小满138****", "masked"),
            ("何小满；1381234567", "wrong"),
            ("何小满", ""),
            ("推动边板村解决问题1个：1.村道扩宽", "count"),
        ] {
            let parsed = Parsed::Contacts(read_contacts(text));
            let found = Bench::new().ask(check, "contact", field(text, parsed)).unwrap();
            assert_eq!(found.args["kind"], kind, "{text}");
        }
    }
}
