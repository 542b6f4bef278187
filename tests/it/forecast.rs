//! `schedule` shows every letter of its span: nothing goes out that a schedule
//! printed before didn't name, whatever the site is like.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chrono::{DateTime, Days, TimeDelta};
use taizhang::domain::ladder::{Kind, Trigger};
use taizhang::domain::letters::{LetterState, NoticeRecord};
use taizhang::jobs::obligations::Supposed;
use taizhang::jobs::remind::forecast;

use crate::harness::{PROGRAM, TestSite, sample, samples};
use crate::named::{Chance, roll};

/// What a schedule names: programme, unit or leader, period, step, and to whom.
type Named = (String, String, String, String, String);

fn named_by(record: &NoticeRecord) -> Named {
    let key = &record.key;
    let to = record
        .body
        .to
        .as_ref()
        .map(|to| to.key.clone())
        .unwrap_or_default();
    (
        key.program.to_string(),
        key.subject.clone(),
        key.period.to_string(),
        key.step.clone(),
        to,
    )
}

async fn schedule(own: &TestSite) -> BTreeSet<Named> {
    let to = own.site.clock.now().date_naive() + Days::new(12);
    let mut named = BTreeSet::new();
    for program in own.site.programs() {
        for notice in forecast(&own.site, &program, to, &Supposed::default())
            .await
            .unwrap()
        {
            let key = notice.key();
            // Where nobody can be written to, a copy is written to for itself.
            for to in notice.to.iter().chain(&notice.cc) {
                let key = key.clone();
                named.insert((
                    key.program.into(),
                    key.subject,
                    key.period.to_string(),
                    key.step,
                    to.key.clone(),
                ));
            }
        }
    }
    named
}

fn set(root: &Path, chance: &mut Chance) {
    let config = root.join("config.toml");
    let mut text = fs::read_to_string(&config).unwrap();
    let crons = ["0 9 * * Mon-Fri", "30 8 1,15 * *", "0 22 * * *", "0 7 * * Sat"];
    let pick = |chance: &mut Chance| crons[chance.below(crons.len())];
    for key in ["standing", "master"] {
        let line = format!("\n{key} = \"\"");
        assert!(text.contains(&line), "{text}");
        text = text.replacen(&line, &format!("\n{key} = \"{}\"", pick(chance)), 1);
    }
    fs::write(config, text).unwrap();
    if chance.one_in(2) {
        roll(root, PROGRAM, chance);
    }
    collect_all_year(root);
}

/// Targets of the whole year, all of which is collected.
fn collect_all_year(root: &Path) {
    let path = root.join("templates/programs").join(PROGRAM).join("program.toml");
    let mut text = fs::read_to_string(&path).unwrap();
    let from = |key: &str| {
        text.lines()
            .find(|line| line.starts_with(key))
            .unwrap()
            .to_owned()
    };
    let (effective, first) = (from("effective ="), from("first = "));
    text = text.replacen("measured_in = [", "measured_in = [12, ", 1);
    text = text.replacen(&effective, "effective = 2024-01-01", 1);
    text = text.replacen(&first, "first = \"2024-01\"", 1);
    fs::write(path, text).unwrap();
}

async fn walked(seed: u64, start: &str) -> (usize, BTreeSet<&'static str>) {
    let mut chance = Chance(seed);
    let own = TestSite::posting(|root| set(root, &mut chance)).await;
    let ledgers: Vec<String> = samples().into_iter().map(|(name, _)| name).collect();
    let mut now = DateTime::parse_from_rfc3339(start).unwrap();
    own.at(&now.to_rfc3339()).run().await;
    let (mut known, mut kinds, mut sent) = (BTreeSet::new(), BTreeSet::new(), 0);
    for letter in own.site.store.letters(&[]).await.unwrap() {
        known.insert(letter.id);
    }
    for _ in 0..90 {
        let named = schedule(&own).await;
        now += TimeDelta::minutes(40 + i64::try_from(chance.below(16)).unwrap() * 60);
        if chance.one_in(9) {
            let name = &ledgers[chance.below(ledgers.len())];
            let unit = &own.site.programs()[0].roster.units;
            let folder = unit[chance.below(unit.len())].name.clone();
            own.drop_file(
                &format!("{folder}/{}", name.rsplit('/').next().unwrap()),
                &sample(name),
            );
        }
        own.at(&now.to_rfc3339()).run().await;
        let letters = own.site.store.letters(&[]).await.unwrap();
        for letter in letters {
            if letter.state == LetterState::Discarded || !known.insert(letter.id) {
                continue;
            }
            for notice in own.site.store.notices_of(letter.id).await.unwrap() {
                // Answers follow from what came, as praise does.
                let answers = notice.kind.is_answer() || notice.kind == Kind::Praise;
                if answers || matches!(notice.body.reason.trigger, Trigger::Value { .. }) {
                    continue;
                }
                sent += 1;
                kinds.insert(notice.kind.as_str());
                let key = named_by(&notice);
                assert!(
                    named.contains(&key),
                    "seed {seed}, {now}: {key:?} was not on the schedule"
                );
            }
        }
    }
    (sent, kinds)
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_out_that_no_schedule_named() {
    let (mut sent, mut kinds) = (0, BTreeSet::new());
    for (seed, start) in [
        (1, "2024-11-28T08:00:00+08:00"),
        (2, "2024-12-29T10:00:00+08:00"),
        (3, "2025-01-20T16:00:00+08:00"),
        (4, "2025-09-25T07:00:00+08:00"),
    ] {
        let (count, own) = walked(seed, start).await;
        assert!(count > 20, "seed {seed} sent {count}");
        sent += count;
        kinds.extend(own);
    }
    let wanted = [
        "standing",
        "consolidated",
        "reminder",
        "first-chase",
        "escalation",
        "report",
        "target",
    ];
    for kind in wanted {
        assert!(kinds.contains(kind), "no {kind} among {sent}: {kinds:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_and_waits_and_what_is_measured_at_the_close_are_on_the_schedule() {
    let own = TestSite::with(collect_all_year).await;
    let program = own.site.program(PROGRAM).unwrap();
    let none = Supposed::default();
    let named = async |at: &str, to: &str| -> Vec<(&'static str, String)> {
        own.at(at);
        let all = forecast(&own.site, &program, to.parse().unwrap(), &none)
            .await
            .unwrap();
        all.iter()
            .map(|own| (own.kind.as_str(), own.at.format("%m-%d %H:%M").to_string()))
            .collect()
    };
    // At night the first chase, which nobody has sent, waits for the morning.
    let night = named("2024-12-06T20:00:00+08:00", "2024-12-09").await;
    let of = |kind: &str, at: &str, all: &[(&str, String)]| {
        all.iter()
            .filter(|(own, when)| *own == kind && when == at)
            .count()
    };
    assert_eq!(of("first-chase", "12-09 08:30", &night), 13, "{night:?}");
    assert_eq!(of("reminder", "12-09 08:30", &night), 0, "overtaken: {night:?}");
    // November is measured at its close; nobody has a visit.
    let close = named("2024-12-10T09:00:00+08:00", "2024-12-16").await;
    assert!(of("target", "12-16 17:30", &close) > 0, "{close:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standing_letter_on_a_holiday_goes_on_the_next_working_day() {
    let own = TestSite::with(|root| {
        let config = root.join("config.toml");
        let text = fs::read_to_string(&config).unwrap();
        // The first of January, and the days after it at night.
        fs::write(
            config,
            text.replace("\nstanding = \"\"", "\nstanding = \"0 20 1,3 * *\""),
        )
        .unwrap();
    })
    .await;
    let standing = async |at: &str| {
        own.at(at).run().await;
        let letters = own.site.store.letters(&[]).await.unwrap();
        letters.iter().filter(|own| own.kind == Kind::Standing).count()
    };
    // A letter each to the office and the two coordinating leaders.
    assert_eq!(standing("2025-01-01T20:30:00+08:00").await, 0);
    assert_eq!(standing("2025-01-02T08:30:00+08:00").await, 3);
    assert_eq!(standing("2025-01-02T15:00:00+08:00").await, 3);
    // On Friday night: on Monday.
    assert_eq!(standing("2025-01-05T10:00:00+08:00").await, 3);
    assert_eq!(standing("2025-01-06T09:00:00+08:00").await, 6);
    assert_eq!(standing("2025-01-07T09:00:00+08:00").await, 6);
}
