//! The status note of a unit whose duty the office decided about: exempt, or
//! owed again after an exemption that didn't last.

use serde::Serialize;

use super::known::{About, Known};
use super::{Note, contact, moment, period_label, template};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::roster::Unit;
use crate::domain::text::file_name_part;
use crate::jobs::site::Site;

#[derive(Debug, Serialize)]
struct Facts<'a> {
    unit: &'a str,
    contact: String,
    matter: &'a str,
    period: String,
    period_id: String,
    /// Needn't report; else it owes the period again.
    exempt: bool,
    reason: &'a str,
    due: String,
}

/// “免报” for a unit that is exempt; none for one that isn't.
pub(super) fn exempt(
    site: &Site,
    known: &Known,
    programme: &Program,
    unit: &Unit,
    about: &About,
) -> anyhow::Result<Option<Note>> {
    let exemption = known.exemption(about);
    exemption
        .map(|own| note(site, programme, unit, &about.period.parse()?, (true, &own.reason)))
        .transpose()
}

/// “须报送” for a unit whose exemption was undone and of which nothing has come.
pub(super) fn owed_again(
    site: &Site,
    known: &Known,
    programme: &Program,
    unit: &Unit,
    about: &About,
) -> anyhow::Result<Option<Note>> {
    let undone = known.undone(about);
    undone
        .map(|own| {
            note(
                site,
                programme,
                unit,
                &about.period.parse()?,
                (false, &own.reason),
            )
        })
        .transpose()
}

fn note(
    site: &Site,
    programme: &Program,
    unit: &Unit,
    period: &Period,
    (exempt, reason): (bool, &str),
) -> anyhow::Result<Note> {
    let language = programme.language;
    let due = programme.due(period, &site.calendar(), site.clock.zone());
    let facts = Facts {
        unit: &unit.display_name,
        contact: contact(programme),
        matter: &programme.matter,
        period: period_label(programme, period),
        period_id: period.to_string(),
        exempt,
        reason,
        due: due.map(|due| moment(language, due.at)).unwrap_or_default(),
    };
    let name = site.notes.render(&template(language, "duty-name"), &facts)?;
    let name = file_name_part(name.trim_start_matches('\u{feff}').trim());
    Ok(Note {
        folder: site.unit_folder(programme, &unit.id),
        name: format!("{name}.txt"),
        prefix: format!("{period} "),
        settles: None,
        text: super::text(site, language, "duty", &facts)?,
    })
}
