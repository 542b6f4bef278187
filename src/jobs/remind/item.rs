//! One item of a letter: what it says of a duty.

use std::sync::Arc;

use chrono::{DateTime, Datelike as _};
use chrono_tz::Tz;

use super::dates::{deadline, moved, overdue, reply_by};
use super::history::history;
use super::items;
use super::lagging;
use super::matter::{agreed, material};
use super::standings::Standings;
use super::watches::expiry;
use crate::domain::dates::day;
use crate::domain::finding::{Finding, is_bare};
use crate::domain::ids::UnitId;
use crate::domain::ladder::{Kind, Role, Trigger};
use crate::domain::language::Language;
use crate::domain::ledger::mask_identity_numbers;
use crate::domain::letters::NoticeRecord;
use crate::domain::notices::is_unmet;
use crate::domain::obligation::standing::Standing;
use crate::domain::obligation::{Obligation, State, grace};
use crate::domain::program::{Due, Program};
use crate::domain::roster::Unit;
use crate::domain::submission::{Submission, counting};
use crate::domain::text::file_name_part;
use crate::jobs::notes;
use crate::jobs::site::Site;
use crate::mail::{FaultFacts, ItemFacts, TargetFacts};

/// Faults that a letter lists; the marked-up copy has them all.
const MOST_FAULTS: usize = 10;

/// One item of a letter, as its notice asks for it.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub(super) async fn item(
    site: &Arc<Site>,
    standings: &mut Standings,
    program: &Arc<Program>,
    standing: &Standing,
    notice: &NoticeRecord,
    now: DateTime<Tz>,
) -> anyhow::Result<ItemFacts> {
    let language = program.language;
    let unit = notice.unit.as_deref().and_then(|id| program.roster.addressee(id));
    let obligation = notice.unit.as_ref().and_then(|id| standing.of(id));
    let state = obligation.map(|own| own.state);
    let versions = notice.unit.as_ref().and_then(|id| standing.submissions.get(id));
    let returned = versions.and_then(|own| own.iter().rfind(|own| own.is_returned()));
    let counts = versions.and_then(|own| counting(own));
    let shown = if state == Some(State::Returned) {
        returned
    } else {
        counts
    };
    let findings = match shown {
        Some(shown) => site.store.findings(shown.id).await?,
        None => Vec::new(),
    };
    let faults: Vec<_> = findings
        .iter()
        .filter(|finding| state == Some(State::Returned) && finding.returns_ledger())
        .collect();
    let leader = notice
        .body
        .leader
        .as_deref()
        .and_then(|id| program.roster.leader(id));
    // What lies saved in the form counts only while nothing was handed in.
    let missing = state.is_some_and(|state| is_unmet(state) && state != State::Returned);
    let saved = match &notice.unit {
        Some(unit) if missing => standings.draft(site, program, &standing.period, unit).await?,
        _ => None,
    };
    let draft = saved.map(|draft| (draft.rows, draft.faults));
    let due = due_of(standing, notice.unit.as_ref());
    let own = versions.filter(|_| state == Some(State::Returned));
    let asked = asked(
        site,
        program,
        standing,
        notice.kind,
        own.map_or(&[], Vec::as_slice),
        now,
    );
    let items = match &notice.unit {
        Some(unit) => items::of_unit(site, standings, program, standing, unit).await?,
        None => String::new(),
    };
    Ok(ItemFacts {
        items,
        below: below(site, standings, program, standing).await?,
        expiry: expiry(program, notice),
        kind: notice.kind.as_str().to_owned(),
        basis: program.basis.title.clone(),
        basis_number: program.basis.number.clone(),
        clause: clause(program, notice.kind),
        matter: program.matter.clone(),
        material: material(program).to_owned(),
        agreed: agreed(program).to_owned(),
        period: notes::period_label(program, &standing.period),
        unit: unit.map(|unit| unit.display_name.clone()).unwrap_or_default(),
        leader: leader.map(|leader| leader.name.clone()).unwrap_or_default(),
        unconfirmed: obligation.map(unconfirmed).unwrap_or_default(),
        due: deadline(language, due.at),
        moved: moved(language, due, &site.calendar()),
        provisional: due.provisional,
        state: word(state).to_owned(),
        faults: faults.iter().map(|finding| finding.count()).sum(),
        fault_list: fault_list(&faults),
        draft_rows: draft.map(|draft| draft.0),
        draft_faults: draft.map_or(0, |draft| draft.1),
        overdue_days: overdue(site, due, now),
        in_time: asked.in_time,
        reply_by: asked
            .until
            .map_or_else(String::new, |until| deadline(language, until)),
        place: unit.map(|unit| place(program, unit)).unwrap_or_default(),
        history: history(site, program, notice, now).await?,
        target: match (notice.kind, leader) {
            (Kind::Target, Some(leader)) => target(site, standings, program, standing, &leader.id).await?,
            _ => None,
        },
        missed: missed(&notice.body.reason.trigger),
        value: value(&notice.body.reason.trigger),
        value_items: value_items(site, program, notice, standing).await?,
        lagging: lagging::lines(site, standings, program, standing, notice).await?,
        due_before: due
            .extended_because
            .as_ref()
            .map(|_| day(language, due.nominal))
            .unwrap_or_default(),
        runs_until: runs_until(program, standing, now)
            .filter(|_| missing)
            .unwrap_or_default(),
        decision: decision(notice),
        decision_reason: notice.body.reason.decision.clone(),
        ..shown.map_or_else(ItemFacts::default, |shown| {
            of_file(language, (shown, &findings), now)
        })
    })
}

/// How letters call a state.
fn word(state: Option<State>) -> &'static str {
    match state {
        Some(State::Returned) => "returned",
        Some(State::Accepted | State::AcceptedLate | State::Nil) => "accepted",
        _ => "missing",
    }
}

/// Why a file of a unit has to be confirmed, fit for brackets; empty where none waits.
fn unconfirmed(obligation: &Obligation) -> String {
    let own = obligation.unconfirmed.as_ref();
    own.map_or_else(String::new, |own| {
        mask_identity_numbers(own.reason.trim_end_matches(['。', '.']))
    })
}

/// Units of the level below whose own report isn't in, where the programme
/// waits for them.
async fn below(
    site: &Site,
    standings: &mut Standings,
    program: &Program,
    standing: &Standing,
) -> anyhow::Result<Vec<String>> {
    let after = program.deadline.after.as_deref().and_then(|id| site.program(id));
    let Some(after) = after else {
        return Ok(Vec::new());
    };
    let Some(below) = standings.of(site, &after, &standing.period).await? else {
        return Ok(Vec::new());
    };
    let open = below.obligations.iter().filter(|own| is_unmet(own.state));
    let units = open.filter_map(|own| after.roster.unit(&own.unit));
    Ok(units.map(|unit| unit.display_name.clone()).collect())
}

/// How many periods in a row a step speaks of that were missed.
fn missed(trigger: &Trigger) -> u32 {
    match trigger {
        Trigger::Missed(periods) => *periods,
        _ => 0,
    }
}

/// The value of which a step speaks.
fn value(trigger: &Trigger) -> String {
    match trigger {
        Trigger::Value { value, .. } => value.clone(),
        _ => String::new(),
    }
}

/// Which decision a notice tells of.
fn decision(notice: &NoticeRecord) -> String {
    match notice.kind {
        Kind::Notice => notice.key.step.clone(),
        _ => String::new(),
    }
}

/// What an item says of the version that it speaks of.
fn of_file(language: Language, (shown, findings): (&Submission, &[Finding]), now: DateTime<Tz>) -> ItemFacts {
    let reopened = shown.reopened.as_ref().filter(|_| shown.is_returned());
    ItemFacts {
        received: notes::moment(language, shown.arrival.seen.with_timezone(&now.timezone())),
        version: shown.version,
        file_name: shown.file_name.clone(),
        rows: shown.rows,
        without_rows: shown.is_returned() && is_bare(shown.rows, findings),
        reopened: reopened
            .map(|reopened| reopened.reason.clone())
            .unwrap_or_default(),
        ..ItemFacts::default()
    }
}

/// By when a unit owes a period; of none: by when all do.
fn due_of<'a>(standing: &'a Standing, unit: Option<&UnitId>) -> &'a Due {
    unit.map_or(&standing.due, |unit| standing.due_of(unit))
}

/// The last day of a period that still runs and is due after its end.
fn runs_until(program: &Program, standing: &Standing, now: DateTime<Tz>) -> Option<String> {
    let (_, end) = program.cycle.span(&standing.period)?;
    let runs = now.date_naive() <= end && standing.due.at.date_naive() > end;
    runs.then(|| match program.language {
        Language::Chinese => format!("{}月{}日", end.month(), end.day()),
        Language::English => end.format("%-d %B").to_string(),
    })
}

/// The first faults in words.
fn fault_list(faults: &[&Finding]) -> Vec<FaultFacts> {
    let listed = faults.iter().filter(|finding| finding.further == 0);
    listed
        .take(MOST_FAULTS)
        .map(|finding| FaultFacts {
            cell: finding
                .cell_in_copy
                .clone()
                .or(finding.cells())
                .unwrap_or_default(),
            message: mask_identity_numbers(&finding.message),
            hint: mask_identity_numbers(&finding.hint),
        })
        .collect()
}

/// Until when a letter asks for something.
struct Asked {
    until: Option<DateTime<Tz>>,
    /// A correction by then counts as on time.
    in_time: bool,
}

/// Until when a letter of a kind asks for an answer, or for a correction of
/// what was `returned`: never for one before its grace has ended.
fn asked(
    site: &Site,
    program: &Program,
    standing: &Standing,
    kind: Kind,
    returned: &[Submission],
    now: DateTime<Tz>,
) -> Asked {
    let reply = reply_by(site, kind, now);
    // A grace that is over promises nothing.
    let due = due_of(standing, returned.first().map(|own| &own.unit));
    let grace = grace(program, due, returned, &standing.calendar).filter(|grace| grace.until > now);
    let end = grace.map(|grace| grace.until.with_timezone(&now.timezone()));
    Asked {
        until: match end {
            Some(end) if kind == Kind::Returned => Some(end),
            Some(end) => reply.map(|reply| reply.max(end)),
            None => reply,
        },
        in_time: grace.is_some_and(|grace| grace.in_time),
    }
}

/// The words of the document that a letter rests on.
fn clause(program: &Program, kind: Kind) -> String {
    let own = match (kind, program.material.targets()) {
        (Kind::Target, Some(targets)) => targets.clause.as_str(),
        _ => "",
    };
    let clause = if own.is_empty() {
        &program.basis.clause
    } else {
        own
    };
    clause.to_owned()
}

/// Where a unit puts its ledger: real names of real folders, no drive letter.
fn place(program: &Program, unit: &Unit) -> String {
    let folder = file_name_part(&unit.name);
    match program.language {
        Language::Chinese => format!("共享文件夹“{}”中的“{folder}”文件夹", program.folder),
        Language::English => format!("the folder “{folder}” in the shared folder “{}”", program.folder),
    }
}

async fn target(
    site: &Arc<Site>,
    standings: &mut Standings,
    program: &Arc<Program>,
    standing: &Standing,
    leader: &str,
) -> anyhow::Result<Option<TargetFacts>> {
    let Some(targets) = program.material.targets() else {
        return Ok(None);
    };
    let summary = standings.summary(site, program, &standing.period).await?;
    let Some(visits) = summary.as_ref().and_then(|summary| summary.visits.as_ref()) else {
        return Ok(None);
    };
    let end = program.cycle.span(&standing.period).map(|span| span.1);
    let last = targets.measured_in.iter().max().copied();
    Ok(visits
        .leaders
        .iter()
        .find(|line| line.leader.as_deref() == Some(leader))
        .map(|line| TargetFacts {
            visits: line.year.visits,
            days: line.year.days,
            visits_by_now: visits.pace.map_or(0, |pace| pace.visits),
            days_by_now: visits.pace.map_or(0, |pace| pace.days),
            visits_year: targets.visits,
            days_year: targets.days,
            unvisited: line.not_visited.clone(),
            last: end.is_some_and(|end| Some(end.month()) == last),
            soft: targets.soft,
        }))
}

/// The items of a register that say the value which a notice speaks of; for the
/// head of a group those of that group.
async fn value_items(
    site: &Site,
    program: &Program,
    notice: &NoticeRecord,
    standing: &Standing,
) -> anyhow::Result<Vec<String>> {
    let (Trigger::Value { column, value }, Some(items), Some(unit)) = (
        &notice.body.reason.trigger,
        program.material.items(),
        &notice.unit,
    ) else {
        return Ok(Vec::new());
    };
    let versions = standing.submissions.get(unit).map_or(&[][..], Vec::as_slice);
    let Some(counts) = counting(versions) else {
        return Ok(Vec::new());
    };
    let group = notice
        .body
        .to
        .as_ref()
        .filter(|to| to.role == Role::GroupHead)
        .map(|to| to.id.as_str());
    let mut cited = Vec::new();
    for row in site.rows(program, &standing.period, counts.id).await? {
        let item = items.item(row.text(&items.column));
        let Some(item) = item.filter(|item| group.is_none_or(|group| item.group == group)) else {
            continue;
        };
        if row.text(column) == value {
            cited.push(item.cited(program.language));
        }
    }
    Ok(cited)
}
