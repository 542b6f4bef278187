//! Exemptions and extensions.

use chrono::{DateTime, Utc};
use taizhang::domain::ids::ProgramId;
use taizhang::domain::obligation::{Exemption, Undone};
use taizhang::domain::program::Extension;

use crate::{ONE, OTHER, at, opened, period, unit};

fn exemption(id: &str, reason: &str) -> Exemption {
    Exemption {
        unit: unit(id),
        period: period("2024-11"),
        reason: reason.into(),
        by: "张三".into(),
        at: at(2, 1),
    }
}

#[tokio::test]
async fn an_exemption_is_one_unit_s_of_one_programme_and_period() {
    let own = opened().await;
    let mut change = own.change().await;
    let granted = exemption("U01", "驻村培训");
    own.store.exempt(&mut change, &ONE, &granted).await.unwrap();
    change.commit().await.unwrap();
    let of =
        async |program: &ProgramId, text: &str| own.store.exemptions(program, &period(text)).await.unwrap();
    assert_eq!(of(&ONE, "2024-11").await, [granted]);
    assert_eq!(of(&OTHER, "2024-11").await, []);
    assert_eq!(of(&ONE, "2024-12").await, []);
}

#[tokio::test]
async fn an_exemption_that_was_undone_no_longer_holds_and_is_remembered() {
    let own = opened().await;
    let mut change = own.change().await;
    own.store
        .exempt(&mut change, &ONE, &exemption("U01", "驻村培训"))
        .await
        .unwrap();
    let undone = Undone {
        unit: unit("U01"),
        reason: "提前回来".into(),
        at: at(3, 1),
    };
    let month = period("2024-11");
    own.store
        .undo_exemption(&mut change, &ONE, &month, &undone, "李四")
        .await
        .unwrap();
    change.commit().await.unwrap();
    assert_eq!(own.store.exemptions(&ONE, &month).await.unwrap(), []);
    assert_eq!(own.store.all_exemptions(&ONE, &month).await.unwrap().1, [undone]);
    assert_eq!(own.store.all_exemptions(&OTHER, &month).await.unwrap().1, []);
    // It may be granted anew.
    let mut change = own.change().await;
    let again = exemption("U01", "再去培训");
    own.store.exempt(&mut change, &ONE, &again).await.unwrap();
    change.commit().await.unwrap();
    assert_eq!(own.store.exemptions(&ONE, &month).await.unwrap(), [again]);
}

#[tokio::test]
async fn what_was_not_committed_never_was() {
    let own = opened().await;
    let mut change = own.change().await;
    own.store
        .exempt(&mut change, &ONE, &exemption("U01", "驻村培训"))
        .await
        .unwrap();
    drop(change);
    assert_eq!(own.store.exemptions(&ONE, &period("2024-11")).await.unwrap(), []);
}

#[tokio::test]
async fn every_extension_is_kept_and_told_with_its_programme() {
    let own = opened().await;
    let extension = |revision: u32, day: &str, when: DateTime<Utc>| Extension {
        period: period("2024-11"),
        unit: (revision == 2).then(|| "U02".parse().unwrap()),
        at: when,
        revision,
        due: day.parse().unwrap(),
        reason: "山洪断路".into(),
        by: "张三".into(),
    };
    let mut change = own.change().await;
    own.store
        .extend(&mut change, &ONE, &extension(1, "2024-12-09", at(3, 1)))
        .await
        .unwrap();
    own.store
        .extend(&mut change, &ONE, &extension(2, "2024-12-12", at(9, 1)))
        .await
        .unwrap();
    change.commit().await.unwrap();
    let all = own.store.extensions().await.unwrap();
    let one: taizhang::domain::ids::ProgramId = ONE.clone();
    let told: Vec<_> = all
        .iter()
        .map(|(program, own)| (program == &one, own.revision, own.unit.is_some(), own.at))
        .collect();
    assert_eq!(told, [(true, 1, false, at(3, 1)), (true, 2, true, at(9, 1))]);
    let month = period("2024-11");
    assert_eq!(own.store.decided_after(&ONE, at(4, 1)).await.unwrap(), [month]);
    assert_eq!(own.store.decided_after(&ONE, at(10, 1)).await.unwrap(), []);
}

#[tokio::test]
async fn a_programme_goes_live_once_and_a_trial_ends() {
    let own = opened().await;
    assert_eq!(own.store.gone_live(&ONE).await.unwrap(), None);
    assert_eq!(own.store.go_live(&ONE, at(2, 1)).await.unwrap(), at(2, 1));
    assert_eq!(
        own.store.go_live(&ONE, at(9, 1)).await.unwrap(),
        at(2, 1),
        "the first run counts"
    );
    assert_eq!(own.store.gone_live(&OTHER).await.unwrap(), None);
    own.store.begin_trial(&OTHER, at(2, 1)).await.unwrap();
    assert_eq!(own.store.trial_began(&OTHER).await.unwrap(), Some(at(2, 1)));
    let mut change = own.change().await;
    own.store.end_trial(&mut change, &OTHER, at(5, 1)).await.unwrap();
    change.commit().await.unwrap();
    assert_eq!(own.store.trial_began(&OTHER).await.unwrap(), None);
}

#[tokio::test]
async fn an_extension_is_seen_from_within_the_change_that_makes_it() {
    let own = opened().await;
    let month = period("2024-11");
    let extension = Extension {
        period: month.clone(),
        unit: None,
        at: at(3, 1),
        revision: 1,
        due: "2024-12-09".parse().unwrap(),
        reason: "寒潮停课".into(),
        by: "张三".into(),
    };
    let mut change = own.change().await;
    assert_eq!(
        own.store
            .extension_within(&mut change, &ONE, &month)
            .await
            .unwrap(),
        None
    );
    own.store.extend(&mut change, &ONE, &extension).await.unwrap();
    let within = own
        .store
        .extension_within(&mut change, &ONE, &month)
        .await
        .unwrap();
    assert_eq!(within.as_ref(), Some(&extension));
    assert_eq!(
        own.store
            .extension_within(&mut change, &OTHER, &month)
            .await
            .unwrap(),
        None
    );
    change.roll_back().await.unwrap();
    assert_eq!(own.store.extensions().await.unwrap(), [], "given up");
}
