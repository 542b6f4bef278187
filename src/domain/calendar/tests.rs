use super::*;

fn shipped() -> Calendar {
    Calendar::parse(include_str!("../../../templates/holidays.csv")).unwrap()
}

fn date(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

fn rows(csv: &str) -> Vec<Vec<&str>> {
    csv.lines()
        .skip(1)
        .map(|line| line.split(',').collect())
        .collect()
}

#[test]
fn deadlines_roll_as_the_vectors_say() {
    let calendar = shipped();
    for row in rows(include_str!("../../../tests/data/deadline_vectors.csv")) {
        let nominal = date(row[1]);
        assert_eq!(weekday_name(nominal), row[2], "{row:?}");
        assert_eq!(calendar.is_working_day(nominal), row[3] == "工作日", "{row:?}");
        assert_eq!(calendar.roll(nominal, Roll::Postpone), date(row[4]), "{row:?}");
        assert_eq!(weekday_name(date(row[4])), row[5], "{row:?}");
        assert_eq!(calendar.roll(nominal, Roll::Advance), date(row[6]), "{row:?}");
    }
}

#[test]
fn every_roll_mode_follows_its_vectors() {
    let calendar = shipped();
    for row in rows(include_str!("../../../tests/data/roll_vectors.csv")) {
        let roll = match row[1] {
            "postpone" => Roll::Postpone,
            "postpone-holiday-only" => Roll::PostponeHolidayOnly,
            "advance" => Roll::Advance,
            _ => Roll::None,
        };
        assert_eq!(calendar.roll(date(row[0]), roll), date(row[2]), "{row:?}");
    }
}

#[test]
fn a_wrong_line_is_named() {
    let error = Calendar::parse("date,kind,name\n2026-01-01,off,元旦\n2026-13-01,off,x\n").unwrap_err();
    assert_eq!(error.line, 3);
    assert!(
        Calendar::parse("date,kind,name\n2026-01-01,holiday,元旦\n")
            .unwrap_err()
            .reason
            .contains("off")
    );
}

#[test]
fn an_unknown_year_falls_back_to_weekdays_and_fixed_days() {
    let calendar = shipped();
    assert!(!calendar.knows(2031));
    assert!(!calendar.is_working_day(date("2031-05-01")));
    assert!(calendar.is_working_day(date("2031-05-06")));
}

fn table(lines: &[&str]) -> Result<Vec<HolidayRow>, Vec<CalendarError>> {
    HolidayRow::read(&lines.join("\n"))
}

#[test]
fn tables_are_read_as_offices_write_them() {
    let plain = table(&["date,kind,name", "2027-01-01,off,元旦", "2027-01-09,work,元旦"]).unwrap();
    assert_eq!(plain[0].date, date("2027-01-01"));
    for lines in [
        [
            "\u{feff}日期,类型,名称",
            "2027/1/1,放假,元旦",
            "2027年1月9日,上班,元旦",
        ],
        [
            "名称,放假/上班,日期",
            "元旦,休,2027.1.1",
            "元旦,调休上班,2027-1-9",
        ],
        [
            "Date,Kind,Name,weekday",
            "2027-01-01 00:00:00,OFF,\"元旦\",星期五",
            "2027/01/09,Work,元旦,星期六",
        ],
    ] {
        assert_eq!(table(&lines).unwrap(), plain, "{lines:?}");
    }
}

#[test]
fn every_wrong_line_is_named_with_what_to_write() {
    let wrong = table(&[
        "date,kind,name",
        "2027-01-01,off,元旦",
        "2027-02-30,off,春节",
        "",
        "2027-02-06,调休,春节",
        "2027-02-07,,春节",
        "2027年1月1日,off,元旦",
        "27-01-03,off,元旦",
    ])
    .unwrap_err();
    let named: Vec<(usize, bool)> = wrong
        .iter()
        .zip([
            "2027-01-01",
            "off（放假）",
            "没有写放假还是上班",
            "与第2行重复",
            "不是日期",
        ])
        .map(|(error, words)| (error.line, error.reason.contains(words)))
        .collect();
    assert_eq!(
        named,
        [(3, true), (5, true), (6, true), (7, true), (8, true)],
        "{wrong:?}"
    );
    for lines in [
        &["2027-01-01,off,元旦"][..],
        &["date,kind,name"],
        &["日期，类型，名称"],
        &[""],
    ] {
        assert!(table(lines).is_err(), "{lines:?}");
    }
}

#[test]
fn a_make_up_day_is_a_weekend_day() {
    let row = |line: &str| table(&["date,kind,name", line]).unwrap().remove(0).fault();
    assert!(row("2027-01-09,work,元旦").is_none());
    let fault = row("2027-02-10,work,春节").unwrap();
    assert!(fault.reason.contains("星期三"), "{fault}");
    assert!(row("2207-01-01,off,元旦").unwrap().reason.contains("2207"));
}

#[test]
fn every_shipped_year_is_plausible_and_written_back_the_same() {
    let shipped = shipped();
    assert_eq!(shipped.plausible(), Ok(()));
    for year in 2018..=2026 {
        assert!(shipped.knows(year), "{year}");
        // In 2020 Mid-Autumn fell on National Day.
        let both: &[&str] = if year == 2020 { &["中秋"] } else { &[] };
        assert_eq!(shipped.unnamed_holidays(year), both, "{year}");
        assert!(
            shipped.make_up_days(year).all(|(day, _)| is_weekend(day)),
            "{year}"
        );
    }
    assert_eq!(Calendar::parse(&shipped.to_csv()), Ok(shipped));
}

#[test]
fn part_of_a_year_or_all_its_weekends_is_no_arrangement() {
    let of = |days: &[NaiveDate]| {
        let lines = days.iter().map(|day| format!("{day},off,元旦\n"));
        Calendar::parse(&format!("date,kind,name\n{}", lines.collect::<String>())).unwrap()
    };
    let january: Vec<NaiveDate> = date("2027-01-01").iter_days().take(7).collect();
    assert_eq!(
        of(&january).plausible(),
        Err(Implausible::TooFew { year: 2027, days: 7 })
    );
    let weekends: Vec<NaiveDate> = date("2027-01-01")
        .iter_days()
        .take(365)
        .filter(|day| is_weekend(*day))
        .collect();
    assert_eq!(
        of(&weekends).plausible(),
        Err(Implausible::TooMany {
            year: 2027,
            days: 104
        })
    );
    assert_eq!(of(&january).unnamed_holidays(2027)[..2], ["春节", "清明"]);
}

#[test]
fn the_last_days_of_december_in_the_next_notice_leave_the_old_year_unknown() {
    let calendar = Calendar::parse("date,kind,name\n2027-12-31,off,元旦\n2028-01-01,off,元旦\n").unwrap();
    assert!(!calendar.knows(2027) && calendar.knows(2028));
    assert!(!calendar.is_working_day(date("2027-12-31")));
    let mut all = Calendar::parse("date,kind,name\n2027-01-01,off,元旦\n2027-10-01,off,国庆节\n").unwrap();
    all.merge(calendar);
    assert!(all.knows(2027) && !all.is_working_day(date("2027-12-31")));
    assert_eq!(
        all.holiday(date("2027-10-01")),
        Some("国庆节"),
        "2027 was not replaced"
    );
}

#[test]
fn an_imported_year_replaces_the_old_one() {
    let mut calendar = shipped();
    calendar.merge(Calendar::parse("date,kind,name\n2026-01-01,off,元旦\n").unwrap());
    assert!(calendar.is_working_day(date("2026-04-06")));
    assert!(!calendar.is_working_day(date("2025-04-04")), "other years stay");
}

#[test]
fn what_the_law_fixes_is_off_in_every_year() {
    let calendar = Calendar::parse("date,kind,name\n2027-02-06,off,春节\n").unwrap();
    for year in ["2027", "2031"] {
        for day in ["01-01", "05-01", "10-01", "10-02", "10-03"] {
            assert!(
                !calendar.is_working_day(date(&format!("{year}-{day}"))),
                "{year}-{day}"
            );
        }
    }
    assert_eq!(calendar.day(date("2031-05-02")), Day::Holiday("劳动节"));
    assert_eq!(
        shipped().day(date("2018-05-02")),
        Day::Working,
        "two days only since 2025"
    );
}

#[test]
fn holidays_are_listed_in_runs() {
    let runs = |year: i32| -> Vec<String> {
        let runs = shipped().holidays(year);
        runs.iter()
            .map(|run| format!("{} {} {}", run.name, run.from, run.days()))
            .collect()
    };
    assert_eq!(runs(2026)[0], "元旦 2026-01-01 3");
    assert_eq!(runs(2025).last().unwrap(), "国庆节、中秋节 2025-10-01 8");
    assert_eq!(
        runs(2027),
        ["元旦 2027-01-01 1", "劳动节 2027-05-01 2", "国庆节 2027-10-01 3"]
    );
    let make_up: Vec<String> = shipped()
        .make_up_days(2026)
        .map(|(day, name)| format!("{day} {name}"))
        .collect();
    assert_eq!(make_up[0], "2026-01-04 元旦");
    assert_eq!(make_up.len(), 6);
}

#[test]
fn years_between_two_dates_are_all_looked_at() {
    let calendar = shipped();
    assert!(calendar.knows_between(date("2026-12-31"), date("2018-01-01")));
    assert!(!calendar.knows_between(date("2026-12-31"), date("2027-01-01")));
    assert!(!calendar.knows_between(date("2027-01-01"), date("2026-12-31")));
}
