//! What is remembered of the clock, and what follows when the office says that
//! it is right again.

use chrono::{DateTime, Utc};

use super::error::Result;
use super::{Change, SET_META, Store, instant};

/// The latest instant that was seen while the clock was trusted.
const LATEST: &str = "latest_instant";

/// Why the clock isn't trusted, as the daemon said it last; empty while it is.
const FAULT: &str = "clock_fault";

/// When the office last said that the clock is right.
const ACCEPTED: &str = "clock_accepted";

/// What is remembered of the clock.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClockMemory {
    /// The latest instant that was seen while it was trusted.
    pub latest: Option<DateTime<Utc>>,
    /// Why it isn't trusted, as the daemon said it last.
    pub fault: Option<String>,
    /// When the office last said that it is right.
    pub accepted: Option<DateTime<Utc>>,
}

impl Store {
    /// What is remembered of the clock.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn clock(&self) -> Result<ClockMemory> {
        let time = |text: Option<String>| text.and_then(|text| text.parse().ok()).and_then(instant);
        Ok(ClockMemory {
            latest: time(self.meta(LATEST).await?),
            fault: self.meta(FAULT).await?.filter(|fault| !fault.is_empty()),
            accepted: time(self.meta(ACCEPTED).await?),
        })
    }

    /// Remembers the latest instant.
    ///
    /// # Errors
    /// The database can't take it: do the same again when the fault is over.
    pub async fn set_latest(&self, at: DateTime<Utc>) -> Result<()> {
        self.set_meta(LATEST, &at.timestamp_millis().to_string()).await
    }

    /// Remembers why the clock isn't trusted, or that it is.
    ///
    /// # Errors
    /// The database can't take it: do the same again when the fault is over.
    pub async fn set_clock_fault(&self, fault: Option<&str>) -> Result<()> {
        self.set_meta(FAULT, fault.unwrap_or_default()).await
    }

    /// The clock is right: its time counts from here on, and what was put off
    /// to a moment that lies ahead of it by more than an hour comes at once.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn accept_clock(&self, change: &mut Change, now: DateTime<Utc>) -> Result<()> {
        let millis = now.timestamp_millis().to_string();
        for (key, value) in [
            (LATEST, millis.as_str()),
            (FAULT, ""),
            (ACCEPTED, millis.as_str()),
        ] {
            let setting = sqlx::query(SET_META).bind(key).bind(value);
            setting.execute(change.connection()).await?;
        }
        let (at, ahead) = (now.timestamp_millis(), now + chrono::TimeDelta::hours(1));
        for query in [
            "UPDATE delivery SET not_before = $1 WHERE state = 'pending' AND not_before > $2",
            "UPDATE letter SET not_before = $1 WHERE state = 'queued' AND not_before > $2 AND created > $2",
        ] {
            sqlx::query(query)
                .bind(at)
                .bind(ahead.timestamp_millis())
                .execute(change.connection())
                .await?;
        }
        Ok(())
    }

    /// Takes back the steps of the ladder whose time has yet to come, which a
    /// clock that ran ahead made come due: they come again when it is time. What
    /// was made of them and hasn't gone is discarded. Gives how many letters.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn take_back_steps(&self, change: &mut Change, now: DateTime<Utc>) -> Result<u64> {
        const ANSWERS: &str = "'returned', 'receipt', 'cleared', 'withdrawal'";
        let ahead = now.timestamp_millis();
        // A step is recorded under its key once for ever; this one gives its key free.
        let steps = format!(
            "UPDATE notice SET state = 'void', step = step || '#' || id WHERE at > $1 AND kind NOT IN ({ANSWERS})"
        );
        sqlx::query(sqlx::AssertSqlSafe(steps))
            .bind(ahead)
            .execute(change.connection())
            .await?;
        let letters = format!(
            "UPDATE letter SET state = 'discarded', last_error = NULL, \
             reason = '本机时间超前期间写成，已作废；到时候重新写' \
             WHERE created > $1 AND state IN ('draft', 'queued', 'by-hand') AND kind NOT IN ({ANSWERS})"
        );
        let done = sqlx::query(sqlx::AssertSqlSafe(letters))
            .bind(ahead)
            .execute(change.connection())
            .await?;
        Ok(done.rows_affected())
    }
}
