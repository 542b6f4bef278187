//! Laying a unit's form ready.

use std::sync::Arc;

use super::carry_out::Outcome;
use super::lay::Laid;
use super::place::Place;
use crate::domain::ids::Duty;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::inbox::Fresh;
use crate::jobs::forms::{form_name, guide, guide_name, unit_forms};
use crate::jobs::notes::Known;
use crate::jobs::obligations::open_periods;
use crate::jobs::site::Site;
use crate::platform::FileSystem;
use crate::store::Role;
use crate::workbook::form::{form_context, write_form};

/// Writes the form of a period and its 填报说明. Written anew each time from
/// the programme, which gives equal bytes; so doing it twice does no more than once.
pub(super) fn lay(
    site: &Site,
    known: &Known,
    about: &Duty,
    later: Option<&FileSystem>,
) -> anyhow::Result<Laid> {
    let (program, period) = programme(site, about)?;
    let Some(unit) = program.roster.unit(&about.unit) else {
        return Ok(Laid::Nothing);
    };
    let Some(mut context) = form_context(&program, Some(unit), &period) else {
        return Ok(Laid::Nothing);
    };
    context.ready = known.ready_for(about).to_vec();
    let folder = unit_forms(site, &program, &unit.id);
    let form = site.share.write(&folder, &write_form(&context)?, later)?;
    let guide = guide(site, &program, unit, &period)?;
    let guide = site.share.write(&folder, guide.as_bytes(), later)?;
    Ok(Laid::Forms(vec![
        (form_name(&program, unit, &period), form, Role::Form),
        (guide_name(&program, &period), guide, Role::Note),
    ]))
}

/// Puts what [`lay`] wrote into the unit's folder, and takes away forms of
/// other periods that nobody has touched.
pub(super) async fn lay_ready(
    place: &mut Place<'_>,
    about: &Duty,
    files: Vec<(String, Fresh, Role)>,
) -> anyhow::Result<Outcome> {
    let site = place.site;
    let (program, _) = programme(site, about)?;
    let Some(unit) = program.roster.unit(&about.unit) else {
        return Ok(Outcome::default());
    };
    let folder = unit_forms(site, &program, &unit.id);
    let mut outcome = Outcome::default();
    for (name, file, role) in files {
        let path = folder.join(&name);
        let ours = match role {
            Role::Note => place.our_note(&path).await?,
            _ => place.ours_as(&path, role).await?,
        };
        // A file of that name which isn't ours is one that the unit filled in,
        // before the crash that brought us here or of its own accord.
        let theirs = site
            .share
            .hash(&path)
            .is_ok_and(|own| own != file.sha256 && !ours.contains(&own));
        if !theirs {
            let left = site.share.publish(&folder, &name, file, &ours)?;
            outcome.left.push((left, role));
        }
    }
    // A form stays until its period closes: many fill it in after the month's end.
    let open: Vec<String> = open_periods(site, &program)
        .iter()
        .flat_map(|period| [form_name(&program, unit, period), guide_name(&program, period)])
        .collect();
    for role in [Role::Form, Role::Note] {
        for old in place.beginning(&format!("{folder}/"), role).await? {
            let name = old.path.name();
            let current = open.iter().any(|own| own == name);
            let parent = old.path.strip_suffix(name).unwrap_or_default();
            // Notes beside a file of the unit's own speak of its submission.
            if current || old.submission.is_some() || site.share.is_locked(parent, name) {
                continue;
            }
            site.share.remove_ours(&old.path, old.sha256);
            if site.share.stat(&old.path).is_none() {
                outcome.gone.push(old.path);
            }
        }
    }
    Ok(outcome)
}

/// The programme and the period that a form is about.
fn programme(site: &Site, about: &Duty) -> anyhow::Result<(Arc<Program>, Period)> {
    let Some(program) = site.program(&about.program) else {
        anyhow::bail!("方案 {} 现在读不出来", about.program)
    };
    Ok((program, about.period.clone()))
}
