//! The sample tables of the requirements, line by line.

use std::collections::{BTreeSet, HashMap};

use super::{CONTACT, ledger, look, named, told};
use crate::domain::codes::Severity;
use crate::domain::program::Program;
use crate::domain::roster::{Leader, Link, Roster, Unit};

/// A programme with one unit to which every village is assigned.
fn one_unit_for_all() -> Program {
    let mut program = crate::domain::fixture::wutang();
    let mut roster = Roster {
        place_prefixes: vec!["乌塘镇".into()],
        ..Roster::default()
    };
    roster.leaders.push(Leader {
        id: "all".into(),
        name: "测试员".into(),
        ..Leader::default()
    });
    roster.units.push(Unit {
        id: "all".into(),
        name: "测试员".into(),
        leaders: vec!["all".into()],
        ..Unit::default()
    });
    for place in program.roster.places() {
        roster.links.push(Link {
            id: place.into(),
            leader: "all".into(),
            place: place.into(),
            ..Link::default()
        });
    }
    program.roster = roster;
    program
}

/// Lines of a sample table as maps from column to text.
fn lines(csv: &str) -> Vec<HashMap<String, String>> {
    csv::Reader::from_reader(csv.as_bytes())
        .into_deserialize()
        .map(Result::unwrap)
        .collect()
}

/// Runs a sample table: a row with the line's text in one column must get
/// every error, query and warning that the line names, and no other.
fn run_table(csv: &str, column: usize) {
    let program = one_unit_for_all();
    for line in lines(csv) {
        let (raw, expected) = (&line["raw"], line["expected"].as_str());
        if expected == "skip" {
            continue;
        }
        let place = line.get("place").filter(|place| !place.is_empty());
        let place = place.map_or("塘沟村", String::as_str);
        let mut row = [
            "1",
            "2024年11月5日",
            place,
            "人居环境整治情况",
            "已清理",
            "0",
            CONTACT,
            "",
        ];
        row[column] = raw;
        let examination = look(
            &program,
            &named("测试员2024年11月.xlsx"),
            &ledger("测试员", &[row]),
            &[],
        );
        let expected: BTreeSet<String> = match expected {
            "ok" => BTreeSet::new(),
            codes => codes.split(';').map(str::to_owned).collect(),
        };
        let weighty = |code: &&String| !code.ends_with(":info");
        let found = told(&examination, Severity::Warning);
        assert_eq!(
            found,
            expected.iter().filter(weighty).cloned().collect(),
            "{raw:?}"
        );
        assert!(expected.is_subset(&told(&examination, Severity::Info)), "{raw:?}");
    }
}

#[test]
fn date_samples_come_out_as_listed() {
    run_table(include_str!("../../../../tests/data/date_samples.csv"), 1);
}

#[test]
fn village_samples_come_out_as_listed() {
    run_table(include_str!("../../../../tests/data/village_samples.csv"), 2);
}

#[test]
fn count_samples_come_out_as_listed() {
    run_table(include_str!("../../../../tests/data/count_samples.csv"), 5);
}

#[test]
fn phone_samples_come_out_as_listed() {
    run_table(include_str!("../../../../tests/data/phone_samples.csv"), 6);
}
