//! Extending a deadline (延期): a later due date for one period of a programme.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::decide::overtaken::who;
use super::ingest::push_projections;
use super::notes;
use super::site::Site;
use crate::domain::actor::Actor;
use crate::domain::finding::Verdict;
use crate::domain::ids::UnitId;
use crate::domain::language::{Language, worded};
use crate::domain::period::Period;
use crate::domain::program::{Due, Extension, Program};
use crate::jobs::queue;
use crate::jobs::refusal::{overtaken, refuse, refuse_unless};
use crate::store::{Change, Entry};

/// Nobody extends a deadline by more than a year; it would be a slip.
const LONGEST: Days = Days::new(366);

/// Whose deadline is extended.
#[derive(Debug, Clone, Copy)]
pub struct Whose<'a> {
    /// The period.
    pub period: &'a Period,
    /// The unit; none: all of them.
    pub unit: Option<&'a UnitId>,
}

/// The number of the last extension of a period, whomever it was for; 0: none.
/// What tells how the deadline stood when somebody saw it.
#[must_use]
pub fn as_seen(program: &Program, period: &Period) -> u32 {
    let own = program.extensions.iter().filter(|own| own.period == *period);
    own.map(|own| own.revision).max().unwrap_or(0)
}

/// Extends the deadline of a period; gives the new one. Steps of the ladder
/// come anew for it, and letters about the old one that haven't gone out yet
/// are dropped when their turn comes.
///
/// # Errors
/// The same as for [`extended`]; somebody extended it since it was `seen`; or
/// the database is gone.
pub async fn extend(
    site: &Site,
    by: &Actor,
    program: &Program,
    whose: Whose<'_>,
    (day, reason): (NaiveDate, &str),
    seen: Option<u32>,
) -> anyhow::Result<Due> {
    let now = site.clock.now();
    let period = whose.period;
    let known = seen.unwrap_or_else(|| as_seen(program, period));
    if known < as_seen(program, period) {
        // Whoever was first is told before anything is said of the day.
        let mut change = site.store.begin().await?;
        not_overtaken(site, &mut change, program, (whose, known)).await?;
    }
    let (extension, after) = extended(site, program, whose, day, (by.name(), reason, known))?;
    // Receipts and status notes that name the old date are written anew.
    let mut actions = Vec::new();
    for unit in units_with_notes(site, program, period).await? {
        if whose.unit.is_none_or(|only| *only == unit) {
            push_projections(&mut actions, program, &unit, period, Verdict::Accepted);
        }
    }
    let mut change = site.store.begin().await?;
    not_overtaken(site, &mut change, program, (whose, known)).await?;
    site.store.extend(&mut change, &program.id, &extension).await?;
    let detail = worded!(site.language(), "{day}：{reason}", "{day}: {reason}");
    let entry = Entry {
        by: by.name(),
        via: by.via(),
        what: "extended",
        program: Some(&program.id),
        unit: whose.unit,
        period: Some(period.clone()),
        detail: detail.as_str().into(),
        ..Entry::default()
    };
    site.store.log(&mut change, now.to_utc(), &entry).await?;
    queue::add_all(site, &mut change, None, &actions).await?;
    change.commit().await?;
    Ok(after)
}

/// The extension of a deadline to a day, after so many, and the deadline by it;
/// nothing is written.
///
/// # Errors
/// The period isn't reported or has closed; the unit isn't on the roster then;
/// the day isn't later than the original due date, is the present one, lies in
/// the past, more than a year off, or after the close where it is for one unit.
pub fn extended(
    site: &Site,
    program: &Program,
    Whose { period, unit }: Whose<'_>,
    day: NaiveDate,
    (by, reason, known): (&str, &str, u32),
) -> anyhow::Result<(Extension, Due)> {
    let (now, language) = (site.clock.now(), site.language());
    let label = notes::period_label(program, period);
    let calendar = site.calendar();
    let due_by = |extension| program.due_by(extension, period, &calendar, now.timezone());
    let before = program
        .due(period, &calendar, now.timezone())
        .filter(|_| program.cycle.owes(period));
    let Some(before) = before else {
        refuse!(
            language,
            "“{}”没有要报送的报告期{period}",
            "“{}” has no period {period} to report",
            program.matter
        )
    };
    let moment = |at| notes::moment(language, at);
    refuse_unless!(
        now < before.close,
        language,
        "{label}已于{}关期，不能再延期；之后收到的按补报处理，记入更正稿",
        "{label} closed on {} and can't be extended; what comes now goes into a corrected master",
        moment(before.close)
    );
    // A slip is put right by a further revision, never to before the first date;
    // for one unit, never to before that of the others.
    let present = unit.and_then(|unit| program.own_extension(unit, period, &before));
    let present = present.as_ref().unwrap_or(&before);
    let original = match unit {
        Some(_) => before.at,
        None => due_by(None).map_or(before.at, |due| due.at),
    };
    refuse_unless!(
        day >= original.date_naive() && day != present.at.date_naive(),
        language,
        "延期要晚于原来的截止时间{}，{day}不能用",
        "the new date has to lie after the first one, {}; {day} can't be used",
        moment(original)
    );
    refuse_unless!(
        day <= original.date_naive() + LONGEST,
        language,
        "{day}比原来的截止时间{}晚了一年以上，请核对年份",
        "{day} is more than a year after the first date, {}; check the year",
        moment(original)
    );
    let extension = Extension {
        period: period.clone(),
        unit: unit.cloned(),
        revision: known + 1,
        due: day,
        reason: reason.to_owned(),
        by: by.to_owned(),
        at: now.to_utc(),
    };
    let after = match unit {
        None => due_by(Some(&extension)),
        Some(unit) => {
            on_roster(language, program, unit, period)?;
            let mut then = program.clone();
            then.extensions.push(extension.clone());
            then.due_of(unit, period, &calendar, now.timezone())
        }
    };
    let Some(after) = after.filter(|due| now < due.at) else {
        refuse!(
            language,
            "{day}已经过去，不能延期到这一天",
            "{day} is over; choose a later day"
        )
    };
    refuse_unless!(
        unit.is_none() || after.at <= after.close,
        language,
        "{label}于{}关期，一个单位的缓报不能晚于关期；要更晚的，请给全部单位延期",
        "{label} closes on {}; one unit's date can't lie after that; for a later one, extend the whole period",
        moment(after.close)
    );
    Ok((extension, after))
}

fn on_roster(language: Language, program: &Program, unit: &UnitId, period: &Period) -> anyhow::Result<()> {
    let span = program.cycle.span(period);
    let there = span.is_some_and(|span| program.roster.units_in(span).any(|own| own.id == *unit));
    refuse_unless!(
        there,
        language,
        "{}{}不在名册内，不用报送，也就不用缓报",
        "{} isn't on the roster in {} and owes nothing, so that there is nothing to extend",
        program
            .roster
            .unit(unit)
            .map_or(unit.as_str(), |own| own.display_name.as_str()),
        notes::period_label(program, period)
    );
    Ok(())
}

/// Makes sure that nobody else has extended the deadline since this program looked.
async fn not_overtaken(
    site: &Site,
    change: &mut Change,
    program: &Program,
    (Whose { period, .. }, revision): (Whose<'_>, u32),
) -> anyhow::Result<()> {
    let stands = site.store.extension_within(change, &program.id, period).await?;
    let Some(stands) = stands.filter(|stands| stands.revision != revision) else {
        return Ok(());
    };
    let last = site
        .store
        .last_of_period(change, "extended", &program.id, stands.unit.as_ref(), period)
        .await?;
    let whose = stands.unit.as_ref().and_then(|unit| program.roster.unit(unit));
    overtaken!(
        site.language(),
        "{}{}{}现在的截止日期是{}，理由是“{}”。本次没有作任何更改；仍要改的，请再执行一次 extend",
        "{}: {}now {} is due on {}, because “{}”. Nothing was changed; to change it all the same, extend it once more",
        notes::period_label(program, period),
        who(site, last.as_ref()),
        whose.map_or_else(
            || site.language().either("", "it"),
            |unit| unit.display_name.as_str()
        ),
        stands.due,
        stands.reason
    )
}

/// Units that handed in something for a period, so that notes lie in their folders.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub(super) async fn units_with_notes(
    site: &Site,
    program: &Program,
    period: &Period,
) -> anyhow::Result<BTreeSet<UnitId>> {
    let records = site.store.submissions_of(&program.id, period).await?;
    let versions = records.into_iter().filter(|record| record.version.is_some());
    Ok(versions.filter_map(|record| record.unit).collect())
}
