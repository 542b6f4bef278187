//! Filling in the form of any register at its worst and at its best.

use taizhang::domain::period::Period;
use taizhang::domain::program::{Column, ColumnKind, Material, Program};
use taizhang::domain::table::Workbook;

use crate::registers::any_form::{Line, filled};

/// How a unit reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The worst status and the lowest figures that the form knows.
    Worst,
    /// Everything as it is asked for.
    Best,
}

/// Who filled it in.
pub const FILLED_BY: [(&str, &str); 2] = [("填报人", "李明"), ("联系电话", "0759-2966123")];

/// A register's form with every line filled in.
pub fn register_form(program: &Program, period: &Period, book: &Workbook, part: Part) -> Vec<u8> {
    let form = program.form(Some(period)).expect("a form");
    filled(book, &FILLED_BY, |sheet, line| {
        let sheet = form.sheets.iter().find(|own| own.name == sheet).expect("a sheet");
        let columns = sheet.columns.iter().filter(|column| column.given.is_none());
        let said = columns.filter_map(|column| {
            let text = say(program, column, period, line, part)?;
            Some((column.header.as_str(), text))
        });
        said.collect()
    })
}

/// What stands in a cell; none where nothing has to.
fn say(program: &Program, column: &Column, period: &Period, line: &Line, part: Part) -> Option<String> {
    let number = &line.cells["序号"];
    let asked = column.required || is_asked(column, part);
    match &column.kind {
        ColumnKind::Text if asked && column.required => Some(match part {
            Part::Worst => format!("{}第{number}项还没有落实用地，没有开工。", period.label()),
            Part::Best => format!("{}第{number}项开了协调会，完成现场踏勘。", period.label()),
        }),
        ColumnKind::Text if asked => Some("下期落实用地并开工，由分管领导跟办。".to_owned()),
        ColumnKind::Choice(values) if asked => Some(match (part, worst(program, &column.key)) {
            (Part::Worst, Some(worst)) => worst,
            (Part::Worst, None) => values[0].name.clone(),
            (Part::Best, _) => values[1].name.clone(),
        }),
        ColumnKind::Number { min, .. } => Some(match part {
            Part::Worst => min.unwrap_or_default().to_string(),
            Part::Best => best(column, line),
        }),
        ColumnKind::Contact => Some("李明0759-2966123".to_owned()),
        _ => None,
    }
}

/// Whether a column must be filled in because of what stands in others: who
/// lags says why; who isn't done says what is next.
fn is_asked(column: &Column, part: Part) -> bool {
    let because = column.required_if.as_ref();
    because.is_some_and(|condition| part == Part::Worst || condition.words.contains("没有完成"))
}

/// The value of the status column that shows red.
fn worst(program: &Program, key: &str) -> Option<String> {
    let Material::Register(register) = &program.material else {
        return None;
    };
    let status = register
        .items
        .status
        .as_ref()
        .filter(|status| status.column == key)?;
    status.red.first().cloned()
}

/// All that an item is worth, or that its year requires.
fn best(column: &Column, line: &Line) -> String {
    let most = column.max_from.as_ref().and_then(|header| line.cells.get(header));
    let wanted = most.or_else(|| line.cells.get("本年要求"));
    let digits: String = wanted
        .map_or("60", String::as_str)
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    if digits.is_empty() {
        "60".to_owned()
    } else {
        digits
    }
}
