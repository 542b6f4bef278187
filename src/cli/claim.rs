//! `claim`: an unclaimed file belongs to this unit and period.

use super::args::{Claim, Common};
use super::{Exit, site};
use crate::desk::{decide, named};
use crate::domain::ids::Duty;
use crate::jobs::finish;
use crate::jobs::notes::period_label;

/// Examines the file anew as this unit's ledger.
///
/// # Errors
/// Unknown file, unit or period, or the database is gone.
pub async fn run(common: &Common, options: &Claim) -> anyhow::Result<Exit> {
    let (site, by) = site::open_to_act(common).await?;
    let record = named::submission(&site, &options.file).await?;
    let program = named::program(&site, Some(options.program.as_deref().unwrap_or(&record.program)))?;
    let unit = named::unit(&program, &options.unit)?;
    let period = named::period(&site, &program, Some(&options.period))?;
    let duty = Duty::of(&program.id, &unit.id, &period);
    let claimed = decide::claim(&site, &by, record.id, &duty, None).await?;
    let label = site.messages(program.language).verdict(claimed.verdict);
    say!(
        "“{}”归{} {}：{label}",
        record.file_name,
        unit.display_name,
        period_label(&program, &period)
    );
    if let Some(version) = claimed.replaces {
        say!("取代这个单位原来的第{version}版。");
    }
    if let Some(moved) = &claimed.moved {
        if let Some(version) = moved.counts {
            say!("不再计入{}，那里现在计入第{version}版。", moved.from);
        } else {
            say!("不再计入{}，那里现在没有可计入的报送。", moved.from);
        }
    }
    if let Some(close) = &claimed.closed {
        say!("这一期已于{close}关期，定稿不动，变化记入更正稿。");
    }
    finish(&site).await?;
    Ok(if claimed.verdict.is_accepted() {
        Exit::Well
    } else {
        Exit::NotWell
    })
}
