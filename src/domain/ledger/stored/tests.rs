//! Rows find their columns again, whatever became of the form.

use super::*;
use crate::domain::fixture::{column, row, wutang};
use crate::domain::program::{ColumnKind, Program};

/// As earlier versions of the program wrote them: dates and places of the visit, numbers by key.
const OLD: &str = r#"[{"sheet":"台账","form_sheet":0,"row":6,
    "cells":["1","2024年11月5日至2024年11月6日","乌塘圩村、边板村","看路","要求修好","2","张三；13800000000",""],
    "extras":[["现场照片","见附图"]],"explanation":"陪同调研",
    "spans":[{"from":"2024-11-05","to":"2024-11-06"}],"places":["乌塘圩村","边板村"],
    "numbers":[["solved","2"]],"late":true}]"#;

fn arranged(program: &Program, text: &str) -> Vec<LedgerRow> {
    let form = &program.material.forms()[0];
    from_text(text).unwrap().arranged(form, program.material.visits())
}

fn rows() -> Vec<LedgerRow> {
    vec![
        row("2024-11-05..2024-11-06;2024-11-08", "乌塘圩村、边板村", 2),
        row("", "", 0),
    ]
}

#[test]
fn rows_come_back_as_they_were() {
    let program = wutang();
    let rows = rows();
    let text = to_text(&rows).unwrap();
    assert_eq!(arranged(&program, &text), rows);
    assert_eq!(text.matches("visit_date").count(), 1, "keys stand once");
    assert_eq!(arranged(&program, &to_text(&[]).unwrap()), []);
}

#[test]
fn rows_of_earlier_versions_mean_what_they_meant() {
    let program = wutang();
    let row = arranged(&program, OLD).remove(0);
    assert_eq!(row.dates("visit_date").len(), 1);
    assert_eq!(row.places("village"), ["乌塘圩村", "边板村"]);
    assert_eq!(row.number("solved"), Some(2.into()));
    assert_eq!(
        (row.text("content"), row.explanation.as_str(), row.late),
        ("看路", "陪同调研", true)
    );
    assert_eq!(row.extras.len(), 1);
    // Written anew it is the same row.
    let again = arranged(&program, &to_text(std::slice::from_ref(&row)).unwrap());
    assert_eq!(again, [row]);
}

#[test]
fn a_column_that_was_added_moved_or_taken_away_takes_no_value_from_another() {
    let rows = rows();
    let text = to_text(&rows).unwrap();
    let mut program = wutang();
    let columns = &mut program.material.form_mut().sheets[0].columns;
    let effect = columns.remove(4);
    columns.insert(1, column("weather", "天气", ColumnKind::Text, 8.0));
    columns.rotate_right(2);
    let found = arranged(&program, &text);
    let form = &program.material.forms()[0].sheets[0];
    for (found, before) in found.iter().zip(&rows) {
        assert_eq!(found.cells.len(), form.columns.len());
        for (place, column) in form.columns.iter().enumerate() {
            let expected = before.text(&column.key);
            assert_eq!(found.cells[place], expected, "{}", column.key);
            assert_eq!(found.text(&column.key), expected);
            assert_eq!(found.dates(&column.key), before.dates(&column.key));
            assert_eq!(found.places(&column.key), before.places(&column.key));
            assert_eq!(found.number(&column.key), before.number(&column.key));
        }
        assert_eq!((found.text("weather"), found.text(&effect.key)), ("", ""));
    }
}

#[test]
fn a_sheet_that_the_form_has_no_more_loses_no_row() {
    let mut program = wutang();
    let mut rows = rows();
    rows[1].form_sheet = 3;
    let text = to_text(&rows).unwrap();
    program.material.form_mut().sheets.truncate(1);
    let found = arranged(&program, &text);
    assert_eq!(found.len(), 2);
    assert_eq!((found[1].form_sheet, &found[1].cells), (3, &rows[1].cells));
}

#[test]
fn what_is_no_text_of_rows_is_a_fault() {
    for text in ["", "{}", "[{}]", "rows", "{\"columns\":1,\"rows\":[]}"] {
        assert!(from_text(text).is_err(), "{text}");
    }
}
