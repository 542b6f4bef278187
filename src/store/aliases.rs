//! Names that units write and the roster doesn't know, offered as aliases.

use chrono::{DateTime, Utc};

use super::error::Result;
use super::{Change, Store};
use crate::domain::ids::{ProgramId, UnitId};

impl Store {
    /// Records a unit name that the roster doesn't know, to be offered as an alias.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn offer_alias(
        &self,
        change: &mut Change,
        program: &ProgramId,
        name: &str,
        unit: Option<&UnitId>,
        at: DateTime<Utc>,
    ) -> Result<()> {
        sqlx::query(
            "INSERT INTO alias_offer (program, name, unit, at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (program, name) DO NOTHING",
        )
        .bind(program)
        .bind(name)
        .bind(unit)
        .bind(at.timestamp_millis())
        .execute(change.connection())
        .await?;
        Ok(())
    }

    /// Unit names on offer: programme, name, the unit that the file was taken for.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn alias_offers(&self) -> Result<Vec<(ProgramId, String, Option<UnitId>)>> {
        let query =
            "SELECT program, name, unit FROM alias_offer WHERE dismissed IS NULL ORDER BY program, name";
        Ok(sqlx::query_as(query).fetch_all(&self.pool).await?)
    }

    /// The same of one programme, the first so many.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn alias_offers_of(
        &self,
        program: &ProgramId,
        most: u32,
    ) -> Result<Vec<(String, Option<UnitId>)>> {
        let query = "SELECT name, unit FROM alias_offer WHERE program = $1 AND dismissed IS NULL \
                     ORDER BY name LIMIT $2";
        Ok(sqlx::query_as(query)
            .bind(program)
            .bind(i64::from(most))
            .fetch_all(&self.pool)
            .await?)
    }

    /// Ends an offer: taken up, it is forgotten; dismissed, it isn't made again.
    /// Tells whether it still stood.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn end_alias_offer(
        &self,
        change: &mut Change,
        (program, name): (&ProgramId, &str),
        dismissed: Option<DateTime<Utc>>,
    ) -> Result<bool> {
        let query = match dismissed {
            None => "DELETE FROM alias_offer WHERE program = $1 AND name = $2 AND dismissed IS NULL",
            Some(_) => {
                "UPDATE alias_offer SET dismissed = $3 WHERE program = $1 AND name = $2 AND dismissed IS NULL"
            }
        };
        let ending = sqlx::query(query).bind(program).bind(name);
        let ending = match dismissed {
            None => ending,
            Some(at) => ending.bind(at.timestamp_millis()),
        };
        let ended = ending.execute(change.connection()).await?;
        Ok(ended.rows_affected() > 0)
    }
}
