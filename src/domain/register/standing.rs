//! How each item of a register stands in a period, unit by unit.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use super::{Asking, Duties, Past};
use crate::domain::ids::UnitId;
use crate::domain::ledger::LedgerRow;
use crate::domain::period::Period;
use crate::domain::program::{Item, Items, Joint, Program};

/// Rows of a unit's ledger for a period, and whether it counts.
#[derive(Debug, Clone, Default)]
pub struct Handed {
    /// Whether it was accepted; else it was handed back.
    pub accepted: bool,
    /// Its rows.
    pub rows: Arc<Vec<Arc<LedgerRow>>>,
}

/// Where an item stands with one of those who owe rows of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// A row was accepted.
    Accepted,
    /// Nothing changed: the row of an earlier period holds on (无变化).
    Unchanged,
    /// It was accepted as done in an earlier period and owes no row (已完成).
    Done,
    /// Somebody else's accepted row covers it (合报).
    Covered,
    /// A row is there, in a ledger that was handed back.
    Returned,
    /// No row is there.
    Missing,
    /// Nobody knows yet who leads it (待明确).
    Undecided,
    /// Nothing is required in the year.
    NotThisYear,
    /// Its deadline was over when the document was issued (历史期限).
    Historic,
}

/// One item with one of those who owe rows of it, or with nobody.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemLine {
    /// The item's place in the table.
    pub place: usize,
    /// Who owes it; none where nobody does, or nobody knows.
    pub unit: Option<UnitId>,
    /// Whether the unit leads it.
    pub leads: bool,
    /// Where it stands.
    pub state: ItemState,
    /// What is known of it: the accepted row, else the last accepted one.
    pub row: Option<Arc<LedgerRow>>,
    /// The period of that row, where it is an earlier one.
    pub of: Option<Period>,
}

/// Every item with each of those who owe rows of it, in the order of the
/// table, the first named first.
#[must_use]
pub fn item_lines<S: std::hash::BuildHasher>(
    program: &Program,
    duties: &Duties,
    past: &Past,
    handed: &HashMap<UnitId, Handed, S>,
) -> Vec<ItemLine> {
    let Some(items) = program.material.items() else {
        return Vec::new();
    };
    let rows: HashMap<(&UnitId, &str), (&Arc<LedgerRow>, bool)> = handed
        .iter()
        .flat_map(|(unit, own)| {
            let rows = own.rows.iter();
            rows.map(move |row| ((unit, row.text(&items.column)), (row, own.accepted)))
        })
        .collect();
    let mut lines = Vec::new();
    for (place, item) in items.all.iter().enumerate() {
        lines.extend(of_item(items, (place, item), duties, past, &rows));
    }
    lines
}

fn of_item(
    items: &Items,
    (place, item): (usize, &Item),
    duties: &Duties,
    past: &Past,
    rows: &HashMap<(&UnitId, &str), (&Arc<LedgerRow>, bool)>,
) -> Vec<ItemLine> {
    let Some(asked) = duties.items.get(place) else {
        return Vec::new();
    };
    let nobody = |state| ItemLine {
        place,
        unit: None,
        leads: false,
        state,
        row: past.all(&item.id).last().map(|before| before.row.clone()),
        of: past.all(&item.id).last().map(|before| before.period.clone()),
    };
    let unasked = match asked.state {
        Asking::Due => None,
        Asking::Undecided => return vec![nobody(ItemState::Undecided)],
        Asking::NotThisYear => Some(ItemState::NotThisYear),
        Asking::Historic => Some(ItemState::Historic),
    };
    if let Some(state) = unasked.filter(|_| asked.owers.is_empty()) {
        return vec![nobody(state)];
    }
    let key = |unit| (unit, item.id.as_str());
    let covered = items.joint == Joint::Either
        && asked
            .owers
            .iter()
            .any(|ower| rows.get(&key(&ower.unit)).is_some_and(|(_, accepted)| *accepted));
    let mut lines = Vec::new();
    if asked.undecided {
        lines.push(nobody(ItemState::Undecided));
    }
    for ower in &asked.owers {
        let own = rows.get(&key(&ower.unit));
        let before = past.of(&ower.unit, &item.id);
        let (state, row, of) = match (own, &ower.done) {
            (Some((row, true)), _) if row.carried.is_some() => {
                (ItemState::Unchanged, Some((*row).clone()), row.carried.clone())
            }
            (Some((row, true)), _) => (ItemState::Accepted, Some((*row).clone()), None),
            (Some((_, false)), _) => (
                ItemState::Returned,
                before.map(|before| before.row.clone()),
                before.map(|before| before.period.clone()),
            ),
            (None, done) => {
                let state = match (unasked, done) {
                    (Some(state), _) => state,
                    (None, Some(_)) => ItemState::Done,
                    (None, None) if covered => ItemState::Covered,
                    (None, None) => ItemState::Missing,
                };
                let row = before.map(|before| before.row.clone());
                (state, row, before.map(|before| before.period.clone()))
            }
        };
        lines.push(ItemLine {
            place,
            unit: Some(ower.unit.clone()),
            leads: ower.leads,
            state,
            row,
            of,
        });
    }
    lines
}

impl ItemState {
    /// Whether a row is owed and not there, or there and not right.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Returned | Self::Missing)
    }

    /// Whether a row of the unit's counts for it.
    #[must_use]
    pub fn counts(self) -> bool {
        matches!(self, Self::Accepted | Self::Unchanged | Self::Done)
    }

    /// The word that people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Accepted => "已报",
            Self::Unchanged => "无变化",
            Self::Done => "已完成",
            Self::Covered => "合报",
            Self::Returned => "退回",
            Self::Missing => "未报",
            Self::Undecided => "待明确",
            Self::NotThisYear => "本年无要求",
            Self::Historic => "历史期限",
        }
    }
    /// The same in English.
    #[must_use]
    pub fn label_en(self) -> &'static str {
        match self {
            Self::Accepted => "reported",
            Self::Unchanged => "unchanged",
            Self::Done => "done",
            Self::Covered => "covered",
            Self::Returned => "returned",
            Self::Missing => "not reported",
            Self::Undecided => "to be decided",
            Self::NotThisYear => "not required",
            Self::Historic => "past",
        }
    }
}
