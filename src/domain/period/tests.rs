use super::*;

fn cycle(kind: CycleKind) -> Cycle {
    Cycle {
        kind,
        window_start: 1,
        first: None,
        last: None,
        milestones: Vec::new(),
    }
}

fn date(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

#[test]
fn text_is_identity() {
    for text in [
        "2024-11",
        "2018-Q4",
        "2022-H1",
        "2022",
        "2024-W07",
        "2024-11a",
        "2024-11b",
        "会议和机构情况",
    ] {
        assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
    }
    for text in ["2024-13", "2024-Q5", "2024-W60", "2024-", ""] {
        assert!(text.parse::<Period>().is_err(), "{text}");
    }
}

#[test]
fn within_its_year_a_period_is_short() {
    for (text, short) in [
        ("2024-11", "11月"),
        ("2024-01a", "1上"),
        ("2024-01b", "1下"),
        ("2018-Q4", "四季"),
        ("2022-H1", "上半年"),
        ("2022", "全年"),
        ("2024-W07", "7"),
        ("会议情况", "会议情况"),
    ] {
        assert_eq!(text.parse::<Period>().unwrap().within_year(), short);
    }
}

#[test]
fn periods_follow_one_another() {
    for kind in [
        CycleKind::Weekly,
        CycleKind::HalfMonthly,
        CycleKind::Monthly,
        CycleKind::Quarterly,
        CycleKind::HalfYearly,
        CycleKind::Yearly,
    ] {
        let cycle = cycle(kind);
        let mut period = cycle.at(date("2023-12-28")).unwrap();
        for _ in 0..60 {
            let last = cycle.span(&period).unwrap().1;
            let next = cycle.at(last.succ_opt().unwrap()).unwrap();
            assert_eq!(cycle.previous(&next).as_ref(), Some(&period));
            assert_eq!(
                cycle.span(&period).unwrap().1.succ_opt(),
                Some(cycle.span(&next).unwrap().0)
            );
            period = next;
        }
    }
}

#[test]
fn a_window_from_the_26th_belongs_to_the_month_it_ends_in() {
    let cycle = Cycle {
        window_start: 26,
        ..cycle(CycleKind::Monthly)
    };
    let november = Period::Month(2024, 11);
    assert_eq!(
        cycle.span(&november),
        Some((date("2024-10-26"), date("2024-11-25")))
    );
    assert_eq!(cycle.at(date("2024-10-26")), Some(november.clone()));
    assert_eq!(cycle.at(date("2024-11-25")), Some(november));
}

#[test]
fn only_periods_between_first_and_last_are_owed() {
    let cycle = Cycle {
        first: Some(Period::Month(2024, 11)),
        ..cycle(CycleKind::Monthly)
    };
    assert_eq!(
        cycle.started_by(date("2025-01-06"), 12),
        [
            Period::Month(2024, 11),
            Period::Month(2024, 12),
            Period::Month(2025, 1)
        ]
    );
    assert!(!cycle.owes(&Period::Month(2024, 10)));
    assert!(!cycle.owes(&Period::Quarter(2025, 1)));
}

#[test]
fn periods_are_said_in_both_languages() {
    for (period, chinese, english) in [
        ("2024-11", "2024年11月", "November 2024"),
        ("2024-11b", "2024年11月下半月", "second half of November 2024"),
        ("2018-Q4", "2018年第四季度", "Q4 2018"),
        ("2022-H1", "2022年上半年", "first half of 2022"),
        ("2022", "2022年度", "2022"),
        ("2024-W07", "2024年第7周", "week 7 of 2024"),
    ] {
        let period: Period = period.parse().unwrap();
        assert_eq!(
            (period.label().as_str(), period.label_en().as_str()),
            (chinese, english)
        );
    }
}
