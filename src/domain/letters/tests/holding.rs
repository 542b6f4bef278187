//! What still holds, and what a later step has overtaken.

use super::*;

/// November as it stands on 6 December with what came.
fn standing(program: &Program, submissions: Vec<Submission>, change: impl FnOnce(&mut Known)) -> Standing {
    let calendar = Calendar::parse(include_str!("../../../../templates/holidays.csv")).unwrap();
    let mut known = Known {
        past: std::sync::Arc::default(),
        duties: crate::domain::register::Duties::default(),
        calendar: Arc::new(calendar),
        go_live: Some(fixture::instant("2024-11-20T01:00:00Z")),
        submissions,
        exemptions: Vec::new(),
        undone: Vec::new(),
        unconfirmed: std::collections::HashMap::new(),
    };
    change(&mut known);
    let now = fixture::instant("2024-12-06T01:00:00Z").with_timezone(&chrono_tz::Asia::Shanghai);
    Standing::judged(program, &fixture::november(), fixture::due(), known, now)
}

fn came(unit: &str, verdict: Verdict, version: u32) -> Submission {
    Submission {
        id: i64::from(version).into(),
        version,
        verdict,
        ..fixture::submission(unit, fixture::november())
    }
}

#[rstest]
#[case::nothing_came(&[], Kind::FirstChase, true)]
#[case::it_came(&[(Verdict::Accepted, 1)], Kind::FirstChase, false)]
#[case::it_came_with_warnings(&[(Verdict::AcceptedWithWarnings, 1)], Kind::SecondChase, false)]
#[case::it_was_returned(&[(Verdict::Returned, 1)], Kind::FirstChase, true)]
#[case::thanks_once_it_is_in(&[(Verdict::Accepted, 1)], Kind::Cleared, true)]
#[case::no_thanks_for_nothing(&[], Kind::Cleared, false)]
#[case::praise_in_time(&[(Verdict::Accepted, 1)], Kind::Praise, true)]
#[case::no_praise_for_a_return(&[(Verdict::Returned, 1)], Kind::Praise, false)]
#[case::a_receipt_always_holds(&[], Kind::Receipt, true)]
fn a_notice_holds_as_long_as_what_it_says(
    #[case] versions: &[(Verdict, u32)],
    #[case] kind: Kind,
    #[case] holds: bool,
) {
    let program = fixture::wutang();
    let own = versions
        .iter()
        .map(|(verdict, version)| came("U01", *verdict, *version));
    let standing = standing(&program, own.collect(), |_| {});
    let notice = notice("wutang-visits", "U01", kind, Some(clerk("a")));
    assert_eq!(still_true(&notice, Some(&standing)), holds);
}

#[test]
fn a_return_is_told_until_another_version_is_in() {
    let program = fixture::wutang();
    let mut told = notice("wutang-visits", "U01", Kind::Returned, Some(clerk("a")));
    told.key.version = 1;
    let first = standing(&program, vec![came("U01", Verdict::Returned, 1)], |_| {});
    assert!(still_true(&told, Some(&first)));
    assert_eq!(returned_version(&first, &"U01".into()), Some(1));
    let versions = vec![
        came("U01", Verdict::Returned, 1),
        came("U01", Verdict::Returned, 2),
    ];
    let second = standing(&program, versions, |_| {});
    assert!(!still_true(&told, Some(&second)));
    let versions = vec![
        came("U01", Verdict::Returned, 1),
        came("U01", Verdict::Accepted, 2),
    ];
    let corrected = standing(&program, versions, |_| {});
    assert!(!still_true(&told, Some(&corrected)));
    // Another unit of the same period is no matter.
    assert_eq!(returned_version(&first, &"U02".into()), None);
}

#[test]
fn an_extended_deadline_has_steps_of_its_own_and_history_chases_nobody() {
    let program = fixture::wutang();
    let mut standing = standing(&program, Vec::new(), |_| {});
    let chase = notice("wutang-visits", "U01", Kind::FirstChase, Some(clerk("a")));
    assert!(still_true(&chase, Some(&standing)));
    standing.due.revision = 1;
    assert!(!still_true(&chase, Some(&standing)));
    assert!(!still_true(&chase, None), "the period is history by now");
}

#[test]
fn a_decision_is_announced_while_it_stands() {
    let program = fixture::wutang();
    let at = fixture::instant("2024-12-02T01:00:00Z");
    let exempted = |known: &mut Known| {
        known.exemptions.push(Exemption {
            unit: "U01".into(),
            period: fixture::november(),
            reason: "外出学习".into(),
            by: "甲".into(),
            at,
        });
    };
    let undone = |known: &mut Known| {
        known.undone.push(Undone {
            unit: "U01".into(),
            reason: "写错了人".into(),
            at,
        });
    };
    let mut told = notice("wutang-visits", "U01", Kind::Notice, Some(clerk("a")));
    told.key.step = holds::EXEMPTED.into();
    told.key.version = holds::stamp(at);
    assert!(still_true(&told, Some(&standing(&program, Vec::new(), exempted))));
    assert!(!still_true(&told, Some(&standing(&program, Vec::new(), undone))));
    told.key.step = holds::OWED_AGAIN.into();
    assert!(still_true(&told, Some(&standing(&program, Vec::new(), undone))));
    let in_now = standing(&program, vec![came("U01", Verdict::Accepted, 1)], undone);
    assert!(!still_true(&told, Some(&in_now)), "it came meanwhile");
}

#[test]
fn a_later_step_to_the_same_person_overtakes_one_that_was_never_handed_over() {
    let to = person(Role::Liaison, "U01", "");
    let first = notice("wutang-visits", "U01", Kind::FirstChase, Some(to.clone()));
    let later = |kind: Kind, to: Recipient, state: NoticeState| NoticeRecord {
        at: first.at + TimeDelta::days(2),
        state,
        ..notice("wutang-visits", "U01", kind, Some(to))
    };
    let namesake = person(Role::Liaison, "U02", "");
    for (about, found) in [
        (later(Kind::SecondChase, to.clone(), NoticeState::Waiting), true),
        (later(Kind::SecondChase, to.clone(), NoticeState::Void), false),
        (later(Kind::SecondChase, namesake, NoticeState::Waiting), false),
        (later(Kind::Praise, to.clone(), NoticeState::Waiting), false),
    ] {
        let kind = about.kind;
        let expected = found.then_some(Overtaken::By(kind));
        assert_eq!(overtaken(&first, false, &[first.clone(), about]), expected);
    }
    assert_eq!(overtaken(&first, true, &[]), Some(Overtaken::Closed));
    let receipt = notice("wutang-visits", "U01", Kind::Receipt, Some(to));
    assert_eq!(overtaken(&receipt, true, &[]), None, "no rung of a ladder");
}
