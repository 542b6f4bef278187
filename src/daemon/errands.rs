//! Work that the loop doesn't wait for: a mail server that keeps silent for
//! minutes, or a master of a hundred thousand rows, must not keep a clerk
//! waiting for a receipt.

use std::future::{Future, pending};

use tokio::runtime::Handle;
use tokio::task::{JoinHandle, spawn_blocking};

/// One kind of such work; it runs once at a time.
pub(super) enum Errand<T> {
    AtHome,
    Out(JoinHandle<anyhow::Result<T>>),
    Back(anyhow::Result<T>),
}

impl<T: Send + 'static> Errand<T> {
    /// Whether it is under way, or has ended and its outcome wasn't taken.
    pub fn is_out(&self) -> bool {
        !matches!(self, Self::AtHome)
    }

    /// Sets out; on a thread of its own, since much of it computes without a pause.
    pub fn set_out<F>(&mut self, work: impl FnOnce() -> F + Send + 'static)
    where
        F: Future<Output = anyhow::Result<T>>,
    {
        let handle = Handle::current();
        *self = Self::Out(spawn_blocking(move || handle.block_on(work())));
    }

    /// Waits until it ends; for ever, if it isn't out. Can be given up and
    /// waited for again.
    pub async fn ended(&mut self) {
        match self {
            Self::Out(handle) => {
                let outcome = handle.await;
                *self = Self::Back(outcome.unwrap_or_else(|error| Err(error.into())));
            }
            Self::Back(_) => {}
            Self::AtHome => pending().await,
        }
    }

    /// Its outcome, once it has ended.
    pub async fn back(&mut self) -> Option<anyhow::Result<T>> {
        if matches!(self, Self::Out(handle) if handle.is_finished()) {
            self.ended().await;
        }
        match std::mem::replace(self, Self::AtHome) {
            Self::Back(outcome) => Some(outcome),
            still => {
                *self = still;
                None
            }
        }
    }
}
