//! Two sites on one share: whose it is, who stays away, who takes over when.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use taizhang::domain::finding::Verdict;
use taizhang::domain::sentinel::{Said, Sentinel};
use taizhang::inbox::SENTINEL;
use taizhang::jobs::ingest::Round;
use taizhang::jobs::pass;
use taizhang::jobs::progress::Progress;
use taizhang::jobs::sentinel::{self, hold, owner, release};
use taizhang::jobs::site::Site;

use crate::harness::{MORNING, TestSite, open, tree};

const LEDGER: &str = "吴垂超11月台账.xlsx";
const ACCEPTED: &str = "吴垂超/审核通过/2024-11/吴垂超11月台账.xlsx";

/// A second site, with a data folder of its own, on the first one's share.
async fn second_on(first: &TestSite) -> TestSite {
    let watch = first.site.options.watch.clone();
    let second = TestSite::with(|root| {
        let config = root.join("config.toml");
        let text = fs::read_to_string(&config).unwrap();
        let changed = text.replace("watch = \"watch\"", &format!("watch = '{}'", watch.display()));
        assert_ne!(text, changed);
        fs::write(config, changed).unwrap();
    })
    .await;
    second.site.holding.set_grace(Duration::ZERO);
    second
}

/// The same site in a process of its own, as after a restart.
async fn restarted(site: &TestSite) -> Arc<Site> {
    open(site.root(), MORNING).await
}

async fn run(site: &Arc<Site>) -> Round {
    pass::once(site, &Progress::default()).await.unwrap().0
}

fn text(site: &TestSite) -> String {
    fs::read_to_string(site.site.options.watch.join(SENTINEL)).unwrap()
}

fn write(site: &TestSite, text: &str) {
    fs::write(site.site.options.watch.join(SENTINEL), text).unwrap();
}

fn named(site: &TestSite) -> Sentinel {
    owner(&site.site.options.watch).expect("the sentinel names nobody")
}

/// Lets the sentinel look as if its owner had been silent for so long.
fn silent_for(site: &TestSite, time: TimeDelta) {
    let mut sentinel = named(site);
    sentinel.heartbeat -= time;
    write(site, &sentinel.to_text(site.site.clock.zone()));
}

async fn told(site: &Site) -> Vec<(String, String)> {
    let journal = site.store.journal().await.unwrap();
    let about = ["share-taken-over", "sentinel-repaired"];
    journal
        .into_iter()
        .filter(|line| about.contains(&line.what.as_str()))
        .map(|line| (line.what, line.detail))
        .collect()
}

fn page(site: &TestSite) -> String {
    fs::read_to_string(site.site.options.output.join("运行情况.txt")).unwrap()
}

fn command(root: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .arg("--config")
        .arg(root.join("config.toml"))
        .args(words)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + String::from_utf8_lossy(&output.stderr).as_ref()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_names_its_site_and_steps_of_the_clock_are_no_matter() {
    let first = TestSite::new().await;
    let seen = named(&first);
    assert_eq!(seen.site, sentinel::id(&first.site).await.unwrap());
    assert!(Path::new(&seen.data).is_absolute() && seen.data.ends_with("/data"));
    assert!(!seen.stopped && !seen.host.is_empty());
    assert!(text(&first).starts_with("# taizhang 用这个文件判断共享文件夹是否在线"));
    for now in [
        "2025-03-01T09:00:00+08:00",
        "2024-12-02T09:00:00+08:00",
        "2031-01-01T09:00:00+08:00",
    ] {
        assert_eq!(first.at(now).run().await.away, None);
        assert_eq!(hold(&*restarted(&first).await).await.unwrap(), None);
    }
    assert_eq!(told(&first.site).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_site_is_refused_takes_over_after_an_hour_and_gives_back() {
    let first = TestSite::new().await;
    let second = second_on(&first).await;
    first.drop_sample(LEDGER, "吴垂超");
    let before = tree(&first.site.options.watch);
    let away = second.run().await.away.unwrap();
    for word in [named(&first).host, named(&first).data, "最近心跳".into()] {
        assert!(away.contains(&word), "{word}: {away}");
    }
    assert_eq!(
        tree(&first.site.options.watch),
        before,
        "the second one touched the share"
    );
    assert!(page(&second).contains("另一套 taizhang") && second.records().await.is_empty());
    silent_for(&first, TimeDelta::minutes(59));
    assert!(second.run().await.away.is_some());

    silent_for(&first, TimeDelta::minutes(2));
    assert_eq!(second.run().await.away, None);
    assert_eq!(second.verdict(LEDGER).await, Verdict::Accepted);
    let journal = told(&second.site).await;
    assert_eq!(journal.len(), 1, "{journal:?}");
    assert!(
        journal[0].0 == "share-taken-over" && journal[0].1.contains("已停一小时以上"),
        "{journal:?}"
    );
    assert!(page(&second).contains("由本站点接管"));

    // The first one finds that out, whatever it was about to do.
    first.drop_sample("庞 兴11月台账.xlsx", "庞兴");
    let before = tree(&first.site.options.watch);
    assert!(first.run().await.away.unwrap().contains(&named(&second).data));
    assert_eq!(tree(&first.site.options.watch), before, "the first one went on");
    assert!(hold(&*restarted(&first).await).await.unwrap().is_some());
    assert!(page(&first).contains("【请处理】共享文件夹不可用"));

    // When the second one ends, nobody need wait for an hour.
    release(&second.site).await;
    assert!(named(&second).stopped);
    first.site.holding.set_grace(Duration::ZERO);
    assert_eq!(first.run().await.away, None);
    assert_eq!(first.verdict("庞 兴11月台账.xlsx").await, Verdict::Accepted);
    assert!(told(&first.site).await[0].1.contains("已于"));
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_that_were_decided_wait_while_the_share_is_anothers() {
    let first = TestSite::new().await;
    first.drop_sample(LEDGER, "吴垂超").run().await;
    assert!(first.exists(ACCEPTED));
    release(&first.site).await;
    let second = second_on(&first).await;
    assert_eq!(second.run().await.away, None);
    let before = tree(&first.site.options.watch);
    // A command that finishes its work by itself, and the start of a daemon.
    let output = command(first.root(), &["withdraw", "1", "--reason", "报错了"]);
    assert!(
        output.status.success() && said(&output).contains("留待以后"),
        "{}",
        said(&output)
    );
    for words in [&["run", "--once"][..], &["run"]] {
        let output = command(first.root(), words);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(
            said(&output).contains("另一套 taizhang") && said(&output).contains("不启动"),
            "{}",
            said(&output)
        );
    }
    let output = command(first.root(), &["doctor"]);
    assert!(
        said(&output).contains("[问题] 标志文件：共享文件夹"),
        "{}",
        said(&output)
    );
    assert_eq!(tree(&first.site.options.watch), before);
    assert!(first.site.store.delivery_backlog().await.unwrap().0 > 0);

    release(&second.site).await;
    first.site.holding.set_grace(Duration::ZERO);
    assert_eq!(first.run().await.away, None);
    assert!(first.exists("吴垂超/退回修改/2024-11/吴垂超11月台账.xlsx"));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_start_at_once_one_wins() {
    let first = TestSite::new().await;
    let second = second_on(&first).await;
    let first_again = restarted(&first).await;
    let second_again = restarted(&second).await;
    for site in [&first_again, &second_again] {
        // A twentieth of it after a sentinel that names nobody.
        site.holding.set_grace(Duration::from_secs(4));
    }
    write(&first, "");
    let (one, other) = tokio::join!(hold(&first_again), hold(&second_again));
    let (one, other) = (one.unwrap(), other.unwrap());
    assert_ne!(one.is_some(), other.is_some(), "{one:?} {other:?}");
    let winner = if one.is_none() {
        &first_again
    } else {
        &second_again
    };
    assert_eq!(named(&first).site, sentinel::id(winner).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_or_empty_sentinel_is_taken_over() {
    for old in ["", "taizhang 用这个文件判断共享文件夹是否在线，请勿删除。\n"] {
        let first = TestSite::new().await;
        write(&first, old);
        let again = restarted(&first).await;
        again.holding.set_grace(Duration::ZERO);
        assert_eq!(run(&again).await.away, None);
        assert_eq!(named(&first).site, sentinel::id(&first.site).await.unwrap());
        assert_eq!(told(&first.site).await, []);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sentinel_that_was_changed_by_hand_is_named_and_written_anew() {
    let first = TestSite::new().await;
    let good = text(&first);
    for (changed, why) in [
        ("请大家不要动这个文件\n".to_owned(), "看不懂的一行"),
        (
            good.replace("heartbeat = 2", "heartbeat = 去年"),
            "“heartbeat”的值",
        ),
        (good.replace("host = ", "host = 假"), "校验码不符"),
        (good.replace("heartbeat = 2", "heartbeat = 1"), "校验码不符"),
        (good.replace(&named(&first).site, &"e".repeat(32)), "校验码不符"),
    ] {
        assert_ne!(changed, good);
        write(&first, &changed);
        // Not obeyed while this process runs, and named at once.
        first.drop_sample(LEDGER, "吴垂超");
        assert_eq!(first.run().await.away, None, "{changed}");
        assert!(page(&first).contains(why), "{why}: {}", page(&first));
        assert_eq!(text(&first), changed, "written anew before the next heartbeat");
    }
    // Who starts has yet to write its first heartbeat.
    write(&first, "请大家不要动这个文件\n");
    let output = command(first.root(), &["doctor"]);
    assert!(
        said(&output).contains("被人改动（有看不懂的一行"),
        "{}",
        said(&output)
    );
    let again = restarted(&first).await;
    assert_eq!(run(&again).await.away, None);
    assert_eq!(named(&first).site, sentinel::id(&first.site).await.unwrap());
    let journal = told(&again).await;
    assert!(
        journal[0].0 == "sentinel-repaired" && journal[0].1.contains("已改回"),
        "{journal:?}"
    );
    assert!(page(&first).contains("最近七天") && page(&first).contains("已改回"));
}

#[tokio::test(flavor = "multi_thread")]
async fn anothers_sentinel_that_was_changed_by_hand_is_left_alone() {
    let first = TestSite::new().await;
    let second = second_on(&first).await;
    let changed = text(&first).replace("heartbeat = 2", "heartbeat = 去年");
    write(&first, &changed);
    let away = second.run().await.away.unwrap();
    assert!(away.contains("被人改动") && away.contains("清空"), "{away}");
    // One that names nobody any more is as little the second one's, which never held it.
    write(&first, "乱写\n");
    assert!(hold(&*restarted(&second).await).await.unwrap().is_some());
    assert_eq!(text(&first), "乱写\n");
    // A person says that it is free.
    write(&first, "");
    assert_eq!(second.run().await.away, None);
    assert_eq!(named(&first).site, sentinel::id(&second.site).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copied_database_on_the_same_share_is_refused() {
    let first = TestSite::new().await;
    let second = second_on(&first).await;
    let id = sentinel::id(&first.site).await.unwrap();
    second.site.store.set_meta("site_id", &id).await.unwrap();
    let copy = restarted(&second).await;
    let away = hold(&copy).await.unwrap().unwrap();
    assert!(away.contains("本站点的另一份副本"), "{away}");
    assert_eq!(hold(&first.site).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_copied_with_its_share_gets_an_id_and_a_sentinel_of_its_own() {
    let first = TestSite::new().await;
    first.drop_sample(LEDGER, "吴垂超").run().await;
    let before = text(&first);
    let copy = tempfile::tempdir().unwrap();
    for (name, bytes) in tree(first.root()) {
        let path = copy.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let site = open(copy.path(), MORNING).await;
    assert_eq!(run(&site).await.away, None);
    let own = owner(&site.options.watch).unwrap();
    assert_ne!(own.site, named(&first).site);
    assert_eq!(own.site, sentinel::id(&site).await.unwrap());
    assert!(told(&site).await[0].1.contains("副本"));
    assert_eq!(text(&first), before);
    assert_eq!(first.run().await.away, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_beside_a_running_site_has_its_own() {
    let first = TestSite::new().await;
    first.drop_sample(LEDGER, "吴垂超").run().await;
    let before = text(&first);
    let output = command(
        first.root(),
        &[
            "--now",
            "2024-12-06T09:30:00+08:00",
            "run",
            "--once",
            "--rehearse",
        ],
    );
    assert!(output.status.success(), "{}", said(&output));
    let said = said(&output);
    let folder = said
        .split("副本在 ")
        .nth(1)
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap();
    let own = owner(&Path::new(folder).join("watch")).unwrap();
    fs::remove_dir_all(folder).unwrap();
    assert_ne!(own.site, named(&first).site);
    assert!(own.watch.contains("taizhang-rehearsal-"), "{own:?}");
    assert_eq!(text(&first), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_share_is_away_nothing_is_written_where_it_was() {
    let first = TestSite::new().await;
    let watch = first.site.options.watch.clone();
    let aside = first.root().join("aside");
    fs::rename(&watch, &aside).unwrap();
    // What is left of a mount: an empty folder.
    fs::create_dir(&watch).unwrap();
    assert!(first.run().await.away.unwrap().contains("没有标志文件"));
    release(&first.site).await;
    assert_eq!(fs::read_dir(&watch).unwrap().count(), 0);
    fs::remove_dir(&watch).unwrap();
    fs::rename(&aside, &watch).unwrap();
    assert_eq!(first.run().await.away, None);
    assert!(matches!(sentinel::read(&watch), Some(Said::Owner(_))));
}
