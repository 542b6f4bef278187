//! Items of which those who lead them report different things (口径不一).

use super::ItemLine;
use crate::domain::ids::UnitId;
use crate::domain::program::Items;

/// An item of which several leads report different things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The item's place in the table.
    pub place: usize,
    /// What each of them reports, the first named first.
    pub reports: Vec<(UnitId, String)>,
}

/// Where leads of one item disagree about how far it is, in the order of the table.
#[must_use]
pub fn disagreements(items: &Items, lines: &[ItemLine]) -> Vec<Disagreement> {
    let mut found = Vec::new();
    for lines in lines.chunk_by(|a, b| a.place == b.place) {
        let Some(place) = lines.first().map(|line| line.place) else {
            continue;
        };
        let column = match items.all[place].measure {
            None => items.status.as_ref().map(|status| status.column.as_str()),
            Some(_) => items.measures.as_ref().map(|own| own.column.as_str()),
        };
        let Some(column) = column else { continue };
        let reports: Vec<(UnitId, String)> = lines
            .iter()
            .filter(|line| line.leads && line.state.counts())
            .filter_map(|line| {
                let said = line.row.as_ref()?.text(column);
                (!said.is_empty()).then(|| Some((line.unit.clone()?, said.to_owned())))?
            })
            .collect();
        let differ = reports.windows(2).any(|pair| pair[0].1 != pair[1].1);
        if differ {
            found.push(Disagreement { place, reports });
        }
    }
    found
}
