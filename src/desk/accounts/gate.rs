//! Logging in: slowly where it fails, once at a time, and never for ever.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Semaphore;

use super::first::{is_used, knows_first};
use super::token::Token;
use super::{add, fits, hashed};
use crate::desk::{Misuse, misuse};
use crate::domain::account::{Account, Role, wrong_name, wrong_password};
use crate::domain::actor::Actor;
use crate::domain::language::Language;
use crate::domain::sha256::Sha256;
use crate::domain::throttle::Throttle;
use crate::jobs::site::Site;
use crate::store::{NewAccount, Session};

/// The longest that somebody stays logged in.
const AT_MOST: TimeDelta = TimeDelta::hours(12);

/// Hashed where a name is unknown, so that an answer takes as long as for one
/// that is known.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$YWJjZGVmZ2hpamtsbW5vcA$\
                      mG7S2q7ZkW1Vb0mVtC2m7n2mU6mY4vX2s8m9c7YJ3nQ";

/// Why somebody isn't logged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotIn {
    /// Name and password don't belong together, or the account is closed.
    Wrong,
    /// Too many tries: again after so many seconds.
    Wait(i64),
}

/// What a process knows of logging in.
#[derive(Debug)]
pub struct Gate {
    throttle: Mutex<Throttle<IpAddr>>,
    /// One password is hashed at a time: each takes 19 MB and a core.
    hashing: Semaphore,
    first: tokio::sync::Mutex<()>,
    /// When sessions were seen last; looking writes nothing to the database.
    seen: Mutex<HashMap<Sha256, DateTime<Utc>>>,
    /// How long a session lasts that nobody uses.
    idle: TimeDelta,
}

impl Gate {
    /// Sessions that nobody uses last so long.
    #[must_use]
    pub fn new(idle: std::time::Duration) -> Self {
        Self {
            throttle: Mutex::default(),
            hashing: Semaphore::new(1),
            first: tokio::sync::Mutex::default(),
            seen: Mutex::default(),
            idle: TimeDelta::from_std(idle).unwrap_or(AT_MOST).min(AT_MOST),
        }
    }

    /// Logs somebody in.
    ///
    /// # Errors
    /// The database can't be read or written.
    pub async fn log_in(
        &self,
        site: &Site,
        (name, password): (&str, &str),
        from: IpAddr,
    ) -> anyhow::Result<Result<(Token, Account), NotIn>> {
        let now = site.clock.utc();
        let name = name.trim();
        let allowed = self.throttle().take(name, from, now);
        if let Err(wait) = allowed {
            return Ok(Err(NotIn::Wait(wait.num_seconds().max(0) + 1)));
        }
        let known = site.store.account_named(name).await?;
        let secret = known.as_ref().map_or(NOBODY, |(_, secret)| secret.as_str());
        let fits = self.verify(password, secret).await?;
        let account = known.map(|(account, _)| account);
        let Some(account) = account.filter(|own| fits && !own.disabled) else {
            self.throttle().failed(name, now);
            return Ok(Err(NotIn::Wrong));
        };
        self.throttle().succeeded(name);
        let token = begin(site, &account).await?;
        Ok(Ok((token, account)))
    }

    /// Who has a session, and since when the page shows what happened: none
    /// where it is over or never was.
    ///
    /// # Errors
    /// The database can't be read.
    pub async fn session(&self, site: &Site, token: &Token) -> anyhow::Result<Option<Session>> {
        let (now, key) = (site.clock.utc(), token.hash());
        let Some(session) = site.store.session(&key).await? else {
            self.seen().remove(&key);
            return Ok(None);
        };
        let mut seen = self.seen();
        let last = seen.get(&key).copied().unwrap_or(session.began);
        if now - session.began > AT_MOST || now - last > self.idle {
            seen.remove(&key);
            return Ok(None);
        }
        if seen.len() >= MOST_SEEN {
            let idle = self.idle;
            seen.retain(|_, at| now - *at <= idle);
        }
        seen.insert(key, now);
        Ok(Some(session))
    }

    /// Logs somebody out.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn log_out(&self, site: &Site, token: &Token) -> anyhow::Result<()> {
        self.seen().remove(&token.hash());
        Ok(site.store.end_session(&token.hash()).await?)
    }

    /// Changes one's own password; every session of the account ends, and a new
    /// one begins.
    ///
    /// # Errors
    /// The old one is wrong, or the new one can't be ([`Misuse`]); the database
    /// can't be written.
    pub async fn change_password(
        &self,
        site: &Site,
        account: &Account,
        (old, new): (&str, &str),
        from: IpAddr,
    ) -> anyhow::Result<Token> {
        let (now, language) = (site.clock.utc(), site.language());
        let taken = self.throttle().take(&account.name, from, now);
        if let Err(wait) = taken {
            let seconds = wait.num_seconds().max(0) + 1;
            misuse!(
                language,
                "试得太多，请{seconds}秒后再试",
                "too many tries; please try again in {seconds} seconds"
            );
        }
        let known = site.store.account_named(&account.name).await?;
        let nobody = language.either("没有这个用户", "there is no such user");
        let (_, secret) = known.ok_or_else(|| Misuse(nobody.into()))?;
        if !self.verify(old, &secret).await? {
            self.throttle().failed(&account.name, now);
            misuse!(language, "原密码不对", "the present password is wrong");
        }
        if old == new {
            misuse!(
                language,
                "新密码与原密码相同",
                "the new password is the same as the old one"
            );
        }
        let secret = self.new_secret(&account.name, new, language).await?;
        let mut change = site.store.begin().await?;
        site.store
            .set_secret(&mut change, account.id, &secret, false)
            .await?;
        change.commit().await?;
        begin(site, account).await
    }

    /// Makes the first account by the one-time address, and logs it in.
    ///
    /// # Errors
    /// The address is none, or over; name or password can't be ([`Misuse`]);
    /// the database can't be written.
    pub async fn make_first(
        &self,
        site: &Site,
        first: &str,
        (name, shown, password): (&str, &str, &str),
    ) -> anyhow::Result<(Token, Account)> {
        let language = site.language();
        // Of two who use the address at once one makes the account.
        let _turn = self.first.lock().await;
        if !knows_first(site, first).await? {
            misuse!(
                language,
                "这个地址已经失效。请重新启动程序，或者用命令 taizhang user add 增加用户",
                "this address holds no more. Start the program again, or add a user with the command taizhang user add"
            );
        }
        let secret = self.new_secret(name.trim(), password, language).await?;
        let new = NewAccount {
            name: name.trim(),
            shown: shown.trim(),
            role: Role::Office,
            programs: &BTreeSet::new(),
            secret: &secret,
            must_change: false,
        };
        let actor = Actor::at_page(shown).or_else(|| Actor::at_page(name));
        let nameless = language.either("请填写姓名", "please fill in the name");
        let actor = actor.ok_or_else(|| Misuse(nameless.into()))?;
        add(site, &actor, &new).await?;
        is_used(site).await?;
        let known = site.store.account_named(new.name).await?;
        let (account, _) = known.context("刚建的用户不见了")?;
        let token = begin(site, &account).await?;
        Ok((token, account))
    }

    /// What tells a password that somebody chose for a name.
    ///
    /// # Errors
    /// Name or password can't be ([`Misuse`]).
    pub async fn secret(&self, name: &str, password: &str, language: Language) -> anyhow::Result<String> {
        self.new_secret(name, password, language).await
    }

    /// Begins a session of an account that was just made, without a password.
    ///
    /// # Errors
    /// The database can't be written.
    pub async fn open_session(site: &Site, account: &Account) -> anyhow::Result<Token> {
        begin(site, account).await
    }

    async fn new_secret(&self, name: &str, password: &str, language: Language) -> anyhow::Result<String> {
        let wrong = wrong_name(name, language).or_else(|| wrong_password(name, password, language));
        if let Some(wrong) = wrong {
            return Err(Misuse(wrong.into()).into());
        }
        let _turn = self.hashing.acquire().await?;
        let password = password.to_owned();
        tokio::task::spawn_blocking(move || hashed(&password)).await?
    }

    async fn verify(&self, password: &str, secret: &str) -> anyhow::Result<bool> {
        let _turn = self.hashing.acquire().await?;
        let (password, secret) = (password.to_owned(), secret.to_owned());
        Ok(tokio::task::spawn_blocking(move || fits(&password, &secret)).await?)
    }

    fn throttle(&self) -> std::sync::MutexGuard<'_, Throttle<IpAddr>> {
        self.throttle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, HashMap<Sha256, DateTime<Utc>>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// So many sessions are known to be in use before those that are over are forgotten.
const MOST_SEEN: usize = 1_000;

async fn begin(site: &Site, account: &Account) -> anyhow::Result<Token> {
    let (token, now) = (Token::fresh()?, site.clock.utc());
    let mut change = site.store.begin().await?;
    site.store
        .begin_session(&mut change, &token.hash(), account.id, (now, now - AT_MOST))
        .await?;
    change.commit().await?;
    Ok(token)
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::phc::PasswordHash;

    #[test]
    fn a_name_that_nobody_has_costs_as_much() {
        let nobody = PasswordHash::new(super::NOBODY).unwrap();
        let own = super::hashed("春江潮水连海平").unwrap();
        let own = PasswordHash::new(&own).unwrap();
        assert_eq!(nobody.params, own.params);
        assert!(!super::fits("", super::NOBODY));
        assert!(super::fits("春江潮水连海平", &own.to_string()));
    }
}
