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
use crate::domain::period::Period;
use crate::domain::program::{Due, Extension, Program};
use crate::jobs::queue;
use crate::jobs::refusal::{overtaken, refuse, refuse_unless};
use crate::store::{Change, Entry};

/// Nobody extends a deadline by more than a year; it would be a slip.
const LONGEST: Days = Days::new(366);

/// Extends the deadline of a period; gives the new one. Steps of the ladder
/// come anew for it, and letters about the old one that haven't gone out yet
/// are dropped when their turn comes.
///
/// # Errors
/// The period isn't reported or has closed; the day isn't later than the
/// original due date, is the present one, lies in the past or more than a year
/// off; or the database is gone.
pub async fn extend(
    site: &Site,
    by: &Actor,
    program: &Program,
    period: &Period,
    day: NaiveDate,
    reason: &str,
) -> anyhow::Result<Due> {
    let now = site.clock.now();
    let label = notes::period_label(program, period);
    let calendar = site.calendar();
    let due_by = |extension| program.due_by(extension, period, &calendar, now.timezone());
    let before = program
        .due(period, &calendar, now.timezone())
        .filter(|_| program.cycle.owes(period));
    let Some(before) = before else {
        refuse!("“{}”没有要报送的报告期{period}", program.matter)
    };
    let moment = |at| notes::moment(program.language, at);
    refuse_unless!(
        now < before.close,
        "{label}已于{}关期，不能再延期；之后收到的按补报处理，记入更正稿",
        moment(before.close)
    );
    // A slip is put right by a further revision, never to before the first date.
    let original = due_by(None).map_or(before.at, |due| due.at);
    refuse_unless!(
        day >= original.date_naive() && day != before.at.date_naive(),
        "延期要晚于原来的截止时间{}，{day}不能用",
        moment(original)
    );
    refuse_unless!(
        day <= original.date_naive() + LONGEST,
        "{day}比原来的截止时间{}晚了一年以上，请核对年份",
        moment(original)
    );
    let extension = Extension {
        period: period.clone(),
        revision: before.revision + 1,
        due: day,
        reason: reason.to_owned(),
        by: by.name().to_owned(),
    };
    let after = due_by(Some(&extension)).filter(|due| now < due.at);
    let Some(after) = after else {
        refuse!("{day}已经过去，不能延期到这一天")
    };
    // Receipts and status notes that name the old date are written anew.
    let mut actions = Vec::new();
    for unit in units_with_notes(site, program, period).await? {
        push_projections(&mut actions, program, &unit, period, Verdict::Accepted);
    }
    let mut change = site.store.begin().await?;
    not_overtaken(site, &mut change, program, (period, before.revision)).await?;
    site.store
        .extend(&mut change, &program.id, &extension, now.to_utc())
        .await?;
    let detail = format!("{day}：{reason}");
    let entry = Entry {
        by: by.name(),
        via: by.via(),
        what: "extended",
        program: Some(&program.id),
        period: Some(period.clone()),
        detail: detail.as_str().into(),
        ..Entry::default()
    };
    site.store.log(&mut change, now.to_utc(), &entry).await?;
    queue::add_all(site, &mut change, None, &actions).await?;
    change.commit().await?;
    Ok(after)
}

/// Makes sure that nobody else has extended the deadline since this program looked.
async fn not_overtaken(
    site: &Site,
    change: &mut Change,
    program: &Program,
    (period, revision): (&Period, u32),
) -> anyhow::Result<()> {
    let stands = site.store.extension_within(change, &program.id, period).await?;
    let Some(stands) = stands.filter(|stands| stands.revision != revision) else {
        return Ok(());
    };
    let last = site
        .store
        .last_of_period(change, "extended", &program.id, None, period)
        .await?;
    overtaken!(
        "{}{}现在的截止日期是{}，理由是“{}”。本次没有作任何更改；仍要改的，请再执行一次 extend",
        notes::period_label(program, period),
        who(site, last.as_ref()),
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
