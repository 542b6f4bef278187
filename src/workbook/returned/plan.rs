//! Which sheets the copy has, and where each finding's cell stands in it.

use std::collections::BTreeMap;

use crate::domain::codes::{Code, Scope};
use crate::domain::finding::Finding;
use crate::domain::ledger::LedgerRow;
use crate::domain::program::FormSheet;
use crate::domain::table::Pos;
use crate::workbook::form::FormContext;
use crate::workbook::form::layout::{Layout, Shown};
use crate::workbook::style::sheet_name;
use crate::workbook::words::Words;

use super::value::shown_value;

/// More columns of its own than any unit keeps; beyond that the original serves.
const MOST_EXTRAS: usize = 256;
/// Empty rows below the unit's own, for what it forgot.
const SPARE: u32 = 5;

/// The copy's ledger sheets.
#[derive(Default)]
pub struct Plan<'a> {
    /// In the order of the form, then of the file.
    pub sheets: Vec<CopySheet<'a>>,
    /// Where a row of the original stands: its sheet's name and 1-based row.
    rows: BTreeMap<(&'a str, u32), (usize, u32)>,
}

/// One ledger sheet of the copy.
pub struct CopySheet<'a> {
    /// Its name.
    pub name: String,
    /// The name it had in the original; none when the original had no rows for it.
    pub source: Option<&'a str>,
    /// Its rows.
    pub rows: Vec<&'a LedgerRow>,
    /// The sheet of the form that it is.
    pub form_sheet: usize,
    /// Where everything stands.
    pub layout: Layout<'a>,
}

/// A cell of the copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Index into [`Plan::sheets`].
    pub sheet: usize,
    /// The cell.
    pub pos: Pos,
}

impl<'a> Plan<'a> {
    /// Whether none of the original's rows are in it.
    pub fn is_empty(&self) -> bool {
        self.sheets.iter().all(|copy| copy.rows.is_empty())
    }

    /// Plans the copy of these rows.
    pub fn new(context: &FormContext<'a>, rows: &'a [LedgerRow]) -> Self {
        let words = context.words();
        let mut names = vec![words.to_correct.to_owned(), words.lists.to_owned()];
        let mut plan = Self::default();
        for (index, form_sheet) in context.form.sheets.iter().enumerate() {
            let mut groups: Vec<(Option<&'a str>, Vec<&'a LedgerRow>)> = Vec::new();
            for row in rows.iter().filter(|row| row.form_sheet == index) {
                match groups.iter_mut().find(|(name, _)| *name == Some(&row.sheet)) {
                    Some((_, group)) => group.push(row),
                    None => groups.push((Some(&row.sheet), vec![row])),
                }
            }
            if groups.is_empty() {
                groups.push((None, Vec::new()));
            }
            // One sheet takes the form's name; several of one kind keep their own.
            let several = groups.len() > 1;
            for (source, rows) in groups {
                let wanted = source.filter(|_| several).unwrap_or(&form_sheet.name);
                let name = sheet_name(wanted, &names);
                names.push(name.clone());
                plan.add(context, name, source, (index, form_sheet), rows);
            }
        }
        plan
    }

    fn add(
        &mut self,
        context: &FormContext<'_>,
        name: String,
        source: Option<&'a str>,
        (index, form_sheet): (usize, &'a FormSheet),
        rows: Vec<&'a LedgerRow>,
    ) {
        let mut columns: Vec<Shown<'a>> = form_sheet
            .columns
            .iter()
            .enumerate()
            // A column that is only understood is there if the unit used it.
            .filter(|(index, column)| {
                column.in_form || rows.iter().any(|row| !shown_value(row, *index).is_blank())
            })
            .map(|(index, column)| Shown::Form(index, column))
            .collect();
        columns.extend(extra_columns(&rows));
        columns.extend([Shown::Remarks, Shown::Explanation]);
        let layout = Layout::plan(context, columns, self.sheets.is_empty());
        for (number, row) in (layout.first_row..).zip(&rows) {
            self.rows
                .insert((&row.sheet, row.row), (self.sheets.len(), number));
        }
        self.sheets.push(CopySheet {
            name,
            source,
            rows,
            form_sheet: index,
            layout,
        });
    }

    /// The cell of the copy that a finding speaks of, if the copy has it.
    pub fn place(&self, context: &FormContext<'_>, finding: &Finding) -> Option<Place> {
        let row = finding.row.zip(finding.sheet.as_deref());
        if let Some((sheet, row)) = row.and_then(|(row, sheet)| self.rows.get(&(sheet, row))) {
            let layout = &self.sheets[*sheet].layout;
            let column = finding.column.as_deref();
            let column = column
                .and_then(|key| layout.column_of(key))
                .or_else(|| extra_of(layout, finding))
                .unwrap_or(0);
            return Some(Place {
                sheet: *sheet,
                pos: Pos::new(*row, column),
            });
        }
        if finding.code.scope() != Scope::Header || self.sheets.is_empty() {
            return None;
        }
        let sheet = self
            .sheets
            .iter()
            .position(|copy| finding.sheet.is_some() && copy.source == finding.sheet.as_deref())
            .unwrap_or(0);
        self.place_in_head(context, finding, sheet)
    }

    /// The cell of a finding about title, fill line or header.
    fn place_in_head(&self, context: &FormContext<'_>, finding: &Finding, sheet: usize) -> Option<Place> {
        let layout = &self.sheets[sheet].layout;
        if finding.code == Code::TitleMismatch {
            // The copy bears the right title already.
            return None;
        }
        if let Some(column) = finding.column.as_deref().and_then(|key| layout.column_of(key)) {
            let pos = Pos::new(layout.header_row, column);
            return Some(Place { sheet, pos });
        }
        let names = |text: &str| {
            finding.column.as_deref() == Some(text) || finding.args.values().any(|value| value == text)
        };
        // Who filled in is asked on the first sheet only.
        let slots = self.sheets[0].layout.fill.iter();
        let slot = slots
            .filter_map(|slot| Some((slot, context.form.fill_lines.get(slot.line)?)))
            .find(|(_, line)| names(&line.key) || names(&line.label))?
            .0;
        let pos = Pos::new(slot.row, slot.value.0);
        Some(Place { sheet: 0, pos })
    }

    /// The further cells of a finding that speaks of a block.
    pub fn block<'s>(
        &'s self,
        finding: &'s Finding,
        first: Place,
    ) -> impl Iterator<Item = Place> + use<'s, 'a> {
        let rows = finding.row.zip(finding.through).zip(finding.sheet.as_deref());
        let rows = rows.map(|((row, last), sheet)| self.rows.range((sheet, row + 1)..=(sheet, last)));
        rows.into_iter().flatten().map(move |(_, (sheet, row))| Place {
            sheet: *sheet,
            pos: Pos::new(*row, first.pos.column),
        })
    }

    /// A finding's cell, or its block, as people cite it.
    pub fn cite_block(&self, finding: &Finding, first: Place) -> String {
        match self.block(finding, first).last() {
            Some(last) => format!("{}—{}", self.cite(first), last.pos),
            None => self.cite(first),
        }
    }

    /// A cell as people cite it.
    pub fn cite(&self, place: Place) -> String {
        match self.sheets.as_slice() {
            [_] => place.pos.to_string(),
            sheets => format!("{}!{}", sheets[place.sheet].name, place.pos),
        }
    }
}

impl CopySheet<'_> {
    /// The first row below the unit's own.
    pub fn first_empty_row(&self) -> u32 {
        self.layout.first_row + u32::try_from(self.rows.len()).unwrap_or(u32::MAX / 2)
    }
}

/// How many empty rows follow the unit's own.
pub fn spare_rows(context: &FormContext<'_>, copy: &CopySheet<'_>) -> u32 {
    if copy.rows.is_empty() {
        context.empty_rows.max(1) - 1
    } else {
        SPARE
    }
}

/// The unit's own columns in order of appearance; a header that a row has
/// twice is two columns.
fn extra_columns<'a>(rows: &[&LedgerRow]) -> Vec<Shown<'a>> {
    let mut columns: Vec<Shown<'a>> = Vec::new();
    for row in rows {
        for (index, (header, _)) in row.extras.iter().enumerate() {
            let ordinal = ordinal(row, index);
            let known = columns.iter().any(
                |shown| matches!(shown, Shown::Extra(own, number) if own == header && *number == ordinal),
            );
            if !known && !Words::is_own_column(header) && columns.len() < MOST_EXTRAS {
                columns.push(Shown::Extra(header.clone(), ordinal));
            }
        }
    }
    columns
}

/// How many extra columns of the same header stand before this one.
pub fn ordinal(row: &LedgerRow, index: usize) -> usize {
    let before = &row.extras[..index];
    before
        .iter()
        .filter(|(header, _)| *header == row.extras[index].0)
        .count()
}

/// The extra column that a finding names by its header.
fn extra_of(layout: &Layout<'_>, finding: &Finding) -> Option<u16> {
    layout
        .numbered()
        .find(|(_, shown)| {
            matches!(shown, Shown::Extra(header, _)
                if !header.is_empty() && finding.args.values().any(|value| value == header))
        })
        .map(|(number, _)| number)
}
