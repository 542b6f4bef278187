//! Which lines of the journal were asked for by a command.

use chrono::{Days, NaiveDate, NaiveTime, Utc};

use super::{Asked, kinds};
use crate::desk::named;
use crate::domain::dates::civil;
use crate::jobs::site::Site;
use crate::store::{Concern, Sought};

/// The days from one to another, both included, as instants.
pub(super) fn days(
    site: &Site,
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
) -> (Option<chrono::DateTime<Utc>>, Option<chrono::DateTime<Utc>>) {
    let zone = site.clock.zone();
    let midnight = |day: NaiveDate| civil(zone, day, NaiveTime::MIN).to_utc();
    let after = to.and_then(|day| day.checked_add_days(Days::new(1)));
    (from.map(midnight), after.map(midnight))
}

/// What was named, found.
///
/// # Errors
/// There is no such programme, unit, period or kind.
pub(super) fn sought(site: &Site, asked: &Asked) -> anyhow::Result<Sought> {
    let program = asked
        .program
        .as_deref()
        .map(|named| named::program(site, Some(named)))
        .transpose()?;
    let named = program.as_deref();
    let units = asked.unit.as_deref();
    let units = units
        .map(|text| named::units_called(site, named, text))
        .transpose()?;
    let periods = asked.period.as_deref();
    let periods = periods
        .map(|text| named::periods_called(site, named, text))
        .transpose()?;
    let mut about = Vec::new();
    for own in site.programs() {
        let id = &own.id;
        if named.is_some_and(|named| named.id != *id) {
            continue;
        }
        let unit = units.as_ref().map(|all| all.iter().find(|(of, _)| of == id));
        let period = periods.as_ref().map(|all| all.iter().find(|(of, _)| of == id));
        // What was named has to be found in it.
        if unit == Some(None) || period == Some(None) {
            continue;
        }
        about.push(Concern {
            program: id.clone(),
            unit: unit.flatten().map(|(_, unit)| unit.clone()),
            period: period.flatten().map(|(_, period)| period.clone()),
        });
    }
    let anything = named.is_none() && units.is_none() && periods.is_none();
    let (from, to) = days(site, (asked.from, asked.to));
    Ok(Sought {
        from,
        to,
        kinds: kinds::named(&asked.kinds, site.language())?
            .into_iter()
            .map(str::to_owned)
            .collect(),
        about: (!anything).then_some(about),
        ..Sought::default()
    })
}
