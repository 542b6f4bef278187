//! Filling in a register's form, as a clerk does.

use std::collections::BTreeMap;

use taizhang::domain::table::Workbook;

use crate::harness::{TestSite, cells, read, save_with};

pub const FORM: &str = "本期填报表/2018年第四季度乡村振兴工作台账";

pub async fn hengli(now: &str) -> TestSite {
    TestSite::of("hengli-tasks", "横沥乡村振兴台账", now).await
}

/// The form that lies ready for a unit.
pub fn form(site: &TestSite, unit: &str) -> Workbook {
    read(&site.share(&format!("{unit}/{FORM}（{unit}）.xlsx")))
}

/// Rows of a form or copy: by number, the cells by their headers.
pub fn rows(book: &Workbook) -> BTreeMap<String, BTreeMap<String, String>> {
    let cells = cells(book, "工作台账");
    let row_of = |cell: &str| {
        cell.trim_start_matches(|c: char| c.is_ascii_uppercase())
            .to_owned()
    };
    let column_of = |cell: &str| cell.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let (head, _) = cells.iter().find(|(_, text)| *text == "序号").expect("a header");
    let headers: BTreeMap<String, String> = cells
        .iter()
        .filter(|(cell, _)| row_of(cell) == row_of(head))
        .map(|(cell, text)| (column_of(cell), text.clone()))
        .collect();
    let first: u32 = row_of(head).parse().unwrap();
    let mut rows: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (cell, text) in &cells {
        let row: u32 = row_of(cell).parse().unwrap();
        let Some(number) = cells
            .get(&format!("{}{row}", column_of(head)))
            .filter(|_| row > first)
        else {
            continue;
        };
        if let Some(header) = headers
            .get(&column_of(cell))
            .filter(|_| !number.starts_with('注'))
        {
            let own = rows.entry(number.clone()).or_default();
            own.insert(header.clone(), text.clone());
            own.insert("行".into(), row.to_string());
        }
    }
    rows
}

/// Fills in rows of a form: number, progress, status, problem, next step.
pub fn filled(book: &Workbook, report: &[(&str, &str, &str, &str, &str)], fill: &[(&str, &str)]) -> Vec<u8> {
    let rows = rows(book);
    let cells = cells(book, "工作台账");
    let column = |header: &str| {
        let (cell, _) = cells.iter().find(|(_, text)| *text == header).expect(header);
        cell.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned()
    };
    let mut changes: Vec<(String, String)> = Vec::new();
    for (number, done, status, problem, next) in report {
        let row = &rows[*number]["行"];
        for (header, text) in [
            ("本季度进展情况", done),
            ("进度状态", status),
            ("困难和问题", problem),
            ("下季度计划", next),
        ] {
            if !text.is_empty() {
                changes.push((format!("{}{row}", column(header)), (*text).to_owned()));
            }
        }
    }
    for (label, value) in fill {
        let (cell, _) = cells
            .iter()
            .find(|(_, text)| text.starts_with(label))
            .expect(label);
        let letters = cell.trim_end_matches(|c: char| c.is_ascii_digit());
        let next = char::from(letters.as_bytes()[0] + 1);
        changes.push((format!("{next}{}", &cell[letters.len()..]), (*value).to_owned()));
    }
    let changes: Vec<(&str, &str, &str)> = changes
        .iter()
        .map(|(cell, text)| ("工作台账", cell.as_str(), text.as_str()))
        .collect();
    save_with(book, &changes)
}

pub const SEVEN: [(&str, &str, &str, &str, &str); 4] = [
    (
        "22",
        "完成公厕改造4座，新建1座。",
        "推进中",
        "",
        "一季度再改造3座。",
    ),
    (
        "23",
        "新增分类投放点12处。",
        "推进中",
        "",
        "一季度覆盖全部村（社区）。",
    ),
    (
        "24",
        "修复路面1.2公里。",
        "推进缓慢",
        "雨天多，施工停了两周。",
        "2月底前补上进度。",
    ),
    ("27", "新增绿地两处。", "已完成", "", ""),
];

/// A name and a number for the fill lines.
pub const FILLED_BY: [(&str, &str); 2] = [("填报人", "李明"), ("联系电话", "0769-83371234")];

/// A workbook from its bytes.
pub fn opened(bytes: &[u8]) -> Workbook {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("台账.xlsx");
    std::fs::write(&path, bytes).unwrap();
    read(&path)
}
