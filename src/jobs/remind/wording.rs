//! What a letter says: gathered from the database when it is worded.

use std::sync::Arc;

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;

use super::dates::as_of;
use super::item::item;
use super::result;
use super::standings::Standings;
use super::watches::expiry;
use crate::domain::dates::day;
use crate::domain::ids::LetterId;
use crate::domain::ladder::{Kind, Role, Trigger};
use crate::domain::language::Language;
use crate::domain::letters::{Letter, NoticeRecord};
use crate::domain::program::Program;
use crate::jobs::site::Site;
use crate::mail::{ExpiryFacts, ItemFacts, LetterFacts, OfficeFacts, WithdrawnFacts};

/// Everything that a letter can say now.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
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
        called: to.iter().map(|to| to.called(language)).collect(),
        role: role.map(role_name).unwrap_or_default(),
        why: role.map(|role| role.why(language).to_owned()).unwrap_or_default(),
        date: day(language, now.date_naive()),
        as_of: as_of(language, now),
        office: program
            .as_ref()
            .map(|program| office(program, letter.kind))
            .unwrap_or_default(),
        trial: program.as_ref().is_some_and(|program| program.ladder.trial),
        ..LetterFacts::default()
    };
    let mut told: Vec<&NoticeRecord> = Vec::new();
    for notice in notices {
        let Some(program) = site.program(&notice.key.program) else {
            continue;
        };
        let Some(standing) = standings.of(site, &program, &notice.key.period).await? else {
            continue;
        };
        if notice.unit.is_some() || notice.body.leader.is_some() {
            // A document to several recipients has a notice for each of them.
            if let Some(place) = told.iter().position(|own| is_same(own, notice)) {
                also_expires(&mut facts.items[place], expiry(&program, notice));
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
            if notice.kind == Kind::Unconfirmed {
                period.waiting = result::waiting(site, &program, now).await?;
            }
            facts.period = Some(period);
        }
    }
    in_order(site, &mut told, &mut facts.items);
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

/// Items of several programmes in one letter: what is overdue longest, what was
/// returned, what is due today, what comes; then in the order of the programmes.
/// Those of one programme stay as they came.
fn in_order(site: &Site, told: &mut Vec<&NoticeRecord>, items: &mut Vec<ItemFacts>) {
    let first = told.first().map(|notice| notice.key.program.clone());
    if told
        .iter()
        .all(|notice| Some(&notice.key.program) == first.as_ref())
    {
        return;
    }
    let programs = site.programs();
    let place = |notice: &NoticeRecord| programs.iter().position(|own| own.id == notice.key.program);
    let mut both: Vec<(&NoticeRecord, ItemFacts)> = told.drain(..).zip(items.drain(..)).collect();
    both.sort_by_key(|(notice, item)| {
        let rank = match (item.state.as_str(), notice.kind) {
            ("returned", _) => 1,
            (_, Kind::DueToday) => 2,
            _ if item.overdue_days > 0 => 0,
            _ => 3,
        };
        let overdue = if rank == 0 { item.overdue_days } else { 0 };
        (rank, std::cmp::Reverse(overdue), place(notice))
    });
    (*told, *items) = both.into_iter().unzip();
}

/// Rows of one unit that expire stand in one item; each once, though several are told.
fn also_expires(item: &mut ItemFacts, row: Option<ExpiryFacts>) {
    if let (Some(own), Some(row)) = (&mut item.expiry, row) {
        for row in row.rows {
            if !own.rows.contains(&row) {
                own.rows.push(row);
            }
        }
    }
}

/// Whether two notices tell one recipient the same. Programme, unit, period
/// and leader by id: names and words may be alike.
fn is_same(one: &NoticeRecord, other: &NoticeRecord) -> bool {
    let (key, other_key) = (&one.key, &other.key);
    (&key.program, &one.unit, &key.period) == (&other_key.program, &other.unit, &other_key.period)
        && (&one.body.leader, one.kind) == (&other.body.leader, other.kind)
        && watch_of(one) == watch_of(other)
}

/// The watch that a notice of what expires comes from.
fn watch_of(notice: &NoticeRecord) -> Option<&str> {
    match &notice.body.reason.trigger {
        Trigger::Expiry { watch, .. } => Some(watch),
        _ => None,
    }
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

/// The office that signs: the one that collects, unless the document has another one criticise.
fn office(program: &Program, kind: Kind) -> OfficeFacts {
    let supervision = program.supervision.as_ref();
    let signs = supervision.filter(|own| own.bulletins && kind == Kind::Bulletin);
    let office = signs.unwrap_or(&program.office);
    OfficeFacts {
        name: office.name.clone(),
        contact: office.contact.clone(),
        phone: office.phone.clone(),
    }
}

/// A letter's number within the site.
#[must_use]
pub fn number(letter: &Letter, zone: Tz) -> String {
    number_of(letter.id, letter.created, zone)
}

/// The same, of a letter that was made then.
#[must_use]
pub fn number_of(id: LetterId, created: DateTime<Utc>, zone: Tz) -> String {
    format!("{}-{id:04}", created.with_timezone(&zone).year())
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
