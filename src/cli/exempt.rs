//! `exempt`: a unit needn't report for a period.

use super::args::{Common, Exempt};
use super::{Exit, site};
use crate::desk::{decide, named};
use crate::domain::ids::Duty;
use crate::jobs::finish;

/// Records the exemption.
///
/// # Errors
/// Unknown programme, unit or period, or the database is gone.
pub async fn run(common: &Common, options: &Exempt) -> anyhow::Result<Exit> {
    let (site, by) = site::open_to_act(common).await?;
    let program = named::program(&site, options.program.as_deref())?;
    let unit = named::unit(&program, &options.unit)?;
    let period = named::owed_period(&site, &program, Some(&options.period))?;
    let duty = Duty::of(&program.id, &unit.id, &period);
    if options.undo {
        let before = decide::undo_exemption(&site, &by, &duty, &options.reason).await?;
        say!(
            "{} {}取消免报：{}",
            unit.display_name,
            crate::jobs::notes::period_label(&program, &period),
            options.reason
        );
        say!(
            "原由{}定为免报（{}）。该单位从现在起须报送，此前的提醒和催报不补发。",
            before.by,
            before.reason
        );
        finish(&site).await?;
        return Ok(Exit::Well);
    }
    let before = decide::exempt(&site, &by, &duty, &options.reason).await?;
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
