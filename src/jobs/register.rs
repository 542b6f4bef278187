//! What was accepted of registers, from what the database knows.

use std::collections::HashMap;
use std::sync::Arc;

use super::site::{Gathered, Site};
use crate::domain::ids::UnitId;
use crate::domain::obligation::standing::Standing;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::register::{self, Duties, Handed, ItemLine, Past, Ready};
use crate::domain::submission::counting;

/// What of a register was accepted before a period; nothing where the
/// programme is no register.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn past(site: &Site, program: &Program, period: &Period) -> anyhow::Result<Arc<Past>> {
    let (Some(items), Some((start, _))) = (program.material.items(), program.cycle.span(period)) else {
        return Ok(Arc::default());
    };
    let first_day = |period: &Period| program.cycle.span(period).map(|span| span.0);
    let mut periods = site.store.periods_of(&program.id).await?;
    periods.retain(|other| first_day(other).is_some_and(|first| first < start));
    periods.sort_by_key(first_day);
    let mut from = Vec::with_capacity(periods.len());
    for period in periods {
        let counting = site.store.counting_judged(&program.id, &period).await?;
        from.push((period, counting));
    }
    let key = (program.id.clone(), period.clone());
    if let Some(past) = site.pasts.known(&key, &program.hash, &from) {
        return Ok(past);
    }
    let mut past = Past::default();
    for (period, counting) in &from {
        for counting in counting {
            let rows = site.rows(program, period, counting.submission).await?;
            past.add(items, &counting.unit, period, rows);
        }
    }
    let past = Arc::new(past);
    site.pasts.keep(
        key,
        Gathered {
            definition: program.hash.clone(),
            from,
            past: past.clone(),
        },
    );
    Ok(past)
}

/// Rows that stand ready on a unit's form: all of its items, or these by their
/// places in the table. None where the programme is no register.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn ready(
    site: &Site,
    program: &Program,
    period: &Period,
    unit: &UnitId,
    only: Option<&[usize]>,
) -> anyhow::Result<Vec<Ready>> {
    let past = past(site, program, period).await?;
    let duties = Duties::of(program, period, &past);
    let places = only.unwrap_or_else(|| duties.on_form(unit));
    Ok(register::ready(program, period, unit, (&duties, &past), places))
}

/// What a register asks for in a period; nothing where the programme is none.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn duties(site: &Site, program: &Program, period: &Period) -> anyhow::Result<Duties> {
    let past = past(site, program, period).await?;
    Ok(Duties::of(program, period, &past))
}

/// How each item stands in a period, unit by unit; none where the programme is
/// no register.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn item_lines(
    site: &Site,
    program: &Program,
    standing: &Standing,
) -> anyhow::Result<Vec<ItemLine>> {
    if program.material.items().is_none() {
        return Ok(Vec::new());
    }
    let past = past(site, program, &standing.period).await?;
    let mut handed = HashMap::new();
    for (unit, versions) in &standing.submissions {
        let counts = counting(versions);
        let latest = || versions.iter().rfind(|own| own.is_returned());
        let Some(submission) = counts.or_else(latest) else {
            continue;
        };
        let rows = site.rows(program, &standing.period, submission.id).await?;
        let accepted = counts.is_some();
        handed.insert(unit.clone(), Handed { accepted, rows });
    }
    Ok(register::item_lines(program, &standing.duties, &past, &handed))
}
