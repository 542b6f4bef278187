//! Keeping accounts at the page: as they were seen, never one's own, and never
//! so that nobody is left who may do everything.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{add_user, hashed, initial, log};
use crate::desk::{Misuse, misuse};
use crate::domain::account::{Account, Role};
use crate::domain::actor::Actor;
use crate::domain::ids::{AccountId, ProgramId};
use crate::domain::language::{Language, worded};
use crate::domain::sha256::Sha256;
use crate::jobs::refusal::{overtaken, refuse, refuse_unless};
use crate::jobs::site::Site;
use crate::store::Change;

/// So many accounts stand on a page.
pub const PART: u32 = 200;

/// Longest shown name, in characters.
const LONGEST_SHOWN: usize = 40;

/// What somebody does with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keeping {
    /// It gets another role and other programmes; empty: all.
    Change(Role, BTreeSet<ProgramId>),
    /// It gets a password that has to be changed at the next login.
    Reset,
    /// It may not log in any more.
    Disable,
}

/// An account as a page shows it.
#[derive(Debug, Clone, Serialize)]
pub struct AccountAnswer {
    /// Its number.
    pub id: AccountId,
    /// What is typed to log in.
    pub name: String,
    /// What stands in the journal and on pages.
    pub shown: String,
    /// What it may do.
    pub role: Role,
    /// The role as people call it.
    pub role_label: &'static str,
    /// Its programmes with their short names; empty: all.
    pub programs: Vec<(ProgramId, String)>,
    /// It may not log in.
    pub disabled: bool,
    /// Its password is one that somebody else has set.
    pub must_change: bool,
    /// When it logged in last, as JSON.
    pub last_login: Option<String>,
}

fn answer(site: &Site, own: Account) -> AccountAnswer {
    let zone = site.clock.zone();
    let named = |id: ProgramId| {
        let known = site.program(&id);
        let name = known.map_or_else(|| id.to_string(), |program| program.matter.clone());
        (id, name)
    };
    AccountAnswer {
        id: own.id,
        role: own.role,
        role_label: own.role.words(site.language()),
        programs: own.programs.into_iter().map(named).collect(),
        disabled: own.disabled,
        must_change: own.must_change,
        last_login: own.logins.0.map(|at| at.with_timezone(&zone).to_rfc3339()),
        name: own.name,
        shown: own.shown,
    }
}

/// A part of the accounts, by name, and whether there are more.
///
/// # Errors
/// The database can't be read.
pub async fn some(site: &Site, part: u32) -> anyhow::Result<(Vec<AccountAnswer>, bool)> {
    let skip = part.saturating_sub(1).saturating_mul(PART);
    let mut accounts = site.store.accounts_from(skip, PART + 1).await?;
    let further = accounts.len() > PART as usize;
    accounts.truncate(PART as usize);
    Ok((
        accounts.into_iter().map(|own| answer(site, own)).collect(),
        further,
    ))
}

/// An account with what tells how it was seen; none of that number.
///
/// # Errors
/// The database can't be read.
pub async fn of(site: &Site, id: AccountId) -> anyhow::Result<Option<(AccountAnswer, Sha256)>> {
    let found = site.store.account(id).await?;
    Ok(found.map(|(account, secret)| {
        let seen = as_seen(&account, &secret);
        (answer(site, account), seen)
    }))
}

/// What decisions about an account rest on.
fn as_seen(account: &Account, secret: &str) -> Sha256 {
    let programs: Vec<&str> = account.programs.iter().map(ProgramId::as_str).collect();
    let state = format!("{} {}", account.disabled, account.must_change);
    Sha256::of([
        "account",
        account.role.as_str(),
        &programs.join(","),
        &state,
        secret,
    ])
}

/// Adds an account as [`add_user`] does, from what somebody typed.
///
/// # Errors
/// See [`add_user`]; the shown name is too long ([`Misuse`]).
pub async fn add_typed(
    site: &Site,
    by: &Actor,
    (name, shown): (&str, &str),
    role: Role,
    programs: &BTreeSet<ProgramId>,
) -> anyhow::Result<(AccountId, String)> {
    if shown.chars().count() > LONGEST_SHOWN {
        misuse!(
            site.language(),
            "姓名最多{LONGEST_SHOWN}个字",
            "a name has {LONGEST_SHOWN} characters at most"
        );
    }
    add_user(site, by, (name.trim(), shown), role, programs).await
}

/// Does something with an account, if it is as it was seen; gives its new
/// password, where it gets one. `own`: the account of whoever does it.
///
/// # Errors
/// It is one's own, or the last that may do everything, or another by now
/// ([`crate::jobs::refusal::Refusal`]); there is none of that number, or no such
/// programme ([`Misuse`]); the database can't be written.
pub async fn keep(
    site: &Site,
    by: &Actor,
    own: Option<AccountId>,
    (id, seen): (AccountId, Option<Sha256>),
    what: &Keeping,
) -> anyhow::Result<Option<String>> {
    let language = site.language();
    if own == Some(id) {
        match what {
            Keeping::Reset => refuse!(
                language,
                "自己的密码请用“修改密码”",
                "change your own password under “Change password”"
            ),
            Keeping::Disable => refuse!(
                language,
                "不能停用自己，请别的经办人办理",
                "you can't disable yourself; ask another office user"
            ),
            Keeping::Change(..) => refuse!(
                language,
                "不能改自己的角色和台账，请别的经办人办理",
                "you can't change your own role and ledgers; ask another office user"
            ),
        }
    }
    if let Keeping::Change(_, programs) = what
        && let Some(unknown) = programs
            .iter()
            .find(|own| crate::jobs::rosters::folder(site, own).is_none())
    {
        misuse!(language, "没有台账“{unknown}”", "there is no ledger “{unknown}”");
    }
    // Hashing takes its time: nobody waits for it to write.
    let password = matches!(what, Keeping::Reset).then(initial).transpose()?;
    let secret = password.as_deref().map(hashed).transpose()?;
    let mut change = site.store.begin().await?;
    let found = site.store.account_within(&mut change, id).await?;
    let nobody = language.either("没有这个用户", "there is no such user");
    let (account, known) = found.ok_or_else(|| Misuse(nobody.into()))?;
    if seen.is_some_and(|seen| seen != as_seen(&account, &known)) {
        overtaken!(
            language,
            "“{}”刚才已经有人改过，没有执行。请核对现在的情况，再办一次",
            "somebody has just changed “{}”; nothing was done. Look again and decide anew",
            account.name
        );
    }
    match what {
        Keeping::Change(role, programs) => {
            if *role != Role::Office || !programs.is_empty() {
                somebody_is_left(site, &mut change, &account).await?;
            }
            site.store.set_role(&mut change, id, (*role, programs)).await?;
            let detail = detail(language, &account.name, *role, programs);
            log(site, &mut change, by, "account-changed", &detail).await?;
        }
        Keeping::Reset => {
            let secret = secret.as_deref().unwrap_or_default();
            site.store.set_secret(&mut change, id, secret, true).await?;
            site.store.set_disabled(&mut change, id, false).await?;
            log(site, &mut change, by, "account-reset", &account.name).await?;
        }
        Keeping::Disable => {
            somebody_is_left(site, &mut change, &account).await?;
            site.store.set_disabled(&mut change, id, true).await?;
            log(site, &mut change, by, "account-disabled", &account.name).await?;
        }
    }
    change.commit().await?;
    Ok(password)
}

/// Makes sure that somebody may do everything when an account no longer may.
async fn somebody_is_left(site: &Site, change: &mut Change, account: &Account) -> anyhow::Result<()> {
    let may_all = account.role == Role::Office && account.programs.is_empty() && !account.disabled;
    refuse_unless!(
        !may_all || site.store.has_other_keeper(change, account.id).await?,
        site.language(),
        "“{}”是最后一个什么都能做的用户，请先增加或恢复另一个",
        "“{}” is the last user who may do everything; add or restore another one first",
        account.name
    );
    Ok(())
}

fn detail(language: Language, name: &str, role: Role, programs: &BTreeSet<ProgramId>) -> String {
    let programs: Vec<&str> = programs.iter().map(ProgramId::as_str).collect();
    let programs = if programs.is_empty() {
        language.either("全部台账", "all ledgers").to_owned()
    } else {
        programs.join(language.either("、", ", "))
    };
    worded!(
        language,
        "{name}：{}，{programs}",
        "{name}: {}, {programs}",
        role.words(language)
    )
}
