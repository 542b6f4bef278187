//! What is asked of an index says what the submissions themselves say.

use std::collections::BTreeSet;

use taizhang::domain::ids::SubmissionId;
use taizhang::domain::obligation::State;
use taizhang::domain::period::Period;
use taizhang::domain::submission::{Record, Submission, counting};
use taizhang::jobs::{decide, finish, obligations};

use crate::harness::{PROGRAM, TestSite, samples};

/// A month as units hand it in, with a ledger withdrawn, one accepted by the
/// office, and one that came in again.
async fn month() -> TestSite {
    let site = TestSite::new().await;
    for (name, bytes) in samples() {
        site.drop_file(&name, bytes);
    }
    site.run().await;
    let records = site.records().await;
    let is = |wanted: fn(&Submission) -> bool| {
        let mut found = records
            .iter()
            .filter(|own| own.submission().as_ref().is_some_and(wanted));
        found.next().expect("the samples hold one").clone()
    };
    decide::withdraw(&site.site, &crate::by(), &is(Submission::is_accepted), "报错了")
        .await
        .unwrap();
    let returned = records
        .iter()
        .find(|own| own.submission().is_some_and(|own| own.is_returned()) && !own.detail.mismatch);
    decide::accept(
        &site.site,
        &crate::by(),
        returned.expect("the samples hold one"),
        "属实",
    )
    .await
    .unwrap();
    finish(&site.site).await.unwrap();
    site
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_are_what_the_submissions_say() {
    let site = month().await;
    let store = &site.site.store;
    let records = site.records().await;
    let versions = || {
        records
            .iter()
            .filter(|own| own.program == PROGRAM && own.version.is_some())
    };
    let periods: BTreeSet<Period> = versions().filter_map(|own| own.period.clone()).collect();
    let told: BTreeSet<Period> = store
        .periods_of(&PROGRAM.parse().unwrap())
        .await
        .unwrap()
        .into_iter()
        .collect();
    assert_eq!(told, periods);
    for period in &periods {
        let plain: Vec<Submission> = store
            .submissions_of(&PROGRAM.parse().unwrap(), period)
            .await
            .unwrap()
            .iter()
            .filter_map(Record::submission)
            .collect();
        assert!(
            plain.iter().any(|own| own.withdrawn.is_some()) && plain.iter().any(|own| !own.fill.is_empty())
        );
        assert!(plain.iter().any(|own| own.accepted_by_office.is_some()));
        let mut facts = store.facts_of(&PROGRAM.parse().unwrap(), period).await.unwrap();
        let mut lines = store.fill_lines(&PROGRAM.parse().unwrap(), period).await.unwrap();
        for own in &mut facts {
            own.fill = lines.remove(&own.id).unwrap_or_default();
        }
        assert_eq!(facts, plain);
        let units: BTreeSet<&str> = plain.iter().map(|own| own.unit.as_str()).collect();
        let counted: Vec<SubmissionId> = units
            .iter()
            .filter_map(|unit| {
                let own: Vec<Submission> = plain.iter().filter(|own| own.unit == *unit).cloned().collect();
                counting(&own).map(|own| own.id)
            })
            .collect();
        assert_eq!(
            store
                .counting_of(&PROGRAM.parse().unwrap(), period)
                .await
                .unwrap(),
            counted
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_without_history_has_nothing_to_tell() {
    let site = TestSite::new().await;
    let store = &site.site.store;
    let period: Period = "2024-11".parse().unwrap();
    assert!(
        store
            .periods_of(&PROGRAM.parse().unwrap())
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        store
            .facts_of(&PROGRAM.parse().unwrap(), &period)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        store
            .counting_of(&PROGRAM.parse().unwrap(), &period)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(store.placed_after("").await.unwrap().is_empty());
    let program = site.site.program(PROGRAM).unwrap();
    let standing = obligations::standing(&site.site, &program, &period)
        .await
        .unwrap()
        .unwrap();
    assert!(standing.obligations.iter().all(|own| own.state == State::Due));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lies_as_we_left_it_is_not_looked_at_and_what_a_person_changed_is() {
    let site = month().await;
    let count = site.records().await.len();
    site.run().await;
    assert_eq!(site.records().await.len(), count, "nothing of it is new");
    let placed = site.site.store.placed_after("").await.unwrap();
    let accepted = placed
        .iter()
        .find(|(path, ..)| path.contains("审核通过") && path.contains(".xls"));
    let path = site
        .site
        .options
        .watch
        .join(&accepted.expect("some were accepted").0);
    let changed = crate::harness::save_with(&crate::harness::read(&path), &[]);
    std::fs::write(&path, changed).unwrap();
    site.run().await;
    assert_eq!(
        site.records().await.len(),
        count + 1,
        "it was saved again by a person"
    );
}
