//! Who may log in to the office's page, and who is logged in.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sqlx::Row as _;

use super::columns::{Columns as _, from_row};
use super::error::Result;
use super::{Change, Store};
use crate::domain::account::{Account, Role};
use crate::domain::ids::{AccountId, ProgramId};
use crate::domain::sha256::Sha256;

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount<'a> {
    /// What is typed to log in.
    pub name: &'a str,
    /// What stands in the journal and on pages.
    pub shown: &'a str,
    /// What it may do.
    pub role: Role,
    /// With which programmes; empty: with all.
    pub programs: &'a BTreeSet<ProgramId>,
    /// What its password hashes to.
    pub secret: &'a str,
    /// The password has to be changed first.
    pub must_change: bool,
}

/// Somebody's being logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub account: Account,
    /// Since when.
    pub began: DateTime<Utc>,
}

/// The columns that an account is read from.
macro_rules! columns {
    () => {
        "account.id, account.name, account.shown, account.role, account.programs, account.must_change, \
         account.disabled, account.login_at, account.login_before"
    };
}

const OF_ID: &str = concat!(
    "SELECT ",
    columns!(),
    ", account.secret FROM account WHERE account.id = $1"
);

fn with_secret(row: &super::database::Row) -> Result<(Account, String)> {
    let account = <Account as sqlx::FromRow<_>>::from_row(row)?;
    Ok((account, row.try_get("secret")?))
}

from_row!(Account, row, {
    Ok(Self {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        shown: row.try_get("shown")?,
        role: row.word("role", Role::parse)?,
        programs: row.json("programs")?,
        must_change: row.try_get::<i64, _>("must_change")? != 0,
        disabled: row.try_get::<i64, _>("disabled")? != 0,
        logins: (
            row.instant_if_any("login_at")?,
            row.instant_if_any("login_before")?,
        ),
    })
});

from_row!(Session, row, {
    Ok(Self {
        account: <Account as sqlx::FromRow<_>>::from_row(row)?,
        began: row.instant("began_at")?,
    })
});

impl Store {
    /// All accounts, by name.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        let query = concat!("SELECT ", columns!(), " FROM account ORDER BY name");
        Ok(sqlx::query_as(query).fetch_all(&self.pool).await?)
    }

    /// Some accounts by name, the first so many left out.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn accounts_from(&self, skip: u32, most: u32) -> Result<Vec<Account>> {
        let query = concat!(
            "SELECT ",
            columns!(),
            " FROM account ORDER BY name LIMIT $1 OFFSET $2"
        );
        Ok(sqlx::query_as(query)
            .bind(i64::from(most))
            .bind(i64::from(skip))
            .fetch_all(&self.pool)
            .await?)
    }

    /// An account with what its password hashes to.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn account(&self, id: AccountId) -> Result<Option<(Account, String)>> {
        let row = sqlx::query(OF_ID).bind(id).fetch_optional(&self.pool).await?;
        row.as_ref().map(with_secret).transpose()
    }

    /// The same, read within a change.
    ///
    /// # Errors
    /// The database can't be read: give the change up, and do the same again when the fault is over.
    pub async fn account_within(
        &self,
        change: &mut Change,
        id: AccountId,
    ) -> Result<Option<(Account, String)>> {
        let row = sqlx::query(OF_ID)
            .bind(id)
            .fetch_optional(change.connection())
            .await?;
        row.as_ref().map(with_secret).transpose()
    }

    /// Whether somebody else may do everything, read within a change.
    ///
    /// # Errors
    /// The database can't be read: give the change up, and do the same again when the fault is over.
    pub async fn has_other_keeper(&self, change: &mut Change, id: AccountId) -> Result<bool> {
        let found: i64 = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM account WHERE id <> $1 AND role = $2 AND programs = '[]' AND disabled = 0)",
        )
        .bind(id)
        .bind(Role::Office.as_str())
        .fetch_one(change.connection())
        .await?;
        Ok(found != 0)
    }

    /// Gives an account another role and other programmes.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn set_role(
        &self,
        change: &mut Change,
        id: AccountId,
        (role, programs): (Role, &BTreeSet<ProgramId>),
    ) -> Result<()> {
        sqlx::query("UPDATE account SET role = $2, programs = $3 WHERE id = $1")
            .bind(id)
            .bind(role.as_str())
            .bind(serde_json::to_string(programs)?)
            .execute(change.connection())
            .await?;
        Ok(())
    }

    /// Whether there is any account.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn has_accounts(&self) -> Result<bool> {
        let found: i64 = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM account)")
            .fetch_one(&self.pool)
            .await?;
        Ok(found != 0)
    }

    /// The account of a name with what its password hashes to.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn account_named(&self, name: &str) -> Result<Option<(Account, String)>> {
        let query = concat!(
            "SELECT ",
            columns!(),
            ", account.secret FROM account WHERE account.name = $1"
        );
        let row = sqlx::query(query).bind(name).fetch_optional(&self.pool).await?;
        row.as_ref().map(with_secret).transpose()
    }

    /// Makes an account; none where its name is taken.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn add_account(&self, change: &mut Change, new: &NewAccount<'_>) -> Result<Option<AccountId>> {
        Ok(sqlx::query_scalar(
            "INSERT INTO account (name, shown, role, programs, secret, must_change, disabled) \
             VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT (name) DO NOTHING RETURNING id",
        )
        .bind(new.name)
        .bind(new.shown)
        .bind(new.role.as_str())
        .bind(serde_json::to_string(new.programs)?)
        .bind(new.secret)
        .bind(i64::from(new.must_change))
        .fetch_optional(change.connection())
        .await?)
    }

    /// Gives an account another password; whoever is logged in with it is no more.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn set_secret(
        &self,
        change: &mut Change,
        id: AccountId,
        secret: &str,
        must_change: bool,
    ) -> Result<()> {
        sqlx::query("UPDATE account SET secret = $2, must_change = $3 WHERE id = $1")
            .bind(id)
            .bind(secret)
            .bind(i64::from(must_change))
            .execute(change.connection())
            .await?;
        self.end_sessions_of(change, id).await
    }

    /// Forbids an account to log in, or lets it again.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn set_disabled(&self, change: &mut Change, id: AccountId, disabled: bool) -> Result<()> {
        sqlx::query("UPDATE account SET disabled = $2 WHERE id = $1")
            .bind(id)
            .bind(i64::from(disabled))
            .execute(change.connection())
            .await?;
        self.end_sessions_of(change, id).await
    }

    /// Begins a session; what is over by then is forgotten.
    ///
    /// # Errors
    /// The database can't take it: give the change up, and do the same again when the fault is over.
    pub async fn begin_session(
        &self,
        change: &mut Change,
        token: &Sha256,
        id: AccountId,
        (at, over): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<()> {
        sqlx::query("DELETE FROM session WHERE began_at < $1")
            .bind(over.timestamp_millis())
            .execute(change.connection())
            .await?;
        sqlx::query("INSERT INTO session (token, account, began_at) VALUES ($1, $2, $3)")
            .bind(token)
            .bind(id)
            .bind(at.timestamp_millis())
            .execute(change.connection())
            .await?;
        sqlx::query("UPDATE account SET login_before = login_at, login_at = $2 WHERE id = $1")
            .bind(id)
            .bind(at.timestamp_millis())
            .execute(change.connection())
            .await?;
        Ok(())
    }

    /// The session of a token.
    ///
    /// # Errors
    /// The database can't be read: ask again when the fault is over.
    pub async fn session(&self, token: &Sha256) -> Result<Option<Session>> {
        let query = concat!(
            "SELECT ",
            columns!(),
            ", session.began_at FROM session \
             JOIN account ON account.id = session.account WHERE session.token = $1 AND account.disabled = 0"
        );
        Ok(sqlx::query_as(query)
            .bind(token)
            .fetch_optional(&self.pool)
            .await?)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The database can't take it: do the same again when the fault is over.
    pub async fn end_session(&self, token: &Sha256) -> Result<()> {
        let ended = sqlx::query("DELETE FROM session WHERE token = $1");
        self.pool.write(ended.bind(token)).await?;
        Ok(())
    }

    async fn end_sessions_of(&self, change: &mut Change, id: AccountId) -> Result<()> {
        sqlx::query("DELETE FROM session WHERE account = $1")
            .bind(id)
            .execute(change.connection())
            .await?;
        Ok(())
    }
}
