//! Steps that wait for the end of a grace.

use super::*;

/// Kind and time of what a unit heard.
fn heard(walk: &Walk, unit: &str) -> Vec<(&'static str, String)> {
    let own = walk.sent.iter().filter(|own| own.unit.as_deref() == Some(unit));
    own.map(|own| (own.kind.as_str(), own.at.format("%m-%d %H:%M").to_string()))
        .collect()
}

#[test]
fn who_may_still_correct_in_time_is_not_chased_and_then_once() {
    let returned = |unit: &str, when: &str| arrival(unit, "2024-11", 1, when, Verdict::Returned);
    // In time on Wednesday: the grace ends on Monday the 9th at 17:30. Again
    // on Friday: that renews nothing. In time on the due date: till Tuesday.
    // Too late on Friday: it gets no grace from the ladder.
    let again = arrival(
        "U03",
        "2024-11",
        2,
        "2024-12-06T10:00:00+08:00",
        Verdict::Returned,
    );
    let arrivals = vec![
        returned("U03", "2024-12-04T10:00:00+08:00"),
        again,
        returned("U04", "2024-12-05T17:00:00+08:00"),
        returned("U05", "2024-12-06T08:45:00+08:00"),
    ];
    let mut walk = Walk::new(arrivals);
    walk.until("2024-12-02T08:00:00+08:00", "2024-12-20T00:00:00+08:00");
    let of = |unit| -> Vec<(&'static str, String)> {
        let mut all = heard(&walk, unit);
        all.retain(|(kind, _)| !matches!(*kind, "report" | "bulletin" | "consolidated"));
        all
    };
    let line = |kind, when: &str| (kind, when.to_owned());
    // One day before the due date the leader is reminded of what is missing;
    // afterwards nobody hears of it until the grace is over.
    assert_eq!(
        of("U03"),
        [
            line("reminder", "12-02 09:00"),
            line("reminder", "12-04 09:00"),
            // due-today and first chase waited till then; the second comes on that very day.
            line("second-chase", "12-10 09:00"),
            line("escalation", "12-12 09:00"),
        ]
    );
    assert_eq!(
        of("U04"),
        [
            line("reminder", "12-02 09:00"),
            line("reminder", "12-04 09:00"),
            line("due-today", "12-05 09:00"),
            line("second-chase", "12-11 09:00"),
            line("escalation", "12-12 09:00"),
        ]
    );
    assert_eq!(
        of("U05"),
        [
            line("reminder", "12-02 09:00"),
            line("reminder", "12-04 09:00"),
            line("due-today", "12-05 09:00"),
            line("first-chase", "12-06 09:00"),
            line("second-chase", "12-10 09:00"),
            line("escalation", "12-12 09:00"),
        ]
    );
}

#[test]
fn a_step_never_waits_past_the_close() {
    // Handed back on Friday the 13th: the grace would end after the close on the 16th.
    let mut arrivals = vec![arrival(
        "U03",
        "2024-11",
        1,
        "2024-12-05T10:00:00+08:00",
        Verdict::Returned,
    )];
    arrivals[0].judged = at("2024-12-11T10:00:00+08:00").to_utc();
    let walk = Walk::new(arrivals);
    let planned = walk.planned(&"2024-11".parse().unwrap(), at("2024-12-11T12:00:00+08:00"));
    let escalation = planned
        .iter()
        .find(|own| own.unit.as_deref() == Some("U03") && own.kind == Kind::Escalation)
        .unwrap();
    assert_eq!(escalation.at, at("2024-12-13T09:00:00+08:00"));
    assert_eq!(escalation.step_at, at("2024-12-12T09:00:00+08:00"));
}

#[test]
fn leaders_are_not_reminded_while_the_period_runs() {
    // The spring festival lasts until the day before January is due; of April
    // and September the last working day before the due date is their last one.
    for (period, liaison, leader) in [
        ("2024-11", "2024-12-02", Some("2024-12-04")),
        ("2024-12", "2024-12-31", Some("2025-01-03")),
        ("2025-01", "2025-01-24", None),
        ("2025-03", "2025-04-01", Some("2025-04-03")),
        ("2025-04", "2025-04-28", None),
        ("2025-09", "2025-09-28", None),
    ] {
        let walk = Walk::new(Vec::new());
        let planned = walk.planned(&period.parse().unwrap(), at("2024-11-20T09:00:00+08:00"));
        let of = |step: &str| {
            let own = planned.iter().find(|own| own.step == step);
            own.map(|own| own.at.date_naive().to_string())
        };
        assert_eq!(of("reminder").as_deref(), Some(liaison), "{period}");
        assert_eq!(of("leader-reminder").as_deref(), leader, "{period}");
    }
}

#[test]
fn a_duty_that_is_open_again_makes_up_for_no_step() {
    let planned = |from: &str, period: &str| -> Vec<&'static str> {
        let mut walk = Walk::new(Vec::new());
        walk.reopened = Some(("U03".into(), at(from)));
        let all = walk.planned(&period.parse().unwrap(), at(from));
        let own = all.iter().filter(|own| own.unit.as_deref() == Some("U03"));
        own.map(|own| own.kind.as_str()).collect()
    };
    // The first chase was on the 6th, the second comes on the 10th; the period closes on the 16th.
    assert_eq!(
        planned("2024-12-06T09:00:00+08:00", "2024-11"),
        ["second-chase", "escalation"]
    );
    assert_eq!(planned("2024-12-12T09:00:01+08:00", "2024-11"), [] as [&str; 0]);
    assert_eq!(planned("2024-12-16T17:30:00+08:00", "2024-11"), [] as [&str; 0]);
}
