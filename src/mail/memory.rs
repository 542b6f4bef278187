//! Letters kept in memory, for tests of those who send.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use super::{Message, Outcome};

/// Keeps what is sent, and answers as it was told to.
#[derive(Debug, Default)]
pub struct MemoryTransport {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    taken: Vec<Message>,
    answers: VecDeque<Outcome>,
}

impl MemoryTransport {
    /// One that takes everything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What the next attempts come to, in this order; [`Outcome::Sent`] after these.
    pub fn answer(&self, outcomes: impl IntoIterator<Item = Outcome>) {
        self.with(|state| state.answers.extend(outcomes));
    }

    /// What was taken, oldest first. A letter whose outcome is uncertain counts as taken.
    #[must_use]
    pub fn taken(&self) -> Vec<Message> {
        self.with(|state| state.taken.clone())
    }

    /// Takes a letter, or answers as told.
    pub fn send(&self, message: &Message) -> Outcome {
        self.with(|state| {
            let outcome = state.answers.pop_front().unwrap_or(Outcome::Sent);
            if matches!(outcome, Outcome::Sent | Outcome::Uncertain(_)) {
                state.taken.push(message.clone());
            }
            outcome
        })
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::message::tests::letter;

    #[test]
    fn it_answers_as_told_and_then_takes_all() {
        let memory = MemoryTransport::new();
        memory.answer([Outcome::Temporary("忙".into()), Outcome::Uncertain("断".into())]);
        let outcomes = [0, 1, 2].map(|_| memory.send(&letter()));
        assert_eq!(outcomes[0], Outcome::Temporary("忙".into()));
        assert_eq!(outcomes[2], Outcome::Sent);
        assert_eq!(memory.taken().len(), 2);
    }
}
