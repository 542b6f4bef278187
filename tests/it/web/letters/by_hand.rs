//! Texts for who has no address.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_text_for_who_has_no_address_is_one_click_away_and_several_are_done_at_once() {
    // Three clerks and the head of one unit have no address.
    let without = [
        ("liaison03@wutang.example", ""),
        ("liaison05@wutang.example", ""),
        ("liaison07@wutang.example", ""),
        ("head11@wutang.example", ""),
    ];
    let page = Page::of(site(FIRST_CHASE, roster(&without)).await, options()).await;
    let mut browser = page.office().await;
    let by_hand = letters(&page, LetterState::ByHand).await;
    assert_eq!(by_hand.len(), 3);
    let today = plain(&browser.get("/today").await.text);
    for letter in &by_hand {
        assert!(
            today.contains(&format!("/letters?part=by_hand#l{}", letter.id)),
            "{today}"
        );
    }
    let list = browser.get("/letters?part=by_hand").await;
    for letter in &by_hand {
        assert!(list.text.contains(&format!("id=\"l{}\"", letter.id)));
        let text = format!("id=\"t{}\">{}</p>", letter.id, letter.text.chat);
        assert!(plain(&list.text).contains(&text), "{}", list.text);
        assert!(
            list.text
                .contains(&format!("data-copy=\"t{}\" hidden", letter.id))
        );
    }
    // A copy by hand is a line of its own, counted, and nothing to be ticked.
    assert_eq!((rows(&list, "waiting"), rows(&list, "copies")), (3, 1));
    assert_eq!(count(&list, "待人工送达"), 4);
    assert!(list.words().contains("庞兴挂点组负责人"), "{}", list.words());
    assert_eq!(
        list.text.matches("name=\"token\"").count(),
        2,
        "one for logging out, one for the table"
    );
    let ticked = values(&list, "letter");
    assert_eq!(ticked.len(), 3);
    // One of them is done by command meanwhile.
    decide(page.own(), &crate::by(), by_hand[1].id, &Decision::Done)
        .await
        .unwrap();
    let done = press(&mut browser, "by_hand", &ticked, "done").await;
    assert_eq!(done.status, 200, "{}", done.text);
    let words = done.words();
    assert!(words.contains("2封已送达（勾选3封）"), "{words}");
    assert_eq!(words.matches("没有办").count(), 1, "{words}");
    assert!(words.contains("刚才已由"), "{words}");
    assert_eq!(letters(&page, LetterState::ByHand).await.len(), 0);
    let journal = page.own().store.journal().await.unwrap();
    assert_eq!(
        journal.iter().filter(|line| line.what == "letter-done").count(),
        3
    );
    // Pressed again, nothing happens twice.
    let again = press(&mut browser, "by_hand", &ticked, "done").await;
    assert!(
        again.words().contains("0封已送达（勾选3封）"),
        "{}",
        again.words()
    );
    // Once the ledger is there, nobody is told that it is missing.
    page.site.drop_sample("庞 兴11月台账.xlsx", "庞兴").run().await;
    let list = browser.get("/letters?part=by_hand").await;
    assert_eq!(rows(&list, "copies"), 0, "{}", list.words());
    // But that it is, who was to hear of the chase.
    assert_eq!((count(&list, "待人工送达"), rows(&list, "waiting")), (1, 1));
    assert!(list.words().contains("补报情况告知"), "{}", list.words());
}
