//! Whole ledgers from cells to verdict.

mod earlier;
mod month;
mod tables;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeZone};
use chrono_tz::{Asia::Shanghai, Tz};

use super::fixture::{self, catalogue, sheet};
use super::{Context, Examination, Limits, examine, refuse};
use crate::domain::calendar::Calendar;
use crate::domain::codes::{Code, Severity};
use crate::domain::finding::Verdict;
use crate::domain::identify::{History, Origin};
use crate::domain::language::Language;
use crate::domain::ledger::LedgerRow;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::table::{Pos, Workbook};

const HEADER: [&str; 8] = [
    "序号",
    "调研时间",
    "调研地点",
    "调研内容",
    "调研成效",
    "调研推动解决问题数量(个)",
    "联系人及联系方式",
    "备注",
];
const EXAMPLE: [&str; 7] = [
    "例",
    "2024年xx月xx日",
    "xx村",
    "xx村xx工作情况。",
    "xx村加快推进xx工作，要求做什么、怎么做(具体展开)。",
    "推动xx村解决问题xx个：1.xx项目(工作)：目前进展情况如何。",
    "xxx；电话xxx",
];
const NOTE: &str = "注：1.本表每月报镇“百千万工程”指挥部办公室；2.如当月无调研，请填“本期无”。";
const CONTACT: &str = "张三；电话13812345678";

/// Nobody has been accepted yet.
struct Nothing;

impl History for Nothing {
    fn is_accepted(&self, _: &crate::domain::ids::UnitId, _: &Period) -> bool {
        false
    }
}

fn now() -> DateTime<Tz> {
    Shanghai.with_ymd_and_hms(2024, 12, 2, 9, 0, 0).unwrap()
}

fn look(program: &Program, origin: &Origin, workbook: &Workbook, last: &[LedgerRow]) -> Examination {
    let calendar = Calendar::parse(include_str!("../../../templates/holidays.csv")).unwrap();
    let messages = catalogue(Language::Chinese);
    let rows_of = |_: &crate::domain::ids::UnitId, _: &Period| last.to_vec();
    let context = Context {
        program,
        origin,
        standing: &Nothing,
        rows_of: &rows_of,
        past: &|_| std::sync::Arc::default(),
        calendar: &calendar,
        messages: &messages,
        limits: Limits::default(),
        now: now(),
    };
    let examination = examine(&context, workbook);
    for finding in &examination.findings {
        // Words nothing anew, but fails where the wording lacks a value.
        fixture::worded(finding.clone());
    }
    examination
}

fn named(file_name: &str) -> Origin {
    Origin {
        file_name: file_name.into(),
        ..Origin::default()
    }
}

/// A ledger as the units hand it in: title, fill lines, header in row 4,
/// example in row 5, rows from row 6, a note.
fn ledger(leader: &str, rows: &[[&str; 8]]) -> Workbook {
    let fill = [
        format!("挂点领导：{leader}　　填报单位：{leader}挂点组　　填报月份：2024年11月"),
        "填报人：李四　　审核人：王五　　联系电话：13812345678　　填报时间：2024年12月2日".to_owned(),
    ];
    let mut cells = vec![
        (0, 0, "2024年度乌塘镇领导开展“百千万工程”工作挂点调研台账"),
        (1, 0, fill[0].as_str()),
        (2, 0, fill[1].as_str()),
    ];
    cells.extend((0..).zip(HEADER).map(|(column, text)| (3, column, text)));
    cells.extend((0..).zip(EXAMPLE).map(|(column, text)| (4, column, text)));
    let mut at = 5;
    for row in rows {
        let filled = (0..).zip(row).filter(|(_, text)| !text.is_empty());
        cells.extend(filled.map(|(column, text)| (at, column, *text)));
        at += 1;
    }
    cells.push((at, 0, NOTE));
    fixture::workbook(vec![sheet("台账", &cells)])
}

fn told(examination: &Examination, from: Severity) -> BTreeSet<String> {
    examination
        .findings
        .iter()
        .filter(|finding| finding.severity() >= from)
        .map(|finding| {
            let severity = format!("{:?}", finding.severity()).to_lowercase();
            format!("{}:{severity}", finding.code.as_str())
        })
        .collect()
}

#[test]
fn a_village_of_two_leaders_decides_for_neither() {
    let mut workbook = ledger(
        "某某",
        &[[
            "1",
            "2024年11月6日",
            "边板村",
            "供水改造",
            "更换管网",
            "0",
            CONTACT,
            "",
        ]],
    );
    let rows = &mut workbook.sheets[0].rows;
    rows.retain(|row| row.index > 2);
    let examination = look(
        &crate::domain::fixture::wutang(),
        &named("新建 Microsoft Excel 工作表.xlsx"),
        &workbook,
        &[],
    );
    assert_eq!(examination.verdict, Verdict::Unclaimed);
    assert_eq!(examination.unit, None);
    assert_eq!(examination.candidates, ["U01", "U04"], "洪文泽, 林强");
    let weighty: Vec<&str> = examination
        .findings
        .iter()
        .filter(|finding| finding.severity() >= Severity::Query)
        .map(|finding| finding.code.as_str())
        .collect();
    assert_eq!(weighty, ["unit-unknown"]);
}

#[test]
fn nothing_of_a_marked_file_is_shown() {
    let row = [
        "1",
        "2024年11月5日",
        "塘沟村",
        "供水改造",
        "更换管网",
        "0",
        CONTACT,
        "机密★1年",
    ];
    let examination = look(
        &crate::domain::fixture::wutang(),
        &named("吴忠强2024年11月.xlsx"),
        &ledger("洪文泽", &[row]),
        &[],
    );
    assert_eq!(examination.verdict, Verdict::Quarantined);
    assert_eq!(examination.unit.as_deref(), Some("U07"));
    assert_eq!(examination.period, Some(Period::Month(2024, 11)));
    assert_eq!(
        told(&examination, Severity::Info),
        BTreeSet::from(["sensitive-content:error".to_owned()])
    );
    assert!(examination.rows.is_empty() && examination.row_count.is_none() && examination.fill.is_empty());
    let shown = format!("{examination:?}");
    assert!(
        !shown.contains("洪文泽") && !shown.contains("更换管网") && !shown.contains("1年"),
        "{shown}"
    );
}

#[test]
fn an_identity_number_stands_nowhere_but_in_its_row() {
    let id = "440823199001011234";
    let contact = format!("张三；{id}");
    let mut workbook = ledger(
        "吴忠强",
        &[[
            "1",
            "2024年11月5日",
            "塘沟村",
            "供水改造",
            "更换管网",
            "0",
            &contact,
            "",
        ]],
    );
    workbook.sheets[0].rows[2].cells[0].value =
        crate::domain::table::Value::Text(format!("填报人：李四{id}　　审核人：王五").into());
    let mut examination = look(
        &crate::domain::fixture::wutang(),
        &named(&format!("吴忠强{id}.xlsx")),
        &workbook,
        &[],
    );
    let cells: Vec<String> = examination
        .findings
        .iter()
        .filter(|finding| finding.code == Code::IdNumber)
        .filter_map(crate::domain::finding::Finding::cell)
        .collect();
    assert_eq!(cells, ["A3", "G6"]);
    assert!(examination.rows.remove(0).cells[7].contains(id));
    assert!(!format!("{examination:?}").contains(id));
}

#[test]
fn a_neighbour_s_form_shows_none_of_its_rows() {
    let origin = Origin {
        folder_unit: Some("U07".into()),
        ..named("2024年11月台账.xlsx")
    };
    let row = [
        "1",
        "2024年11月32日",
        "罗屋村",
        "供水改造",
        "更换管网",
        "0",
        CONTACT,
        "",
    ];
    let examination = look(
        &crate::domain::fixture::wutang(),
        &origin,
        &ledger("马陕燕", &[row]),
        &[],
    );
    assert_eq!(examination.verdict, Verdict::Returned);
    assert_eq!(examination.unit.as_deref(), Some("U07"));
    assert!(examination.mismatch && examination.rows.is_empty());
    assert!(told(&examination, Severity::Query).contains("unit-mismatch:error"));
    assert!(
        examination
            .findings
            .iter()
            .all(|finding| finding.row.is_none() || finding.column.is_none())
    );
}

#[test]
fn a_blank_form_has_no_rows() {
    let blank = ledger(
        "吴忠强",
        &[
            ["1", "", "", "", "", "", "", ""],
            ["2", "", "", "", "", "", "", ""],
        ],
    );
    let examination = look(
        &crate::domain::fixture::wutang(),
        &named("吴忠强2024年11月.xlsx"),
        &blank,
        &[],
    );
    assert_eq!(examination.verdict, Verdict::Returned);
    assert_eq!(
        told(&examination, Severity::Warning),
        BTreeSet::from(["no-rows:error".to_owned()])
    );
}

#[test]
fn a_copied_text_is_told_to_the_office_only() {
    let effect = "塘沟村加快推进集体经济发展，盘活闲置鱼塘和旧小学校舍，公开招租。";
    let row = [
        "1",
        "2024年11月5日",
        "塘沟村",
        "集体经济发展情况",
        effect,
        "0",
        CONTACT,
        "",
    ];
    let workbook = ledger("吴忠强", &[row]);
    let origin = named("吴忠强2024年11月.xlsx");
    let last = look(&crate::domain::fixture::wutang(), &origin, &workbook, &[]).rows;
    let examination = look(&crate::domain::fixture::wutang(), &origin, &workbook, &last);
    assert_eq!(examination.verdict, Verdict::Accepted);
    let copied = examination
        .findings
        .iter()
        .find(|finding| finding.code == Code::RepeatsLastPeriod)
        .unwrap();
    assert_eq!(copied.pos, Some(Pos::new(5, 4)));
    assert!(
        copied.message.contains("2024年10月") && copied.message.contains("第6行"),
        "{}",
        copied.message
    );
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    let program = crate::domain::fixture::wutang();
    let calendar = Calendar::default();
    let messages = catalogue(Language::Chinese);
    let origin = named("吴忠强2024年11月.csv");
    let context = Context {
        program: &program,
        origin: &origin,
        standing: &Nothing,
        rows_of: &|_, _| Vec::new(),
        past: &|_| std::sync::Arc::default(),
        calendar: &calendar,
        messages: &messages,
        limits: Limits::default(),
        now: now(),
    };
    for (code, reason, message) in [
        (Code::Unreadable, "", "文件打不开，可能已损坏或没有保存完整。"),
        (Code::Encrypted, "", "文件带密码保护，无法读取。"),
        (Code::UnsupportedType, "csv", "“csv”文件不能作为台账读取。"),
        (
            Code::TooLarge,
            "超过64张工作表",
            "文件过大或结构异常，未读取：超过64张工作表。",
        ),
    ] {
        let examination = refuse(&context, code, reason);
        assert_eq!(examination.verdict, Verdict::Unreadable);
        assert_eq!(examination.unit.as_deref(), Some("U07"));
        assert_eq!(examination.findings.len(), 1);
        assert_eq!(examination.findings[0].message, message);
    }
}
