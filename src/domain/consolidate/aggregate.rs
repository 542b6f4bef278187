//! The programme's own summaries: sums of numbers, counts of choices, by unit.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::summary::{AggregateLine, AggregateTable};
use crate::domain::ids::UnitId;
use crate::domain::ledger::LedgerRow;
use crate::domain::obligation::{Obligation, State};
use crate::domain::program::{Aggregate, ColumnKind, Form, Program};
use crate::domain::roster::Roster;

/// One aggregate while rows come in.
#[derive(Debug)]
pub(super) struct Sums {
    name: String,
    form_sheet: usize,
    /// Column keys that are summed.
    sum: Vec<String>,
    /// Index of the choice column and its values.
    choices: Option<(usize, Vec<String>)>,
    headers: Vec<String>,
    by_unit: BTreeMap<UnitId, Vec<Decimal>>,
}

impl Sums {
    /// The aggregates of a programme. Columns that the form doesn't have are left out.
    pub fn of(program: &Program, form: &Form) -> Vec<Self> {
        let aggregates = program.material.aggregates().iter();
        aggregates
            .filter_map(|aggregate| Self::one(aggregate, form))
            .collect()
    }

    fn one(aggregate: &Aggregate, form: &Form) -> Option<Self> {
        let form_sheet = match &aggregate.sheet {
            Some(name) => form.sheets.iter().position(|sheet| sheet.name == *name)?,
            None => 0,
        };
        let sheet = form.sheets.get(form_sheet)?;
        let mut headers = Vec::new();
        let mut sum = Vec::new();
        for key in &aggregate.sum {
            if let Some((_, column)) = sheet.column(key) {
                sum.push(key.clone());
                headers.push(column.header.clone());
            }
        }
        let choices = aggregate
            .count_by
            .as_ref()
            .and_then(|key| sheet.column(key))
            .and_then(|(index, column)| match &column.kind {
                ColumnKind::Choice(choices) => {
                    let names = choices.iter().map(|choice| choice.name.clone()).collect();
                    Some((index, names))
                }
                _ => None,
            });
        headers.extend(
            choices
                .iter()
                .flat_map(|(_, names): &(usize, Vec<String>)| names.clone()),
        );
        Some(Self {
            name: aggregate.name.clone(),
            form_sheet,
            sum,
            choices,
            headers,
            by_unit: BTreeMap::new(),
        })
    }

    /// Notes that a ledger of the unit counts, though it may hold no row.
    pub fn touch(&mut self, unit: &UnitId) {
        if !self.by_unit.contains_key(unit) {
            self.by_unit
                .insert(unit.clone(), vec![Decimal::ZERO; self.headers.len()]);
        }
    }

    /// Adds a row.
    pub fn add(&mut self, unit: &UnitId, row: &LedgerRow) {
        if row.form_sheet != self.form_sheet {
            return;
        }
        self.touch(unit);
        let Some(values) = self.by_unit.get_mut(unit) else {
            return;
        };
        for (value, key) in values.iter_mut().zip(&self.sum) {
            *value = value.saturating_add(row.number(key).unwrap_or_default());
        }
        if let Some((column, names)) = &self.choices
            && let Some(text) = row.cells.get(*column)
            && let Some(place) = names.iter().position(|name| name == text)
            && let Some(value) = values.get_mut(self.sum.len() + place)
        {
            *value = value.saturating_add(Decimal::ONE);
        }
    }

    /// The table: one line a unit that owes.
    pub fn table(&self, roster: &Roster, obligations: &[Obligation]) -> AggregateTable {
        let owes: BTreeMap<&str, State> = obligations
            .iter()
            .map(|obligation| (obligation.unit.as_str(), obligation.state))
            .collect();
        let lines: Vec<AggregateLine> = roster
            .units
            .iter()
            .filter(|unit| {
                self.by_unit.contains_key(&unit.id)
                    || owes
                        .get(unit.id.as_str())
                        .is_some_and(|state| *state != State::Exempt)
            })
            .map(|unit| AggregateLine {
                name: unit.display_name.clone(),
                values: self.by_unit.get(&unit.id).cloned(),
            })
            .collect();
        let mut total = vec![Decimal::ZERO; self.headers.len()];
        for values in lines.iter().filter_map(|line| line.values.as_ref()) {
            for (sum, value) in total.iter_mut().zip(values) {
                *sum = sum.saturating_add(*value);
            }
        }
        AggregateTable {
            name: self.name.clone(),
            columns: self.headers.clone(),
            lines,
            total,
        }
    }
}
