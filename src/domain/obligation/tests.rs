use chrono::TimeZone;
use chrono_tz::Asia::Shanghai;
use proptest::prelude::*;

use super::*;
use crate::domain::fixture::{november, submission, wutang};
use crate::domain::submission::Arrival;

fn shipped() -> Calendar {
    Calendar::parse(include_str!("../../../templates/holidays.csv")).unwrap()
}

/// An instant in Shanghai, `12-05 17:30` of 2024.
fn at(text: &str) -> DateTime<Tz> {
    let civil = chrono::NaiveDateTime::parse_from_str(&format!("2024-{text}"), "%Y-%m-%d %H:%M").unwrap();
    Shanghai.from_local_datetime(&civil).unwrap()
}

fn version(number: u32, verdict: Verdict, after: Option<&str>, seen: &str) -> Submission {
    let seen = at(seen).to_utc();
    Submission {
        id: i64::from(number).into(),
        version: number,
        file_name: "台账.xlsx".into(),
        arrival: Arrival {
            after: after.map(|after| at(after).to_utc()),
            seen,
        },
        verdict,
        rows: 3,
        decided: seen,
        judged: seen,
        ..submission("hong", november())
    }
}

/// Judges and explains; November 2024 is due on 5 December at 17:30 and closes on the 16th.
fn judged(
    submissions: &[Submission],
    exempt: Option<&Exemption>,
    go_live: Option<&str>,
    now: &str,
) -> (Obligation, Vec<Why>) {
    let (program, period, calendar) = (wutang(), november(), shipped());
    let due = program.due(&period, &calendar, Shanghai).unwrap();
    let go_live = go_live.map(|text| at(text).to_utc());
    let now = at(now);
    let own = judge(
        &program,
        &period,
        &due,
        &"hong".into(),
        submissions,
        exempt,
        &calendar,
        go_live,
        now,
    );
    let facts = Circumstances {
        program: &program,
        period: &period,
        due: &due,
        submissions,
        exempt,
        calendar: &calendar,
        go_live,
        now,
    };
    let reasons = why(&facts, &own);
    (own, reasons)
}

const OK: Verdict = Verdict::Accepted;
const BACK: Verdict = Verdict::Returned;

#[test]
fn without_a_file_the_time_decides() {
    for (now, state, reason) in [
        ("11-20 09:00", State::Upcoming, "Running"),
        ("12-05 17:30", State::Due, "Awaited"),
        ("12-05 17:31", State::Overdue, "Missing"),
    ] {
        let (own, why) = judged(&[], None, None, now);
        assert_eq!(own.state, state, "{now}");
        assert!(format!("{why:?}").contains(reason), "{why:?}");
    }
    let (own, why) = judged(&[], None, Some("12-06 08:00"), "12-09 09:00");
    assert_eq!(own.state, State::Historic);
    assert!(matches!(why[..], [Why::Historic { .. }]), "{why:?}");
}

#[test]
fn the_interval_of_the_first_arrival_decides_lateness() {
    for (after, seen, state, arrived) in [
        (
            Some("12-05 17:29"),
            "12-05 17:30",
            State::Accepted,
            Arrived::InTime,
        ),
        (
            Some("12-05 17:00"),
            "12-06 08:30",
            State::Accepted,
            Arrived::InDoubt,
        ),
        (
            Some("12-05 17:30"),
            "12-05 17:31",
            State::AcceptedLate,
            Arrived::Late,
        ),
        (None, "12-05 17:31", State::AcceptedLate, Arrived::Late),
    ] {
        let (own, why) = judged(&[version(1, OK, after, seen)], None, None, "12-09 09:00");
        assert_eq!(own.state, state, "{seen}");
        let Why::FirstArrival { arrived: found, .. } = why[0] else {
            panic!("{why:?}")
        };
        assert_eq!(found, arrived, "{seen}");
    }
}

#[test]
fn a_file_that_could_not_be_read_sets_no_arrival() {
    let unreadable = version(1, Verdict::Unreadable, None, "12-02 09:00");
    let (own, why) = judged(std::slice::from_ref(&unreadable), None, None, "12-06 09:00");
    assert_eq!((own.state, own.first_received), (State::Overdue, None));
    assert!(matches!(why[..], [Why::Missing { .. }]), "{why:?}");
    let later = version(2, OK, None, "12-06 10:00");
    assert_eq!(
        judged(&[unreadable, later], None, None, "12-09 09:00").0.state,
        State::AcceptedLate
    );
}

#[test]
fn a_correction_within_its_grace_is_on_time() {
    // Returned on Thursday the 5th: the grace ends on Tuesday the 10th at 17:30.
    let returned = version(1, BACK, None, "12-05 10:00");
    let (own, why) = judged(std::slice::from_ref(&returned), None, None, "12-10 17:30");
    assert_eq!(own.state, State::Returned);
    let until = at("12-10 17:30").to_utc();
    assert_eq!(
        why.last(),
        Some(&Why::CorrectionOpen {
            until,
            provisional: false
        })
    );
    let (_, why) = judged(std::slice::from_ref(&returned), None, None, "12-10 17:31");
    assert_eq!(why.last(), Some(&Why::CorrectionPassed { until }));
    for (seen, state, expected) in [
        ("12-10 17:30", State::Accepted, true),
        ("12-10 17:31", State::AcceptedLate, false),
    ] {
        let (own, why) = judged(
            &[returned.clone(), version(2, OK, None, seen)],
            None,
            None,
            "12-11 09:00",
        );
        assert_eq!(own.state, state, "{seen}");
        let found = why.iter().find_map(|reason| match reason {
            Why::Corrected { in_time, .. } => Some(*in_time),
            _ => None,
        });
        assert_eq!(found, Some(expected));
    }
}

#[test]
fn the_grace_never_ends_before_the_due_date_and_mends_no_late_arrival() {
    let early = version(1, BACK, None, "11-28 10:00");
    let (own, _) = judged(
        &[early, version(2, OK, None, "12-05 17:00")],
        None,
        None,
        "12-06 09:00",
    );
    assert_eq!(own.state, State::Accepted);
    let late = version(1, BACK, None, "12-06 10:00");
    let (own, why) = judged(
        &[late, version(2, OK, None, "12-06 15:00")],
        None,
        None,
        "12-09 09:00",
    );
    assert_eq!((own.state, own.late), (State::AcceptedLate, true));
    assert!(!format!("{why:?}").contains("Corrected"), "{why:?}");
}

#[test]
fn the_working_days_of_the_grace_may_hang_on_an_unknown_year() {
    let (program, calendar) = (wutang(), shipped());
    let period = Period::Month(2026, 11);
    let due = program.due(&period, &calendar, Shanghai).unwrap();
    assert!(!due.provisional);
    let mut returned = version(1, BACK, None, "12-05 10:00");
    for (day, provisional) in [(28, false), (29, true)] {
        returned.judged = Shanghai
            .with_ymd_and_hms(2026, 12, day, 10, 0, 0)
            .unwrap()
            .to_utc();
        let found = correction(&program, &due, std::slice::from_ref(&returned), &calendar);
        assert_eq!(found.provisional, provisional, "{day}");
    }
}

#[test]
fn nil_exempt_after_close_and_withdrawn_are_explained() {
    let mut nil = version(1, OK, None, "12-03 09:00");
    nil.nil = true;
    nil.file_name = "零报告-周景辉-2024年11月.xlsx".into();
    let (own, why) = judged(std::slice::from_ref(&nil), None, None, "12-09 09:00");
    assert_eq!(own.state, State::Nil);
    assert!(
        matches!(why.last(), Some(Why::Nil { by_name: true, .. })),
        "{why:?}"
    );
    nil.file_name = "台账.xlsx".into();
    let (_, why) = judged(&[nil], None, None, "12-09 09:00");
    assert!(
        matches!(why.last(), Some(Why::Nil { by_name: false, .. })),
        "{why:?}"
    );

    let exemption = Exemption {
        unit: "hong".into(),
        period: november(),
        reason: "借调".into(),
        by: "办公室".into(),
        at: at("11-20 09:00").to_utc(),
    };
    let (own, why) = judged(&[], Some(&exemption), None, "12-09 09:00");
    assert_eq!(own.state, State::Exempt);
    assert!(
        matches!(&why[..], [Why::Exempt { by, .. }] if by == "办公室"),
        "{why:?}"
    );

    let (own, why) = judged(&[version(1, OK, None, "12-17 09:00")], None, None, "12-18 09:00");
    assert!(own.after_close && own.late);
    assert!(
        why.iter().any(|reason| matches!(reason, Why::AfterClose { .. })),
        "{why:?}"
    );

    let mut gone = version(1, OK, None, "12-03 09:00");
    gone.withdrawn = Some(gone.decided);
    let (own, why) = judged(&[gone], None, None, "12-04 09:00");
    assert_eq!(own.state, State::Due);
    assert!(matches!(&why[..], [Why::Awaited { .. }, Why::Withdrawn { versions }] if *versions == [1]));
}

#[test]
fn what_the_office_accepts_counts_with_its_own_arrival() {
    let mut kept = version(1, BACK, None, "12-05 10:00");
    kept.accepted_by_office = Some(("办公室".into(), "情况属实".into()));
    kept.decided = at("12-20 09:00").to_utc();
    let (own, why) = judged(&[kept], None, None, "12-20 10:00");
    assert_eq!(own.state, State::Accepted, "{why:?}");
    assert!(
        matches!(why.last(), Some(Why::AcceptedByOffice { .. })),
        "{why:?}"
    );
}

prop_compose! {
    fn any_submission()(
        verdict in prop::sample::select(vec![OK, BACK, Verdict::AcceptedWithWarnings, Verdict::Unreadable]),
        seen in 0i64..60_000,
        unseen in prop::option::of(0i64..5_000),
        by_office in prop::bool::weighted(0.2),
        withdrawn in prop::bool::weighted(0.2),
        nil in prop::bool::weighted(0.2),
    ) -> Submission {
        let mut one = version(1, verdict, None, "11-20 09:00");
        one.arrival.seen += chrono::TimeDelta::minutes(seen);
        one.arrival.after = unseen.map(|minutes| one.arrival.seen - chrono::TimeDelta::minutes(minutes));
        one.decided = one.arrival.seen;
        one.accepted_by_office = by_office.then(|| ("办公室".to_owned(), "属实".to_owned()));
        one.withdrawn = withdrawn.then_some(one.arrival.seen);
        one.judged = one.decided;
        one.nil = nil;
        one
    }
}

proptest! {
    /// No rate exceeds 100 %, whatever comes whenever, and every state has its reason.
    #[test]
    fn rates_never_exceed_the_whole(
        units in prop::collection::vec(
            (prop::collection::vec(any_submission(), 0..4), prop::bool::weighted(0.1)),
            0..12,
        ),
        now in 0i64..80_000,
        live in prop::option::of(0i64..40_000),
    ) {
        let (program, period, calendar) = (wutang(), november(), shipped());
        let due = program.due(&period, &calendar, Shanghai).unwrap();
        let from = |minutes: i64| at("11-20 09:00") + chrono::TimeDelta::minutes(minutes);
        let go_live = live.map(|minutes| from(minutes).to_utc());
        let exemption = Exemption {
            unit: "hong".into(),
            period: period.clone(),
            reason: "借调".into(),
            by: "办公室".into(),
            at: at("11-20 09:00").to_utc(),
        };
        let mut obligations = Vec::new();
        for (mut submissions, is_exempt) in units {
            for (own, number) in submissions.iter_mut().zip(1..) {
                own.version = number;
            }
            let exempt = is_exempt.then_some(&exemption);
            let now = from(now);
            let own = judge(&program, &period, &due, &"hong".into(), &submissions, exempt, &calendar, go_live, now);
            let submissions = submissions.as_slice();
            let (program, period, due, calendar) = (&program, &period, &due, &calendar);
            let facts = Circumstances { program, period, due, submissions, exempt, calendar, go_live, now };
            prop_assert!(!why(&facts, &own).is_empty(), "{own:?}");
            obligations.push(own);
        }
        let sums = tally(&obligations);
        prop_assert!(sums.received <= sums.expected);
        prop_assert_eq!(sums.on_time + sums.late + sums.returned, sums.received);
        prop_assert_eq!(sums.received + sums.missing, sums.expected);
        prop_assert_eq!(sums.missing, sums.expected - sums.received);
        let all = u32::try_from(obligations.len()).unwrap();
        let historic = obligations.iter().filter(|own| own.state == State::Historic).count();
        prop_assert_eq!(sums.expected + sums.exempt + u32::try_from(historic).unwrap(), all);
    }
}

#[test]
fn a_period_due_before_it_ends_is_overdue_from_its_due_time() {
    let (mut program, period, calendar) = (wutang(), november(), shipped());
    program.deadline.rule = crate::domain::program::DueRule::DayInPeriod(25);
    let due = program.due(&period, &calendar, Shanghai).unwrap();
    assert_eq!(due.at, at("11-25 17:30"));
    for (now, state) in [
        ("11-20 09:00", State::Upcoming),
        ("11-25 17:30", State::Upcoming),
        ("11-25 17:31", State::Overdue),
        ("12-02 09:00", State::Overdue),
    ] {
        let own = judge(
            &program,
            &period,
            &due,
            &"hong".into(),
            &[],
            None,
            &calendar,
            None,
            at(now),
        );
        assert_eq!(own.state, state, "{now}");
    }
}
