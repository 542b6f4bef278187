//! The count cell speaks of another place than the place column.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::{Parsed, PlaceMatch, PlaceReading, match_place, read_places};
use crate::domain::text::name_key;

/// Compares 推动…村 with the row's places. A name that could mean one of them
/// (庞村 for 庞村村) does, and a name that is no place at all says nothing.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let Parsed::Count(count) = &cell.field.parsed else {
        return None;
    };
    let said = count.place.as_deref()?;
    let case = cell.case;
    let layout = case.form_sheet(cell.sheet)?;
    let column = &layout.columns.get(case.place_column(layout)?)?.key;
    let beside = cell.beside(column)?;
    let Parsed::Places(places) = &beside.field.parsed else {
        return None;
    };
    let prefixes = &case.program.roster.place_prefixes;
    let parts = read_places(said, case.places, prefixes);
    if parts.is_empty() || parts.iter().any(|part| means_one_of(part, places, prefixes)) {
        return None;
    }
    let names_a_place = parts
        .iter()
        .any(|part| part.place.is_some() || !part.candidates.is_empty());
    names_a_place.then(|| {
        cell.finding(Code::PlaceTextMismatch)
            .with("said", said)
            .with("place", beside.value())
            .with("place_column", &beside.column.header)
    })
}

fn means_one_of(part: &PlaceReading, places: &[PlaceReading], prefixes: &[String]) -> bool {
    places.iter().any(|place| {
        let Some(own) = place.place.as_deref() else {
            return name_key(&place.written) == name_key(&part.written);
        };
        part.place.as_deref() == Some(own)
            || part.candidates.iter().any(|candidate| candidate == own)
            || !matches!(
                match_place(&part.written, &[own], prefixes),
                PlaceMatch::Unknown(_)
            )
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, count, place, places};
    use super::*;
    use crate::domain::ledger::CountReading;

    #[test]
    fn the_place_in_the_text_is_the_row_s() {
        for (said, row, told) in [
            (Some("边板村"), vec![place("边板村")], false),
            (Some("边板村"), vec![place("乌塘圩村")], true),
            (Some("庞村"), vec![place("庞村村")], false),
            (Some("梁村村"), vec![place("梁村村")], false),
            (Some("金屋村"), vec![place("塘沟村"), place("金屋村")], false),
            (Some("各有关部门"), vec![place("塘沟村")], false),
            (None, vec![place("塘沟村")], false),
        ] {
            let reading = CountReading {
                count: Some(1),
                place: said.map(str::to_owned),
                ..CountReading::default()
            };
            let bench = Bench::new().row(&[("village", places(row)), ("solved", count("…", reading))]);
            assert_eq!(bench.ask_first(check, "solved").is_some(), told, "{said:?}");
        }
    }
}
