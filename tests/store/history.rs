//! What came before: contents, places, what was put aside, what is judged anew.

use std::borrow::Cow;

use taizhang::domain::actor::Via;
use taizhang::domain::codes::Code;
use taizhang::domain::finding::{Finding, Verdict};
use taizhang::domain::ids::{ProgramId, SubmissionId};
use taizhang::domain::ledger::{LedgerRow, Meaning};
use taizhang::domain::sha256::Sha256;
use taizhang::domain::submission::{NewSubmission, Reopened};
use taizhang::store::{Entry, StoreError};

use crate::submissions::{add, file};
use crate::{ONE, OTHER, Own, at, opened, period, unit};

fn row(text: &str) -> LedgerRow {
    LedgerRow {
        sheet: "台账".into(),
        row: 6,
        columns: ["seq", "content"].map(Into::into).into(),
        cells: ["1", text].map(Into::into).to_vec(),
        meanings: vec![(0, Meaning::Number(1.into()))],
        ..LedgerRow::default()
    }
}

async fn log(
    own: &Own,
    what: &'static str,
    (by, via): (&'static str, Via),
    id: Option<SubmissionId>,
    day: u32,
) {
    let mut change = own.change().await;
    let entry = Entry {
        by,
        via,
        what,
        program: Some(&ONE),
        unit: Some(&unit("U01")),
        period: Some(period("2024-11")),
        submission: id,
        letter: None,
        detail: Cow::Borrowed("理由"),
    };
    own.store.log(&mut change, at(day, 1), &entry).await.unwrap();
    change.commit().await.unwrap();
}

/// SHA-256 of bytes that came twice, and of others.
const SAME: [u8; 32] = [1; 32];
const OTHER_BYTES: [u8; 32] = [2; 32];

#[tokio::test]
async fn rows_and_findings_are_their_submission_s() {
    let own = opened().await;
    let first = NewSubmission {
        rows: vec![row("看路"), row("看水")],
        findings: vec![Finding::new(Code::NoRows)],
        ..file(&ONE, "U01", Verdict::Accepted, 1)
    };
    let id = add(&own, &first, Some(1)).await;
    let other = add(&own, &file(&OTHER, "U01", Verdict::Accepted, 1), Some(1)).await;
    assert_eq!(own.store.rows(id).await.unwrap().len(), 2);
    assert!(own.store.rows(other).await.unwrap().is_empty());
    let codes: Vec<Code> = own
        .store
        .findings(id)
        .await
        .unwrap()
        .iter()
        .map(|finding| finding.code)
        .collect();
    assert_eq!(codes, [Code::NoRows]);
    assert!(own.store.findings(other).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_same_bytes_are_found_within_a_programme() {
    let own = opened().await;
    let mut one = file(&ONE, "U01", Verdict::Accepted, 1);
    one.sha256 = SAME.into();
    let mut other = file(&OTHER, "U01", Verdict::Accepted, 1);
    other.sha256 = SAME.into();
    let first = add(&own, &one, Some(1)).await;
    one.verdict = Verdict::Duplicate;
    let second = add(&own, &one, None).await;
    add(&own, &other, Some(1)).await;
    let mut change = own.change().await;
    let same = own
        .store
        .same_bytes_of(&mut change, &ONE, &[Sha256::from(SAME), OTHER_BYTES.into()])
        .await
        .unwrap();
    change.roll_back().await.unwrap();
    let ids: Vec<SubmissionId> = same[&SAME.into()].iter().map(|own| own.id).collect();
    assert_eq!(ids, [second, first], "the newest first");
    assert!(!same.contains_key(&OTHER_BYTES.into()));
}

#[tokio::test]
async fn what_was_accepted_is_known_by_unit_and_period() {
    let own = opened().await;
    add(&own, &file(&ONE, "U01", Verdict::Accepted, 1), Some(1)).await;
    add(&own, &file(&ONE, "U02", Verdict::Returned, 1), Some(1)).await;
    add(&own, &file(&OTHER, "U03", Verdict::Accepted, 1), Some(1)).await;
    let keys = own.store.accepted_keys(&ONE).await.unwrap();
    assert_eq!(keys, [(unit("U01"), period("2024-11"))]);
    assert_eq!(own.store.periods_of(&ONE).await.unwrap(), [period("2024-11")]);
    assert_eq!(own.store.periods_of(&"无".parse().unwrap()).await.unwrap(), []);
}

#[tokio::test]
async fn a_judgement_that_is_made_anew_replaces_the_old_one_and_opens_the_duty() {
    let own = opened().await;
    let old = NewSubmission {
        rows: vec![row("看路")],
        ..file(&ONE, "U01", Verdict::Accepted, 1)
    };
    let id = add(&own, &old, Some(1)).await;
    let new = NewSubmission {
        findings: vec![Finding::new(Code::NoRows)],
        ..file(&ONE, "U01", Verdict::Returned, 2)
    };
    let reopened = Reopened {
        at: at(6, 1),
        reason: "地点清单更正".into(),
    };
    let mut change = own.change().await;
    own.store
        .replace_examination(&mut change, id, &new, Some(&reopened), true)
        .await
        .unwrap();
    change.commit().await.unwrap();
    let facts = own.store.facts_of(&ONE, &period("2024-11")).await.unwrap();
    assert_eq!((facts[0].verdict, facts[0].rechecks), (Verdict::Returned, 1));
    assert_eq!(facts[0].reopened.as_ref(), Some(&reopened));
    assert!(own.store.rows(id).await.unwrap().is_empty());
    assert_eq!(own.store.findings(id).await.unwrap().len(), 1);
    assert_eq!(own.store.counting_of(&ONE, &period("2024-11")).await.unwrap(), []);
}

#[tokio::test]
async fn what_was_put_aside_is_taken_up_by_its_bytes() {
    let own = opened().await;
    let id = add(&own, &file(&ONE, "U01", Verdict::Unreadable, 1), None).await;
    let sha256 = own.store.submission(id).await.unwrap().unwrap().sha256;
    let mut change = own.change().await;
    own.store.put_file_aside(&mut change, id, at(2, 2)).await.unwrap();
    change.commit().await.unwrap();
    assert_eq!(
        own.store.put_aside(&ONE).await.unwrap(),
        *std::slice::from_ref(&sha256)
    );
    assert_eq!(own.store.put_aside(&OTHER).await.unwrap(), Vec::<Sha256>::new());
    assert!(own.store.put_aside_submissions().await.unwrap().contains(&id));
    let mut change = own.change().await;
    own.store.take_up(&mut change, &OTHER, sha256).await.unwrap();
    change.commit().await.unwrap();
    assert_eq!(
        own.store.put_aside(&ONE).await.unwrap().len(),
        1,
        "another programme's"
    );
    let mut change = own.change().await;
    own.store.take_up(&mut change, &ONE, sha256).await.unwrap();
    change.commit().await.unwrap();
    assert!(own.store.put_aside_submissions().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_nobody_could_place_is_known_by_its_bytes_and_place() {
    let own = opened().await;
    let id = add(&own, &file(&ONE, "U01", Verdict::Unclaimed, 1), None).await;
    let sha256 = own.store.submission(id).await.unwrap().unwrap().sha256;
    assert_eq!(
        own.store.unclaimed_contents(&ONE).await.unwrap(),
        [(sha256, None)]
    );
    let mut change = own.change().await;
    own.store
        .submission_moved(&mut change, id, "待确认单位/台账.xlsx")
        .await
        .unwrap();
    change.commit().await.unwrap();
    let placed = Some("待确认单位/台账.xlsx".parse().unwrap());
    assert_eq!(
        own.store.unclaimed_contents(&ONE).await.unwrap(),
        [(sha256, placed)]
    );
    assert_eq!(own.store.unclaimed_contents(&OTHER).await.unwrap(), []);
    let found = own.store.submission_at("待确认单位/台账.xlsx").await.unwrap();
    assert_eq!(found.map(|own| own.id), Some(id));
}

#[tokio::test]
async fn an_unread_file_is_found_by_its_name_and_unit() {
    let own = opened().await;
    let id = add(&own, &file(&ONE, "U01", Verdict::Unreadable, 1), None).await;
    let mut change = own.change().await;
    let mut of = async |program: &ProgramId, unit: &str, name: &str| {
        let unit = &crate::unit(unit);
        own.store
            .unread_of_name(&mut change, program, unit, name)
            .await
            .unwrap()
    };
    assert_eq!(of(&ONE, "U01", "台账.xlsx").await, Some(id));
    assert_eq!(of(&ONE, "U02", "台账.xlsx").await, None);
    assert_eq!(of(&OTHER, "U01", "台账.xlsx").await, None);
    assert_eq!(of(&ONE, "U01", "别的.xlsx").await, None);
    change.roll_back().await.unwrap();
}

#[tokio::test]
async fn what_was_done_with_a_submission_is_told_in_its_order() {
    let own = opened().await;
    let id = add(&own, &file(&ONE, "U01", Verdict::Returned, 1), Some(1)).await;
    log(&own, "returned", ("taizhang", Via::Program), Some(id), 2).await;
    log(&own, "exempted", ("李四", Via::Command), None, 3).await;
    log(&own, "accepted-by-office", ("李四", Via::Command), Some(id), 4).await;
    let lines = own.store.journal_of(id).await.unwrap();
    let what: Vec<&str> = lines.iter().map(|line| line.what.as_str()).collect();
    assert_eq!(what, ["returned", "accepted-by-office"]);
    let mut change = own.change().await;
    let last = own.store.last_about(&mut change, id).await.unwrap().unwrap();
    assert_eq!(
        (last.what.as_str(), last.by.as_str()),
        ("accepted-by-office", "李四")
    );
    let of = own
        .store
        .last_of_period(
            &mut change,
            "exempted",
            &ONE,
            Some(&unit("U01")),
            &period("2024-11"),
        )
        .await
        .unwrap();
    assert_eq!(of.map(|line| line.by), Some("李四".to_owned()));
    let none = own
        .store
        .last_of_period(
            &mut change,
            "exempted",
            &OTHER,
            Some(&unit("U01")),
            &period("2024-11"),
        )
        .await
        .unwrap();
    assert!(none.is_none());
    change.roll_back().await.unwrap();
}

#[tokio::test]
async fn the_daemon_s_own_lines_wake_nobody() {
    let own = opened().await;
    let before = own.store.change_count().await.unwrap();
    log(&own, "returned", ("taizhang", Via::Program), None, 2).await;
    assert_eq!(own.store.change_count().await.unwrap(), before);
    log(&own, "exempted", ("taizhang", Via::Page), None, 3).await;
    assert_ne!(own.store.change_count().await.unwrap(), before);
}

#[tokio::test]
async fn units_are_settled_by_what_counts() {
    let own = opened().await;
    add(&own, &file(&ONE, "U01", Verdict::Accepted, 1), Some(1)).await;
    add(&own, &file(&ONE, "U02", Verdict::Returned, 1), Some(1)).await;
    add(&own, &file(&OTHER, "U02", Verdict::Accepted, 1), Some(1)).await;
    let settled = own
        .store
        .settled_periods(&ONE, &[&unit("U01"), &unit("U02")])
        .await
        .unwrap();
    assert_eq!(settled.get(&unit("U01")), Some(&vec![period("2024-11")]));
    assert_eq!(settled.get(&unit("U02")), None);
}

#[tokio::test]
async fn a_version_stands_once_for_a_duty() {
    let own = opened().await;
    let new = file(&ONE, "U01", Verdict::Accepted, 1);
    add(&own, &new, Some(1)).await;
    let mut change = own.change().await;
    let again = own.store.add_submission(&mut change, &new, Some(1)).await;
    assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
    drop(change);
    // What failed is over: the next change goes on.
    add(&own, &new, Some(2)).await;
    assert_eq!(own.store.all_submissions().await.unwrap().len(), 2);
}

#[tokio::test]
async fn the_clock_is_remembered_until_the_office_accepts_it() {
    let own = opened().await;
    own.store.set_latest(at(5, 1)).await.unwrap();
    own.store.set_clock_fault(Some("调快了")).await.unwrap();
    let memory = own.store.clock().await.unwrap();
    assert_eq!(
        (memory.latest, memory.fault.as_deref()),
        (Some(at(5, 1)), Some("调快了"))
    );
    let mut change = own.change().await;
    own.store.accept_clock(&mut change, at(4, 1)).await.unwrap();
    change.commit().await.unwrap();
    let memory = own.store.clock().await.unwrap();
    assert_eq!((memory.latest, memory.accepted), (Some(at(4, 1)), Some(at(4, 1))));
}

#[tokio::test]
async fn what_is_made_once_stays_and_what_is_forgotten_is_made_anew() {
    let own = opened().await;
    assert_eq!(own.store.meta_once("site", "甲").await.unwrap(), "甲");
    assert_eq!(own.store.meta_once("site", "乙").await.unwrap(), "甲");
    own.store.forget_meta("site").await.unwrap();
    assert_eq!(own.store.meta("site").await.unwrap(), None);
    assert_eq!(own.store.meta_once("site", "乙").await.unwrap(), "乙");
}

#[tokio::test]
async fn a_new_store_is_blank_until_something_is_recorded() {
    let own = opened().await;
    assert!(own.store.is_blank().await.unwrap());
    assert_eq!(own.store.last_scan().await.unwrap(), None);
    own.store.set_last_scan(at(2, 1)).await.unwrap();
    assert_eq!(own.store.last_scan().await.unwrap(), Some(at(2, 1)));
    add(&own, &file(&ONE, "U01", Verdict::Accepted, 1), Some(1)).await;
    assert!(!own.store.is_blank().await.unwrap());
    assert_eq!(own.store.integrity().await.unwrap(), None);
}

#[tokio::test]
async fn two_who_write_take_turns_and_readers_wait_for_nobody() {
    let own = opened().await;
    let mut change = own.change().await;
    let new = file(&ONE, "U01", Verdict::Accepted, 1);
    own.store
        .add_submission(&mut change, &new, Some(1))
        .await
        .unwrap();
    assert!(
        own.store.all_submissions().await.unwrap().is_empty(),
        "not there before the end"
    );
    let store = own.store.clone();
    let second = tokio::spawn(async move { store.set_last_scan(at(2, 1)).await });
    change.commit().await.unwrap();
    second.await.unwrap().unwrap();
    assert_eq!(own.store.all_submissions().await.unwrap().len(), 1);
}
