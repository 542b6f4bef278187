use std::collections::BTreeMap;

use proptest::prelude::*;

use super::own_kind;
use crate::domain::check::Examination;
use crate::domain::codes::Code;
use crate::domain::finding::{Finding, Verdict};
use crate::domain::language::Language;
use crate::domain::ledger::LedgerRow;
use crate::domain::own_digest::Kind;
use crate::domain::program::Program;
use crate::domain::table::{Cell, Pos, Row, Value, Workbook};
use crate::workbook::form::{FormContext, fixture, write_form};
use crate::workbook::read::read_written;
use crate::workbook::returned::{About, write_returned};

fn program(language: Language) -> Program {
    fixture::program(language, fixture::form())
}

fn form(language: Language, empty_rows: u32, fill: &str) -> Vec<u8> {
    let (program, unit) = (program(language), fixture::unit());
    let context = FormContext {
        ready: Vec::new(),
        empty_rows,
        fill: vec![("filler".into(), fill.into())],
        ..fixture::context(&program, &unit)
    };
    write_form(&context).unwrap()
}

fn copy(language: Language, rows: Vec<Vec<Value>>, message: &str) -> Vec<u8> {
    let (program, unit) = (program(language), fixture::unit());
    let mut finding = Finding::new(Code::Required).at("挂点调研台账", Pos::new(5, 3));
    finding.message = message.to_owned();
    let rows = (5..).zip(rows).map(|(number, typed)| LedgerRow {
        sheet: "挂点调研台账".into(),
        row: number,
        cells: typed.iter().map(Value::display).collect(),
        typed,
        ..LedgerRow::default()
    });
    let mut examination = Examination {
        unit: Some("U09".into()),
        period: Some(fixture::PERIOD),
        findings: vec![finding],
        rows: rows.collect(),
        ..Examination::of(Verdict::Returned)
    };
    write_returned(
        &fixture::context(&program, &unit),
        About::of("台账.xlsx"),
        &mut examination,
        usize::MAX,
    )
    .unwrap()
}

fn kind(book: &[u8]) -> Option<Kind> {
    own_kind(&read_written(book).unwrap())
}

fn typed() -> impl Strategy<Value = Value> {
    let day = |day: i64| {
        let start = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default();
        (start + chrono::TimeDelta::days(day)).into()
    };
    prop_oneof![
        any::<String>().prop_map(|text| Value::Text(text.into())),
        "[ \\r\\n\\t村0-9=+@-]{0,20}".prop_map(|text| Value::Text(text.into())),
        any::<f64>().prop_map(Value::Number),
        (-1e6..1e6_f64).prop_map(Value::Number),
        (0..400_i64).prop_map(move |at| Value::Date(day(at))),
        any::<bool>().prop_map(Value::Bool),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_we_write_is_ours_when_it_is_read(
        rows in prop::collection::vec(prop::collection::vec(typed(), 9), 0..6),
        words in any::<String>(),
        empty in 1..40_u32,
        english in any::<bool>(),
    ) {
        let language = if english { Language::English } else { Language::Chinese };
        prop_assert_eq!(kind(&form(language, empty, &words)), Some(Kind::Form));
        prop_assert_eq!(kind(&copy(language, rows, &words)), Some(Kind::Copy));
    }
}

/// One cell of a workbook written over, or one more.
fn changed(mut book: Workbook, sheet: usize) -> Workbook {
    let rows = &mut book.sheets[sheet].rows;
    match rows.last_mut().and_then(|row| row.cells.last_mut()) {
        Some(cell) => cell.value = Value::Text("改过".into()),
        None => rows.push(Row {
            index: 0,
            cells: vec![Cell {
                column: 0,
                value: Value::Text("改过".into()),
                formula: false,
            }],
        }),
    }
    book
}

#[test]
fn one_changed_cell_makes_it_a_person_s() {
    let form = form(Language::Chinese, 20, "");
    let copy = copy(
        Language::Chinese,
        vec![vec![Value::Text("湛川村".into())]],
        "没有填写",
    );
    for bytes in [form, copy] {
        let book = read_written(&bytes).unwrap();
        assert!(own_kind(&book).is_some());
        let visible = (0..book.sheets.len()).filter(|sheet| !book.sheets[*sheet].hidden);
        for sheet in visible {
            assert_eq!(own_kind(&changed(book.clone(), sheet)), None, "sheet {sheet}");
        }
        let stripped = Workbook {
            properties: BTreeMap::new(),
            ..book.clone()
        };
        assert_eq!(own_kind(&stripped), None);
    }
}

#[test]
fn equal_forms_have_equal_bytes() {
    assert_eq!(
        form(Language::Chinese, 20, "李四"),
        form(Language::Chinese, 20, "李四")
    );
}
