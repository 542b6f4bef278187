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
    arrivals[0].decided = at("2024-12-11T10:00:00+08:00").to_utc();
    let walk = Walk::new(arrivals);
    let planned = walk.planned(&"2024-11".parse().unwrap(), at("2024-12-11T12:00:00+08:00"));
    let escalation = planned
        .iter()
        .find(|own| own.unit.as_deref() == Some("U03") && own.kind == Kind::Escalation)
        .unwrap();
    assert_eq!(escalation.at, at("2024-12-13T09:00:00+08:00"));
    assert_eq!(escalation.step_at, at("2024-12-12T09:00:00+08:00"));
}
