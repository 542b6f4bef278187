//! Notices: steps of the ladder that have come due, each once for ever.

use std::collections::{BTreeSet, HashMap};

use sqlx::{QueryBuilder, Row};

use super::columns::{Columns as _, from_row};
use super::error::Result;
use super::{Change, Store};
use crate::domain::ids::{LetterId, NoticeId, ProgramId, UnitId};
use crate::domain::ladder::{Kind, Mode, Trigger};
use crate::domain::letters::{NoticeBody, NoticeRecord, NoticeState};
use crate::domain::notices::{NoticeKey, Recipient};
use crate::domain::period::Period;

/// Notices that wait for a letter, in order of time.
const LETTERLESS: &str = "WHERE state = 'waiting' AND letter IS NULL ORDER BY at, id";

const COLUMNS: &str = "SELECT id, program, subject, period, revision, step, version, unit, kind, mode, state, at, \
     created, letter, body FROM notice ";

/// Whom a notice is for, in one text.
fn recipient(to: &Recipient) -> String {
    match to.identity() {
        (key, "") => key.to_owned(),
        (key, id) => format!("{key} {id}"),
    }
}

/// Notices that go into one statement.
const TOGETHER: usize = 256;

from_row!(NoticeKey, row, {
    Ok(Self {
        program: row.try_get("program")?,
        subject: row.try_get("subject")?,
        period: row.try_get("period")?,
        revision: row.count("revision")?,
        step: row.try_get("step")?,
        version: row.count("version")?,
    })
});

from_row!(NoticeRecord, row, {
    Ok(Self {
        id: row.try_get("id")?,
        key: NoticeKey::from_row(row)?,
        unit: row.try_get("unit")?,
        kind: row.word("kind", Kind::parse)?,
        mode: match row.try_get("mode")? {
            "auto" => Mode::Auto,
            "draft" => Mode::Draft,
            _ => Mode::Never,
        },
        state: NoticeState::parse(row.try_get("state")?),
        at: row.instant("at")?,
        created: row.instant("created")?,
        letter: row.try_get("letter")?,
        body: row.json("body")?,
    })
});

impl Store {
    /// Records notices; one that is there already stays as it is. Gives how
    /// many were not.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn add_notices(&self, change: &mut Change, new: &[NoticeRecord]) -> Result<u64> {
        let mut added = 0;
        for part in new.chunks(TOGETHER) {
            let mut lines = Vec::with_capacity(part.len());
            for own in part {
                lines.push((own, serde_json::to_string(&own.body)?));
            }
            let mut insert = QueryBuilder::new(
                "INSERT INTO notice (program, subject, period, revision, step, version, recipient, unit, kind, \
                 mode, state, at, created, body) ",
            );
            insert.push_values(lines, |mut line, (own, body)| {
                line.push_bind(&own.key.program)
                    .push_bind(&own.key.subject)
                    .push_bind(&own.key.period)
                    .push_bind(i64::from(own.key.revision))
                    .push_bind(&own.key.step)
                    .push_bind(i64::from(own.key.version))
                    .push_bind(own.body.to.as_ref().map(recipient).unwrap_or_default())
                    .push_bind(&own.unit)
                    .push_bind(own.kind.as_str())
                    .push_bind(match own.mode {
                        Mode::Auto => "auto",
                        Mode::Draft => "draft",
                        Mode::Never => "never",
                    })
                    .push_bind(own.state.as_str())
                    .push_bind(own.at.timestamp_millis())
                    .push_bind(own.created.timestamp_millis())
                    .push_bind(body);
            });
            insert.push(" ON CONFLICT DO NOTHING");
            let done = insert
                .build()
                .persistent(false)
                .execute(change.connection())
                .await?;
            added += done.rows_affected();
        }
        Ok(added)
    }

    /// Keys of everything recorded for a period of a programme.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn notice_keys(&self, program: &ProgramId, period: &Period) -> Result<BTreeSet<NoticeKey>> {
        // As one text: a row by itself costs more than what stands in it.
        let text: String = sqlx::query_scalar(
            "SELECT json_group_array(json_array(subject, revision, step, version)) FROM notice \
             WHERE program = $1 AND period = $2",
        )
        .bind(program)
        .bind(period)
        .fetch_one(&self.pool)
        .await?;
        let keys: Vec<(String, u32, String, u32)> = serde_json::from_str(&text)?;
        let keys = keys
            .into_iter()
            .map(|(subject, revision, step, version)| NoticeKey {
                program: program.clone(),
                subject,
                period: period.clone(),
                revision,
                step,
                version,
            });
        Ok(keys.collect())
    }

    /// Notices that wait and are in no letter yet, seen from within a change.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn notices_without_letter(&self, change: &mut Change) -> Result<Vec<NoticeRecord>> {
        let mut query = QueryBuilder::new(COLUMNS);
        query.push(LETTERLESS);
        Ok(query.build_query_as().fetch_all(change.connection()).await?)
    }

    /// As [`Store::notices_without_letter`], for looking only: it waits for
    /// nobody who writes.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn letterless_now(&self) -> Result<Vec<NoticeRecord>> {
        let mut query = QueryBuilder::new(COLUMNS);
        query.push(LETTERLESS);
        Ok(query.build_query_as().fetch_all(&self.pool).await?)
    }

    /// The notices of a letter, in order of time.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn notices_of(&self, letter: LetterId) -> Result<Vec<NoticeRecord>> {
        let mut query = QueryBuilder::new(COLUMNS);
        query
            .push("WHERE letter = ")
            .push_bind(letter)
            .push(" ORDER BY at, id");
        Ok(query.build_query_as().fetch_all(&self.pool).await?)
    }

    /// The notices of several letters, by letter, each in order of time.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn notices_of_all(&self, letters: &[LetterId]) -> Result<HashMap<LetterId, Vec<NoticeRecord>>> {
        let mut found: HashMap<LetterId, Vec<NoticeRecord>> = HashMap::new();
        for part in letters.chunks(TOGETHER) {
            let mut query = QueryBuilder::new(COLUMNS);
            query.push("WHERE letter IN (");
            let mut list = query.separated(", ");
            for id in part {
                list.push_bind(*id);
            }
            query.push(") ORDER BY at, id");
            let notices = query.build_query_as().persistent(false);
            for notice in notices.fetch_all(&self.pool).await? {
                let notice: NoticeRecord = notice;
                if let Some(letter) = notice.letter {
                    found.entry(letter).or_default().push(notice);
                }
            }
        }
        Ok(found)
    }

    /// The notices about a unit's duty, in order of time.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn notices_about(
        &self,
        program: &ProgramId,
        unit: &UnitId,
        period: &Period,
    ) -> Result<Vec<NoticeRecord>> {
        let mut query = QueryBuilder::new(COLUMNS);
        query.push("WHERE program = ").push_bind(program);
        query.push(" AND unit = ").push_bind(unit);
        query
            .push(" AND period = ")
            .push_bind(period)
            .push(" ORDER BY at, id");
        Ok(query.build_query_as().fetch_all(&self.pool).await?)
    }

    /// Who was told that units are behind, in second chases and escalations
    /// that went out: unit and recipients with their copies.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn told_of(&self, program: &ProgramId, period: &str) -> Result<Vec<(UnitId, Vec<Recipient>)>> {
        let rows = sqlx::query(
            "SELECT notice.unit AS unit, notice.body AS body FROM notice \
             JOIN letter ON letter.id = notice.letter \
             WHERE notice.program = $1 AND notice.period = $2 AND notice.state = 'waiting' \
             AND notice.unit IS NOT NULL AND letter.sent IS NOT NULL \
             AND notice.kind IN ('first-chase', 'second-chase', 'escalation') ORDER BY notice.id",
        )
        .bind(program)
        .bind(period)
        .fetch_all(&self.pool)
        .await?;
        let mut told = Vec::new();
        for row in &rows {
            let body: NoticeBody = serde_json::from_str(row.try_get("body")?)?;
            // What a ledger says that came is no word of one that didn't.
            if !matches!(body.reason.trigger, Trigger::Value { .. }) {
                let recipients = body.to.into_iter().chain(body.cc).collect();
                told.push((row.try_get("unit")?, recipients));
            }
        }
        Ok(told)
    }

    /// Puts notices into a letter.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn put_into_letter(
        &self,
        change: &mut Change,
        notices: &[NoticeId],
        letter: LetterId,
    ) -> Result<()> {
        self.update_notices(change, notices, &format!("letter = {letter}"))
            .await
    }

    /// Marks notices as no longer true.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn void_notices(&self, change: &mut Change, notices: &[NoticeId]) -> Result<()> {
        self.update_notices(change, notices, "state = 'void'").await
    }

    /// Marks notices as overtaken by a later step.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn supersede_notices(&self, change: &mut Change, notices: &[NoticeId]) -> Result<()> {
        self.update_notices(change, notices, "state = 'superseded'").await
    }

    async fn update_notices(&self, change: &mut Change, notices: &[NoticeId], set: &str) -> Result<()> {
        for part in notices.chunks(TOGETHER) {
            let mut query = QueryBuilder::new("UPDATE notice SET ");
            query.push(set).push(" WHERE id IN (");
            let mut list = query.separated(", ");
            for id in part {
                list.push_bind(*id);
            }
            query.push(")");
            query
                .build()
                .persistent(false)
                .execute(change.connection())
                .await?;
        }
        Ok(())
    }
}
