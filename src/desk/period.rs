//! A period of a programme, unit by unit, with what comes next to each.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Days};
use chrono_tz::Tz;
use serde::Serialize;

use super::standing::{Lying, PeriodStanding, periods, standings};
use crate::domain::account::Account;
use crate::domain::ids::UnitId;
use crate::domain::language::Language;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::jobs::notes::period_label;
use crate::jobs::obligations::Supposed;
use crate::jobs::remind::forecast;
use crate::jobs::site::Site;

/// How far ahead the next letter is looked for.
const AHEAD: Days = Days::new(30);

/// The next letter to a unit, as if nothing more came in.
#[derive(Debug, Clone, Serialize)]
pub struct Next {
    /// What kind.
    pub label: String,
    /// When.
    pub at: DateTime<Tz>,
    /// It waits for a person before it goes.
    pub draft: bool,
}

/// A period of a programme.
#[derive(Debug, Clone, Serialize)]
pub struct PeriodAnswer {
    /// How it stands.
    pub standing: PeriodStanding,
    /// The next letter to each unit that gets one.
    pub next: HashMap<UnitId, Next>,
    /// The periods that there is something to say of, latest first, each with its label.
    pub periods: Vec<(Period, String)>,
}

/// A programme that an account has to do with.
#[must_use]
pub fn program(site: &Site, account: &Account, id: &str) -> Option<Arc<Program>> {
    site.program(id).filter(|program| account.has(&program.id))
}

/// The programmes that an account has to do with.
#[must_use]
pub fn programs(site: &Site, account: &Account) -> Vec<Arc<Program>> {
    let all = site.programs().into_iter();
    all.filter(|program| account.has(&program.id)).collect()
}

/// A period of a programme as people say it.
#[must_use]
pub fn label(program: &Program, period: &Period) -> String {
    period_label(program, period)
}

/// A period of a programme; none that the programme doesn't know.
///
/// # Errors
/// The database can't be read.
pub async fn period(
    site: &Arc<Site>,
    program: &Arc<Program>,
    period: &Period,
) -> anyhow::Result<Option<PeriodAnswer>> {
    let lying = Lying::of(site).await?;
    let own = standings(site, program, std::slice::from_ref(period), &lying)
        .await?
        .pop();
    let Some(standing) = own else {
        return Ok(None);
    };
    let today = site.clock.now().date_naive();
    let until = today.checked_add_days(AHEAD).unwrap_or(today);
    let mut next: HashMap<UnitId, Next> = HashMap::new();
    for notice in forecast(site, program, until, &Supposed::default()).await? {
        let of_unit = notice.unit.clone().filter(|_| notice.period == *period);
        let Some(unit) = of_unit else { continue };
        next.entry(unit).or_insert_with(|| Next {
            label: notice.kind.label(Language::Chinese).to_owned(),
            at: notice.at,
            draft: notice.mode == crate::domain::ladder::Mode::Draft,
        });
    }
    let mut all = periods(site, program, &lying).await?;
    if !all.contains(period) {
        all.push(period.clone());
        all.sort_by_key(|own| program.cycle.span(own).map(|span| span.0));
    }
    all.reverse();
    let labelled = all.into_iter().map(|own| {
        let label = period_label(program, &own);
        (own, label)
    });
    Ok(Some(PeriodAnswer {
        standing,
        next,
        periods: labelled.collect(),
    }))
}
