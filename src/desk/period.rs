//! A period of a programme, unit by unit.

use std::sync::Arc;

use serde::Serialize;

use super::standing::{Lying, PeriodStanding, periods, standings};
use crate::domain::account::Account;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::jobs::notes::period_label;
use crate::jobs::site::Site;

/// A period of a programme.
#[derive(Debug, Clone, Serialize)]
pub struct PeriodAnswer {
    /// How it stands.
    pub standing: PeriodStanding,
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
        periods: labelled.collect(),
    }))
}
