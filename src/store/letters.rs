//! The outbox: letters, from the moment they are made until they are sent.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, Row};

use super::columns::{Columns as _, from_row};
use super::error::Result;
use super::{Change, Store, instant};
use crate::domain::ids::LetterId;
use crate::domain::ladder::Kind;
use crate::domain::letters::{Letter, LetterState, LetterText, NewLetter, Progress};

pub(super) const COLUMNS: &str = "SELECT id, kind, state, addressed, day, subject, text, html, chat, edited, created, \
     not_before, sent, attempts, last_error, message_id, about, decided_by, reason, programs FROM letter ";

from_row!(Letter, row, {
    let text = |name: &str| -> Result<String> { Ok(row.try_get(name)?) };
    Ok(Self {
        id: row.try_get("id")?,
        kind: row.word("kind", Kind::parse)?,
        state: row.word("state", LetterState::parse)?,
        addressed: row.json("addressed")?,
        day: text("day")?.parse()?,
        text: LetterText {
            subject: text("subject")?,
            text: text("text")?,
            html: text("html")?,
            chat: text("chat")?,
        },
        edited: row.try_get("edited")?,
        created: row.instant("created")?,
        not_before: row.instant("not_before")?,
        sent: row.instant_if_any("sent")?,
        attempts: row.count("attempts")?,
        last_error: row.try_get("last_error")?,
        message_id: text("message_id")?,
        about: row.try_get("about")?,
        decided_by: row.try_get("decided_by")?,
        reason: row.try_get("reason")?,
        programs: row.json("programs")?,
    })
});

/// What of a letter stands in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterTitle {
    /// Its number.
    pub id: LetterId,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// Its subject; empty as long as it has no words.
    pub subject: String,
}

from_row!(LetterTitle, row, {
    Ok(Self {
        id: row.try_get("id")?,
        created: row.instant("created")?,
        subject: row.try_get("subject")?,
    })
});

/// Letters that are asked for in one statement.
const TOGETHER: usize = 500;

impl Store {
    /// What of some letters stands in a list, by number.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn letter_titles(&self, letters: &[LetterId]) -> Result<HashMap<LetterId, LetterTitle>> {
        let mut found = HashMap::new();
        for part in letters.chunks(TOGETHER) {
            let mut query = QueryBuilder::new("SELECT id, created, subject FROM letter WHERE id IN (");
            let mut list = query.separated(", ");
            for id in part {
                list.push_bind(*id);
            }
            query.push(")");
            let titles = query.build_query_as().persistent(false);
            let titles: Vec<LetterTitle> = titles.fetch_all(&self.pool).await?;
            found.extend(titles.into_iter().map(|own| (own.id, own)));
        }
        Ok(found)
    }

    /// Adds a letter; gives its number.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn add_letter(&self, change: &mut Change, new: &NewLetter) -> Result<LetterId> {
        Ok(sqlx::query_scalar(
            "INSERT INTO letter (kind, state, addressed, day, created, not_before, about, reason, programs, \
             copies_by_hand) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
        )
        .bind(new.kind.as_str())
        .bind(new.state.as_str())
        .bind(serde_json::to_string(&new.addressed)?)
        .bind(new.day.to_string())
        .bind(new.created.timestamp_millis())
        .bind(new.not_before.timestamp_millis())
        .bind(new.about)
        .bind(&new.reason)
        .bind(serde_json::to_string(&new.programs)?)
        .bind(new.addressed.has_copies_by_hand())
        .fetch_one(change.connection())
        .await?)
    }

    /// Letters in any of some states (all where none is named), oldest first.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn letters(&self, states: &[LetterState]) -> Result<Vec<Letter>> {
        self.letters_with(COLUMNS, states).await
    }

    /// The same without their texts, which are most of them: only the subject.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn letters_without_texts(&self, states: &[LetterState]) -> Result<Vec<Letter>> {
        let columns = COLUMNS.replace("text, html, chat", "'' AS text, '' AS html, '' AS chat");
        self.letters_with(&columns, states).await
    }

    async fn letters_with(&self, columns: &str, states: &[LetterState]) -> Result<Vec<Letter>> {
        let mut query = QueryBuilder::new(columns);
        if !states.is_empty() {
            query.push("WHERE state IN (");
            let mut list = query.separated(", ");
            for state in states {
                list.push_bind(state.as_str());
            }
            query.push(")");
        }
        query.push(" ORDER BY id");
        Ok(query
            .build_query_as()
            .persistent(false)
            .fetch_all(&self.pool)
            .await?)
    }

    /// A letter by number.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn letter(&self, id: LetterId) -> Result<Option<Letter>> {
        let mut query = QueryBuilder::new(COLUMNS);
        query.push("WHERE id = ").push_bind(id);
        Ok(query.build_query_as().fetch_optional(&self.pool).await?)
    }

    /// A letter by number, seen from within a change, so that nobody else
    /// moves it on meanwhile.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn letter_within(&self, change: &mut Change, id: LetterId) -> Result<Option<Letter>> {
        let mut query = QueryBuilder::new(COLUMNS);
        query.push("WHERE id = ").push_bind(id);
        Ok(query.build_query_as().fetch_optional(change.connection()).await?)
    }

    /// Queued letters whose time has come, oldest first, `most` at most, seen
    /// from within a change: a person may decide about them at the same time.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn letters_to_send(
        &self,
        change: &mut Change,
        now: DateTime<Utc>,
        most: u32,
    ) -> Result<Vec<Letter>> {
        let mut query = QueryBuilder::new(COLUMNS);
        query
            .push("WHERE state = 'queued' AND not_before <= ")
            .push_bind(now.timestamp_millis());
        query.push(" ORDER BY id LIMIT ").push_bind(i64::from(most));
        Ok(query.build_query_as().fetch_all(change.connection()).await?)
    }

    /// How many letters there are in each state, and when the last one went.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn letter_counts(&self) -> Result<(HashMap<LetterState, u32>, Option<DateTime<Utc>>)> {
        let rows = sqlx::query("SELECT state, count(*) AS n, max(sent) AS sent FROM letter GROUP BY state")
            .fetch_all(&self.pool)
            .await?;
        let mut counts = HashMap::new();
        let mut last = None;
        for row in &rows {
            let count = u32::try_from(row.try_get::<i64, _>("n")?).unwrap_or(u32::MAX);
            if let Some(state) = LetterState::parse(row.try_get("state")?) {
                counts.insert(state, count);
            }
            last = last.max(row.try_get::<Option<i64>, _>("sent")?);
        }
        Ok((counts, last.and_then(instant)))
    }

    /// When the next queued letter may be sent.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn next_letter(&self) -> Result<Option<DateTime<Utc>>> {
        let at: Option<i64> = sqlx::query_scalar("SELECT min(not_before) FROM letter WHERE state = 'queued'")
            .fetch_one(&self.pool)
            .await?;
        Ok(at.and_then(instant))
    }

    /// How many letters the mail server took, or may have taken, since an
    /// instant; one that it put off isn't among them.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn handed_over_since(&self, since: DateTime<Utc>) -> Result<u32> {
        let count: i64 =
            sqlx::query_scalar("SELECT count(*) FROM letter WHERE attempted >= $1 AND state <> 'queued'")
                .bind(since.timestamp_millis())
                .fetch_one(&self.pool)
                .await?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// Writes a letter's words.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn set_letter_text(
        &self,
        change: &mut Change,
        id: LetterId,
        text: &LetterText,
        edited: bool,
    ) -> Result<()> {
        sqlx::query(
            "UPDATE letter SET subject = $2, text = $3, html = $4, chat = $5, edited = $6 WHERE id = $1",
        )
        .bind(id)
        .bind(&text.subject)
        .bind(&text.text)
        .bind(&text.html)
        .bind(&text.chat)
        .bind(edited)
        .execute(change.connection())
        .await?;
        Ok(())
    }

    /// Puts off every letter whose time has come, with the reason; none of them was tried.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn put_off_letters(
        &self,
        change: &mut Change,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
        reason: &str,
    ) -> Result<()> {
        sqlx::query(
            "UPDATE letter SET not_before = $2, last_error = $3 WHERE state = 'queued' AND not_before <= $1",
        )
        .bind(now.timestamp_millis())
        .bind(until.timestamp_millis())
        .bind(reason)
        .execute(change.connection())
        .await?;
        Ok(())
    }

    /// Puts letters back that were to be marked as being sent but never were
    /// handed over; those that aren't so marked stay as they are.
    ///
    /// # Errors
    /// The database can't take it: do the same again when the fault is over.
    pub async fn requeue_attempting(&self, ids: &[LetterId]) -> Result<()> {
        for id in ids {
            let requeue =
                sqlx::query("UPDATE letter SET state = 'queued' WHERE id = $1 AND state = 'attempting'");
            self.pool.write(requeue.bind(id)).await?;
        }
        Ok(())
    }

    /// Writes a letter's words, and that it is about to be handed over.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn set_attempting(
        &self,
        change: &mut Change,
        letter: &Letter,
        text: &LetterText,
        message_id: &str,
        at: DateTime<Utc>,
    ) -> Result<bool> {
        let outcome = sqlx::query(
            "UPDATE letter SET state = 'attempting', subject = $2, text = $3, html = $4, chat = $5, \
             message_id = $6, attempted = $7, attempts = attempts + 1, last_error = NULL \
             WHERE id = $1 AND state = $8",
        )
        .bind(letter.id)
        .bind(&text.subject)
        .bind(&text.text)
        .bind(&text.html)
        .bind(&text.chat)
        .bind(message_id)
        .bind(at.timestamp_millis())
        .bind(letter.state.as_str())
        .execute(change.connection())
        .await?;
        Ok(outcome.rows_affected() > 0)
    }

    /// Records what became of a letter that is in a state; whether it was.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn set_letter(
        &self,
        change: &mut Change,
        (id, from): (LetterId, LetterState),
        now: &Progress<'_>,
    ) -> Result<bool> {
        let outcome = sqlx::query(
            "UPDATE letter SET state = $2, not_before = coalesce($3, not_before), sent = coalesce($4, sent), \
             last_error = $5, decided_by = coalesce($6, decided_by), reason = coalesce($7, reason) \
             WHERE id = $1 AND state = $8",
        )
        .bind(id)
        .bind(now.state.as_str())
        .bind(now.not_before.map(|at| at.timestamp_millis()))
        .bind(now.sent.map(|at| at.timestamp_millis()))
        .bind(now.error)
        .bind(now.by)
        .bind(now.reason)
        .bind(from.as_str())
        .execute(change.connection())
        .await?;
        Ok(outcome.rows_affected() > 0)
    }
}
