//! The journal, what we left on the share, and what is remembered by name.

use std::borrow::Cow;

use taizhang::domain::actor::Via;
use taizhang::domain::share_path::SharePath;
use taizhang::store::{Entry, Placed, Role, Sought};

use crate::{ONE, at, bytes, opened, period, unit};

#[tokio::test]
async fn the_journal_keeps_every_line_in_its_order() {
    let own = opened().await;
    let (program, unit) = (ONE.clone(), unit("U01"));
    let entry = |what: &'static str| Entry {
        by: "张三",
        via: Via::Command,
        what,
        program: Some(&program),
        unit: Some(&unit),
        period: Some(period("2024-11")),
        submission: None,
        letter: None,
        detail: Cow::Borrowed("驻村培训"),
    };
    let before = own.store.change_count().await.unwrap();
    let mut change = own.change().await;
    own.store
        .log(&mut change, at(2, 1), &entry("exempt"))
        .await
        .unwrap();
    own.store
        .log_all(&mut change, at(3, 1), &[entry("extended"), entry("withdrawn")])
        .await
        .unwrap();
    change.commit().await.unwrap();
    let told = async |from: Option<u32>, to: Option<u32>| -> Vec<String> {
        let sought = Sought {
            from: from.map(|day| at(day, 0)),
            to: to.map(|day| at(day, 0)),
            ..Sought::default()
        };
        let found = own.store.journal_sought(&sought, 10, 10).await.unwrap();
        assert_eq!(own.store.count_sought(&sought).await.unwrap(), found.lines.len());
        found.lines.into_iter().map(|own| own.what).collect()
    };
    assert_eq!(told(None, None).await, ["withdrawn", "extended", "exempt"]);
    assert_eq!(told(Some(3), None).await, ["withdrawn", "extended"]);
    assert_eq!(told(None, Some(3)).await, ["exempt"]);
    assert!(
        own.store.change_count().await.unwrap() > before,
        "a daemon sees that a person decided"
    );
}

#[tokio::test]
async fn a_file_of_ours_is_known_by_its_place() {
    let own = opened().await;
    let placed = |sha256: &str, path: &str| Placed {
        path: path.parse().unwrap(),
        sha256: bytes(sha256),
        size: 10,
        modified: 1,
        role: Role::Note,
        submission: None,
    };
    let mut change = own.change().await;
    for (sha256, path) in [
        ("a", "甲/一.txt"),
        ("b", "甲/一.txt"),
        ("c", "甲（文件名无法识别）.txt"),
    ] {
        own.store.place(&mut change, &placed(sha256, path)).await.unwrap();
    }
    let within = own.store.placed_within(&mut change, "甲/一.txt").await.unwrap();
    change.commit().await.unwrap();
    assert_eq!(within, Some(placed("b", "甲/一.txt")));
    assert_eq!(own.store.placed().await.unwrap().len(), 2);
    let ending = own.store.notes_ending("（文件名无法识别）.txt").await.unwrap();
    assert_eq!(ending, ["甲（文件名无法识别）.txt"]);
}

#[tokio::test]
async fn what_is_remembered_by_name_is_the_last_value() {
    let own = opened().await;
    assert_eq!(own.store.meta("letters").await.unwrap(), None);
    for value in ["1", "2"] {
        own.store.set_meta("letters", value).await.unwrap();
    }
    assert_eq!(own.store.meta("letters").await.unwrap(), Some("2".into()));
    assert_eq!(own.store.last_scan().await.unwrap(), None);
    own.store.set_last_scan(at(2, 1)).await.unwrap();
    assert_eq!(own.store.last_scan().await.unwrap(), Some(at(2, 1)));
}

#[tokio::test]
async fn a_copy_made_beside_running_work_is_whole() {
    let own = opened().await;
    own.store.set_meta("letters", "1").await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.sqlite3");
    own.store.backup(&copy).await.unwrap();
    own.store.set_meta("letters", "2").await.unwrap();
    let copied = taizhang::store::Store::open(&copy).await.unwrap();
    assert_eq!(copied.meta("letters").await.unwrap(), Some("1".into()));
    assert_eq!(copied.integrity().await.unwrap(), None);
}

#[tokio::test]
async fn what_lies_below_a_folder_is_told_apart_from_a_namesake_beside_it() {
    let own = opened().await;
    let placed = |path: &str| Placed {
        path: path.parse().unwrap(),
        sha256: bytes("a"),
        size: 10,
        modified: 1,
        role: Role::Note,
        submission: None,
    };
    let mut change = own.change().await;
    let paths = ["甲/一.txt", "甲/子/二.txt", "甲乙/三.txt", "甲%/四.txt"];
    let all: Vec<_> = paths
        .iter()
        .map(|path| (path.parse().unwrap(), Some(placed(path))))
        .collect();
    own.store.place_all(&mut change, &all).await.unwrap();
    change.commit().await.unwrap();
    let below = async |folder: &str| -> Vec<SharePath> {
        let found = own.store.placed_below(folder).await.unwrap();
        let mut paths: Vec<_> = found.into_iter().map(|own| own.path).collect();
        paths.sort();
        paths
    };
    assert_eq!(below("甲").await, ["甲/一.txt", "甲/子/二.txt"]);
    assert_eq!(below("甲%").await, ["甲%/四.txt"], "a name is no pattern");
    let mut change = own.change().await;
    own.store
        .place_all(&mut change, &[("甲/一.txt".parse().unwrap(), None)])
        .await
        .unwrap();
    change.commit().await.unwrap();
    assert_eq!(below("甲").await, ["甲/子/二.txt"], "taken away");
}
