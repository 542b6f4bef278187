//! The blank form (填报表): what a unit fills in where it lies.
//!
//! The form's head, columns and rules come from the programme alone. The
//! returned copy has the same layout, so both use the parts in here.

pub(super) mod fill;
pub(super) mod head;
pub(super) mod layout;
pub(super) mod lists;
pub(super) mod table;
pub(super) mod validation;

#[cfg(test)]
pub(super) mod fixture;

use anyhow::Context as _;
use rust_xlsxwriter::Workbook;

use crate::domain::example_dates::moved_into;
use crate::domain::language::Language;
use crate::domain::own_digest::Kind;
use crate::domain::period::Period;
use crate::domain::program::{Column, ColumnKind, FillLine, FillRole, Form, FormSheet, Program};
use crate::domain::register::Ready;
use crate::domain::roster::Unit;
use crate::domain::stamp;

use super::own;
use super::style::{self, GrowingRows, Margins, Typeface};
use super::words::Words;
use layout::Layout;
use lists::Lists;

/// Empty rows behind a list that stands ready.
const MORE_ROWS: u32 = 10;

/// Whom a form is for, and what is known already.
pub struct FormContext<'a> {
    /// The programme.
    pub program: &'a Program,
    /// The version of its form that holds for the period.
    pub form: &'a Form,
    /// The unit; none for a form that any unit may fill in.
    pub unit: Option<&'a Unit>,
    /// The period.
    pub period: &'a Period,
    /// Places assigned to the unit in the period, offered in dropdowns.
    pub places: Vec<&'a str>,
    /// Names of the unit's leaders, joined as they are printed.
    pub leader_names: String,
    /// Known values by key of the fill line; they win over what unit, leader
    /// and period would give.
    pub fill: Vec<(String, String)>,
    /// Rows of a register that stand ready, with what is given in them.
    pub ready: Vec<Ready>,
    /// How many empty rows stand ready where none are given (20 is usual).
    pub empty_rows: u32,
}

/// The blank form as the bytes of an xlsx workbook. Equal input gives equal bytes.
///
/// # Errors
/// When the title's template is wrong, or the programme asks for more than a
/// workbook can hold.
pub fn write_form(context: &FormContext<'_>) -> anyhow::Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let mut lists = Lists::new(context.words());
    let mut growing = Vec::new();
    let mut names = vec![context.words().lists.to_owned()];
    for (index, form_sheet) in context.form.sheets.iter().enumerate() {
        let given: Vec<&Ready> = context.ready.iter().filter(|row| row.sheet == index).collect();
        if given.is_empty() && !context.ready.is_empty() && cites(context, form_sheet) {
            // Nothing of this sheet is asked of the unit.
            continue;
        }
        let layout = Layout::blank(context, form_sheet, names.len() == 1);
        let name = style::sheet_name(&form_sheet.name, &names);
        let sheet = workbook.add_worksheet();
        sheet.set_name(&name)?;
        names.push(name);
        head::write_head(sheet, context, &layout)?;
        let rows = if given.is_empty() {
            let rows = layout.rows(context.empty_rows);
            table::write_empty_rows(sheet, context, &layout, rows.clone())?;
            rows
        } else {
            let ready = table::write_ready_rows(sheet, context, &layout, layout.first_row, &given)?;
            if cites(context, form_sheet) {
                ready
            } else {
                // A list may grow.
                let more = ready.end() + 1..=ready.end() + MORE_ROWS;
                table::write_empty_rows(sheet, context, &layout, more.clone())?;
                *ready.start()..=*more.end()
            }
        };
        table::finish(sheet, context, &layout, &rows, Margins::Official)?;
        validation::add_validations(sheet, context, &layout, &rows, &mut lists)?;
        growing.push(GrowingRows {
            sheet: names.len() - 2,
            rows,
        });
    }
    lists.write(&mut workbook)?;
    context.stamp(&mut workbook, Kind::Form)?;
    context.save(workbook, Kind::Form, &growing)
}

/// Whether the rows of a sheet report on given items.
fn cites(context: &FormContext<'_>, sheet: &FormSheet) -> bool {
    let items = context.program.material.items();
    items.is_some_and(|items| sheet.column(&items.column).is_some())
}

/// What a unit's form for a period is written from; none for a programme
/// without a form.
#[must_use]
pub fn form_context<'a>(
    program: &'a Program,
    unit: Option<&'a Unit>,
    period: &'a Period,
) -> Option<FormContext<'a>> {
    let span = program.cycle.span(period).unwrap_or_default();
    let leaders: Vec<&str> = unit
        .iter()
        .flat_map(|unit| &unit.leaders)
        .filter_map(|id| program.roster.leader(id))
        .map(|leader| leader.name.as_str())
        .collect();
    Some(FormContext {
        program,
        form: program.form(Some(period))?,
        unit,
        period,
        places: unit
            .map(|unit| program.roster.places_of(unit, span))
            .unwrap_or_default(),
        leader_names: leaders.join("、"),
        fill: Vec::new(),
        ready: Vec::new(),
        empty_rows: 18,
    })
}

impl FormContext<'_> {
    pub(super) fn words(&self) -> &'static Words {
        Words::of(self.program.language)
    }

    pub(super) fn typeface(&self) -> Typeface {
        Typeface::of(self.program.language)
    }

    pub(super) fn period_label(&self) -> String {
        match self.program.language {
            Language::Chinese => self.period.label(),
            Language::English => self.period.label_en(),
        }
    }

    /// An example or hint of a column; dates lie in the form's own period.
    pub(super) fn shown(&self, column: &Column, text: &str) -> String {
        in_period(self.program, column, self.period, text)
    }

    /// The unit as it is named in forms and letters.
    pub(super) fn unit_name(&self) -> &str {
        self.unit.map_or("", |unit| {
            if unit.display_name.is_empty() {
                &unit.name
            } else {
                &unit.display_name
            }
        })
    }

    pub(super) fn title(&self) -> anyhow::Result<String> {
        let mut engine = minijinja::Environment::new();
        engine.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
        let year = self
            .period
            .year()
            .map_or_else(String::new, |year| year.to_string());
        let title = engine
            .render_str(
                &self.form.title,
                minijinja::context! { year, period => self.period_label(), unit => self.unit_name() },
            )
            .with_context(|| format!("表题模板“{}”有误", self.form.title))?;
        Ok(style::safe_text(&title))
    }

    /// What is known of a fill line.
    pub(super) fn fill_value(&self, line: &FillLine) -> String {
        let known = self
            .fill
            .iter()
            .find(|(key, value)| *key == line.key && !value.trim().is_empty());
        style::safe_text(&match (known, line.role) {
            (Some((_, value)), _) => value.clone(),
            (None, FillRole::Leader) => self.leader_names.clone(),
            (None, FillRole::Unit) => self.unit_name().to_owned(),
            (None, FillRole::Period) => self.period_label(),
            (None, _) => String::new(),
        })
    }

    /// Writes down what the workbook is, so that it is known again under any name.
    pub(super) fn stamp(&self, workbook: &mut Workbook, kind: Kind) -> anyhow::Result<()> {
        let mut properties = style::fixed_properties()
            .set_title(self.title()?)
            .set_author(&self.program.office.name)
            .set_custom_property(stamp::PROGRAM, self.program.id.as_str())
            .set_custom_property(stamp::PERIOD, self.period.to_string())
            .set_custom_property(stamp::FORM, &self.form.version)
            .set_custom_property(stamp::DIGEST, own::unknown(kind));
        if let Some(unit) = self.unit {
            properties = properties.set_custom_property(stamp::UNIT, unit.id.as_str());
        }
        workbook.set_properties(&properties);
        Ok(())
    }

    /// The finished bytes, with the digest of the cells among the properties.
    pub(super) fn save(
        &self,
        mut workbook: Workbook,
        kind: Kind,
        growing: &[GrowingRows],
    ) -> anyhow::Result<Vec<u8>> {
        let fast = 1;
        workbook.set_zip_compression_level(fast);
        let written = workbook
            .save_to_buffer()
            .with_context(|| format!("{}的表格写不出来", self.program.matter))?;
        let digest = (own::unknown(kind), own::property(kind, &written));
        style::finish(&written, growing, &digest)
    }
}

#[cfg(test)]
mod tests;

/// A column's example or hint in a form for a period: dates lie in it.
#[must_use]
pub fn in_period(program: &Program, column: &Column, period: &Period, text: &str) -> String {
    match program.cycle.span(period) {
        Some((_, end)) if matches!(column.kind, ColumnKind::Dates) => moved_into(text, end),
        _ => text.to_owned(),
    }
}
