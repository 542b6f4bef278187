//! Units and places in running text.

use chrono::NaiveDate;

use crate::domain::ids::UnitId;
use crate::domain::posts::POSTS;
use crate::domain::roster::{Roster, Unit};
use crate::domain::text::{is_han, name_key};

/// A shorter name is found in too many texts to mean anything.
const SHORTEST_NAME: usize = 2;
/// Surnames of two characters.
const DOUBLE_SURNAMES: [&str; 8] = ["欧阳", "司徒", "上官", "司马", "诸葛", "皇甫", "尉迟", "公孙"];
/// Last characters of offices and places, which are no people.
const OFFICE_ENDS: [char; 24] = [
    '办', '室', '局', '站', '所', '镇', '府', '委', '股', '科', '村', '部', '处', '院', '校', '社', '队',
    '组', '会', '厅', '区', '县', '市', '乡',
];

/// What a text names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// The one unit meant.
    pub(super) unit: Option<UnitId>,
    /// Units that could be meant, where it isn't one; in roster order.
    pub(super) candidates: Vec<UnitId>,
    /// The places by which the unit was told; none if it was named itself.
    pub(super) places: Vec<String>,
}

/// Units that bear a name, or that report for a leader of that name; posts
/// and forms of address before and behind it are left out (镇党委书记林强同志).
pub(super) fn units_called<'a>(roster: &'a Roster, name: &str) -> Vec<&'a Unit> {
    let bare = name_key(name.split(['(', '（']).next().unwrap_or(name));
    let mut spellings = vec![name_key(name), bare.clone()];
    spellings.extend(
        POSTS
            .iter()
            .filter_map(|post| Some(bare.strip_suffix(post)?.to_owned())),
    );
    spellings.extend(
        roster
            .place_prefixes
            .iter()
            .filter_map(|prefix| Some(bare.strip_prefix(name_key(prefix).as_str())?.to_owned())),
    );
    // The post before the name, with what stands before the post: 县委常委、副镇长林强.
    let behind_posts: Vec<String> = spellings
        .iter()
        .flat_map(|key| {
            POSTS
                .iter()
                .filter_map(|post| Some(key.rsplit_once(post)?.1.to_owned()))
        })
        .collect();
    spellings.extend(behind_posts);
    // Name and post apart: 林强 副镇长.
    spellings.extend(name.split(char::is_whitespace).map(name_key));
    spellings.retain(|key| key.chars().count() >= SHORTEST_NAME);
    for key in spellings {
        let found: Vec<&Unit> = match roster.called(&key) {
            Some(unit) => vec![unit],
            None => roster.units_of_leader_called(&key),
        };
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// Whether a name is a person's: 2 to 3 Chinese characters (4 behind a double
/// surname), posts apart, that don't end as offices and places do.
pub(super) fn is_person(name: &str) -> bool {
    let key = name_key(name.split(['(', '（']).next().unwrap_or(name));
    let key = POSTS
        .iter()
        .find_map(|post| key.strip_suffix(post))
        .unwrap_or(&key);
    let key = POSTS
        .iter()
        .find_map(|post| Some(key.rsplit_once(post)?.1))
        .unwrap_or(key);
    let length = key.chars().count();
    let double = DOUBLE_SURNAMES.iter().any(|surname| key.starts_with(surname));
    (SHORTEST_NAME..=if double { 4 } else { 3 }).contains(&length)
        && key.chars().all(is_han)
        && !key.ends_with(OFFICE_ENDS)
}

/// The unit that a text mentions by name: the longest name wins where one
/// lies in another; two names side by side decide nothing.
pub(super) fn mentioned_unit(text: &str, roster: &Roster) -> Named {
    one_of(roster, roster.units_named_in(text))
}

/// The unit that a text tells by the places it mentions. A place of two
/// units decides for none of them.
pub(super) fn unit_of_places_in(text: &str, roster: &Roster, span: (NaiveDate, NaiveDate)) -> Named {
    let named = roster.places_named_in(text);
    let places: Vec<String> = named.into_iter().map(str::to_owned).collect();
    unit_of_places(&places, roster, span)
}

/// The unit that places tell: one to which a place belongs alone, if no other
/// place speaks against it.
pub(super) fn unit_of_places(places: &[String], roster: &Roster, span: (NaiveDate, NaiveDate)) -> Named {
    let owners: Vec<Vec<&UnitId>> = places
        .iter()
        .map(|place| roster.units_of_place(place, span))
        .map(|units| units.iter().map(|unit| &unit.id).collect())
        .filter(|units: &Vec<&UnitId>| !units.is_empty())
        .collect();
    if owners.is_empty() {
        return Named {
            places: places.to_vec(),
            ..Named::default()
        };
    }
    let sole: Vec<&UnitId> = owners
        .iter()
        .filter(|units| units.len() == 1)
        .map(|units| units[0])
        .collect();
    if let [first, rest @ ..] = sole.as_slice()
        && rest.iter().all(|own| own == first)
        && owners.iter().all(|units| units.contains(first))
    {
        let telling = |place: &&String| roster.units_of_place(place, span).len() == 1;
        return Named {
            unit: Some((*first).clone()),
            candidates: Vec::new(),
            places: places.iter().filter(telling).cloned().collect(),
        };
    }
    // Those that all places have in common are likelier than those of any.
    let common = |id: &UnitId| owners.iter().all(|units| units.contains(&id));
    let any = |id: &UnitId| owners.iter().any(|units| units.contains(&id));
    let ids = || roster.units.iter().map(|unit| &unit.id);
    let mut candidates: Vec<&UnitId> = ids().filter(|id| common(id)).collect();
    if candidates.is_empty() {
        candidates = ids().filter(|id| any(id)).collect();
    }
    Named {
        unit: None,
        candidates: candidates.into_iter().cloned().collect(),
        places: places.to_vec(),
    }
}

fn one_of(roster: &Roster, mut found: Vec<&UnitId>) -> Named {
    found.sort_unstable();
    found.dedup();
    match found[..] {
        [] => Named::default(),
        [unit] => Named {
            unit: Some(unit.clone()),
            ..Named::default()
        },
        _ => Named {
            candidates: roster
                .units
                .iter()
                .filter(|unit| found.contains(&&unit.id))
                .map(|unit| unit.id.clone())
                .collect(),
            ..Named::default()
        },
    }
}

/// Ids of units whose names resemble a name that nobody bears; only ever suggested.
pub(super) fn similar_units(roster: &Roster, name: &str) -> Vec<UnitId> {
    let key: Vec<char> = name_key(name).chars().collect();
    if key.len() < SHORTEST_NAME {
        return Vec::new();
    }
    let mut found: Vec<(usize, usize, &UnitId)> = Vec::new();
    for (order, unit) in roster.units.iter().enumerate() {
        let nearest = unit
            .names()
            .filter_map(|own| resemblance(&key, &name_key(own)))
            .min();
        found.extend(nearest.map(|distance| (distance, order, &unit.id)));
    }
    found.sort_unstable();
    found.into_iter().take(5).map(|(_, _, id)| id.clone()).collect()
}

/// How far two names lie apart, if they are near enough to be taken for one another.
fn resemblance(name: &[char], own: &str) -> Option<usize> {
    let own: Vec<char> = own.chars().collect();
    if own.len() < SHORTEST_NAME {
        return None;
    }
    let distance = edit_distance(name, &own);
    let longer = name.len().max(own.len());
    // 农业办 for 农业农村办: the shorter one's characters stand in the longer one in their order.
    let (long, short) = if name.len() > own.len() {
        (name, &own[..])
    } else {
        (&own[..], name)
    };
    let mut rest = long.iter();
    let nested = short.iter().all(|c| rest.any(|other| other == c));
    // Two characters, of which the surname is the same: 林疆 for 林强.
    let same_surname = longer == 2 && distance == 1 && name.first() == own.first();
    (nested || same_surname || distance * 3 <= longer).then_some(distance)
}

fn edit_distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = (0..=b.len()).collect();
    for (row, x) in a.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, y) in b.iter().enumerate() {
            let replaced = before[column] + usize::from(x != y);
            current.push(replaced.min(before[column + 1] + 1).min(current[column] + 1));
        }
        before = current;
    }
    before[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identify::sample::{name, names, roster};

    fn span() -> (NaiveDate, NaiveDate) {
        ("2024-11-01".parse().unwrap(), "2024-11-30".parse().unwrap())
    }

    #[test]
    fn names_are_found_in_running_text() {
        let roster = roster();
        let unit = |text: &str| mentioned_unit(text, &roster).unit.map(name);
        assert_eq!(unit("庞 兴11月台账").as_deref(), Some("庞兴"));
        assert_eq!(unit("【农业农村办】台账").as_deref(), Some("农业农村办"));
        assert_eq!(unit("洪文泽挂点组（洪文泽）").as_deref(), Some("洪文泽"));
        assert_eq!(unit("工作簿1"), None);
        assert_eq!(
            names(&mentioned_unit("规划办转党建办", &roster).candidates),
            ["规划办", "党建办"]
        );
    }

    #[test]
    fn places_tell_a_unit_only_if_it_alone_has_them() {
        let roster = roster();
        let of = |places: &[&str]| {
            let places: Vec<String> = places.iter().map(|place| (*place).to_owned()).collect();
            unit_of_places(&places, &roster, span())
        };
        assert_eq!(of(&["庞村村"]).unit.map(name).as_deref(), Some("余晓锐"));
        assert_eq!(of(&["边板村", "油河村"]).unit.map(name).as_deref(), Some("林强"));
        assert_eq!(names(&of(&["边板村"]).candidates), ["洪文泽", "林强"]);
        assert_eq!(names(&of(&["边板村", "乌塘圩村"]).candidates), ["洪文泽"]);
        assert_eq!(
            of(&["边板村", "乌塘圩村"]).unit,
            None,
            "two shared places are still a guess"
        );
        assert_eq!(of(&["庞村村", "油河村"]).unit, None);
        assert_eq!(of(&[]), Named::default());
    }

    #[test]
    fn near_names_are_suggested() {
        let roster = roster();
        assert_eq!(names(&similar_units(&roster, "洪文择")), ["洪文泽"]);
        assert_eq!(names(&similar_units(&roster, "农业办")), ["农业农村办"]);
        assert_eq!(names(&similar_units(&roster, "林疆")), ["林强"]);
        assert!(similar_units(&roster, "张疆").is_empty());
        assert!(similar_units(&roster, "财政所").is_empty());
    }

    #[test]
    fn people_are_told_from_offices() {
        for name in [
            "陈大文",
            "林疆",
            "副镇长林疆",
            "欧阳大文",
            "陈大文（副镇长）",
            "陈大文同志",
        ] {
            assert!(is_person(name), "{name}");
        }
        for name in [
            "镇财政所",
            "综合办",
            "规划建设",
            "林",
            "",
            "Planning",
            "副镇长",
            "新河村",
        ] {
            assert!(!is_person(name), "{name}");
        }
    }

    #[test]
    fn titles_and_brackets_behind_a_name_are_left_out() {
        let roster = roster();
        let called = |name: &str| -> Vec<String> {
            units_called(&roster, name)
                .iter()
                .map(|unit| unit.name.clone())
                .collect()
        };
        assert_eq!(called("袁 庆（副镇长）"), ["袁庆"]);
        assert_eq!(called("林强同志"), ["林强"]);
        assert_eq!(called("副镇长林强"), ["林强"]);
        assert_eq!(called("镇党委书记洪文泽同志"), ["洪文泽"]);
        assert_eq!(called("镇党委委员、副镇长　袁庆"), ["袁庆"]);
        assert_eq!(called("洪文泽 镇党委书记"), ["洪文泽"]);
        assert_eq!(called("林强副镇长"), ["林强"]);
        assert!(called("副镇长").is_empty());
        assert!(called("副镇长林").is_empty());
        assert_eq!(called("乌塘镇规划办"), ["规划办"]);
        assert!(called("洪文").is_empty());
    }
}
