//! What people decide: accepting, withdrawing, exempting.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::FromRow as _;
use sqlx::Row;

use super::columns::{Columns as _, from_row};
use super::error::Result;
use super::{Change, Store};
use crate::domain::ids::{ProgramId, SubmissionId};
use crate::domain::obligation::{Exemption, Exemptions, Undone};
use crate::domain::period::Period;
use crate::domain::program::Extension;

from_row!(Undone, row, {
    Ok(Self {
        unit: row.try_get("unit")?,
        reason: row.try_get("undone_why")?,
        at: row.instant("undone_at")?,
    })
});

from_row!(Exemption, row, {
    Ok(Self {
        unit: row.try_get("unit")?,
        period: row.try_get("period")?,
        reason: row.try_get("reason")?,
        by: row.try_get("granted_by")?,
        at: row.instant("at")?,
    })
});

from_row!(Extension, row, {
    Ok(Self {
        unit: row.try_get("unit")?,
        at: row.instant("at")?,
        period: row.try_get("period")?,
        revision: row.count("revision")?,
        due: row.try_get::<&str, _>("due")?.parse()?,
        reason: row.try_get("reason")?,
        by: row.try_get("granted_by")?,
    })
});

impl Store {
    /// Accepts a submission in spite of its findings, on the record.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn accept(
        &self,
        change: &mut Change,
        id: SubmissionId,
        by: &str,
        reason: &str,
        at: DateTime<Utc>,
    ) -> Result<bool> {
        let outcome = sqlx::query(
            "UPDATE submission SET accepted_by = $2, accept_reason = $3, accepted_at = $4 \
             WHERE id = $1 AND accepted_at IS NULL AND withdrawn_at IS NULL",
        )
        .bind(id)
        .bind(by)
        .bind(reason)
        .bind(at.timestamp_millis())
        .execute(change.connection())
        .await?;
        Ok(outcome.rows_affected() > 0)
    }

    /// Takes a submission back; the version before it counts again.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn withdraw(
        &self,
        change: &mut Change,
        id: SubmissionId,
        by: &str,
        reason: &str,
        at: DateTime<Utc>,
    ) -> Result<bool> {
        let outcome = sqlx::query(
            "UPDATE submission SET withdrawn_by = $2, withdrawn_why = $3, withdrawn_at = $4 \
             WHERE id = $1 AND withdrawn_at IS NULL",
        )
        .bind(id)
        .bind(by)
        .bind(reason)
        .bind(at.timestamp_millis())
        .execute(change.connection())
        .await?;
        Ok(outcome.rows_affected() > 0)
    }

    /// Exempts a unit from a period.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn exempt(
        &self,
        change: &mut Change,
        program: &ProgramId,
        exemption: &Exemption,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO exemption (program, unit, period, reason, granted_by, at) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (program, unit, period) DO UPDATE SET reason = excluded.reason, \
             granted_by = excluded.granted_by, at = excluded.at, undone_at = NULL, undone_by = NULL, \
             undone_why = NULL",
        )
        .bind(program)
        .bind(&exemption.unit)
        .bind(&exemption.period)
        .bind(&exemption.reason)
        .bind(&exemption.by)
        .bind(exemption.at.timestamp_millis())
        .execute(change.connection())
        .await?;
        Ok(())
    }

    /// Undoes a unit's exemption from a period; it stays on the record.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn undo_exemption(
        &self,
        change: &mut Change,
        program: &ProgramId,
        period: &Period,
        undone: &Undone,
        by: &str,
    ) -> Result<()> {
        sqlx::query(
            "UPDATE exemption SET undone_at = $4, undone_by = $5, undone_why = $6 \
             WHERE program = $1 AND unit = $2 AND period = $3",
        )
        .bind(program)
        .bind(&undone.unit)
        .bind(period)
        .bind(undone.at.timestamp_millis())
        .bind(by)
        .bind(&undone.reason)
        .execute(change.connection())
        .await?;
        Ok(())
    }

    /// Exemptions of a programme for a period, those that stand and those that
    /// were undone, each by unit.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn all_exemptions(&self, program: &ProgramId, period: &Period) -> Result<Exemptions> {
        let mut found = self.exemptions_of(program, Some(period)).await?;
        Ok(found.remove(period).unwrap_or_default())
    }

    /// The same for every period of a programme that has any, or for one alone.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn exemptions_of(
        &self,
        program: &ProgramId,
        only: Option<&Period>,
    ) -> Result<HashMap<Period, Exemptions>> {
        let rows = sqlx::query(
            "SELECT unit, period, reason, granted_by, at, undone_why, undone_at FROM exemption \
             WHERE program = $1 AND ($2 IS NULL OR period = $2) ORDER BY unit",
        )
        .bind(program)
        .bind(only)
        .fetch_all(&self.pool)
        .await?;
        let mut found: HashMap<Period, Exemptions> = HashMap::new();
        for row in &rows {
            let (stand, undone) = found.entry(row.try_get("period")?).or_default();
            match row.try_get::<Option<i64>, _>("undone_at")? {
                None => stand.push(Exemption::from_row(row)?),
                Some(_) => undone.push(Undone::from_row(row)?),
            }
        }
        Ok(found)
    }

    /// Exemptions of a programme for a period that stand.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn exemptions(&self, program: &ProgramId, period: &Period) -> Result<Vec<Exemption>> {
        Ok(self.all_exemptions(program, period).await?.0)
    }

    /// Records that a programme's deadline was extended.
    ///
    /// # Errors
    /// The database can't take it, or this revision of the period's deadline is
    /// recorded already: give the change up and look again.
    pub async fn extend(
        &self,
        change: &mut Change,
        program: &ProgramId,
        extension: &Extension,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO extension (program, period, revision, due, reason, granted_by, at, unit) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(program)
        .bind(&extension.period)
        .bind(i64::from(extension.revision))
        .bind(extension.due.to_string())
        .bind(&extension.reason)
        .bind(&extension.by)
        .bind(extension.at.timestamp_millis())
        .bind(&extension.unit)
        .execute(change.connection())
        .await?;
        Ok(())
    }

    /// Periods of a programme from which a unit was exempted, or whose deadline
    /// was extended, after an instant.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn decided_after(&self, program: &ProgramId, after: DateTime<Utc>) -> Result<Vec<Period>> {
        let periods: Vec<String> = sqlx::query_scalar(
            "SELECT period FROM exemption WHERE program = $1 AND max(at, coalesce(undone_at, 0)) > $2 \
             UNION SELECT period FROM extension WHERE program = $1 AND at > $2",
        )
        .bind(program)
        .bind(after.timestamp_millis())
        .fetch_all(&self.pool)
        .await?;
        periods.iter().map(|text| Ok(text.parse()?)).collect()
    }

    /// All extended deadlines, with their programmes, oldest revision first.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn extensions(&self) -> Result<Vec<(ProgramId, Extension)>> {
        let rows = sqlx::query(
            "SELECT program, period, unit, revision, due, reason, granted_by, at FROM extension \
             ORDER BY program, period, revision",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| Ok((row.try_get("program")?, Extension::from_row(row)?)))
            .collect()
    }
}
