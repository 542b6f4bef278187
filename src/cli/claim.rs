//! `claim`: an unclaimed file belongs to this unit and period.

use super::args::{Claim, Common};
use super::{Exit, site};
use crate::domain::finding::Verdict;
use crate::jobs::{decide, finish};

/// Examines the file anew as this unit's ledger.
///
/// # Errors
/// Unknown file, unit or period, or the database is gone.
pub async fn run(common: &Common, options: &Claim) -> anyhow::Result<Exit> {
    let site = site::open(common).await?;
    let record = site::submission(&site, &options.file).await?;
    let program = site::program(&site, Some(options.program.as_deref().unwrap_or(&record.program)))?;
    let unit = site::unit(&program, &options.unit)?;
    let period = site::period(&site, &program, Some(&options.period))?;
    let verdict = decide::claim(&site, &program, &record, &unit.id, &period).await?;
    let label = site.messages(program.language).verdict(verdict);
    say!(
        "“{}”归{} {}：{label}",
        record.file_name,
        unit.display_name,
        period
    );
    finish(&site).await?;
    Ok(if verdict == Verdict::Returned {
        Exit::NotWell
    } else {
        Exit::Well
    })
}
