//! A database that was lost is rebuilt; an older one is brought up to date.

mod aside;
mod killed;
mod restored;
mod signs;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use taizhang::domain::finding::Verdict;
use taizhang::domain::letters::LetterState;
use taizhang::jobs::pass;
use taizhang::jobs::progress::Progress;
use taizhang::jobs::recover::{self, lost};
use taizhang::jobs::site::Site;
use taizhang::jobs::{decide, finish, obligations};

use crate::harness::{PROGRAM, TestSite, cells, open, read, sample, samples, save_with, tree};

/// A site whose database may be thrown away.
pub struct World {
    pub own: TestSite,
    pub site: Arc<Site>,
    /// Originals whose copies bear the time of the stepped clock already.
    timed: BTreeSet<PathBuf>,
}

impl World {
    pub async fn new() -> Self {
        Self::of(TestSite::new().await)
    }

    pub fn of(own: TestSite) -> Self {
        let site = own.site.clone();
        Self {
            own,
            site,
            timed: BTreeSet::new(),
        }
    }

    pub fn at(&self, now: &str) {
        self.site
            .clock
            .set(DateTime::parse_from_rfc3339(now).unwrap().to_utc());
    }

    pub async fn run(&mut self) {
        pass::once(&self.site, &Progress::default()).await.unwrap();
        self.time_archive();
    }

    /// Gives new copies in the archive the time of the stepped clock.
    fn time_archive(&mut self) {
        let now: SystemTime = self.site.clock.utc().into();
        let archive = self.own.root().join("data/archive");
        for folder in fs::read_dir(archive).unwrap().flatten() {
            for entry in fs::read_dir(folder.path()).unwrap().flatten() {
                if self.timed.insert(entry.path()) {
                    let file = fs::File::options().write(true).open(entry.path()).unwrap();
                    file.set_modified(now + Duration::from_secs(3)).unwrap();
                }
            }
        }
    }

    pub fn database(&self) -> PathBuf {
        self.own.root().join("data/taizhang.sqlite3")
    }

    /// Throws the database away and opens the site anew.
    pub async fn lose(&mut self, now: &str) {
        self.site.store.close().await;
        for ending in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{ending}", self.database().display()));
        }
        self.site = open(self.own.root(), now).await;
    }

    pub async fn reopen(&mut self, now: &str) {
        self.site.store.close().await;
        self.site = open(self.own.root(), now).await;
    }

    /// What counts in the end: every version with what became of it, by unit and period.
    pub async fn versions(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for own in self.site.store.all_submissions().await.unwrap() {
            let Some(version) = own.version else { continue };
            let rows = self.site.store.rows(own.id).await.unwrap();
            let rows = format!("{rows:?}");
            let key = format!(
                "{} {} {} v{version}",
                own.program,
                own.unit.unwrap(),
                own.period.unwrap()
            );
            let said = format!(
                "{} {:?} office {:?} withdrawn {:?} nil {} {} {:?} {} {rows}",
                own.verdict.as_str(),
                own.file_name,
                own.accepted_by_office.map(|(_, why)| why),
                own.withdrawn.is_some(),
                own.nil,
                &own.sha256.to_string()[..8],
                own.placed,
                own.arrival.seen.format("%m-%d %H:%M"),
            );
            found.insert(key, said);
        }
        found
    }

    /// Everybody's standing for November.
    pub async fn standing(&self) -> BTreeMap<String, String> {
        let program = self.site.program(PROGRAM).unwrap();
        let period = "2024-11".parse().unwrap();
        let standing = obligations::standing(&self.site, &program, &period)
            .await
            .unwrap();
        let minute = |at: Option<DateTime<Utc>>| at.map(|at| at.format("%m-%d %H:%M").to_string());
        let own = standing.unwrap().obligations.into_iter().map(|own| {
            let said = format!(
                "{:?} late {} {:?} {} {} after close {}",
                own.state,
                own.late,
                minute(own.first_received),
                own.versions,
                own.times_returned,
                own.after_close
            );
            (own.unit.to_string(), said)
        });
        own.collect()
    }

    fn rows_of_master(&self) -> BTreeMap<String, String> {
        cells(&self.own.master(), "明细")
    }

    async fn letters(&self) -> Vec<(i64, LetterState, DateTime<Utc>, Option<String>, String)> {
        let letters = self.site.store.letters(&[]).await.unwrap();
        letters
            .into_iter()
            .map(|own| {
                (
                    own.id.number(),
                    own.state,
                    own.created,
                    own.last_error,
                    own.text.subject,
                )
            })
            .collect()
    }

    /// Letters as files, by name.
    pub fn mails(&self) -> BTreeMap<String, Vec<u8>> {
        let mut mails = tree(&self.own.root().join("data/mail"));
        mails.retain(|name, _| Path::new(name).extension().is_some_and(|ending| ending == "eml"));
        mails
    }
}

pub fn differences(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) -> Vec<String> {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    keys.into_iter()
        .filter(|key| before.get(*key) != after.get(*key))
        .map(|key| {
            format!(
                "{key}\n  before {:?}\n  after  {:?}",
                before.get(key),
                after.get(key)
            )
        })
        .collect()
}

/// Writes a remark beside the first row of 明细 that holds a text.
fn remark(world: &World, text: &str, said: &str) {
    let path = world.own.output("汇总台账.xlsx");
    let found = cells(&read(&path), "明细");
    let letters = |at: &str| {
        at.chars()
            .take_while(char::is_ascii_alphabetic)
            .collect::<String>()
    };
    let row = found.iter().find(|(_, own)| own.contains(text)).unwrap().0;
    let row = row.trim_start_matches(char::is_alphabetic).to_owned();
    let column = letters(found.iter().find(|(_, own)| *own == "领导批示").unwrap().0);
    let at = format!("{column}{row}");
    fs::write(&path, save_with(&read(&path), &[("明细", &at, said)])).unwrap();
}

pub const LATE: &str = "黄景连11月.xlsx";

/// A month with everything: returned, accepted, corrected, repeated, unclaimed
/// and claimed, accepted by the office, taken back, nil, an attachment, a late one, a remark.
async fn month() -> World {
    let mut world = World::new().await;
    for (name, bytes) in samples() {
        if name != LATE && !name.contains("林强") {
            world.own.drop_file(&name, bytes);
        }
    }
    world
        .own
        .drop_file("袁庆/走访照片.jpg", b"\xff\xd8\xff\xe0 a photo");
    world.run().await;
    world.at("2024-12-03T10:00:00+08:00");
    let site = world.site.clone();
    let of = |name: &'static str| {
        let site = site.clone();
        async move {
            let records = site.store.all_submissions().await.unwrap();
            records
                .into_iter()
                .rev()
                .find(|own| own.file_name == name)
                .unwrap()
        }
    };
    let program = site.program(PROGRAM).unwrap();
    let nobodys = of("新建 Microsoft Excel 工作表.xlsx").await;
    assert_eq!(nobodys.verdict, Verdict::Unclaimed);
    let unit = &program.roster.find("林强").unwrap().id;
    decide::claim::claim(
        &site,
        &crate::by(),
        &program,
        &nobodys,
        unit,
        &"2024-11".parse().unwrap(),
    )
    .await
    .unwrap();
    decide::accept(
        &site,
        &crate::by(),
        &of("马陕燕2024年11月台账.xlsx").await,
        "电话核实，属实",
    )
    .await
    .unwrap();
    decide::withdraw(&site, &crate::by(), &of("庞 兴11月台账.xlsx").await, "报错了月份")
        .await
        .unwrap();
    finish(&site).await.unwrap();
    world.run().await;
    remark(&world, "湛川村撂荒耕地复耕", "请跟进复耕进度");
    world.at("2024-12-04T10:30:00+08:00");
    world
        .own
        .drop_sample("更正/更正：罗养 2024年11月台账.xlsx", "罗养");
    world.run().await;
    // Somebody looked after the deadline: what comes then is late.
    world.at("2024-12-05T18:00:00+08:00");
    world.run().await;
    world.at("2024-12-06T10:00:00+08:00");
    world.own.drop_file(&format!("黄景连/{LATE}"), &sample(LATE));
    world.run().await;
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_database_is_told_and_rebuilt() {
    let mut world = month().await;
    let (versions, standing) = (world.versions().await, world.standing().await);
    let (rows, share) = (world.rows_of_master(), tree(&world.own.share("")));
    assert!(rows.values().any(|text| text == "请跟进复耕进度"));
    assert!(
        standing.values().any(|said| said.starts_with("AcceptedLate")),
        "{standing:#?}"
    );
    world.lose("2024-12-06T10:30:00+08:00").await;
    let words = lost::in_words(&world.site).await.unwrap().unwrap();
    for said in [
        "taizhang restore",
        "taizhang recover",
        "backups/2024-12-06.sqlite3",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    let report = recover::rebuild(&world.site).await.unwrap();
    assert_eq!(
        differences(&standing, &world.standing().await),
        Vec::<String>::new()
    );
    assert_eq!(
        differences(&versions, &world.versions().await),
        Vec::<String>::new()
    );
    assert_eq!(lost::in_words(&world.site).await.unwrap(), None);
    for said in ["电话核实，属实", "已撤回", "taizhang exempt"] {
        assert!(report.text.contains(said), "{said}: {}", report.text);
    }
    world.run().await;
    assert_eq!(differences(&rows, &world.rows_of_master()), Vec::<String>::new());
    assert_eq!(
        names(&share),
        names(&tree(&world.own.share(""))),
        "nothing is handed back, moved or written anew"
    );
    // Done again, it adds nothing.
    let before = world.site.store.last_entry().await.unwrap();
    let again = recover::rebuild(&world.site).await.unwrap();
    assert_eq!(again.added, 0, "{}", again.text);
    assert_eq!(world.site.store.last_entry().await.unwrap(), before);
    assert_eq!(
        differences(&versions, &world.versions().await),
        Vec::<String>::new()
    );
}

pub fn names(tree: &BTreeMap<String, Vec<u8>>) -> Vec<&String> {
    tree.keys().collect()
}

/// Walks day by day, and tells what was sent.
async fn walk(world: &mut World, days: impl Iterator<Item = &'static str>) {
    for day in days {
        world.at(&format!("{day}T09:30:00+08:00"));
        world.run().await;
    }
}

const AFTER: [&str; 9] = [
    "2024-12-06",
    "2024-12-09",
    "2024-12-10",
    "2024-12-11",
    "2024-12-12",
    "2024-12-13",
    "2024-12-16",
    "2024-12-17",
    "2024-12-18",
];

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_twice_after_it_was_rebuilt_and_letters_wait_until_the_close() {
    let mut world = month().await;
    walk(&mut world, ["2024-12-09"].into_iter()).await;
    let mails = world.mails();
    assert!(!mails.is_empty());
    world.lose("2024-12-09T10:00:00+08:00").await;
    recover::rebuild(&world.site).await.unwrap();
    assert_eq!(world.letters().await, [], "what came due before counts as sent");
    walk(&mut world, AFTER.into_iter().skip(2)).await;
    let close = "2024-12-16T09:30:00Z".parse::<DateTime<Utc>>().unwrap();
    let letters = world.letters().await;
    assert!(!letters.is_empty(), "the ladder goes on");
    for (id, state, created, why, subject) in &letters {
        if *created < close {
            assert_eq!(*state, LetterState::Draft, "{id} {subject}");
            assert!(why.as_deref().is_some_and(|why| why.contains("恢复")), "{why:?}");
        }
    }
    // The old letters lie there as they were.
    let after = world.mails();
    for (name, bytes) in &mails {
        assert_eq!(after.get(name), Some(bytes), "{name}");
    }
    // December's reminders go out by themselves again.
    walk(&mut world, ["2025-01-02", "2025-01-03"].into_iter()).await;
    let sent = world.letters().await;
    assert!(
        sent.iter().any(|(_, state, ..)| *state == LetterState::Sent),
        "{sent:#?}"
    );
}
