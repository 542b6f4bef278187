//! A row reports on somebody else's item.

use super::Cell;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::register::Citation;

/// Names whose it is. Without a unit nothing is anybody's.
pub(super) fn check(cell: &Cell<'_>) -> Option<Finding> {
    let (case, register) = (cell.case, cell.case.register.as_ref()?);
    let Citation::Other(place) = case.citation(cell.sheet, cell.row)? else {
        return None;
    };
    if !cell.cites() || case.unit.is_none() {
        return None;
    }
    let owers = register
        .duties
        .items
        .get(place)
        .map_or(&[][..], |asked| &asked.owers);
    let units = owers
        .iter()
        .filter(|ower| ower.leads)
        .filter_map(|ower| case.program.roster.unit(&ower.unit));
    let others = case.words.list(units.map(|unit| unit.display_name.as_str()));
    let finding = cell.finding(Code::ItemNotYours);
    Some(
        finding
            .with("value", &register.items.all[place].number)
            .with("others", others),
    )
}
