//! A file counts once, whoever claims it how often; it moves, or the claim is refused.

use std::fs;
use std::sync::Arc;

use taizhang::domain::finding::Verdict;
use taizhang::domain::ids::UnitId;
use taizhang::domain::obligation::State;
use taizhang::domain::period::Period;
use taizhang::domain::program::Program;
use taizhang::domain::submission::Record;
use taizhang::jobs::decide::claim::{Claimed, claim, claim_seen, look};
use taizhang::jobs::{decide, finish, obligations};

use crate::harness::{PROGRAM, TestSite, cells};

/// Its unit can't be told: 边板村 is 洪文泽's and 林强's.
const NEW: &str = "新建 Microsoft Excel 工作表.xlsx";

fn november() -> Period {
    "2024-11".parse().unwrap()
}

fn program(site: &TestSite) -> Arc<Program> {
    site.site.program(PROGRAM).unwrap()
}

async fn unclaimed() -> (TestSite, Record) {
    let site = TestSite::new().await;
    site.drop_sample(NEW, "").run().await;
    let record = site.last().await;
    assert_eq!(record.verdict, Verdict::Unclaimed);
    (site, record)
}

async fn claim_for(site: &TestSite, record: &Record, name: &str) -> anyhow::Result<Claimed> {
    claim(
        &site.site,
        &crate::by(),
        &program(site),
        record,
        &site.unit(name),
        &november(),
    )
    .await
}

async fn state(site: &TestSite, name: &str) -> State {
    let standing = obligations::standing(&site.site, &program(site), &november()).await;
    standing.unwrap().unwrap().of(&site.unit(name)).unwrap().state
}

/// Units for which a version of the file counts.
async fn counted(site: &TestSite) -> Vec<String> {
    let records = site.records().await;
    let counting = records.iter().filter_map(Record::submission);
    let roster = program(site);
    counting
        .filter(taizhang::domain::submission::Submission::is_accepted)
        .map(|own| roster.roster.unit(&own.unit).unwrap().name.clone())
        .collect()
}

fn in_master(site: &TestSite, name: &str) -> bool {
    cells(&site.master(), "汇总表（呈阅）")
        .values()
        .any(|text| text == name)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_for_another_unit_moves_the_file() {
    let (site, first) = unclaimed().await;
    let claimed = claim_for(&site, &first, "林强").await.unwrap();
    assert_eq!((claimed.version, claimed.moved), (Some(1), None));
    finish(&site.site).await.unwrap();
    assert!(in_master(&site, "林强"));
    // By the path where it lay before: the database finds the first submission.
    let claimed = claim_for(&site, &first, "洪文泽").await.unwrap();
    let moved = claimed.moved.expect("it counted for 林强");
    assert_eq!(
        (moved.from.as_str(), moved.counts),
        ("林强挂点组2024年11月", None)
    );
    finish(&site.site).await.unwrap();
    assert_eq!(counted(&site).await, ["洪文泽"]);
    assert_eq!(state(&site, "洪文泽").await, State::Accepted);
    assert_eq!(state(&site, "林强").await, State::Due);
    assert!(site.exists(&format!("洪文泽/审核通过/2024-11/{NEW}")));
    assert!(
        site.names("林强/审核通过/2024-11").is_empty(),
        "{:?}",
        site.names("林强/审核通过/2024-11")
    );
    let notes = site.names("林强");
    assert!(
        notes.iter().any(|name| name.starts_with("2024-11 第1版已撤回")),
        "{notes:?}"
    );
    let note = notes.iter().find(|name| name.starts_with("2024-11 ")).unwrap();
    let text = fs::read_to_string(site.share(&format!("林强/{note}"))).unwrap();
    assert!(text.contains("改归洪文泽挂点组2024年11月"), "{text}");
    assert!(in_master(&site, "洪文泽") && !in_master(&site, "林强"));
    let journal = site.site.store.journal().await.unwrap();
    let what: Vec<&str> = journal.iter().map(|line| line.what.as_str()).collect();
    assert!(
        what.ends_with(&["claimed", "master", "moved", "claimed", "master"]),
        "{what:?}"
    );
    // By its name, which names the submission that counts now, and back again.
    let last = site.last().await;
    claim_for(&site, &last, "林强").await.unwrap();
    finish(&site.site).await.unwrap();
    assert_eq!(counted(&site).await, ["林强"]);
    assert!(site.exists(&format!("林强/审核通过/2024-11/{NEW}")));
    assert!(!site.exists(&format!("洪文泽/审核通过/2024-11/{NEW}")));
    site.run().await;
    assert_eq!(site.records().await.len(), 4, "nothing is taken again");
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_before_the_file_was_moved_leave_it_in_one_place() {
    let (site, first) = unclaimed().await;
    for name in ["林强", "洪文泽", "林强", "洪文泽"] {
        claim_for(&site, &first, name).await.unwrap();
    }
    finish(&site.site).await.unwrap();
    assert_eq!(counted(&site).await, ["洪文泽"]);
    assert!(site.exists(&format!("洪文泽/审核通过/2024-11/{NEW}")));
    assert!(site.names("林强/审核通过/2024-11").is_empty());
    assert!(
        site.names("待确认单位").is_empty(),
        "{:?}",
        site.names("待确认单位")
    );
    site.run().await;
    assert_eq!(counted(&site).await, ["洪文泽"]);
}

/// The step of the first claim was under way when the second was recorded: it
/// takes the file where the second one doesn't look for it. `recorded`: as
/// opposed to killed before that.
async fn overtaken_under_way(recorded: bool) -> (TestSite, String) {
    let (site, first) = unclaimed().await;
    let there = format!("乌塘挂点台账/林强/审核通过/2024-11/{NEW}");
    claim_for(&site, &first, "林强").await.unwrap();
    let overtaken = site.last().await.id;
    claim_for(&site, &first, "洪文泽").await.unwrap();
    let store = &site.site.store;
    let lies_at = store.submission(first.id).await.unwrap().unwrap().placed.unwrap();
    let root = &site.site.options.watch;
    fs::create_dir_all(root.join(&there).parent().unwrap()).unwrap();
    fs::rename(root.join(&lies_at), root.join(&there)).unwrap();
    if recorded {
        let before = store.placed_at(&[&lies_at]).await.unwrap().pop();
        let left = before.map(|before| taizhang::store::Placed {
            path: there.parse().unwrap(),
            submission: Some(overtaken),
            ..before
        });
        let mut change = store.begin().await.unwrap();
        let paths = [(lies_at, None), (there.parse().unwrap(), left)];
        store.place_all(&mut change, &paths).await.unwrap();
        store
            .finish_deliveries(&mut change, &[], &[(overtaken, &there)])
            .await
            .unwrap();
        change.commit().await.unwrap();
    }
    (site, there)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_fetches_the_file_from_where_an_overtaken_one_took_it() {
    for recorded in [true, false] {
        let (site, there) = overtaken_under_way(recorded).await;
        finish(&site.site).await.unwrap();
        assert!(site.exists(&format!("洪文泽/审核通过/2024-11/{NEW}")));
        let left = site.names("林强/审核通过/2024-11");
        assert!(left.is_empty(), "recorded: {recorded}: {left:?}");
        assert!(site.site.store.placed_at(&[&there]).await.unwrap().is_empty());
        site.run().await;
        assert_eq!(counted(&site).await, ["洪文泽"]);
        assert_eq!(site.records().await.len(), 3, "nothing is taken again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_a_persons_own_stays_where_an_overtaken_claim_left_the_file() {
    let (site, there) = overtaken_under_way(true).await;
    let path = site.site.options.watch.join(&there);
    fs::write(&path, "别的内容").unwrap();
    finish(&site.site).await.unwrap();
    assert!(site.exists(&format!("洪文泽/审核通过/2024-11/{NEW}")));
    assert_eq!(fs::read_to_string(path).unwrap(), "别的内容");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_gets_back_what_counted_before() {
    let (site, first) = unclaimed().await;
    site.drop_sample("林强-2024年11月.xlsx", "林强").run().await;
    let own = site.last().await;
    assert!(own.verdict.is_accepted(), "{:?}", site.codes().await);
    let claimed = claim_for(&site, &first, "林强").await.unwrap();
    assert_eq!((claimed.version, claimed.replaces), (Some(2), Some(1)));
    finish(&site.site).await.unwrap();
    let moved = claim_for(&site, &first, "洪文泽").await.unwrap().moved.unwrap();
    assert_eq!(moved.counts, Some(1));
    finish(&site.site).await.unwrap();
    let notes = site.names("林强");
    assert!(
        notes.contains(&"2024-11 已通过 第1版.txt".to_owned()),
        "{notes:?}"
    );
    assert!(site.exists("林强/审核通过/2024-11/报送回执.txt"));
    assert!(in_master(&site, "洪文泽") && in_master(&site, "林强"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_claim_again_is_refused_with_a_sentence() {
    let (site, first) = unclaimed().await;
    claim_for(&site, &first, "林强").await.unwrap();
    let before = site.site.store.journal().await.unwrap();
    for named in [first.clone(), site.last().await] {
        let refused = claim_for(&site, &named, "林强").await.unwrap_err().to_string();
        assert!(refused.contains("归林强挂点组2024年11月，第1版"), "{refused}");
    }
    assert_eq!(
        site.site.store.journal().await.unwrap(),
        before,
        "nothing was written"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_claimed_is_said() {
    let (site, first) = unclaimed().await;
    let refused = |result: anyhow::Result<Claimed>| result.unwrap_err().to_string();
    let linqiang = site.unit("林强");
    let future: Period = "2025-02".parse().unwrap();
    let said = refused(
        claim(
            &site.site,
            &crate::by(),
            &program(&site),
            &first,
            &linqiang,
            &future,
        )
        .await,
    );
    assert!(said.contains("还没有开始"), "{said}");
    // A ledger that a person withdrew counts for nobody until it is handed in again.
    site.drop_sample("吴垂超11月台账.xlsx", "吴垂超").run().await;
    let own = site.last().await;
    decide::withdraw(&site.site, &crate::by(), &own, "报错了")
        .await
        .unwrap();
    let said = refused(claim_for(&site, &own, "林强").await);
    assert!(
        said.contains("已由测试撤回（报错了）") && said.contains("请把文件再放进"),
        "{said}"
    );
    // A claim that was withdrawn leaves the file to be claimed anew, once.
    claim_for(&site, &first, "林强").await.unwrap();
    decide::withdraw(&site.site, &crate::by(), &site.last().await, "弄错了")
        .await
        .unwrap();
    finish(&site.site).await.unwrap();
    claim_for(&site, &first, "洪文泽").await.unwrap();
    finish(&site.site).await.unwrap();
    assert_eq!(counted(&site).await, ["洪文泽"]);
    assert!(site.exists(&format!("洪文泽/审核通过/2024-11/{NEW}")));
    assert!(site.names("林强/退回修改/2024-11").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_in_the_wrong_folder_is_moved_without_a_detour() {
    let site = TestSite::new().await;
    site.drop_sample(NEW, "林强").run().await;
    let own = site.last().await;
    assert!(own.verdict.is_accepted(), "{:?}", site.codes().await);
    let claimed = claim_for(&site, &own, "洪文泽").await.unwrap();
    assert!(claimed.moved.is_some());
    finish(&site.site).await.unwrap();
    assert_eq!(counted(&site).await, ["洪文泽"]);
    assert!(site.exists(&format!("洪文泽/审核通过/2024-11/{NEW}")));
    assert!(site.names("林强/审核通过/2024-11").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claim_after_the_close_leaves_the_settled_master_and_says_so() {
    let (site, first) = unclaimed().await;
    claim_for(&site, &first, "林强").await.unwrap();
    finish(&site.site).await.unwrap();
    site.at("2024-12-20T09:00:00+08:00").run().await;
    let settled = fs::read(site.output("汇总台账（定稿）.xlsx")).unwrap();
    let claimed = claim_for(&site, &first, "洪文泽").await.unwrap();
    assert!(claimed.closed.is_some());
    finish(&site.site).await.unwrap();
    assert_eq!(fs::read(site.output("汇总台账（定稿）.xlsx")).unwrap(), settled);
    let corrected = crate::harness::read(&site.output("汇总台账（更正稿）.xlsx"));
    let names: Vec<String> = cells(&corrected, "汇总表（呈阅）").into_values().collect();
    assert!(names.iter().any(|name| name == "洪文泽") && !names.iter().any(|name| name == "林强"));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_claim_at_once_the_second_is_told() {
    let (site, first) = unclaimed().await;
    let seen = look(&site.site, &first).await.unwrap();
    let program = program(&site);
    let (linqiang, hong) = (site.unit("林强"), site.unit("洪文泽"));
    claim_seen(&site.site, &crate::by(), &program, &seen, &linqiang, &november())
        .await
        .unwrap();
    let before = site.site.store.journal().await.unwrap();
    let late = claim_seen(&site.site, &crate::by(), &program, &seen, &hong, &november()).await;
    let told = late.unwrap_err().to_string();
    for part in [
        "刚才已由测试于2024年12月2日9:00认领",
        "现在归林强挂点组2024年11月",
        "没有作任何更改",
    ] {
        assert!(told.contains(part), "{told}");
    }
    assert_eq!(site.site.store.journal().await.unwrap(), before);
    assert_eq!(counted(&site).await, ["林强"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_moves_from_a_unit_that_was_renamed_and_into_another_programme() {
    let other = "wutang-copy";
    let site = TestSite::with(|root| {
        let programs = root.join("templates/programs");
        let copy = programs.join(other);
        fs::create_dir_all(&copy).unwrap();
        for entry in fs::read_dir(programs.join(PROGRAM)).unwrap() {
            let entry = entry.unwrap();
            let bytes = fs::read(entry.path()).unwrap();
            let text = String::from_utf8(bytes).unwrap();
            let text = text
                .replace(&format!("id = \"{PROGRAM}\""), &format!("id = \"{other}\""))
                .replace("folder = \"乌塘挂点台账\"", "folder = \"另一台账\"");
            fs::write(copy.join(entry.file_name()), text).unwrap();
        }
    })
    .await;
    site.drop_sample(NEW, "").run().await;
    let first = site.records().await.remove(0);
    claim_for(&site, &first, "林强").await.unwrap();
    finish(&site.site).await.unwrap();
    let roster = site
        .root()
        .join(format!("templates/programs/{PROGRAM}/roster.csv"));
    let text = fs::read_to_string(&roster).unwrap();
    fs::write(
        &roster,
        text.replace("U04,林强,林强挂点组,", "U04,林强一组,林强一组,"),
    )
    .unwrap();
    assert!(site.site.reload(), "{:?}", site.site.problems());
    let copied = site
        .site
        .program(other)
        .expect("the copy is a programme of its own");
    let hong = copied.roster.find("洪文泽").unwrap().id.clone();
    let claimed = claim(&site.site, &crate::by(), &copied, &first, &hong, &november())
        .await
        .unwrap();
    assert_eq!(claimed.moved.unwrap().from, "林强一组2024年11月");
    finish(&site.site).await.unwrap();
    assert!(counted_in(&site, PROGRAM).await.is_empty());
    assert_eq!(counted_in(&site, other).await, [hong]);
    let moved = site
        .site
        .options
        .watch
        .join(format!("另一台账/洪文泽/审核通过/2024-11/{NEW}"));
    assert!(moved.exists());
    assert!(!site.exists(&format!("林强/审核通过/2024-11/{NEW}")));
}

async fn counted_in(site: &TestSite, program: &str) -> Vec<UnitId> {
    let records = site.records().await;
    let own = records.iter().filter(|record| record.program == program);
    own.filter_map(Record::submission)
        .filter(taizhang::domain::submission::Submission::is_accepted)
        .map(|own| own.unit)
        .collect()
}
