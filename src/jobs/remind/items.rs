//! How the items of a register stand, for letters.

use std::collections::HashMap;

use super::standings::Standings;
use crate::domain::ids::UnitId;
use crate::domain::language::Language;
use crate::domain::obligation::standing::Standing;
use crate::domain::program::{ColumnKind, Items, Program};
use crate::domain::register::{ItemLine, ItemTally, disagreements, undecided};
use crate::jobs::site::Site;
use crate::mail::ItemsFacts;

/// Items behind schedule that a letter names; the master has them all.
const MOST_NAMED: usize = 20;

/// How the items of a unit stand, in words; empty where it owes none.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn of_unit(
    site: &Site,
    standings: &mut Standings,
    program: &Program,
    standing: &Standing,
    unit: &UnitId,
) -> anyhow::Result<String> {
    let Some(items) = program.material.items() else {
        return Ok(String::new());
    };
    let lines = standings.items(site, program, standing).await?;
    let own = lines.iter().filter(|line| line.unit.as_ref() == Some(unit));
    Ok(ItemTally::of(items, own).in_words(program.language))
}

/// The same in figures only, for each unit that owes any.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn by_unit(
    site: &Site,
    standings: &mut Standings,
    program: &Program,
    standing: &Standing,
) -> anyhow::Result<HashMap<UnitId, String>> {
    let Some(items) = program.material.items() else {
        return Ok(HashMap::new());
    };
    let lines = standings.items(site, program, standing).await?;
    let mut by_unit: HashMap<&UnitId, Vec<&ItemLine>> = HashMap::new();
    for line in lines.iter() {
        if let Some(unit) = &line.unit {
            by_unit.entry(unit).or_default().push(line);
        }
    }
    let words = by_unit.into_iter().map(|(unit, lines)| {
        let tally = ItemTally::of(items, lines.into_iter());
        (unit.clone(), tally.in_figures(program.language))
    });
    Ok(words.collect())
}

/// How all items stand; none where the programme is no register.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn of_all(
    site: &Site,
    standings: &mut Standings,
    program: &Program,
    standing: &Standing,
) -> anyhow::Result<Option<ItemsFacts>> {
    let Some(items) = program.material.items() else {
        return Ok(None);
    };
    let lines = standings.items(site, program, standing).await?;
    let undecided = undecided(items, &lines).into_iter().map(str::to_owned);
    let behind = behind(program, items, &lines);
    Ok(Some(ItemsFacts {
        words: ItemTally::of(items, lines.iter()).in_figures(program.language),
        everyone: items.everyone,
        undecided: undecided.collect(),
        statuses: statuses(program, items, &lines),
        further: behind.len().saturating_sub(MOST_NAMED),
        disagree: disagree(program, items, &lines),
        behind: behind.into_iter().take(MOST_NAMED).collect(),
    }))
}

/// How many rows that count say which status, in the order of its list.
fn statuses(program: &Program, items: &Items, lines: &[ItemLine]) -> Vec<(String, usize)> {
    let Some(status) = &items.status else {
        return Vec::new();
    };
    let forms = program.material.forms().iter();
    let mut sheets = forms.flat_map(|form| &form.sheets);
    let choices = sheets.find_map(|sheet| match &sheet.column(&status.column)?.1.kind {
        ColumnKind::Choice(choices) => Some(choices),
        _ => None,
    });
    let said = |name: &str| {
        let rows = lines.iter().filter(|line| line.state.counts());
        let rows = rows.filter_map(|line| line.row.as_ref());
        rows.filter(|row| row.text(&status.column) == name).count()
    };
    let choices = choices.map_or(&[][..], Vec::as_slice).iter();
    choices
        .map(|choice| (choice.name.clone(), said(&choice.name)))
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// Items whose row that counts says that they are behind, with who says so.
fn behind(program: &Program, items: &Items, lines: &[ItemLine]) -> Vec<String> {
    let Some(status) = &items.status else {
        return Vec::new();
    };
    let mut named = Vec::new();
    for line in lines.iter().filter(|line| line.state.counts()) {
        let said = line.row.as_ref().map_or("", |row| row.text(&status.column));
        if !status.red.iter().any(|red| red == said) {
            continue;
        }
        let item = &items.all[line.place];
        let unit = line.unit.as_ref().and_then(|id| program.roster.unit(id));
        let unit = unit.map_or("", |unit| unit.display_name.as_str());
        let cited = item.cited(program.language);
        let said = match program.language {
            Language::Chinese => format!("{cited}（{unit}）"),
            Language::English => format!("{cited} ({unit})"),
        };
        // Parts of an item have its number and often its name.
        if !named.contains(&said) {
            named.push(said);
        }
    }
    named
}

/// Items of which several leads report different things, with what each says.
fn disagree(program: &Program, items: &Items, lines: &[ItemLine]) -> Vec<String> {
    let (comma, stop) = match program.language {
        Language::Chinese => ("，", "："),
        Language::English => (", ", ": "),
    };
    let found = disagreements(items, lines).into_iter().take(MOST_NAMED);
    found
        .map(|own| {
            let item = &items.all[own.place];
            let reports = own.reports.iter().map(|(unit, said)| {
                let unit = program.roster.unit(unit);
                let unit = unit.map_or("", |unit| unit.display_name.as_str());
                match program.language {
                    Language::Chinese => format!("{unit}报“{said}”"),
                    Language::English => format!("{unit} “{said}”"),
                }
            });
            let cited = item.cited(program.language);
            format!("{cited}{stop}{}", reports.collect::<Vec<_>>().join(comma))
        })
        .collect()
}
