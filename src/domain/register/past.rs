//! What was accepted of a register in earlier periods.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::Datelike as _;

use crate::domain::ids::{ItemId, UnitId};
use crate::domain::ledger::LedgerRow;
use crate::domain::period::Period;
use crate::domain::program::{Item, Items, Program};

/// The last accepted row of each unit and item before a period. A copy shares
/// the rows: that of the next period is this one and what came for this period.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Past {
    rows: HashMap<ItemId, Vec<Arc<Before>>>,
}

/// A row that was accepted in an earlier period.
#[derive(Debug, Clone, PartialEq)]
pub struct Before {
    /// Whose.
    pub unit: UnitId,
    /// When.
    pub period: Period,
    /// The row.
    pub row: Arc<LedgerRow>,
}

impl Before {
    /// The year in which its period ends.
    #[must_use]
    pub fn year(&self, program: &Program) -> Option<i32> {
        program.cycle.span(&self.period).map(|(_, end)| end.year())
    }

    /// Whether what was reported then can stand for an item in a period that
    /// ends in `year`: a figure that is added up anew each year can't.
    #[must_use]
    pub fn holds_in(&self, item: &Item, year: i32, program: &Program) -> bool {
        !item.begins_anew() || self.year(program) == Some(year)
    }
}

impl Past {
    /// Adds the counting ledger of a unit. Periods come in their order: what
    /// comes later stands for what came before.
    pub fn add(&mut self, items: &Items, unit: &UnitId, period: &Period, rows: &[Arc<LedgerRow>]) {
        for row in rows {
            let Ok(item) = ItemId::new(row.text(&items.column)) else {
                continue;
            };
            let before = Arc::new(Before {
                unit: unit.clone(),
                period: period.clone(),
                row: row.clone(),
            });
            let all = self.rows.entry(item).or_default();
            // The latest stands last.
            all.retain(|old| old.unit != *unit);
            all.push(before);
        }
    }

    /// The unit's own last row of an item.
    #[must_use]
    pub fn of(&self, unit: &UnitId, item: &ItemId) -> Option<&Before> {
        let mut all = self.all(item).iter();
        all.find(|before| before.unit == *unit).map(Arc::as_ref)
    }

    /// What a unit is shown as the item's last state: its own row, else that of
    /// whoever reported on it last, since the lead may have changed.
    #[must_use]
    pub fn shown(&self, unit: &UnitId, item: &ItemId) -> Option<&Before> {
        self.of(unit, item)
            .or_else(|| self.all(item).last().map(Arc::as_ref))
    }

    /// Last rows of an item, one of each unit that reported on it; the latest last.
    #[must_use]
    pub fn all(&self, item: &ItemId) -> &[Arc<Before>] {
        self.rows.get(item).map_or(&[], Vec::as_slice)
    }
}
