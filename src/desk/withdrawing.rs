//! Taking back a letter that went: to whom a withdrawal would go, and sending it.

use std::sync::Arc;

use serde::Serialize;

use super::letters::{LetterAnswer, answer};
use crate::domain::account::Account;
use crate::domain::actor::Actor;
use crate::domain::ids::LetterId;
use crate::domain::ladder::Kind;
use crate::domain::letters::LetterState;
use crate::jobs::remind;
use crate::jobs::site::Site;

/// So many reasons are offered.
const REASONS: usize = 5;

/// What is shown before a letter is taken back. Who got it gets the withdrawal.
#[derive(Debug, Clone, Serialize)]
pub struct Before {
    /// The letter, without what it speaks of.
    pub letter: LetterAnswer,
    /// What tells it from what it becomes.
    pub seen: String,
    /// It can be taken back.
    pub possible: bool,
    /// The letter that withdraws it already.
    pub withdrawn: Option<LetterId>,
    /// The last reasons given, each once, the latest first.
    pub reasons: Vec<String>,
}

/// Whether a letter like this one can be taken back: it went, or may have.
#[must_use]
pub fn may_be_withdrawn(letter: &LetterAnswer) -> bool {
    matches!(letter.state, LetterState::Sent | LetterState::Uncertain) && letter.kind != Kind::Withdrawal
}

/// The letter that withdraws another one, if there is one.
///
/// # Errors
/// The database can't be read.
pub async fn withdrawal_of(site: &Site, letter: LetterId) -> anyhow::Result<Option<LetterId>> {
    Ok(site.store.withdrawal_of(letter).await?)
}

/// What is shown before a letter is taken back; none that isn't the account's.
///
/// # Errors
/// The database can't be read.
pub async fn before(site: &Site, account: &Account, id: LetterId) -> anyhow::Result<Option<Before>> {
    let found = site.store.letter(id).await?;
    let Some(found) = found.filter(|own| account.has_all(&own.programs)) else {
        return Ok(None);
    };
    let (seen, programs) = (remind::as_seen(&found), found.programs.clone());
    let letter = answer(site, found, &[]);
    let withdrawn = withdrawal_of(site, id).await?;
    Ok(Some(Before {
        reasons: site.store.withdrawal_reasons(&programs, REASONS).await?,
        possible: may_be_withdrawn(&letter) && withdrawn.is_none(),
        withdrawn,
        letter,
        seen,
    }))
}

/// Takes a letter back as it was seen; gives the number of the withdrawal.
///
/// # Errors
/// It isn't so any more, didn't go, or was withdrawn already
/// ([`super::decide::Refusal`]); the database can't be written.
pub async fn withdraw(
    site: &Arc<Site>,
    by: &Actor,
    id: LetterId,
    reason: &str,
    seen: &str,
) -> anyhow::Result<Option<LetterId>> {
    remind::withdraw_as_seen(site, by, id, reason, Some(seen)).await
}
