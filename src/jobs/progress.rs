//! Progress of long work, for whoever looks on.

use std::sync::{Arc, Mutex};

/// Told how many of how many are done. The default tells nobody.
#[derive(Clone, Default)]
pub struct Progress(Option<Arc<Mutex<Tell>>>);

type Tell = dyn FnMut(usize, usize) + Send;

impl Progress {
    /// Tells a listener.
    #[must_use]
    pub fn to(listener: impl FnMut(usize, usize) + Send + 'static) -> Self {
        Self(Some(Arc::new(Mutex::new(listener))))
    }

    /// `done` of `all` are done.
    pub fn tell(&self, done: usize, all: usize) {
        if let Some(listener) = &self.0
            && let Ok(mut listener) = listener.lock()
        {
            listener(done, all);
        }
    }
}
