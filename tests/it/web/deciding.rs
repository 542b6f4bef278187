//! Decisions at the page: what follows is what the plan says, who comes second
//! is told, and nobody decides who may not.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use taizhang::desk::consequence::{Supposed, consequence};
use taizhang::domain::actor::Via;
use taizhang::domain::ids::UnitId;
use taizhang::domain::obligation::Exemption;
use taizhang::domain::period::Period;
use taizhang::jobs::remind::forecast;

use super::*;

const HERE: &str = "/p/wutang-visits/2024-11/exempt";

fn unit(page: &Page, name: &str) -> UnitId {
    let program = page.own().program(PROGRAM).unwrap();
    let found = program.roster.units.iter().find(|own| own.name == name);
    found.unwrap().id.clone()
}

/// The fields of the confirming page, as a browser sends them.
fn fields(answer: &Answer) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for part in answer.text.split("<input type=\"hidden\" name=\"").skip(1) {
        let (name, rest) = part.split_once("\" value=\"").unwrap();
        let value = rest.split('"').next().unwrap();
        found.push((name.to_owned(), value.to_owned()));
    }
    // The first token is that of the form for logging out.
    found.remove(0);
    found
}

async fn send(browser: &mut Browser, fields: &[(String, String)], reason: &str) -> Answer {
    let mut all: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    all.push(("reason", reason));
    browser.post(HERE, &all).await
}

/// Every letter that is to go within a month.
async fn plan(page: &Page) -> BTreeSet<String> {
    let program = page.own().program(PROGRAM).unwrap();
    let until = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
    let all = forecast(page.own(), &program, until, &Supposed::default())
        .await
        .unwrap();
    all.iter()
        .map(|own| format!("{} {} {:?}", own.at, own.kind.as_str(), own.key()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_before_is_what_the_plan_says_after() {
    let page = Page::new().await;
    let mut browser = page.office().await;
    let (one, other) = (unit(&page, "吴垂超"), unit(&page, "林强"));
    let asked = browser
        .get(&format!("{HERE}?unit={one}&unit={other}&undo=false"))
        .await;
    assert_eq!(asked.status, 200, "{}", asked.text);
    let program = page.own().program(PROGRAM).unwrap();
    let supposed = Supposed {
        exempt: [&one, &other]
            .map(|unit| Exemption {
                unit: unit.clone(),
                period: Period::Month(2024, 11),
                reason: "外出学习".into(),
                by: "李四".into(),
                at: page.own().clock.utc(),
            })
            .into(),
        ..Supposed::default()
    };
    let shown = consequence(page.own(), &program, &supposed).await.unwrap();
    assert!(!shown.away.is_empty());
    assert_eq!(
        asked.text.matches("<li>").count(),
        2 + shown.away.len() + shown.come.len()
    );
    let before = plan(&page).await;
    let done = send(&mut browser, &fields(&asked), "外出学习").await;
    assert_eq!(done.status, 200, "{}", done.text);
    assert!(done.words().contains("已免报"), "{}", done.words());
    let after = plan(&page).await;
    assert_eq!(before.difference(&after).count(), shown.away.len());
    assert_eq!(after.difference(&before).count(), shown.come.len());
    let journal = page.own().store.journal().await.unwrap();
    let lines: Vec<_> = journal.iter().filter(|line| line.what == "exempted").collect();
    assert_eq!(lines.len(), 2);
    assert!(
        lines
            .iter()
            .all(|line| line.via == Via::Page && line.by == "李四")
    );
    // And back: the page that says so offers it.
    let undo = browser.get(&format!("{HERE}?unit={one}&undo=true")).await;
    assert!(undo.words().contains("李四"), "who exempted it: {}", undo.words());
    let undone = send(&mut browser, &fields(&undo), "提前回来").await;
    assert!(undone.words().contains("已取消免报"), "{}", undone.words());
    let now = plan(&page).await;
    let shown = undo.text.matches("<li>").count() - 1;
    let changed = now.symmetric_difference(&after).count();
    assert_eq!(shown, changed, "{}", undo.words());
    // What was due before isn't made up for: it is said that it owes after all.
    let own = format!("subject: \"{one}\"");
    let of_one = |all: &BTreeSet<String>| all.iter().filter(|line| line.contains(&own)).count();
    assert_eq!(of_one(&now), of_one(&before));
    let period = browser.get("/p/wutang-visits/2024-11").await;
    assert!(period.words().contains("免报 1"), "{}", period.words());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_browsers_one_decides_and_the_other_is_told() {
    let page = Page::new().await;
    let (mut first, mut second) = (page.office().await, page.user("王五", Role::Office, &[]).await);
    let one = unit(&page, "吴垂超");
    let asked = format!("{HERE}?unit={one}&undo=false");
    let (a, b) = (first.get(&asked).await, second.get(&asked).await);
    assert!(
        send(&mut first, &fields(&a), "外出学习")
            .await
            .words()
            .contains("已免报")
    );
    let told = send(&mut second, &fields(&b), "住院").await;
    let words = told.words();
    assert!(
        words.contains("刚才已由李四于") && words.contains("外出学习"),
        "{words}"
    );
    assert!(words.contains("住院"), "its own words are kept: {words}");
    let known = page
        .own()
        .store
        .exemptions(&PROGRAM.parse().unwrap(), &Period::Month(2024, 11))
        .await
        .unwrap();
    assert_eq!(known.len(), 1);
    assert_eq!(known[0].reason, "外出学习");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_decides_who_may_not_or_without_a_reason() {
    let page = Page::new().await;
    let mut office = page.office().await;
    let one = unit(&page, "吴垂超");
    let asked = format!("{HERE}?unit={one}&undo=false");
    let form = fields(&office.get(&asked).await);
    for role in [Role::Reviewer, Role::Reader] {
        let mut other = page.user(role.as_str(), role, &[]).await;
        assert_eq!(other.get(&asked).await.status, 403, "{role:?}");
        let mut own = form.clone();
        own[0].1 = other.token().await;
        assert_eq!(send(&mut other, &own, "x").await.status, 403, "{role:?}");
        let seen = other.get("/p/wutang-visits/2024-11").await;
        assert!(!seen.text.contains("type=\"checkbox\""), "{role:?}");
    }
    let mut stranger = page.user("别处", Role::Office, &[]).await;
    // Another's form, nothing ticked, no reason, too much of one, a unit that isn't.
    assert_eq!(send(&mut stranger, &form, "x").await.status, 403);
    assert_eq!(send(&mut office, &form[..2], "x").await.status, 422);
    assert_eq!(send(&mut office, &form, " ").await.status, 422);
    assert_eq!(send(&mut office, &form, &"长".repeat(201)).await.status, 422);
    let mut wrong = form.clone();
    wrong
        .iter_mut()
        .filter(|(name, _)| name == "unit")
        .for_each(|own| own.1 = "U999".into());
    assert_eq!(send(&mut office, &wrong, "x").await.status, 422);
    let journal = page.own().store.journal().await.unwrap();
    assert!(journal.iter().all(|line| line.what != "exempted"));
}
