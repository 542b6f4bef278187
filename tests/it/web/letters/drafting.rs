//! Drafts whose words a person changes.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_goes_with_the_words_that_a_person_gave_it() {
    let page = closed().await;
    let mut browser = page.user("王五", Role::Reviewer, &[]).await;
    let bulletin = draft(&page, Kind::Bulletin).await;
    let mut form = Form::of(&mut browser, bulletin.id).await;
    let from = "尚未报送、退回后尚未更正的单位，请抓紧补报、更正，并向我办说明原因。";
    assert!(form.body.contains(from), "{}", form.body);
    let to = format!("尚未报送的单位，请于12月20日前补报{CANARY}。");
    form.body = form.body.replace(from, &to);
    let before = letter(&page, bulletin.id).await;
    let shown = form.send(&mut browser, "preview").await;
    assert_eq!(shown.status, 200, "{}", shown.text);
    assert!(shown.words().contains("还没有保存"), "{}", shown.words());
    let sheet = |answer: &Answer| {
        let (_, rest) = answer.text.split_once("<article").unwrap();
        rest.split("</article>").next().unwrap().to_owned()
    };
    // As it will go: the new sentence as the letter's own, the rest shaded.
    let own = sheet(&shown);
    let text = plain(&own);
    let mut paragraphs = text.split("<p class=\"");
    let changed = paragraphs
        .find(|part| part.contains(&to))
        .unwrap_or_else(|| panic!("{own}"));
    assert!(
        changed.starts_with("text\">") || changed.starts_with("list\">"),
        "{changed}"
    );
    assert!(!own.contains("<img") && !shown.text.contains("<img"), "{own}");
    assert!(
        own.contains("class=\"title fixed\"") && own.contains("<table class=\"fixed\""),
        "{own}"
    );
    assert!(!own.contains(from));
    assert_eq!(letter(&page, bulletin.id).await, before, "looking keeps nothing");
    assert_eq!(area(&shown, "body"), form.body, "and loses nothing");
    let form = Form::on(&shown, form.path);
    let done = form.send(&mut browser, "approve").await;
    assert_eq!(
        (done.status, done.to()),
        (303, form.path.as_str()),
        "{}",
        done.text
    );
    let now = letter(&page, bulletin.id).await;
    assert!(now.edited && now.state != LetterState::Draft);
    assert_eq!(now.decided_by.as_deref(), Some("王五"));
    assert!(
        now.text.text.contains(&to) && now.text.html.contains("请于12月20日前补报&lt;img"),
        "{}",
        now.text.html
    );
    // It is sent so, and says who changed it.
    page.site.at("2024-12-17T10:00:00+08:00").run().await;
    let sent = page
        .site
        .sent()
        .into_iter()
        .find(|own| own.subject.contains("通报"))
        .unwrap();
    assert!(sent.text.contains(&to), "{}", sent.text);
    let seen = browser.get(&form.path).await;
    assert!(seen.words().contains("王五（改过文字）"), "{}", seen.words());
    assert!(!seen.text.contains("<img"), "{}", seen.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_nobody_touched_are_the_programs_own_when_the_letter_goes() {
    let page = closed().await;
    let mut browser = page.office().await;
    let report = draft(&page, Kind::Report).await;
    let form = Form::of(&mut browser, report.id).await;
    assert!(form.body.contains("9:30"), "{}", form.body);
    // A while later the program would word it with another time.
    page.site.at("2024-12-17T09:45:00+08:00");
    assert_eq!(form.send(&mut browser, "approve").await.status, 303);
    let now = letter(&page, report.id).await;
    assert!(!now.edited && now.state == LetterState::Queued, "{now:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_is_there_again_when_it_is_refused() {
    let page = closed().await;
    let mut first = page.office().await;
    let mut second = page.user("王五", Role::Reviewer, &[]).await;
    let bulletin = draft(&page, Kind::Bulletin).await;
    let mut form = Form::of(&mut second, bulletin.id).await;
    let own = "另据了解，有关单位正在补报。";
    form.body = format!("{}\n{own}", form.body);
    let (subject, body) = (form.subject.clone(), form.body.clone());
    for (subject, body, why) in [
        (String::new(), body.clone(), "标题是空的"),
        (subject.clone(), format!("  \n{}", "\n".repeat(3)), "正文是空的"),
        ("长".repeat(201), body.clone(), "标题最多200个字"),
        (subject.clone(), "长".repeat(20_001), "正文最多20000个字"),
    ] {
        (form.subject, form.body) = (subject, body);
        for decision in ["preview", "approve"] {
            let told = form.send(&mut second, decision).await;
            assert_eq!(told.status, 422, "{why}");
            assert!(told.words().contains(why), "{why}: {}", told.words());
            assert_eq!(values(&told, "subject"), [form.subject.clone()], "{why}");
            assert_eq!(area(&told, "body").trim_end(), form.body.trim_end(), "{why}");
        }
    }
    (form.subject, form.body) = (subject, body);
    assert_eq!(letter(&page, bulletin.id).await, bulletin, "nothing was kept");
    // Another browser approves it first, with words of its own.
    let mut other = Form::of(&mut first, bulletin.id).await;
    other.chat = format!("请转各位：{}", other.chat);
    assert_eq!(other.send(&mut first, "approve").await.status, 303);
    for decision in ["preview", "approve"] {
        let told = form.send(&mut second, decision).await;
        assert_eq!(told.status, 409, "{decision}");
        let words = told.words();
        assert!(words.contains("刚才已由李四处理"), "{words}");
        assert!(words.contains("没有采用") && words.contains(own), "{words}");
        assert!(!told.text.contains("name=\"body\""), "it is a draft no more");
    }
    let now = letter(&page, bulletin.id).await;
    assert!(now.text.chat.starts_with("请转各位：") && !now.text.text.contains(own));
}

#[tokio::test(flavor = "multi_thread")]

async fn a_draft_that_was_settled_meanwhile_goes_to_nobody() {
    let page = closed().await;
    let mut browser = page.office().await;
    let (report, bulletin) = (
        draft(&page, Kind::Report).await,
        draft(&page, Kind::Bulletin).await,
    );
    let mut form = Form::of(&mut browser, report.id).await;
    form.body.push_str("\n请阅示。");
    let list = browser.get("/letters").await;
    assert_eq!(values(&list, "letter").len(), 2);
    let store = &page.own().store;
    let settled = Progress {
        error: Some("发出前事项已了结，没有发出"),
        ..Progress::to(LetterState::Discarded)
    };
    let mut change = store.begin().await.unwrap();
    store
        .set_letter(&mut change, (report.id, LetterState::Draft), &settled)
        .await
        .unwrap();
    change.commit().await.unwrap();
    let told = form.send(&mut browser, "approve").await;
    assert_eq!(told.status, 409);
    let words = told.words();
    assert!(
        words.contains("现在是“不发”") && words.contains("请阅示"),
        "{words}"
    );
    assert!(words.contains("发出前事项已了结"), "{words}");
    // In the list: the other one goes, this one is told.
    let outcomes = press(&mut browser, "drafts", &values(&list, "letter"), "approve").await;
    let words = outcomes.words();
    assert!(words.contains("核准了1封（勾选2封）"), "{words}");
    assert!(words.contains("内容有变，这封信现在是“不发”"), "{words}");
    assert_eq!(letter(&page, report.id).await.state, LetterState::Discarded);
    assert_eq!(letter(&page, bulletin.id).await.state, LetterState::Queued);
    let outbox = browser.get("/letters?part=outbox&state=discarded").await;
    assert!(outbox.words().contains("发出前事项已了结"), "{}", outbox.words());
}
