//! Notices, and the letters that gather them.

use std::collections::BTreeSet;

use taizhang::domain::ids::{LetterId, NoticeId};
use taizhang::domain::ladder::{Kind, Mode, Trigger};
use taizhang::domain::letters::{
    Addressed, LetterState, LetterText, NewLetter, NoticeBody, NoticeRecord, NoticeState, Progress,
};
use taizhang::domain::notices::{NoticeKey, Reason};

use taizhang::store::Change;

use crate::{ONE, OTHER, Own, at, opened, period, unit};

pub fn notice(program: &str, subject: &str, step: &str) -> NoticeRecord {
    NoticeRecord {
        id: NoticeId::UNRECORDED,
        key: NoticeKey {
            program: program.parse().unwrap(),
            subject: subject.into(),
            period: period("2024-11"),
            revision: 0,
            step: step.into(),
            version: 0,
        },
        unit: Some(unit(subject)),
        kind: Kind::FirstChase,
        mode: Mode::Auto,
        state: NoticeState::Waiting,
        at: at(6, 1),
        created: at(6, 1),
        letter: None,
        body: NoticeBody {
            to: None,
            cc: Vec::new(),
            reason: Reason {
                trigger: Trigger::Close,
                state: None,
                held: false,
                all_excepted: false,
                provisional: false,
                decision: String::new(),
            },
            leader: None,
        },
    }
}

fn letter(state: LetterState, hour: u32) -> NewLetter {
    NewLetter {
        kind: Kind::FirstChase,
        state,
        addressed: Addressed::default(),
        day: at(6, hour).date_naive(),
        created: at(6, hour),
        not_before: at(6, hour),
        about: None,
        reason: None,
        programs: BTreeSet::new(),
    }
}

async fn add(own: &Own, new: &[NoticeRecord]) -> Vec<NoticeRecord> {
    let mut change = own.change().await;
    own.store.add_notices(&mut change, new).await.unwrap();
    let waiting = own.store.notices_without_letter(&mut change).await.unwrap();
    change.commit().await.unwrap();
    waiting
}

pub async fn post(own: &Own, state: LetterState, hour: u32) -> LetterId {
    let mut change = own.change().await;
    let id = own
        .store
        .add_letter(&mut change, &letter(state, hour))
        .await
        .unwrap();
    change.commit().await.unwrap();
    id
}

#[tokio::test]
async fn a_step_is_recorded_once_for_each_programme() {
    let own = opened().await;
    let new = [notice(&ONE, "U01", "first"), notice(&OTHER, "U01", "first")];
    assert_eq!(add(&own, &new).await.len(), 2);
    assert_eq!(add(&own, &new).await.len(), 2, "the same once more");
    let keys = own.store.notice_keys(&ONE, &period("2024-11")).await.unwrap();
    assert_eq!(keys.into_iter().collect::<Vec<_>>(), [new[0].key.clone()]);
    let about = own
        .store
        .notices_about(&OTHER, &unit("U01"), &period("2024-11"))
        .await
        .unwrap();
    assert_eq!(
        about.iter().map(|own| own.key.clone()).collect::<Vec<_>>(),
        [new[1].key.clone()]
    );
}

#[tokio::test]
async fn a_notice_is_in_one_letter_and_waits_no_more() {
    let own = opened().await;
    let waiting = add(
        &own,
        &[notice(&ONE, "U01", "first"), notice(&ONE, "U02", "first")],
    )
    .await;
    let id = post(&own, LetterState::Queued, 1).await;
    let mut change = own.change().await;
    own.store
        .put_into_letter(&mut change, &[waiting[0].id], id)
        .await
        .unwrap();
    let left = own.store.notices_without_letter(&mut change).await.unwrap();
    change.commit().await.unwrap();
    assert_eq!(left.iter().map(|own| own.id).collect::<Vec<_>>(), [waiting[1].id]);
    let gathered = own.store.notices_of(id).await.unwrap();
    assert_eq!(
        gathered.iter().map(|own| own.id).collect::<Vec<_>>(),
        [waiting[0].id]
    );
    let all = own.store.notices_of_all(&[id]).await.unwrap();
    assert_eq!(all[&id].len(), 1);
}

#[tokio::test]
async fn what_a_later_step_overtakes_is_no_longer_asked_for() {
    let own = opened().await;
    let waiting = add(
        &own,
        &[notice(&ONE, "U01", "first"), notice(&ONE, "U01", "second")],
    )
    .await;
    let mut change = own.change().await;
    own.store
        .supersede_notices(&mut change, &[waiting[0].id])
        .await
        .unwrap();
    let left = own.store.notices_without_letter(&mut change).await.unwrap();
    change.commit().await.unwrap();
    assert_eq!(
        left.iter().map(|own| own.key.step.as_str()).collect::<Vec<_>>(),
        ["second"]
    );
    // It stays on the record: it isn't made again.
    assert_eq!(add(&own, &[notice(&ONE, "U01", "first")]).await.len(), 1);
}

#[tokio::test]
async fn letters_are_told_apart_by_their_state() {
    let own = opened().await;
    let (draft, queued) = (
        post(&own, LetterState::Draft, 1).await,
        post(&own, LetterState::Queued, 2).await,
    );
    assert!(draft != queued);
    let ids = async |states: &[LetterState]| -> Vec<LetterId> {
        own.store
            .letters(states)
            .await
            .unwrap()
            .into_iter()
            .map(|own| own.id)
            .collect()
    };
    assert_eq!(ids(&[]).await, [draft, queued]);
    assert_eq!(ids(&[LetterState::Draft]).await, [draft]);
    assert_eq!(ids(&[LetterState::Sent]).await, []);
    let mut change = own.change().await;
    let sent = Progress {
        state: LetterState::Sent,
        not_before: None,
        sent: Some(at(6, 3)),
        error: None,
        by: None,
        reason: None,
    };
    let put = async |change: &mut Change, from: LetterState| {
        own.store.set_letter(change, (queued, from), &sent).await.unwrap()
    };
    assert!(
        !put(&mut change, LetterState::Draft).await,
        "it is in another state"
    );
    assert!(put(&mut change, LetterState::Queued).await);
    assert!(!put(&mut change, LetterState::Queued).await, "it was set already");
    change.commit().await.unwrap();
    assert_eq!(ids(&[LetterState::Sent]).await, [queued]);
    let found = own.store.letter(queued).await.unwrap().unwrap();
    assert_eq!((found.state, found.sent), (LetterState::Sent, Some(at(6, 3))));
    assert_eq!(
        own.store
            .letter(LetterId::new(99))
            .await
            .unwrap()
            .map(|own| own.id),
        None
    );
}

#[tokio::test]
async fn a_letter_keeps_the_words_that_were_written_last() {
    let own = opened().await;
    let id = post(&own, LetterState::Draft, 1).await;
    for (subject, edited) in [("一", false), ("二", true)] {
        let text = LetterText {
            subject: subject.into(),
            ..LetterText::default()
        };
        let mut change = own.change().await;
        own.store
            .set_letter_text(&mut change, id, &text, edited)
            .await
            .unwrap();
        change.commit().await.unwrap();
    }
    assert_eq!(own.store.letter(id).await.unwrap().unwrap().text.subject, "二");
}
