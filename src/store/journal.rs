//! The append-only log of everything done, and by whom.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use sqlx::query_builder::Separated;
use sqlx::{QueryBuilder, Row};

use super::columns::{Columns as _, from_row};
use super::database::Database;
use super::error::{Result, StoreError};
use super::{Change, Store};
use crate::domain::actor::Via;
use crate::domain::ids::{LetterId, ProgramId, SubmissionId, UnitId};
use crate::domain::period::Period;

/// Something done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Who did it.
    pub by: &'a str,
    /// By which way.
    pub via: Via,
    /// What, in one word: `submitted`, `accepted`, `withdrawn`, …
    pub what: &'a str,
    /// The programme.
    pub program: Option<&'a ProgramId>,
    /// The unit.
    pub unit: Option<&'a UnitId>,
    /// The period.
    pub period: Option<Period>,
    /// Submission.
    pub submission: Option<SubmissionId>,
    /// The letter. Programme, unit and period are then those that all of it is
    /// about, and its subject goes behind the detail.
    pub letter: Option<LetterId>,
    /// More, in words.
    pub detail: Cow<'a, str>,
}

/// A line of the log as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalLine {
    /// Its number; later lines have greater ones.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
    /// By which way.
    pub via: Via,
    /// What.
    pub what: String,
    /// The programme.
    pub program: Option<ProgramId>,
    /// Unit id.
    pub unit: Option<UnitId>,
    /// The period.
    pub period: Option<Period>,
    /// The submission concerned.
    pub submission: Option<SubmissionId>,
    /// The letter concerned.
    pub letter: Option<LetterId>,
    /// More, in words.
    pub detail: String,
}

/// The columns that a line is read from.
pub(super) const LINE: &str =
    "SELECT id, at, by, via, what, program, unit, period, submission, letter, detail FROM journal ";

from_row!(JournalLine, row, {
    Ok(Self {
        id: row.try_get("id")?,
        at: row.instant("at")?,
        by: row.try_get("by")?,
        via: Via::parse(row.try_get("via")?).ok_or_else(|| StoreError::record("数据库中的途径无效"))?,
        what: row.try_get("what")?,
        program: row.try_get("program")?,
        unit: row.try_get("unit")?,
        period: row.try_get("period")?,
        submission: row.try_get("submission")?,
        letter: row.try_get("letter")?,
        detail: row.try_get("detail")?,
    })
});

/// Lines that go into one statement.
const TOGETHER: usize = 512;

/// The values of a line about a letter, from the programme on: what all of its
/// notices are about, and its subject.
fn of_letter(line: &mut Separated<'_, Database, &'static str>, letter: LetterId, entry: &Entry<'_>) {
    let shared = [
        ("program", "count(DISTINCT program) = 1"),
        (
            "unit",
            "count(DISTINCT program) = 1 AND count(DISTINCT unit) = 1 AND count(unit) = count(*)",
        ),
        (
            "period",
            "count(DISTINCT program) = 1 AND count(DISTINCT period) = 1",
        ),
    ];
    for (column, all) in shared {
        line.push("(SELECT CASE WHEN ")
            .push_unseparated(all)
            .push_unseparated(" THEN min(")
            .push_unseparated(column)
            .push_unseparated(") END FROM notice WHERE letter = ")
            .push_bind_unseparated(letter)
            .push_unseparated(")");
    }
    line.push_bind(entry.submission)
        .push_bind(letter)
        .push_bind(entry.detail.as_ref())
        .push_unseparated(" || coalesce((SELECT ' ' || subject FROM letter WHERE subject <> '' AND id = ")
        .push_bind_unseparated(letter)
        .push_unseparated("), '')");
}

impl Store {
    /// Adds a line.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn log(&self, change: &mut Change, at: DateTime<Utc>, entry: &Entry<'_>) -> Result<()> {
        self.log_all(change, at, std::slice::from_ref(entry)).await
    }

    /// Adds lines, in their order.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn log_all(&self, change: &mut Change, at: DateTime<Utc>, entries: &[Entry<'_>]) -> Result<()> {
        for part in entries.chunks(TOGETHER) {
            let mut insert = QueryBuilder::new(
                "INSERT INTO journal (at, by, via, what, program, unit, period, submission, letter, detail) ",
            );
            insert.push_values(part, |mut line, entry| {
                line.push_bind(at.timestamp_millis())
                    .push_bind(entry.by)
                    .push_bind(entry.via.as_str())
                    .push_bind(entry.what);
                if let Some(letter) = entry.letter {
                    of_letter(&mut line, letter, entry);
                } else {
                    line.push_bind(entry.program)
                        .push_bind(entry.unit)
                        .push_bind(&entry.period)
                        .push_bind(entry.submission)
                        .push("NULL")
                        .push_bind(entry.detail.as_ref());
                }
            });
            insert
                .build()
                .persistent(false)
                .execute(change.connection())
                .await?;
        }
        Ok(())
    }

    /// What the log calls a master that was kept aside because a person had edited it.
    pub const EDITED_MASTER: &str = "master-edited";

    /// Paths of masters that were kept aside, the latest last; fifty at most.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn edited_masters(&self) -> Result<Vec<String>> {
        let mut paths: Vec<String> =
            sqlx::query_scalar("SELECT detail FROM journal WHERE what = $1 ORDER BY id DESC LIMIT 50")
                .bind(Self::EDITED_MASTER)
                .fetch_all(&self.pool)
                .await?;
        paths.reverse();
        Ok(paths)
    }

    /// The whole log, oldest first.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn journal(&self) -> Result<Vec<JournalLine>> {
        let query = format!("{LINE}ORDER BY id");
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(query))
            .fetch_all(&self.pool)
            .await?)
    }

    /// The last lines since an instant, so many at most, oldest first.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn journal_since(&self, at: DateTime<Utc>, most: usize) -> Result<Vec<JournalLine>> {
        // From the end of the log: it has no index of instants, and needs none for its last lines.
        let query = format!("SELECT * FROM ({LINE}ORDER BY id DESC LIMIT $2) WHERE at >= $1");
        let mut lines: Vec<JournalLine> = sqlx::query_as(sqlx::AssertSqlSafe(query))
            .bind(at.timestamp_millis())
            .bind(i64::try_from(most).unwrap_or(i64::MAX))
            .fetch_all(&self.pool)
            .await?;
        lines.reverse();
        Ok(lines)
    }

    /// The reasons that people gave last for decisions about a programme's
    /// duties, each once, the latest first.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn last_reasons(&self, program: &ProgramId, most: usize) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(
            "SELECT detail FROM journal WHERE via <> 'program' AND program = $1 AND detail <> '' \
             AND what IN ('exempted', 'exemption-undone', 'extended', 'accepted-by-office', 'withdrawn', 'rejected') \
             GROUP BY detail ORDER BY max(id) DESC LIMIT $2",
        )
        .bind(program)
        .bind(i64::try_from(most).unwrap_or(i64::MAX))
        .fetch_all(&self.pool)
        .await?)
    }

    /// What was done with a submission, oldest first.
    ///
    /// # Errors
    /// The database can't be read.
    pub async fn journal_of(&self, submission: SubmissionId) -> Result<Vec<JournalLine>> {
        let query = format!("{LINE}WHERE submission = $1 ORDER BY id");
        Ok(sqlx::query_as(sqlx::AssertSqlSafe(query))
            .bind(submission)
            .fetch_all(&self.pool)
            .await?)
    }
}
