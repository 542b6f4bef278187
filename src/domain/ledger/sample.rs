//! Sheets and a form for tests of reading.

use crate::domain::program::{Column, ColumnKind, FillLine, FillRole, Form, FormSheet};
use crate::domain::table::{Cell, Pos, Range, Row, Sheet, Value};

/// The headers of [`form`] without its list.
pub(crate) const HEADERS: [&str; 8] = [
    "序号",
    "调研时间",
    "调研地点",
    "调研内容",
    "调研成效",
    "解决问题数量",
    "联系人及联系方式",
    "备注",
];

/// A sheet from rows of texts: empty ones are no cells, whole numbers are numbers.
pub(crate) fn sheet(name: &str, rows: &[&[&str]]) -> Sheet {
    let cell = |(column, text): (usize, &&str)| {
        let value = text
            .parse::<f64>()
            .map_or_else(|_| Value::Text((*text).into()), Value::Number);
        (!text.is_empty()).then(|| Cell {
            column: u16::try_from(column).unwrap(),
            value,
            formula: false,
        })
    };
    let rows = rows.iter().enumerate().map(|(index, cells)| Row {
        index: u32::try_from(index).unwrap(),
        cells: cells.iter().enumerate().filter_map(cell).collect(),
    });
    Sheet {
        name: name.to_owned(),
        rows: rows.filter(|row| !row.cells.is_empty()).collect(),
        ..Sheet::default()
    }
}

/// The sheet with merged ranges, as people cite them (`A1:B2`, columns A–Z).
pub(crate) fn merged(mut sheet: Sheet, ranges: &[&str]) -> Sheet {
    let pos = |text: &str| {
        let column = u16::from(text.as_bytes()[0] - b'A');
        Pos::new(text[1..].parse::<u32>().unwrap() - 1, column)
    };
    sheet.merges = ranges
        .iter()
        .map(|range| {
            let (first, last) = range.split_once(':').unwrap();
            Range {
                first: pos(first),
                last: pos(last),
            }
        })
        .collect();
    sheet
}

fn column(key: &str, header: &str, aliases: &[&str], kind: ColumnKind, required: bool) -> Column {
    Column {
        key: key.into(),
        header: header.into(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        required,
        in_form: kind != ColumnKind::List,
        kind,
        example: String::new(),
        width: 10.0,
        without: std::collections::BTreeSet::new(),
        min_length: 0,
        compare_last: false,
        help: String::new(),
    }
}

fn fill_line(key: &str, label: &str, alias: &str, role: FillRole) -> FillLine {
    FillLine {
        key: key.into(),
        label: label.into(),
        aliases: vec![alias.into()],
        role,
        required: true,
    }
}

/// The ledger of 附件3, with a column of its own for the list of problems.
pub(crate) fn form() -> Form {
    let counted = ColumnKind::Count {
        listed_in: vec!["list".into()],
    };
    Form {
        version: "1".into(),
        first: None,
        title: "{{ year }}年度台账".into(),
        titles: vec!["挂点调研台账".into()],
        earlier_examples: Vec::new(),
        fill_lines: vec![
            fill_line("leader", "挂点领导", "联系领导", FillRole::Leader),
            fill_line("unit", "填报单位", "报送单位", FillRole::Unit),
            fill_line("period", "填报月份", "月份", FillRole::Period),
            fill_line("author", "填报人", "填表人", FillRole::Person),
            fill_line("reviewer", "审核人", "复核人", FillRole::Person),
            fill_line("phone", "联系电话", "电话", FillRole::Phone),
            fill_line("filled_on", "填报时间", "填报日期", FillRole::FilledOn),
        ],
        sheets: vec![FormSheet {
            name: "台账".into(),
            columns: vec![
                column("seq", "序号", &[], ColumnKind::Sequence, false),
                column("date", "调研时间", &["调研日期"], ColumnKind::Dates, true),
                column("village", "调研地点", &[], ColumnKind::Places, true),
                column("content", "调研内容", &[], ColumnKind::Text, true),
                column("effect", "调研成效", &["具体做法"], ColumnKind::Text, true),
                column(
                    "solved",
                    "调研推动解决问题数量(个)",
                    &["解决问题数量"],
                    counted,
                    true,
                ),
                column("contact", "联系人及联系方式", &[], ColumnKind::Contact, true),
                column("remark", "备注", &[], ColumnKind::Remark, false),
                column(
                    "list",
                    "解决问题清单",
                    &["推动解决问题情况"],
                    ColumnKind::List,
                    false,
                ),
            ],
            row_key: vec!["date".into(), "village".into()],
            may_be_empty: false,
            rules: Vec::new(),
        }],
        notes: vec!["注：1.本表每月报镇指挥部办公室；2.如当月无调研，请填“本期无”。".into()],
        example_marks: vec!["例".into(), "示例".into()],
        nil_words: vec!["本期无".into(), "零报告".into()],
        late_words: vec!["补报".into()],
    }
}
