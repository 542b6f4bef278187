//! The office's page beside the loop: what becomes of it never touches intake.

use std::sync::Arc;

use tokio::task::JoinHandle;

use crate::config::{Config, WebOptions};
use crate::jobs::site::Site;
use crate::web::{Handed, Options, Serving, serve};

/// From `[web]` to what the page is run with.
#[must_use]
pub fn page_options(config: &Config) -> Options {
    let WebOptions {
        listen,
        public_url,
        plaintext: _,
        tls,
        hosts,
        trusted_proxies,
        connections,
        session_idle,
        access_log_days,
    } = config.web.clone();
    Options {
        name: config.site.name.clone(),
        listen,
        public_url,
        tls,
        hosts,
        trusted_proxies,
        connections: connections as usize,
        session_idle,
        access_log_days,
        handed: Handed::default(),
    }
}

/// The page, until this is dropped.
pub(super) struct Page(JoinHandle<()>);

impl Page {
    pub fn open(site: &Arc<Site>, options: Options) -> Self {
        Self(tokio::spawn(serve(site.clone(), options, Serving::default())))
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.0.abort();
    }
}
