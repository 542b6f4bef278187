//! Items of a register at the page: how they stand, and who leads them.

use taizhang::domain::actor::Via;

use super::*;

const HERE: &str = "/p/hengli-tasks/2018-Q4";

async fn page() -> Page {
    let now = "2018-12-29T10:00:00+08:00";
    let site = TestSite::of("hengli-tasks", "横沥乡村振兴台账", now).await;
    Page::of(site, options()).await
}

/// The fields of the form that decides.
fn fields(asked: &Answer) -> Vec<(String, String)> {
    let mut own = asked.fields();
    let form = own.iter().rposition(|(name, _)| name == "token").unwrap();
    own.split_off(form)
}

async fn send(browser: &mut Browser, asked: &Answer, reason: &str) -> Answer {
    let mut own = fields(asked);
    own.push(("reason".into(), reason.into()));
    let own: Vec<(&str, &str)> = own.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    browser.post(&format!("{HERE}/assign"), &own).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_gets_its_lead_and_of_two_who_name_one_the_second_is_told() {
    let page = page().await;
    let (mut first, mut second) = (page.office().await, page.user("王五", Role::Office, &[]).await);
    let items = first.get(&format!("{HERE}?by=items")).await;
    assert_eq!(items.status, 200);
    assert!(items.text.contains("form=\"assign\""), "{}", items.text);
    let ask = |lead: &str| format!("{HERE}/assign?item=2&lead={lead}");
    for (path, status, says) in [
        (format!("{HERE}/assign?item=nonsense"), 404, ""),
        (ask("张三丰办公室"), 422, "张三丰办公室"),
    ] {
        let told = first.get(&path).await;
        assert_eq!(told.status, status, "{path}");
        assert!(told.words().contains(says), "{}", told.words());
    }
    let (a, b) = (
        first.get(&ask("法制办")).await,
        second.get(&ask("农林水务局")).await,
    );
    assert_eq!((a.status, b.status), (200, 200), "{} {}", a.words(), b.words());
    assert_eq!(send(&mut first, &a, " ").await.status, 422);
    let done = send(&mut first, &a, "镇长办公会议定").await;
    assert_eq!(done.status, 303, "{}", done.words());
    let told = send(&mut second, &b, "书记指示").await;
    assert_eq!(told.status, 422);
    let words = told.words();
    assert!(
        words.contains("刚才已由李四于") && words.contains("镇长办公会议定"),
        "{words}"
    );
    assert!(told.text.contains("书记指示"), "what was written is kept");
    let journal = page.own().store.journal().await.unwrap();
    let lines: Vec<_> = journal.iter().filter(|line| line.what == "assigned").collect();
    assert_eq!((lines.len(), lines[0].via), (1, Via::Page));
    let words = first.get(&ask("农林水务局")).await.words();
    assert!(words.contains("现由法制办"), "{words}");
    // Who only looks sees the items and no button.
    let mut reader = page.user("赵六", Role::Reader, &[]).await;
    assert!(
        !reader
            .get(&format!("{HERE}?by=items"))
            .await
            .text
            .contains("form=\"assign\"")
    );
    assert_eq!(reader.get(&ask("法制办")).await.status, 403);
}
