//! Coming in by the one-time address, and the first user that comes after.

use std::collections::BTreeSet;

use anyhow::Context as _;

use super::{Person, Setup};
use crate::desk::accounts::{Gate, Token};
use crate::desk::misuse;
use crate::domain::account::Role;
use crate::domain::language::Language;
use crate::jobs::site::Site;
use crate::store::NewAccount;

/// Who sets up is called so as long as nobody has a name.
const SHOWN: &str = "建站";

/// Lets in whoever has the one-time address, which is over then; gives the session.
///
/// # Errors
/// It isn't the one, or was used ([`crate::desk::Misuse`]); the database can't be written.
pub async fn enter(site: &Site, setup: &Setup, token: &str) -> anyhow::Result<Token> {
    if !setup.lets_in(token) {
        misuse!(
            site.language(),
            "这个地址已经用过。请回到启动程序的窗口，按 Ctrl-C 停下再运行一次，会给出新的地址",
            "this address was used. Go back to the window in which the program was started, stop it with Ctrl-C and run it again: it gives a new one"
        );
    }
    let name = "setup";
    let mut change = site.store.begin().await?;
    let new = NewAccount {
        name,
        shown: SHOWN,
        role: Role::Office,
        programs: &BTreeSet::new(),
        // Nobody logs in with a password here.
        secret: "",
        must_change: false,
    };
    site.store.add_account(&mut change, &new).await?;
    change.commit().await?;
    let known = site.store.account_named(name).await?;
    let (account, _) = known.context("建站的用户不见了")?;
    Gate::open_session(site, &account).await
}

/// The first user as they were typed.
///
/// # Errors
/// Name or password can't be ([`crate::desk::Misuse`]).
pub async fn person(
    language: Language,
    gate: &Gate,
    (shown, name, password): (&str, &str, &str),
) -> anyhow::Result<Person> {
    if shown.trim().is_empty() {
        misuse!(language, "请填写姓名", "please fill in the name");
    }
    Ok(Person {
        shown: shown.trim().to_owned(),
        name: name.trim().to_owned(),
        secret: gate.secret(name.trim(), password, language).await?,
    })
}
