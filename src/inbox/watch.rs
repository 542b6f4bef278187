//! Events from the operating system: hints that something changed.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};

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
    listening: Arc<Listening>,
    events: mpsc::Receiver<()>,
    // Keeps the channel open when there are no events.
    _sender: mpsc::Sender<()>,
}

#[derive(Default)]
struct Listening {
    /// The system's watch, once every folder has been named to it.
    inner: Mutex<Option<notify::RecommendedWatcher>>,
    /// Whether changes are found by scanning alone.
    polling: AtomicBool,
}

impl Watcher {
    /// Starts watching; falls back to scanning alone when events can't be had.
    /// Years of history are tens of thousands of folders, each of which has to
    /// be named to the system: that goes on beside the work, and ends with a
    /// hint, for what came meanwhile.
    #[must_use]
    pub fn start(root: &Path, mode: WatchMode) -> Self {
        let (sender, events) = mpsc::channel(1);
        let polling = match mode {
            WatchMode::Poll => true,
            WatchMode::Events => false,
            WatchMode::Auto => platform::is_network_file_system(root),
        };
        let listening = Arc::new(Listening::default());
        listening.polling.store(polling, Ordering::Relaxed);
        if !polling {
            let (root, sender) = (root.to_owned(), sender.clone());
            let ours = Arc::downgrade(&listening);
            std::thread::spawn(move || begin(&root, &sender, &ours));
        }
        Self {
            listening,
            events,
            _sender: sender,
        }
    }

    /// Whether changes are found by scanning alone.
    #[must_use]
    pub fn is_polling(&self) -> bool {
        self.listening.polling.load(Ordering::Relaxed)
    }

    /// Waits for the next hint.
    pub async fn hint(&mut self) {
        let _ = self.events.recv().await;
    }
}

fn begin(root: &Path, sender: &mpsc::Sender<()>, ours: &Weak<Listening>) {
    let watcher = listen(root, sender.clone());
    // Nobody waits for it any more if another watch has taken its place.
    let Some(ours) = ours.upgrade() else { return };
    if watcher.is_none() {
        ours.polling.store(true, Ordering::Relaxed);
    }
    if let Ok(mut inner) = ours.inner.lock() {
        *inner = watcher;
    }
    let _ = sender.try_send(());
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
