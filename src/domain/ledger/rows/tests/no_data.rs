//! Rows that look like data and are none, and those that look like none and are.

use super::*;
use crate::domain::ledger::sample::HEADERS as WHOLE;

const FULL: [&str; 7] = [
    "1",
    "2024年11月5日",
    "边板村",
    "内容",
    "成效",
    "1",
    "张三；13812345678",
];

fn read_whole(rows: &[&[&str]]) -> SheetReading {
    let mut all: Vec<&[&str]> = vec![&WHOLE];
    all.extend(rows);
    read_with(&form(), &sheet("台账", &all))
}

/// What becomes of one row below a full one.
fn below_full(row: &[&str]) -> Option<Skipped> {
    let reading = read_whole(&[&FULL, row]);
    assert_eq!(reading.rows[0].row, 1);
    reading.skipped.first().map(|(_, why)| *why)
}

#[test]
fn lone_texts_below_the_table_are_no_data() {
    for row in [
        &["", "", "", "", "规划建设办公室（盖章）"][..],
        &["", "", "", "", "", "", "2024年12月2日"],
        &["第1页，共1页"],
        &["", "", "以下空白"],
        &["", "公章"],
        &["单位负责人签名：", "", "", "周建国"],
        &["制表：陈丽娟　　复核：梁小明"],
    ] {
        let why = below_full(row);
        assert!(
            matches!(why, Some(Skipped::Note | Skipped::Signature)),
            "{row:?}: {why:?}"
        );
    }
}

#[test]
fn an_unfinished_row_stays_one() {
    for row in [
        &["", "2024年11月9日"][..],
        &["", "", "岑家村"],
        &["2", "", "", "只写了内容"],
        &["", "", "", "内容", "成效"],
    ] {
        assert_eq!(below_full(row), None, "{row:?}");
    }
}

#[test]
fn rows_that_hold_nothing_of_their_own_are_passed_over() {
    for (row, why) in [
        (
            &["甲", "1", "2", "3", "4", "5", "6", "7"][..],
            Skipped::ColumnNumbers,
        ),
        (
            &["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"],
            Skipped::ColumnNumbers,
        ),
        (&["A", "B", "C", "D", "E", "F", "G", "H"], Skipped::ColumnNumbers),
        (&["", "填写年月日", "（必填）", "请填写实际情况"], Skipped::Hints),
        (&["2", "/", "/", "/", "—", "——", "/"], Skipped::CrossedOut),
        (&["累计", "", "", "", "", "12"], Skipped::Totals),
    ] {
        let reading = read_whole(&[row, &FULL]);
        assert_eq!(reading.skipped, [(1, why)], "{row:?}");
        assert_eq!(reading.totals.len(), 0);
        assert_eq!(reading.nil, None);
    }
    let crossed = read_whole(&[&["1", "/", "/", "/", "/", "/", "/"]]);
    assert!(crossed.rows.is_empty() && crossed.nil == Some(Pos::new(1, 1)));
}

#[test]
fn nothing_done_is_said_in_many_words() {
    for row in [
        &["本月未开展调研"][..],
        &["1", "本月因防汛值班未开展下村调研"],
        &["", "11月", "", "本月没有下村", "", "0", "张三；13812345678"],
        &["", "", "", "未涉及"],
        &["", "2024年11月", "无", "无", "无", "无"],
        &["1", "", "", "领导尚未安排调研", "", "无"],
    ] {
        let reading = read_whole(&[row]);
        assert!(
            reading.rows.is_empty() && reading.nil.is_some(),
            "{row:?}: {:?}",
            reading.skipped
        );
    }
    for row in [
        &[
            "1",
            "2024年11月5日",
            "边板村",
            "发现该村未开展垃圾分类",
            "已督促",
            "0",
            "张三",
        ][..],
        &["1", "2024年11月5日", "边板村", "本月未开展调研", "", "0"],
        &["1", "2024年11月5日", "无", "无"],
    ] {
        assert!(read_whole(&[row]).nil.is_none(), "{row:?}");
    }
}

#[test]
fn a_second_table_below_is_not_read() {
    let head = [
        "序号",
        "交办时间",
        "调研地点",
        "调研内容",
        "整改措施",
        "整改数量",
        "责任人及电话",
        "备注",
    ];
    let other = [
        "1",
        "2024年11月12日",
        "边板村",
        "排水沟堵塞",
        "组织清淤",
        "1",
        "柳大川",
    ];
    let reading = read_whole(&[&FULL, &["附：督查交办问题整改情况"], &head, &other]);
    assert_eq!(data(&reading), [2]);
    assert_eq!(
        skipped(&reading),
        [
            (3, Skipped::Note),
            (4, Skipped::OtherTable),
            (5, Skipped::OtherTable)
        ]
    );
    let same = read_whole(&[&FULL, &WHOLE, &FULL]);
    assert_eq!(data(&same), [2, 4]);
}

#[test]
fn words_that_only_begin_like_nothing_done_are_data() {
    for text in ["无人机巡查调研", "未来三天安排走访"] {
        assert_eq!(read_whole(&[&["1", "", "", text]]).nil, None, "{text}");
    }
}
