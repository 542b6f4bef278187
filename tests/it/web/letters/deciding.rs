//! Letters that are taken back, and who may decide.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_taken_back_once_from_all_who_got_it() {
    let page = Page::of(site(FIRST_CHASE, |_| {}).await, options()).await;
    let mut first = page.user("李四", Role::Office, &[PROGRAM]).await;
    let mut second = page.office_called("王五").await;
    let went = letters(&page, LetterState::Sent).await;
    let one = went.iter().find(|own| own.addressed.cc.len() == 1).unwrap();
    let path = format!("/letters/{}/withdraw", one.id);
    let letter_page = first.get(&format!("/letters/{}", one.id)).await;
    assert!(plain(&letter_page.text).contains(&path));
    let (mine, others) = (first.get(&path).await, second.get(&path).await);
    for to in one.addressed.to.iter().chain(&one.addressed.cc) {
        assert!(mine.words().contains(&to.address), "{}", mine.words());
    }
    let send = async |browser: &mut Browser, answer: &Answer, reason: &str| {
        let (token, seen) = (browser.token().await, values(answer, "seen").pop().unwrap());
        browser
            .post(&path, &[("token", &token), ("seen", &seen), ("reason", reason)])
            .await
    };
    assert_eq!(send(&mut first, &mine, " ").await.status, 422);
    let long = send(&mut first, &mine, &"长".repeat(201)).await;
    assert!(long.status == 422 && long.text.contains("长长长"));
    assert!(letters(&page, LetterState::Queued).await.is_empty());
    let done = send(&mut first, &mine, &format!("已经报送{CANARY}")).await;
    assert_eq!(done.status, 200, "{}", done.text);
    let withdrawal = letters(&page, LetterState::Queued).await.pop().unwrap();
    assert_eq!(
        (withdrawal.kind, withdrawal.about),
        (Kind::Withdrawal, Some(one.id))
    );
    assert_eq!(withdrawal.addressed, one.addressed);
    assert!(
        done.words().contains(&format!("2024-{:04}", withdrawal.id)),
        "{}",
        done.words()
    );
    assert!(!done.text.contains("<img"), "{}", done.text);
    // Who has to do with the programme sees the withdrawal as well.
    let seen = first.get(&format!("/letters/{}", withdrawal.id)).await;
    assert!(
        seen.status == 200 && seen.words().contains("已经报送<img"),
        "{}",
        seen.words()
    );
    assert!(!seen.text.contains("<img"), "{}", seen.text);
    let told = send(&mut second, &others, "发错了").await;
    assert_eq!(told.status, 409);
    assert!(
        told.words().contains("已有撤销通知") && told.words().contains("发错了"),
        "{}",
        told.words()
    );
    assert_eq!(letters(&page, LetterState::Queued).await.len(), 1);
    // The reason is offered again.
    let next = went.iter().find(|own| own.id != one.id).unwrap();
    let offered = first.get(&format!("/letters/{}/withdraw", next.id)).await;
    assert!(
        plain(&offered.text).contains(&format!("<option value=\"已经报送{CANARY}\"")),
        "{}",
        offered.text
    );
    // A withdrawal itself stays.
    let itself = first.get(&format!("/letters/{}/withdraw", withdrawal.id)).await;
    assert!(!itself.text.contains("name=\"reason\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_decides_who_may_not() {
    let page = closed().await;
    let mut office = page.office().await;
    let by_hand = made(&page, LetterState::ByHand, &[PROGRAM], "甲组").await;
    let sent = made(&page, LetterState::Sent, &[PROGRAM], "乙组").await;
    let drafts = values(&office.get("/letters?part=drafts").await, "letter");
    let hands = values(&office.get("/letters?part=by_hand").await, "letter");
    assert_eq!((drafts.len(), hands.len()), (2, 1));
    let report = draft(&page, Kind::Report).await;
    let seen_of_sent = values(&office.get(&format!("/letters/{sent}/withdraw")).await, "seen")
        .pop()
        .unwrap();
    for (role, approves) in [(Role::Reader, false), (Role::Reviewer, true)] {
        let mut other = page.user(role.as_str(), role, &[]).await;
        let list = other.get("/letters?part=drafts").await;
        assert_eq!(list.text.contains("type=\"checkbox\""), approves, "{role:?}");
        let list = other.get("/letters?part=by_hand").await;
        assert!(
            !list.text.contains("type=\"checkbox\"") && list.words().contains("甲组，请报送"),
            "{role:?}"
        );
        let one = other.get(&format!("/letters/{}", report.id)).await;
        assert_eq!(one.text.contains("name=\"body\""), approves, "{role:?}");
        assert!(
            one.text.contains("class=\"paper\""),
            "everybody sees what will go"
        );
        let sent_page = other.get(&format!("/letters/{sent}")).await;
        assert!(!sent_page.text.contains("/withdraw") && !sent_page.text.contains("&#x2f;withdraw"));
        let withdraw = format!("/letters/{sent}/withdraw");
        assert_eq!(other.get(&withdraw).await.status, 403, "{role:?}");
        let token = other.token().await;
        let fields = [
            ("token", token.as_str()),
            ("seen", &seen_of_sent),
            ("reason", "x"),
        ];
        assert_eq!(other.post(&withdraw, &fields).await.status, 403, "{role:?}");
        assert_eq!(
            press(&mut other, "by_hand", &hands, "done").await.status,
            403,
            "{role:?}"
        );
        // Of what isn't a draft it may not even say that it doesn't go.
        let discarded = press(&mut other, "by_hand", &hands, "discard").await;
        assert_eq!(discarded.status, if approves { 200 } else { 403 });
        assert!(
            !approves || discarded.words().contains("0封不发"),
            "{}",
            discarded.words()
        );
        if !approves {
            assert_eq!(press(&mut other, "drafts", &drafts, "approve").await.status, 403);
            let mut form = Form::of(&mut office, report.id).await;
            form.token = token;
            for decision in ["preview", "approve"] {
                assert_eq!(form.send(&mut other, decision).await.status, 403, "{decision}");
            }
        }
    }
    assert_eq!(letter(&page, by_hand).await.state, LetterState::ByHand);
    assert_eq!(letters(&page, LetterState::Draft).await.len(), 2);
    let mut reviewer = page.user("赵六", Role::Reviewer, &[]).await;
    // Another's token, and none at all.
    let mut form = Form::of(&mut reviewer, report.id).await;
    form.token = office.token().await;
    assert_eq!(form.send(&mut reviewer, "approve").await.status, 403);
    let outcome = press(&mut reviewer, "drafts", &drafts, "approve").await;
    assert!(outcome.words().contains("核准了2封"), "{}", outcome.words());
}
