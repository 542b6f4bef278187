//! Which period a file is for.

use super::*;

#[test]
fn where_periods_differ_the_dates_decide() {
    let mut file = File {
        name: "林强2024年11月.xlsx",
        fill: &[("leader", "林强"), ("period", "2024年12月")],
        rows: NOVEMBER,
        now: "2024-12-20",
        ..File::default()
    };
    is(&file, Some("林强"), "2024-11", false, &["period-mismatch"]);
    file.rows = &[
        ("2024-12-05", "", ""),
        ("2024-12-12", "", ""),
        ("2024-11-12", "", ""),
    ];
    is(&file, Some("林强"), "2024-12", false, &["period-mismatch"]);
    file.rows = &[];
    is(&file, Some("林强"), "2024-12", false, &["period-mismatch"]);
    assert_eq!(file.identify().findings[0].args["found"], "2024年11月");
}

#[test]
fn a_period_that_is_not_owed_falls_back_to_the_open_one() {
    for period in ["2024年10月", "2023年11月", "2024年四季度", "2025年6月", "本期"] {
        let lines = [("leader", "林强"), ("period", period)];
        let file = File {
            name: "林强.xlsx",
            fill: &lines,
            rows: NOVEMBER,
            ..File::default()
        };
        // What can't be read is no contradiction while the dates tell.
        let codes: &[&str] = if period == "本期" {
            &[]
        } else {
            &["period-mismatch"]
        };
        is(&file, Some("林强"), "2024-11", false, codes);
    }
}

#[test]
fn a_month_without_a_year_is_never_ahead_if_it_can_be_behind() {
    let file = File {
        name: "林强.xlsx",
        fill: &[("leader", "林强"), ("period", "5月")],
        now: "2026-12-02",
        ..File::default()
    };
    let (_, period, _, _) = file.told();
    assert_eq!(period.as_deref(), Some("2026-05"));
}

#[test]
fn dates_decide_where_nothing_else_speaks() {
    let mut file = File {
        name: "林强.xlsx",
        rows: &[
            ("2024-12-05", "", ""),
            ("2024-12-06", "", ""),
            ("2024-11-06", "", ""),
        ],
        now: "2024-12-10",
        ..File::default()
    };
    is(&file, Some("林强"), "2024-12", false, &[]);
    file.rows = &[("看不清", "", "")];
    is(&file, Some("林强"), "2024-11", false, &["period-mismatch"]);
    file.rows = &[];
    is(&file, Some("林强"), "2024-11", false, &[]);
}

#[test]
fn a_running_period_may_come_early() {
    let file = File {
        name: "林强12月.xlsx",
        rows: &[("2024-12-03", "", "")],
        now: "2024-12-04",
        ..File::default()
    };
    is(&file, Some("林强"), "2024-12", false, &[]);
}

#[test]
fn an_accepted_earlier_period_is_unclear_while_the_open_one_is_missing() {
    let mut file = File {
        name: "林强2024年11月.xlsx",
        rows: NOVEMBER,
        now: "2025-01-06",
        accepted: &[("林强", "2024-11")],
        ..File::default()
    };
    is(&file, Some("林强"), "2024-11", true, &["period-unclear"]);
    let found = file.identify();
    assert_eq!(found.findings[0].args["open"], "2024年12月");
    assert_eq!(names(&found.candidates), ["林强"]);

    file.name = "更正：林强2024年11月.xlsx";
    is(&file, Some("林强"), "2024-11", false, &[]);
    assert!(file.identify().correction);

    file.name = "林强2024年11月.xlsx";
    file.rows = &[("2024-11-05", "", "更正上次漏填的村")];
    is(&file, Some("林强"), "2024-11", false, &[]);

    file.rows = NOVEMBER;
    file.origin.placed_by_hand = true;
    is(&file, Some("林强"), "2024-11", false, &[]);
    assert!(file.identify().correction);

    file.origin.placed_by_hand = false;
    file.accepted = &[("林强", "2024-11"), ("林强", "2024-12")];
    is(&file, Some("林强"), "2024-11", false, &[]);
}

#[test]
fn a_closed_period_that_never_came_is_taken_late() {
    let mut file = File {
        name: "林强2024年11月.xlsx",
        rows: NOVEMBER,
        now: "2025-01-06",
        ..File::default()
    };
    is(&file, Some("林强"), "2024-11", false, &["period-mismatch"]);
    let finding = &file.identify().findings[0];
    assert_eq!(finding.args["open"], "2024年12月");
    assert_eq!(finding.args["counted"], "2024年11月");
    file.origin.claimed_period = Some(Period::Month(2024, 11));
    is(&file, Some("林强"), "2024-11", false, &[]);
}

#[test]
fn rows_of_the_open_month_overrule_the_line_of_a_copied_form() {
    let january: &[(&str, &str, &str)] = &[("2026-01-08", "", ""), ("2026-01-20", "", "")];
    let mut file = File {
        name: "林强2025年1月.xlsx",
        fill: &[("leader", "林强"), ("period", "2025年1月")],
        rows: january,
        now: "2026-02-03",
        ..File::default()
    };
    is(&file, Some("林强"), "2026-01", false, &["period-mismatch"]);
    assert_eq!(file.identify().findings[0].args["found"], "2025年1月");
    // A good ledger of the open month is there, or the file says that it corrects: the office decides.
    file.accepted = &[("林强", "2026-01")];
    let identity = file.identify();
    assert!(
        identity.held
            && identity
                .findings
                .iter()
                .any(|finding| finding.code.as_str() == "period-unclear")
    );
    file.origin.placed_by_hand = true;
    let identity = file.identify();
    assert!(identity.correction && !identity.held);
    file.origin.placed_by_hand = false;
    file.accepted = &[];
    for name in ["林强2025年1月补报.xlsx", "林强2025年1月更正.xlsx"] {
        file.name = name;
        assert!(file.identify().held, "{name}");
    }
    // Rows of the other year bear the line out.
    file.name = "林强2025年1月.xlsx";
    file.rows = &[("2025-01-08", "", "")];
    assert_eq!(file.identify().period.unwrap().to_string(), "2025-01");
}

/// The values of the one `period-mismatch`.
fn mismatch(file: &File<'_>) -> BTreeMap<String, String> {
    let found = file.identify().findings;
    let own: Vec<_> = found
        .iter()
        .filter(|finding| finding.code.as_str() == "period-mismatch")
        .collect();
    assert_eq!(own.len(), 1, "{found:?}");
    own[0].args.clone()
}

#[test]
fn a_mismatch_says_which_clue_said_what() {
    let mut file = File {
        name: "林强2024年11月.xlsx",
        fill: &[("leader", "林强"), ("period", "2024年10月")],
        rows: NOVEMBER,
        ..File::default()
    };
    assert_eq!(
        mismatch(&file)["said"],
        "“填报月份”为2024年10月，文件名、表内日期为2024年11月"
    );
    file.sheet = "10月";
    assert_eq!(
        mismatch(&file)["said"],
        "“填报月份”、工作表名为2024年10月，文件名、表内日期为2024年11月"
    );
    file.sheet = "";
    file.rows = &[];
    assert_eq!(
        mismatch(&file)["said"],
        "“填报月份”为2024年10月，文件名为2024年11月"
    );
}

#[test]
fn last_year_everywhere_may_be_a_slip() {
    let mut file = File {
        name: "林强2024年12月.xlsx",
        fill: &[("leader", "林强"), ("period", "2024年12月")],
        rows: &[("2024-12-05", "", "")],
        now: "2026-01-03",
        ..File::default()
    };
    is(&file, Some("林强"), "2024-12", false, &["period-mismatch"]);
    assert_eq!(mismatch(&file)["year_slip"], "true");
    file.name = "林强2025年11月.xlsx";
    file.fill = &[("leader", "林强"), ("period", "2025年11月")];
    file.rows = &[("2025-11-05", "", "")];
    is(&file, Some("林强"), "2025-11", false, &["period-mismatch"]);
    assert_eq!(
        mismatch(&file)["year_slip"],
        "",
        "another month is no slip of the year"
    );
}

#[test]
fn a_ledger_of_before_the_first_period_is_told_so() {
    let mut file = File {
        name: "林强2024年9月.xlsx",
        fill: &[("leader", "林强"), ("period", "2024年9月")],
        rows: &[("2024-09-05", "", "")],
        ..File::default()
    };
    let found = mismatch(&file);
    assert_eq!(
        (found["first"].as_str(), found["counted"].as_str()),
        ("2024年11月", "2024年11月")
    );
    file.name = "林强2024年11月.xlsx";
    file.fill = &[("leader", "林强"), ("period", "2024年10月")];
    file.rows = NOVEMBER;
    assert_eq!(mismatch(&file)["first"], "2024年11月");
}

#[test]
fn the_name_of_a_nil_report_overrules_the_line_of_a_copied_form() {
    let mut file = File {
        name: "林强2026年1月零报告.xlsx",
        fill: &[("leader", "林强"), ("period", "2025年12月")],
        now: "2026-02-03",
        ..File::default()
    };
    is(&file, Some("林强"), "2026-01", false, &["period-mismatch"]);
    file.accepted = &[("林强", "2026-01")];
    assert!(file.identify().held, "a good ledger of the open month is there");
    file.accepted = &[];
    // With rows the name alone decides nothing against them.
    file.rows = &[("2025-12-08", "", "")];
    assert_eq!(file.identify().period.unwrap().to_string(), "2025-12");
}

#[test]
fn a_ledger_that_goes_on_all_year_comes_for_the_open_month() {
    let mut file = File {
        name: "林强台账.xlsx",
        fill: &[("leader", "林强")],
        rows: &[
            ("2025-12-02", "", ""),
            ("2025-12-09", "", ""),
            ("2026-01-06", "", ""),
        ],
        now: "2026-02-03",
        accepted: &[("林强", "2025-12")],
        ..File::default()
    };
    is(&file, Some("林强"), "2026-01", false, &[]);
    // A word for a month, a correction, or a good ledger of the open one: it doesn't go on.
    file.fill = &[("leader", "林强"), ("period", "2025年12月")];
    assert!(file.identify().held);
    file.fill = &[("leader", "林强")];
    file.name = "林强台账（更正）.xlsx";
    assert_eq!(file.identify().period.unwrap().to_string(), "2025-12");
    file.name = "林强台账.xlsx";
    file.accepted = &[("林强", "2025-12"), ("林强", "2026-01")];
    assert_eq!(file.identify().period.unwrap().to_string(), "2025-12");
    // Most rows decide while nothing was accepted.
    file.accepted = &[];
    assert_eq!(file.identify().period.unwrap().to_string(), "2025-12");
}

#[test]
fn a_month_that_no_year_has_is_said() {
    let file = File {
        name: "林强.xlsx",
        fill: &[("leader", "林强"), ("period", "2024年13月")],
        rows: NOVEMBER,
        ..File::default()
    };
    is(&file, Some("林强"), "2024-11", false, &["period-mismatch"]);
    assert_eq!(mismatch(&file)["found"], "2024年13月");
    for other in ["2024年12月2日", "本月", "十一月份", ""] {
        let lines = [("leader", "林强"), ("period", other)];
        let file = File {
            name: file.name,
            fill: &lines,
            rows: file.rows,
            ..File::default()
        };
        is(&file, Some("林强"), "2024-11", false, &[]);
    }
}
