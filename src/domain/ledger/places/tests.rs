use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::domain::ledger::placeholder;

static PLACES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut reader = csv::Reader::from_reader(
        include_str!("../../../../tests/data/wutang_leader_villages.csv").as_bytes(),
    );
    let column = reader
        .headers()
        .unwrap()
        .iter()
        .position(|header| header == "village")
        .unwrap();
    let mut places: Vec<String> = Vec::new();
    for record in reader.records() {
        let place = record.unwrap()[column].to_owned();
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
});

fn places() -> Vec<&'static str> {
    PLACES.iter().map(String::as_str).collect()
}

fn read(text: &str) -> Vec<PlaceReading> {
    read_places(text, &places(), &["乌塘镇".to_owned()])
}

fn matched(name: &str) -> PlaceMatch {
    match_place(name, &places(), &["乌塘镇".to_owned()])
}

#[test]
fn samples_read_as_listed() {
    assert_eq!(places().len(), 34);
    let mut reader =
        csv::Reader::from_reader(include_str!("../../../../tests/data/village_samples.csv").as_bytes());
    for record in reader.records() {
        let record = record.unwrap();
        let (raw, canonical, expected) = (&record[0], &record[1], &record[2]);
        let readings = read(raw);
        let code = if placeholder(raw).is_some() {
            "placeholder:error"
        } else if readings.iter().any(|reading| reading.place.is_none()) {
            "place-not-assigned:query"
        } else if readings.len() > 1 {
            "several-places:warning"
        } else if readings[0].abbreviated {
            "place-abbreviated:warning"
        } else {
            "ok"
        };
        assert_eq!(code, expected, "{raw}: {readings:?}");
        let found: Vec<_> = readings.into_iter().filter_map(|reading| reading.place).collect();
        assert_eq!(found.join("；"), canonical, "{raw}");
    }
}

#[test]
fn likeness_only_suggests() {
    for (name, candidates) in [
        ("乌塘村", vec!["乌塘圩村", "乌塘岭村"]),
        ("边塘村", vec!["边宜塘村", "边草塘村"]),
        ("山口村", vec!["山口王村", "山口陈村"]),
        ("油何村", vec!["油河村"]),
        ("边宜塘村六口塘村", vec!["六口塘村", "边宜塘村"]),
        ("镇政府会议室", vec![]),
        ("村", vec![]),
    ] {
        let mut expected: Vec<String> = candidates.into_iter().map(str::to_owned).collect();
        expected.sort();
        let PlaceMatch::Unknown(mut found) = matched(name) else {
            panic!("{name} was taken for a place")
        };
        found.sort();
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn near_names_stay_apart_and_none_is_guessed() {
    for place in places() {
        assert_eq!(matched(place), PlaceMatch::Exact(place.to_owned()));
        let length = place.chars().count();
        for wrong in 0..length - 1 {
            let near: String = (0..)
                .zip(place.chars())
                .map(|(at, c)| if at == wrong { '某' } else { c })
                .collect();
            assert!(matches!(matched(&near), PlaceMatch::Unknown(_)), "{near}");
        }
    }
    // One character less means one village where only one can be meant.
    for (short, whole) in [
        ("庞村", "庞村村"),
        ("梁村", "梁村村"),
        ("米塘", "米塘村"),
        ("邦塘", "邦塘村"),
    ] {
        assert_eq!(matched(short), PlaceMatch::Abbreviated(whole.into()), "{short}");
    }
    for unclear in ["塘村", "沟塘村", "邦糖村"] {
        assert!(matches!(matched(unclear), PlaceMatch::Unknown(_)), "{unclear}");
    }
}

#[test]
fn what_stands_around_a_name_is_dropped() {
    for name in [
        "乌塘镇庞村村",
        "庞村村委会",
        "庞村村村民委员会",
        "乌塘镇 庞村村 村委会",
        "1.庞村村",
    ] {
        assert_eq!(matched(name), PlaceMatch::Exact("庞村村".into()), "{name}");
    }
    assert_eq!(matched("庞村委会"), PlaceMatch::Abbreviated("庞村村".into()));
    assert_eq!(
        matched("烏塘圩村委會"),
        PlaceMatch::Abbreviated("乌塘圩村".into())
    );
}

#[test]
fn cells_are_split_outside_brackets_and_names() {
    let found =
        |text: &str| -> Vec<Option<String>> { read(text).into_iter().map(|reading| reading.place).collect() };
    let some =
        |names: &[&str]| -> Vec<Option<String>> { names.iter().map(|name| Some((*name).into())).collect() };
    assert_eq!(
        found("边板村，湛川村;外坡村／油河村\n金屋村"),
        some(&["边板村", "湛川村", "外坡村", "油河村", "金屋村"])
    );
    assert_eq!(
        found("边板村和湛川村及外坡"),
        some(&["边板村", "湛川村", "外坡村"])
    );
    assert_eq!(found("边板村 湛川村"), some(&["边板村", "湛川村"]));
    assert_eq!(
        found("山口王村（陈村、李村小组）、边板村"),
        some(&["山口王村", "边板村"])
    );
    assert_eq!(found("和平村"), [None]);
    assert_eq!(found("/"), [None]);
    assert_eq!(found(" 　"), [None; 0]);
    let own = read_places("永和塘村和边板村", &["永和塘村", "边板村"], &[]);
    assert_eq!(
        own.iter()
            .filter_map(|reading| reading.place.as_deref())
            .collect::<Vec<_>>(),
        ["永和塘村", "边板村"]
    );
}

proptest! {
    #[test]
    fn only_known_places_are_taken(text in "([边板村乌塘圩镇庞和及、（(）) /\n]{0,16}|\\PC{0,30})") {
        for reading in read(&text) {
            prop_assert!(text.contains(&reading.written));
            prop_assert!(reading.place.is_none_or(|place| places().contains(&place.as_str())));
            prop_assert!(reading.candidates.len() <= MOST_CANDIDATES);
        }
    }
}

#[test]
fn districts_before_and_counts_behind_a_name_are_left_out() {
    for (text, expected) in [
        ("边板行政村", &["边板村"][..]),
        ("边板村行政村", &["边板村"]),
        ("湛江市廉江市乌塘镇边板村", &["边板村"]),
        ("廉江市乌塘镇乌塘圩村", &["乌塘圩村"]),
        ("乌塘圩、边板两村", &["乌塘圩村", "边板村"]),
        ("乌塘圩村、边板村等2个村", &["乌塘圩村", "边板村"]),
        ("乌塘圩村和边板村两个村", &["乌塘圩村", "边板村"]),
    ] {
        let found: Vec<Option<String>> = read(text).into_iter().map(|own| own.place).collect();
        let expected: Vec<Option<String>> = expected.iter().map(|place| Some((*place).to_owned())).collect();
        assert_eq!(found, expected, "{text}");
    }
    for unknown in ["石城镇边板村", "两村", "等2个村", "市区"] {
        assert!(read(unknown).iter().all(|own| own.place.is_none()), "{unknown}");
    }
}
