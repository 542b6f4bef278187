//! The service, its clock, its mail.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_looked_at_on_demand() {
    let page = Page::new().await;
    let mut browser = page.office().await;
    let shown = browser.get("/settings/service").await;
    assert!(shown.words().contains("没有故障"), "{}", shown.words());
    assert!(!shown.text.contains("id=\"doctor\""));
    let looked = send(&mut browser, "/settings/service", &fields(&shown), &[]).await;
    assert_eq!(looked.status, 200, "{}", looked.text);
    let words = looked.words();
    for part in ["正常 数据库", "正常 日历", "占位邮箱", "正常 网页"] {
        assert!(words.contains(part), "{part}: {words}");
    }
    // Nothing is held because of the clock.
    let token = browser.token().await;
    let own = [("token", token.as_str()), ("reason", "核对过了")];
    let told = browser.post("/settings/clock", &own).await;
    assert_eq!(told.status, 409);
    assert!(
        told.words().contains("不用认可") && told.text.contains("没有故障"),
        "{}",
        told.words()
    );
    assert_eq!(
        browser.post("/settings/clock", &[("token", &token)]).await.status,
        422
    );
    // What fails leads there.
    let roster = roster(&page);
    let text = fs::read_to_string(&roster).unwrap();
    fs::write(&roster, text.replace("U02,", "U01,")).unwrap();
    page.own().reload();
    let today = browser.get("/today").await;
    assert!(
        today.text.contains("&#x2f;settings&#x2f;service"),
        "{}",
        today.text
    );
    let shown = browser.get("/settings/service").await.words();
    assert!(shown.contains("与第2行重复"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_tried_and_no_secret_is_shown() {
    let site = TestSite::with(|root| {
        let config = root.join("config.toml");
        let text = fs::read_to_string(&config).unwrap();
        fs::write(root.join("secret.txt"), "geheim-12345").unwrap();
        let text = text
            .replace("password_file = \"\"", "password_file = \"secret.txt\"")
            .replace("\nuser = \"\"", "\nuser = \"office@wutang.example\"");
        fs::write(config, text).unwrap();
    })
    .await;
    let page = Page::of(site, options()).await;
    let mut browser = page.office().await;
    let shown = browser.get("/settings/mail").await;
    assert!(shown.words().contains("只写成文件"), "{}", shown.words());
    let form = fields(&shown);
    for (address, words) in [("", "请填写收件邮箱"), ("<b>x", "邮箱“<b>x”")] {
        let told = send(&mut browser, "/settings/mail", &form, &[("address", address)]).await;
        assert!(
            told.words().contains(words) && !told.text.contains("<b>x"),
            "{}",
            told.text
        );
    }
    let sent = send(
        &mut browser,
        "/settings/mail",
        &form,
        &[("address", "a@wutang.example")],
    )
    .await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    assert!(sent.words().contains("信已写进"), "{}", sent.words());
    let line = last(&page, "mail-tried").await.unwrap();
    assert_eq!(
        (line.by.as_str(), line.detail.as_str()),
        ("李四", "a@wutang.example：已交出")
    );
    for answer in [&shown, &sent] {
        assert!(!answer.text.contains("geheim"), "{}", answer.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_mail_server_keeps_nobody_waiting() {
    let server = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = server.local_addr().unwrap().port();
    let site = TestSite::with(|root| {
        let config = root.join("config.toml");
        let text = fs::read_to_string(&config).unwrap();
        let text = text
            .replace("transport = \"file\"", "transport = \"smtp\"")
            .replace("\nhost = \"\"", "\nhost = \"127.0.0.1\"")
            .replace("\nport = 0", &format!("\nport = {port}"))
            .replace("security = \"starttls\"", "security = \"none\"")
            .replace("from_address = \"\"", "from_address = \"office@wutang.gov.cn\"");
        fs::write(config, text).unwrap();
    })
    .await;
    let page = Page::of(site, options()).await;
    let (mut first, mut second) = (page.office().await, page.user("王五", Role::Office, &[]).await);
    let form = fields(&first.get("/settings/mail").await);
    let address = [("address", "a@wutang.gov.cn")];
    let waiting = tokio::spawn(async move { send(&mut first, "/settings/mail", &form, &address).await });
    // It has got through, and nothing is said.
    let (silent, _) = server.accept().await.unwrap();
    let form = fields(&second.get("/settings/mail").await);
    let told = send(&mut second, "/settings/mail", &form, &address).await;
    assert_eq!(told.status, 409);
    assert!(told.words().contains("有人正在试发"), "{}", told.words());
    assert_eq!(second.get("/today").await.status, 200);
    drop(silent);
    let failed = waiting.await.unwrap();
    assert_eq!(failed.status, 200, "{}", failed.text);
    assert!(failed.text.contains("class=\"wrong\""), "{}", failed.text);
    assert_eq!(
        last(&page, "mail-tried").await.unwrap().detail,
        "a@wutang.gov.cn：没有发出"
    );
}
