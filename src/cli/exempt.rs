//! `exempt`: a unit needn't report for a period.

use super::args::{Common, Exempt};
use super::{Exit, site};
use crate::domain::obligation::Exemption;
use crate::jobs::{decide, finish};

/// Records the exemption.
///
/// # Errors
/// Unknown programme, unit or period, or the database is gone.
pub async fn run(common: &Common, options: &Exempt) -> anyhow::Result<Exit> {
    let site = site::open_to_act(common).await?;
    let program = site::program(&site, options.program.as_deref())?;
    let unit = site::unit(&program, &options.unit)?;
    let period = site::period(&site, &program, Some(&options.period))?;
    let exemption = Exemption {
        unit: unit.id.clone(),
        period: period.clone(),
        reason: options.reason.clone(),
        by: site.options.by.clone(),
    };
    let before = decide::exempt(&site, &program, &exemption).await?;
    say!(
        "{} {}免报：{}",
        unit.display_name,
        crate::jobs::notes::period_label(&program, &period),
        options.reason
    );
    if let Some(before) = before {
        say!(
            "原来已由{}定为免报（{}），理由改为这一次的。",
            before.by,
            before.reason
        );
    }
    finish(&site).await?;
    Ok(Exit::Well)
}
