//! The Wutang ladder over a year, hour by hour.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Asia::Shanghai;
use chrono_tz::Tz;

use super::*;
use crate::domain::calendar::Calendar;
use crate::domain::finding::Verdict;
use crate::domain::fixture::{calendar, submission, wutang};
use crate::domain::ladder::*;
use crate::domain::obligation::{grace, judge};
use crate::domain::program::Program;
use crate::domain::roster::Unit;
use crate::domain::submission::{Arrival, Submission};

mod waiting;

fn at(text: &str) -> DateTime<Tz> {
    DateTime::parse_from_rfc3339(text)
        .unwrap()
        .with_timezone(&Shanghai)
}

/// Who hands in what, when: (unit, period, version, instant, verdict).
type Arrivals = Vec<Submission>;

fn arrival(unit: &str, period: &str, version: u32, when: &str, verdict: Verdict) -> Submission {
    let seen: DateTime<Utc> = at(when).to_utc();
    Submission {
        id: i64::from(version).into(),
        version,
        arrival: Arrival {
            after: Some(seen - TimeDelta::minutes(1)),
            seen,
        },
        verdict,
        decided: seen,
        judged: seen,
        ..submission(unit, period.parse().unwrap())
    }
}

/// A site in small: what has come in, what was recorded.
struct Walk {
    program: Program,
    calendar: Calendar,
    arrivals: Arrivals,
    recorded: BTreeSet<NoticeKey>,
    sent: Vec<Notice>,
    /// A unit whose duty is open again, and since when.
    reopened: Option<(String, DateTime<Tz>)>,
}

impl Walk {
    fn new(arrivals: Arrivals) -> Self {
        Self {
            program: wutang(),
            calendar: calendar(),
            arrivals,
            recorded: BTreeSet::new(),
            sent: Vec::new(),
            reopened: None,
        }
    }

    fn planned(&self, period: &Period, now: DateTime<Tz>) -> Vec<Notice> {
        self.planned_before(period, now, None)
    }

    fn planned_before(&self, period: &Period, now: DateTime<Tz>, until: Option<DateTime<Tz>>) -> Vec<Notice> {
        let due = self.program.due(period, &self.calendar, Shanghai).unwrap();
        let span = self.program.cycle.span(period).unwrap();
        let units: Vec<_> = self.program.roster.units_in(span).collect();
        let own_of = |unit: &Unit| -> Vec<Submission> {
            let own = self.arrivals.iter();
            own.filter(|own| own.unit == unit.id && own.period == *period && own.arrival.seen <= now)
                .cloned()
                .collect()
        };
        let go_live = Some(at("2024-11-20T09:00:00+08:00").to_utc());
        let obligations: Vec<_> = units
            .iter()
            .map(|unit| {
                let (own, program) = (own_of(unit), &self.program);
                judge(
                    program,
                    period,
                    &due,
                    &unit.id,
                    &own,
                    None,
                    &self.calendar,
                    go_live,
                    now,
                )
            })
            .collect();
        let facts = PeriodFacts {
            period,
            due: &due,
            revision: 0,
            duties: units
                .iter()
                .zip(&obligations)
                .map(|(unit, obligation)| DutyFacts {
                    due: None,
                    groups: Vec::new(),
                    grace: grace(&self.program, &due, &own_of(unit), &self.calendar)
                        .filter(|grace| grace.in_time)
                        .map(|grace| grace.until.with_timezone(&Shanghai)),
                    unit,
                    obligation,
                    returned: None,
                    reopened: self
                        .reopened
                        .as_ref()
                        .filter(|(own, _)| own.as_str() == unit.id.as_str())
                        .map(|(_, at)| *at),
                    held: unit.id == "U13" && period.to_string() == "2024-11",
                    missed_before: 0,
                    values: Vec::new(),
                    lagging: Vec::new(),
                })
                .collect(),
            behind: Vec::new(),
        };
        plan(
            &self.program,
            &self.program.ladder,
            &Hours::default(),
            &self.calendar,
            &facts,
            (now, until),
        )
    }

    fn step(&mut self, now: DateTime<Tz>) {
        if !Hours::default().are_open(&self.calendar, now) {
            return;
        }
        for period in self.program.cycle.started_by(now.date_naive(), 24) {
            let chosen = choose(self.planned(&period, now), &self.recorded, now);
            for notice in chosen.due {
                assert!(self.recorded.insert(notice.key()), "twice: {notice:?}");
                self.sent.push(Notice { at: now, ..notice });
            }
            self.recorded.extend(chosen.superseded.iter().map(Notice::key));
        }
    }

    fn until(&mut self, from: &str, to: &str) {
        let mut now = at(from);
        while now < at(to) {
            self.step(now);
            now += TimeDelta::hours(1);
        }
    }
}

fn lines(notices: &[Notice]) -> String {
    let mut text = String::new();
    for notice in notices {
        let names = |list: &[Recipient]| {
            let all: Vec<_> = list.iter().map(|own| own.name.as_str()).collect();
            all.join("、")
        };
        let _ = writeln!(
            text,
            "{} {} {} {} {} → {}{} {}",
            notice.at.format("%m-%d %H:%M %a"),
            notice.period,
            notice.unit.as_deref().unwrap_or("-"),
            notice.kind.as_str(),
            notice.mode.label(crate::domain::language::Language::Chinese),
            names(&notice.to),
            if notice.cc.is_empty() {
                String::new()
            } else {
                format!("（抄送{}）", names(&notice.cc))
            },
            notice.reason.words(crate::domain::language::Language::Chinese),
        );
    }
    text
}

#[test]
fn a_month_in_which_two_units_are_behind() {
    let mut arrivals: Arrivals = (1..=13)
        .map(|n| {
            let unit = format!("U{n:02}");
            arrival(
                &unit,
                "2024-11",
                1,
                "2024-12-02T08:40:00+08:00",
                Verdict::Accepted,
            )
        })
        .collect();
    // U01 reports for a coordinating leader, U05 corrects late; U13 may be an unclaimed file.
    arrivals.retain(|own| !["U01", "U05", "U13"].contains(&own.unit.as_str()));
    arrivals.push(arrival(
        "U05",
        "2024-11",
        1,
        "2024-12-04T10:00:00+08:00",
        Verdict::Returned,
    ));
    arrivals.push(arrival(
        "U05",
        "2024-11",
        2,
        "2024-12-11T10:30:00+08:00",
        Verdict::Accepted,
    ));
    let mut walk = Walk::new(arrivals);
    walk.until("2024-11-29T08:00:00+08:00", "2024-12-20T00:00:00+08:00");
    insta::assert_snapshot!(lines(&walk.sent));
}

#[test]
fn a_year_hour_by_hour() {
    // Everybody hands in on the due date at noon but one, who is always two working days late.
    let program = wutang();
    let calendar = calendar();
    let mut arrivals = Vec::new();
    for period in program.cycle.started_by("2025-12-31".parse().unwrap(), 24) {
        let due = program.due(&period, &calendar, Shanghai).unwrap();
        for unit in &program.roster.units {
            let day = if unit.id == "U07" {
                calendar.add_working_days(due.at.date_naive(), 2)
            } else {
                due.at.date_naive()
            };
            let when = format!("{day}T12:00:00+08:00");
            arrivals.push(arrival(
                &unit.id,
                &period.to_string(),
                1,
                &when,
                Verdict::Accepted,
            ));
        }
    }
    let mut walk = Walk::new(arrivals);
    walk.until("2024-11-20T09:00:00+08:00", "2026-01-20T00:00:00+08:00");
    let mut of_kind: BTreeMap<(&str, String), u32> = BTreeMap::new();
    for notice in &walk.sent {
        let day = notice.at.date_naive();
        assert!(calendar.is_working_day(day), "{notice:?}");
        assert!(Hours::default().are_open(&calendar, notice.at), "{notice:?}");
        if let Some(unit) = &notice.unit {
            let met = walk
                .arrivals
                .iter()
                .any(|own| own.unit == *unit && own.period == notice.period && own.arrival.seen <= notice.at);
            assert!(!met, "after the duty was met: {notice:?}");
        }
        let who = notice.unit.clone().filter(|unit| unit == "U07");
        *of_kind
            .entry((notice.kind.as_str(), who.map(String::from).unwrap_or_default()))
            .or_default() += 1;
    }
    let expected = [
        // 14 periods closed or due; report, bulletin and master once each.
        (("bulletin", ""), 14),
        (("consolidated", ""), 14),
        (("due-today", ""), 14 * 12),
        (("due-today", "U07"), 14),
        (("first-chase", "U07"), 14),
        // No leader is reminded of January, April and September, which run up to the holidays.
        (("reminder", ""), (14 + 11) * 12),
        (("reminder", "U07"), 14 + 11),
        (("report", ""), 14),
    ];
    let expected: BTreeMap<(&str, String), u32> = expected
        .into_iter()
        .map(|((kind, who), count)| ((kind, who.to_owned()), count))
        .collect();
    assert_eq!(of_kind, expected);
}

#[test]
fn a_plan_up_to_an_instant_is_the_beginning_of_the_whole() {
    let returned = arrival(
        "U05",
        "2024-11",
        1,
        "2024-12-04T10:00:00+08:00",
        Verdict::Returned,
    );
    let walk = Walk::new(vec![returned]);
    let (period, now) = ("2024-11".parse().unwrap(), at("2024-12-04T11:00:00+08:00"));
    let whole = walk.planned(&period, now);
    assert!(
        whole.iter().any(|own| own.at > own.step_at),
        "no step waits for the end of a grace"
    );
    let instants: BTreeSet<DateTime<Tz>> = whole.iter().flat_map(|own| [own.step_at, own.at]).collect();
    for until in instants {
        let mut cut = whole.clone();
        cut.retain(|own| own.step_at < until);
        assert_eq!(walk.planned_before(&period, now, Some(until)), cut, "{until}");
    }
}

#[test]
fn after_downtime_only_the_most_advanced_step_goes_out() {
    let mut walk = Walk::new(Vec::new());
    walk.step(at("2024-12-12T15:00:00+08:00"));
    let of_u03: Vec<_> = walk
        .sent
        .iter()
        .filter(|notice| notice.unit.as_deref() == Some("U03"))
        .map(|notice| notice.kind.as_str())
        .collect();
    assert_eq!(of_u03, ["escalation"]);
    walk.until("2024-12-12T16:00:00+08:00", "2024-12-16T00:00:00+08:00");
    let again = walk
        .sent
        .iter()
        .filter(|notice| notice.unit.as_deref() == Some("U03"));
    assert_eq!(again.count(), 1, "superseded steps don't come later");
}

#[test]
fn exceptions_bind_recipients_not_duties() {
    let walk = Walk::new(Vec::new());
    let planned = walk.planned(&"2024-11".parse().unwrap(), at("2024-12-06T09:00:00+08:00"));
    let coordinating: BTreeSet<_> = ["洪文泽同志", "吴垂超同志"].into();
    for notice in planned.iter().filter(|notice| notice.kind.is_shortfall()) {
        let all = notice.to.iter().chain(&notice.cc);
        for recipient in all {
            assert!(!coordinating.contains(recipient.name.as_str()), "{notice:?}");
        }
    }
    let chased = |unit: &str| {
        planned
            .iter()
            .any(|notice| notice.unit.as_deref() == Some(unit) && notice.kind == Kind::FirstChase)
    };
    assert!(chased("U01"), "their departments' clerks are chased");
    let report = planned.iter().find(|notice| notice.kind == Kind::Report).unwrap();
    let to: BTreeSet<_> = report.to.iter().map(|own| own.name.as_str()).collect();
    assert_eq!(to, coordinating);
    assert_eq!(report.mode, Mode::Draft);
    let escalation = planned
        .iter()
        .find(|notice| notice.unit.as_deref() == Some("U01") && notice.kind == Kind::Escalation)
        .unwrap();
    assert_eq!(escalation.to[0].role, Role::OfficeHead);
}

#[test]
fn a_person_approves_where_the_programme_says_so() {
    let mut walk = Walk::new(Vec::new());
    let modes = |walk: &Walk| -> BTreeMap<String, Mode> {
        walk.planned(&"2024-11".parse().unwrap(), at("2024-12-06T09:00:00+08:00"))
            .into_iter()
            .filter(|notice| notice.unit.as_deref() == Some("U03"))
            .map(|notice| (notice.step, notice.mode))
            .collect()
    };
    assert_eq!(modes(&walk)["escalation"], Mode::Auto);
    walk.program.ladder.approval = Approval::Leaders;
    assert_eq!(modes(&walk)["escalation"], Mode::Draft);
    assert_eq!(modes(&walk)["first-chase"], Mode::Auto);
    walk.program.ladder.trial = true;
    assert_eq!(modes(&walk)["first-chase"], Mode::Draft);
}
