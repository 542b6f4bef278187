//! Submissions: versions, what counts, what waits.

use taizhang::domain::codes::Code;
use taizhang::domain::evidence::{Evidence, Source};
use taizhang::domain::finding::{Finding, Verdict};
use taizhang::domain::ids::{SubmissionId, UnitId};
use taizhang::domain::submission::{Arrival, NewSubmission, RecordDetail};
use taizhang::store::{Body, Change};

use crate::{ONE, OTHER, Own, at, bytes, opened, period, unit};

/// A file of a unit for November.
pub fn file(program: &str, id: &str, verdict: Verdict, hour: u32) -> NewSubmission {
    NewSubmission {
        picture: Vec::new(),
        program: program.parse().unwrap(),
        unit: Some(unit(id)),
        period: Some(period("2024-11")),
        sha256: bytes(&format!("{program}{id}{hour}")),
        size: 1000,
        file_name: "台账.xlsx".into(),
        origin: "甲/台账.xlsx".parse().unwrap(),
        arrival: Arrival {
            after: None,
            seen: at(2, hour),
        },
        decided: at(2, hour),
        verdict,
        nil: false,
        row_count: Some(1),
        content: String::new(),
        program_hash: String::new(),
        form_version: None,
        duplicate_of: None,
        claimed_from: None,
        rows: Vec::new(),
        findings: Vec::new(),
        detail: RecordDetail::default(),
    }
}

pub async fn add(own: &Own, new: &NewSubmission, version: Option<u32>) -> SubmissionId {
    let mut change = own.change().await;
    let id = own.store.add_submission(&mut change, new, version).await.unwrap();
    own.store
        .add_bodies(&mut change, &[Body::of(id, new)])
        .await
        .unwrap();
    change.commit().await.unwrap();
    id
}

#[tokio::test]
async fn versions_are_of_one_unit_programme_and_period_in_their_order() {
    let own = opened().await;
    let first = add(&own, &file(&ONE, "U01", Verdict::Returned, 1), Some(1)).await;
    let second = add(&own, &file(&ONE, "U01", Verdict::Accepted, 2), Some(2)).await;
    add(&own, &file(&OTHER, "U01", Verdict::Accepted, 3), Some(1)).await;
    add(&own, &file(&ONE, "U02", Verdict::Accepted, 4), Some(1)).await;
    let month = period("2024-11");
    let versions = own.store.versions(&ONE, &unit("U01"), &month).await.unwrap();
    assert_eq!(
        versions
            .iter()
            .map(|own| (own.id, own.version))
            .collect::<Vec<_>>(),
        [(first, Some(1)), (second, Some(2))]
    );
    let latest = own.store.latest_versions(&ONE).await.unwrap();
    assert_eq!(latest.len(), 2);
    assert_eq!(latest[&unit("U01")][&month], 2);
    assert_eq!(
        own.store.submission(second).await.unwrap().unwrap().unit,
        Some(unit("U01"))
    );
}

#[tokio::test]
async fn the_latest_accepted_version_counts_until_it_is_taken_back() {
    let own = opened().await;
    let first = add(&own, &file(&ONE, "U01", Verdict::Accepted, 1), Some(1)).await;
    add(&own, &file(&ONE, "U01", Verdict::Returned, 2), Some(2)).await;
    let third = add(
        &own,
        &file(&ONE, "U01", Verdict::AcceptedWithWarnings, 3),
        Some(3),
    )
    .await;
    let month = period("2024-11");
    let counting = async || own.store.counting_of(&ONE, &month).await.unwrap();
    assert_eq!(counting().await, [third]);
    let mut change = own.change().await;
    let withdraw = async |change: &mut Change, by: &str| {
        own.store
            .withdraw(change, third, by, "报错月份", at(5, 1))
            .await
            .unwrap()
    };
    assert!(withdraw(&mut change, "李四").await);
    assert!(!withdraw(&mut change, "王五").await, "taken back once");
    change.commit().await.unwrap();
    assert_eq!(counting().await, [first]);
    let by_unit = own.store.counting_by_unit(&ONE, &month).await.unwrap();
    assert_eq!(by_unit, [(unit("U01"), first)].into());
    assert_eq!(
        own.store.counting_of(&OTHER, &month).await.unwrap(),
        Vec::<SubmissionId>::new()
    );
    let record = own.store.submission(third).await.unwrap().unwrap();
    assert_eq!(record.withdrawn, Some(("李四".into(), "报错月份".into())));
    assert_eq!(record.withdrawn_at, Some(at(5, 1)));
}

#[tokio::test]
async fn what_the_office_accepts_counts_and_says_by_whom() {
    let own = opened().await;
    let id = add(&own, &file(&ONE, "U01", Verdict::Returned, 1), Some(1)).await;
    let mut change = own.change().await;
    let accept = async |change: &mut Change, by: &str| {
        own.store
            .accept(change, id, by, "已电话核实", at(5, 1))
            .await
            .unwrap()
    };
    assert!(accept(&mut change, "李四").await);
    assert!(!accept(&mut change, "王五").await, "accepted once");
    change.commit().await.unwrap();
    let month = period("2024-11");
    assert_eq!(own.store.counting_of(&ONE, &month).await.unwrap(), [id]);
    let facts = own.store.facts_of(&ONE, &month).await.unwrap();
    assert_eq!(
        facts[0].accepted_by_office,
        Some(("李四".into(), "已电话核实".into()))
    );
    assert_eq!(
        facts[0].verdict,
        Verdict::Returned,
        "the verdict of the checks stays"
    );
}

#[tokio::test]
async fn what_makes_no_version_waits_for_a_person_and_is_no_one_s_debt() {
    let own = opened().await;
    let held = add(&own, &file(&ONE, "U01", Verdict::Unclaimed, 1), None).await;
    add(&own, &file(&ONE, "U02", Verdict::Accepted, 2), Some(1)).await;
    let waiting = own.store.waiting().await.unwrap();
    assert_eq!(waiting.iter().map(|own| own.id).collect::<Vec<_>>(), [held]);
    let month = period("2024-11");
    let unconfirmed = own.store.unconfirmed(&ONE, Some(&month)).await.unwrap();
    assert_eq!(unconfirmed[&month][&unit("U01")].since, at(2, 1));
    assert_eq!(unconfirmed[&month].len(), 1);
    assert_eq!(own.store.unconfirmed(&ONE, None).await.unwrap(), unconfirmed);
    assert!(own.store.unconfirmed(&OTHER, None).await.unwrap().is_empty());
    // Claimed: what takes its place settles it.
    let mut settled = file(&ONE, "U01", Verdict::Accepted, 3);
    settled.claimed_from = Some(held);
    add(&own, &settled, Some(1)).await;
    assert!(own.store.waiting().await.unwrap().is_empty());
    assert!(
        own.store
            .unconfirmed(&ONE, Some(&month))
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_held_file_may_be_for_the_open_period_as_well() {
    let own = opened().await;
    let mut held = file(&ONE, "U01", Verdict::Unclaimed, 1);
    held.findings = vec![
        Finding::new(Code::PeriodUnclear)
            .with("nil", "")
            .with("conflict", ""),
    ];
    held.detail.evidence = vec![Evidence {
        about: "period".into(),
        source: Source::OpenPeriod,
        found: "2024-12".into(),
        says: Some("2024-12".into()),
        weight: 10,
    }];
    add(&own, &held, None).await;
    let all = own.store.unconfirmed(&ONE, None).await.unwrap();
    for (month, waits) in [("2024-11", true), ("2024-12", true), ("2025-01", false)] {
        let month = period(month);
        let unconfirmed = own.store.unconfirmed(&ONE, Some(&month)).await.unwrap();
        assert_eq!(unconfirmed.len(), usize::from(waits), "{month}");
        assert_eq!(unconfirmed.get(&month), all.get(&month), "{month}");
        assert_eq!(all.contains_key(&month), waits, "{month}");
    }
}

#[tokio::test]
async fn several_units_versions_are_asked_for_together() {
    let own = opened().await;
    for (id, hour) in [("U01", 1), ("U02", 2), ("U03", 3)] {
        add(&own, &file(&ONE, id, Verdict::Accepted, hour), Some(1)).await;
    }
    let month = period("2024-11");
    let found = own
        .store
        .versions_of_units(&ONE, &month, &[&unit("U01"), &unit("U03"), &unit("U09")])
        .await
        .unwrap();
    let mut units: Vec<&str> = found.keys().map(UnitId::as_str).collect();
    units.sort_unstable();
    assert_eq!(units, ["U01", "U03"]);
}

#[tokio::test]
async fn an_alias_is_offered_once_a_programme() {
    let own = opened().await;
    for _ in 0..2 {
        let mut change = own.change().await;
        own.store
            .offer_alias(&mut change, &ONE, "洪文择", Some(&unit("U01")), at(2, 1))
            .await
            .unwrap();
        change.commit().await.unwrap();
    }
    let offers = own.store.alias_offers().await.unwrap();
    assert_eq!(offers, [(ONE.clone(), "洪文择".to_owned(), Some(unit("U01")))]);
}
