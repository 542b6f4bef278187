//! Setting up, as strangers would: nothing is answered or changed without the
//! session that the one-time address gives, and a site that stands has no such page.

use std::net::{SocketAddr, TcpListener};

use taizhang::desk::setup::{Answers, Composer, FOLDER, Setup};
use taizhang::jobs::options::Options as SiteOptions;
use taizhang::web::serve_setup;

use super::*;

/// Nothing is made in these tests.
struct Nobody;

impl Composer for Nobody {
    fn options(&self, _: &Answers) -> Result<SiteOptions, String> {
        Err("不建".into())
    }

    fn write(&self, _: &Answers) -> anyhow::Result<()> {
        anyhow::bail!("不建")
    }
}

/// A site that is being set up; where its page is, and the secret part of its address.
fn begun(site: &TestSite) -> (SocketAddr, String, tokio::task::JoinHandle<anyhow::Result<()>>) {
    std::fs::create_dir_all(site.root().join(FOLDER)).unwrap();
    let (setup, token) = Setup::begin(site.root(), Box::new(Nobody)).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    let served = serve_setup(site.site.clone(), options(), Arc::new(setup), listener);
    (at, token.as_str().to_owned(), tokio::spawn(served))
}

const STEPS: [&str; 7] = ["where", "what", "who", "roster", "when", "notify", "look"];

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sets_up_without_the_address() {
    let site = TestSite::new().await;
    let (at, token, served) = begun(&site);
    let mut stranger = Browser::new(at);
    for step in STEPS {
        let path = format!("/setup/{step}");
        let seen = stranger.get(&path).await;
        assert_eq!((seen.status, seen.to()), (303, "/login"), "{step}");
        let typed = stranger
            .post(&path, &[("token", &"0".repeat(64)), ("trial", "true")])
            .await;
        assert_eq!((typed.status, typed.to()), (303, "/login"), "{step}");
    }
    assert_eq!(stranger.get("/login").await.status, 401);
    assert_eq!(stranger.get("/today").await.to(), "/setup");
    for wrong in ["0".repeat(64), token.to_uppercase(), token[1..].to_owned()] {
        let path = format!("/setup/in/{wrong}");
        assert_eq!(stranger.get(&path).await.status, 404, "{wrong}");
        assert_eq!(stranger.post(&path, &[]).await.status, 422, "{wrong}");
    }
    // Looking uses nothing up; coming in does.
    let door = format!("/setup/in/{token}");
    for _ in 0..2 {
        assert_eq!(stranger.get(&door).await.status, 200);
    }
    let mut own = stranger;
    assert_eq!(own.post(&door, &[]).await.to(), "/setup");
    let where_from = own.get("/setup/where").await;
    assert_eq!(where_from.status, 200, "{}", where_from.text);
    let mut other = Browser::new(at);
    assert_eq!(other.get(&door).await.status, 404);
    assert_eq!(other.post(&door, &[]).await.status, 422);
    // A form of ours or none, and what can't be made says why.
    for step in STEPS {
        let fields = [
            ("token", "0"),
            ("way", "file"),
            ("decision", "keep"),
            ("share", "a"),
            ("output", "b"),
            ("data", "c"),
        ];
        let more = [
            ("office", "x"),
            ("contact", "x"),
            ("phone", "x"),
            ("mail", ""),
            ("shown", "x"),
            ("login", "x"),
        ];
        let all = [&fields[..], &more[..]].concat();
        let answer = own.post(&format!("/setup/{step}"), &all).await;
        assert_eq!(answer.status, 403, "{step}: {}", answer.text);
    }
    let (_, token) = where_from.text.split_once("name=\"token\" value=\"").unwrap();
    let token = token.split('"').next().unwrap();
    let answer = own
        .post("/setup/look", &[("token", token), ("trial", "true")])
        .await;
    assert_eq!(answer.status, 422, "{}", answer.text);
    assert!(answer.words().contains("还没有选收什么"), "{}", answer.words());
    served.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_stands_has_no_such_page() {
    let page = Page::new().await;
    let mut browser = page.office().await;
    for path in ["/setup", "/setup/where", "/setup/look"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
}
