//! The office's page on the real server: a socket, a site, a stepped clock.

mod api;
mod browser;
mod deciding;
mod english;
mod handling;
mod items;
mod journal;
mod letters;
mod login;
mod pages;
mod settings;
mod setup;
mod strangers;
mod trend;
mod workbooks;

use std::sync::Arc;
use std::time::Duration;

use browser::{Answer, Browser};
use taizhang::desk::accounts;
use taizhang::domain::account::Role;
use taizhang::domain::actor::Actor;
use taizhang::jobs::site::Site;
use taizhang::web::{Handed, Options, Serving, serve};

use crate::harness::{PROGRAM, TestSite};

/// A site with its page; it goes with the value.
struct Page {
    site: TestSite,
    serving: Serving,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Page {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn options() -> Options {
    Options {
        name: "乌塘镇".into(),
        listen: Some(([127, 0, 0, 1], 0).into()),
        public_url: String::new(),
        tls: None,
        hosts: vec!["taizhang.example".into()],
        trusted_proxies: Vec::new(),
        connections: 64,
        session_idle: Duration::from_hours(2),
        access_log_days: 30,
        handed: Handed::default(),
    }
}

impl Page {
    async fn new() -> Self {
        Self::of(TestSite::new().await, options()).await
    }

    async fn of(site: TestSite, options: Options) -> Self {
        let serving = Serving::default();
        let task = tokio::spawn(serve(site.site.clone(), options, serving.clone()));
        while serving.at().is_none() {
            assert!(!task.is_finished(), "the page isn't served");
            tokio::task::yield_now().await;
        }
        Self { site, serving, task }
    }

    fn own(&self) -> &Arc<Site> {
        &self.site.site
    }

    /// A browser without a session.
    fn browser(&self) -> Browser {
        Browser::new(self.serving.at().unwrap())
    }

    /// Somebody with this role for these programmes, logged in.
    async fn user(&self, name: &str, role: Role, programs: &[&str]) -> Browser {
        let programs = programs.iter().map(|id| id.parse().unwrap()).collect();
        let by = Actor::person("测试").unwrap();
        let (_, first) = accounts::add_user(self.own(), &by, (name, name), role, &programs)
            .await
            .unwrap();
        let mut browser = self.browser();
        browser.log_in(name, &first).await;
        let token = browser.token().await;
        let answer = browser
            .post(
                "/password",
                &[
                    ("token", &token),
                    ("old", &first),
                    ("password", PASSWORD),
                    ("again", PASSWORD),
                ],
            )
            .await;
        assert_eq!((answer.status, answer.to()), (303, "/today"), "{}", answer.text);
        browser
    }

    /// Somebody who may do everything, logged in.
    async fn office(&self) -> Browser {
        self.office_called("李四").await
    }

    async fn office_called(&self, name: &str) -> Browser {
        self.user(name, Role::Office, &[]).await
    }
}

const PASSWORD: &str = "春江潮水连海平2024";
