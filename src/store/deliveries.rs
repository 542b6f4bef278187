//! What has yet to be done on the share.

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, Row};

use super::columns::{Columns as _, from_row};
use super::error::Result;
use super::{Change, Store};
use crate::domain::ids::{DeliveryId, SubmissionId};
use crate::domain::share_path::SharePath;

/// A step to be carried out on the share. `action` is the jobs' own JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// The submission it serves.
    pub submission: Option<SubmissionId>,
    /// What to do.
    pub action: String,
    /// The path on the share that it takes away; until it's done, the file
    /// there is not taken again.
    pub source: Option<String>,
}

/// A step that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Number; steps are carried out in this order.
    pub id: DeliveryId,
    /// The submission it serves.
    pub submission: Option<SubmissionId>,
    /// What to do.
    pub action: String,
    /// How often it was tried.
    pub tries: u32,
}

/// Steps that go into one statement.
const TOGETHER: usize = 512;

/// Steps whose time has come. Those of one submission keep their order: while
/// one of them is put off, those behind it wait with it, or a note would say
/// of a file what hasn't been done to it.
const DUE: &str = "SELECT id, submission, action, tries FROM delivery AS step \
     WHERE state = 'pending' AND not_before <= $1 AND NOT EXISTS (SELECT 1 FROM delivery AS earlier \
     WHERE earlier.state = 'pending' AND earlier.submission = step.submission AND earlier.id < step.id \
     AND earlier.not_before > $1) ORDER BY id LIMIT $2";

/// When the first of them comes due; one that waits for an earlier step of its
/// submission is none before that.
const NEXT: &str = "SELECT min(not_before) FROM delivery AS step WHERE state = 'pending' AND NOT EXISTS \
     (SELECT 1 FROM delivery AS earlier WHERE earlier.state = 'pending' \
     AND earlier.submission = step.submission AND earlier.id < step.id)";

from_row!(Delivery, row, {
    Ok(Self {
        id: row.try_get("id")?,
        submission: row.try_get("submission")?,
        action: row.try_get("action")?,
        tries: row.count("tries")?,
    })
});

impl Store {
    /// Adds steps, in their order.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn add_deliveries(&self, change: &mut Change, new: &[NewDelivery]) -> Result<()> {
        for part in new.chunks(TOGETHER) {
            let mut insert = QueryBuilder::new("INSERT INTO delivery (submission, action, source) ");
            insert.push_values(part, |mut line, new| {
                line.push_bind(new.submission)
                    .push_bind(&new.action)
                    .push_bind(&new.source);
            });
            insert
                .build()
                .persistent(false)
                .execute(change.connection())
                .await?;
        }
        Ok(())
    }

    /// Steps whose time has come, in order, `most` at most; none before an
    /// earlier step of the same submission that is put off.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn pending_deliveries(&self, now: DateTime<Utc>, most: u32) -> Result<Vec<Delivery>> {
        Ok(sqlx::query_as(DUE)
            .bind(now.timestamp_millis())
            .bind(i64::from(most))
            .fetch_all(&self.pool)
            .await?)
    }

    /// How many steps wait, and the last error among them.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn delivery_backlog(&self) -> Result<(u32, Option<String>)> {
        let row = sqlx::query(
            "SELECT count(*) AS n, max(last_error) AS error FROM delivery WHERE state = 'pending'",
        )
        .fetch_one(&self.pool)
        .await?;
        Ok((row.count("n")?, row.try_get("error")?))
    }

    /// When the next waiting step may be tried.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn next_delivery(&self) -> Result<Option<DateTime<Utc>>> {
        let at: Option<i64> = sqlx::query_scalar(NEXT).fetch_one(&self.pool).await?;
        Ok(at.and_then(super::instant))
    }

    /// Lets waiting steps be tried at once: what they failed for is over.
    ///
    /// # Errors
    /// The database can't take it: do the same again when the fault is over.
    pub async fn hasten_deliveries(&self, now: DateTime<Utc>) -> Result<()> {
        let hasten = sqlx::query(
            "UPDATE delivery SET not_before = $1, tries = 0 WHERE state = 'pending' AND not_before > $1",
        );
        self.pool.write(hasten.bind(now.timestamp_millis())).await?;
        Ok(())
    }

    /// Paths on the share that waiting steps are to take away, with their steps' JSON.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn spoken_for(&self) -> Result<Vec<(SharePath, String)>> {
        Ok(sqlx::query_as(
            "SELECT source, action FROM delivery WHERE state = 'pending' AND source IS NOT NULL",
        )
        .fetch_all(&self.pool)
        .await?)
    }

    /// Waiting steps that have failed before, as the jobs' own JSON.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn failed_deliveries(&self) -> Result<Vec<String>> {
        let failed = sqlx::query_scalar(
            "SELECT action FROM delivery WHERE state = 'pending' AND last_error IS NOT NULL",
        );
        Ok(failed.fetch_all(&self.pool).await?)
    }

    /// Puts a step off after a failure.
    ///
    /// # Errors
    /// The database can't take it: do the same again when the fault is over.
    pub async fn postpone_delivery(&self, id: DeliveryId, until: DateTime<Utc>, error: &str) -> Result<()> {
        let postpone = sqlx::query(
            "UPDATE delivery SET tries = tries + 1, not_before = $2, last_error = $3 WHERE id = $1",
        );
        let until = until.timestamp_millis();
        self.pool.write(postpone.bind(id).bind(until).bind(error)).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_733_000_000_000).unwrap() + TimeDelta::seconds(seconds)
    }

    /// A store with a submission of each of these numbers, and steps for them in this order.
    async fn with_steps(folder: &tempfile::TempDir, steps: &[Option<i64>]) -> Store {
        let store = Store::open(&folder.path().join("t.sqlite3")).await.unwrap();
        let mut change = store.begin().await.unwrap();
        let ids: std::collections::BTreeSet<i64> = steps.iter().flatten().copied().collect();
        for id in ids {
            sqlx::query(
                "INSERT INTO submission (id, program, sha256, size, file_name, origin, arrived_seen, decided, \
                 verdict, program_hash) VALUES ($1, 'p', 'x', 1, 'f', 'f', 0, 0, 'accepted', 'h')",
            )
            .bind(id)
            .execute(change.connection())
            .await
            .unwrap();
        }
        let new = |submission: &Option<i64>| NewDelivery {
            submission: submission.map(SubmissionId::new),
            action: "{}".into(),
            source: None,
        };
        let new: Vec<_> = steps.iter().map(new).collect();
        store.add_deliveries(&mut change, &new).await.unwrap();
        change.commit().await.unwrap();
        store
    }

    async fn due(store: &Store, seconds: i64) -> Vec<i64> {
        let due = store.pending_deliveries(at(seconds), 512).await.unwrap();
        due.iter().map(|delivery| delivery.id.number()).collect()
    }

    #[tokio::test]
    async fn a_step_waits_for_an_earlier_one_of_its_submission_that_is_put_off() {
        let folder = tempfile::tempdir().unwrap();
        let store = with_steps(&folder, &[Some(1), Some(1), Some(2), None, Some(1), None]).await;
        assert_eq!(due(&store, 0).await, [1, 2, 3, 4, 5, 6]);
        // The first of one submission fails; those of others, and of none, go on.
        store
            .postpone_delivery(1.into(), at(60), "磁盘已满")
            .await
            .unwrap();
        store
            .postpone_delivery(4.into(), at(90), "磁盘已满")
            .await
            .unwrap();
        assert_eq!(due(&store, 0).await, [3, 6]);
        let mut change = store.begin().await.unwrap();
        store
            .finish_deliveries(&mut change, &[3.into(), 6.into()], &[])
            .await
            .unwrap();
        change.commit().await.unwrap();
        // Nothing is due before that, or the daemon would ask without end.
        assert_eq!(store.next_delivery().await.unwrap(), Some(at(60)));
        assert_eq!(due(&store, 59).await, [0_i64; 0]);
        assert_eq!(due(&store, 60).await, [1, 2, 5]);
        // What is in the middle holds up only what is behind it.
        store
            .postpone_delivery(2.into(), at(120), "磁盘已满")
            .await
            .unwrap();
        assert_eq!(due(&store, 90).await, [1, 4]);
        store.hasten_deliveries(at(91)).await.unwrap();
        assert_eq!(due(&store, 91).await, [1, 2, 4, 5]);
    }

    #[tokio::test]
    async fn what_holds_a_step_up_is_found_by_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let steps: Vec<Option<i64>> = (0..1_000).map(|n| Some(1 + n / 4)).collect();
        let store = with_steps(&folder, &steps).await;
        for query in [DUE, NEXT] {
            let plan = sqlx::query(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}")));
            let plan = if query == DUE {
                plan.bind(0).bind(512)
            } else {
                plan
            };
            let plan = plan.fetch_all(&store.pool).await.unwrap();
            let lines: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
            let line = |table: &str| lines.iter().find(|line| line.contains(table)).unwrap();
            assert!(line(" step ").contains("delivery_pending"), "{query}: {lines:#?}");
            assert!(
                line(" earlier ").contains("delivery_submission (submission=? AND id<?)"),
                "{query}: {lines:#?}"
            );
            assert!(
                !lines.iter().any(|line| line.contains("TEMP B-TREE")),
                "{lines:#?}"
            );
        }
    }
}
