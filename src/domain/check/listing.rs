//! Where the items that a count cell counts are listed.

use super::Cell;
use crate::domain::ledger::{Parsed, count_items};
use crate::domain::program::ColumnKind;

/// Before a list that stands in a text on other matters.
const LEAD: &str = "解决问题";

/// The list that belongs to a count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listing {
    /// There is none.
    None,
    /// A column of its own holds text that isn't numbered.
    Unnumbered,
    /// So many numbered items.
    Items(u32),
}

/// Finds the list of a count cell: in the cell itself, else in a column that
/// the programme names for it. Within a text on other matters (调研成效) only
/// what follows 解决问题 is a list.
pub(super) fn of_count(cell: &Cell<'_>) -> Listing {
    if let Parsed::Count(count) = &cell.field.parsed
        && let Some(items) = count.listed.filter(|items| *items > 0)
    {
        return Listing::Items(items);
    }
    let ColumnKind::Count { listed_in } = &cell.column.kind else {
        return Listing::None;
    };
    listed_in
        .iter()
        .filter_map(|key| cell.beside(key))
        .filter(|beside| !beside.field.text.is_empty())
        .map(|beside| in_text(&beside))
        .find(|listing| *listing != Listing::None)
        .unwrap_or(Listing::None)
}

fn in_text(cell: &Cell<'_>) -> Listing {
    let own_column = cell.column.kind == ColumnKind::List;
    let text = cell.field.text.as_str();
    let tail = text.rsplit_once(LEAD).map(|(_, tail)| tail);
    let Some(list) = tail.or(own_column.then_some(text)) else {
        return Listing::None;
    };
    match count_items(list).filter(|items| *items > 0) {
        Some(items) => Listing::Items(items),
        None if own_column && !matches!(list.trim(), "" | "无" | "/" | "0") => Listing::Unnumbered,
        None => Listing::None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, count, text};
    use super::*;
    use crate::domain::ledger::CountReading;

    #[test]
    fn a_list_is_looked_for_where_it_may_stand() {
        for (own, column, written, expected) in [
            (
                Some(2),
                "effect",
                "解决问题3个：1.水 2.路 3.灯",
                Listing::Items(2),
            ),
            (None, "effect", "要求：1.修路；2.装灯", Listing::None),
            (
                None,
                "effect",
                "要求：1.修路。推动解决问题2个：1.水；2.路",
                Listing::Items(2),
            ),
            (None, "solved_list", "1.水；2.路", Listing::Items(2)),
            (
                None,
                "solved_list",
                "推动南庄村解决问题3个：1.水。2.路。3.灯。",
                Listing::Items(3),
            ),
            (None, "solved_list", "修好了水管", Listing::Unnumbered),
            (None, "solved_list", "无", Listing::None),
            (None, "solved_list", "", Listing::None),
        ] {
            let reading = CountReading {
                count: Some(3),
                listed: own,
                ..CountReading::default()
            };
            let bench = Bench::new().row(&[("solved", count("3", reading)), (column, text(written))]);
            let case = bench.case();
            let cell = case.all_cells().find(|cell| cell.column.key == "solved").unwrap();
            assert_eq!(of_count(&cell), expected, "{own:?} {column} {written}");
        }
    }
}
