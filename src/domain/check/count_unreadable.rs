//! A count that is no whole number from 0 up.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::{Parsed, read_contacts};

/// Quotes what stands there.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    match &cell.field.parsed {
        Parsed::Count(count) if count.count.is_none() => {
            // The printed form has the contact's example in the column of the count.
            let is_contact = !read_contacts(&cell.field.text).phones.is_empty();
            let kind = if is_contact { "contact" } else { "" };
            let finding = cell.finding(Code::CountUnreadable);
            Some(finding.with("value", cell.value()).with("kind", kind))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, count};
    use super::*;
    use crate::domain::ledger::CountReading;

    #[test]
    fn only_what_is_no_count_is_told() {
        for (number, told) in [(None, true), (Some(0), false), (Some(3), false)] {
            let reading = CountReading {
                count: number,
                ..CountReading::default()
            };
            let found = Bench::new().ask(check, "solved", count("若干", reading));
            assert_eq!(found.is_some(), told, "{number:?}");
        }
    }

    #[test]
    fn a_contact_in_the_wrong_column_is_told_where_it_belongs() {
        for (text, kind) in [("张三；电话13812345678", "contact"), ("若干", "")] {
            let found = Bench::new().ask(check, "solved", count(text, CountReading::default()));
            assert_eq!(found.unwrap().args["kind"], kind, "{text}");
        }
    }
}
