//! Names that units write and the roster doesn't know: whose alias each is, or
//! nobody's.

use std::sync::Arc;

use serde::Serialize;

use super::row::faults_of_row;
use super::{cell, file, place};
use crate::desk::{Misuse, misuse};
use crate::domain::actor::Actor;
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::language::worded;
use crate::domain::program::{Program, RosterTable, split};
use crate::domain::roster_change::with_cells;
use crate::domain::sha256::Sha256;
use crate::domain::text::{printable, tidy};
use crate::jobs::refusal::refuse_unless;
use crate::jobs::rosters::{self, RosterFile, Writing};
use crate::jobs::site::Site;
use crate::store::Entry;

/// So many names are offered at once; those that the roster has learnt of are
/// passed over among more.
const MOST: usize = 200;

/// A name on offer.
#[derive(Debug, Clone, Serialize)]
pub struct Offer {
    /// The name as it is shown.
    pub name: String,
    /// What it is known by.
    pub key: String,
    /// The unit that its files were taken for: id and name.
    pub unit: Option<(UnitId, String)>,
}

/// The names on offer of a programme.
#[derive(Debug, Clone, Serialize)]
pub struct Offers {
    /// The programme.
    pub program: ProgramId,
    /// Its full name.
    pub name: String,
    /// The names.
    pub offers: Vec<Offer>,
    /// There are more.
    pub further: bool,
    /// Units that a name may be an alias of: id and name.
    pub units: Vec<(UnitId, String)>,
    /// The content of the roster's file as it was looked at.
    pub seen: Sha256,
}

/// What a name is known by on a page: names are strangers' texts.
fn key(program: &ProgramId, name: &str) -> String {
    Sha256::of(["alias", program.as_str(), name]).to_string()
}

fn roster(site: &Site, program: &ProgramId) -> anyhow::Result<RosterFile> {
    let found = file(site, program, RosterTable::Units)?;
    let Some(found) = found else {
        misuse!(
            site.language(),
            "{program} 没有单位名册",
            "{program} has no roster of units"
        )
    };
    Ok(found)
}

/// The names on offer.
///
/// # Errors
/// The roster can't be read ([`Misuse`]); the database can't be read.
pub async fn offers(site: &Site, program: &Program) -> anyhow::Result<Offers> {
    let most = u32::try_from(MOST * 2).unwrap_or(u32::MAX);
    let all = site.store.alias_offers_of(&program.id, most).await?;
    let mut offers: Vec<Offer> = all
        .iter()
        .filter(|(name, _)| program.roster.find(name).is_none())
        .map(|(name, unit)| Offer {
            name: printable(&tidy(name)),
            key: key(&program.id, name),
            unit: unit.as_ref().and_then(|id| {
                let own = program.roster.unit(id)?;
                Some((own.id.clone(), own.name.clone()))
            }),
        })
        .collect();
    let further = offers.len() > MOST;
    offers.truncate(MOST);
    let units = program.roster.units.iter();
    Ok(Offers {
        program: program.id.clone(),
        name: program.name.clone(),
        offers,
        further,
        units: units.map(|unit| (unit.id.clone(), unit.name.clone())).collect(),
        seen: roster(site, &program.id)?.sha256,
    })
}

/// The name of a key, or one that is named itself, as it stands on offer.
async fn on_offer(site: &Site, program: &ProgramId, asked: &str) -> anyhow::Result<String> {
    let all = site.store.alias_offers_of(program, u32::MAX).await?;
    let mut names = all.into_iter().map(|(name, _)| name);
    let found = names.find(|name| name == asked || key(program, name) == asked);
    found.ok_or_else(|| {
        let language = site.language();
        let shown = if asked.len() == 64 {
            language.either("这个名称", "this name")
        } else {
            asked
        };
        crate::jobs::refusal::Refusal::Impossible(worded!(
            language,
            "“{shown}”不在待定的名称里，可能刚才已经有人处理过了",
            "“{shown}” isn't among the names to settle; somebody may just have settled it"
        ))
        .into()
    })
}

/// Writes a name into the roster as an alias of a unit's, and ends its offer.
///
/// # Errors
/// It isn't on offer any more, can't be an alias, or the roster is another by
/// now ([`crate::jobs::refusal::Refusal`], [`Misuse`]); the database is gone.
pub async fn take_up(
    site: &Arc<Site>,
    by: &Actor,
    (program, asked): (&Program, &str),
    unit: &UnitId,
    seen: Option<Sha256>,
) -> anyhow::Result<()> {
    let name = on_offer(site, &program.id, asked).await?;
    let alias = tidy(&name);
    let language = site.language();
    refuse_unless!(
        split(&alias).len() == 1,
        language,
        "“{}”里有顿号、逗号，不能作别名",
        "“{}” has commas in it and can't be an alias",
        printable(&alias)
    );
    let mut file = roster(site, &program.id)?;
    let (own_id, aliases) = (place(&file, "id"), place(&file, "aliases"));
    let row = file
        .cells
        .rows()
        .iter()
        .find(|row| cell(&row.cells, own_id) == unit.as_str());
    let unknown = || {
        Misuse(worded!(
            language,
            "名册里没有编号为“{unit}”的单位",
            "the roster has no unit “{unit}”"
        ))
    };
    let Some(row) = row else {
        return Err(unknown().into());
    };
    let mut all = split(cell(&row.cells, aliases));
    if !all.contains(&alias) {
        all.push(alias.clone());
    }
    let given = [("aliases", all.join("、"))];
    let plan = match with_cells(&file.cells, RosterTable::Units, unit, &given) {
        Ok(Some(plan)) => plan,
        Ok(None) => return Err(unknown().into()),
        Err(wrong) => return Err(Misuse(format!("{}{}", wrong[0].message, wrong[0].remedy)).into()),
    };
    if let Some(fault) = faults_of_row(site, &file, &plan)?.first() {
        misuse!(
            language,
            "“{}”不能作别名：{}{}",
            "“{}” can't be an alias: {}{}",
            printable(&alias),
            fault.message,
            fault.remedy
        );
    }
    file.sha256 = seen.unwrap_or(file.sha256);
    let called = program
        .roster
        .unit(unit)
        .map_or(unit.as_str(), |own| own.name.as_str());
    let writing = Writing {
        file: &file,
        plan: &plan,
        what: "alias-taken",
        unit: Some(unit),
        detail: &worded!(
            language,
            "“{}”记为{called}的别名",
            "“{}” is an alias of {called}",
            printable(&alias)
        ),
        offer: Some(&name),
    };
    rosters::write(site, by, writing).await?;
    Ok(())
}

/// Says that a name is nobody's alias: it isn't offered again.
///
/// # Errors
/// It isn't on offer any more ([`crate::jobs::refusal::Refusal`]); the database
/// is gone.
pub async fn dismiss(site: &Site, by: &Actor, program: &ProgramId, asked: &str) -> anyhow::Result<()> {
    let name = on_offer(site, program, asked).await?;
    let now = site.clock.utc();
    let mut change = site.store.begin().await?;
    let stood = site
        .store
        .end_alias_offer(&mut change, (program, &name), Some(now))
        .await?;
    let language = site.language();
    refuse_unless!(
        stood,
        language,
        "“{}”刚才已经有人处理过了",
        "somebody has just settled “{}”",
        printable(&name)
    );
    let entry = Entry {
        by: by.name(),
        via: by.via(),
        what: "alias-dismissed",
        program: Some(program),
        detail: worded!(
            language,
            "“{}”不是别名",
            "“{}” is no alias",
            printable(&tidy(&name))
        )
        .into(),
        ..Entry::default()
    };
    site.store.log(&mut change, now, &entry).await?;
    Ok(change.commit().await?)
}
