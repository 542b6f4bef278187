//! On, off, from trial to work.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use taizhang::desk::consequence::Supposed;
use taizhang::jobs::remind::forecast;

use super::*;
use crate::harness::MORNING;

const TRIAL: &str = "xinhui-meetings";

async fn both() -> Page {
    let site = TestSite::shipped(&[PROGRAM, TRIAL], "乌塘挂点台账", MORNING, |_| {}).await;
    Page::of(site, options()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_ends_by_one_word_of_its_definition() {
    let page = both().await;
    page.site.run().await;
    let trial = TRIAL.parse().unwrap();
    let began = page.own().store.trial_began(&trial).await.unwrap();
    assert!(began.is_some());
    let (mut first, mut second) = (
        page.office().await,
        page.user("王五", Role::Office, &[TRIAL]).await,
    );
    let all = first.get("/settings").await.words();
    assert!(all.contains("◐ 试运行") && all.contains("● 正式运行"), "{all}");
    let here = format!("/settings/programs/{TRIAL}");
    let one = first.get(&here).await.words();
    assert!(
        one.contains("写法没有问题") && one.contains("转为正式运行"),
        "{one}"
    );
    let path = format!("{here}/switch");
    let (a, b) = (
        first.get(&format!("{path}?to=live")).await,
        second.get(&format!("{path}?to=live")).await,
    );
    assert_eq!(a.status, 200, "{}", a.text);
    let definition = file(&page, TRIAL, "program.toml");
    let before = fs::read_to_string(&definition).unwrap();
    let none = send(&mut first, &path, &fields(&a), &[("reason", " ")]).await;
    assert_eq!(none.status, 422);
    assert!(none.words().contains("请写理由"));
    let done = send(
        &mut first,
        &path,
        &fields(&a),
        &[("reason", "试了一期，没有问题")],
    )
    .await;
    assert_eq!((done.status, done.to()), (303, here.as_str()), "{}", done.text);
    let after = fs::read_to_string(&definition).unwrap();
    assert_eq!(after, before.replace("\ntrial = true\n", "\ntrial = false\n"));
    assert_ne!(after, before);
    assert!(!page.own().program(TRIAL).unwrap().ladder.trial);
    let told = send(&mut second, &path, &fields(&b), &[("reason", "同意")]).await;
    assert_eq!(told.status, 409);
    assert!(told.words().contains("已经在正式运行"), "{}", told.words());
    let line = last(&page, "program-live").await.unwrap();
    assert_eq!(
        (line.by.as_str(), line.detail.as_str()),
        ("李四", "试了一期，没有问题")
    );
    // The daemon's next round records the go-live.
    page.site.run().await;
    let began = page.own().store.trial_began(&trial).await.unwrap();
    assert_eq!(began, None);
}

/// Every letter of a programme that is to go within a month.
async fn plan(page: &Page, id: &str) -> BTreeSet<String> {
    let Some(program) = page.own().program(id) else {
        return BTreeSet::new();
    };
    let until = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
    let all = forecast(page.own(), &program, until, &Supposed::default())
        .await
        .unwrap();
    all.iter()
        .map(|own| format!("{} {:?}", own.at, own.key()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn off_and_on_again_with_what_follows() {
    let page = both().await;
    let (mut first, mut second) = (page.office().await, page.user("王五", Role::Office, &[]).await);
    let path = format!("{HERE}/switch");
    let before = plan(&page, PROGRAM).await;
    assert!(!before.is_empty());
    let off = first.get(&format!("{path}?to=off")).await;
    let away = off.words();
    assert!(
        away.contains(&format!("{}封信不再发", before.len())),
        "{} {away}",
        before.len()
    );
    let b = second.get(&format!("{path}?to=off")).await;
    assert_eq!(first.get(&format!("{path}?to=on")).await.status, 409, "it is on");
    let done = send(&mut first, &path, &fields(&off), &[("reason", "年度已结束")]).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert!(page.own().program(PROGRAM).is_none());
    assert_eq!(first.get("/p/wutang-visits").await.status, 404);
    assert!(!first.get("/today").await.words().contains("乌塘镇领导挂点"));
    let told = send(&mut second, &path, &fields(&b), &[("reason", "x")]).await;
    assert_eq!(told.status, 409);
    assert!(told.words().contains("本来就没有启用"), "{}", told.words());
    // A site that is opened anew knows, whatever config.toml says.
    let again = crate::harness::open(page.site.root(), MORNING).await;
    assert!(again.program(PROGRAM).is_none() && again.program(TRIAL).is_some());
    drop(again);
    let listed = first.get("/settings").await.words();
    assert!(listed.contains("○ 停用"), "{listed}");
    // Its roster can be kept meanwhile.
    assert_eq!(first.get(&format!("{HERE}/roster")).await.status, 200);
    let on = first.get(&format!("{path}?to=on")).await;
    assert!(
        on.words().contains(&format!("{}封信要发", before.len())),
        "{}",
        on.words()
    );
    let done = send(&mut first, &path, &fields(&on), &[("reason", "新年度")]).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(plan(&page, PROGRAM).await, before);
    let config = fs::read_to_string(page.site.root().join("config.toml")).unwrap();
    assert!(
        config.contains("enabled = []"),
        "the configuration stays as it was"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_faulty_definition_is_named_and_not_switched_on() {
    let page = both().await;
    let mut browser = page.office().await;
    let off = browser.get(&format!("{HERE}/switch?to=off")).await;
    send(
        &mut browser,
        &format!("{HERE}/switch"),
        &fields(&off),
        &[("reason", "x")],
    )
    .await;
    let definition = file(&page, PROGRAM, "program.toml");
    let text = fs::read_to_string(&definition).unwrap();
    fs::write(&definition, text.replace("kind = \"log\"", "kind = \"lgo\"")).unwrap();
    let one = browser.get(HERE).await;
    assert!(
        one.words().contains("program.toml 第") && !one.words().contains("写法没有问题"),
        "{}",
        one.words()
    );
    let root = page.site.root().to_str().unwrap();
    assert!(!one.text.contains(root), "no place of this machine");
    assert!(!one.text.contains("to=on"), "{}", one.text);
    assert_eq!(browser.get(&format!("{HERE}/switch?to=on")).await.status, 409);
    let all = browser.get("/settings").await.words();
    assert!(all.contains("处要改"), "{all}");
}
