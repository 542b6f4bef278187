//! What was accepted of registers, from what the database knows.

use std::sync::Arc;

use super::site::{Gathered, Site};
use crate::domain::ids::UnitId;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::register::{self, Duties, Past, Ready};

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
