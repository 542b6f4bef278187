//! Every address by a table: without a session, with the wrong host, from
//! another site's page, with bytes that no browser sends.

use super::browser::said;
use super::*;

/// What may be asked for: method, address, whether one has to be logged in.
const ADDRESSES: &[(&str, &str, bool)] = &[
    ("GET", "/", false),
    ("GET", "/login", false),
    ("POST", "/login", false),
    ("POST", "/logout", true),
    ("GET", "/password", true),
    ("POST", "/password", true),
    ("GET", "/first/0", false),
    ("POST", "/first/0", false),
    ("GET", "/today", true),
    ("GET", "/go?to=/p/x", true),
    ("GET", "/p/wutang-visits", true),
    ("GET", "/p/wutang-visits/2024-11", true),
    ("GET", "/p/wutang-visits/2024-11/exempt?unit=U01", true),
    ("POST", "/p/wutang-visits/2024-11/exempt", true),
    ("GET", "/p/wutang-visits/2024-11/nudge?unit=U01", true),
    ("POST", "/p/wutang-visits/2024-11/nudge", true),
    ("GET", "/p/wutang-visits/2024-11/extend?unit=U01", true),
    ("POST", "/p/wutang-visits/2024-11/extend", true),
    ("GET", "/p/hengli-tasks/2018-Q4/assign?item=2", true),
    ("POST", "/p/hengli-tasks/2018-Q4/assign", true),
    ("GET", "/s/1", true),
    ("GET", "/s/1/changes", true),
    ("GET", "/s/1/withdraw", true),
    ("POST", "/s/1/withdraw", true),
    ("GET", "/p/wutang-visits/trend", true),
    ("GET", "/p/wutang-visits/2024-11/files", true),
    ("GET", "/p/wutang-visits/2024-11/files/current", true),
    ("GET", "/p/wutang-visits/2024-11/forms/U01", true),
    ("GET", "/log", true),
    ("GET", "/log.xlsx", true),
    ("GET", "/letters", true),
    ("POST", "/letters", true),
    ("GET", "/letters/1/withdraw", true),
    ("POST", "/letters/1/withdraw", true),
    ("GET", "/letters/1", true),
    ("POST", "/letters/1", true),
    ("GET", "/settings", true),
    ("GET", "/settings/programs/wutang-visits", true),
    ("GET", "/settings/programs/wutang-visits/switch?to=off", true),
    ("POST", "/settings/programs/wutang-visits/switch", true),
    ("GET", "/settings/programs/wutang-visits/roster", true),
    ("GET", "/settings/programs/wutang-visits/roster.xlsx", true),
    ("POST", "/settings/programs/wutang-visits/upload", true),
    ("GET", "/settings/programs/wutang-visits/changes/0", true),
    ("POST", "/settings/programs/wutang-visits/changes/0", true),
    (
        "GET",
        "/settings/programs/wutang-visits/row?table=units&id=U01",
        true,
    ),
    ("POST", "/settings/programs/wutang-visits/row", true),
    ("GET", "/settings/programs/wutang-visits/aliases", true),
    ("POST", "/settings/programs/wutang-visits/aliases", true),
    ("GET", "/settings/holidays", true),
    ("POST", "/settings/holidays", true),
    ("GET", "/settings/users", true),
    ("POST", "/settings/users", true),
    ("GET", "/settings/users/1", true),
    ("POST", "/settings/users/1", true),
    ("GET", "/settings/mail", true),
    ("POST", "/settings/mail", true),
    ("GET", "/settings/service", true),
    ("POST", "/settings/service", true),
    ("POST", "/settings/clock", true),
    ("GET", "/assets/style.css", false),
    ("GET", "/healthz", false),
];

async fn ask(browser: &mut Browser, method: &str, path: &str) -> Answer {
    match method {
        "GET" => browser.get(path).await,
        _ => {
            browser
                .post(path, &[("token", "x"), ("name", "x"), ("password", "x")])
                .await
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_its_heads_and_nothing_is_to_be_had_without_a_session() {
    let page = Page::new().await;
    page.office().await;
    for &(method, path, guarded) in ADDRESSES {
        let answer = ask(&mut page.browser(), method, path).await;
        if guarded {
            assert_eq!((answer.status, answer.to()), (303, "/login"), "{method} {path}");
        }
        heads(&answer, path);
        // A session that was never given.
        let mut forged = page.browser();
        forged.cookies.insert("taizhang".into(), "ab".repeat(32));
        if guarded {
            assert_eq!(
                ask(&mut forged, method, path).await.to(),
                "/login",
                "{method} {path}"
            );
        }
        // By a name that isn't ours, or from another site's page.
        let mut elsewhere = page.browser();
        elsewhere.host = Some("evil.example".into());
        let answer = ask(&mut elsewhere, method, path).await;
        assert_eq!(answer.status, 421, "{method} {path}");
        heads(&answer, path);
        if method == "POST" {
            for origin in ["http://evil.example", "null", ""] {
                let mut other = page.browser();
                other.origin = Some(origin.into());
                let answer = ask(&mut other, method, path).await;
                assert_eq!(answer.status, 403, "{method} {path} {origin}");
                heads(&answer, path);
            }
        }
    }
    let nowhere = page.browser().get("/nowhere").await;
    assert_eq!(nowhere.status, 404);
    heads(&nowhere, "/nowhere");
}

fn heads(answer: &Answer, path: &str) {
    let policy = answer.header("content-security-policy").unwrap_or_default();
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self'"),
        "{path}: {policy}"
    );
    assert!(!policy.contains("unsafe"), "{path}");
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("x-robots-tag", "noindex"),
        ("x-frame-options", "DENY"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{path}: {name}");
    }
    let kept = answer.header("cache-control");
    if !path.starts_with("/assets/") || answer.status != 200 {
        assert_eq!(kept, Some("no-store"), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_to_be_had_by_the_names_that_it_has() {
    let page = Page::new().await;
    for (host, status) in [
        ("taizhang.example", 200),
        ("localhost:1", 200),
        ("192.168.1.5:8460", 421),
    ] {
        let mut browser = page.browser();
        browser.host = Some(host.into());
        assert_eq!(browser.get("/login").await.status, status, "{host}");
    }
    let at = page.serving.at().unwrap();
    let twice =
        format!("GET /login HTTP/1.1\r\nHost: {at}\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assert_ne!(said(at, twice.as_bytes()).await.status, 200);
    for bytes in [
        "GET / HTTP/1.1\r\nConnection: close",
        "GET  HTTP",
        "\x16\x03\x01\x02",
    ] {
        let mut hung_up = bytes.as_bytes().to_vec();
        hung_up.extend_from_slice(b"\r\n\r\n");
        assert_ne!(said(at, &hung_up).await.status, 200, "{bytes:?}");
    }
    let long = format!("GET /{} HTTP/1.1\r\nHost: {at}\r\n\r\n", "x".repeat(200_000));
    let mut stream = tokio::net::TcpStream::connect(at).await.unwrap();
    let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, long.as_bytes()).await;
    assert_eq!(page.browser().get("/healthz").await.text, "ok\n", "it goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_much_is_not_taken() {
    let page = Page::new().await;
    let at = page.serving.at().unwrap();
    let head = |more: &str| {
        format!(
            "POST /login HTTP/1.1\r\nHost: {at}\r\nOrigin: http://{at}\r\nConnection: close\r\n{more}\r\n\r\n"
        )
    };
    let kind = "Content-Type: application/x-www-form-urlencoded";
    for (more, status) in [
        (format!("{kind}\r\nContent-Length: 300000"), 413),
        ("Content-Type: text/plain\r\nContent-Length: 0".to_owned(), 415),
        (format!("{kind}\r\nContent-Length: 0"), 422),
    ] {
        assert_eq!(said(at, head(&more).as_bytes()).await.status, status, "{more}");
    }
    // Sixteen connections from one address; the next is told when to come again.
    let mut open = Vec::new();
    for _ in 0..16 {
        open.push(tokio::net::TcpStream::connect(at).await.unwrap());
    }
    let answer = loop {
        let answer = page.browser().get("/healthz").await;
        if answer.status == 503 {
            break answer;
        }
    };
    assert_eq!(answer.header("retry-after"), Some("5"));
    assert!(answer.text.contains("共享文件夹"), "{}", answer.text);
    drop(open);
    while page.browser().get("/healthz").await.status != 200 {}
}
