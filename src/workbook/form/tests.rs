use std::io::{Cursor, Read};

use calamine::{Data, Reader, SheetVisible, Xlsx};
use rust_decimal::Decimal;

use super::{fixture, write_form};
use crate::domain::language::Language;
use crate::domain::program::{Choice, ColumnKind, FormSheet};

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn texts(bytes: &[u8], sheet: &str) -> Vec<(u32, u32, String)> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).expect("what we write opens");
    let range = book.worksheet_range(sheet).unwrap();
    let start = range.start().unwrap();
    range
        .used_cells()
        .filter(|(_, _, value)| !matches!(value, Data::Empty))
        .map(|(row, column, value)| {
            let (row, column) = (u32::try_from(row).unwrap(), u32::try_from(column).unwrap());
            (row + start.0, column + start.1, value.to_string())
        })
        .collect()
}

/// An English programme with two sheets, numbers and an enumeration.
fn english() -> crate::domain::program::Program {
    let mut form = fixture::form();
    form.title = "Site inspections, {{ period }} — {{ unit }}".into();
    form.example_marks = vec!["e.g.".into()];
    form.notes = vec!["Leave nothing blank.".into()];
    for (line, label) in form.fill_lines.iter_mut().zip([
        "Leader",
        "Unit",
        "Period",
        "Filled in by",
        "Checked by",
        "Telephone",
        "Date",
    ]) {
        line.label = label.into();
    }
    let choice = |name: String| Choice {
        name,
        synonyms: Vec::new(),
    };
    let number = ColumnKind::Number {
        cumulative: false,
        min: Some(Decimal::ZERO),
        max: None,
        whole: true,
    };
    let columns = vec![
        fixture::column("no", "No.", ColumnKind::Sequence, 6.0, "e.g."),
        fixture::column("site", "Site", ColumnKind::Text, 40.0, "Pump house 2"),
        fixture::column("defects", "Defects", number, 14.0, "3"),
        fixture::column(
            "state",
            "State",
            ColumnKind::Choice((1..60).map(|n| choice(format!("State {n}"))).collect()),
            16.0,
            "State 1",
        ),
        fixture::column(
            "grade",
            "Grade",
            ColumnKind::Choice(vec![choice("A".into()), choice("B".into())]),
            24.0,
            "A",
        ),
    ];
    let sheet = |name: &str| FormSheet {
        name: name.into(),
        columns: columns.clone(),
        row_key: vec!["site".into()],
        may_be_empty: true,
        rules: Vec::new(),
        checks: Vec::new(),
    };
    form.sheets = vec![sheet("Plants"), sheet("Roads")];
    fixture::program(Language::English, form)
}

#[test]
fn the_form_is_laid_out_as_people_know_it() {
    let (program, unit) = (
        fixture::program(Language::Chinese, fixture::form()),
        fixture::unit(),
    );
    let bytes = write_form(&fixture::context(&program, &unit)).unwrap();
    let cells = texts(&bytes, "挂点调研台账");
    let is = |row, column, text: &str| {
        assert!(
            cells.contains(&(row, column, text.to_owned())),
            "{text} at {row}/{column} in {cells:?}"
        );
    };
    is(0, 0, "2024年度乌塘镇领导开展“百千万工程”工作挂点调研台账");
    is(1, 1, "挂点领导：");
    is(1, 2, "黄景连");
    is(1, 3, "填报单位：");
    is(1, 4, "黄景连挂点组");
    is(1, 6, "2024年11月");
    is(2, 1, "填报人：");
    is(2, 6, "0759-7712345");
    for (column, header) in (0..).zip([
        "序号",
        "调研时间",
        "调研地点",
        "调研内容",
        "调研成效",
        "调研推动解决问题数量(个)",
        "联系人及联系方式",
        "备注",
    ]) {
        is(5, column, header);
    }
    is(6, 0, "例");
    is(6, 1, "2024年xx月xx日");
    // Twenty rows, then all notes in one cell that begins with 注.
    is(
        27,
        0,
        "注：1.本表每月报镇“百千万工程”指挥部办公室；2.如当月无调研，请填“本期无”。",
    );
    assert!(!cells.iter().any(|(row, ..)| (7..27).contains(row) || *row > 27));
}

#[test]
fn rules_warn_and_never_block() {
    let (program, unit) = (
        fixture::program(Language::Chinese, fixture::form()),
        fixture::unit(),
    );
    let bytes = write_form(&fixture::context(&program, &unit)).unwrap();
    let xml = part(&bytes, "xl/worksheets/sheet1.xml");
    let rules: Vec<&str> = xml.split("<dataValidation ").skip(1).collect();
    assert_eq!(
        rules.len(),
        8,
        "six columns with help, one of them the places; the day of filling in, the telephone"
    );
    let rule = |range: &str| {
        let found = rules
            .iter()
            .find(|rule| rule.contains(&format!("sqref=\"{range}\"")));
        *found.unwrap_or_else(|| panic!("no rule at {range}: {rules:?}"))
    };
    assert!(rule("C8:C27").contains("\"南庄村,泉水村,坡仔村,龙马村,乌塘岭村,边宜塘村,边草塘村\""));
    assert!(rule("C8:C27").contains("errorStyle=\"warning\""));
    let date = rule("B8:B27");
    assert!(date.contains("errorStyle=\"information\"") && date.contains("<formula1>45597</formula1>"));
    assert!(date.contains("须在本期之内"));
    assert!(rule("F8:F27").contains("没有写 0"));
    assert!(rule("C4").contains("填报当天"));
}

#[test]
fn a_long_list_lies_on_a_hidden_sheet() {
    let (program, unit) = (english(), fixture::unit());
    let bytes = write_form(&fixture::context(&program, &unit)).unwrap();
    let book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.clone())).unwrap();
    assert_eq!(book.sheet_names(), ["Plants", "Roads", "Lists"]);
    assert_eq!(book.sheets_metadata()[2].visible, SheetVisible::Hidden);
    assert_eq!(texts(&bytes, "Lists").len(), 59, "equal lists are written once");
    for sheet in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"] {
        let xml = part(&bytes, sheet);
        assert!(xml.contains("<formula1>'Lists'!$A$1:$A$59</formula1>"), "{xml}");
        assert!(xml.contains("<formula1>\"A,B\"</formula1>"));
        assert!(xml.contains("type=\"whole\""));
    }
}

#[test]
fn an_english_form_speaks_english() {
    let (program, unit) = (english(), fixture::unit());
    let bytes = write_form(&fixture::context(&program, &unit)).unwrap();
    let first = texts(&bytes, "Plants");
    assert_eq!(first[0].2, "Site inspections, November 2024 — 黄景连挂点组");
    assert!(first.iter().any(|(_, _, text)| text == "Filled in by:"));
    assert!(
        first
            .iter()
            .any(|(_, _, text)| text == "Note: Leave nothing blank.")
    );
    let second = texts(&bytes, "Roads");
    assert!(second.iter().any(|(_, _, text)| text == "Unit:"));
    assert!(!second.iter().any(|(_, _, text)| text == "Filled in by:"));
}

#[test]
fn the_workbook_says_what_it_is() {
    let (program, unit) = (
        fixture::program(Language::Chinese, fixture::form()),
        fixture::unit(),
    );
    let mut context = fixture::context(&program, &unit);
    let properties = part(&write_form(&context).unwrap(), "docProps/custom.xml");
    for (name, value) in [
        ("taizhang-program", "wutang-visits"),
        ("taizhang-unit", "U09"),
        ("taizhang-period", "2024-11"),
        ("taizhang-form", "1"),
    ] {
        let own = properties.split("<property ").find(|own| own.contains(name));
        assert!(
            own.is_some_and(|own| own.contains(&format!(">{value}<"))),
            "{name}: {properties}"
        );
    }
    context.unit = None;
    let properties = part(&write_form(&context).unwrap(), "docProps/custom.xml");
    assert!(!properties.contains("taizhang-unit"));
}

#[test]
fn head_is_locked_rows_are_free_and_the_page_is_set() {
    let (program, unit) = (
        fixture::program(Language::Chinese, fixture::form()),
        fixture::unit(),
    );
    let bytes = write_form(&fixture::context(&program, &unit)).unwrap();
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    for expected in [
        "<sheetProtection sheet=\"1\"",
        "insertRows=\"0\"",
        "deleteRows=\"0\"",
        "formatRows=\"0\"",
        "orientation=\"landscape\"",
        "fitToHeight=\"0\"",
        "paperSize=\"9\"",
        "topLeftCell=\"A7\"",
        "— &amp;P —",
    ] {
        assert!(sheet.contains(expected), "{expected}");
    }
    assert!(!sheet.contains("password"));
    assert!(
        part(&bytes, "xl/workbook.xml").contains("'台账'!$6:$6")
            || part(&bytes, "xl/workbook.xml").contains("台账!$6:$6")
    );
    // Waiting rows keep a height and may grow; the header's is fixed.
    assert!(
        sheet.contains("<row r=\"8\" spans=\"1:8\" ht=\"27.75\">")
            || sheet.contains("<row r=\"8\" spans=\"1:8\" ht=\"28.5\">"),
        "{sheet}"
    );
    assert!(sheet.contains("<row r=\"6\" spans=\"1:8\" ht=\"39\" customHeight=\"1\">"));
    let styles = part(&bytes, "xl/styles.xml");
    for font in ["方正小标宋简体", "黑体", "仿宋_GB2312"] {
        assert!(styles.contains(font), "{font}");
    }
}

#[test]
fn equal_input_gives_equal_bytes() {
    let (program, unit) = (english(), fixture::unit());
    let write = || write_form(&fixture::context(&program, &unit)).unwrap();
    assert!(write() == write());
}

#[test]
fn a_wrong_title_is_named() {
    let mut form = fixture::form();
    form.title = "{{ yaer }}年度台账".into();
    let (program, unit) = (fixture::program(Language::Chinese, form), fixture::unit());
    let error = write_form(&fixture::context(&program, &unit)).unwrap_err();
    assert!(error.to_string().contains("yaer"), "{error}");
}

#[test]
fn the_smallest_form_is_still_a_form() {
    let mut form = fixture::form();
    form.sheets[0].columns.truncate(1);
    form.sheets[0].columns[0].example.clear();
    form.notes.clear();
    let (program, unit) = (fixture::program(Language::Chinese, form), fixture::unit());
    let mut context = fixture::context(&program, &unit);
    context.empty_rows = 0;
    context.places.clear();
    let cells = texts(&write_form(&context).unwrap(), "挂点调研台账");
    assert!(cells.iter().any(|(_, _, text)| text == "挂点领导：黄景连"));
    assert!(cells.iter().any(|(_, _, text)| text == "序号"));
}
