//! Who may open and change what.

use super::*;
use crate::harness::MORNING;

/// Addresses: of a programme that is the account's, of one that isn't, of the site.
const OWN: [&str; 6] = [
    "",
    "/roster",
    "/roster.xlsx",
    "/row?table=units&id=U01",
    "/aliases",
    "/switch?to=off",
];
const OF_THE_SITE: [&str; 4] = [
    "/settings/holidays",
    "/settings/users",
    "/settings/mail",
    "/settings/service",
];

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_for_those_who_decide_and_the_site_s_for_those_of_all() {
    let site = TestSite::shipped(&[PROGRAM, "xinhui-meetings"], "乌塘挂点台账", MORNING, |_| {}).await;
    let page = Page::of(site, options()).await;
    let mut all = page.office().await;
    let mut cut = page.user("王五", Role::Office, &[PROGRAM]).await;
    let mut others = Vec::new();
    for role in [Role::Reviewer, Role::Reader] {
        others.push(page.user(role.as_str(), role, &[]).await);
    }
    let other = "/settings/programs/xinhui-meetings";
    for (path, of_all, of_cut, of_others) in OWN
        .iter()
        .map(|own| (format!("{HERE}{own}"), 200, 200, 403))
        .chain(OWN.iter().map(|own| {
            let known = if own.starts_with("/row") { 404 } else { 200 };
            (format!("{other}{own}"), known, 404, 403)
        }))
        .chain(OF_THE_SITE.iter().map(|own| ((*own).to_owned(), 200, 403, 403)))
        .chain([("/settings".to_owned(), 200, 200, 403)])
    {
        assert_eq!(all.get(&path).await.status, of_all, "{path}");
        assert_eq!(cut.get(&path).await.status, of_cut, "{path}");
        for browser in &mut others {
            let status = browser.get(&path).await.status;
            assert!(
                status == of_others || status == 404 && of_all == 404,
                "{path}: {status}"
            );
        }
    }
    // No trace of what isn't the account's, and the same as of nobody's.
    let listed = cut.get("/settings").await;
    assert!(
        !listed.text.contains("xinhui") && !listed.text.contains("/settings/users"),
        "{}",
        listed.text
    );
    let nobodys = cut.get("/settings/programs/nobody/roster").await;
    assert_eq!(cut.get(&format!("{other}/roster")).await.text, nobodys.text);
    for browser in &mut others {
        assert!(!browser.get("/today").await.text.contains("/settings"));
    }
    // Nor by what is sent.
    let posts = ["/switch", "/upload", "/row", "/aliases"].map(|own| format!("{HERE}{own}"));
    let site = [
        "/settings/holidays",
        "/settings/users",
        "/settings/mail",
        "/settings/service",
        "/settings/clock",
    ];
    for (browser, statuses) in [(&mut others[0], (403, 403)), (&mut cut, (0, 403))] {
        let token = browser.token().await;
        let fields = [
            ("token", token.as_str()),
            ("to", "off"),
            ("reason", "x"),
            ("table", "units"),
            ("id", "U01"),
            ("seen", &"0".repeat(64)),
            ("take", "0"),
            ("name", "x"),
            ("unit", "x"),
            ("step", "look"),
            ("text", "x"),
            ("role", "office"),
            ("scope", "all"),
            ("address", "a@b.example"),
        ];
        for path in posts.iter().filter(|_| statuses.0 != 0) {
            assert_eq!(browser.post(path, &fields).await.status, statuses.0, "{path}");
        }
        for path in site {
            assert_eq!(browser.post(path, &fields).await.status, statuses.1, "{path}");
        }
    }
    let token = cut.token().await;
    let fields = [
        ("token", token.as_str()),
        ("to", "off"),
        ("seen", &"0".repeat(64)),
        ("reason", "x"),
    ];
    assert_eq!(cut.post(&format!("{other}/switch"), &fields).await.status, 404);
    // Another's token.
    let theirs = all.token().await;
    let fields = [
        ("token", theirs.as_str()),
        ("to", "off"),
        ("seen", &"0".repeat(64)),
        ("reason", "x"),
    ];
    assert_eq!(cut.post(&format!("{HERE}/switch"), &fields).await.status, 403);
    assert!(page.own().program(PROGRAM).is_some() && page.own().program("xinhui-meetings").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn looking_writes_nothing() {
    let page = Page::new().await;
    let mut browser = page.office().await;
    browser.get("/today").await;
    let files = || crate::harness::tree(page.site.root().join("templates").as_path());
    let (journal, before) = (page.own().store.journal().await.unwrap(), files());
    let revisions = page.own().store.revisions().await.unwrap();
    for _ in 0..2 {
        for path in OWN
            .iter()
            .map(|own| format!("{HERE}{own}"))
            .chain(OF_THE_SITE.map(str::to_owned))
        {
            assert_eq!(browser.get(&path).await.status, 200, "{path}");
        }
    }
    assert_eq!(page.own().store.journal().await.unwrap(), journal);
    assert_eq!(page.own().store.revisions().await.unwrap(), revisions);
    assert_eq!(files(), before);
    assert_eq!(waiting(&page), 0);
}
