//! When to stop.

use tokio::signal;

/// Being told to stop: Ctrl-C, or SIGTERM where there is such a thing.
pub struct Terminate {
    #[cfg(unix)]
    signal: signal::unix::Signal,
}

impl Terminate {
    /// Listens from now on.
    ///
    /// # Errors
    /// The system can't be listened to.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            signal: signal::unix::signal(signal::unix::SignalKind::terminate())?,
        })
    }

    /// Waits until we are told.
    pub async fn wait(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.signal.recv() => {}
            _ = signal::ctrl_c() => {}
        }
        #[cfg(not(unix))]
        let _ = signal::ctrl_c().await;
    }
}
