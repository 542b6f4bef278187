//! Searching through the journal: what is found, and how far it is looked.

use std::borrow::Cow;
use std::collections::BTreeSet;

use taizhang::domain::actor::Via;
use taizhang::domain::ids::{LetterId, ProgramId};
use taizhang::domain::letters::{LetterState, LetterText};
use taizhang::store::{Concern, Entry, Sought};

use crate::letters::{notice, post};
use crate::{ONE, OTHER, Own, at, opened, period, unit};

fn entry(what: &str) -> Entry<'_> {
    Entry {
        by: "taizhang",
        what,
        ..Entry::default()
    }
}

async fn log(own: &Own, hour: u32, entry: &Entry<'_>) {
    let mut change = own.change().await;
    own.store.log(&mut change, at(2, hour), entry).await.unwrap();
    change.commit().await.unwrap();
}

/// A letter with this subject about units of these programmes.
async fn letter(own: &Own, subject: &str, about: &[(&ProgramId, &str)]) -> LetterId {
    let id = post(own, LetterState::Queued, 1).await;
    let mut change = own.change().await;
    let text = LetterText {
        subject: subject.to_owned(),
        ..LetterText::default()
    };
    own.store
        .set_letter_text(&mut change, id, &text, false)
        .await
        .unwrap();
    let mut notices = Vec::new();
    for (program, unit) in about {
        notices.push(notice(program, unit, subject));
    }
    own.store.add_notices(&mut change, &notices).await.unwrap();
    let waiting = own.store.notices_without_letter(&mut change).await.unwrap();
    let ids: Vec<_> = waiting.iter().map(|own| own.id).collect();
    own.store.put_into_letter(&mut change, &ids, id).await.unwrap();
    change.commit().await.unwrap();
    id
}

async fn whats(own: &Own, sought: &Sought) -> Vec<String> {
    let found = own.store.journal_sought(sought, 100, 1_000).await.unwrap();
    assert_eq!(
        own.store.count_sought(sought).await.unwrap(),
        found.lines.len(),
        "{sought:?}"
    );
    found.lines.into_iter().map(|line| line.what).collect()
}

fn about(program: &ProgramId, unit: Option<&str>, month: Option<&str>) -> Sought {
    Sought {
        about: Some(vec![Concern {
            program: program.clone(),
            unit: unit.map(|id| id.parse().unwrap()),
            period: month.map(period),
        }]),
        ..Sought::default()
    }
}

#[tokio::test]
async fn what_is_looked_for_is_found_latest_first() {
    let own = opened().await;
    let (one, other, first) = (ONE.clone(), OTHER.clone(), unit("U01"));
    let of = |program, what| Entry {
        program: Some(program),
        unit: Some(&first),
        period: Some(period("2024-11")),
        detail: Cow::Borrowed("洪文泽/台账100%_终.XLSX"),
        ..entry(what)
    };
    log(&own, 1, &of(&one, "accepted")).await;
    log(&own, 2, &of(&other, "returned")).await;
    let person = Entry {
        by: "李四",
        via: Via::Page,
        detail: Cow::Borrowed("外出学习，会议"),
        ..of(&one, "exempted")
    };
    log(&own, 3, &person).await;
    let called_so = Entry {
        by: "taizhang",
        via: Via::Command,
        ..entry("account-added")
    };
    log(&own, 4, &called_so).await;
    let master = Entry {
        program: Some(&one),
        detail: Cow::Borrowed("v1 [12, 外出]"),
        ..entry("master")
    };
    log(&own, 5, &master).await;
    let sought = |change: &dyn Fn(&mut Sought)| {
        let mut sought = Sought::default();
        change(&mut sought);
        sought
    };
    let all = ["master", "account-added", "exempted", "returned", "accepted"];
    for (sought, expected) in [
        (Sought::default(), &all[..]),
        (
            sought(&|own| own.kinds = vec!["returned".into(), "exempted".into()]),
            &all[2..4],
        ),
        (sought(&|own| own.kinds = vec!["nothing".into()]), &[]),
        (sought(&|own| own.via = Some(Via::Page)), &all[2..3]),
        (
            sought(&|own| own.via = Some(Via::Program)),
            &["master", "returned", "accepted"],
        ),
        (sought(&|own| own.by = Some("四".into())), &all[2..3]),
        // A person who is called as the program is.
        (sought(&|own| own.by = Some("TAIZHANG".into())), &all[1..2]),
        (sought(&|own| own.words = vec!["外出".into()]), &all[2..3]),
        (
            sought(&|own| own.words = vec!["外出".into(), "会议".into()]),
            &all[2..3],
        ),
        (sought(&|own| own.words = vec!["外出".into(), "住院".into()]), &[]),
        (sought(&|own| own.words = vec!["100%_终.xlsx".into()]), &all[3..]),
        (sought(&|own| own.words = vec!["1_0%".into()]), &[]),
        (sought(&|own| own.from = Some(at(2, 3))), &all[..3]),
        (sought(&|own| own.to = Some(at(2, 3))), &all[3..]),
        (sought(&|own| own.from = Some(at(3, 1))), &[]),
        (sought(&|own| own.to = Some(at(1, 1))), &[]),
        (about(&ONE, None, None), &["master", "exempted", "accepted"]),
        (about(&ONE, Some("U01"), None), &["exempted", "accepted"]),
        (about(&ONE, Some("U02"), None), &[]),
        (about(&OTHER, Some("U01"), Some("2024-11")), &all[3..4]),
        (about(&OTHER, None, Some("2024-12")), &[]),
        // What is about no programme is about the whole site.
        (
            sought(&|own| own.within = Some(BTreeSet::from([ONE.clone()]))),
            &["master", "exempted", "accepted"],
        ),
        (
            sought(&|own| own.within = Some(BTreeSet::from([OTHER.clone()]))),
            &all[3..4],
        ),
    ] {
        assert_eq!(whats(&own, &sought).await, expected, "{sought:?}");
    }
}

#[tokio::test]
async fn a_letter_is_found_by_all_that_it_speaks_of() {
    let own = opened().await;
    let alone = letter(&own, "报送提醒", &[(&ONE, "U01")]).await;
    let units = letter(&own, "催报通知", &[(&ONE, "U01"), (&ONE, "U02")]).await;
    let several = letter(&own, "两项台账", &[(&ONE, "U01"), (&OTHER, "U02")]).await;
    for (hour, id, what) in [
        (1, alone, "letter"),
        (2, units, "letter-approved"),
        (3, several, "letter-done"),
    ] {
        let detail = format!("{id} sent").into();
        let own_entry = Entry {
            letter: Some(id),
            detail,
            ..entry(what)
        };
        log(&own, hour, &own_entry).await;
    }
    let (a, b, c) = ("letter", "letter-approved", "letter-done");
    let within = |ids: &[&ProgramId]| Sought {
        within: Some(ids.iter().map(|id| (*id).clone()).collect()),
        ..Sought::default()
    };
    let words = |text: &str| Sought {
        words: vec![text.to_owned()],
        ..Sought::default()
    };
    for (sought, expected) in [
        (about(&ONE, None, None), &[c, b, a][..]),
        (about(&OTHER, None, None), &[c]),
        (about(&ONE, Some("U01"), None), &[c, b, a]),
        (about(&ONE, Some("U02"), None), &[b]),
        (about(&OTHER, Some("U02"), Some("2024-11")), &[c]),
        (about(&OTHER, Some("U01"), None), &[]),
        (about(&ONE, None, Some("2024-12")), &[]),
        (within(&[&ONE]), &[b, a]),
        (within(&[&OTHER]), &[]),
        (within(&[&ONE, &OTHER]), &[c, b, a]),
        (words("催报"), &[b]),
    ] {
        assert_eq!(whats(&own, &sought).await, expected, "{sought:?}");
    }
    let lines = own.store.journal().await.unwrap();
    let told: Vec<_> = lines
        .iter()
        .map(|own| {
            (
                own.letter,
                own.program.clone(),
                own.unit.clone(),
                own.period.clone(),
            )
        })
        .collect();
    let november = Some(period("2024-11"));
    assert_eq!(
        told,
        [
            (
                Some(alone),
                Some(ONE.clone()),
                Some(unit("U01")),
                november.clone()
            ),
            (Some(units), Some(ONE.clone()), None, november),
            (Some(several), None, None, None),
        ]
    );
    let titles = own
        .store
        .letter_titles(&[units, LetterId::new(99)])
        .await
        .unwrap();
    assert_eq!((titles.len(), titles[&units].subject.as_str()), (1, "催报通知"));
}

#[tokio::test]
async fn it_is_never_looked_further_than_was_said() {
    let own = opened().await;
    for hour in 0..20 {
        log(&own, hour, &entry(if hour == 2 { "rare" } else { "often" })).await;
    }
    let looked = async |sought: &Sought, most, look| {
        let found = own.store.journal_sought(sought, most, look).await.unwrap();
        let ids: Vec<i64> = found.lines.iter().map(|line| line.id).collect();
        (ids, found.down_to)
    };
    let rare = |before| Sought {
        kinds: vec!["rare".into()],
        before,
        ..Sought::default()
    };
    // Lines bear the numbers 1 to 20; the rare one is the third.
    assert_eq!(looked(&rare(None), 5, 10).await, (vec![], Some(11)));
    assert_eq!(looked(&rare(Some(11)), 5, 10).await, (vec![3], None));
    assert_eq!(looked(&rare(Some(3)), 5, 10).await, (vec![], None));
    assert_eq!(looked(&rare(Some(1)), 5, 10).await, (vec![], None));
    assert_eq!(looked(&rare(Some(-5)), 5, 10).await, (vec![], None));
    assert_eq!(looked(&rare(Some(i64::MAX)), 5, 10).await, (vec![], Some(11)));
    assert_eq!(looked(&Sought::default(), 3, 10).await.0, [20, 19, 18]);
    let days = Sought {
        from: Some(at(2, 4)),
        to: Some(at(2, 8)),
        ..Sought::default()
    };
    assert_eq!(looked(&days, 10, 3).await, (vec![8, 7, 6], Some(6)));
    let on = Sought {
        before: Some(6),
        ..days
    };
    assert_eq!(looked(&on, 10, 3).await, (vec![5], None));
}
