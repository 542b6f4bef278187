//! Lists hold what they count, page after page, and nothing of others.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_are_those_of_what_is_listed_and_others_programmes_leave_no_trace() {
    let both = [PROGRAM, "qianshui-tasks"];
    let site = TestSite::shipped(&both, "乌塘挂点台账", crate::harness::MORNING, |_| {}).await;
    let page = Page::of(site, options()).await;
    let mut all = page.office().await;
    let mut one = page.user("王五", Role::Office, &[PROGRAM]).await;
    let mine = made(&page, LetterState::Draft, &[PROGRAM], "甲组").await;
    let shared = made(&page, LetterState::Draft, &both, "乙组").await;
    let others = made(&page, LetterState::Sent, &["qianshui-tasks"], "丙组").await;
    made(&page, LetterState::Sent, &[PROGRAM], "丁组").await;
    let by_hand = made(&page, LetterState::ByHand, &both, "戊组").await;
    for (browser, drafts, sent, names) in [
        (
            &mut all,
            2,
            2,
            ["甲组", "乙组", "丙组", "丁组", "戊组"].as_slice(),
        ),
        (&mut one, 1, 1, &["甲组", "丁组"]),
    ] {
        let list = browser.get("/letters").await;
        assert_eq!((count(&list, "待核准"), rows(&list, "waiting")), (drafts, drafts));
        let outbox = browser.get("/letters?part=outbox").await;
        assert_eq!(count(&outbox, "发件箱"), rows(&outbox, "outbox"));
        assert_eq!(count(&outbox, "全部"), names.len(), "{}", outbox.words());
        assert_eq!(count(&outbox, "已发出"), sent);
        let own = browser.get("/letters?part=outbox&state=sent").await;
        assert_eq!(rows(&own, "outbox"), sent);
        let hand = browser.get("/letters?part=by_hand").await;
        assert_eq!(count(&hand, "待人工送达"), rows(&hand, "waiting"));
        for name in ["甲组", "乙组", "丙组", "丁组", "戊组"] {
            let listed = outbox.text.contains(name);
            assert_eq!(listed, names.contains(&name), "{name}");
        }
    }
    let nobodys = one.get("/letters/999").await;
    for id in [shared, others, by_hand] {
        for path in [format!("/letters/{id}"), format!("/letters/{id}/withdraw")] {
            let answer = one.get(&path).await;
            assert_eq!((answer.status, &answer.text), (404, &nobodys.text), "{path}");
        }
    }
    // Nor does a tick reach it; the one beside it stays as it was.
    let list = all.get("/letters?part=drafts").await;
    let ticked = values(&list, "letter");
    assert_eq!(ticked.len(), 2);
    assert_eq!(press(&mut one, "drafts", &ticked, "approve").await.status, 404);
    for id in [mine, shared] {
        assert_eq!(letter(&page, id).await.state, LetterState::Draft);
    }
    let today = one.get("/today").await;
    assert!(
        today.text.contains("甲组") && !today.text.contains("乙组"),
        "{}",
        today.words()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_or_is_uncertain_says_so_and_can_be_decided() {
    let page = Page::new().await;
    let mut browser = page.office().await;
    let failed = made(&page, LetterState::Failed, &[PROGRAM], "甲组").await;
    let uncertain = made(&page, LetterState::Uncertain, &[PROGRAM], "乙组").await;
    let store = &page.own().store;
    let mut change = store.begin().await.unwrap();
    let error = format!("550 没有这个邮箱 {CANARY}");
    for (id, state) in [(failed, LetterState::Failed), (uncertain, LetterState::Uncertain)] {
        let now = Progress {
            error: Some(&error),
            ..Progress::to(state)
        };
        store.set_letter(&mut change, (id, state), &now).await.unwrap();
    }
    change.commit().await.unwrap();
    let outbox = browser.get("/letters").await;
    assert_eq!(
        count(&outbox, "发件箱"),
        2,
        "where nothing waits, the outbox comes first"
    );
    for (state, id, buttons) in [
        ("failed", failed, ["retry", "discard"]),
        ("uncertain", uncertain, ["done", "retry"]),
    ] {
        let list = browser.get(&format!("/letters?part=outbox&state={state}")).await;
        assert_eq!(rows(&list, "outbox"), 1);
        assert!(list.words().contains(&error), "{}", list.words());
        assert!(!list.text.contains("<img"));
        let one = browser.get(&format!("/letters/{id}")).await;
        assert_eq!(values(&one, "decision"), buttons);
        assert!(!one.text.contains("<img"), "{}", one.text);
    }
    // A letter whose outcome nobody knows may be taken back; one that failed went to nobody.
    let uncertain = browser.get(&format!("/letters/{uncertain}/withdraw")).await;
    assert!(uncertain.words().contains("a@wutang.example"));
    let failed = browser.get(&format!("/letters/{failed}/withdraw")).await;
    assert!(
        failed.words().contains("没有发出，不用撤回"),
        "{}",
        failed.words()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_go_on_from_page_to_page_without_a_letter_twice_or_never() {
    let page = Page::new().await;
    let mut browser = page.office().await;
    for n in 0..250 {
        let state = if n % 2 == 0 {
            LetterState::Sent
        } else {
            LetterState::Queued
        };
        made(&page, state, &[PROGRAM], &format!("第{n}组")).await;
    }
    for n in 0..201 {
        made(&page, LetterState::Draft, &[PROGRAM], &format!("草{n}组")).await;
    }
    let seen = async |browser: &mut Browser, first: &str, table: &str| {
        let (mut path, mut sizes, mut found) = (Some(first.to_owned()), Vec::new(), Vec::new());
        while let Some(own) = path {
            let answer = browser.get(&own).await;
            assert_eq!(answer.status, 200, "{own}");
            sizes.push(rows(&answer, table));
            let text = plain(&answer.text);
            let numbers = text.split("href=\"/letters/").skip(1);
            found.extend(numbers.map(|part| part.split('"').next().unwrap().to_owned()));
            let more = text.split("<a href=\"").find(|part| part.contains("beyond="));
            path = more.map(|part| part.split('"').next().unwrap().to_owned());
        }
        let all: BTreeSet<String> = found.iter().cloned().collect();
        assert_eq!(all.len(), found.len(), "none twice");
        sizes
    };
    assert_eq!(
        seen(&mut browser, "/letters?part=outbox", "outbox").await,
        [200, 200, 51]
    );
    assert_eq!(
        seen(&mut browser, "/letters?part=outbox&state=sent", "outbox").await,
        [125]
    );
    assert_eq!(
        seen(&mut browser, "/letters?part=drafts", "waiting").await,
        [200, 1]
    );
    let newest = browser.get("/letters?part=outbox").await.words();
    assert!(
        newest.contains("草200组") && !newest.contains("第0组"),
        "{newest}"
    );
    for path in [
        "/letters?part=nothing",
        "/letters?part=outbox&state=lost",
        "/letters?part=calendar&page=99",
    ] {
        assert_eq!(browser.get(path).await.status, 200, "{path}");
    }
    let many: Vec<String> = (1..=201).map(|id| format!("{id}:x")).collect();
    assert_eq!(press(&mut browser, "drafts", &many, "approve").await.status, 422);
    for ticked in [vec![], vec!["x".to_owned()], vec!["1".to_owned()]] {
        assert_eq!(
            press(&mut browser, "drafts", &ticked, "approve").await.status,
            422
        );
    }
}
