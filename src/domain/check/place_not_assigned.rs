//! A place that isn't one of the unit's own.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::PlaceReading;
use crate::domain::text::is_stroke;

/// One finding a cell, for the first such place: unknown, written so that
/// several could be meant, or assigned to others.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let case = cell.case;
    let unit = case.unit?;
    let strange = cell
        .places()
        .iter()
        .find(|place| !is_own(cell, place) && !is_stroke(&place.written))?;
    let roster = &case.program.roster;
    let others = match (&strange.place, case.span) {
        (Some(place), Some(span)) => roster.units_of_place(place, span),
        _ => Vec::new(),
    };
    let leaders: Vec<&str> = unit
        .leaders
        .iter()
        .filter_map(|id| roster.leader(id))
        .map(|leader| leader.name.as_str())
        .collect();
    let who = if leaders.is_empty() {
        unit.name.clone()
    } else {
        case.words.list(leaders)
    };
    // Only what is near is suggested, the unit's own places first.
    let is_own_place = |candidate: &&String| case.own_places.contains(&candidate.as_str());
    let (own, others_near): (Vec<&String>, Vec<&String>) = strange.candidates.iter().partition(is_own_place);
    let candidates = own.into_iter().chain(others_near);
    Some(
        cell.finding(Code::PlaceNotAssigned)
            .with("value", &strange.written)
            .with("place", strange.place.as_deref().unwrap_or_default())
            .with("who", who)
            .with("own", case.words.list(&case.own_places))
            .with("others", case.words.list(others.iter().map(|unit| &unit.name)))
            .with("candidates", case.words.list(candidates)),
    )
}

fn is_own(cell: &Cell<'_>, place: &PlaceReading) -> bool {
    place
        .place
        .as_deref()
        .is_some_and(|place| cell.case.own_places.contains(&place))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, place, places, unknown_place};
    use super::*;

    #[test]
    fn strange_places_are_named_with_those_who_answer_for_them() {
        for (reading, told) in [
            (vec![place("塘沟村")], None),
            (vec![place("塘沟村"), place("金屋村")], None),
            (vec![place("罗屋村")], Some(("罗屋村", "马陕燕"))),
            (
                vec![place("塘沟村"), place("边板村")],
                Some(("边板村", "洪文泽、林强")),
            ),
            (
                vec![unknown_place("镇政府会议室", &[])],
                Some(("镇政府会议室", "")),
            ),
        ] {
            let found = Bench::new().ask(check, "village", places(reading));
            let said = found
                .as_ref()
                .map(|finding| (finding.args["value"].as_str(), finding.args["others"].as_str()));
            assert_eq!(said, told);
            if let Some(finding) = found {
                assert_eq!(finding.args["own"], "塘沟村、金屋村、陆屋村");
                assert_eq!(finding.args["who"], "吴忠强");
            }
        }
    }

    #[test]
    fn several_that_could_be_meant_are_suggested() {
        let reading = vec![unknown_place("山口村", &["山口王村", "山口陈村"])];
        let found = Bench::new().ask(check, "village", places(reading)).unwrap();
        assert_eq!(found.args["candidates"], "山口王村、山口陈村");
    }

    #[test]
    fn without_a_unit_no_place_is_strange() {
        let mut bench = Bench::new();
        bench.unit = None;
        assert!(
            bench
                .ask(check, "village", places(vec![place("罗屋村")]))
                .is_none()
        );
    }
}
