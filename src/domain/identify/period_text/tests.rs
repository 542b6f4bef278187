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

fn read(text: &str, kind: CycleKind, near: &str) -> Option<(String, bool)> {
    let near = near.parse().unwrap();
    find_period(text, &cycle(kind), MissingYear::Nearest(near))
        .map(|(period, added)| (period.to_string(), added))
}

#[test]
fn periods_are_read_in_the_forms_that_offices_use() {
    use CycleKind::{HalfMonthly, HalfYearly, Monthly, Quarterly, Weekly, Yearly};
    let cases = [
        ("2024年11月", Monthly, Some("2024-11"), false),
        ("二〇二四年十一月份", Monthly, Some("2024-11"), false),
        ("24年11月", Monthly, Some("2024-11"), false),
        ("陈小敏202411", Monthly, Some("2024-11"), false),
        ("2024.11台账", Monthly, Some("2024-11"), false),
        ("2024-11", Monthly, Some("2024-11"), false),
        ("２０２４年１１月", Monthly, Some("2024-11"), false),
        ("11月份", Monthly, Some("2024-11"), true),
        ("十二月", Monthly, Some("2024-12"), true),
        ("1月", Monthly, Some("2025-01"), true),
        ("2024年度11月台账", Monthly, Some("2024-11"), false),
        ("Nov 2024", Monthly, Some("2024-11"), false),
        ("November, 2024", Monthly, Some("2024-11"), false),
        ("2024年1-11月", Monthly, Some("2024-11"), false),
        ("2024年第四季度11月", Monthly, Some("2024-11"), false),
        ("2024年11月1日至2024年11月30日", Monthly, Some("2024-11"), false),
        ("四季度", Quarterly, Some("2024-Q4"), true),
        ("2018年第四季度", Quarterly, Some("2018-Q4"), false),
        ("2018年10-12月", Quarterly, Some("2018-Q4"), false),
        ("7月—9月", Quarterly, Some("2024-Q3"), true),
        ("2018-Q4", Quarterly, Some("2018-Q4"), false),
        ("Q4 2018", Quarterly, Some("2018-Q4"), false),
        ("2022年上半年", HalfYearly, Some("2022-H1"), false),
        ("7-12月", HalfYearly, Some("2024-H2"), true),
        ("2022年度", Yearly, Some("2022"), false),
        ("2022年", Yearly, Some("2022"), false),
        ("2024年第7周", Weekly, Some("2024-W07"), false),
        ("第47周", Weekly, Some("2024-W47"), true),
        ("2024年12月2日-2024年12月8日", Weekly, Some("2024-W49"), false),
        ("2024年11月上半月", HalfMonthly, Some("2024-11a"), false),
        ("2024-11b", HalfMonthly, Some("2024-11b"), false),
        ("2024年度台账", Monthly, None, false),
        ("2024年11月5日", Monthly, None, false),
        ("20241105", Monthly, None, false),
        ("2024.11.05", Monthly, None, false),
        ("11月5日", Monthly, None, false),
        ("附件3 最终版2", Monthly, None, false),
        ("13800138000", Monthly, None, false),
        ("3个月", Monthly, None, false),
    ];
    for (text, kind, period, added) in cases {
        let expected = period.map(|period| (period.to_owned(), added));
        assert_eq!(read(text, kind, "2024-11-30"), expected, "{text}");
    }
}

#[test]
fn a_missing_year_depends_on_who_asks() {
    let cycle = cycle(CycleKind::Monthly);
    let date: NaiveDate = "2024-12-02".parse().unwrap();
    let may = |missing| find_period("5月", &cycle, missing).unwrap().0.to_string();
    assert_eq!(may(MissingYear::Nearest(date)), "2025-05");
    assert_eq!(may(MissingYear::Begun(date)), "2024-05");
}

#[test]
fn milestones_are_known_by_name() {
    let milestone = |id: &str, name: &str| crate::domain::period::Milestone {
        words: Vec::new(),
        id: id.into(),
        name: name.into(),
        date: "2018-12-31".parse().unwrap(),
    };
    let cycle = Cycle {
        milestones: vec![milestone("plan", "实施方案"), milestone("sum", "工作总结")],
        ..cycle(CycleKind::Milestones)
    };
    let near = "2018-11-30".parse().unwrap();
    let found = find_period("规划办工作总结2018.doc", &cycle, MissingYear::Nearest(near));
    assert_eq!(found, Some((Period::Milestone("sum".into()), false)));
}
