//! Letters in lists: cut to programmes, page by page, counted.

use std::collections::BTreeSet;

use taizhang::domain::ids::LetterId;
use taizhang::domain::letters::LetterState;
use taizhang::store::Listed;

use super::{new, post};
use crate::{ONE, OTHER, opened};

#[tokio::test]
async fn lists_of_letters_are_cut_to_programmes_and_go_on_where_they_ended() {
    let own = opened().await;
    let (one, other) = (
        BTreeSet::from([ONE.parse().unwrap()]),
        BTreeSet::from([OTHER.parse().unwrap()]),
    );
    let both: BTreeSet<_> = one.union(&other).cloned().collect();
    let mut ids = Vec::new();
    for (state, programs) in [
        (LetterState::Sent, &one),
        (LetterState::Draft, &one),
        (LetterState::Sent, &other),
        (LetterState::Sent, &both),
        (LetterState::Sent, &one),
    ] {
        let mut letter = new(state, 1, "甲");
        letter.programs = programs.clone();
        ids.push(post(&own, &letter).await);
    }
    let heads = async |states: &[LetterState], programs, beyond, most| {
        let listed = Listed {
            states,
            programs,
            beyond,
            most,
        };
        let heads = own.store.letter_heads(listed).await.unwrap();
        heads.iter().map(|own| own.id).collect::<Vec<_>>()
    };
    let newest: Vec<LetterId> = ids.iter().rev().copied().collect();
    assert_eq!(heads(&[], None, None, 9).await, newest);
    assert_eq!(heads(&[], None, None, 2).await, newest[..2]);
    assert_eq!(heads(&[], None, Some(newest[1]), 2).await, newest[2..4]);
    let mine = [one.clone()];
    assert_eq!(heads(&[], Some(&mine), None, 9).await, [ids[4], ids[1], ids[0]]);
    assert_eq!(
        heads(&[LetterState::Sent], Some(&mine), Some(ids[4]), 9).await,
        [ids[0]]
    );
    assert_eq!(heads(&[LetterState::Draft], None, None, 9).await, [ids[1]]);
    assert_eq!(heads(&[], Some(&[]), None, 9).await, []);
    let listed = Listed {
        states: &[LetterState::Sent],
        programs: Some(&mine),
        beyond: Some(ids[0]),
        most: 9,
    };
    let letters = own.store.letters_listed(listed).await.unwrap();
    assert_eq!(letters.iter().map(|own| own.id).collect::<Vec<_>>(), [ids[4]]);
    assert_eq!(letters[0].programs, one);
    let counted = own.store.letters_counted().await.unwrap();
    let count = |state, programs: &BTreeSet<_>| {
        let mut found = counted
            .iter()
            .filter(|own| own.state == state && own.programs == *programs);
        found.next().map_or(0, |own| own.letters)
    };
    assert_eq!(count(LetterState::Sent, &one), 2);
    assert_eq!(count(LetterState::Draft, &one), 1);
    assert_eq!(count(LetterState::Sent, &both), 1);
    assert_eq!(counted.iter().map(|own| own.letters).sum::<usize>(), 5);
}
