//! The sample tables and a sample month, from cells to verdict.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeZone};
use chrono_tz::{Asia::Shanghai, Tz};

use super::fixture::{self, catalogue, sheet};
use super::{Context, Examination, examine, refuse};
use crate::domain::calendar::Calendar;
use crate::domain::codes::{Code, Severity};
use crate::domain::finding::Verdict;
use crate::domain::identify::{Origin, Standing};
use crate::domain::ledger::LedgerRow;
use crate::domain::period::Period;
use crate::domain::program::{Language, Program};
use crate::domain::roster::{Leader, Link, Roster, Unit};
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

impl Standing for Nothing {
    fn is_accepted(&self, _: &str, _: &Period) -> bool {
        false
    }
}

fn now() -> DateTime<Tz> {
    Shanghai.with_ymd_and_hms(2024, 12, 2, 9, 0, 0).unwrap()
}

fn look(program: &Program, origin: &Origin, workbook: &Workbook, last: &[LedgerRow]) -> Examination {
    let calendar = Calendar::parse(include_str!("../../../templates/holidays.csv")).unwrap();
    let messages = catalogue(Language::Chinese);
    let last_rows = |_: &str, _: &Period| last.to_vec();
    let context = Context {
        program,
        origin,
        standing: &Nothing,
        last_rows: &last_rows,
        calendar: &calendar,
        messages: &messages,
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

/// A programme with one unit to which every village is assigned.
fn one_unit_for_all() -> Program {
    let mut program = fixture::program();
    let mut roster = Roster {
        place_prefixes: vec!["乌塘镇".into()],
        ..Roster::default()
    };
    roster.leaders.push(Leader {
        id: "all".into(),
        name: "测试员".into(),
        ..Leader::default()
    });
    roster.units.push(Unit {
        id: "all".into(),
        name: "测试员".into(),
        leaders: vec!["all".into()],
        ..Unit::default()
    });
    for place in program.roster.places() {
        roster.links.push(Link {
            id: place.into(),
            leader: "all".into(),
            place: place.into(),
            ..Link::default()
        });
    }
    program.roster = roster;
    program
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

/// Lines of a sample table as maps from column to text.
fn lines(csv: &str) -> Vec<std::collections::HashMap<String, String>> {
    csv::Reader::from_reader(csv.as_bytes())
        .into_deserialize()
        .map(Result::unwrap)
        .collect()
}

/// Runs a sample table: a row with the line's text in one column must get
/// every error, query and warning that the line names, and no other.
fn run_table(csv: &str, column: usize) {
    let program = one_unit_for_all();
    for line in lines(csv) {
        let (raw, expected) = (&line["raw"], line["expected"].as_str());
        if expected == "skip" {
            continue;
        }
        let place = line.get("place").filter(|place| !place.is_empty());
        let place = place.map_or("塘沟村", String::as_str);
        let mut row = [
            "1",
            "2024年11月5日",
            place,
            "人居环境整治情况",
            "已清理",
            "0",
            CONTACT,
            "",
        ];
        row[column] = raw;
        let examination = look(
            &program,
            &named("测试员2024年11月.xlsx"),
            &ledger("测试员", &[row]),
            &[],
        );
        let expected: BTreeSet<String> = match expected {
            "ok" => BTreeSet::new(),
            codes => codes.split(';').map(str::to_owned).collect(),
        };
        let weighty = |code: &&String| !code.ends_with(":info");
        let found = told(&examination, Severity::Warning);
        assert_eq!(
            found,
            expected.iter().filter(weighty).cloned().collect(),
            "{raw:?}"
        );
        assert!(expected.is_subset(&told(&examination, Severity::Info)), "{raw:?}");
    }
}

#[test]
fn date_samples_come_out_as_listed() {
    run_table(include_str!("../../../tests/data/date_samples.csv"), 1);
}

#[test]
fn village_samples_come_out_as_listed() {
    run_table(include_str!("../../../tests/data/village_samples.csv"), 2);
}

#[test]
fn count_samples_come_out_as_listed() {
    run_table(include_str!("../../../tests/data/count_samples.csv"), 5);
}

#[test]
fn phone_samples_come_out_as_listed() {
    run_table(include_str!("../../../tests/data/phone_samples.csv"), 6);
}

/// One file of a month and what must come of it.
struct Sample {
    name: &'static str,
    leader: &'static str,
    rows: Vec<[&'static str; 8]>,
    verdict: Verdict,
    findings: &'static [(&'static str, &'static str)],
}

/// The month of the samples, in short.
fn month() -> Vec<Sample> {
    let row = |date, place, solved| {
        [
            "1",
            date,
            place,
            "集体经济发展情况",
            "盘活闲置鱼塘",
            solved,
            CONTACT,
            "",
        ]
    };
    vec![
        Sample {
            name: "附件3：2024年11月乌塘镇领导开展“百千万工程”工作挂点调研台账（洪文泽）.xlsx",
            leader: "洪文泽",
            rows: vec![
                row(
                    "2024年11月5日",
                    "乌塘圩村",
                    "推动乌塘圩村解决问题1个：1.饮水管网漏损：已更换。",
                ),
                row("2024年11月5日", "边板村", "无"),
            ],
            verdict: Verdict::Accepted,
            findings: &[],
        },
        Sample {
            name: "吴垂超11月台账.xlsx",
            leader: "吴垂超",
            rows: vec![
                row("2024.11.13", "山口王村", "0"),
                row("2024/11/20", "湛川村", "0"),
                row("２０２４年１１月２７日", "山口王村", "无"),
            ],
            verdict: Verdict::Accepted,
            findings: &[],
        },
        Sample {
            name: "袁 庆11月台账.xlsx",
            leader: "袁 庆",
            rows: vec![row("2024年11月7日", "浩发村、外坡村", "1")],
            verdict: Verdict::AcceptedWithWarnings,
            findings: &[("several-places", "C6"), ("count-not-listed", "F6")],
        },
        Sample {
            name: "林强-2024年11月.xlsx",
            leader: "林强",
            rows: vec![
                row("2024年11月13日", "边板村", "0"),
                row("2024年11月13日", "边板村", "0"),
            ],
            verdict: Verdict::AcceptedWithWarnings,
            findings: &[("repeated-row", "B7")],
        },
        Sample {
            name: "罗养 2024年11月台账.xlsx",
            leader: "罗养",
            rows: vec![
                row("2023年11月12日", "山口陈村", "0"),
                row("2024年11月31日", "山口王村", "0"),
            ],
            verdict: Verdict::Returned,
            findings: &[("date-out-of-period", "B6"), ("date-impossible", "B7")],
        },
        Sample {
            name: "谭仁普2024年11月台账.xlsx",
            leader: "谭仁普",
            rows: vec![
                [
                    "1",
                    "2024年11月8日",
                    "安至塘村",
                    "xx村人居环境整治工作情况，与村干部座谈。",
                    "已清理",
                    "0",
                    CONTACT,
                    "",
                ],
                row("2024年XX月8日", "冷水村", "0"),
            ],
            verdict: Verdict::Returned,
            findings: &[("placeholder", "D6"), ("placeholder", "B7")],
        },
        Sample {
            name: "吴忠强2024年11月台账.xlsx",
            leader: "吴忠强",
            rows: vec![
                row("2024年11月14日", "塘沟村", "0"),
                row("2024年11月15日", "罗屋村", "0"),
            ],
            verdict: Verdict::Returned,
            findings: &[("place-not-assigned", "C7")],
        },
        Sample {
            name: "马陕燕2024年11月台账.xlsx",
            leader: "马陕燕",
            rows: vec![
                row(
                    "2024年11月18日",
                    "罗屋村",
                    "推动罗屋村解决问题3个：1.村道硬化：完成。2.校舍招租：挂网。",
                ),
                row("2024年11月22日", "车补塘村", "若干"),
                [
                    "3",
                    "2024年11月25日",
                    "扫手塘村",
                    "集体经济发展情况",
                    "盘活闲置鱼塘",
                    "0",
                    "",
                    "",
                ],
            ],
            verdict: Verdict::Returned,
            findings: &[
                ("count-mismatch", "F6"),
                ("count-unreadable", "F7"),
                ("required", "G8"),
            ],
        },
        Sample {
            name: "零报告-周景辉-2024年11月.xlsx",
            leader: "周景辉",
            rows: vec![["本期无", "", "", "", "", "", "", ""]],
            verdict: Verdict::Accepted,
            findings: &[],
        },
        Sample {
            name: "吴忠强陪同调研.xlsx",
            leader: "吴忠强",
            rows: vec![[
                "1",
                "2024年11月15日",
                "罗屋村",
                "陪同调研",
                "盘活闲置鱼塘",
                "0",
                CONTACT,
                "陪同区领导调研",
            ]],
            verdict: Verdict::Accepted,
            findings: &[("place-not-assigned", "C6")],
        },
        Sample {
            name: "罗养补报.xlsx",
            leader: "罗养",
            rows: vec![[
                "1",
                "2024年10月15日",
                "山口陈村",
                "人居环境整治",
                "已清理",
                "0",
                CONTACT,
                "补报10月",
            ]],
            verdict: Verdict::AcceptedWithWarnings,
            findings: &[("late-row", "B6")],
        },
    ]
}

#[test]
fn a_month_comes_out_as_expected() {
    let program = fixture::program();
    for sample in month() {
        let workbook = ledger(sample.leader, &sample.rows);
        let examination = look(&program, &named(sample.name), &workbook, &[]);
        let unit = sample.leader.replace(' ', "");
        assert_eq!(
            examination.unit.as_deref(),
            Some(unit.as_str()),
            "{}",
            sample.name
        );
        assert_eq!(
            examination.period,
            Some(Period::Month(2024, 11)),
            "{}",
            sample.name
        );
        let found: BTreeSet<(&str, String)> = examination
            .findings
            .iter()
            .filter(|finding| finding.severity() >= Severity::Warning)
            .map(|finding| (finding.code.as_str(), finding.cell().unwrap_or_default()))
            .collect();
        let expected = sample
            .findings
            .iter()
            .map(|(code, cell)| (*code, (*cell).to_owned()))
            .collect();
        assert_eq!(found, expected, "{}", sample.name);
        let explained = examination.findings.iter().any(|finding| finding.explained);
        let verdict = if explained {
            Verdict::AcceptedWithWarnings
        } else {
            sample.verdict
        };
        assert_eq!(examination.verdict, verdict, "{}", sample.name);
        let nil = sample.rows[0][0] == "本期无";
        assert_eq!(examination.nil, nil, "{}", sample.name);
        let rows = if nil { 0 } else { sample.rows.len() };
        assert_eq!(
            (examination.rows.len(), examination.row_count),
            (rows, Some(rows)),
            "{}",
            sample.name
        );
    }
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
        &fixture::program(),
        &named("新建 Microsoft Excel 工作表.xlsx"),
        &workbook,
        &[],
    );
    assert_eq!(examination.verdict, Verdict::Unclaimed);
    assert_eq!(examination.unit, None);
    assert_eq!(examination.candidates, ["洪文泽", "林强"]);
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
        &fixture::program(),
        &named("吴忠强2024年11月.xlsx"),
        &ledger("洪文泽", &[row]),
        &[],
    );
    assert_eq!(examination.verdict, Verdict::Quarantined);
    assert_eq!(examination.unit.as_deref(), Some("吴忠强"));
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
        crate::domain::table::Value::Text(format!("填报人：李四{id}　　审核人：王五"));
    let mut examination = look(
        &fixture::program(),
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
    assert!(examination.rows.remove(0).cells[6].contains(id));
    assert!(!format!("{examination:?}").contains(id));
}

#[test]
fn a_neighbour_s_form_shows_none_of_its_rows() {
    let origin = Origin {
        folder_unit: Some("吴忠强".into()),
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
    let examination = look(&fixture::program(), &origin, &ledger("马陕燕", &[row]), &[]);
    assert_eq!(examination.verdict, Verdict::Returned);
    assert_eq!(examination.unit.as_deref(), Some("吴忠强"));
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
    let examination = look(&fixture::program(), &named("吴忠强2024年11月.xlsx"), &blank, &[]);
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
    let last = look(&fixture::program(), &origin, &workbook, &[]).rows;
    let examination = look(&fixture::program(), &origin, &workbook, &last);
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
    let program = fixture::program();
    let calendar = Calendar::default();
    let messages = catalogue(Language::Chinese);
    let origin = named("吴忠强2024年11月.csv");
    let context = Context {
        program: &program,
        origin: &origin,
        standing: &Nothing,
        last_rows: &|_, _| Vec::new(),
        calendar: &calendar,
        messages: &messages,
        now: now(),
    };
    for (code, reason, message) in [
        (Code::Unreadable, "", "文件打不开，可能已损坏或没有保存完整。"),
        (Code::Encrypted, "", "文件设有打开密码，无法读取。"),
        (Code::UnsupportedType, "csv", "“csv”文件不能作为台账读取。"),
        (
            Code::TooLarge,
            "超过64张工作表",
            "文件过大或结构异常，未读取：超过64张工作表。",
        ),
    ] {
        let examination = refuse(&context, code, reason);
        assert_eq!(examination.verdict, Verdict::Unreadable);
        assert_eq!(examination.unit.as_deref(), Some("吴忠强"));
        assert_eq!(examination.findings.len(), 1);
        assert_eq!(examination.findings[0].message, message);
    }
}
