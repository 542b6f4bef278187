//! What pages show is counted whenever it changes, with the change itself.

use chrono::NaiveDate;
use taizhang::domain::finding::Verdict;
use taizhang::domain::obligation::{Exemption, Undone};
use taizhang::domain::program::Extension;
use taizhang::store::Revisions;

use crate::submissions::{add, file};
use crate::{ONE, OTHER, Own, at, opened, period, unit};

async fn now(own: &Own) -> Revisions {
    own.store.revisions().await.unwrap()
}

#[tokio::test]
async fn a_programme_counts_what_its_standing_hangs_on() {
    let own = opened().await;
    let november = period("2024-11");
    assert_eq!(now(&own).await.of_all(), 0);
    let id = add(&own, &file(&ONE, "U01", Verdict::Accepted, 1), Some(1)).await;
    let mut before = now(&own).await;
    assert!(before.of_program(&ONE) > 0);
    let exemption = Exemption {
        unit: unit("U02"),
        period: november.clone(),
        reason: "外出".into(),
        by: "李四".into(),
        at: at(2, 1),
    };
    let undone = Undone {
        unit: unit("U02"),
        reason: "提前回来".into(),
        at: at(3, 1),
    };
    let extension = Extension {
        period: november.clone(),
        unit: None,
        at: at(4, 1),
        revision: 1,
        due: NaiveDate::from_ymd_opt(2024, 12, 9).unwrap(),
        reason: "会议".into(),
        by: "李四".into(),
    };
    for step in 0..4 {
        for happens in [false, true] {
            let mut change = own.change().await;
            let store = &own.store;
            match step {
                0 => drop(
                    store
                        .withdraw(&mut change, id, "李四", "错了", at(2, 1))
                        .await
                        .unwrap(),
                ),
                1 => store.exempt(&mut change, &ONE, &exemption).await.unwrap(),
                2 => {
                    let undo = store.undo_exemption(&mut change, &ONE, &november, &undone, "李四");
                    undo.await.unwrap();
                }
                _ => store.extend(&mut change, &ONE, &extension).await.unwrap(),
            }
            // Within the change nobody sees it yet, nor if it never happens.
            assert_eq!(now(&own).await, before, "step {step}");
            if happens {
                change.commit().await.unwrap();
            } else {
                change.roll_back().await.unwrap();
            }
            let after = now(&own).await;
            assert_eq!(
                after.of_program(&ONE) > before.of_program(&ONE),
                happens,
                "step {step}"
            );
            assert_eq!(after.of_program(&OTHER), 0, "step {step}");
            before = after;
        }
    }
}

#[tokio::test]
async fn looking_and_scanning_count_nothing() {
    let own = opened().await;
    add(&own, &file(&ONE, "U01", Verdict::Accepted, 1), Some(1)).await;
    let before = now(&own).await;
    own.store.facts_of(&ONE, &period("2024-11")).await.unwrap();
    own.store.set_last_scan(at(2, 2)).await.unwrap();
    own.store.set_meta("probed", "1").await.unwrap();
    assert_eq!(now(&own).await, before);
    // A trial that begins is remembered in the same place, and counts.
    own.store.begin_trial(&ONE, at(2, 2)).await.unwrap();
    assert!(now(&own).await.of_program(&ONE) > before.of_program(&ONE));
}
