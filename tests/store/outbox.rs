//! Letters on their way, and what is taken back.

mod lists;

use std::collections::BTreeSet;

use taizhang::domain::ids::{LetterId, NoticeId};
use taizhang::domain::ladder::{Kind, Role};
use taizhang::domain::letters::{
    Addressed, Letter, LetterState, LetterText, NewLetter, NoticeRecord, NoticeState, Progress,
};
use taizhang::domain::notices::Recipient;

use crate::letters::notice;
use crate::{ONE, OTHER, Own, at, opened, period, unit};

fn person(id: &str) -> Recipient {
    Recipient {
        role: Role::Head,
        name: format!("{id}主任"),
        unit: String::new(),
        person: String::new(),
        address: format!("{id}@wutang.example"),
        key: format!("{id}@wutang.example"),
        id: id.into(),
    }
}

fn new(state: LetterState, hour: u32, to: &str) -> NewLetter {
    NewLetter {
        kind: Kind::SecondChase,
        state,
        addressed: Addressed {
            to: vec![person(to)],
            cc: Vec::new(),
        },
        day: at(6, hour).date_naive(),
        created: at(6, hour),
        not_before: at(6, hour),
        about: None,
        reason: None,
        programs: BTreeSet::new(),
    }
}

async fn post(own: &Own, new: &NewLetter) -> LetterId {
    let mut change = own.change().await;
    let id = own.store.add_letter(&mut change, new).await.unwrap();
    change.commit().await.unwrap();
    id
}

async fn set(own: &Own, id: LetterId, from: LetterState, now: &Progress<'_>) -> bool {
    let mut change = own.change().await;
    let won = own.store.set_letter(&mut change, (id, from), now).await.unwrap();
    change.commit().await.unwrap();
    won
}

async fn due(own: &Own, hour: u32, most: u32) -> Vec<LetterId> {
    let mut change = own.change().await;
    let letters = own
        .store
        .letters_to_send(&mut change, at(6, hour), most)
        .await
        .unwrap();
    change.roll_back().await.unwrap();
    letters.iter().map(|own| own.id).collect()
}

async fn found(own: &Own, id: LetterId) -> Letter {
    own.store.letter(id).await.unwrap().unwrap()
}

/// Gathers notices of a programme into a letter.
async fn gathered(own: &Own, program: &str, kind: Kind, id: LetterId) {
    let mut change = own.change().await;
    let mut about = notice(program, "U01", "step");
    (about.kind, about.body.to) = (kind, Some(person("甲")));
    own.store
        .add_notices(&mut change, std::slice::from_ref(&about))
        .await
        .unwrap();
    let waiting = own.store.notices_without_letter(&mut change).await.unwrap();
    let ids: Vec<NoticeId> = waiting.iter().map(|own| own.id).collect();
    own.store.put_into_letter(&mut change, &ids, id).await.unwrap();
    change.commit().await.unwrap();
}

#[tokio::test]
async fn what_is_queued_goes_when_its_time_has_come_the_oldest_first() {
    let own = opened().await;
    let second = post(&own, &new(LetterState::Queued, 3, "甲")).await;
    let first = post(&own, &new(LetterState::Queued, 1, "乙")).await;
    post(&own, &new(LetterState::Draft, 1, "丙")).await;
    post(&own, &new(LetterState::ByHand, 1, "丁")).await;
    assert_eq!(due(&own, 0, 10).await, []);
    assert_eq!(due(&own, 1, 10).await, [first]);
    assert_eq!(
        due(&own, 4, 10).await.into_iter().collect::<BTreeSet<_>>(),
        [first, second].into()
    );
    assert_eq!(due(&own, 4, 1).await.len(), 1);
    assert_eq!(own.store.next_letter().await.unwrap(), Some(at(6, 1)));
}

#[tokio::test]
async fn a_letter_is_handed_over_once_whoever_tries() {
    let own = opened().await;
    let id = post(&own, &new(LetterState::Queued, 1, "甲")).await;
    let letter = found(&own, id).await;
    let text = LetterText {
        subject: "催报通知".into(),
        ..LetterText::default()
    };
    let mut change = own.change().await;
    let attempting = own
        .store
        .set_attempting(&mut change, &letter, &text, "1@wutang", at(6, 2));
    assert!(attempting.await.unwrap());
    let again = own
        .store
        .set_attempting(&mut change, &letter, &text, "1@wutang", at(6, 2));
    assert!(!again.await.unwrap(), "it is on its way");
    change.commit().await.unwrap();
    let now = found(&own, id).await;
    assert_eq!((now.state, now.attempts), (LetterState::Attempting, 1));
    assert_eq!(now.text.subject, "催报通知");
    assert_eq!(due(&own, 9, 10).await, []);
    assert_eq!(own.store.handed_over_since(at(6, 0)).await.unwrap(), 1);
    assert_eq!(own.store.handed_over_since(at(7, 0)).await.unwrap(), 0);
}

#[tokio::test]
async fn what_was_never_handed_over_waits_again_and_no_other_does() {
    let own = opened().await;
    let (kept, drawn) = (
        post(&own, &new(LetterState::Attempting, 1, "甲")).await,
        post(&own, &new(LetterState::Draft, 1, "乙")).await,
    );
    own.store.requeue_attempting(&[kept, drawn]).await.unwrap();
    assert_eq!(found(&own, kept).await.state, LetterState::Queued);
    assert_eq!(found(&own, drawn).await.state, LetterState::Draft);
}

#[tokio::test]
async fn a_silent_server_puts_off_all_that_is_due_and_says_why() {
    let own = opened().await;
    let now = post(&own, &new(LetterState::Queued, 1, "甲")).await;
    let later = post(&own, &new(LetterState::Queued, 8, "乙")).await;
    let mut change = own.change().await;
    own.store
        .put_off_letters(&mut change, at(6, 2), at(6, 7), "没有答复")
        .await
        .unwrap();
    change.commit().await.unwrap();
    assert_eq!(due(&own, 6, 10).await, []);
    assert_eq!(due(&own, 7, 10).await, [now]);
    assert_eq!(found(&own, now).await.last_error.as_deref(), Some("没有答复"));
    assert_eq!(found(&own, later).await.last_error, None);
}

#[tokio::test]
async fn an_error_is_the_last_one_and_who_decided_is_kept() {
    let own = opened().await;
    let id = post(&own, &new(LetterState::Queued, 1, "甲")).await;
    let failed = Progress {
        error: Some("550 无此用户"),
        ..Progress::to(LetterState::Failed)
    };
    assert!(set(&own, id, LetterState::Queued, &failed).await);
    let again = Progress {
        by: Some("李四"),
        ..Progress::to(LetterState::Queued)
    };
    assert!(set(&own, id, LetterState::Failed, &again).await);
    assert!(set(&own, id, LetterState::Queued, &Progress::to(LetterState::Sent)).await);
    let now = found(&own, id).await;
    assert_eq!((now.last_error, now.decided_by.as_deref()), (None, Some("李四")));
}

#[tokio::test]
async fn letters_are_counted_by_state_with_the_last_that_went() {
    let own = opened().await;
    assert_eq!(
        own.store.letter_counts().await.unwrap(),
        (std::collections::HashMap::new(), None)
    );
    post(&own, &new(LetterState::Draft, 1, "甲")).await;
    post(&own, &new(LetterState::Draft, 2, "乙")).await;
    let id = post(&own, &new(LetterState::Queued, 3, "丙")).await;
    let sent = Progress {
        sent: Some(at(6, 4)),
        ..Progress::to(LetterState::Sent)
    };
    assert!(set(&own, id, LetterState::Queued, &sent).await);
    let (counts, last) = own.store.letter_counts().await.unwrap();
    assert_eq!((counts[&LetterState::Draft], counts[&LetterState::Sent]), (2, 1));
    assert_eq!(last, Some(at(6, 4)));
}

#[tokio::test]
async fn copies_by_hand_are_found_by_the_day_that_their_letters_were_made_for() {
    let own = opened().await;
    let mut without = person("丙");
    without.address = String::new();
    let copied = |day| {
        let mut letter = new(LetterState::Sent, 1, "甲");
        (letter.day, letter.addressed.cc) = (at(day, 1).date_naive(), vec![without.clone()]);
        letter
    };
    post(&own, &copied(4)).await;
    let late = post(&own, &copied(6)).await;
    let mut mailed = copied(6);
    mailed.addressed.cc = vec![person("丁")];
    let mailed = post(&own, &mailed).await;
    let found = async || {
        let from = at(5, 0).date_naive();
        let letters = own.store.letters_with_copies_by_hand(from).await.unwrap();
        letters.iter().map(|own| own.id).collect::<Vec<_>>()
    };
    assert_eq!(found().await, [late]);
    let mut change = own.change().await;
    let readdressed = copied(6).addressed;
    own.store
        .readdress_letter(&mut change, mailed, &readdressed)
        .await
        .unwrap();
    change.commit().await.unwrap();
    assert_eq!(found().await, [late, mailed]);
}

#[tokio::test]
async fn after_a_rebuilding_what_was_on_its_way_waits_and_says_why() {
    let own = opened().await;
    let queued = post(&own, &new(LetterState::Queued, 1, "甲")).await;
    let sent = post(&own, &new(LetterState::Sent, 1, "乙")).await;
    let mut change = own.change().await;
    own.store
        .add_notices(&mut change, &[notice(&ONE, "U02", "first")])
        .await
        .unwrap();
    assert_eq!(own.store.hold_letters(&mut change, "恢复").await.unwrap(), 1);
    assert_eq!(own.store.void_unsent_notices(&mut change).await.unwrap(), 1);
    assert_eq!(own.store.notices_without_letter(&mut change).await.unwrap(), []);
    change.commit().await.unwrap();
    let now = found(&own, queued).await;
    assert_eq!(
        (now.state, now.last_error.as_deref()),
        (LetterState::Draft, Some("恢复"))
    );
    assert_eq!(found(&own, sent).await.state, LetterState::Sent);
}

#[tokio::test]
async fn who_was_written_to_today_is_known_with_the_programme() {
    let own = opened().await;
    let id = post(&own, &new(LetterState::Queued, 1, "甲")).await;
    gathered(&own, &ONE, Kind::SecondChase, id).await;
    let mut change = own.change().await;
    let day = at(6, 0).date_naive();
    let written = own.store.written_to(&mut change, day).await.unwrap();
    assert_eq!(written, [(person("甲").key, ONE.clone())]);
    let tomorrow = day.succ_opt().unwrap();
    assert_eq!(own.store.written_to(&mut change, tomorrow).await.unwrap(), []);
    change.roll_back().await.unwrap();
}

#[tokio::test]
async fn who_heard_of_a_unit_is_known_once_the_letter_went() {
    let own = opened().await;
    let id = post(&own, &new(LetterState::Queued, 1, "甲")).await;
    gathered(&own, &ONE, Kind::SecondChase, id).await;
    assert_eq!(own.store.told_of(&ONE, "2024-11").await.unwrap(), []);
    let went = Progress {
        sent: Some(at(6, 2)),
        ..Progress::to(LetterState::Sent)
    };
    assert!(set(&own, id, LetterState::Queued, &went).await);
    let told = own.store.told_of(&ONE, "2024-11").await.unwrap();
    assert_eq!(told, [(unit("U01"), vec![person("甲")])]);
    assert_eq!(own.store.told_of(&OTHER, "2024-11").await.unwrap(), []);
}

#[tokio::test]
async fn a_letter_is_withdrawn_once() {
    let own = opened().await;
    let id = post(&own, &new(LetterState::Sent, 1, "甲")).await;
    let withdrawal = NewLetter {
        kind: Kind::Withdrawal,
        about: Some(id),
        reason: Some("数据有误".into()),
        ..new(LetterState::Queued, 2, "甲")
    };
    let mut change = own.change().await;
    assert_eq!(own.store.withdrawal_within(&mut change, id).await.unwrap(), None);
    let again = own.store.add_letter(&mut change, &withdrawal).await.unwrap();
    assert_eq!(
        own.store.withdrawal_within(&mut change, id).await.unwrap(),
        Some(again)
    );
    change.commit().await.unwrap();
    assert_eq!(found(&own, again).await.reason.as_deref(), Some("数据有误"));
    assert_eq!(own.store.withdrawal_of(id).await.unwrap(), Some(again));
    let reasons = own.store.withdrawal_reasons(&BTreeSet::new(), 5).await.unwrap();
    assert_eq!(reasons, ["数据有误"]);
    let others = BTreeSet::from([ONE.parse().unwrap()]);
    assert!(own.store.withdrawal_reasons(&others, 5).await.unwrap().is_empty());
}

#[tokio::test]
async fn steps_that_a_clock_made_come_due_ahead_of_time_are_taken_back() {
    let own = opened().await;
    let id = post(&own, &new(LetterState::Queued, 1, "甲")).await;
    gathered(&own, &ONE, Kind::SecondChase, id).await;
    let mut change = own.change().await;
    // The notices are of a time that has yet to come.
    let taken_back = own.store.take_back_steps(&mut change, at(1, 0)).await.unwrap();
    change.commit().await.unwrap();
    assert_eq!(taken_back, 1);
    assert_eq!(found(&own, id).await.state, LetterState::Discarded);
    let keys = own.store.notice_keys(&ONE, &period("2024-11")).await.unwrap();
    let free = notice(&ONE, "U01", "step").key;
    assert!(!keys.contains(&free), "it comes again when it is time: {keys:?}");
}

#[tokio::test]
async fn a_letter_goes_to_whom_it_was_addressed_last() {
    let own = opened().await;
    let id = post(&own, &new(LetterState::Draft, 1, "甲")).await;
    let other = Addressed {
        to: vec![person("乙")],
        cc: vec![person("丙")],
    };
    let mut change = own.change().await;
    own.store.readdress_letter(&mut change, id, &other).await.unwrap();
    let within = own.store.letter_within(&mut change, id).await.unwrap();
    assert_eq!(within.map(|own| own.addressed), Some(other.clone()));
    change.roll_back().await.unwrap();
    assert_eq!(found(&own, id).await.addressed.to, [person("甲")], "given up");
}

#[tokio::test]
async fn a_voided_notice_stays_on_the_record() {
    let own = opened().await;
    let mut change = own.change().await;
    own.store
        .add_notices(&mut change, &[notice(&ONE, "U01", "first")])
        .await
        .unwrap();
    let ids: Vec<NoticeId> = own
        .store
        .notices_without_letter(&mut change)
        .await
        .unwrap()
        .iter()
        .map(|own| own.id)
        .collect();
    own.store.void_notices(&mut change, &ids).await.unwrap();
    change.commit().await.unwrap();
    let about: Vec<NoticeRecord> = own
        .store
        .notices_about(&ONE, &unit("U01"), &period("2024-11"))
        .await
        .unwrap();
    assert_eq!(
        about.iter().map(|own| own.state).collect::<Vec<_>>(),
        [NoticeState::Void]
    );
    assert_eq!(own.store.letterless_now().await.unwrap(), []);
}
