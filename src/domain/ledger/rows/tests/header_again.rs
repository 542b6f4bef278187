//! The header once more with its columns in another order.

use super::*;
use crate::domain::ledger::sample::HEADERS;

const HEAD: [&str; 6] = ["序号", "调研时间", "调研地点", "调研内容", "现场照片", "备注"];
const SWAPPED: [&str; 6] = [
    "序号",
    "调研地点",
    "2.调研时间",
    "现场照片",
    "调研内容（必填）",
    "备注",
];

/// Text of a column in each data row.
fn texts(reading: &SheetReading, key: &str) -> Vec<String> {
    let index = form().sheets[0]
        .columns
        .iter()
        .position(|column| column.key == key)
        .unwrap();
    reading
        .rows
        .iter()
        .map(|row| row.fields[index].text.to_string())
        .collect()
}

#[test]
fn rows_below_it_are_read_by_the_new_order() {
    let reading = read_with(
        &form(),
        &sheet(
            "台账",
            &[
                &HEAD,
                &["1", "2024年11月5日", "边板村", "看厕改", "甲图", "一"],
                &SWAPPED,
                &["2", "岑家村", "2024年11月6日", "乙图", "看清淤", "二"],
                &["合计", "", "", "", "", ""],
                &HEAD,
                &["3", "2024年11月7日", "边板村", "看改水", "丙图", "三"],
                &["填表人：张三"],
            ],
        ),
    );
    assert_eq!(data(&reading), [2, 4, 7]);
    let whys = [
        (3, Skipped::RepeatedHeader),
        (5, Skipped::Totals),
        (6, Skipped::RepeatedHeader),
        (8, Skipped::Signature),
    ];
    assert_eq!(skipped(&reading), whys);
    assert_eq!(
        texts(&reading, "visit_date"),
        ["2024年11月5日", "2024年11月6日", "2024年11月7日"]
    );
    assert_eq!(texts(&reading, "village"), ["边板村", "岑家村", "边板村"]);
    assert_eq!(texts(&reading, "content"), ["看厕改", "看清淤", "看改水"]);
    let photos: Vec<&str> = reading.rows.iter().map(|row| row.extras[0].as_str()).collect();
    assert_eq!(photos, ["甲图", "乙图", "丙图"]);
    assert_eq!(
        reading.rows[1].fields[1].pos,
        Some(Pos::new(3, 2)),
        "where it stands in the file"
    );
    assert_eq!(reading.header.first_row, 0);
}

#[test]
fn a_part_of_the_header_s_words_is_no_header() {
    for row in [
        &["序号", "调研地点"][..],
        &["序号", "调研地点", "2024年11月6日", "乙图", "看清淤", "二"],
        &HEAD,
    ] {
        let below: [&[&str]; 3] = [&HEAD, row, &["2", "2024年11月6日", "岑家村", "看清淤", "", ""]];
        let reading = read_with(&form(), &sheet("台账", &below));
        let last = reading.rows.last().unwrap();
        assert_eq!(last.fields[2].text, "岑家村", "{row:?}");
    }
}

#[test]
fn the_header_again_may_use_other_words_and_fewer_of_them() {
    const ROW: [&str; 7] = [
        "1",
        "2024年11月5日",
        "边板村",
        "看厕改",
        "已办",
        "1",
        "张三13812345678",
    ];
    let plain = [
        "序号",
        "地点",
        "时间",
        "内容",
        "成效",
        "解决问题数量",
        "联系人及联系方式",
    ];
    let some = ["序号", "1.调研地点（必填）", "2.调研时间*", "调研内容"];
    let swapped = [
        "2",
        "岑家村",
        "2024年11月6日",
        "看清淤",
        "已清",
        "2",
        "李四13812345679",
    ];
    for head in [&plain[..], &some] {
        let rows: [&[&str]; 4] = [&HEADERS[..7], &ROW, head, &swapped];
        let reading = read_with(&form(), &sheet("台账", &rows));
        assert_eq!(skipped(&reading), [(3, Skipped::RepeatedHeader)], "{head:?}");
        assert_eq!(
            texts(&reading, "visit_date"),
            ["2024年11月5日", "2024年11月6日"],
            "{head:?}"
        );
        assert_eq!(texts(&reading, "village"), ["边板村", "岑家村"], "{head:?}");
        // What the short header doesn't name stays where it was.
        assert_eq!(
            texts(&reading, "contact"),
            ["张三13812345678", "李四13812345679"],
            "{head:?}"
        );
    }
}
