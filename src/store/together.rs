//! Questions asked, and facts recorded, for many at once. Every statement is a
//! way to the database's thread and back, which costs more than most rows do:
//! a day on which a thousand units report asks a few dozen questions, not
//! thirty thousand.

use std::collections::HashMap;

use sqlx::{QueryBuilder, Row};

use super::columns::Columns as _;
use super::database::{Connection, Database};
use super::error::Result;
use super::placed::Placed;
use super::submissions::COLUMNS;
use super::{Change, Store};
use crate::domain::finding::Finding;
use crate::domain::ids::{DeliveryId, ProgramId, SubmissionId, UnitId};
use crate::domain::ledger::stored::{self, StoredRows};
use crate::domain::period::Period;
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use crate::domain::submission::Record;

/// Values bound in one statement at most; databases refuse too many.
const VALUES: usize = 5_000;

/// Ranges asked for in one statement at most.
const RANGES: usize = 200;

/// What a sign behind every other one is: the end of a range of paths.
const LAST: char = '\u{10ffff}';

impl Store {
    /// The versions of several units for a period, oldest first, by unit.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn versions_of_units(
        &self,
        program: &ProgramId,
        period: &Period,
        units: &[&UnitId],
    ) -> Result<HashMap<UnitId, Vec<Record>>> {
        let mut connection = self.pool.acquire().await?;
        let found = versions(&mut connection, program, period, units).await;
        if found.is_err() {
            connection.close_on_drop();
        }
        found
    }

    /// As [`Store::versions_of_units`], seen from within a change.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn versions_of_units_within(
        &self,
        change: &mut Change,
        program: &ProgramId,
        period: &Period,
        units: &[&UnitId],
    ) -> Result<HashMap<UnitId, Vec<Record>>> {
        versions(change.connection(), program, period, units).await
    }

    /// Earlier submissions of any of several contents, newest first, withdrawn
    /// ones left out, by SHA-256; seen from within a change.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn same_bytes_of(
        &self,
        change: &mut Change,
        program: &ProgramId,
        sha256: &[Sha256],
    ) -> Result<HashMap<Sha256, Vec<Record>>> {
        let mut found: HashMap<Sha256, Vec<Record>> = HashMap::new();
        for part in sha256.chunks(VALUES) {
            let mut query = QueryBuilder::new(COLUMNS);
            query.push("WHERE program = ").push_bind(program);
            query.push(" AND withdrawn_at IS NULL AND sha256 IN ");
            push_list(&mut query, part);
            query.push(" ORDER BY id DESC");
            let records = query.build_query_as::<Record>().persistent(false);
            for record in records.fetch_all(change.connection()).await? {
                found.entry(record.sha256).or_default().push(record);
            }
        }
        Ok(found)
    }

    /// Findings of several submissions that their units are told of, by
    /// submission: infos stay with the office.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn findings_told_of(
        &self,
        ids: &[SubmissionId],
    ) -> Result<HashMap<SubmissionId, Vec<Finding>>> {
        self.findings_that(ids, "<> 'info'").await
    }

    /// The findings of some submissions that only the office reads, by submission.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn infos_of(&self, ids: &[SubmissionId]) -> Result<HashMap<SubmissionId, Vec<Finding>>> {
        self.findings_that(ids, "= 'info'").await
    }

    async fn findings_that(
        &self,
        ids: &[SubmissionId],
        severity: &'static str,
    ) -> Result<HashMap<SubmissionId, Vec<Finding>>> {
        let mut found: HashMap<SubmissionId, Vec<Finding>> = HashMap::new();
        for part in ids.chunks(VALUES) {
            let mut query = QueryBuilder::new("SELECT submission, body FROM finding WHERE submission IN ");
            push_list(&mut query, part);
            query
                .push(" AND severity ")
                .push(severity)
                .push(" ORDER BY submission, n");
            for row in query.build().persistent(false).fetch_all(&self.pool).await? {
                let finding = row.json("body")?;
                found.entry(row.try_get("submission")?).or_default().push(finding);
            }
        }
        Ok(found)
    }

    /// Data rows of some submissions, by submission.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn rows_of_each(&self, ids: &[SubmissionId]) -> Result<HashMap<SubmissionId, StoredRows>> {
        let mut found = HashMap::with_capacity(ids.len());
        for part in ids.chunks(VALUES) {
            let mut query =
                QueryBuilder::new("SELECT submission, rows FROM submission_rows WHERE submission IN ");
            push_list(&mut query, part);
            for row in query.build().persistent(false).fetch_all(&self.pool).await? {
                let text = simdutf8::basic::from_utf8(row.try_get("rows")?)?;
                found.insert(row.try_get("submission")?, stored::from_text(text)?);
            }
        }
        Ok(found)
    }

    /// Periods for which units owe nothing more, because something was accepted
    /// or they are exempt, by unit.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn settled_periods(
        &self,
        program: &ProgramId,
        units: &[&UnitId],
    ) -> Result<HashMap<UnitId, Vec<Period>>> {
        let mut found: HashMap<UnitId, Vec<Period>> = HashMap::new();
        for part in units.chunks(VALUES / 2) {
            let mut query = QueryBuilder::new("SELECT unit, period FROM submission WHERE program = ");
            query.push_bind(program).push(
                " AND version IS NOT NULL AND withdrawn_at IS NULL AND (verdict IN \
                 ('accepted', 'accepted_with_warnings') OR accepted_at IS NOT NULL) AND unit IN ",
            );
            push_list(&mut query, part);
            query.push(" UNION SELECT unit, period FROM exemption WHERE undone_at IS NULL AND program = ");
            query.push_bind(program).push(" AND unit IN ");
            push_list(&mut query, part);
            let keys = query.build_query_as::<(UnitId, Period)>().persistent(false);
            for (unit, period) in keys.fetch_all(&self.pool).await? {
                found.entry(unit).or_default().push(period);
            }
        }
        Ok(found)
    }

    /// Everything that we left in a folder and below it.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn placed_below(&self, folder: &str) -> Result<Vec<Placed>> {
        self.placed_below_any(&[folder]).await
    }

    /// Everything that we left in some folders and below them, none of which
    /// lies in another.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn placed_below_any(&self, folders: &[&str]) -> Result<Vec<Placed>> {
        let mut found = Vec::new();
        for part in folders.chunks(RANGES) {
            let mut query =
                QueryBuilder::new("SELECT path, sha256, size, modified, role, submission FROM placed WHERE ");
            // Ranges, so that the key's index finds them.
            for (place, folder) in part.iter().enumerate() {
                query.push(if place == 0 { "(path >= " } else { " OR (path >= " });
                query.push_bind(format!("{folder}/")).push(" AND path < ");
                query.push_bind(format!("{folder}/{LAST}")).push(")");
            }
            let placed = query.build_query_as::<Placed>().persistent(part.len() == 1);
            found.extend(placed.fetch_all(&self.pool).await?);
        }
        Ok(found)
    }

    /// What we left at some paths.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn placed_at(&self, paths: &[&str]) -> Result<Vec<Placed>> {
        let mut found = Vec::new();
        for part in paths.chunks(VALUES) {
            let mut query = QueryBuilder::new(
                "SELECT path, sha256, size, modified, role, submission FROM placed WHERE path IN ",
            );
            push_list(&mut query, part);
            found.extend(
                query
                    .build_query_as::<Placed>()
                    .persistent(false)
                    .fetch_all(&self.pool)
                    .await?,
            );
        }
        Ok(found)
    }

    /// Remembers how files lie there now; those without a fact are gone or no
    /// longer ours. No path may come twice.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn place_all(&self, change: &mut Change, paths: &[(SharePath, Option<Placed>)]) -> Result<()> {
        let gone: Vec<&str> = paths
            .iter()
            .filter(|(_, placed)| placed.is_none())
            .map(|(path, _)| path.as_str())
            .collect();
        for part in gone.chunks(VALUES) {
            let mut query = QueryBuilder::new("DELETE FROM placed WHERE path IN ");
            push_list(&mut query, part);
            query
                .build()
                .persistent(false)
                .execute(change.connection())
                .await?;
        }
        let here: Vec<&Placed> = paths.iter().filter_map(|(_, placed)| placed.as_ref()).collect();
        for part in here.chunks(VALUES / 6) {
            let mut query =
                QueryBuilder::new("INSERT INTO placed (path, sha256, size, modified, role, submission) ");
            query.push_values(part, |mut line, placed| {
                line.push_bind(&placed.path)
                    .push_bind(placed.sha256)
                    .push_bind(i64::try_from(placed.size).unwrap_or(i64::MAX))
                    .push_bind(placed.modified)
                    .push_bind(placed.role.as_str())
                    .push_bind(placed.submission);
            });
            query.push(
                " ON CONFLICT (path) DO UPDATE SET sha256 = excluded.sha256, size = excluded.size, \
                 modified = excluded.modified, role = excluded.role, submission = excluded.submission",
            );
            query
                .build()
                .persistent(false)
                .execute(change.connection())
                .await?;
        }
        Ok(())
    }

    /// Marks steps as done, and remembers where the files of submissions lie now.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn finish_deliveries(
        &self,
        change: &mut Change,
        done: &[DeliveryId],
        lies_at: &[(SubmissionId, &str)],
    ) -> Result<()> {
        for part in lies_at.chunks(VALUES / 3) {
            let mut query = QueryBuilder::new("UPDATE submission SET placed = CASE id");
            for (id, path) in part {
                query
                    .push(" WHEN ")
                    .push_bind(*id)
                    .push(" THEN ")
                    .push_bind(*path);
            }
            query.push(" ELSE placed END WHERE id IN ");
            let ids: Vec<SubmissionId> = part.iter().map(|(id, _)| *id).collect();
            push_list(&mut query, &ids);
            query
                .build()
                .persistent(false)
                .execute(change.connection())
                .await?;
        }
        for part in done.chunks(VALUES) {
            let mut query =
                QueryBuilder::new("UPDATE delivery SET state = 'done', last_error = NULL WHERE id IN ");
            push_list(&mut query, part);
            query
                .build()
                .persistent(false)
                .execute(change.connection())
                .await?;
        }
        Ok(())
    }
}

async fn versions(
    connection: &mut Connection,
    program: &ProgramId,
    period: &Period,
    units: &[&UnitId],
) -> Result<HashMap<UnitId, Vec<Record>>> {
    let mut found: HashMap<UnitId, Vec<Record>> = HashMap::new();
    for part in units.chunks(VALUES) {
        let mut query = QueryBuilder::new(COLUMNS);
        query.push("WHERE program = ").push_bind(program);
        query.push(" AND period = ").push_bind(period);
        query.push(" AND version IS NOT NULL AND unit IN ");
        push_list(&mut query, part);
        query.push(" ORDER BY version");
        let records = query.build_query_as::<Record>().persistent(false);
        for record in records.fetch_all(&mut *connection).await? {
            // They were asked for by it.
            if let Some(unit) = record.unit.clone() {
                found.entry(unit).or_default().push(record);
            }
        }
    }
    Ok(found)
}

/// A list of bound values in brackets.
fn push_list<'a, V>(query: &mut QueryBuilder<Database>, values: &'a [V])
where
    V: Copy + sqlx::Encode<'a, Database> + sqlx::Type<Database> + 'a,
{
    query.push("(");
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(*value);
    }
    query.push(")");
}
