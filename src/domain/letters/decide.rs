//! What people decide about a letter, and what its state allows.

use super::group::ready;
use super::{Addressed, Letter, LetterState, LetterText};
use crate::domain::account::Right;
use crate::domain::notices::Recipient;

/// A decision about a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It may go out; with a text of the person's own, if given.
    Approve(Option<LetterText>),
    /// It will not go out.
    Discard,
    /// Try again what failed, what nobody knows the outcome of, or at once what waits for its next try.
    Retry,
    /// A person handed it over.
    Done,
}

impl Decision {
    /// The state that a letter comes to by it; none where its state doesn't allow it.
    #[must_use]
    pub fn comes_to(&self, letter: &Letter) -> Option<LetterState> {
        let waits = letter.last_error.is_some();
        match (self, letter.state) {
            (Self::Retry, LetterState::Queued) if waits => Some(LetterState::Queued),
            (Self::Approve(_), LetterState::Draft)
            | (Self::Retry, LetterState::Failed | LetterState::Uncertain) => Some(ready(&letter.addressed)),
            (
                Self::Discard,
                LetterState::Draft | LetterState::Queued | LetterState::ByHand | LetterState::Failed,
            ) => Some(LetterState::Discarded),
            (Self::Done, LetterState::ByHand | LetterState::Uncertain) => Some(LetterState::Sent),
            _ => None,
        }
    }

    /// What somebody needs to decide so about a letter in a state.
    #[must_use]
    pub fn right(&self, state: LetterState) -> Right {
        match (self, state) {
            (Self::Approve(_) | Self::Discard, LetterState::Draft) => Right::Review,
            _ => Right::Decide,
        }
    }

    /// What the journal calls it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Approve(_) => "letter-approved",
            Self::Discard => "letter-discarded",
            Self::Retry => "letter-retried",
            Self::Done => "letter-done",
        }
    }
}

/// A letter to several, some of whom have no address and get one of their own,
/// so that nobody drops out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// Who gets a letter to be handed over.
    pub alone: Vec<Recipient>,
    /// Who stays in the letter itself.
    pub rest: Addressed,
    /// Nobody to whom it speaks stays: it goes, as it is worded, to those who
    /// get a copy.
    pub only_copies: bool,
}

/// How a letter is divided when it is approved; none where it needn't be.
#[must_use]
pub fn divided(addressed: &Addressed) -> Option<Division> {
    let Addressed { to, cc } = addressed;
    let by_hand = |own: &&Recipient| own.address.is_empty();
    let copied = cc.iter().any(|copy| !copy.address.is_empty());
    let mut alone: Vec<Recipient> = to.iter().filter(by_hand).cloned().collect();
    let all = alone.len() == to.len();
    if alone.is_empty() || (all && to.len() == 1 && !copied) {
        return None;
    }
    let to = match (all, copied) {
        (false, _) => to.iter().filter(|own| !by_hand(own)).cloned().collect(),
        (true, true) => to.clone(),
        // Where nobody has an address the letter itself is the first one's.
        (true, false) => {
            alone.remove(0);
            to[..1].to_vec()
        }
    };
    Some(Division {
        alone,
        rest: Addressed { to, cc: cc.clone() },
        only_copies: all && copied,
    })
}
