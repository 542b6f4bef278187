//! `schedule`: what would be sent, to whom, why, as if nothing more came in.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate};
use chrono_tz::Tz;
use serde::Serialize;

use super::args::{Common, Schedule, TableFormat};
use super::{Exit, Misuse, output, site};
use crate::desk::named;
use crate::domain::ladder::{Mode, Role};
use crate::domain::language::Language;
use crate::domain::notices::{Notice, Recipient};
use crate::domain::program::Program;
use crate::jobs::notes::period_label;
use crate::jobs::obligations::Supposed;
use crate::jobs::remind::forecast;
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
        lines.extend(of_program(&site, &program, options, from, to).await?);
    }
    lines.sort_by_key(|line| line.instant);
    if options.format == TableFormat::Json {
        output::json(&lines)?;
        return Ok(Exit::Well);
    }
    if lines.is_empty() {
        say!("{from} 至 {to} 没有要发的提醒和催报。");
        return Ok(Exit::Well);
    }
    let rows: Vec<Vec<String>> = lines.iter().map(Line::row).collect();
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

async fn of_program(
    site: &Arc<Site>,
    program: &Arc<Program>,
    options: &Schedule,
    from: NaiveDate,
    to: NaiveDate,
) -> anyhow::Result<Vec<Line>> {
    let mut supposed = Supposed::default();
    for named in &options.assume_received {
        supposed.received.insert(named::unit(program, named)?.id.clone());
    }
    let notices = forecast(site, program, to, &supposed).await?;
    let ahead = notices.iter().filter(|notice| notice.at.date_naive() >= from);
    Ok(ahead.map(|notice| Line::of(program, notice)).collect())
}

/// One notice, as JSON and as a row.
#[derive(Debug, Serialize)]
struct Line {
    #[serde(skip)]
    instant: DateTime<Tz>,
    #[serde(skip)]
    shown: Shown,
    at: String,
    program: String,
    period: String,
    unit: Option<String>,
    step: String,
    kind: &'static str,
    mode: Mode,
    to: Vec<Person>,
    cc: Vec<Person>,
    reason: String,
}

#[derive(Debug)]
struct Shown {
    period: String,
    unit: String,
    kind: &'static str,
    mode: &'static str,
}

#[derive(Debug, Serialize)]
struct Person {
    name: String,
    role: Role,
    address: String,
}

impl Line {
    fn of(program: &Program, notice: &Notice) -> Self {
        let language = program.language;
        let people = |list: &[Recipient]| -> Vec<Person> {
            let people = list.iter().map(|own| Person {
                name: own.described(Language::Chinese),
                role: own.role,
                address: own.address.clone(),
            });
            people.collect()
        };
        let unit = notice.unit.as_deref().and_then(|id| program.roster.unit(id));
        Self {
            instant: notice.at,
            shown: Shown {
                period: period_label(program, &notice.period),
                unit: unit.map_or_else(|| "—".to_owned(), |unit| unit.display_name.clone()),
                kind: notice.kind.label(language),
                mode: notice.mode.label(language),
            },
            at: notice.at.to_rfc3339(),
            program: notice.program.to_string(),
            period: notice.period.to_string(),
            unit: unit.map(|unit| unit.name.clone()),
            step: notice.step.clone(),
            kind: notice.kind.as_str(),
            mode: notice.mode,
            to: people(&notice.to),
            cc: people(&notice.cc),
            reason: notice.reason.words(language),
        }
    }

    fn row(&self) -> Vec<String> {
        let names = |people: &[Person]| match people {
            [] => "—".to_owned(),
            [one] => one.name.clone(),
            [first, ..] if people.iter().all(|own| own.role == Role::AllUnits) => {
                format!("{}等{}家", first.name, people.len())
            }
            [first, ..] => format!("{}等{}人", first.name, people.len()),
        };
        vec![
            self.instant.format("%Y-%m-%d %H:%M").to_string(),
            self.shown.period.clone(),
            self.shown.unit.clone(),
            self.shown.kind.to_owned(),
            self.shown.mode.to_owned(),
            names(&self.to),
            names(&self.cc),
            self.reason.clone(),
        ]
    }
}
