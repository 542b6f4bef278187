use super::*;
use crate::domain::fixture::form;
use crate::domain::ledger::Parsed;
use crate::domain::ledger::locate;
use crate::domain::ledger::sample::{HEADERS, merged, sheet};
use crate::domain::table::Value;

const HEADER: [&str; 5] = ["序号", "调研内容", "调研成效", "备注", "解决问题清单"];

/// The form with its columns of text alone: what they hold needs no understanding.
fn text_form() -> Form {
    let mut form = form();
    form.sheets[0]
        .columns
        .retain(|column| ["seq", "content", "effect", "remark", "list"].contains(&column.key.as_str()));
    form
}

fn read_with(form: &Form, sheet: &Sheet) -> SheetReading {
    let header = locate(sheet, form).expect("a header");
    let day = |day| NaiveDate::from_ymd_opt(2024, 11, day).unwrap();
    read_rows(sheet, header, form, (day(1), day(30)), &["边板村", "岑家村"], &[])
}

/// Reads rows below the header; row 1 is the header's.
fn read_below(rows: &[&[&str]], merges: &[&str]) -> SheetReading {
    let mut all: Vec<&[&str]> = vec![&HEADER];
    all.extend(rows);
    read_with(&text_form(), &merged(sheet("台账", &all), merges))
}

fn data(reading: &SheetReading) -> Vec<u32> {
    reading.rows.iter().map(|row| row.row + 1).collect()
}

fn skipped(reading: &SheetReading) -> Vec<(u32, Skipped)> {
    reading.skipped.iter().map(|(row, why)| (row + 1, *why)).collect()
}

#[test]
fn everything_that_is_no_data_is_told_apart() {
    let reading = read_below(
        &[
            &["例", "甲村某项工作", "成效"],
            &["1", "内容一", "成效一"],
            &["续表"],
            &HEADER,
            &["2", "内容二", "成效二"],
            &["3"],
            &["小 计", "", "2"],
            &["", "", ""],
            &["4", "内容四", "成效四"],
            &["", "合计", "3"],
            &["注：1.本表每月报镇指挥部办公室；"],
            &["2.如当月无调研，请填“本期无”。"],
            &["填表人：张三", "", "审核人："],
            &["5", "签名下面还有一行", "成效五"],
            &["单位负责人（签字）：", "", "", "联系电话：1"],
        ],
        &[],
    );
    assert_eq!(data(&reading), [3, 6, 10, 15]);
    assert_eq!(
        skipped(&reading),
        [
            (2, Skipped::Example),
            (4, Skipped::RepeatedHeader),
            (5, Skipped::RepeatedHeader),
            (7, Skipped::Unfilled),
            (8, Skipped::Totals),
            (11, Skipped::Totals),
            (12, Skipped::Note),
            (13, Skipped::Note),
            (14, Skipped::Signature),
            (16, Skipped::Signature),
        ]
    );
    assert_eq!(
        reading.examples,
        [(1, "甲村某项工作".to_owned()), (2, "成效".to_owned())]
    );
    assert_eq!(reading.nil, None);
}

#[test]
fn data_that_resembles_other_rows_stays_data() {
    let reading = read_below(
        &[
            &["1", "注：这是调研内容", "说明了情况"],
            &["2", "合计解决问题3个", "成效"],
            &["3", "审核低保名单", "成效", "无"],
            &["4", "无", "成效"],
            &["", "没有序号的一行", "成效"],
        ],
        &[],
    );
    assert_eq!(data(&reading), [2, 3, 4, 5, 6]);
    assert_eq!(skipped(&reading), []);
}

#[test]
fn nothing_to_report_is_declared_in_several_ways() {
    let cases: [(&[&str], Option<&str>); 9] = [
        (&["本期无"], Some("A2")),
        (&["1", "", "", "零报告"], Some("D2")),
        (&["1", "无"], Some("B2")),
        (&["1", "无", "无", "/", "无"], Some("B2")),
        (&["无", "无", "无"], Some("A2")),
        (&["", "本期无此项工作。"], Some("B2")),
        (&["备注：本期无"], Some("A2")),
        (&["1", "本期无序停车整治较多，已清理两处停车点位", "成效"], None),
        (&["1", "无", "有成效"], None),
    ];
    for (row, nil) in cases {
        let reading = read_below(&[row], &[]);
        assert_eq!(reading.nil.map(|pos| pos.to_string()).as_deref(), nil, "{row:?}");
        assert_eq!(reading.rows.is_empty(), nil.is_some(), "{row:?}");
    }
}

#[test]
fn cells_merged_downwards_are_filled() {
    let reading = read_below(
        &[
            &["1", "共同的内容", "成效一", "备注"],
            &["", "", "成效二"],
            &["", "", "成效三"],
            &["2", "", "成效四"],
            &["以上数据截至月底，由各村核对"],
            &["", "内容六", "成效六"],
        ],
        &["A2:A4", "B2:B4", "D2:D3", "A6:E6"],
    );
    assert_eq!(data(&reading), [2, 3, 4, 5, 7]);
    assert_eq!(skipped(&reading), [(6, Skipped::Note)]);
    let filled: Vec<_> = reading
        .filled_down
        .iter()
        .map(|(pos, column)| (pos.to_string(), *column))
        .collect();
    assert_eq!(filled, [("B3".into(), 1), ("D3".into(), 3), ("B4".into(), 1)]);
    assert_eq!(reading.rows[2].fields[1].text, "共同的内容");
    assert_eq!(
        reading.rows[2].fields[0].parsed,
        Parsed::Blank,
        "numbers are not filled"
    );
    assert_eq!(
        reading.rows[3].fields[1].parsed,
        Parsed::Blank,
        "the merged cell has ended"
    );
}

#[test]
fn own_columns_hidden_rows_and_explanations_are_kept() {
    let mut own = sheet(
        "台账",
        &[
            &[
                "序号",
                "调研内容",
                "调研成效",
                "照片",
                "备注",
                "审核意见",
                "情况说明",
            ],
            &[
                "1",
                "内容",
                "成效",
                "见附图",
                "",
                "此处有误",
                "陪同调研",
                "夜里补记",
            ],
            &["填表人：张三", "", "", "", "", "", "", "", "手写"],
        ],
    );
    own.hidden_rows = vec![1];
    let reading = read_with(&text_form(), &own);
    let extras: Vec<_> = reading
        .header
        .extras
        .iter()
        .map(|(_, text)| text.as_str())
        .collect();
    assert_eq!(extras, ["照片", "H"], "a signature adds no column");
    let row = &reading.rows[0];
    assert_eq!(row.extras, ["见附图", "夜里补记"]);
    assert_eq!(row.explanation, "陪同调研");
    assert!(row.hidden);
}

#[test]
fn formulas_without_a_value_are_data_and_prepared_ones_are_not() {
    let mut own = sheet(
        "台账",
        &[&HEADER, &["1", "x", "x"], &["2", "x", "x"], &["3", "x", "x"]],
    );
    let mut set = |row: usize, column: usize, value: Value| {
        let cell = &mut own.rows[row].cells[column];
        cell.value = value;
        cell.formula = true;
    };
    set(1, 1, Value::Empty);
    set(1, 2, Value::Error("#REF!".into()));
    set(2, 1, Value::Number(0.0));
    set(2, 2, Value::Text("".into()));
    set(3, 0, Value::Number(3.0));
    let reading = read_with(&text_form(), &own);
    assert_eq!(data(&reading), [2, 4]);
    assert_eq!(skipped(&reading), [(3, Skipped::Unfilled)]);
    assert_eq!(reading.rows[0].fields[1].parsed, Parsed::NoValue);
    assert_eq!(reading.rows[0].fields[2].parsed, Parsed::NoValue);
    assert_eq!(reading.rows[1].fields[0].parsed, Parsed::Sequence(Some(3)));
}

#[test]
fn running_numbers_are_read_as_people_write_them() {
    let reading = read_below(
        &[
            &["１", "内容", "成效"],
            &["2.", "内容", "成效"],
            &["（三）", "内容", "成效"],
            &["甲", "内容", "成效"],
            &["1.5", "内容", "成效"],
        ],
        &[],
    );
    let numbers: Vec<_> = reading
        .rows
        .iter()
        .map(|row| row.fields[0].parsed.clone())
        .collect();
    let expected = [Some(1), Some(2), Some(3), None, None].map(Parsed::Sequence);
    assert_eq!(numbers, expected);
}

#[test]
fn dates_places_counts_and_totals_are_understood() {
    let rows: [&[&str]; 5] = [
        &HEADERS[..6],
        &["", "", "", "", "推动xx村解决问题xx个：", "1.xx项目(工作)："],
        &["例", "2024年xx月xx日", "xx村", "xx村xx工作情况。", "成效"],
        &["1", "2024年11月5日", "边板村", "xx村的工作", "成效", "3"],
        &["合计", "", "", "", "", "3"],
    ];
    let reading = read_with(&form(), &sheet("台账", &rows));
    assert_eq!(data(&reading), [4]);
    assert_eq!(
        skipped(&reading),
        [(2, Skipped::Example), (3, Skipped::Example), (5, Skipped::Totals)]
    );
    assert_eq!(reading.totals, [(4, vec![(6, Decimal::from(3))])]);
    let fields = &reading.rows[0].fields;
    let Parsed::Dates(dates) = &fields[1].parsed else {
        panic!("{:?}", fields[1])
    };
    assert_eq!(dates.spans[0].from.to_string(), "2024-11-05");
    let Parsed::Places(places) = &fields[2].parsed else {
        panic!("{:?}", fields[2])
    };
    assert_eq!(places[0].place.as_deref(), Some("边板村"));
    assert!(matches!(fields[3].parsed, Parsed::Placeholder(_)));
    assert!(matches!(&fields[6].parsed, Parsed::Count(count) if count.count == Some(3)));
    assert_eq!(fields[7].parsed, Parsed::Blank);
}

mod example;
mod header_again;
mod no_data;
