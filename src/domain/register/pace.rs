//! How far a figure has come against what the year wants of it by now (序时进度).

use chrono::{Datelike as _, NaiveDate};
use rust_decimal::Decimal;

use super::{ItemLine, ItemState};
use crate::domain::program::{Growth, Items};
use crate::domain::targets::Light;

/// A figure against its pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What was reported, in the figure's own unit.
    pub reached: Decimal,
    /// What should be reached by the end of the period; none where only the
    /// end of the year is judged.
    pub wanted: Option<Decimal>,
    /// By how much it falls short, in percent of the year's target; 0 where it doesn't.
    pub short: Option<Decimal>,
    /// The light; none where there is nothing to measure by.
    pub light: Option<Light>,
}

/// How a figure stands at the end of a period; none where the line is no figure
/// or nothing counts.
///
/// What is added up over the year is measured against the part of the year that
/// has passed; a level against the straight line from what last year required to
/// what this year requires, and where last year required nothing only at the
/// year's end.
#[must_use]
pub fn progress(items: &Items, line: &ItemLine, end: NaiveDate) -> Option<Progress> {
    let (measures, item) = (items.measures.as_ref()?, items.all.get(line.place)?);
    let measure = item.measure.as_ref()?;
    let counts = matches!(line.state, ItemState::Accepted | ItemState::Unchanged);
    let reached = line.row.as_ref().filter(|_| counts)?.number(&measures.column)?;
    let year = item.wanted(end.year());
    let passed = Decimal::from(end.month()) / Decimal::from(12);
    let wanted = year.and_then(|year| match measure.growth {
        Growth::Words => None,
        Growth::Sum => Some(year * passed),
        Growth::Level => match item.wanted(end.year() - 1) {
            Some(before) => Some(before + (year - before) * passed),
            None => (end.month() == 12).then_some(year),
        },
    });
    let short = wanted.zip(year).map(|(wanted, year)| {
        let short = (wanted - reached).max(Decimal::ZERO);
        short / year * Decimal::ONE_HUNDRED
    });
    let light = short.map(|short| {
        if short <= measures.green_to {
            Light::Green
        } else if short <= measures.yellow_to {
            Light::Yellow
        } else {
            Light::Red
        }
    });
    Some(Progress {
        reached,
        wanted: wanted.map(|wanted| wanted.round_dp(2).normalize()),
        short: short.map(|short| short.round_dp(1).normalize()),
        light,
    })
}
