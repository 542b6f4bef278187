use chrono::TimeDelta;
use rstest::rstest;

use super::*;
use crate::domain::identify::sample::program;
use crate::domain::period::{Cycle, CycleKind, Milestone};
use crate::domain::program::DueRule;

const ZONE: Tz = chrono_tz::Asia::Shanghai;

fn calendar() -> Calendar {
    Calendar::parse(
        "date,kind,name\n2024-12-31,off,测试\n2025-01-01,off,元旦\n2025-02-01,work,调休\n2025-02-03,off,春节\n",
    )
    .unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}+08:00").parse().unwrap()
}

#[rstest]
#[case("2024-11-30", Some("2024-11"))]
#[case("2024-12-01", Some("2024-12"))]
// Before the first period that is owed.
#[case("2024-10-31", None)]
fn the_period_that_a_day_lies_in(#[case] today: NaiveDate, #[case] expected: Option<&str>) {
    let found = running_period(&program(), today);
    assert_eq!(found.map(|period| period.to_string()).as_deref(), expected);
}

#[test]
fn nothing_runs_after_the_last_milestone_and_nothing_ever_on_change() {
    let mut program = program();
    program.cycle = Cycle {
        kind: CycleKind::Milestones,
        first: None,
        milestones: vec![Milestone {
            words: Vec::new(),
            id: "plan".into(),
            name: "报送方案".into(),
            date: "2025-03-10".parse().unwrap(),
        }],
        ..program.cycle
    };
    let day = |text: &str| running_period(&program, text.parse().unwrap()).is_some();
    assert!(day("2025-03-10"));
    assert!(!day("2025-03-11"));
    program.cycle.kind = CycleKind::OnChange;
    let running = running_period(&program, "2025-03-01".parse().unwrap());
    assert_eq!(running, Some(Period::Year(2025)));
    // A list that is kept on change is handed in by saving it.
    assert_eq!(
        counts_at(
            &program,
            &Period::Year(2025),
            &calendar(),
            chrono_tz::Asia::Shanghai
        ),
        None
    );
}

#[rstest]
// The 1st is a Sunday.
#[case("2024-12", "2024-12-02T09:00:00")]
// The 1st is a holiday.
#[case("2025-01", "2025-01-02T09:00:00")]
// The 1st is a Saturday with work.
#[case("2025-02", "2025-02-01T09:00:00")]
fn a_form_comes_on_the_first_working_day(#[case] period: Period, #[case] expected: &str) {
    let found = form_comes_at(&program(), &period, &calendar(), ZONE).unwrap();
    assert_eq!(found, at(expected));
}

#[test]
fn a_draft_counts_at_the_end_of_the_period_or_when_the_ledger_is_due() {
    let mut program = program();
    let period = Period::Month(2024, 12);
    let counts = |program: &Program| counts_at(program, &period, &calendar(), ZONE);
    assert_eq!(counts(&program), Some(at("2025-01-01T00:00:00")));
    program.deadline.rule = DueRule::DayInPeriod(25);
    assert_eq!(counts(&program), Some(at("2024-12-25T17:30:00")));
}

fn examination(verdict: Verdict) -> Examination {
    Examination {
        unit: Some("吴忠强".into()),
        period: Some(Period::Month(2024, 12)),
        row_count: Some(3),
        ..Examination::of(verdict)
    }
}

/// The fate of something saved on 10 December, looked at `days` after the
/// period's end, which is midnight of the new year.
fn fate_of(examination: &Examination, untouched: bool, days: i64, accepted: &[DateTime<Utc>]) -> Fate {
    let ends = at("2025-01-01T00:00:00");
    fate(&Saved {
        examination,
        arrival: saved(),
        untouched,
        counts_at: Some(ends),
        accepted,
        now: ends + TimeDelta::days(days),
    })
}

fn saved() -> Arrival {
    Arrival {
        after: None,
        seen: at("2024-12-10T10:00:00"),
    }
}

#[rstest]
#[case(Verdict::Accepted, true, -1, Fate::Draft)]
#[case(Verdict::Returned, false, -1, Fate::Draft)]
// Untouched: a faulty one waits, a sound one counts from the end of the period.
#[case(Verdict::Returned, true, 0, Fate::Draft)]
#[case(Verdict::Unreadable, true, 3, Fate::Draft)]
#[case(Verdict::AcceptedWithWarnings, true, 3, Fate::Submitted(Arrival { after: None, seen: at("2025-01-01T00:00:00") }))]
// Changed since: handed in, whatever it is worth.
#[case(Verdict::Returned, false, 1, Fate::Submitted(saved()))]
#[case(Verdict::Accepted, false, 1, Fate::Submitted(saved()))]
// A classified file doesn't wait for the end of the period.
#[case(Verdict::Quarantined, false, -1, Fate::Submitted(saved()))]
fn what_becomes_of_a_file(
    #[case] verdict: Verdict,
    #[case] untouched: bool,
    #[case] days: i64,
    #[case] expected: Fate,
) {
    assert_eq!(fate_of(&examination(verdict), untouched, days, &[]), expected);
}

#[test]
fn a_blank_form_is_nothing_and_a_nil_report_is_something() {
    let mut blank = examination(Verdict::Returned);
    blank.row_count = Some(0);
    blank.findings = vec![Finding::new(Code::NoRows)];
    for days in [-1, 1] {
        assert_eq!(fate_of(&blank, false, days, &[]), Fate::Blank);
    }
    let nil = Examination {
        nil: true,
        verdict: Verdict::Accepted,
        ..blank.clone()
    };
    assert_eq!(fate_of(&nil, false, -1, &[]), Fate::Draft);
    assert!(matches!(fate_of(&nil, true, 1, &[]), Fate::Submitted(_)));
    // A workbook that isn't the form is no blank form.
    blank.findings = vec![Finding::new(Code::HeaderNotFound)];
    assert_eq!(fate_of(&blank, false, -1, &[]), Fate::Draft);
}

#[test]
fn what_was_handed_in_later_is_not_replaced_by_an_older_draft() {
    let sound = examination(Verdict::Accepted);
    for (accepted, counts) in [
        ("2024-12-05T09:00:00", true),
        ("2024-12-20T09:00:00", false),
        ("2025-01-01T00:00:00", true),
    ] {
        let fate = fate_of(&sound, true, 1, &[at(accepted)]);
        assert_eq!(matches!(fate, Fate::Submitted(_)), counts, "{accepted}");
    }
}

#[test]
fn every_draft_that_does_not_count_has_a_fault() {
    let findings = [
        Finding::new(Code::NoRows),
        Finding::new(Code::Required),
        Finding::new(Code::NilReport),
    ];
    assert_eq!(faults(Verdict::Returned, &findings), 2);
    assert_eq!(faults(Verdict::Unclaimed, &[]), 1);
    assert_eq!(faults(Verdict::Accepted, &[]), 0);
}
