//! Items that the unit owes aren't in its ledger.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::program::{Item, Items, Joint};

/// One finding that names them all, in the order of the table. What an earlier
/// ledger stands for, because nothing changed, isn't missing.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let (Some(register), Some(unit)) = (&case.register, case.unit) else {
        return Vec::new();
    };
    let Some(sheet) = case.reading.sheets.iter().find(|sheet| {
        let layout = case.form_sheet(sheet);
        layout.is_some_and(|layout| layout.column(&register.items.column).is_some())
    }) else {
        return Vec::new();
    };
    let carried = register.carried(&unit.id);
    let shared = |place: usize| {
        let owers = &register.duties.items[place].owers;
        register.items.joint == Joint::Either && owers.len() > 1 && case.row_count() > 0
    };
    let missing: Vec<usize> = register
        .open(&unit.id)
        .into_iter()
        .filter(|place| carried.iter().all(|(own, _)| own != place) && !shared(*place))
        .collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let mut numbers: Vec<String> = Vec::new();
    for place in &missing {
        let number = label(register.items, &register.items.all[*place]);
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    let mut finding = Finding::new(Code::ItemMissing)
        .on_sheet(&sheet.sheet)
        .with("count", register.duties.due(&unit.id).count())
        .with("missing", case.words.list(numbers));
    if register.ticked {
        finding = finding.with("refused", "");
    }
    vec![finding]
}

/// An item as a message cites it: by its number, and where its sheet isn't the
/// only one by its name as well.
fn label(items: &Items, item: &Item) -> String {
    let first = items.all.first().map_or("", |first| first.sheet.as_str());
    if item.sheet == first {
        item.number.clone()
    } else {
        format!("{}（{}）", item.number, item.name)
    }
}
