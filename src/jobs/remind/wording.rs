//! What a letter says: gathered from the database when it is worded.

use std::sync::Arc;

use chrono::{DateTime, Datelike};
use chrono_tz::Tz;

use super::dates::{as_of, deadline, moved, overdue, reply_by};
use super::history::history;
use super::result;
use super::standings::Standings;
use crate::domain::dates::day;
use crate::domain::finding::Finding;
use crate::domain::ladder::{Kind, Role, Trigger, is_unmet};
use crate::domain::ledger::mask_identity_numbers;
use crate::domain::obligation::{State, grace};
use crate::domain::period::Period;
use crate::domain::program::{Language, Program};
use crate::domain::roster::Unit;
use crate::domain::submission::{Submission, counting};
use crate::domain::text::file_name_part;
use crate::jobs::notes;
use crate::jobs::obligations::Standing;
use crate::jobs::site::Site;
use crate::mail::{FaultFacts, ItemFacts, LetterFacts, OfficeFacts, TargetFacts, WithdrawnFacts};
use crate::store::{Letter, NoticeRecord};

/// Faults that a letter lists; the marked-up copy has them all.
const MOST_FAULTS: usize = 10;

/// Everything that a letter can say now.
///
/// # Errors
/// The database is gone.
pub async fn facts(
    site: &Arc<Site>,
    standings: &mut Standings,
    letter: &Letter,
    notices: &[NoticeRecord],
) -> anyhow::Result<LetterFacts> {
    let now = site.clock.now();
    let first = notices
        .iter()
        .find_map(|notice| site.program(&notice.key.program));
    let program = first.or_else(|| site.programs().into_iter().next());
    let language = program
        .as_ref()
        .map_or(Language::Chinese, |program| program.language);
    let to = &letter.addressed.to;
    let role = to.first().map(|to| to.role);
    let mut facts = LetterFacts {
        kind: letter.kind.as_str().to_owned(),
        number: number(letter, now.timezone()),
        language: language_name(language).to_owned(),
        recipients: to.iter().map(|to| to.name.clone()).collect(),
        role: role.map(role_name).unwrap_or_default(),
        why: role.map(|role| role.why(language).to_owned()).unwrap_or_default(),
        date: day(language, now.date_naive()),
        as_of: as_of(language, now),
        office: program
            .as_ref()
            .map(|program| office(program))
            .unwrap_or_default(),
        trial: program.as_ref().is_some_and(|program| program.ladder.trial),
        ..LetterFacts::default()
    };
    let mut told: Vec<&NoticeRecord> = Vec::new();
    for notice in notices {
        let Some(program) = site.program(&notice.key.program) else {
            continue;
        };
        let Ok(period) = notice.key.period.parse::<Period>() else {
            continue;
        };
        let Some(standing) = standings.of(site, &program, &period).await? else {
            continue;
        };
        if notice.unit.is_some() || notice.body.leader.is_some() {
            // A document to several recipients has a notice for each of them.
            if told.iter().any(|own| is_same(own, notice)) {
                continue;
            }
            let item = item(site, standings, &program, &standing, notice, now).await?;
            told.push(notice);
            facts.items.push(item);
        } else if facts.period.is_none() {
            let mut period = result::of_period(site, standings, &program, &standing, now).await?;
            // Only the office can open its own folder.
            if !to
                .iter()
                .all(|to| matches!(to.role, Role::Office | Role::OfficeHead))
            {
                period.master = String::new();
            }
            facts.period = Some(period);
        }
    }
    tell_apart(site, &told, &mut facts.items);
    if let Some(about) = letter.about
        && let Some(withdrawn) = site.store.letter(about).await?
    {
        let made = withdrawn
            .sent
            .unwrap_or(withdrawn.created)
            .with_timezone(&now.timezone());
        facts.withdrawn = Some(WithdrawnFacts {
            number: number(&withdrawn, now.timezone()),
            date: day(language, made.date_naive()),
            subject: withdrawn.text.subject,
            reason: letter.reason.clone().unwrap_or_default(),
        });
    }
    Ok(facts)
}

/// Whether two notices tell one recipient the same. Programme, unit, period
/// and leader by id: names and words may be alike.
fn is_same(one: &NoticeRecord, other: &NoticeRecord) -> bool {
    let (key, other_key) = (&one.key, &other.key);
    (&key.program, &one.unit, &key.period) == (&other_key.program, &other.unit, &other_key.period)
        && (&one.body.leader, one.kind) == (&other.body.leader, other.kind)
}

/// Where a letter speaks of two programmes that call their matter by the same
/// word, each is called by its full name, and if that is the same as well, by
/// its folder besides.
fn tell_apart(site: &Site, told: &[&NoticeRecord], items: &mut [ItemFacts]) {
    let program = |notice: &NoticeRecord| site.program(&notice.key.program);
    let matters: Vec<String> = items.iter().map(|item| item.matter.clone()).collect();
    let names: Vec<String> = told
        .iter()
        .map(|own| program(own).map(|own| own.name.clone()).unwrap_or_default())
        .collect();
    for (at, item) in items.iter_mut().enumerate() {
        let alike = |words: &[String]| {
            (0..told.len())
                .any(|other| told[other].key.program != told[at].key.program && words[other] == words[at])
        };
        let Some(own) = program(told[at]).filter(|_| alike(&matters)) else {
            continue;
        };
        item.matter = if alike(&names) {
            match own.language {
                Language::Chinese => format!("{}（{}）", own.name, own.folder),
                Language::English => format!("{} ({})", own.name, own.folder),
            }
        } else {
            own.name.clone()
        };
    }
}

async fn item(
    site: &Arc<Site>,
    standings: &mut Standings,
    program: &Arc<Program>,
    standing: &Standing,
    notice: &NoticeRecord,
    now: DateTime<Tz>,
) -> anyhow::Result<ItemFacts> {
    let language = program.language;
    let unit = notice.unit.as_deref().and_then(|id| program.roster.unit(id));
    let state = notice.unit.as_ref().and_then(|id| {
        let own = standing.of(id)?;
        Some(own.state)
    });
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
    let due = &standing.due;
    let own = versions.filter(|_| state == Some(State::Returned));
    let asked = asked(
        site,
        program,
        standing,
        notice.kind,
        own.map_or(&[], Vec::as_slice),
        now,
    );
    Ok(ItemFacts {
        kind: notice.kind.as_str().to_owned(),
        basis: program.basis.title.clone(),
        basis_number: program.basis.number.clone(),
        clause: clause(program, notice.kind),
        matter: program.matter.clone(),
        period: notes::period_label(program, &standing.period),
        unit: unit.map(|unit| unit.display_name.clone()).unwrap_or_default(),
        leader: leader.map(|leader| leader.name.clone()).unwrap_or_default(),
        due: deadline(language, due.at),
        moved: moved(language, due, &site.calendar()),
        provisional: due.provisional,
        state: match state {
            Some(State::Returned) => "returned",
            Some(State::Accepted | State::AcceptedLate | State::Nil) => "accepted",
            _ => "missing",
        }
        .to_owned(),
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
        received: shown
            .map(|own| notes::moment(language, own.arrival.seen.with_timezone(&now.timezone())))
            .unwrap_or_default(),
        version: shown.map_or(0, |own| own.version),
        file_name: shown.map(|own| own.file_name.clone()).unwrap_or_default(),
        rows: shown.map_or(0, |own| own.rows),
        target: match (notice.kind, leader) {
            (Kind::Target, Some(leader)) => target(site, standings, program, standing, &leader.id).await?,
            _ => None,
        },
        missed: match notice.body.reason.trigger {
            Trigger::Missed(periods) => periods,
            _ => 0,
        },
        value: match &notice.body.reason.trigger {
            Trigger::Value { value, .. } => value.clone(),
            _ => String::new(),
        },
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
                .or(finding.cell())
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
    let grace = grace(program, &standing.due, returned, &standing.calendar).filter(|grace| grace.until > now);
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
    let own = match (kind, &program.targets) {
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
    let Some(targets) = &program.targets else {
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

fn office(program: &Program) -> OfficeFacts {
    OfficeFacts {
        name: program.office.name.clone(),
        contact: program.office.contact.clone(),
        phone: program.office.phone.clone(),
    }
}

/// A letter's number within the site.
#[must_use]
pub fn number(letter: &Letter, zone: Tz) -> String {
    let year = letter.created.with_timezone::<Tz>(&zone).year();
    format!("{year}-{:04}", letter.id)
}

fn language_name(language: Language) -> &'static str {
    match language {
        Language::Chinese => "zh-CN",
        Language::English => "en",
    }
}

fn role_name(role: Role) -> String {
    serde_json::to_value(role)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}
