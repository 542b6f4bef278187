//! What obligations are judged by, asked of the database for a period at a
//! time and without what only a few questions need. A site gathers tens of
//! thousands of submissions over the years: whoever asks for all of them, with
//! the evidence of each, takes hundreds of megabytes.
//!
//! The facts of a period come as one text from one index (`submission_facts`).
//! A row by itself is a way between two threads, which for the history of a
//! county costs ten times as much as what stands in it.

use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::error::{Result, StoreError};
use super::record::reopened;
use super::{Store, instant};
use crate::domain::finding::Verdict;
use crate::domain::ids::{ProgramId, SubmissionId, UnitId};
use crate::domain::period::Period;
use crate::domain::share_path::SharePath;
use crate::domain::submission::{Arrival, Submission};

/// Whether a row of `submission` counts unless a later accepted version does:
/// `Submission::is_accepted` as a condition.
macro_rules! accepted {
    () => {
        "withdrawn_at IS NULL AND (verdict IN ('accepted', 'accepted_with_warnings') OR accepted_at IS NOT NULL)"
    };
}

/// The submission of a unit that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counting {
    /// The unit.
    pub unit: UnitId,
    /// The submission.
    pub submission: SubmissionId,
    /// When it was judged last, as the database has it.
    pub judged: i64,
}

/// Fill lines: what stands before the value, and the value.
type Filled = Vec<(String, String)>;

/// The columns of [`Store::facts_of`], in its order: hundreds of thousands are
/// read as one JSON text.
#[derive(Deserialize)]
struct Facts {
    id: SubmissionId,
    unit: UnitId,
    version: u32,
    file_name: String,
    arrived_after: Option<i64>,
    arrived_seen: i64,
    /// When it was accepted, else decided.
    settled: i64,
    verdict: String,
    nil: u8,
    rows: Option<u32>,
    accepted_by: Option<String>,
    accept_reason: Option<String>,
    withdrawn_at: Option<i64>,
    placed: Option<SharePath>,
    judged: i64,
    reopened_at: Option<i64>,
    reopened_why: Option<String>,
    rechecks: u32,
}

impl Store {
    /// All versions of all units for a period, by unit and version, as facts.
    /// Fill lines are left out; [`Store::fill_lines`] has them.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn facts_of(&self, program: &ProgramId, period: &Period) -> Result<Vec<Submission>> {
        let text: String = sqlx::query_scalar(
            "SELECT json_group_array(json_array(id, unit, version, file_name, arrived_after, arrived_seen, \
             coalesce(accepted_at, decided), verdict, nil, row_count, accepted_by, accept_reason, \
             withdrawn_at, placed, decided, reopened_at, reopened_why, rechecks)) \
             FROM submission INDEXED BY submission_facts \
             WHERE program = $1 AND period = $2 AND version IS NOT NULL",
        )
        .bind(program)
        .bind(period)
        .fetch_one(&self.pool)
        .await?;
        let facts: Vec<Facts> = serde_json::from_str(&text)?;
        let mut found: Vec<Submission> = facts
            .into_iter()
            .map(|facts| submission(period, facts))
            .collect::<Result<_>>()?;
        found.sort_by(|a, b| (&a.unit, a.version).cmp(&(&b.unit, b.version)));
        Ok(found)
    }

    /// Units that have handed in anything, however it was judged.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn units_of(&self, program: &ProgramId) -> Result<Vec<UnitId>> {
        let query = "SELECT DISTINCT unit FROM submission WHERE program = $1 AND unit IS NOT NULL";
        Ok(sqlx::query_scalar(query)
            .bind(program)
            .fetch_all(&self.pool)
            .await?)
    }

    /// Periods of a programme for which something was received, in no order
    /// that means anything.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn periods_of(&self, program: &ProgramId) -> Result<Vec<Period>> {
        // From one period to the next through the index, however many rows each has.
        Ok(sqlx::query_scalar(
            "WITH RECURSIVE known (period) AS (\
             SELECT min(period) FROM submission WHERE program = $1 AND version IS NOT NULL \
             UNION ALL SELECT (SELECT min(period) FROM submission WHERE program = $1 \
             AND version IS NOT NULL AND period > known.period) FROM known WHERE known.period IS NOT NULL) \
             SELECT period FROM known WHERE period IS NOT NULL",
        )
        .bind(program)
        .fetch_all(&self.pool)
        .await?)
    }

    /// Numbers of the submissions that count for a period, in the order of unit ids.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn counting_of(&self, program: &ProgramId, period: &Period) -> Result<Vec<SubmissionId>> {
        let counting = self.latest_accepted(program, period).await?;
        Ok(counting.into_iter().map(|(_, id)| id).collect())
    }

    /// The same by unit id.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn counting_by_unit(
        &self,
        program: &ProgramId,
        period: &Period,
    ) -> Result<HashMap<UnitId, SubmissionId>> {
        Ok(self.latest_accepted(program, period).await?.into_iter().collect())
    }

    /// The submissions that count for a period, in the order of unit ids, each
    /// with when it was judged last: its rows are the same until that changes.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn counting_judged(&self, program: &ProgramId, period: &Period) -> Result<Vec<Counting>> {
        let text: String = sqlx::query_scalar(concat!(
            "SELECT json_group_array(json_array(unit, version, id, decided)) FROM submission \
             WHERE program = $1 AND period = $2 AND version IS NOT NULL AND ",
            accepted!()
        ))
        .bind(program)
        .bind(period)
        .fetch_one(&self.pool)
        .await?;
        Ok(latest(serde_json::from_str(&text)?))
    }

    /// The same for every period of a programme that has any, in no order that
    /// means anything.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn counting_of_all(&self, program: &ProgramId) -> Result<Vec<(Period, Vec<Counting>)>> {
        let rows: Vec<(Period, String)> = sqlx::query_as(concat!(
            "SELECT period, json_group_array(json_array(unit, version, id, decided)) FROM submission \
             WHERE program = $1 AND version IS NOT NULL AND ",
            accepted!(),
            " GROUP BY period"
        ))
        .bind(program)
        .fetch_all(&self.pool)
        .await?;
        let periods = rows.into_iter();
        periods
            .map(|(period, text)| Ok((period, latest(serde_json::from_str(&text)?))))
            .collect()
    }

    async fn latest_accepted(
        &self,
        program: &ProgramId,
        period: &Period,
    ) -> Result<Vec<(UnitId, SubmissionId)>> {
        let counting = self.counting_judged(program, period).await?.into_iter();
        Ok(counting.map(|own| (own.unit, own.submission)).collect())
    }

    /// Fill lines of the versions for a period, by submission: who filled them in.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn fill_lines(
        &self,
        program: &ProgramId,
        period: &Period,
    ) -> Result<HashMap<SubmissionId, Vec<(String, String)>>> {
        let text: String = sqlx::query_scalar(
            "SELECT json_group_array(json_array(id, json_extract(detail, '$.fill'))) FROM submission \
             WHERE program = $1 AND period = $2 AND version IS NOT NULL",
        )
        .bind(program)
        .bind(period)
        .fetch_one(&self.pool)
        .await?;
        let lines: Vec<(SubmissionId, Option<Filled>)> = serde_json::from_str(&text)?;
        let filled = lines.into_iter().filter_map(|(id, fill)| Some((id, fill?)));
        Ok(filled.collect())
    }
}

/// The latest accepted version of each unit, in the order of unit ids.
fn latest(mut accepted: Vec<(UnitId, u32, SubmissionId, i64)>) -> Vec<Counting> {
    accepted.sort_unstable_by(|a, b| (&a.0, Reverse(a.1)).cmp(&(&b.0, Reverse(b.1))));
    accepted.dedup_by(|later, first| later.0 == first.0);
    let counting = accepted
        .into_iter()
        .map(|(unit, _, submission, judged)| Counting {
            unit,
            submission,
            judged,
        });
    counting.collect()
}

fn submission(period: &Period, facts: Facts) -> Result<Submission> {
    let time = |millis: i64| -> Result<DateTime<Utc>> {
        instant(millis).ok_or_else(|| StoreError::record("数据库中的时间无效"))
    };
    Ok(Submission {
        id: facts.id,
        unit: facts.unit,
        period: period.clone(),
        version: facts.version,
        file_name: facts.file_name,
        arrival: Arrival {
            after: facts.arrived_after.map(time).transpose()?,
            seen: time(facts.arrived_seen)?,
        },
        verdict: Verdict::parse(&facts.verdict)
            .ok_or_else(|| StoreError::record("数据库中的审核结果无效"))?,
        accepted_by_office: facts
            .accepted_by
            .map(|by| (by, facts.accept_reason.unwrap_or_default())),
        withdrawn: facts.withdrawn_at.map(time).transpose()?,
        reopened: reopened(facts.reopened_at.map(time).transpose()?, facts.reopened_why),
        rechecks: facts.rechecks,
        nil: facts.nil != 0,
        rows: facts.rows.unwrap_or(0),
        placed: facts.placed,
        fill: Vec::new(),
        decided: time(facts.settled)?,
        judged: time(facts.judged)?,
    })
}
