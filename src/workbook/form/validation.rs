//! Dropdowns and input messages. They help and warn, they never stop anyone:
//! what is really wrong is said when the ledger is examined.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle as Style, DataValidationRule as Rule, ExcelDateTime, Worksheet,
};

use super::FormContext;
use super::layout::{Layout, Shown};
use super::lists::Lists;
use crate::domain::program::{Column, ColumnKind, FillRole};
use crate::workbook::style::{clipped, safe_text};
use crate::workbook::words::fill_in;

const LONGEST_TITLE: usize = 32;
const LONGEST_MESSAGE: usize = 255;
/// Beyond this a spreadsheet's numbers lose digits anyway.
const LARGEST: f64 = 1e15;

/// Adds the rules of every column to the data rows, and of the fill lines.
///
/// # Errors
/// When a rule can't be written.
pub fn add_validations(
    sheet: &mut Worksheet,
    context: &FormContext<'_>,
    layout: &Layout<'_>,
    rows: &RangeInclusive<u32>,
    lists: &mut Lists,
) -> anyhow::Result<()> {
    for (number, shown) in layout.numbered() {
        let rule = match shown {
            Shown::Form(_, column) => column_rule(context, column, lists)?,
            Shown::Explanation => {
                let words = context.words();
                Some(with_message(
                    DataValidation::new().allow_any_value(),
                    words.explanation,
                    words.explanation_help,
                )?)
            }
            Shown::Extra(..) | Shown::Remarks => None,
        };
        if let Some(rule) = rule {
            sheet.add_data_validation(*rows.start(), number, *rows.end(), number, &rule)?;
        }
    }
    for slot in &layout.fill {
        if let Some(line) = context.form.fill_lines.get(slot.line)
            && line.role == FillRole::FilledOn
        {
            let any = DataValidation::new().allow_any_value();
            let rule = with_message(any, &line.label, context.words().filled_on_help)?;
            sheet.add_data_validation(slot.row, slot.value.0, slot.row, slot.value.0, &rule)?;
        }
    }
    Ok(())
}

fn column_rule(
    context: &FormContext<'_>,
    column: &Column,
    lists: &mut Lists,
) -> anyhow::Result<Option<DataValidation>> {
    let words = context.words();
    let (rule, refusal, style) = match &column.kind {
        ColumnKind::Choice(choices) if !choices.is_empty() => {
            let names: Vec<&str> = choices.iter().map(|choice| choice.name.as_str()).collect();
            (lists.dropdown(&names)?, words.not_in_list, Style::Warning)
        }
        ColumnKind::Places if !context.places.is_empty() => (
            lists.dropdown(&context.places)?,
            words.not_in_list,
            Style::Warning,
        ),
        ColumnKind::Dates => match context
            .program
            .cycle
            .span(context.period)
            .and_then(|(from, to)| Some((excel_date(from)?, excel_date(to)?)))
        {
            Some((from, to)) => (
                DataValidation::new().allow_date(Rule::Between(from, to)),
                words.not_a_date,
                Style::Information,
            ),
            None => (DataValidation::new().allow_any_value(), "", Style::Information),
        },
        ColumnKind::Number { min, max, whole, .. } => (
            number_rule(*min, *max, *whole),
            words.not_a_number,
            Style::Warning,
        ),
        _ if column.help.is_empty() => return Ok(None),
        _ => (DataValidation::new().allow_any_value(), "", Style::Information),
    };
    let mut rule = rule.set_error_style(style);
    if !refusal.is_empty() {
        rule = rule
            .set_error_title(words.please_note)?
            .set_error_message(refusal)?;
    }
    let help = match &column.kind {
        ColumnKind::Dates if column.help.is_empty() => fill_in(words.date_help, &[&context.period_label()]),
        _ => safe_text(&context.shown(column, &column.help)),
    };
    with_message(rule, &column.header, &help).map(Some)
}

fn with_message(rule: DataValidation, title: &str, message: &str) -> anyhow::Result<DataValidation> {
    if message.is_empty() {
        return Ok(rule);
    }
    Ok(rule
        .set_input_title(clipped(&safe_text(title), LONGEST_TITLE))?
        .set_input_message(clipped(message, LONGEST_MESSAGE))?)
}

fn number_rule(min: Option<Decimal>, max: Option<Decimal>, whole: bool) -> DataValidation {
    let bound = |bound: Option<Decimal>, otherwise: f64| bound.and_then(|b| b.to_f64()).unwrap_or(otherwise);
    let (min, max) = (bound(min, -LARGEST), bound(max, LARGEST));
    let small = |bound: f64| {
        bound
            .to_i32()
            .unwrap_or(if bound < 0.0 { i32::MIN } else { i32::MAX })
    };
    if whole {
        DataValidation::new().allow_whole_number(Rule::Between(small(min), small(max)))
    } else {
        DataValidation::new().allow_decimal_number(Rule::Between(min, max))
    }
}

fn excel_date(day: NaiveDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok()?;
    ExcelDateTime::from_ymd(
        year,
        u8::try_from(day.month()).ok()?,
        u8::try_from(day.day()).ok()?,
    )
    .ok()
}
