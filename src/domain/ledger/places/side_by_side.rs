//! Places written side by side without anything between them.

use super::PlaceReading;
use crate::domain::ledger::{Parsed, Reading};
use crate::domain::text::{half_width, without_spaces};

/// Takes 边板村油河村 for two places where both are the unit's own; among the
/// places of everybody such a text could too easily be another name.
pub fn read_side_by_side(reading: &mut Reading, own: &[&str]) {
    let rows = reading.sheets.iter_mut().flat_map(|sheet| &mut sheet.rows);
    for field in rows.flat_map(|row| &mut row.fields) {
        let Parsed::Places(places) = &mut field.parsed else {
            continue;
        };
        if places.iter().all(|place| place.place.is_some()) {
            continue;
        }
        let read = std::mem::take(places);
        for place in read {
            let several = place
                .place
                .is_none()
                .then(|| split(&place.written, own))
                .flatten();
            match several {
                Some(several) => places.extend(several.into_iter().map(|name| PlaceReading {
                    written: name.to_owned(),
                    place: Some(name.to_owned()),
                    ..PlaceReading::default()
                })),
                None => places.push(place),
            }
        }
    }
}

/// The places that a text is made of, two at least and each once; none where
/// anything else stands there.
fn split<'p>(text: &str, own: &[&'p str]) -> Option<Vec<&'p str>> {
    let text = without_spaces(&half_width(text));
    let mut rest = text.as_str();
    let mut found: Vec<&str> = Vec::new();
    while !rest.is_empty() {
        let begins = own
            .iter()
            .filter(|place| !place.is_empty() && rest.starts_with(**place));
        let place = begins.max_by_key(|place| place.len())?;
        if found.contains(place) {
            return None;
        }
        found.push(place);
        rest = &rest[place.len()..];
    }
    (found.len() > 1).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_places_of_the_unit_s_own_stand_side_by_side() {
        let own = ["边板村", "油河村", "岑家村"];
        for (text, expected) in [
            ("边板村油河村", Some(vec!["边板村", "油河村"])),
            ("边板村 油河村岑家村", Some(vec!["边板村", "油河村", "岑家村"])),
            ("边板村罗屋村", None),
            ("边板村油河", None),
            ("边板村边板村", None),
            ("边板村", None),
            ("", None),
        ] {
            assert_eq!(split(text, &own), expected, "{text}");
        }
    }
}
