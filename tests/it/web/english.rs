//! A site whose pages speak English, with a programme that does: nothing on
//! them is Chinese but what somebody wrote.

use std::fs;
use std::path::Path;

use taizhang::domain::finding::Verdict;
use taizhang::jobs::remind::{walk, word_new};

use super::*;
use crate::second_program::ledger;

const PROGRAM: &str = "/p/site-inspections";
const QUARTER: &str = "/p/site-inspections/2024-Q2";

/// Holidays are called as the State Council calls them; 测试 adds the users here.
const WRITTEN: [&str; 12] = [
    "国庆节、中秋节",
    "放假",
    "上班",
    "测试",
    "元旦",
    "春节",
    "清明节",
    "劳动节",
    "端午节",
    "中秋节",
    "国庆节",
    "国庆",
];

async fn site() -> TestSite {
    let site = TestSite::shipped(
        &["wutang-visits"],
        "Site inspections",
        "2024-07-09T09:00:00+08:00",
        |root| {
            let programs = root.join("templates/programs");
            fs::remove_dir_all(programs.join("wutang-visits")).unwrap();
            let target = programs.join("site-inspections");
            fs::create_dir_all(&target).unwrap();
            let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/programs/site-inspections");
            for entry in fs::read_dir(source).unwrap() {
                let entry = entry.unwrap();
                fs::copy(entry.path(), target.join(entry.file_name())).unwrap();
            }
            let config = root.join("config.toml");
            let text = fs::read_to_string(&config).unwrap();
            let english = text.replace("locale = \"zh-CN\"", "locale = \"en\"");
            assert_ne!(text, english);
            fs::write(config, english).unwrap();
        },
    )
    .await;
    let good = [("2024-05-14", "Loading bay", "3", "2", "low")];
    let wrong = [("2024-05-14", "Loading bay", "3", "7", "dreadful")];
    site.drop_file("North depot/q2.xlsx", &ledger("North depot", &good));
    site.drop_file("South depot/q2.xlsx", &ledger("South depot", &wrong));
    site.drop_file("somebody.xlsx", &ledger("Moon base", &good));
    site.run().await;
    walk(&site.site, taizhang::domain::letters::Hold::default())
        .await
        .unwrap();
    word_new(&site.site).await.unwrap();
    site
}

async fn english() -> Page {
    let own = Options {
        name: "Harbour office".into(),
        ..options()
    };
    Page::of(site().await, own).await
}

/// The first Chinese that stands on a page, with what surrounds it.
fn chinese(text: &str) -> Option<String> {
    let own = WRITTEN
        .iter()
        .fold(text.to_owned(), |text, name| text.replace(name, ""));
    let at = own.find(|c: char| ('\u{3001}'..='\u{9fff}').contains(&c) || c == '，' || c == '：')?;
    let from = own[..at].char_indices().rev().nth(60).map_or(0, |(from, _)| from);
    Some(own[from..].chars().take(120).collect())
}

fn is_english(path: &str, answer: &Answer) {
    assert_eq!(chinese(&answer.text), None, "{path}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_english() {
    let page = english().await;
    let mut strangers = page.browser();
    for path in ["/login", "/nowhere", "/first/0"] {
        is_english(path, &strangers.get(path).await);
    }
    let mut browser = page.office_called("Ann").await;
    let records = page.site.records().await;
    let by = |verdict| {
        let own = records.iter().find(|own| own.verdict == verdict);
        own.unwrap_or_else(|| panic!("{verdict:?}: {records:?}")).id
    };
    let (returned, unclaimed) = (by(Verdict::Returned), by(Verdict::Unclaimed));
    let good = records.iter().find(|own| own.verdict.is_accepted()).unwrap().id;
    let unit = "south";
    let letter = page.own().store.letters(&[]).await.unwrap();
    assert!(!letter.is_empty());
    let mut paths: Vec<String> = [
        "/today",
        "/password",
        "/log",
        "/log?kind=returned",
        "/log?unit=nobody",
        "/log?from=yesterday",
        "/letters?part=drafts",
        "/letters?part=by_hand",
        "/letters?part=outbox",
        "/letters?part=calendar",
        "/settings",
        "/settings/programs/site-inspections",
        "/settings/programs/site-inspections/switch?to=off",
        "/settings/programs/site-inspections/switch?to=live",
        "/settings/programs/site-inspections/roster",
        "/settings/programs/site-inspections/aliases",
        "/settings/programs/site-inspections/changes/0",
        "/settings/programs/site-inspections/row?table=units&id=nobody",
        "/settings/holidays",
        "/settings/users",
        "/settings/users/1",
        "/settings/mail",
        "/settings/service",
    ]
    .map(str::to_owned)
    .into();
    paths.extend([
        format!("{PROGRAM}/trend"),
        QUARTER.to_owned(),
        format!("{QUARTER}?show=missing"),
        format!("{QUARTER}/files"),
        format!("{QUARTER}/files/settled"),
        format!("{QUARTER}/exempt?unit={unit}"),
        format!("{QUARTER}/exempt"),
        format!("{QUARTER}/nudge?unit={unit}"),
        format!("{QUARTER}/extend?unit={unit}&to=2024-07-11"),
        format!("{QUARTER}/extend?all=true&to=2024-01-01"),
        format!("{QUARTER}/extend?all=true&to=soon"),
        format!("/s/{returned}/accept"),
        format!("/s/{returned}/withdraw"),
        format!("/s/{returned}/recheck"),
        format!("/s/{returned}/reject"),
        format!("/s/{unclaimed}/claim"),
        format!("/s/{unclaimed}/claim?unit=South+depot&period=2024-Q2"),
        format!("/s/{unclaimed}/claim?unit=Nowhere&period=2024-Q2"),
        format!("/s/{good}/changes"),
        "/s/9999".to_owned(),
    ]);
    paths.extend([good, returned, unclaimed].map(|id| format!("/s/{id}")));
    paths.extend(letter.iter().map(|own| format!("/letters/{}", own.id)));
    paths.extend(letter.iter().map(|own| format!("/letters/{}/withdraw", own.id)));
    for path in &paths {
        let answer = browser.get(path).await;
        assert_ne!(answer.status, 500, "{path}: {}", answer.text);
        is_english(path, &answer);
    }
    let today = browser.get("/today").await;
    assert!(today.text.contains("<html lang=\"en\">"), "{}", today.text);
    let words = today.words();
    for own in ["File to confirm", "somebody.xlsx", "9 Jul 09:00", "1 day(s) left"] {
        assert!(words.contains(own), "{own}: {words}");
    }
    let words = browser.get(QUARTER).await.words();
    assert!(
        words.contains("accepted") && words.contains("returned"),
        "{words}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_and_what_is_done_is_said_in_english() {
    let page = english().await;
    let mut browser = page.office_called("Ann").await;
    let token = browser.token().await;
    let unit = "south";
    let records = page.site.records().await;
    let returned = records
        .iter()
        .find(|own| own.verdict == Verdict::Returned)
        .unwrap();
    let asked = browser.get(&format!("{QUARTER}/exempt?unit={unit}")).await;
    let mut fields = asked.fields();
    fields.push(("reason".into(), String::new()));
    let own = |fields: &[(String, String)]| -> Vec<(String, String)> { fields.to_vec() };
    let post = async |browser: &mut Browser, path: &str, fields: &[(String, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        browser.post(path, &fields).await
    };
    let exempt = format!("{QUARTER}/exempt");
    let answer = post(&mut browser, &exempt, &own(&fields)).await;
    assert!(
        answer.words().contains("Please write the reason"),
        "{}",
        answer.words()
    );
    fields.pop();
    fields.push(("reason".into(), "moved away".into()));
    let done = post(&mut browser, &exempt, &own(&fields)).await;
    assert_eq!(done.status, 200, "{}", done.text);
    is_english("exempted", &done);
    // Who comes second is told.
    let again = post(&mut browser, &exempt, &own(&fields)).await;
    is_english("exempted again", &again);
    assert!(
        again.words().contains("just exempted by Ann on 9 July 2024"),
        "{}",
        again.words()
    );
    let accept = format!("/s/{}/accept", returned.id);
    let mut asked = browser.get(&accept).await.fields();
    asked.push(("reason".into(), "as agreed by telephone".into()));
    assert_eq!(post(&mut browser, &accept, &asked).await.status, 303);
    let again = post(&mut browser, &accept, &asked).await;
    is_english("accepted again", &again);
    assert!(
        again.words().contains("accepted as it is by Ann"),
        "{}",
        again.words()
    );
    for (path, more) in [
        ("/letters", ("part", "drafts")),
        ("/settings/users", ("name", "")),
        ("/settings/mail", ("address", "")),
        ("/settings/holidays", ("text", "")),
        ("/password", ("old", "x")),
        ("/settings/clock", ("reason", "x")),
        ("/settings/programs/site-inspections/aliases", ("seen", "0")),
    ] {
        let fields = [
            ("token", token.as_str()),
            ("decision", "approve"),
            ("role", "office"),
            ("scope", "all"),
            ("step", "look"),
            ("password", "a"),
            ("again", "b"),
            more,
        ];
        let answer = browser.post(path, &fields).await;
        assert!(answer.status >= 400, "{path}: {}", answer.status);
        is_english(path, &answer);
    }
    let answer = browser.post("/settings/mail", &[("token", "0")]).await;
    is_english("an old token", &answer);
    let log = browser.get("/log").await;
    is_english("/log", &log);
    let words = log.words();
    assert!(
        words.contains("exempted") && words.contains("accepted as it is"),
        "{words}"
    );
    browser.host = Some("elsewhere.example".into());
    is_english("another host", &browser.get("/today").await);
}
