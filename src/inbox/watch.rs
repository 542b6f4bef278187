//! Events from the operating system: hints that something changed.

use std::path::Path;

use notify::{RecursiveMode, Watcher as _};
use tokio::sync::mpsc;

use crate::platform;

/// Whether events are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WatchMode {
    /// Unless the share is on a network file system, where they don't come.
    Auto,
    /// Never: only the periodic scan.
    Poll,
    /// Always.
    Events,
}

/// A running watch; ends when dropped.
pub struct Watcher {
    _inner: Option<notify::RecommendedWatcher>,
    events: mpsc::Receiver<()>,
    // Keeps the channel open when there are no events.
    _sender: mpsc::Sender<()>,
    /// Whether changes are found by scanning alone.
    pub polling: bool,
}

impl Watcher {
    /// Starts watching; falls back to scanning alone when events can't be had.
    #[must_use]
    pub fn start(root: &Path, mode: WatchMode) -> Self {
        let (sender, events) = mpsc::channel(1);
        let polling = match mode {
            WatchMode::Poll => true,
            WatchMode::Events => false,
            WatchMode::Auto => platform::is_network_file_system(root),
        };
        let inner = if polling {
            None
        } else {
            listen(root, sender.clone())
        };
        Self {
            polling: inner.is_none(),
            _inner: inner,
            events,
            _sender: sender,
        }
    }

    /// Waits for the next hint.
    pub async fn hint(&mut self) {
        let _ = self.events.recv().await;
    }
}

fn listen(root: &Path, sender: mpsc::Sender<()>) -> Option<notify::RecommendedWatcher> {
    let handler = move |event: notify::Result<notify::Event>| {
        // Opening and reading a file is no change; our own scans do it all the time.
        let relevant = event.map_or(true, |event| !event.kind.is_access());
        if relevant {
            // A hint that waits already is as good as this one.
            let _ = sender.try_send(());
        }
    };
    let watcher = notify::recommended_watcher(handler)
        .and_then(|mut watcher| watcher.watch(root, RecursiveMode::Recursive).map(|()| watcher));
    match watcher {
        Ok(watcher) => Some(watcher),
        Err(error) => {
            tracing::warn!(%error, "监视文件夹失败，改用定时扫描");
            None
        }
    }
}
