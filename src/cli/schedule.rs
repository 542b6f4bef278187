//! `schedule`: what would be sent, to whom, why, as if nothing more came in.

use std::sync::Arc;

use chrono::Days;

use super::args::{Common, Schedule, TableFormat};
use super::{Exit, Misuse, output, site};
use crate::desk::named;
use crate::desk::schedule::{ScheduleLine, Supposed, names, schedule};
use crate::domain::program::Program;
use crate::jobs::site::Site;

/// Prints the notices of some days.
///
/// # Errors
/// Unknown programme or unit, a span the wrong way round, or the database is gone.
pub async fn run(common: &Common, options: &Schedule) -> anyhow::Result<Exit> {
    let site = site::open(common).await?;
    let today = site.clock.now().date_naive();
    let from = options.from.unwrap_or(today);
    let to = options
        .to
        .or_else(|| from.checked_add_days(Days::new(30)))
        .unwrap_or(from);
    if to < from {
        return Err(Misuse(format!("--to {to} 早于 --from {from}")).into());
    }
    let mut lines = Vec::new();
    for program in programs(&site, options)? {
        let mut supposed = Supposed::default();
        for named in &options.assume_received {
            supposed.received.insert(named::unit(&program, named)?.id.clone());
        }
        lines.extend(schedule(&site, &program, (from, to), &supposed).await?);
    }
    lines.sort_by_key(|line| line.at);
    if options.format == TableFormat::Json {
        output::json(&lines)?;
        return Ok(Exit::Well);
    }
    if lines.is_empty() {
        say!("{from} 至 {to} 没有要发的提醒和催报。");
        return Ok(Exit::Well);
    }
    let rows: Vec<Vec<String>> = lines.iter().map(|line| row(&site, line)).collect();
    output::table(
        &["时间", "期", "单位", "信函", "方式", "收件", "抄送", "为什么"],
        &rows,
    );
    say!("");
    say!(
        "以上按现在的报送情况推算；有单位报送后，相应的不再发，退回、回执等答复随到随发。同一收件人同一天的并成一封，方式为草稿的要先核准。"
    );
    Ok(Exit::Well)
}

fn programs(site: &Site, options: &Schedule) -> anyhow::Result<Vec<Arc<Program>>> {
    Ok(match &options.program {
        Some(named) => vec![named::program(site, Some(named))?],
        None => site.programs(),
    })
}

fn row(site: &Site, line: &ScheduleLine) -> Vec<String> {
    let shown = &line.shown;
    vec![
        line.at.format("%Y-%m-%d %H:%M").to_string(),
        shown.period.clone(),
        shown.unit.clone().unwrap_or_else(|| "—".to_owned()),
        shown.kind.to_owned(),
        shown.mode.to_owned(),
        names(site.language(), &line.to),
        names(site.language(), &line.cc),
        line.reason.clone(),
    ]
}
