//! A period's result, for report, bulletin, standing and the master's letter.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::dates::{as_of, deadline};
use super::items;
use super::matter::material;
use super::standings::Standings;
use crate::domain::codes::{Code, Severity};
use crate::domain::dates::day;
use crate::domain::documents::is_offices_own;
use crate::domain::finding::Verdict;
use crate::domain::language::Language;
use crate::domain::ledger::mask_identity_numbers;
use crate::domain::obligation::standing::Standing;
use crate::domain::obligation::{Obligation, State, Tally, tally};
use crate::domain::program::Program;
use crate::domain::roster::Unit;
use crate::domain::submission::Record;
use crate::domain::text::printable;
use crate::jobs::consolidate::MasterFolder;
use crate::jobs::notes;
use crate::jobs::site::Site;
use crate::mail::{PeriodFacts, RunningFacts, UnitFacts, WaitingFacts};

/// The result as of now.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn of_period(
    site: &Arc<Site>,
    standings: &mut Standings,
    program: &Arc<Program>,
    standing: &Standing,
    now: DateTime<Tz>,
) -> anyhow::Result<PeriodFacts> {
    let numbers = tally(&standing.obligations);
    let praise = program.ladder.praise;
    let ranks = if praise {
        ranks(program, &standing.obligations)
    } else {
        Vec::new()
    };
    let mut item_words = items::by_unit(site, standings, program, standing).await?;
    let (mut units, mut exempt_units): (Vec<UnitFacts>, Vec<String>) = (Vec::new(), Vec::new());
    for (index, own) in standing.obligations.iter().enumerate() {
        let Some(unit) = program.roster.unit(&own.unit) else {
            continue;
        };
        // What is said of all is the sum of what is said of each.
        let figures = tally(std::slice::from_ref(own));
        if own.state == State::Exempt {
            exempt_units.push(unit.display_name.clone());
        }
        if figures.expected == 0 {
            continue;
        }
        let moment = |at: Option<DateTime<Utc>>| {
            at.map(|at| as_of(program.language, at.with_timezone(&now.timezone())))
                .unwrap_or_default()
        };
        units.push(UnitFacts {
            number: u32::try_from(units.len() + 1).unwrap_or(u32::MAX),
            unit: named(program.language, standing, unit, &figures),
            expected: figures.expected,
            received: figures.received,
            on_time: figures.on_time,
            late: figures.late,
            returned: figures.returned,
            missing: figures.missing,
            times_returned: own.times_returned,
            first_received: moment(own.first_received),
            accepted_at: moment(own.accepted_at),
            state: own.state.label().to_owned(),
            rank: ranks.get(index).copied().flatten(),
            remark: match remark(program.language, own) {
                remark if remark.is_empty() => item_words.remove(&own.unit).unwrap_or_default(),
                remark => remark,
            },
        });
    }
    let is_at_once = |own: &&UnitFacts| own.on_time + own.late > 0 && own.times_returned == 0;
    let at_once = u32::try_from(units.iter().filter(is_at_once).count()).unwrap_or(u32::MAX);
    let rate = |part: u32, whole: u32| {
        if program.ladder.trial {
            String::new()
        } else {
            percent(part, whole)
        }
    };
    Ok(PeriodFacts {
        matter: program.matter.clone(),
        material: material(program).to_owned(),
        period: notes::period_label(program, &standing.period),
        due: due_words(program.language, standing),
        expected: numbers.expected,
        received: numbers.received,
        on_time: numbers.on_time,
        late: numbers.late,
        returned: numbers.returned,
        missing: numbers.missing,
        unconfirmed: numbers.unconfirmed,
        waiting: Vec::new(),
        exempt: numbers.exempt,
        exempt_units,
        // A trial has no rates.
        passed_at_once: rate(at_once, numbers.received),
        completeness: rate(numbers.received, numbers.expected),
        timeliness: rate(numbers.on_time, numbers.expected),
        units,
        items: items::of_all(site, standings, program, standing).await?,
        presented_to: program
            .material
            .items()
            .map(|items| items.presented_to.clone())
            .unwrap_or_default(),
        own_duty: is_offices_own(program, &standing.period),
        master: MasterFolder::of(site, program, &standing.period).shown(now >= standing.due.close),
        praise,
        not_due: now <= standing.due.at,
        running: running(site, standings, program, standing, now).await?,
        behind: behind(site, standings, program, standing).await?,
        basis: program.basis.title.clone(),
        basis_number: program.basis.number.clone(),
        clause: program.basis.clause.clone(),
    })
}

/// The files of a programme that wait to be confirmed, oldest first.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn waiting(site: &Site, program: &Program, now: DateTime<Tz>) -> anyhow::Result<Vec<WaitingFacts>> {
    /// More are counted in the office's own page.
    const MOST: usize = 30;
    let records = site.store.waiting().await?;
    let own = |record: &&Record| record.program == program.id && record.verdict == Verdict::Unclaimed;
    let mut found = Vec::new();
    for record in records.iter().filter(own).take(MOST) {
        let findings = site.store.findings(record.id).await?;
        let worst = findings.iter().find(|own| own.severity() == Severity::Error);
        // Some reasons name the units already.
        let named = worst.is_some_and(|own| own.code == Code::UnitUnknown);
        let unit = record
            .unit
            .iter()
            .chain(&record.detail.candidates)
            .filter(|_| !named);
        let mut units: Vec<&str> = Vec::new();
        for unit in unit.filter_map(|id| program.roster.unit(id)) {
            if !units.contains(&unit.display_name.as_str()) {
                units.push(&unit.display_name);
            }
        }
        found.push(WaitingFacts {
            file_name: printable(&record.file_name),
            received: notes::moment(
                program.language,
                record.arrival.seen.with_timezone(&now.timezone()),
            ),
            units: units.join(match program.language {
                Language::Chinese => "、",
                Language::English => ", ",
            }),
            reason: worst.map_or_else(String::new, |own| mask_identity_numbers(&own.message)),
        });
    }
    Ok(found)
}

/// A unit's name; of one that hasn't reported and has more time than the others
/// with its own date.
fn named(language: Language, standing: &Standing, unit: &Unit, figures: &Tally) -> String {
    let name = unit.display_name.clone();
    let Some(due) = standing.extended(&unit.id).filter(|_| figures.missing > 0) else {
        return name;
    };
    let until = day(language, due.at.date_naive());
    match language {
        Language::Chinese => format!("{name}（缓报至{until}）"),
        Language::English => format!("{name} (extended to {until})"),
    }
}

/// The due date; with the one before it where it was extended.
fn due_words(language: Language, standing: &Standing) -> String {
    let due = &standing.due;
    let now = deadline(language, due.at);
    if due.extended_because.is_none() {
        return now;
    }
    let nominal = day(language, due.nominal);
    match language {
        Language::Chinese => format!("原定{nominal}，现延至{now}"),
        Language::English => format!("{now} (extended, originally {nominal})"),
    }
}

/// Other periods that have begun and aren't due.
async fn running(
    site: &Arc<Site>,
    standings: &mut Standings,
    program: &Arc<Program>,
    told: &Standing,
    now: DateTime<Tz>,
) -> anyhow::Result<Vec<RunningFacts>> {
    let mut running = Vec::new();
    for period in program.cycle.started_by(now.date_naive(), 3) {
        let Some(standing) = standings.of(site, program, &period).await? else {
            continue;
        };
        if period == told.period || now > standing.due.at {
            continue;
        }
        let numbers = tally(&standing.obligations);
        running.push(RunningFacts {
            period: notes::period_label(program, &period),
            due: due_words(program.language, &standing),
            expected: numbers.expected,
            received: numbers.received,
        });
    }
    Ok(running)
}

/// Leaders behind the pace, the coordinating ones left out.
async fn behind(
    site: &Arc<Site>,
    standings: &mut Standings,
    program: &Arc<Program>,
    standing: &Standing,
) -> anyhow::Result<Vec<(String, u32, u32)>> {
    if program.material.targets().is_none() {
        return Ok(Vec::new());
    }
    let summary = standings.summary(site, program, &standing.period).await?;
    let behind = summary.iter().flat_map(|summary| summary.leaders_behind());
    Ok(behind
        .map(|line| (line.name.clone(), line.year.visits, line.year.days))
        .collect())
}

/// Ranks by when a ledger was accepted: 1, 2, 2, 4; none for those who are
/// missing and for units of coordinating leaders.
fn ranks(program: &Program, obligations: &[Obligation]) -> Vec<Option<u32>> {
    let ranked = |own: &&Obligation| {
        let unit = program.roster.unit(&own.unit);
        own.accepted_at.is_some() && unit.is_some_and(|unit| !program.roster.is_coordinating(unit))
    };
    let merit = |own: &Obligation| (own.late, own.times_returned);
    obligations
        .iter()
        .map(|own| {
            ranked(&own).then(|| {
                let better = obligations
                    .iter()
                    .filter(|other| ranked(other) && merit(other) < merit(own));
                u32::try_from(better.count() + 1).unwrap_or(u32::MAX)
            })
        })
        .collect()
}

/// 92.3%; 100% without decimals, and a dash where there is nothing to divide by.
fn percent(part: u32, whole: u32) -> String {
    if whole == 0 {
        return "—".to_owned();
    }
    let tenths = (u64::from(part) * 2000 + u64::from(whole)) / (u64::from(whole) * 2);
    if tenths % 10 == 0 {
        format!("{}%", tenths / 10)
    } else {
        format!("{}.{}%", tenths / 10, tenths % 10)
    }
}

/// What stands beside a unit in the table: why it is exempt, or that a file of
/// it waits to be confirmed.
fn remark(language: Language, own: &Obligation) -> String {
    match (&own.exempt_reason, &own.unconfirmed, language) {
        (Some(reason), ..) => reason.clone(),
        (None, Some(_), Language::Chinese) => "已收到，待确认".to_owned(),
        (None, Some(_), Language::English) => "received, to be confirmed".to_owned(),
        (None, None, _) => String::new(),
    }
}
#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn shares_are_rounded_to_a_tenth() {
        for (part, whole, shown) in [
            (12, 13, "92.3%"),
            (13, 13, "100%"),
            (0, 13, "0%"),
            (1, 3, "33.3%"),
            (2, 3, "66.7%"),
            (0, 0, "—"),
        ] {
            assert_eq!(percent(part, whole), shown);
        }
    }
}
