//! Whom letters of a day go to.

use chrono::NaiveDate;
use sqlx::{QueryBuilder, Row};

use super::columns::Columns as _;
use super::error::Result;
use super::letters::COLUMNS;
use super::{Change, Store};
use crate::domain::ids::{LetterId, ProgramId};
use crate::domain::ladder::Kind;
use crate::domain::letters::{Addressed, Letter};

impl Store {
    /// Keys of recipients for whom a letter of the daily kind was made for a
    /// day, each with the programmes that it was about, seen from within a change.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn written_to(&self, change: &mut Change, day: NaiveDate) -> Result<Vec<(String, ProgramId)>> {
        let rows = sqlx::query(
            "SELECT DISTINCT letter.id, letter.kind, letter.addressed, notice.program FROM letter \
             JOIN notice ON notice.letter = letter.id WHERE letter.day = $1 AND letter.state <> 'discarded'",
        )
        .bind(day.to_string())
        .fetch_all(change.connection())
        .await?;
        let mut keys = Vec::new();
        for row in &rows {
            let kind = Kind::parse(row.try_get("kind")?);
            if kind.is_some_and(|kind| !kind.stands_alone()) {
                let addressed: Addressed = row.json("addressed")?;
                let program: ProgramId = row.try_get("program")?;
                keys.extend(addressed.to.into_iter().map(|to| (to.key, program.clone())));
            }
        }
        Ok(keys)
    }

    /// Addresses a letter to others.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn readdress_letter(
        &self,
        change: &mut Change,
        id: LetterId,
        addressed: &Addressed,
    ) -> Result<()> {
        sqlx::query("UPDATE letter SET addressed = $2, copies_by_hand = $3 WHERE id = $1")
            .bind(id)
            .bind(serde_json::to_string(addressed)?)
            .bind(addressed.has_copies_by_hand())
            .execute(change.connection())
            .await?;
        Ok(())
    }

    /// Letters made for a day or later of which somebody gets a copy who has no
    /// address, oldest first.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn letters_with_copies_by_hand(&self, day: NaiveDate) -> Result<Vec<Letter>> {
        let mut query = QueryBuilder::new(COLUMNS);
        query
            .push("WHERE copies_by_hand AND day >= ")
            .push_bind(day.to_string());
        query.push(" ORDER BY id");
        Ok(query.build_query_as().fetch_all(&self.pool).await?)
    }
}
