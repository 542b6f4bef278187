//! The office's page: a second face of `desk`, served by the daemon itself.
//!
//! Every page is a plain document; what decides is a form that carries the
//! session's own token. Nobody is told apart by what a browser says of itself.

mod access;
mod answer;
mod api;
mod assets;
mod assign;
mod attachment;
mod body;
mod condition;
mod exempt;
mod extend;
mod files;
mod guard;
mod handle;
mod headers;
mod health;
mod letter;
mod letters;
mod log;
mod login;
mod nudge;
mod period;
mod reason;
mod recall;
mod render;
mod routes;
mod serve;
mod settings;
mod setup;
mod submission;
mod tls;
mod today;
mod trend;
mod versions;
mod who;
mod words;

use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::desk::Site;
use crate::desk::accounts::Gate;
use crate::desk::board::Board;
use crate::desk::setup::Setup;

pub use condition::lines as health_lines;
pub use serve::{Serving, serve, serve_setup};
pub use words::{faulty_words, shipped_words};

/// What the page is run with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The site's name; may be empty.
    pub name: String,
    /// Where it is served; none: nowhere.
    pub listen: Option<SocketAddr>,
    /// What people type to open it; empty: nothing but this machine's own address.
    pub public_url: String,
    /// Certificate and key.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Further names that it may be called by.
    pub hosts: Vec<String>,
    /// Proxies whose word counts on whom they speak for.
    pub trusted_proxies: Vec<IpAddr>,
    /// Connections at a time.
    pub connections: usize,
    /// How long a session lasts that nobody uses.
    pub session_idle: Duration,
    /// How long the access log is kept, in days.
    pub access_log_days: u32,
    /// A socket that is open already.
    pub handed: Handed,
}

/// A socket that whoever starts the page has opened, taken once.
#[derive(Debug, Clone, Default)]
pub struct Handed(Arc<Mutex<Option<TcpListener>>>);

impl Handed {
    /// With a socket.
    #[must_use]
    pub fn of(listener: TcpListener) -> Self {
        Self(Arc::new(Mutex::new(Some(listener))))
    }

    fn take(&self) -> Option<TcpListener> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Options {
    /// Whether browsers talk to it encrypted, by itself or through a proxy.
    fn is_encrypted(&self) -> bool {
        self.tls.is_some() || self.public_url.starts_with("https://")
    }

    /// Whether others on the way can read along: who doesn't sit at this
    /// machine has to be told.
    #[must_use]
    pub fn is_exposed(&self) -> bool {
        let beyond = self.listen.is_some_and(|listen| !listen.ip().is_loopback());
        beyond && !self.is_encrypted()
    }

    /// What people type to open it, where the socket is at `listen`.
    #[must_use]
    pub fn address(&self, listen: SocketAddr) -> String {
        match self.public_url.as_str() {
            "" if self.tls.is_some() => format!("https://{listen}"),
            "" => format!("http://{listen}"),
            own => own.to_owned(),
        }
    }
}

/// What every request is answered by.
struct App {
    site: Arc<Site>,
    options: Options,
    gate: Gate,
    board: Board,
    pages: render::Pages,
    access: access::AccessLog,
    /// Held while something large is put together.
    exporting: tokio::sync::Mutex<()>,
    busy: settings::Busy,
    /// The site is only being set up.
    setup: Option<Arc<Setup>>,
}
