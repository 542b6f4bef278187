//! Drafts that units save in their forms, and forms that were given.

use taizhang::store::{Checked, Draft};

use crate::{ONE, OTHER, at, opened, period, unit};

fn draft(program: &str, id: &str, path: &str, rows: u32, hour: u32) -> Draft {
    Draft {
        file: Checked {
            path: path.parse().unwrap(),
            program: program.parse().unwrap(),
            unit: unit(id),
            period: period("2024-12"),
            sha256: [u8::try_from(rows).unwrap(); 32].into(),
            size: 1000,
            modified: 0,
            filled: true,
            saved: at(10, hour),
            checked: at(10, hour),
        },
        rows,
        nil: false,
        faults: 1,
        findings: Vec::new(),
    }
}

#[tokio::test]
async fn a_draft_is_what_was_saved_last_at_its_place() {
    let own = opened().await;
    for rows in [1, 2] {
        let mut change = own.change().await;
        own.store
            .keep_draft(&mut change, &draft(&ONE, "U01", "甲/表.xlsx", rows, rows))
            .await
            .unwrap();
        change.commit().await.unwrap();
    }
    let month = period("2024-12");
    let known = own.store.drafts(&ONE, &month).await.unwrap();
    assert_eq!(known, [draft(&ONE, "U01", "甲/表.xlsx", 2, 2)]);
    assert_eq!(own.store.drafts(&OTHER, &month).await.unwrap(), []);
    let mut change = own.change().await;
    assert!(
        own.store
            .checked_within(&mut change, "甲/表.xlsx")
            .await
            .unwrap()
            .is_some()
    );
    own.store.drop_draft(&mut change, "甲/表.xlsx").await.unwrap();
    change.commit().await.unwrap();
    assert_eq!(own.store.drafts(&ONE, &month).await.unwrap(), []);
    assert_eq!(own.store.all_checked().await.unwrap(), []);
}

#[tokio::test]
async fn the_same_unit_of_two_programmes_has_two_drafts() {
    let own = opened().await;
    let mut change = own.change().await;
    own.store
        .keep_draft(&mut change, &draft(&ONE, "U01", "甲/表.xlsx", 1, 1))
        .await
        .unwrap();
    own.store
        .keep_draft(&mut change, &draft(&OTHER, "U01", "乙/表.xlsx", 5, 1))
        .await
        .unwrap();
    change.commit().await.unwrap();
    let month = period("2024-12");
    for (program, rows) in [(ONE.clone(), 1), (OTHER.clone(), 5)] {
        let known = own.store.drafts(&program, &month).await.unwrap();
        assert_eq!(
            known.iter().map(|own| own.rows).collect::<Vec<_>>(),
            [rows],
            "{program}"
        );
    }
    assert_eq!(own.store.all_checked().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_form_is_given_once() {
    let own = opened().await;
    let month = period("2024-12");
    let (first, second) = (unit("U01"), unit("U02"));
    for _ in 0..2 {
        let mut change = own.change().await;
        own.store
            .give_forms(
                &mut change,
                &ONE,
                &month,
                &[(&first, ""), (&second, "")],
                at(2, 1),
            )
            .await
            .unwrap();
        change.commit().await.unwrap();
    }
    let given = own.store.forms_given(&ONE, &month).await.unwrap();
    let none = String::new();
    assert_eq!(given, [(first, none.clone()), (second, none)].into());
    assert!(own.store.forms_given(&OTHER, &month).await.unwrap().is_empty());
}
