//! Events from the operating system: hints that something changed.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};

use notify::event::{EventKind, ModifyKind};
use notify::{RecursiveMode, Watcher as _};
use tokio::sync::mpsc;

use super::sentinel::SENTINEL;
use crate::platform;
use crate::platform::durable::TEMPORARY;

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
        let relevant = event.map_or(true, |event| !event.kind.is_access() && !is_heartbeat(&event));
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

/// Whether an event comes from writing the sentinel anew, as every site does
/// every few minutes: no reason to look at the whole share. That somebody else
/// makes, changes or removes it is another kind of event.
fn is_heartbeat(event: &notify::Event) -> bool {
    let named = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let temporary = |path: &Path| named(path).is_some_and(|name| name.starts_with(TEMPORARY));
    let sentinel = |path: &Path| named(path).is_some_and(|name| name == SENTINEL);
    let renamed = matches!(event.kind, EventKind::Modify(ModifyKind::Name(_)));
    !event.paths.is_empty()
        && event
            .paths
            .iter()
            .all(|path| temporary(path) || (renamed && sentinel(path)))
}

#[cfg(test)]
mod tests {
    use notify::event::{CreateKind, DataChange, RemoveKind, RenameMode};

    use super::*;

    #[test]
    fn a_heartbeat_is_no_reason_to_look() {
        let (own, half) = ("/w/.taizhang", "/w/.taizhang-a1.tmp");
        let create = EventKind::Create(CreateKind::File);
        let write = EventKind::Modify(ModifyKind::Data(DataChange::Any));
        let to = EventKind::Modify(ModifyKind::Name(RenameMode::To));
        let both = EventKind::Modify(ModifyKind::Name(RenameMode::Both));
        let remove = EventKind::Remove(RemoveKind::File);
        for (kind, paths, expected) in [
            (create, vec![half], true),
            (write, vec![half], true),
            (to, vec![own], true),
            (both, vec![half, own], true),
            // Somebody makes, changes or removes it by hand.
            (create, vec![own], false),
            (write, vec![own], false),
            (remove, vec![own], false),
            (both, vec!["/w/新建文本文档.txt", own], false),
            (create, vec!["/w/a.xlsx"], false),
            (to, vec!["/w/挂点/a.xlsx"], false),
            (write, vec![], false),
        ] {
            let mut event = notify::Event::new(kind);
            event.paths = paths.iter().map(Into::into).collect();
            assert_eq!(is_heartbeat(&event), expected, "{event:?}");
        }
    }
}
