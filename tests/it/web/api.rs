//! `/api/v1` and `/healthz`: what programs are told, and which.

use std::process::Command;

use taizhang::desk::api::key_file;
use taizhang::jobs::faults::Area;

use super::*;
use crate::harness::{MORNING, samples};

/// A month's first days, with decisions and letters.
async fn month() -> Page {
    let both = [PROGRAM, "qianshui-tasks"];
    let site = TestSite::shipped(&both, "乌塘挂点台账", MORNING, |_| {}).await;
    for (name, bytes) in samples() {
        site.drop_file(&name, bytes);
    }
    site.run().await;
    site.at(LATER).run().await;
    Page::of(site, options()).await
}

const LATER: &str = "2024-12-09T09:30:00+08:00";

fn key(page: &Page) -> String {
    std::fs::read_to_string(key_file(page.own()))
        .unwrap()
        .trim()
        .to_owned()
}

fn with(key: &str) -> String {
    format!("Authorization: Bearer {key}\r\n")
}

/// What a command prints, at the page's present.
fn said(page: &Page, words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .current_dir(page.site.root())
        .args(["--now", LATER])
        .args(words)
        .args(["--format", "json"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{words:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answers_are_the_commands_byte_for_byte() {
    let page = month().await;
    let own = with(&key(&page));
    let mut browser = page.browser();
    let id = page.site.last().await.id.to_string();
    for (path, words) in [
        ("status", &["status"][..]),
        (
            "status?program=wutang-visits",
            &["status", "--program", "wutang-visits"],
        ),
        (
            "status?program=wutang-visits&period=2024-11",
            &["status", "--program", "wutang-visits", "--period", "2024-11"],
        ),
        ("programs", &["program", "list"]),
        (&format!("show/{id}"), &["show", &id]),
        ("schedule", &["schedule"]),
        (
            "schedule?program=wutang-visits&from=2024-12-10&to=2024-12-20",
            &[
                "schedule",
                "--program",
                "wutang-visits",
                "--from",
                "2024-12-10",
                "--to",
                "2024-12-20",
            ],
        ),
        ("letters", &["letters", "list"]),
        (
            "letters?state=sent&state=queued&program=wutang-visits&unit=U05",
            &[
                "letters",
                "list",
                "--state",
                "sent",
                "queued",
                "--program",
                "wutang-visits",
                "--unit",
                "U05",
            ],
        ),
        (
            "letters?period=2024-11",
            &["letters", "list", "--period", "2024-11"],
        ),
        ("log", &["log"]),
        ("log?last=20000", &["log", "--last", "20000"]),
        (
            "log?kind=letter&unit=U05&last=3&from=2024-12-01&to=2024-12-31&program=wutang-visits&period=2024-11",
            &[
                "log",
                "--kind",
                "letter",
                "--unit",
                "U05",
                "--last",
                "3",
                "--from",
                "2024-12-01",
                "--to",
                "2024-12-31",
                "--program",
                "wutang-visits",
                "--period",
                "2024-11",
            ],
        ),
    ] {
        let answer = browser.get_with(&format!("/api/v1/{path}"), &own).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        assert_eq!(
            answer.header("content-type"),
            Some("application/json; charset=utf-8")
        );
        let known = said(&page, words);
        assert!(known.len() > 3, "{words:?}: nothing is compared");
        assert!(answer.text == known, "{path}:\n{}\n{known}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_anything_without_the_key() {
    let page = Page::new().await;
    let key = key(&page);
    let mut browser = page.office().await;
    let wrong = "0".repeat(64);
    for more in [
        String::new(),
        with(&wrong),
        with(&key[..63]),
        with(&format!("{key}0")),
        with(&key.to_uppercase()),
        with(""),
        format!("Authorization: Basic {key}\r\n"),
        format!("Cookie: token={key}\r\n"),
    ] {
        let answer = browser.get_with("/api/v1/status", &more).await;
        assert_eq!(answer.status, 401, "{more}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        assert_eq!(answer.text, "{\"error\":\"密钥不对\"}");
    }
    let post = browser.post("/api/v1/status", &[]).await;
    assert_eq!(post.status, 405);
    let text = std::fs::read_to_string(key_file(page.own())).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(key_file(page.own()))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    // The same one after a start; a broken one is none.
    let serving = Serving::default();
    let again = tokio::spawn(serve(page.own().clone(), options(), serving.clone()));
    while serving.at().is_none() {
        tokio::task::yield_now().await;
    }
    assert_eq!(std::fs::read_to_string(key_file(page.own())).unwrap(), text);
    again.abort();
    assert_eq!(
        browser.get_with("/api/v1/programs", &with(&key)).await.status,
        200
    );
    std::fs::write(key_file(page.own()), "\n").unwrap();
    for own in [key.as_str(), ""] {
        assert_eq!(browser.get_with("/api/v1/programs", &with(own)).await.status, 401);
    }
    std::fs::remove_file(key_file(page.own())).unwrap();
    assert_eq!(
        browser.get_with("/api/v1/programs", &with(&key)).await.status,
        401
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn from_elsewhere_there_is_nothing_here() {
    let trusting = Options {
        trusted_proxies: vec![[127, 0, 0, 1].into()],
        ..options()
    };
    let page = Page::of(TestSite::new().await, trusting).await;
    let own = with(&key(&page));
    let mut browser = page.browser();
    let nowhere = browser.get("/nowhere").await;
    assert_eq!(browser.get_with("/api/v1/programs", &own).await.status, 200);
    for more in [
        "X-Forwarded-For: 192.168.1.7\r\n",
        // Who asks through a proxy isn't here, whatever it says.
        "X-Forwarded-For: 127.0.0.1\r\n",
        "Forwarded: for=127.0.0.1\r\n",
        "X-Real-IP: 127.0.0.1\r\n",
        "Via: 1.1 proxy\r\n",
    ] {
        for key in [own.as_str(), ""] {
            let answer = browser
                .get_with("/api/v1/programs", &format!("{more}{key}"))
                .await;
            assert_eq!((answer.status, &answer.text), (404, &nowhere.text), "{more}");
        }
    }
    browser.host = Some("taizhang.example".into());
    let answer = browser.get_with("/api/v1/programs", &own).await;
    assert_eq!((answer.status, &answer.text), (404, &nowhere.text));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_wrong_is_said_in_json() {
    let page = Page::new().await;
    let own = with(&key(&page));
    let mut browser = page.browser();
    for (path, status, says) in [
        ("status?program=nobody", 422, "没有方案“nobody”"),
        ("status?period=x", 422, "没有“x”这个报告期"),
        ("status?perido=2024-11", 422, "perido"),
        ("show/999", 404, "没有这份报送"),
        ("show/x", 404, "没有这份报送"),
        ("schedule?from=2024-12-09&to=2024-12-01", 422, "早于"),
        ("schedule?from=2024-12-09&to=2034-12-01", 422, "一次最多366天"),
        ("schedule?from=x", 422, "参数不对"),
        ("letters?state=x", 422, "“x”不是信函的状态"),
        ("log?kind=x", 422, "没有“x”这一类记录"),
        ("log?last=20001", 422, "一次最多20000条"),
        ("log?unit=%E6%97%A0%E6%AD%A4", 422, "名册里没有单位“无此”"),
        ("nothing", 404, "没有这个接口"),
        ("a/b/c", 404, "没有这个接口"),
    ] {
        let answer = browser.get_with(&format!("/api/v1/{path}"), &own).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
        let json: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
        let words = json["error"].as_str().unwrap();
        assert!(words.contains(says), "{path}: {words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_named_and_nothing_more() {
    let page = Page::new().await;
    let mut browser = page.browser();
    let mut asked = async || {
        let answer = browser.get("/healthz").await;
        (answer.status, answer.text)
    };
    let well = (200, "ok\n".to_owned());
    assert_eq!(asked().await, well);
    let (faults, now) = (&page.own().faults, page.own().clock.utc());
    for area in [Area::Output, Area::Database] {
        faults.failed_as(area, "/secret/path: no space", Some("腾出空间"), now);
    }
    assert_eq!(asked().await, (503, "数据库、输出目录\n".to_owned()));
    faults.over(Area::Database, now);
    faults.over(Area::Output, now);
    assert_eq!(asked().await, well);
    page.own().pulse.beat(true);
    assert_eq!(asked().await, (503, "共享文件夹\n".to_owned()));
    page.own().pulse.beat(false);
    assert_eq!(asked().await, well);
    page.own().store.close().await;
    assert_eq!(asked().await, (503, "数据库\n".to_owned()));
}
