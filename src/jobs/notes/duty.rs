//! The status note of a unit whose duty the office decided about: exempt, or
//! owed again after an exemption that didn't last.

use serde::Serialize;

use super::{Note, contact, moment, period_label, status_note};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::roster::Unit;
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

/// “免报”, or “须报送” for a unit whose exemption was undone and of which
/// nothing has come; with the office's reason.
pub(super) fn note(
    site: &Site,
    programme: &Program,
    unit: &Unit,
    period: &Period,
    (exempt, reason): (bool, &str),
) -> anyhow::Result<Note> {
    let language = programme.language;
    let due = programme.due_of(&unit.id, period, &site.calendar(), site.clock.zone());
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
    status_note(site, programme, unit, period, ("duty-name", "duty"), &facts)
}
