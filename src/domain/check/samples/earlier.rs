//! Cumulative ledgers: rows of earlier months, accepted there, above this month's.

use super::*;
use crate::domain::period::Period;

const OCTOBER: [[&str; 8]; 2] = [
    [
        "1",
        "2024年10月5日",
        "塘沟村",
        "看供水改造进展",
        "月底完工",
        "0",
        CONTACT,
        "",
    ],
    [
        "2",
        "2024年10月9日",
        "塘沟村",
        "看厕所改造进展",
        "月底验收",
        "0",
        CONTACT,
        "",
    ],
];
const NOVEMBER: [&str; 8] = [
    "3",
    "2024年11月5日",
    "塘沟村",
    "看道路硬化进展",
    "已经动工",
    "0",
    CONTACT,
    "",
];

fn program() -> Program {
    let mut program = crate::domain::fixture::wutang();
    program.cycle.first = Some(Period::Month(2024, 10));
    program
}

/// What becomes of rows where October's ledger held these.
fn look_at(accepted: &[[&str; 8]], rows: &[[&str; 8]]) -> Examination {
    let program = program();
    let origin = named("吴忠强2024年11月.xlsx");
    let before = look(&program, &origin, &ledger("吴忠强", accepted), &[]).rows;
    look(&program, &origin, &ledger("吴忠强", rows), &before)
}

/// How many rows are left, and the findings that go to the unit.
fn outcome(examination: &Examination) -> (usize, String) {
    let told = told(examination, Severity::Warning);
    (
        examination.rows.len(),
        told.into_iter().collect::<Vec<_>>().join(" "),
    )
}

#[test]
fn rows_accepted_before_are_left_out_with_one_line() {
    let all = [OCTOBER[0], OCTOBER[1], NOVEMBER];
    let found = look_at(&OCTOBER, &all);
    assert_eq!(outcome(&found), (1, "other-period-rows:warning".into()));
    assert!(found.verdict.is_accepted());
    let line = found
        .findings
        .iter()
        .find(|own| own.code == Code::OtherPeriodRows)
        .unwrap();
    assert!(
        line.message.contains("第6—7行")
            && line.message.contains("2行")
            && line.message.contains("2024年10月"),
        "{}",
        line.message
    );
    // Numbered from this month's rows on, they are the same rows.
    let mut renumbered = all;
    renumbered[0][0] = "";
    assert_eq!(outcome(&look_at(&OCTOBER, &renumbered)).0, 1);
}

#[test]
fn a_row_that_differs_stays_and_is_returned() {
    let mut changed = OCTOBER[1];
    changed[4] = "已经验收";
    let found = look_at(&OCTOBER, &[OCTOBER[0], changed, NOVEMBER]);
    assert_eq!(
        outcome(&found),
        (2, "date-out-of-period:error other-period-rows:warning".into())
    );
    assert_eq!(found.verdict, Verdict::Returned);
}

#[test]
fn nothing_is_left_out_where_nothing_of_the_month_remains() {
    let found = look_at(&OCTOBER, &OCTOBER);
    assert_eq!(found.rows.len(), 2);
    assert_eq!(found.verdict, Verdict::Returned);
    assert!(!told(&found, Severity::Info).contains("other-period-rows:warning"));
}

#[test]
fn what_was_never_accepted_is_not_left_out() {
    let found = look_at(&[], &[OCTOBER[0], NOVEMBER]);
    assert_eq!(outcome(&found), (2, "date-out-of-period:error".into()));
}
