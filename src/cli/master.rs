//! `master`: writes the master now and prints its path.

use super::args::{Common, OfPeriod};
use super::{Exit, site};
use crate::desk::named;
use crate::jobs::consolidate;

/// Writes it.
///
/// # Errors
/// Unknown programme or period, or the master can't be written.
pub async fn run(common: &Common, options: &OfPeriod) -> anyhow::Result<Exit> {
    let (site, _) = site::open_to_act(common).await?;
    let program = named::program(&site, options.program.as_deref())?;
    let period = named::owed_period(&site, &program, options.period.as_deref())?;
    let path = consolidate::write_now(&site, &program, &period).await?;
    say!("{}", path.display());
    Ok(Exit::Well)
}
