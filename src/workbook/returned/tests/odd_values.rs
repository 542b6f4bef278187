//! Values that no form asked for.

use super::*;

#[test]
fn text_stays_text_and_nothing_becomes_a_formula() {
    let (program, unit) = (
        fixture::program(Language::Chinese, fixture::form()),
        fixture::unit(),
    );
    let hostile = [
        "=1+1",
        "+86",
        "-",
        "@x",
        "00123",
        "=cmd|' /C calc'!A0",
        "<r><t>x</t></r>",
        "http://a.example",
        "TRUE",
    ];
    let rows = (6..)
        .zip(hostile)
        .map(|(number, own)| {
            let mut row = row(number, vec![text(own); 9]);
            row.extras = vec![(own.to_owned(), own.to_owned())];
            row.explanation = own.to_owned();
            row
        })
        .collect();
    let findings = hostile
        .iter()
        .zip(6..)
        .map(|(own, number)| finding(Code::Required, number, 3, "content", own, own))
        .collect();
    let mut examination = examination(rows, findings);
    examination.fill = vec![("filler".into(), "=2+2".into())];
    let bytes = returned(&program, &unit, "=3+3.xlsx", &mut examination);
    for sheet in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"] {
        let xml = part(&bytes, sheet);
        assert!(!xml.contains("<f>"), "{sheet} holds a formula");
    }
    assert!(!part(&bytes, "xl/worksheets/sheet2.xml").contains("<hyperlink"));
    let mut book = open(&bytes);
    // The list column, which the form lacks, is there because it was used.
    for (row, own) in (8..).zip(hostile) {
        for column in ["A", "D", "F", "I"] {
            let read = at(&mut book, "挂点调研台账", &format!("{column}{row}"));
            assert_eq!(read.get_string().map(str::trim), Some(own), "{column}{row}");
        }
    }
    crate::workbook::style::quoted::proof::assert_quoted(&bytes);
}

#[test]
fn odd_values_are_data_not_failures() {
    let (program, unit) = (
        fixture::program(Language::Chinese, fixture::form()),
        fixture::unit(),
    );
    let odd = [
        Value::Text("长".repeat(40_000).into()),
        Value::Number(f64::NAN),
        Value::Error("#REF!".into()),
        Value::Bool(true),
        Value::Date(chrono::NaiveDate::from_ymd_opt(12, 1, 1).unwrap().into()),
        Value::Text("a\u{0}\u{b}b".into()),
        Value::Date(
            chrono::NaiveDate::from_ymd_opt(2024, 11, 5)
                .unwrap()
                .and_hms_opt(9, 30, 0)
                .unwrap(),
        ),
    ];
    let rows = (6..)
        .zip(odd)
        .map(|(number, value)| row(number, vec![value]))
        .collect();
    let mut examination = examination(rows, Vec::new());
    let bytes = returned(&program, &unit, "x", &mut examination);
    let mut book = open(&bytes);
    assert!(at(&mut book, "挂点调研台账", "A8").to_string().ends_with('…'));
    assert_eq!(at(&mut book, "挂点调研台账", "A9"), Data::String("NaN".into()));
    assert_eq!(at(&mut book, "挂点调研台账", "A10"), Data::Empty);
    assert_eq!(at(&mut book, "挂点调研台账", "A11"), Data::Bool(true));
    assert_eq!(
        at(&mut book, "挂点调研台账", "A12"),
        Data::String("0012-01-01".into())
    );
    assert_eq!(at(&mut book, "挂点调研台账", "A13"), Data::String("ab".into()));
    assert!(matches!(at(&mut book, "挂点调研台账", "A14"), Data::DateTime(_)));
}

#[test]
fn identity_numbers_are_masked_wherever_they_stand() {
    let (program, unit) = (
        fixture::program(Language::Chinese, fixture::form()),
        fixture::unit(),
    );
    let number = "440823199001011234";
    let mut own = row(6, vec![text(number); 9]);
    own.extras = vec![(number.into(), number.into())];
    own.explanation = number.into();
    let wrong = finding(Code::IdNumber, 6, 7, "contact", number, number);
    let mut examination = examination(vec![own], vec![wrong]);
    examination.fill = vec![("filler".into(), number.into())];
    let bytes = returned(&program, &unit, number, &mut examination);
    let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    for index in 0..archive.len() {
        let mut content = String::new();
        archive
            .by_index(index)
            .unwrap()
            .read_to_string(&mut content)
            .unwrap();
        assert!(!content.contains(number), "part {index}");
    }
    assert_eq!(
        at(&mut open(&bytes), "挂点调研台账", "D8"),
        Data::String("440*************34".into())
    );
}

proptest::proptest! {
    // Each case writes and reads a workbook.
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn any_text_comes_back_as_text(own in "[=+\\-@\t']?\\PC{0,40}") {
        let (program, unit) = (fixture::program(Language::Chinese, fixture::form()), fixture::unit());
        let mut typed = vec![text(&own); 9];
        typed[5] = Value::Empty;
        let mut examination = examination(vec![row(6, typed)], Vec::new());
        let bytes = returned(&program, &unit, &own, &mut examination);
        proptest::prop_assert!(!part(&bytes, "xl/worksheets/sheet2.xml").contains("<f>"));
        let read = at(&mut open(&bytes), "挂点调研台账", "D8");
        proptest::prop_assert!(matches!(read, Data::String(_) | Data::Empty), "{:?}", read);
        let safe = crate::workbook::style::safe_text(&own);
        proptest::prop_assert_eq!(read.to_string(), safe);
    }
}
