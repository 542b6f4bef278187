use chrono::TimeZone;
use chrono_tz::{America::New_York, Asia::Shanghai, Europe::Berlin};

use chrono::NaiveTime;

use super::*;
use crate::domain::calendar::Roll;
use crate::domain::dates::civil;
use crate::domain::fixture::{date, wutang};
use crate::domain::period::{Cycle, CycleKind, Milestone};

fn shipped() -> Calendar {
    Calendar::parse(include_str!("../../../../templates/holidays.csv")).unwrap()
}

fn program(kind: CycleKind, rule: DueRule, roll: Roll) -> Program {
    let mut program = wutang();
    program.cycle = Cycle {
        kind,
        window_start: 1,
        first: None,
        last: None,
        milestones: Vec::new(),
    };
    program.deadline.rule = rule;
    program.deadline.roll = roll;
    program
}

/// Nominal date, due date and close of a period.
fn days(program: &Program, period: &str, calendar: &Calendar) -> [String; 3] {
    let due = program.due(&period.parse().unwrap(), calendar, Shanghai).unwrap();
    [due.nominal, due.at.date_naive(), due.close.date_naive()].map(|day| day.to_string())
}

#[test]
fn every_cycle_has_its_due_dates() {
    let calendar = shipped();
    for (kind, rule, period, expected) in [
        // Week 1 of 2026 ends on Sunday, 4 January, a make-up day.
        (
            CycleKind::Weekly,
            DueRule::DayAfterPeriod(1),
            "2026-W01",
            ["2026-01-05", "2026-01-05", "2026-01-14"],
        ),
        (
            CycleKind::Weekly,
            DueRule::DayAfterPeriod(1),
            "2025-W52",
            ["2025-12-29", "2025-12-29", "2026-01-08"],
        ),
        (
            CycleKind::HalfMonthly,
            DueRule::DayAfterPeriod(2),
            "2026-04a",
            ["2026-04-17", "2026-04-17", "2026-04-28"],
        ),
        (
            CycleKind::HalfMonthly,
            DueRule::DayAfterPeriod(2),
            "2026-02b",
            ["2026-03-02", "2026-03-02", "2026-03-11"],
        ),
        (
            CycleKind::Monthly,
            DueRule::DayAfterPeriod(5),
            "2026-03",
            ["2026-04-05", "2026-04-07", "2026-04-16"],
        ),
        (
            CycleKind::Monthly,
            DueRule::DayInPeriod(31),
            "2026-02",
            ["2026-02-28", "2026-02-28", "2026-03-10"],
        ),
        (
            CycleKind::Quarterly,
            DueRule::DayAfterPeriod(10),
            "2025-Q4",
            ["2026-01-10", "2026-01-12", "2026-01-21"],
        ),
        (
            CycleKind::Quarterly,
            DueRule::DayAfterPeriod(10),
            "2026-Q3",
            ["2026-10-10", "2026-10-10", "2026-10-20"],
        ),
        (
            CycleKind::HalfYearly,
            DueRule::DayAfterPeriod(10),
            "2026-H1",
            ["2026-07-10", "2026-07-10", "2026-07-21"],
        ),
        (
            CycleKind::Yearly,
            DueRule::DayAfterPeriod(31),
            "2025",
            ["2026-01-31", "2026-02-02", "2026-02-11"],
        ),
        // Confirmed once a year, and open to its end.
        (
            CycleKind::OnChange,
            DueRule::DayOfYear(31),
            "2026",
            ["2026-01-31", "2026-02-02", "2026-12-31"],
        ),
    ] {
        let program = program(kind, rule, Roll::Postpone);
        assert_eq!(days(&program, period, &calendar), expected, "{period}");
    }
}

#[test]
fn a_window_from_the_26th_is_due_by_the_day_on_which_it_ends() {
    let mut program = program(CycleKind::Monthly, DueRule::DayInPeriod(25), Roll::Postpone);
    program.cycle.window_start = 26;
    assert_eq!(
        days(&program, "2026-04", &shipped()),
        ["2026-04-25", "2026-04-27", "2026-05-09"]
    );
    program.deadline.rule = DueRule::DayAfterPeriod(5);
    assert_eq!(
        days(&program, "2026-04", &shipped()),
        ["2026-04-30", "2026-04-30", "2026-05-13"]
    );
}

#[test]
fn milestones_are_due_on_their_own_dates_and_year_ends_don_t_roll() {
    let mut program = program(CycleKind::Milestones, DueRule::OnDate, Roll::None);
    program.cycle.milestones = [
        ("bodies", "2018-10-31"),
        ("documents", "2018-12-31"),
        ("review", "2019-12-31"),
    ]
    .map(|(id, day)| Milestone {
        words: Vec::new(),
        id: id.into(),
        name: id.into(),
        date: date(day),
    })
    .into();
    let calendar = shipped();
    assert_eq!(days(&program, "documents", &calendar)[1], "2018-12-31");
    program.deadline.roll = Roll::Postpone;
    assert_eq!(days(&program, "documents", &calendar)[1], "2019-01-02");
    program.deadline.roll = Roll::Advance;
    assert_eq!(days(&program, "documents", &calendar)[1], "2018-12-29");
    assert!(
        program
            .due(&"plan".parse().unwrap(), &calendar, Shanghai)
            .is_none()
    );
    program.cycle.kind = CycleKind::Once;
    program.cycle.milestones.truncate(1);
    assert_eq!(days(&program, "bodies", &calendar)[1], "2018-10-31");
    assert_eq!(
        program.cycle.started_by(date("2020-01-01"), 12),
        ["bodies".parse().unwrap()]
    );
}

#[test]
fn only_what_hangs_on_an_unknown_year_is_provisional() {
    let calendar = shipped();
    let of = |rule, roll, period: &str| {
        let due = program(CycleKind::Monthly, rule, roll).due(&period.parse().unwrap(), &calendar, Shanghai);
        let due = due.unwrap();
        (due.provisional, due.close_provisional)
    };
    let fifth = DueRule::DayAfterPeriod(5);
    assert_eq!(of(fifth, Roll::Postpone, "2026-11"), (false, false));
    assert_eq!(of(fifth, Roll::Postpone, "2026-12"), (true, true));
    // The date is certain, the working days up to the close are not.
    assert_eq!(
        of(DueRule::DayInPeriod(25), Roll::Postpone, "2026-12"),
        (false, true)
    );
    assert_eq!(of(fifth, Roll::None, "2026-12"), (false, true));
    // Rolled back out of the unknown year, it hangs on it all the same.
    let first = DueRule::DayAfterPeriod(1);
    assert_eq!(of(first, Roll::Advance, "2026-12"), (true, true));
    assert_eq!(of(first, Roll::PostponeHolidayOnly, "2026-12"), (true, true));
    let mut no_close = program(CycleKind::Monthly, DueRule::DayInPeriod(31), Roll::Postpone);
    no_close.deadline.close_after = 0;
    let due = no_close
        .due(&"2026-12".parse().unwrap(), &calendar, Shanghai)
        .unwrap();
    assert!(!due.close_provisional);
}

#[test]
fn an_unknown_year_is_reckoned_by_weekends_and_fixed_days_until_its_data_come() {
    let mut calendar = shipped();
    let december = program(CycleKind::Monthly, DueRule::DayAfterPeriod(1), Roll::Postpone);
    let period = "2026-12".parse().unwrap();
    let before = december.due(&period, &calendar, Shanghai).unwrap();
    // 1 January 2027 is a Friday.
    assert_eq!(before.at.date_naive(), date("2027-01-04"));
    assert_eq!(before.moved_because.as_deref(), Some("元旦"));
    assert_eq!(before.unknown_years(&calendar).collect::<Vec<_>>(), [2027]);
    let days = [1, 2, 3, 4]
        .map(|day| format!("2027-01-0{day},off,元旦"))
        .join("\n");
    calendar.merge(Calendar::parse(&format!("date,kind,name\n{days}")).unwrap());
    let after = december.due(&period, &calendar, Shanghai).unwrap();
    assert_eq!(after.at.date_naive(), date("2027-01-05"));
    assert!(!after.provisional && !after.close_provisional);
    assert_eq!(after.unknown_years(&calendar).count(), 0);
}

#[test]
fn times_that_a_clock_change_skips_or_doubles_have_one_instant() {
    let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").unwrap();
    for (zone, day, at, instant) in [
        (Berlin, "2025-03-30", "02:30", "2025-03-30T03:00:00+02:00"),
        (Berlin, "2025-03-30", "02:07", "2025-03-30T03:00:00+02:00"),
        (Berlin, "2025-10-26", "02:30", "2025-10-26T02:30:00+02:00"),
        (New_York, "2025-03-09", "02:30", "2025-03-09T03:00:00-04:00"),
        (New_York, "2025-11-02", "01:30", "2025-11-02T01:30:00-04:00"),
        (New_York, "2025-11-30", "23:59", "2025-11-30T23:59:00-05:00"),
        (Shanghai, "2025-03-30", "02:30", "2025-03-30T02:30:00+08:00"),
    ] {
        assert_eq!(
            civil(zone, date(day), time(at)).to_rfc3339(),
            instant,
            "{day} {at}"
        );
    }
}

#[test]
fn due_and_close_keep_their_civil_times_over_a_clock_change() {
    let mut program = program(CycleKind::Monthly, DueRule::DayInPeriod(31), Roll::None);
    program.deadline.time = NaiveTime::from_hms_opt(2, 30, 0).unwrap();
    // A calendar of plain weeks, as a programme outside China uses it.
    let calendar = Calendar::default();
    for (zone, offsets) in [(Berlin, [2 * 3600, 3600]), (New_York, [-4 * 3600, -5 * 3600])] {
        for (period, offset) in [("2025-07", offsets[0]), ("2025-12", offsets[1])] {
            let due = program.due(&period.parse().unwrap(), &calendar, zone).unwrap();
            let close = due.close.time();
            assert_eq!(
                (due.at.time(), close),
                (program.deadline.time, program.deadline.close_time)
            );
            assert_eq!(
                chrono::Offset::fix(due.at.offset()).local_minus_utc(),
                offset,
                "{zone} {period}"
            );
        }
    }
    // Due in summer time, closing in winter time: 27 October to 5 November.
    program.deadline.rule = DueRule::DayInPeriod(24);
    let due = program
        .due(&"2025-10".parse().unwrap(), &calendar, Berlin)
        .unwrap();
    assert_eq!(due.close.to_rfc3339(), "2025-11-04T17:30:00+01:00");
    // The last moment of a month is before midnight there, not in UTC.
    let last = New_York.with_ymd_and_hms(2025, 11, 30, 23, 0, 0).unwrap();
    let open = program.open_period(&calendar, last).unwrap();
    assert_eq!(open.to_string(), "2025-11");
}

#[test]
fn the_open_period_keeps_between_the_first_and_the_last() {
    let calendar = shipped();
    let mut program = program(CycleKind::Monthly, DueRule::DayAfterPeriod(5), Roll::Postpone);
    program.cycle.first = Some(Period::Month(2024, 11));
    program.cycle.last = Some(Period::Month(2025, 1));
    let open = |now: &str| {
        let now = Shanghai
            .from_local_datetime(&date(now).and_time(program.deadline.time))
            .unwrap();
        program
            .open_period(&calendar, now)
            .map(|period| period.to_string())
    };
    assert_eq!(open("2024-10-20"), None);
    assert_eq!(open("2024-11-20").as_deref(), Some("2024-11"));
    assert_eq!(open("2024-12-10").as_deref(), Some("2024-11"));
    assert_eq!(open("2024-12-17").as_deref(), Some("2024-12"));
    assert_eq!(
        open("2025-06-01").as_deref(),
        Some("2025-01"),
        "the last one stays"
    );
}
