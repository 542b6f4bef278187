//! Lists of letters, a page at a time, and how many there are of which. What
//! is counted and sought comes from indices; only the letters of a page are read.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, Row};

use super::columns::{Columns as _, from_row};
use super::database::Database;
use super::error::{Result, StoreError};
use super::{Store, letters};
use crate::domain::ids::{LetterId, ProgramId};
use crate::domain::ladder::Kind;
use crate::domain::letters::{Addressed, Letter, LetterState};

/// A letter in a list, without its texts.
#[derive(Debug, Clone, PartialEq)]
pub struct LetterHead {
    /// Number.
    pub id: LetterId,
    /// Kind.
    pub kind: Kind,
    /// State.
    pub state: LetterState,
    /// To whom.
    pub addressed: Addressed,
    /// Its subject.
    pub subject: String,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// Not to be sent before.
    pub not_before: DateTime<Utc>,
    /// When it was sent, or handed over.
    pub sent: Option<DateTime<Utc>>,
    /// What went wrong last, or why it doesn't go.
    pub last_error: Option<String>,
    /// Who decided about it.
    pub decided_by: Option<String>,
}

impl LetterHead {
    /// Of a letter that was read whole.
    #[must_use]
    pub fn of(letter: &Letter) -> Self {
        Self {
            id: letter.id,
            kind: letter.kind,
            state: letter.state,
            addressed: letter.addressed.clone(),
            subject: letter.text.subject.clone(),
            created: letter.created,
            not_before: letter.not_before,
            sent: letter.sent,
            last_error: letter.last_error.clone(),
            decided_by: letter.decided_by.clone(),
        }
    }
}

from_row!(LetterHead, row, {
    Ok(Self {
        id: row.try_get("id")?,
        kind: row.word("kind", Kind::parse)?,
        state: row.word("state", LetterState::parse)?,
        addressed: row.json("addressed")?,
        subject: row.try_get("subject")?,
        created: row.instant("created")?,
        not_before: row.instant("not_before")?,
        sent: row.instant_if_any("sent")?,
        last_error: row.try_get("last_error")?,
        decided_by: row.try_get("decided_by")?,
    })
});

/// So many letters in a state are about just these programmes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterCount {
    /// The state.
    pub state: LetterState,
    /// The programmes.
    pub programs: BTreeSet<ProgramId>,
    /// How many.
    pub letters: usize,
}

/// Which letters a list has.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'a> {
    /// In these states; all where none is named.
    pub states: &'a [LetterState],
    /// About just one of these sets of programmes; about any where none is given.
    pub programs: Option<&'a [BTreeSet<ProgramId>]>,
    /// The list goes on beyond this letter.
    pub beyond: Option<LetterId>,
    /// So many at most.
    pub most: usize,
}

impl Store {
    /// A part of a list, the newest first, without the texts.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn letter_heads(&self, listed: Listed<'_>) -> Result<Vec<LetterHead>> {
        let mut query = QueryBuilder::new(
            "SELECT id, kind, state, addressed, subject, created, not_before, sent, last_error, decided_by \
             FROM letter ",
        );
        push(&mut query, listed, "<", "DESC")?;
        Ok(query
            .build_query_as()
            .persistent(false)
            .fetch_all(&self.pool)
            .await?)
    }

    /// A part of a list, the oldest first.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn letters_listed(&self, listed: Listed<'_>) -> Result<Vec<Letter>> {
        let mut query = QueryBuilder::new(letters::COLUMNS);
        push(&mut query, listed, ">", "ASC")?;
        Ok(query
            .build_query_as()
            .persistent(false)
            .fetch_all(&self.pool)
            .await?)
    }

    /// How many letters there are, by state and by what they are about.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn letters_counted(&self) -> Result<Vec<LetterCount>> {
        let rows =
            sqlx::query("SELECT state, programs, count(*) AS letters FROM letter GROUP BY state, programs")
                .fetch_all(&self.pool)
                .await?;
        rows.iter()
            .map(|row| {
                Ok(LetterCount {
                    state: row.word("state", LetterState::parse)?,
                    programs: row.json("programs")?,
                    letters: row.count("letters")?,
                })
            })
            .collect()
    }

    /// The letter that withdraws another one, if there is one.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn withdrawal_of(&self, letter: LetterId) -> Result<Option<LetterId>> {
        Ok(sqlx::query_scalar(
            "SELECT id FROM letter WHERE about = $1 AND kind = 'withdrawal' AND state <> 'discarded' LIMIT 1",
        )
        .bind(letter)
        .fetch_optional(&self.pool)
        .await?)
    }

    /// Reasons for which letters about just these programmes were withdrawn,
    /// each once, the latest first.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn withdrawal_reasons(
        &self,
        programs: &BTreeSet<ProgramId>,
        most: usize,
    ) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(
            "SELECT reason FROM letter WHERE about IS NOT NULL AND kind = 'withdrawal' AND programs = $1 \
             AND reason IS NOT NULL GROUP BY reason ORDER BY max(id) DESC LIMIT $2",
        )
        .bind(serde_json::to_string(programs)?)
        .bind(i64::try_from(most).unwrap_or(i64::MAX))
        .fetch_all(&self.pool)
        .await?)
    }
}

/// The letters of a list: their numbers are sought first, in an index, and only
/// then the letters read.
fn push(
    query: &mut QueryBuilder<Database>,
    listed: Listed<'_>,
    beyond: &str,
    order: &str,
) -> std::result::Result<(), StoreError> {
    query.push("WHERE id IN (SELECT id FROM letter WHERE true");
    // The index of programmes begins with the state.
    let states = match (listed.states, listed.programs) {
        ([], Some(_)) => &LetterState::ALL[..],
        (states, _) => states,
    };
    if !states.is_empty() {
        query.push(" AND state IN (");
        let mut list = query.separated(", ");
        for state in states {
            list.push_bind(state.as_str());
        }
        query.push(")");
    }
    if let Some(programs) = listed.programs {
        query.push(" AND programs IN (");
        let mut list = query.separated(", ");
        for own in programs {
            list.push_bind(serde_json::to_string(own)?);
        }
        query.push(")");
    }
    if let Some(id) = listed.beyond {
        query.push(format!(" AND id {beyond} ")).push_bind(id);
    }
    let most = i64::try_from(listed.most).unwrap_or(i64::MAX);
    query
        .push(format!(" ORDER BY id {order} LIMIT "))
        .push_bind(most)
        .push(format!(") ORDER BY id {order}"));
    Ok(())
}
