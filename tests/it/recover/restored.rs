//! Backups: made once a day, put back, refused.

use std::fs;
use std::path::Path;

use taizhang::domain::finding::Verdict;
use taizhang::jobs::recover::restore;
use taizhang::jobs::{backup, decide, finish};
use taizhang::store::Store;

use super::{LATE, World, differences, names};
use crate::harness::{PROGRAM, open, sample, samples, tree};

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_backup_is_brought_up_to_what_the_share_shows() {
    let mut world = World::new().await;
    for (name, bytes) in samples() {
        if name != LATE {
            world.own.drop_file(&name, bytes);
        }
    }
    world.run().await;
    let copy = world.own.root().join("backup.sqlite3");
    world.site.store.sound_copy(&copy).await.unwrap();
    // What the backup knows nothing of: a correction, decisions, a late one.
    world.at("2024-12-03T10:00:00+08:00");
    let site = world.site.clone();
    let records = site.store.all_submissions().await.unwrap();
    let of = |name: &str| records.iter().rev().find(|own| own.file_name == name).unwrap();
    decide::accept(
        &site,
        &crate::by(),
        of("马陕燕2024年11月台账.xlsx"),
        "电话核实，属实",
    )
    .await
    .unwrap();
    let program = site.program(PROGRAM).unwrap();
    let nobodys = of("新建 Microsoft Excel 工作表.xlsx");
    let unit = &program.roster.find("陈小敏").unwrap().id;
    decide::claim::claim(
        &site,
        &crate::by(),
        &program,
        nobodys,
        unit,
        &"2024-11".parse().unwrap(),
    )
    .await
    .unwrap();
    decide::withdraw(&site, &crate::by(), of("庞 兴11月台账.xlsx"), "报错了月份")
        .await
        .unwrap();
    finish(&site).await.unwrap();
    world.at("2024-12-04T10:30:00+08:00");
    world
        .own
        .drop_sample("更正/更正：罗养 2024年11月台账.xlsx", "罗养");
    world.run().await;
    world.at("2024-12-06T10:00:00+08:00");
    world.own.drop_file(&format!("黄景连/{LATE}"), &sample(LATE));
    world.run().await;
    let (versions, standing, mails) = (world.versions().await, world.standing().await, world.mails());
    let share = tree(&world.own.share(""));
    world.site.store.close().await;
    let now = world.site.clock.now();
    let restored = restore::restore(&world.site.options, &copy, now).await.unwrap();
    assert!(restored.last.is_some());
    let aside = restored.aside.unwrap();
    assert!(aside.exists(), "the database that stood there is kept");
    assert!(copy.exists(), "so is the backup");
    world.site = open(world.own.root(), "2024-12-06T11:00:00+08:00").await;
    world.run().await;
    assert_eq!(
        differences(&standing, &world.standing().await),
        Vec::<String>::new()
    );
    assert_eq!(
        differences(&versions, &world.versions().await),
        Vec::<String>::new()
    );
    assert_eq!(names(&share), names(&tree(&world.own.share(""))));
    assert_eq!(
        mails,
        world.mails(),
        "nothing is sent for what was answered before"
    );
    let report = fs::read_to_string(world.own.root().join("output/恢复情况.txt")).unwrap();
    assert!(report.contains("补登报送 3 份"), "{report}");
    let waiting = world.site.store.waiting().await.unwrap();
    assert!(
        waiting.iter().all(|own| own.verdict != Verdict::Unclaimed),
        "it was claimed"
    );
    // A second start finds nothing more to do.
    world.reopen("2024-12-06T11:30:00+08:00").await;
    assert!(world.site.store.meta(Store::OLDER).await.unwrap().is_none());
    world.run().await;
    assert_eq!(
        differences(&versions, &world.versions().await),
        Vec::<String>::new()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_was_copied_back_by_hand_is_noticed_by_the_notes() {
    let mut world = World::new().await;
    world.own.drop_sample("吴垂超11月台账.xlsx", "吴垂超");
    world.run().await;
    let copy = world.own.root().join("backup.sqlite3");
    world.site.store.sound_copy(&copy).await.unwrap();
    world.at("2024-12-03T10:00:00+08:00");
    world.own.drop_sample("庞 兴11月台账.xlsx", "庞兴");
    world.run().await;
    let versions = world.versions().await;
    world.site.store.close().await;
    fs::copy(&copy, world.database()).unwrap();
    world.site = open(world.own.root(), "2024-12-03T11:00:00+08:00").await;
    assert!(differences(&versions, &world.versions().await).len() == 1);
    world.run().await;
    assert_eq!(
        differences(&versions, &world.versions().await),
        Vec::<String>::new()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_sound_backup_is_refused_and_changes_nothing() {
    let mut world = World::new().await;
    world.run().await;
    world.site.store.close().await;
    let before = tree(&world.own.root().join("data"));
    let now = world.site.clock.now();
    let text = world.own.root().join("text.sqlite3");
    fs::write(&text, "x".repeat(50_000)).unwrap();
    let copies = backup::copies(&world.site.options);
    let damaged = world.own.root().join("damaged.sqlite3");
    let mut bytes = fs::read(&copies[0].1).unwrap();
    let middle = bytes.len() / 2 / 16384 * 16384;
    bytes[middle..middle + 16384].fill(0xa5);
    fs::write(&damaged, bytes).unwrap();
    for (backup, said) in [
        (text, "不是数据库文件"),
        (damaged, "损坏"),
        (world.own.root().join("gone"), "没有备份文件"),
        (world.database(), "正在使用"),
    ] {
        let error = restore::restore(&world.site.options, &backup, now)
            .await
            .unwrap_err();
        assert!(format!("{error:#}").contains(said), "{error:#}");
    }
    assert_eq!(names(&before), names(&tree(&world.own.root().join("data"))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_is_made_once_a_day_and_only_ours_are_removed() {
    let mut world = World::new().await;
    let folder = backup::folder(&world.site.options);
    let own = folder.join("张三留的.sqlite3");
    for day in 2..=11 {
        world.at(&format!("2024-12-{day:02}T09:00:00+08:00"));
        world.run().await;
        assert_eq!(backup::daily(&world.site).await.unwrap(), backup::Made::Before);
        if day == 2 {
            fs::write(&own, "x").unwrap();
        }
    }
    let days: Vec<String> = backup::copies(&world.site.options)
        .into_iter()
        .map(|(day, _)| day.to_string())
        .collect();
    assert_eq!(days.len(), 7, "{days:?}");
    assert_eq!((days[0].as_str(), days[6].as_str()), ("2024-12-11", "2024-12-05"));
    assert!(own.exists());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&folder), 0o700);
        assert_eq!(mode(&folder.join("2024-12-11.sqlite3")), 0o600);
    }
}

/// Makes a backup into one of the moment at which a file was recorded but not moved yet.
async fn with_steps_that_wait(copy: &Path) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(copy);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    for change in [
        "UPDATE delivery SET state = 'pending' WHERE submission IS NOT NULL",
        "UPDATE submission SET placed = NULL",
        "DELETE FROM placed",
    ] {
        sqlx::query(change).execute(&pool).await.unwrap();
    }
    pool.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_that_waited_in_a_backup_are_not_carried_out_on_a_share_that_has_moved_on() {
    let mut world = World::new().await;
    world.own.drop_sample("吴垂超11月台账.xlsx", "吴垂超");
    world.run().await;
    let copy = world.own.root().join("backup.sqlite3");
    world.site.store.sound_copy(&copy).await.unwrap();
    with_steps_that_wait(&copy).await;
    world.at("2024-12-03T10:00:00+08:00");
    let taken = world.site.store.all_submissions().await.unwrap().remove(0);
    decide::withdraw(&world.site, &crate::by(), &taken, "报错了月份")
        .await
        .unwrap();
    finish(&world.site).await.unwrap();
    world.run().await;
    let share = tree(&world.own.share(""));
    world.site.store.close().await;
    let now = world.site.clock.now();
    restore::restore(&world.site.options, &copy, now).await.unwrap();
    world.site = open(world.own.root(), "2024-12-03T11:00:00+08:00").await;
    world.run().await;
    assert_eq!(names(&share), names(&tree(&world.own.share(""))));
    let report = fs::read_to_string(world.own.root().join("output/恢复情况.txt")).unwrap();
    assert!(report.contains("尚未完成的文件处理步骤"), "{report}");
    assert_eq!(world.site.store.delivery_backlog().await.unwrap().0, 0);
    // A file that was never moved is moved now.
    let mut world = World::new().await;
    world.own.drop_sample("吴垂超11月台账.xlsx", "吴垂超");
    let dropped = world.own.share("吴垂超/吴垂超11月台账.xlsx");
    world.run().await;
    let copy = world.own.root().join("backup.sqlite3");
    world.site.store.sound_copy(&copy).await.unwrap();
    with_steps_that_wait(&copy).await;
    let accepted = world.own.share("吴垂超/审核通过/2024-11/吴垂超11月台账.xlsx");
    fs::rename(&accepted, &dropped).unwrap();
    world.site.store.close().await;
    restore::restore(&world.site.options, &copy, now).await.unwrap();
    world.site = open(world.own.root(), "2024-12-03T11:00:00+08:00").await;
    world.run().await;
    assert!(accepted.exists() && !dropped.exists());
    assert_eq!(world.site.store.all_submissions().await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_ran_ahead_leaves_todays_copy_alone() {
    let mut world = World::new().await;
    world.run().await;
    let folder = backup::folder(&world.site.options);
    for day in 20..=28 {
        fs::write(folder.join(format!("2025-03-{day}.sqlite3")), "x").unwrap();
    }
    let half = [".2025-03-20.sqlite3.tmp", ".2024-11-30.sqlite3.tmp-journal"].map(|name| folder.join(name));
    for path in &half {
        fs::write(path, "x").unwrap();
    }
    world.at("2024-12-03T09:00:00+08:00");
    let made = backup::daily(&world.site).await.unwrap();
    assert_eq!(made, backup::Made::Now(folder.join("2024-12-03.sqlite3")));
    assert_eq!(backup::daily(&world.site).await.unwrap(), backup::Made::Before);
    let copies = backup::copies(&world.site.options);
    assert_eq!(copies.len(), 7);
    let last: Vec<String> = copies
        .iter()
        .rev()
        .take(2)
        .map(|(day, _)| day.to_string())
        .collect();
    assert_eq!(last, ["2024-12-02", "2024-12-03"]);
    assert!(
        half.iter().all(|path| !path.exists()),
        "what a kill left behind is removed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_backup_of_another_site_is_refused() {
    let mut world = World::new().await;
    world.run().await;
    let mut other = World::new().await;
    other.run().await;
    let copy = other.own.root().join("other.sqlite3");
    other.site.store.sound_copy(&copy).await.unwrap();
    world.site.store.close().await;
    let now = world.site.clock.now();
    let refused = restore::restore(&world.site.options, &copy, now).await;
    let words = refused.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(words.contains("另一个站点"), "{words}");
}
