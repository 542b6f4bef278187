//! Decisions at the page: what follows is what the plan says, who comes second
//! is told, and nobody decides who may not.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use taizhang::desk::consequence::{Supposed, consequence};
use taizhang::domain::actor::Via;
use taizhang::domain::ids::UnitId;
use taizhang::domain::ladder::Kind;
use taizhang::domain::letters::LetterState;
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
    let shown = consequence(page.own(), (&program, &program), &supposed)
        .await
        .unwrap();
    assert!(!shown.away.is_empty());
    assert_eq!(
        asked.text.matches("<li>").count(),
        2 + shown.away.len() + shown.come.len()
    );
    let before = plan(&page).await;
    let done = send(&mut browser, &asked.fields(), "外出学习").await;
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
    let undone = send(&mut browser, &undo.fields(), "提前回来").await;
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
        send(&mut first, &a.fields(), "外出学习")
            .await
            .words()
            .contains("已免报")
    );
    let told = send(&mut second, &b.fields(), "住院").await;
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
    // An exemption that was given another reason isn't the one that was to be undone.
    let undo = first.get(&format!("{HERE}?unit={one}&undo=true")).await;
    let anew = second.get(&asked).await;
    assert!(
        send(&mut second, &anew.fields(), "住院")
            .await
            .words()
            .contains("已免报")
    );
    let told = send(&mut first, &undo.fields(), "提前回来").await.words();
    assert!(told.contains("刚才已由王五于") && told.contains("住院"), "{told}");
    let undo = first.get(&format!("{HERE}?unit={one}&undo=true")).await;
    assert!(
        send(&mut first, &undo.fields(), "提前回来")
            .await
            .words()
            .contains("已取消免报")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_decides_who_may_not_or_without_a_reason() {
    let page = Page::new().await;
    let mut office = page.office().await;
    let one = unit(&page, "吴垂超");
    let asked = format!("{HERE}?unit={one}&undo=false");
    let form = office.get(&asked).await.fields();
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

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_two_decide_goes_once_and_the_other_is_told() {
    let site = TestSite::with(|_| {}).await;
    for (name, bytes) in crate::harness::samples().into_iter().take(3) {
        site.drop_file(&name, bytes);
    }
    site.run().await;
    // The period closes: report and bulletin are drafts.
    site.at("2024-12-17T09:30:00+08:00").run().await;
    let page = Page::of(site, options()).await;
    let (mut first, mut second) = (page.office().await, page.user("王五", Role::Reviewer, &[]).await);
    let letters = page.own().store.letters(&[LetterState::Draft]).await.unwrap();
    let draft = letters.iter().find(|own| own.kind == Kind::Report).unwrap();
    let path = format!("/letters/{}", draft.id);
    let today = first.get("/today").await;
    assert!(
        today.text.contains(&path.replace('/', "&#x2f;")),
        "{}",
        today.text
    );
    let (a, b) = (first.get(&path).await, second.get(&path).await);
    assert!(a.words().contains(&draft.text.subject), "{}", a.words());
    let press = |answer: &Answer, decision: &str| {
        let mut own = answer.fields();
        own.push(("decision".into(), decision.into()));
        own
    };
    let send = async |browser: &mut Browser, own: Vec<(String, String)>| {
        let own: Vec<(&str, &str)> = own.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        browser.post(&path, &own).await
    };
    assert_eq!(send(&mut first, press(&a, "approve")).await.to(), path);
    let told = send(&mut second, press(&b, "discard")).await;
    assert_eq!(told.status, 409);
    assert!(told.words().contains("刚才已由李四处理"), "{}", told.words());
    let now = page.own().store.letter(draft.id).await.unwrap().unwrap();
    assert!(
        now.state != LetterState::Draft && now.state != LetterState::Discarded,
        "{:?}",
        now.state
    );
    // Who only looks has no button, and may not press one.
    let bulletin = letters.iter().find(|own| own.kind == Kind::Bulletin).unwrap();
    let path = format!("/letters/{}", bulletin.id);
    let mut reader = page.user("赵六", Role::Reader, &[]).await;
    let seen = reader.get(&path).await;
    assert_eq!(seen.status, 200);
    assert!(!seen.text.contains("name=\"decision\""));
    let token = reader.token().await;
    let forced = [("token", token.as_str()), ("seen", "x"), ("decision", "approve")];
    assert_eq!(reader.post(&path, &forced).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_unit_gets_more_time_and_a_whole_period_does() {
    let page = Page::new().await;
    let (mut browser, mut second) = (page.office().await, page.user("王五", Role::Office, &[]).await);
    let one = unit(&page, "林强");
    let here = "/p/wutang-visits/2024-11/extend";
    assert_eq!(
        browser.get(&format!("{here}?to=2024-12-10")).await.status,
        422,
        "nothing ticked"
    );
    for (day, says) in [
        ("2024-12-04", "不能用"),
        ("2024-12-20", "不能晚于关期"),
        ("十二月", "不是日期"),
    ] {
        let told = browser.get(&format!("{here}?unit={one}&to={day}")).await;
        assert_eq!(told.status, 422, "{day}");
        assert!(told.words().contains(says), "{}", told.words());
        assert!(!told.text.contains("name=\"reason\""), "nothing to decide on");
    }
    let asked = format!("{here}?unit={one}&to=2024-12-10");
    let (a, b) = (browser.get(&asked).await, second.get(&asked).await);
    let words = a.words();
    assert!(words.contains("12月10日 17:30（星期二）"), "{words}");
    let before = plan(&page).await;
    let send = async |browser: &mut Browser, asked: &Answer, reason: &str| {
        // The form that asks for the day comes first.
        let mut own = asked.fields();
        let form = own.iter().rposition(|(name, _)| name == "token").unwrap();
        let mut own = own.split_off(form);
        own.push(("reason".into(), reason.into()));
        let own: Vec<(&str, &str)> = own.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        browser.post(here, &own).await
    };
    assert_eq!(send(&mut browser, &a, " ").await.status, 422);
    let done = send(&mut browser, &a, "下乡抗旱").await;
    assert!(done.words().contains("延到2024-12-10"), "{}", done.words());
    let after = plan(&page).await;
    let said = |words: &str, then: &BTreeSet<String>, now: &BTreeSet<String>| {
        let (away, come) = (then.difference(now).count(), now.difference(then).count());
        assert!(away + come > 0);
        assert!(
            away == 0 || words.contains(&format!("{away}封信不再发")),
            "{away}: {words}"
        );
        assert!(
            come == 0 || words.contains(&format!("{come}封信要发")),
            "{come}: {words}"
        );
    };
    said(&words, &before, &after);
    // The other looked at it before: it is told, and has changed nothing.
    let told = send(&mut second, &b, "寒潮").await.words();
    assert!(
        told.contains("刚才已由李四于") && told.contains("下乡抗旱"),
        "{told}"
    );
    let journal = page.own().store.journal().await.unwrap();
    let lines: Vec<_> = journal.iter().filter(|line| line.what == "extended").collect();
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0].via, lines[0].unit.as_ref()), (Via::Page, Some(&one)));
    // All of them.
    let asked = browser.get(&format!("{here}?all=true&to=2024-12-12")).await;
    let words = asked.words();
    assert!(words.contains("全部单位的截止时间一起延后"), "{words}");
    let before = plan(&page).await;
    assert_eq!(send(&mut browser, &asked, "寒潮").await.status, 200);
    said(&words, &before, &plan(&page).await);
    let period = browser.get("/p/wutang-visits/2024-11").await.words();
    assert!(period.contains("12月12日 17:30"), "{period}");
    let mut reviewer = page.user("孙七", Role::Reviewer, &[]).await;
    assert_eq!(reviewer.get(&format!("{here}?all=true")).await.status, 403);
}
