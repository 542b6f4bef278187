//! The first account, logging in and out, and who is no longer let in.

use taizhang::desk::accounts::{FIRST_FILE, disable_user, reset_user};

use super::*;

/// The path of the one-time address, as it lies in the data folder.
fn first(page: &Page) -> String {
    let file = page.own().options.data.join(FIRST_FILE);
    let text = std::fs::read_to_string(file).unwrap();
    let at = text.find("/first/").unwrap();
    text[at..].trim().to_owned()
}

fn names(password: &str) -> [(&'static str, &str); 4] {
    [
        ("shown", "李四"),
        ("name", "lisi"),
        ("password", password),
        ("again", password),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_account_is_made_by_a_one_time_address() {
    let page = Page::new().await;
    let mut browser = page.browser();
    assert_eq!(browser.get("/today").await.to(), "/login");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let file = page.own().options.data.join(FIRST_FILE);
        let mode = std::fs::metadata(file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let path = first(&page);
    let wrong = format!("/first/{}", "0".repeat(64));
    assert_eq!(browser.get(&wrong).await.status, 404);
    assert_eq!(browser.post(&wrong, &names(PASSWORD)).await.status, 404);
    assert_eq!(browser.get(&path).await.status, 200);
    for (password, said) in [
        ("short", "8至128"),
        ("mylisi2024", "登录名"),
        ("aaaaaaaaaa", "太简单"),
    ] {
        let answer = browser.post(&path, &names(password)).await;
        assert_eq!(answer.status, 422);
        assert!(answer.words().contains(said), "{password}: {}", answer.words());
    }
    let answer = browser.post(&path, &names(PASSWORD)).await;
    assert_eq!((answer.status, answer.to()), (303, "/today"), "{}", answer.text);
    assert_eq!(browser.get("/today").await.status, 200);
    // It died on use, and the file with it.
    assert_eq!(page.browser().get(&path).await.status, 404);
    assert_eq!(page.browser().post(&path, &names(PASSWORD)).await.status, 404);
    assert!(!page.own().options.data.join(FIRST_FILE).exists());
    let journal = page.own().store.journal().await.unwrap();
    let line = journal.iter().find(|line| line.what == "account-added").unwrap();
    assert_eq!((line.by.as_str(), line.via.label()), ("李四", "网页"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_address_lasts_a_day() {
    let page = Page::new().await;
    let path = first(&page);
    page.site.at("2024-12-03T08:59:00+08:00");
    assert_eq!(page.browser().get(&path).await.status, 200);
    page.site.at("2024-12-03T09:00:01+08:00");
    assert_eq!(page.browser().get(&path).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_end_by_themselves_and_by_logging_out() {
    let page = Page::new().await;
    let mut browser = page.office().await;
    let stays = browser.cookies.clone();
    for (now, status) in [
        ("2024-12-02T10:59:00+08:00", 200),
        // Two hours after the last page, not after the login.
        ("2024-12-02T12:58:00+08:00", 200),
        ("2024-12-02T14:57:00+08:00", 200),
        ("2024-12-02T16:56:00+08:00", 200),
        ("2024-12-02T18:55:00+08:00", 200),
        ("2024-12-02T20:54:00+08:00", 200),
        // Twelve hours at most.
        ("2024-12-02T21:01:00+08:00", 303),
    ] {
        page.site.at(now);
        assert_eq!(browser.get("/today").await.status, status, "{now}");
    }
    assert_eq!(browser.log_in("李四", PASSWORD).await.to(), "/today");
    assert_ne!(browser.cookies, stays, "a new session at login");
    let token = browser.token().await;
    let kept = browser.cookies.clone();
    let answer = browser.post("/logout", &[("token", "0000")]).await;
    assert_eq!(answer.status, 403, "another's form");
    assert_eq!(browser.post("/logout", &[("token", &token)]).await.to(), "/login");
    assert!(browser.cookies.is_empty());
    browser.cookies = kept;
    assert_eq!(
        browser.get("/today").await.to(),
        "/login",
        "what a browser kept is worth nothing"
    );
    page.site.at("2024-12-03T09:00:00+08:00");
    browser.log_in("李四", PASSWORD).await;
    page.site.at("2024-12-03T11:00:01+08:00");
    assert_eq!(browser.get("/today").await.to(), "/login", "two hours of nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_disabled_or_reset_is_out_at_once() {
    let page = Page::new().await;
    let by = Actor::person("张三").unwrap();
    let mut browser = page.office().await;
    // Somebody else who may do everything.
    page.user("王五", Role::Office, &[]).await;
    assert_eq!(browser.get("/today").await.status, 200);
    let initial = reset_user(page.own(), &by, "李四").await.unwrap();
    assert_eq!(browser.get("/today").await.to(), "/login");
    assert_eq!(browser.log_in("李四", PASSWORD).await.status, 403);
    page.site.at("2024-12-02T09:02:00+08:00");
    assert_eq!(browser.log_in("李四", &initial).await.to(), "/password");
    assert_eq!(
        browser.get("/today").await.to(),
        "/password",
        "first its own password"
    );
    disable_user(page.own(), &by, "李四").await.unwrap();
    assert_eq!(browser.get("/password").await.to(), "/login");
    assert_eq!(browser.log_in("李四", &initial).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_waits_longer_and_longer_and_nobody_is_locked_out() {
    let page = Page::new().await;
    page.office().await;
    page.site.at("2024-12-02T10:00:00+08:00");
    let mut stranger = page.browser();
    for (now, wait) in [
        ("2024-12-02T10:00:00+08:00", "2"),
        ("2024-12-02T10:00:05+08:00", "3"),
        ("2024-12-02T10:00:10+08:00", "5"),
    ] {
        page.site.at(now);
        let wrong = stranger.log_in("李四", "不对不对不对不对").await;
        assert_eq!(wrong.status, 403);
        assert!(wrong.words().contains("登录名或密码不对"), "{}", wrong.words());
        let again = stranger.log_in("李四", PASSWORD).await;
        assert_eq!(
            (again.status, again.header("retry-after")),
            (429, Some(wait)),
            "{now}"
        );
    }
    // What is said of a name that nobody has is the same.
    let unknown = stranger.log_in("王五", "不对不对不对不对").await;
    assert!(unknown.words().contains("登录名或密码不对"));
    page.site.at("2024-12-02T10:00:16+08:00");
    assert_eq!(stranger.log_in("李四", PASSWORD).await.to(), "/today");
    let mut hashed = 0;
    for n in 0..100 {
        hashed += u32::from(stranger.log_in(&format!("无名{n}"), "x").await.status == 403);
    }
    assert!(hashed <= 30, "{hashed} hashes for one address in a minute");
}
