use super::*;
use crate::domain::fixture::form;
use crate::domain::ledger::sample::{HEADERS, merged, sheet};

const PLAIN: [&str; 8] = [
    "序号",
    "调研时间",
    "调研地点",
    "调研内容",
    "调研成效",
    "调研推动解决问题数量(个)",
    "联系人及联系方式",
    "备注",
];

fn found(rows: &[&[&str]]) -> Header {
    locate(&sheet("台账", rows), &form()).expect("a header")
}

#[test]
fn the_printed_header_is_found_below_title_and_fill_lines() {
    let header = found(&[&["2024年度台账"], &["挂点领导：洪文泽"], &PLAIN, &["1"]]);
    assert_eq!((header.first_row, header.last_row), (2, 2));
    let without_list = [0, 1, 2, 3, 4].map(Some).into_iter();
    let places = without_list.chain([None]).chain([5, 6, 7].map(Some));
    assert_eq!(header.columns, places.collect::<Vec<_>>());
    assert!(header.extras.is_empty() && header.renamed.is_empty() && !header.reordered);
    assert!(missing_columns(&header, &form()).is_empty());
}

#[test]
fn widths_breaks_and_brackets_are_no_renaming() {
    let mut columns = PLAIN;
    columns[1] = "调研\n时间";
    columns[5] = "调研推动解决 问题数量（个）";
    assert!(found(&[&columns]).renamed.is_empty());
}

#[test]
fn columns_moved_renamed_and_added_are_followed() {
    let header = found(&[&[
        "序号",
        "调研地点",
        "调研时间",
        "调研内容",
        "调研成效",
        "解决问题数量",
        "联系人及联系方式",
        "现场照片",
        "备注",
    ]]);
    assert!(header.reordered);
    assert_eq!(header.renamed, ["解决问题数量"]);
    assert_eq!(header.extras, [(7, "现场照片".to_owned())]);
    assert_eq!(header.columns[1], Some(2));
    assert_eq!((header.columns[5], header.columns[8]), (None, Some(8)));
}

#[test]
fn the_printed_annex_has_two_header_rows() {
    let rows: [&[&str]; 3] = [
        &["2024年度督查（黄景连）"],
        &[
            "序号",
            "调研时间",
            "调研地点",
            "调研内容",
            "调研成效",
            "",
            "调研推动解决问题数量(个)",
            "联系人及联系方式",
            "备注",
        ],
        &["", "", "", "", "具体做法", "推动解决问题情况"],
    ];
    let merges = [
        "A1:I1", "E2:F2", "A2:A3", "B2:B3", "C2:C3", "D2:D3", "G2:G3", "H2:H3", "I2:I3",
    ];
    let annex = merged(sheet("Sheet1", &rows), &merges);
    let header = locate(&annex, &form()).unwrap();
    assert_eq!((header.first_row, header.last_row), (1, 2));
    assert_eq!(header.columns[4], Some(4));
    assert_eq!(header.columns[5], Some(5), "the list has a column of its own");
    assert!(header.extras.is_empty() && header.renamed.is_empty() && !header.reordered);

    let mut without_list = form();
    without_list.sheets[0].columns.remove(5);
    let header = locate(&annex, &without_list).unwrap();
    assert_eq!((header.first_row, header.last_row), (1, 2));
    assert_eq!(header.extras, [(5, "推动解决问题情况".to_owned())]);
}

#[test]
fn our_own_columns_of_a_marked_up_copy_are_no_extras() {
    let mut columns = PLAIN.to_vec();
    columns.extend(["审核意见", "情况说明", "照片"]);
    let header = found(&[&columns]);
    assert_eq!(header.explanation, Some(9));
    assert_eq!(header.extras, [(10, "照片".to_owned())]);
}

#[test]
fn english_copies_are_known_too() {
    let mut form = form();
    let columns = &mut form.sheets[0].columns;
    columns.truncate(4);
    for (column, header) in columns.iter_mut().zip(["No.", "Date", "Site", "Defects found"]) {
        column.header = header.into();
    }
    let row: [&str; 6] = [
        "No.",
        "DATE",
        "Site ",
        "Defects  found",
        "Review remarks",
        "Explanation",
    ];
    let header = locate(&sheet("Sheet1", &[&row]), &form).unwrap();
    assert_eq!(header.explanation, Some(5));
    assert!(header.extras.is_empty() && header.renamed.is_empty());
}

#[test]
fn missing_columns_are_named_and_too_few_are_no_header() {
    let header = found(&[&["调研时间", "调研地点", "调研内容", "备注"]]);
    assert_eq!(
        missing_columns(&header, &form()),
        ["调研成效", "调研推动解决问题数量(个)", "联系人及联系方式"]
    );
    assert!(locate(&sheet("台账", &[&["调研时间", "调研地点", "备注"]]), &form()).is_none());
}

#[test]
fn the_tab_decides_between_sheets_of_one_layout() {
    let mut form = form();
    let mut second = form.sheets[0].clone();
    second.name = "补充".into();
    form.sheets.push(second);
    assert_eq!(locate(&sheet("补充", &[&PLAIN]), &form).unwrap().form_sheet, 1);
    assert_eq!(locate(&sheet("别的", &[&PLAIN]), &form).unwrap().form_sheet, 0);
}

#[test]
fn plain_heads_are_understood_beside_two_unmistakable_ones() {
    let form = form();
    let columns = |heads: &[&str]| {
        let found = locate(&sheet("台账", &[heads]), &form)?;
        Some(found.columns[1..5].to_vec())
    };
    let whole = Some(vec![Some(1), Some(2), Some(3), Some(4)]);
    let rest = ["解决问题数量", "联系人及联系方式"];
    assert_eq!(
        columns(&[&["序号", "时间", "地点", "内容", "成效"][..], &rest].concat()),
        whole
    );
    assert_eq!(
        columns(&[&["序号", "2.时间（必填）", "地点*", "内容", "成效"][..], &rest].concat()),
        whole
    );
    // Two of the same word decide for neither.
    assert_eq!(
        columns(&[&["时间", "时间", "地点", "内容", "成效"][..], &rest].concat()),
        Some(vec![None, Some(2), Some(3), Some(4)])
    );
    // Alone such words are those of any table.
    assert_eq!(columns(&["时间", "地点", "内容", "成效", "姓名"]), None);
}

#[test]
fn a_header_below_a_long_preface_is_found() {
    let preface: Vec<[&str; 1]> = vec![["请各单位认真填写"]; 29];
    for (lines, found) in [(29, Some(29)), (28, Some(28))] {
        let mut rows: Vec<&[&str]> = preface[..lines].iter().map(|line| &line[..]).collect();
        rows.push(&HEADERS);
        let header = locate(&sheet("台账", &rows), &form());
        assert_eq!(header.map(|header| header.first_row), found);
    }
    let mut rows: Vec<&[&str]> = preface.iter().map(|line| &line[..]).collect();
    rows.push(&["又一行"]);
    rows.push(&HEADERS);
    assert_eq!(locate(&sheet("台账", &rows), &form()), None);
}
