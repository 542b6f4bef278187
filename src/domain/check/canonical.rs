//! Data rows as they are stored and merged.

use smol_str::{SmolStr, ToSmolStr as _};

use super::Case;
use super::wording::Words;
use crate::domain::ledger::{
    Columns, DataRow, DateSpan, LedgerRow, Meaning, Parsed, PlaceReading, SheetReading, columns_of,
};
use crate::domain::program::{Column, FormSheet, Given};
use crate::domain::register::given_text;

/// The rows of the ledger in the order of the file; with the values as typed
/// if it goes back, since only the marked-up copy shows them.
pub(super) fn rows(case: &Case<'_>, goes_back: bool) -> Vec<LedgerRow> {
    let mut rows = Vec::with_capacity(case.row_count());
    for sheet in &case.reading.sheets {
        let Some(layout) = case.form_sheet(sheet) else {
            continue;
        };
        let columns = columns_of(layout);
        for (index, row) in sheet.rows.iter().enumerate() {
            let mut own = canonical(case, sheet, (layout, &columns), row, index + 1);
            if goes_back {
                own.typed = row.fields.iter().map(|field| field.value.clone()).collect();
            }
            rows.push(own);
        }
    }
    if !goes_back {
        rows.extend(carried(case));
    }
    rows
}

/// Rows of an earlier ledger that hold on, because nothing changed.
fn carried(case: &Case<'_>) -> Vec<LedgerRow> {
    let (Some(register), Some(unit)) = (&case.register, case.unit) else {
        return Vec::new();
    };
    let carried = register.carried(&unit.id).into_iter();
    carried
        .map(|(_, before)| LedgerRow {
            carried: Some(
                before
                    .row
                    .carried
                    .clone()
                    .unwrap_or_else(|| before.period.clone()),
            ),
            explanation: String::new(),
            extras: Vec::new(),
            ..LedgerRow::clone(&before.row)
        })
        .collect()
}

pub(super) fn canonical(
    case: &Case<'_>,
    sheet: &SheetReading,
    (layout, columns): (&FormSheet, &Columns),
    row: &DataRow,
    number: usize,
) -> LedgerRow {
    let dates = case
        .date_column(layout)
        .and_then(|index| row.fields.get(index))
        .and_then(|field| match &field.parsed {
            Parsed::Dates(dates) if dates.problem.is_none() => Some(dates),
            _ => None,
        });
    let meanings = (0_u16..).zip(&row.fields).filter_map(|(place, field)| {
        let meaning = match &field.parsed {
            Parsed::Dates(dates) if dates.problem.is_none() => Meaning::Dates(dates.spans.clone()),
            Parsed::Day(Some(day)) => Meaning::Dates(vec![DateSpan::day(*day)]),
            Parsed::Places(places) => Meaning::Places(places.iter().map(place_name).collect()),
            Parsed::Count(count) => Meaning::Number(count.count?.into()),
            Parsed::Number(number) => Meaning::Number(number.number?),
            _ => return None,
        };
        Some((place, meaning))
    });
    let extras = sheet
        .header
        .extras
        .iter()
        .zip(&row.extras)
        .map(|((_, header), text)| (header.clone(), text.clone()));
    LedgerRow {
        sheet: SmolStr::new(&sheet.sheet),
        form_sheet: sheet.header.form_sheet,
        row: row.row + 1,
        columns: columns.clone(),
        cells: layout
            .columns
            .iter()
            .zip(&row.fields)
            .map(|(column, field)| match given(case, sheet, row, column) {
                Some(text) => text,
                None => cell_text(case, &field.parsed, &field.text, number),
            })
            .collect(),
        meanings: meanings.collect(),
        extras: extras.collect(),
        explanation: row.explanation.clone(),
        typed: Vec::new(),
        late: dates.is_some_and(|dates| case.is_late(sheet, row, dates)),
        carried: None,
    }
}

/// What stands in a given cell by the table, whatever the file shows there: an
/// item is stored by its key. The last period's values stand with that period.
fn given(case: &Case<'_>, sheet: &SheetReading, row: &DataRow, column: &Column) -> Option<SmolStr> {
    let given = column.given.as_ref()?;
    let register = case.register.as_ref()?;
    let item = &register.items.all[case.citation(sheet, row)?.place()?];
    Some(match given {
        Given::Number => SmolStr::new(&*item.id),
        Given::Last(_) => SmolStr::default(),
        given => {
            let span = case.span.unwrap_or_default();
            given_text(register.items, item, given, (None, span), case.program).into()
        }
    })
}

/// One text for one meaning; what was not understood stays as written.
fn cell_text(case: &Case<'_>, parsed: &Parsed, text: &SmolStr, number: usize) -> SmolStr {
    match parsed {
        Parsed::Sequence(_) => number.to_smolstr(),
        Parsed::Dates(dates) if dates.problem.is_none() => words(case).spans(&dates.spans).into(),
        Parsed::Day(Some(day)) => words(case).day(*day).into(),
        Parsed::Places(places) => words(case).list(places.iter().map(place_name)).into(),
        Parsed::Choice(Some(name)) => name.into(),
        _ => text.clone(),
    }
}

/// Rows are stored in the programme's own language, whatever the messages are worded in.
fn words(case: &Case<'_>) -> Words {
    Words(case.program.language)
}

fn place_name(place: &PlaceReading) -> String {
    place.place.clone().unwrap_or_else(|| place.written.clone())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Bench, count, dates, field, place, places, text, unknown_place};
    use super::*;
    use crate::domain::ledger::CountReading;
    use crate::domain::table::Value;

    #[test]
    fn a_row_is_stored_with_one_text_for_one_meaning() {
        let reading = CountReading {
            count: Some(2),
            ..CountReading::default()
        };
        let mut bench = Bench::new().row(&[
            ("seq", field("第七", Parsed::Sequence(None))),
            (
                "visit_date",
                field("2024.11.5-6", dates(&["2024-11-05..2024-11-06", "2024-11-08"])),
            ),
            (
                "village",
                places(vec![place("塘沟村"), unknown_place("镇政府", &[])]),
            ),
            ("content", text("看\n路")),
            ("solved", count("２个", reading)),
        ]);
        let sheet = &mut bench.reading.sheets[0];
        sheet.header.extras = vec![(9, "现场照片".into())];
        sheet.rows[0].extras = vec!["见附图".into()];
        sheet.rows[0].explanation = "陪同调研".into();
        let row = rows(&bench.case(), true).remove(0);
        assert_eq!(row.row, 6);
        assert_eq!(
            row.cells[..4],
            [
                "1",
                "2024年11月5日至6日、2024年11月8日",
                "塘沟村、镇政府",
                "看\n路"
            ]
        );
        assert_eq!(row.cells[6], "２个");
        assert_eq!(row.number("solved"), Some(2.into()));
        assert_eq!(row.places("village"), ["塘沟村", "镇政府"]);
        assert_eq!(row.dates("visit_date").len(), 2);
        assert_eq!(row.extras, [("现场照片".to_owned(), "见附图".to_owned())]);
        assert_eq!(row.explanation, "陪同调研");
        assert_eq!(row.typed.len(), 9);
        assert_eq!(row.typed[1], Value::Text("2024.11.5-6".into()));
        assert!(!row.late);
    }

    #[test]
    fn a_late_row_is_marked() {
        let bench = Bench::new().row(&[
            ("visit_date", field("x", dates(&["2024-10-08"]))),
            ("remark", text("补报")),
        ]);
        assert!(rows(&bench.case(), false)[0].late);
    }
}
