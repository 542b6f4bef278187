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
async fn a_period_counts_what_its_standing_hangs_on() {
    let own = opened().await;
    let (november, december) = (period("2024-11"), period("2024-12"));
    let mut before = now(&own).await;
    assert_eq!(before.of_all(), 0);
    let of = |revisions: &Revisions| {
        (
            revisions.of_period(&ONE, &november),
            revisions.of_period(&ONE, &december),
            revisions.of_period(&OTHER, &november),
        )
    };
    // A ledger of November; then one that is withdrawn, an exemption, its end.
    let id = add(&own, &file(&ONE, "U01", Verdict::Accepted, 1), Some(1)).await;
    let after = now(&own).await;
    assert!(of(&after).0 > of(&before).0);
    assert_eq!((of(&after).1, of(&after).2), (of(&before).1, of(&before).2));
    before = after;
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
    for step in 0..3 {
        let mut change = own.change().await;
        match step {
            0 => drop(
                own.store
                    .withdraw(&mut change, id, "李四", "错了", at(2, 1))
                    .await
                    .unwrap(),
            ),
            1 => own.store.exempt(&mut change, &ONE, &exemption).await.unwrap(),
            _ => {
                let undo = own
                    .store
                    .undo_exemption(&mut change, &ONE, &november, &undone, "李四");
                undo.await.unwrap();
            }
        }
        // Within the change nobody sees it yet, nor if it never happens.
        assert_eq!(now(&own).await, before, "step {step}");
        change.commit().await.unwrap();
        let after = now(&own).await;
        assert!(of(&after).0 > of(&before).0, "step {step}");
        assert_eq!(of(&after).1, of(&before).1, "step {step}");
        before = after;
    }
    // A later date counts for all of the programme's periods.
    let mut change = own.change().await;
    let extension = Extension {
        period: december.clone(),
        revision: 1,
        due: NaiveDate::from_ymd_opt(2025, 1, 9).unwrap(),
        reason: "节日".into(),
        by: "李四".into(),
    };
    own.store
        .extend(&mut change, &ONE, &extension, at(3, 1))
        .await
        .unwrap();
    change.roll_back().await.unwrap();
    assert_eq!(now(&own).await, before, "it never happened");
    let mut change = own.change().await;
    own.store
        .extend(&mut change, &ONE, &extension, at(3, 1))
        .await
        .unwrap();
    change.commit().await.unwrap();
    let after = now(&own).await;
    assert!(of(&after).0 > of(&before).0 && of(&after).1 > of(&before).1);
    assert_eq!(of(&after).2, 0);
    assert!(after.of_program(&ONE) >= of(&after).0);
}

#[tokio::test]
async fn what_a_held_file_may_be_for_counts_as_well() {
    let own = opened().await;
    let mut held = file(&ONE, "U01", Verdict::Unclaimed, 1);
    held.detail.evidence = vec![taizhang::domain::evidence::Evidence {
        about: "period".into(),
        source: taizhang::domain::evidence::Source::OpenPeriod,
        found: "2024-12".into(),
        says: Some("2024-12".into()),
        weight: 10,
    }];
    held.findings = vec![
        taizhang::domain::finding::Finding::new(taizhang::domain::codes::Code::PeriodUnclear)
            .with("nil", "")
            .with("conflict", ""),
    ];
    add(&own, &held, None).await;
    let after = now(&own).await;
    for month in ["2024-11", "2024-12"] {
        assert!(after.of_period(&ONE, &period(month)) > 0, "{month}");
    }
    assert_eq!(after.of_period(&ONE, &period("2025-01")), 0);
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
}
