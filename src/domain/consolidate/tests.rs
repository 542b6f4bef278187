//! Counting as the documents define it, and what must hold for any rows.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Collector, Lamp, Summary};
use crate::domain::fixture::{self, date, due, november, obligation, row, submission};
use crate::domain::ledger::LedgerRow;
use crate::domain::obligation::State;
use crate::domain::period::Period;
use crate::domain::program::{Program, TargetScope};
use crate::domain::targets::Light;

/// Rows by leader's name.
type Ledgers = BTreeMap<String, Vec<LedgerRow>>;

fn vectors() -> Ledgers {
    let mut ledgers = Ledgers::new();
    let mut reader =
        csv::Reader::from_reader(&include_bytes!("../../../tests/data/visit_count_vectors.csv")[..]);
    for record in reader.records() {
        let record = record.unwrap();
        ledgers.entry(record[1].to_owned()).or_default().push(row(
            &record[2],
            &record[3],
            record[4].parse().unwrap(),
        ));
    }
    ledgers
}

fn summarise(program: &Program, ledgers: &Ledgers, backwards: bool) -> Summary {
    let due = due();
    let mut collector = Collector::new(program, &november(), &due);
    let mut names: Vec<&String> = ledgers.keys().collect();
    if backwards {
        names.reverse();
    }
    for name in names {
        let unit = program.roster.find(name).unwrap();
        collector.add(unit, &submission(&unit.id, november()), &ledgers[name]);
    }
    let obligations: Vec<_> = program
        .roster
        .units
        .iter()
        .map(|unit| {
            let came = ledgers.contains_key(&unit.name);
            obligation(&unit.id, if came { State::Accepted } else { State::Overdue })
        })
        .collect();
    collector.finish(&obligations)
}

/// The number behind `key=` in an expectation.
fn stated(fields: &csv::StringRecord, key: &str) -> Option<u32> {
    let value = fields
        .iter()
        .find_map(|field| field.strip_prefix(key))?
        .strip_prefix('=')?;
    let digits: String = value.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[test]
fn visits_are_counted_as_the_vectors_say() {
    let program = fixture::wutang();
    let summary = summarise(&program, &vectors(), false);
    let visits = summary.visits.unwrap();
    let expected = include_bytes!("../../../tests/data/visit_count_expected.csv");
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(&expected[..]);
    let mut lines = 0;
    for record in reader.records() {
        let record = record.unwrap();
        let (period, year, coverage) = match &record[1] {
            "leader" => {
                let line = visits.leaders.iter().find(|line| line.name == record[2]).unwrap();
                let coverage = format!("villages={}/{}", line.visited.len(), line.assigned.len());
                (line.period, line.year, Some(coverage))
            }
            "village" => {
                let line = visits.places.iter().find(|line| line.place == record[2]).unwrap();
                (line.period, line.year, None)
            }
            _ => (visits.period, visits.year, None),
        };
        for count in [period, year] {
            let want = stated(&record, "visits").or(stated(&record, "visits_distinct"));
            assert_eq!(Some(count.visits), want, "{record:?}");
            assert_eq!(Some(count.days), stated(&record, "days"), "{record:?}");
            assert_eq!(
                u32::try_from(count.solved).ok(),
                stated(&record, "solved"),
                "{record:?}"
            );
        }
        if let Some(coverage) = coverage {
            assert_eq!(coverage, record[6], "{record:?}");
        }
        lines += 1;
    }
    assert_eq!(lines, 8);
    assert_eq!(visits.joint.len(), 1);
    assert_eq!(visits.joint[0].leaders, ["洪文泽", "庞兴"]);
}

#[test]
fn a_range_may_count_one_visit_a_day() {
    let mut program = fixture::wutang();
    program.material.log_mut().visits.as_mut().unwrap().range_is_one = false;
    let visits = summarise(&program, &vectors(), false).visits.unwrap();
    let line = visits.leaders.iter().find(|line| line.name == "黄景连").unwrap();
    assert_eq!(
        (line.period.visits, line.period.days, line.period.solved),
        (2, 2, 3)
    );
}

#[test]
fn several_places_in_a_row_share_their_problems() {
    let program = fixture::wutang();
    let ledgers = Ledgers::from([(
        "袁庆".into(),
        vec![row("2024-11-05;2024-11-08", "浩发村、外坡村", 4)],
    )]);
    let visits = summarise(&program, &ledgers, false).visits.unwrap();
    assert_eq!(
        (visits.period.visits, visits.period.days, visits.period.solved),
        (4, 2, 4)
    );
    for place in ["浩发村", "外坡村"] {
        let line = visits.places.iter().find(|line| line.place == place).unwrap();
        assert_eq!(
            (line.period.visits, line.period.solved, line.shared),
            (2, 4, true)
        );
        assert_eq!(line.latest, Some(date("2024-11-08")));
    }
}

#[test]
fn rows_that_share_a_visit_give_the_larger_number() {
    let program = fixture::wutang();
    for (rows, solved) in [
        (
            vec![row("2024-11-05", "浩发村", 1), row("2024-11-05", "浩发村", 3)],
            3,
        ),
        // A row that repeats two others stands back when they are larger.
        (
            vec![
                row("2024-11-05;2024-11-12", "浩发村", 1),
                row("2024-11-05", "浩发村", 2),
                row("2024-11-12", "浩发村", 3),
            ],
            5,
        ),
        (vec![row("", "浩发村", 2), row("", "浩发村", 2)], 4),
    ] {
        let ledgers = Ledgers::from([("袁庆".into(), rows)]);
        let visits = summarise(&program, &ledgers, false).visits.unwrap();
        assert_eq!(visits.period.solved, solved);
    }
}

#[test]
fn late_rows_and_other_periods_count_for_the_year_only() {
    let program = fixture::wutang();
    let due = due();
    let mut collector = Collector::new(&program, &november(), &due);
    let unit = &program.roster.units[2];
    let late = LedgerRow {
        late: true,
        ..row("2024-10-08", "外坡村", 2)
    };
    let own = [row("2024-11-05", "浩发村", 1), late];
    collector.add(unit, &submission("U03", november()), &own);
    let october = submission("U03", Period::Month(2024, 10));
    let earlier = [row("2024-10-09", "外坡村", 0), row("2023-12-30", "外坡村", 0)];
    collector.add_other(unit, &october, &earlier);
    collector.add_other(unit, &october, &earlier);
    let december = submission("U03", Period::Month(2024, 12));
    let later = LedgerRow {
        late: true,
        ..row("2024-10-10", "外坡村", 0)
    };
    collector.add_other(unit, &december, &[row("2024-12-03", "浩发村", 0), later]);
    let summary = collector.finish(&[obligation("U03", State::Accepted)]);
    assert_eq!((summary.rows, summary.late_rows), (2, 1));
    let line = summary.visits.unwrap().leaders.swap_remove(2);
    assert_eq!((line.period.visits, line.period.solved), (1, 1));
    assert_eq!((line.year.visits, line.year.days, line.year.solved), (4, 4, 3));
    assert_eq!(line.not_visited, ["乌塘岭村"]);
}

#[test]
fn a_second_submission_of_a_period_changes_nothing() {
    let program = fixture::wutang();
    let due = due();
    let unit = &program.roster.units[2];
    let mut collector = Collector::new(&program, &november(), &due);
    for _ in 0..2 {
        collector.add(
            unit,
            &submission("U03", november()),
            &[row("2024-11-05", "浩发村", 1)],
        );
    }
    let summary = collector.finish(&[]);
    assert_eq!(summary.rows, 1);
    assert_eq!(summary.visits.unwrap().period.solved, 1);
}

#[test]
fn lights_need_a_report_and_spare_the_coordinating() {
    let mut program = fixture::wutang();
    program.cycle.first = Some(Period::Month(2024, 1));
    program.material.targets_mut().effective = date("2024-01-01");
    let rows = |days: &[u32]| {
        days.iter()
            .map(|day| row(&format!("2024-11-{day:02}"), "浩发村", 0))
            .collect()
    };
    let ledgers = Ledgers::from([
        ("袁庆".into(), rows(&[1, 2, 3, 4])),
        ("林强".into(), rows(&[1, 2, 3])),
    ]);
    let visits = summarise(&program, &ledgers, false).visits.unwrap();
    // By November 4 of 5 should be reached; 3 of 4 is 75 %.
    let lights: Vec<_> = visits
        .leaders
        .iter()
        .take(5)
        .map(|line| line.lamp.light())
        .collect();
    assert_eq!(
        lights,
        [None, None, Some(Light::Green), Some(Light::Red), Some(Light::Red)]
    );
    assert_eq!(visits.leaders[3].elsewhere, 3);
    assert_eq!(visits.leaders[4].lamp, Lamp::Overdue);
    assert_eq!(visits.leaders[2].missing, Some((1, 1)));
}

#[test]
fn targets_may_hold_for_each_place() {
    let mut program = fixture::wutang();
    program.cycle.first = Some(Period::Month(2024, 1));
    let targets = program.material.targets_mut();
    targets.effective = date("2024-01-01");
    targets.scope = TargetScope::LeaderVillage;
    let days = |place: &'static str, count: u32| {
        (1..=count).map(move |day| row(&format!("2024-11-{day:02}"), place, 0))
    };
    let rows = days("浩发村", 4)
        .chain(days("外坡村", 4))
        .chain(days("乌塘岭村", 3))
        .collect();
    let visits = summarise(&program, &Ledgers::from([("袁庆".into(), rows)]), false)
        .visits
        .unwrap();
    let line = &visits.leaders[2];
    assert_eq!(line.lamp, Lamp::Lit(Light::Red));
    assert_eq!(line.behind, ["乌塘岭村"]);
    assert_eq!(line.missing, Some((2, 2)));
}

fn any_row() -> impl Strategy<Value = LedgerRow> {
    let places = prop::sample::subsequence(vec!["乌塘圩村", "边板村", "湛川村"], 1..=2);
    let spans = prop::collection::vec((1..=20_u32, 0..3_u32), 1..3);
    (spans, places, 0..5_u32).prop_map(|(spans, places, solved)| {
        let spans: Vec<String> = spans
            .iter()
            .map(|(from, length)| format!("2024-11-{from:02}..2024-11-{:02}", from + length))
            .collect();
        row(&spans.join(";"), &places.join("、"), solved)
    })
}

fn any_ledgers() -> impl Strategy<Value = Ledgers> {
    let names = ["洪文泽", "林强", "庞兴", "陈小敏"].map(String::from);
    prop::collection::btree_map(
        prop::sample::select(names.to_vec()),
        prop::collection::vec(any_row(), 0..6),
        0..4,
    )
}

/// A joint visit keeps a leader's largest row from counting in the town; the
/// rows that it had left out of the leader's own number don't come back in.
#[test]
fn the_town_solves_no_more_than_its_leaders_together() {
    let ledgers = BTreeMap::from([
        (
            "林强".to_owned(),
            vec![
                fixture::row("2024-11-17;2024-11-16", "乌塘圩村、边板村", 3),
                fixture::row("2024-11-16", "乌塘圩村、湛川村", 2),
                fixture::row("2024-11-14..2024-11-16", "边板村", 2),
            ],
        ),
        ("洪文泽".to_owned(), vec![fixture::row("2024-11-17", "边板村", 4)]),
    ]);
    let visits = summarise(&fixture::wutang(), &ledgers, false).visits.unwrap();
    let leaders: Vec<u64> = visits.leaders.iter().map(|line| line.period.solved).collect();
    assert_eq!(leaders.iter().sum::<u64>(), 7);
    assert_eq!(visits.period.solved, 4);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_submissions_and_rows_makes_no_difference(ledgers in any_ledgers()) {
        let program = fixture::wutang();
        let one = summarise(&program, &ledgers, false);
        let mut turned = ledgers.clone();
        for rows in turned.values_mut() {
            rows.reverse();
        }
        prop_assert_eq!(one, summarise(&program, &turned, true));
    }

    #[test]
    fn totals_are_conserved(ledgers in any_ledgers()) {
        let program = fixture::wutang();
        let summary = summarise(&program, &ledgers, false);
        let rows: usize = ledgers.values().map(Vec::len).sum();
        prop_assert_eq!(summary.rows as usize, rows);
        prop_assert_eq!(summary.units.iter().map(|line| line.rows).sum::<u32>(), summary.rows);
        let visits = summary.visits.unwrap();
        // Joint visits make the town smaller than its leaders together, never larger.
        let leaders: u32 = visits.leaders.iter().map(|line| line.period.visits).sum();
        let places: u32 = visits.places.iter().map(|line| line.period.visits).sum();
        prop_assert_eq!(places, visits.period.visits);
        prop_assert!(visits.period.visits <= leaders);
        let solved: u64 = visits.leaders.iter().map(|line| line.period.solved).sum();
        prop_assert!(visits.period.solved <= solved);
        prop_assert_eq!(visits.period, visits.year);
    }

    #[test]
    fn a_repeated_row_adds_nothing(ledgers in any_ledgers()) {
        let program = fixture::wutang();
        let mut doubled = ledgers.clone();
        for rows in doubled.values_mut() {
            rows.extend(rows.clone());
        }
        let (one, two) = (summarise(&program, &ledgers, false), summarise(&program, &doubled, false));
        prop_assert_eq!(one.visits, two.visits);
    }
}

#[test]
fn a_year_that_began_before_the_first_period_is_marked_and_chases_nobody() {
    let mut program = fixture::wutang();
    program.material.targets_mut().effective = date("2024-01-01");
    let ledgers = Ledgers::from([("林强".into(), vec![row("2024-11-05", "浩发村", 0)])]);
    for (first, since, behind) in [(11, Some(Period::Month(2024, 11)), 0), (1, None, 11)] {
        program.cycle.first = Some(Period::Month(2024, first));
        let summary = summarise(&program, &ledgers, false);
        assert_eq!(summary.leaders_behind().count(), behind, "first is {first}");
        assert_eq!(summary.visits.unwrap().since, since);
    }
}
