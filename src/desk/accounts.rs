//! Who may log in to the office's page, and logging in.

mod first;
mod gate;
mod keeping;
mod token;

use std::collections::BTreeSet;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

use super::{Misuse, misuse};
use crate::domain::account::{Account, Role, wrong_name};
use crate::domain::actor::Actor;
use crate::domain::ids::{AccountId, ProgramId};
use crate::jobs::rosters::folder;
use crate::jobs::site::Site;
use crate::store::{Change, Entry, NewAccount};

pub use first::{FIRST_FILE, first_address, knows_first};
pub use gate::{Gate, NotIn};
pub use keeping::{AccountAnswer, Keeping, add_typed, keep, of as account, some as some_accounts};
pub use token::Token;

/// Whether a password is the one that was hashed.
fn fits(password: &str, secret: &str) -> bool {
    PasswordHash::new(secret).is_ok_and(|secret| {
        Argon2::default()
            .verify_password(password.as_bytes(), &secret)
            .is_ok()
    })
}

/// Argon2id, 19 MiB, two passes, one lane: the defaults.
fn hashed(password: &str) -> anyhow::Result<String> {
    let hash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|error| anyhow::anyhow!("密码没有处理成：{error}"))?;
    Ok(hash.to_string())
}

async fn add(site: &Site, by: &Actor, new: &NewAccount<'_>) -> anyhow::Result<AccountId> {
    let mut change = site.store.begin().await?;
    let Some(id) = site.store.add_account(&mut change, new).await? else {
        misuse!(
            site.language(),
            "已经有登录名“{}”",
            "there is a login name “{}” already",
            new.name
        );
    };
    log(site, &mut change, by, "account-added", new.name).await?;
    change.commit().await?;
    Ok(id)
}

async fn log(site: &Site, change: &mut Change, by: &Actor, what: &str, name: &str) -> anyhow::Result<()> {
    let entry = Entry {
        by: by.name(),
        via: by.via(),
        what,
        detail: name.into(),
        ..Entry::default()
    };
    Ok(site.store.log(change, site.clock.utc(), &entry).await?)
}

/// A password that somebody else sets, to be changed at the first login.
fn initial() -> anyhow::Result<String> {
    // Letters and digits that nobody takes for another.
    const SIGNS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789x";
    let mut bytes = [0; 12];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("系统没有给出随机数：{error}"))?;
    Ok(bytes
        .iter()
        .map(|byte| char::from(SIGNS[usize::from(byte % 32)]))
        .collect())
}

/// Adds an account; gives its number, and the password that it logs in with the
/// first time.
///
/// # Errors
/// Name or programmes can't be, or the name is taken ([`Misuse`]); the database
/// can't be written.
pub async fn add_user(
    site: &Site,
    by: &Actor,
    (name, shown): (&str, &str),
    role: Role,
    programs: &BTreeSet<ProgramId>,
) -> anyhow::Result<(AccountId, String)> {
    let language = site.language();
    if let Some(wrong) = wrong_name(name, language) {
        return Err(Misuse(wrong.into()).into());
    }
    if let Some(unknown) = programs.iter().find(|own| folder(site, own).is_none()) {
        misuse!(language, "没有台账“{unknown}”", "there is no ledger “{unknown}”");
    }
    let password = initial()?;
    let secret = hashed(&password)?;
    let new = NewAccount {
        name,
        shown: if shown.trim().is_empty() {
            name
        } else {
            shown.trim()
        },
        role,
        programs,
        secret: &secret,
        must_change: true,
    };
    Ok((add(site, by, &new).await?, password))
}

/// Gives an account a password that has to be changed at the next login; gives it.
///
/// # Errors
/// There is no such account ([`Misuse`]); the database can't be written.
pub async fn reset_user(site: &Site, by: &Actor, name: &str) -> anyhow::Result<String> {
    let account = named(site, name).await?;
    let password = keep(site, by, None, (account.id, None), &Keeping::Reset).await?;
    Ok(password.unwrap_or_default())
}

/// Forbids an account to log in; whoever is logged in with it is no more.
///
/// # Errors
/// There is no such account ([`Misuse`]); nobody else may do everything
/// ([`crate::jobs::refusal::Refusal`]); the database can't be written.
pub async fn disable_user(site: &Site, by: &Actor, name: &str) -> anyhow::Result<()> {
    let account = named(site, name).await?;
    keep(site, by, None, (account.id, None), &Keeping::Disable).await?;
    Ok(())
}

/// Gives an account another role and other programmes; empty: all.
///
/// # Errors
/// See [`disable_user`]; there is no such programme ([`Misuse`]).
pub async fn change_user(
    site: &Site,
    by: &Actor,
    name: &str,
    (role, programs): (Option<Role>, Option<BTreeSet<ProgramId>>),
) -> anyhow::Result<()> {
    let account = named(site, name).await?;
    let fresh = Keeping::Change(role.unwrap_or(account.role), programs.unwrap_or(account.programs));
    keep(site, by, None, (account.id, None), &fresh).await?;
    Ok(())
}

/// All accounts, by name.
///
/// # Errors
/// The database can't be read.
pub async fn users(site: &Site) -> anyhow::Result<Vec<Account>> {
    Ok(site.store.accounts().await?)
}

async fn named(site: &Site, name: &str) -> anyhow::Result<Account> {
    let known = site.store.account_named(name).await?;
    let Some((account, _)) = known else {
        misuse!(site.language(), "没有用户“{name}”", "there is no user “{name}”")
    };
    Ok(account)
}
