//! How the items of a register stand, for its master.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::domain::consolidate::view::{RegisterFacts, item_keys};
use crate::domain::consolidate::words::Words;
use crate::domain::ledger::LedgerRow;
use crate::domain::obligation::State;
use crate::domain::obligation::standing::Standing;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::jobs::register;
use crate::jobs::site::Site;
use crate::store::StoredRemark;
use crate::workbook::master::OfficeColumn;

/// The facts; none where the programme is no register.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn facts(
    site: &Site,
    program: &Program,
    standing: &Standing,
) -> anyhow::Result<Option<RegisterFacts>> {
    let Some(items) = program.material.items() else {
        return Ok(None);
    };
    let handed = register::handed(site, program, standing).await?;
    let mut strangers = Vec::new();
    for unit in &program.roster.units {
        let counts = handed.get(&unit.id).filter(|own| own.accepted);
        for row in counts.into_iter().flat_map(|own| own.rows.iter()) {
            let place = items.place(row.text(&items.column));
            if place.is_none_or(|place| !standing.duties.is_of(&unit.id, place)) {
                strangers.push((unit.id.clone(), LedgerRow::clone(row)));
            }
        }
    }
    let obligations = standing.obligations.iter();
    let overdue = obligations.filter(|own| {
        let late = standing.now > standing.due.at;
        own.state == State::Overdue || (own.state == State::Returned && late)
    });
    Ok(Some(RegisterFacts {
        lines: standing.item_lines(program, &handed),
        overdue: overdue.map(|own| own.unit.clone()).collect(),
        today: standing.now.date_naive(),
        carried_on: carried_on(site, program, standing).await?,
        strangers,
    }))
}

/// What the office wrote of items in earlier periods, the latest of each, as
/// long as its handling doesn't say that it is settled.
async fn carried_on(
    site: &Site,
    program: &Program,
    standing: &Standing,
) -> anyhow::Result<HashMap<String, (String, String)>> {
    let first_day = |period: &Period| program.cycle.span(period).map(|span| span.0);
    let start = first_day(&standing.period);
    let keys: HashSet<String> = item_keys(program).into_iter().map(|(key, _)| key).collect();
    let settled = Words::of(program.language).register().settled;
    let mut written: BTreeMap<_, Vec<StoredRemark>> = BTreeMap::new();
    for (period, remark) in site.store.remarks_of_all(&program.id).await? {
        let first = first_day(&period).filter(|first| Some(*first) < start);
        if let Some(first) = first.filter(|_| keys.contains(&remark.row_key)) {
            written.entry(first).or_default().push(remark);
        }
    }
    let mut carried = HashMap::new();
    for remarks in written.into_values() {
        let mut own: BTreeMap<String, (String, String)> = BTreeMap::new();
        for remark in remarks {
            let both = own.entry(remark.row_key).or_default();
            match OfficeColumn::of(&remark.field) {
                Some(OfficeColumn::Instruction) => both.0 = remark.text,
                Some(OfficeColumn::Handling) => both.1 = remark.text,
                _ => {}
            }
        }
        for (item, both) in own {
            if both.1.contains(settled) {
                carried.remove(&item);
            } else {
                carried.insert(item, both);
            }
        }
    }
    Ok(carried)
}

/// Everything that a master says of its items, as one text: equal texts, equal
/// sheets.
///
/// # Errors
/// None that facts can give.
pub fn told(facts: &RegisterFacts) -> serde_json::Result<String> {
    let lines = facts.lines.iter().map(|line| {
        let cells = line.row.as_ref().map(|row| &row.cells);
        (line.place, &line.unit, line.state, &line.of, cells)
    });
    let mut overdue: Vec<_> = facts.overdue.iter().collect();
    overdue.sort_unstable();
    let mut carried: Vec<_> = facts.carried_on.iter().collect();
    carried.sort_unstable();
    let strangers = facts.strangers.iter().map(|(unit, row)| (unit, &row.cells));
    serde_json::to_string(&(
        lines.collect::<Vec<_>>(),
        overdue,
        carried,
        strangers.collect::<Vec<_>>(),
    ))
}
