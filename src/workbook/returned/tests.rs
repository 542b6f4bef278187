mod odd_values;

use std::io::{Cursor, Read};

use calamine::{Data, DataType, Reader, Xlsx};

use super::{About, write_returned};
use crate::domain::check::Examination;
use crate::domain::codes::Code;
use crate::domain::finding::{Finding, Verdict};
use crate::domain::language::Language;
use crate::domain::ledger::LedgerRow;
use crate::domain::program::Program;
use crate::domain::roster::Unit;
use crate::domain::table::{Pos, Value};
use crate::workbook::form::fixture;

/// The copy, however large it gets.
fn returned(program: &Program, unit: &Unit, file_name: &str, examination: &mut Examination) -> Vec<u8> {
    let context = fixture::context(program, unit);
    let about = About::of(file_name);
    write_returned(&context, about, examination, usize::MAX).unwrap()
}

fn date(day: u32) -> Value {
    Value::Date(chrono::NaiveDate::from_ymd_opt(2024, 11, day).unwrap().into())
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

/// A row of the sheet 台账 of the original: number, date, place, content,
/// effect, list, count, contact, remark.
fn row(row: u32, typed: Vec<Value>) -> LedgerRow {
    LedgerRow {
        sheet: "Sheet1".into(),
        row,
        cells: typed.iter().map(Value::display).collect(),
        typed,
        ..LedgerRow::default()
    }
}

fn usual(number: u32, day: u32, place: &str) -> LedgerRow {
    row(
        number + 5,
        vec![
            Value::Number(f64::from(number)),
            date(day),
            text(place),
            text(&format!(
                "{place}村道硬化与照明工作情况，实地查看现场并与村干部、群众代表座谈。"
            )),
            text(&format!(
                "{place}加快推进村道硬化与照明，要求补齐自然村内道路断头段，更换损坏路灯，明确电费分摊办法（第{number}次到村跟进）。"
            )),
            Value::Empty,
            text(&format!(
                "推动{place}解决问题2个：1.饮水管网漏损：已更换主管300米，剩余支管月底前完成。2.灌渠清淤：机械已进场，完成约六成。"
            )),
            text("林美玲；电话13928993242"),
            Value::Empty,
        ],
    )
}

fn finding(code: Code, row: u32, column: u16, key: &str, message: &str, hint: &str) -> Finding {
    let finding = Finding::new(code).in_column(key);
    let mut finding = finding.at("Sheet1", Pos::new(row - 1, column));
    finding.message = message.into();
    finding.hint = hint.into();
    finding
}

fn examination(rows: Vec<LedgerRow>, findings: Vec<Finding>) -> Examination {
    Examination {
        register: crate::domain::check::AsRegister::default(),
        verdict: Verdict::Returned,
        unit: Some("U09".into()),
        period: Some(fixture::PERIOD),
        candidates: Vec::new(),
        unknown_name: None,
        evidence: Vec::new(),
        findings,
        row_count: Some(rows.len()),
        picture: Vec::new(),
        rows,
        fill: vec![
            ("leader".into(), "黄景莲".into()),
            ("filler".into(), "吴秀英".into()),
            ("filled_on".into(), "2024年12月2日".into()),
        ],
        nil: false,
        correction: false,
        form_version: None,
        mismatch: false,
        saved: None,
        filled_on: None,
    }
}

/// A whole month with one fault of every kind.
fn faulty() -> Examination {
    let mut rows: Vec<LedgerRow> = (1..)
        .zip(fixture::PLACES)
        .map(|(number, place)| usual(number, number * 3, place))
        .collect();
    rows[1].typed[1] = text("2024年11月31日");
    rows[2].typed[2] = text("金屋村");
    rows[3].typed[6] = text("若干");
    rows[4].typed[7] = Value::Number(13_928_993_242.0);
    rows[5].explanation = "受镇党委委托陪同市调研组到该村".into();
    rows[5].typed[2] = text("边板村");
    let long = rows[6].typed[4].display().repeat(4);
    rows[6].typed[4] = Value::Text(long.into());
    for row in &mut rows {
        row.extras = vec![("现场照片".into(), "见附图".into())];
    }
    let mut missing = Finding::new(Code::FillLineMissing).with("项", "审核人");
    missing.message = "“审核人”未填，请补全（须经单位负责人审核）。".into();
    let mut total = finding(
        Code::TotalMismatch,
        30,
        6,
        "solved",
        "合计行“调研推动解决问题数量”为13，明细合计为14。",
        "以明细为准，请核对。",
    );
    total.row = Some(30);
    let mut settled = finding(
        Code::PlaceNotAssigned,
        11,
        2,
        "village",
        "“边板村”不是黄景连的挂点村。",
        "",
    );
    settled.explained = true;
    examination(
        rows,
        vec![
            missing,
            finding(
                Code::DateImpossible,
                7,
                1,
                "visit_date",
                "“2024年11月31日”不存在（11月无31日）。",
                "请按实际调研日期填写，如“2024年11月30日”。",
            ),
            finding(
                Code::PlaceNotAssigned,
                8,
                2,
                "village",
                "“金屋村”不是黄景连的挂点村（应为：南庄村、泉水村、坡仔村、龙马村、乌塘岭村、边宜塘村、边草塘村）；该村挂点领导为谭仁普。",
                "写错的请改正；确属陪同调研的，请在“情况说明”写明。",
            ),
            finding(
                Code::CountUnreadable,
                9,
                6,
                "solved",
                "“若干”不是有效数量，请填0或正整数。",
                "如“推动龙马村解决问题2个：1.……2.……”。",
            ),
            finding(
                Code::PhoneUnreadable,
                10,
                7,
                "contact",
                "“13928993242”缺联系人姓名。",
                "请写成“姓名；电话号码”。",
            ),
            settled,
            finding(Code::TextLength, 12, 4, "effect", "只给汇总单位看的话。", ""),
            total,
        ],
    )
}

fn open(bytes: &[u8]) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(bytes.to_vec())).expect("what we write opens")
}

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

fn at(workbook: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str, cell: &str) -> Data {
    let letters = u32::from(cell.as_bytes()[0] - b'A');
    let row: u32 = cell[1..].parse().unwrap();
    let range = workbook.worksheet_range(sheet).unwrap();
    range
        .get_value((row - 1, letters))
        .cloned()
        .unwrap_or(Data::Empty)
}

#[test]
fn rows_stand_in_the_form_as_typed() {
    let (program, unit) = (
        fixture::program(Language::Chinese, fixture::form()),
        fixture::unit(),
    );
    let mut examination = faulty();
    let bytes = returned(&program, &unit, "11月.xlsx", &mut examination);
    let mut book = open(&bytes);
    assert_eq!(book.sheet_names(), ["需更正事项", "挂点调研台账"]);
    for (cell, expected) in [
        ("A6", "序号"),
        ("I6", "现场照片"),
        ("J6", "审核意见"),
        ("K6", "情况说明"),
        ("A7", "例"),
        ("B9", "2024年11月31日"),
        ("C9", "泉水村"),
        ("I9", "见附图"),
        ("K13", "受镇党委委托陪同市调研组到该村"),
        // Leader, unit and period are those that the ledger was taken for,
        // the rest is the unit's own.
        ("C2", "黄景连"),
        ("E2", "黄景连挂点组"),
        ("G2", "2024年11月"),
        ("C3", "吴秀英"),
        ("G3", "0759-7712345"),
        ("C4", "2024年12月2日"),
    ] {
        assert_eq!(
            at(&mut book, "挂点调研台账", cell),
            Data::String(expected.into()),
            "{cell}"
        );
    }
    assert!(
        matches!(at(&mut book, "挂点调研台账", "B8"), Data::DateTime(when) if (when.as_f64() - 45599.0).abs() < 1e-9)
    );
    assert_eq!(
        at(&mut book, "挂点调研台账", "G12"),
        Data::Float(13_928_993_242.0)
    );
}

#[test]
fn findings_lead_to_their_cells() {
    let (program, unit) = (
        fixture::program(Language::Chinese, fixture::form()),
        fixture::unit(),
    );
    let mut examination = faulty();
    let bytes = returned(&program, &unit, "11月.xlsx", &mut examination);
    let cells: Vec<_> = examination
        .findings
        .iter()
        .map(|finding| finding.cell_in_copy.as_deref())
        .collect();
    assert_eq!(
        cells,
        [
            Some("E3"),
            Some("B9"),
            Some("C10"),
            Some("F11"),
            Some("G12"),
            Some("C13"),
            Some("E14"),
            None
        ]
    );

    let mut book = open(&bytes);
    let listed: Vec<[String; 3]> = (6..=12)
        .map(|row| {
            ["B", "C", "D"].map(|column| at(&mut book, "需更正事项", &format!("{column}{row}")).to_string())
        })
        .take_while(|line| !line[0].is_empty())
        .collect();
    let levels: Vec<_> = listed
        .iter()
        .map(|line| (line[0].as_str(), line[1].as_str()))
        .collect();
    assert_eq!(
        levels,
        [
            ("必须更正", "B9"),
            ("必须更正", "F11"),
            ("请核实", "C10"),
            ("提示", "E3"),
            ("提示", "G12"),
            ("提示", "原文件Sheet1!G30"),
        ],
        "worst first; the info and the explained query are not shown"
    );
    let links = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(
        links.contains(r#"<hyperlink ref="C6" location="'挂点调研台账'!B9""#),
        "{links}"
    );

    let remarks = at(&mut book, "挂点调研台账", "J9").to_string();
    assert!(
        remarks.starts_with("【必须更正】“2024年11月31日”不存在"),
        "{remarks}"
    );
    assert_eq!(at(&mut book, "挂点调研台账", "J13"), Data::Empty);
    let notes = part(&bytes, "xl/comments1.xml");
    for cell in ["E3", "B9", "C10", "F11", "G12"] {
        assert!(notes.contains(&format!("ref=\"{cell}\"")), "{cell}");
    }
    assert!(!notes.contains("只给汇总单位看的话") && !notes.contains("ref=\"C13\""));
    let styles = part(&bytes, "xl/styles.xml");
    for fill in ["FFFF7C80", "FFFFC000", "FFFFFF99"] {
        assert!(styles.contains(fill), "{fill}");
    }
}

#[test]
fn a_ledger_of_another_unit_goes_back_without_rows() {
    let (program, unit) = (
        fixture::program(Language::Chinese, fixture::form()),
        fixture::unit(),
    );
    let mut examination = examination(vec![usual(1, 5, "南庄村")], Vec::new());
    examination.mismatch = true;
    let mut wrong = Finding::new(Code::UnitMismatch);
    wrong.message = "文件放在“黄景连”，表内写的是“洪文泽”，请核对。".into();
    examination.findings.push(wrong);
    let bytes = returned(&program, &unit, "11月.xlsx", &mut examination);
    assert_eq!(open(&bytes).sheet_names(), ["需更正事项"]);
    assert!(!part(&bytes, "xl/sharedStrings.xml").contains("南庄村"));
    assert_eq!(examination.findings[0].cell_in_copy, None);
}

#[test]
fn sheets_of_one_kind_keep_their_names_and_are_cited() {
    let (program, unit) = (
        fixture::program(Language::Chinese, fixture::form()),
        fixture::unit(),
    );
    let mut rows = vec![
        usual(1, 5, "南庄村"),
        usual(1, 6, "泉水村"),
        usual(1, 7, "坡仔村"),
    ];
    for (row, name) in rows.iter_mut().zip(["南庄村", "泉水村/甲", "需更正事项"]) {
        row.sheet = name.into();
    }
    let mut wrong = finding(Code::Required, 6, 3, "content", "“调研内容”不能为空。", "");
    wrong.sheet = Some("泉水村/甲".into());
    let mut absent = finding(
        Code::ColumnMissing,
        4,
        8,
        "contact",
        "缺少“联系人及联系方式”列。",
        "",
    );
    absent.sheet = Some("泉水村/甲".into());
    let mut examination = examination(rows, vec![wrong, absent]);
    let bytes = returned(&program, &unit, "x.xlsx", &mut examination);
    let mut book = open(&bytes);
    assert_eq!(
        book.sheet_names(),
        ["需更正事项", "南庄村", "泉水村甲", "需更正事项(2)"]
    );
    let cells: Vec<_> = examination
        .findings
        .iter()
        .map(|finding| finding.cell_in_copy.as_deref())
        .collect();
    // Further sheets say whose they are, but don't ask again who filled them in.
    assert_eq!(cells, [Some("泉水村甲!D6"), Some("泉水村甲!G4")]);
    assert_eq!(at(&mut book, "泉水村甲", "C6"), Data::String("泉水村".into()));
}

#[test]
fn equal_input_gives_equal_bytes() {
    let (program, unit) = (
        fixture::program(Language::Chinese, fixture::form()),
        fixture::unit(),
    );
    let write = || returned(&program, &unit, "x.xlsx", &mut faulty());
    assert!(write() == write());
}
