//! By which signs a lost database is noticed, and what is told where they are few.

use std::fs;
use std::path::Path;

use taizhang::domain::check_code;
use taizhang::jobs::recover::{self, lost};
use taizhang::jobs::sentinel;

use super::{World, differences, names};
use crate::forms::{FORM, OWN, december, filled};
use crate::harness::{MORNING, PROGRAM, TestSite, sample, tree};

#[tokio::test(flavor = "multi_thread")]
async fn what_no_note_proves_counts_as_on_time_and_is_listed() {
    let mut world = World::new().await;
    world.at("2024-12-06T10:00:00+08:00");
    world.own.drop_sample("吴垂超11月台账.xlsx", "吴垂超");
    world.run().await;
    assert!(
        world
            .standing()
            .await
            .values()
            .any(|said| said.starts_with("AcceptedLate"))
    );
    // Somebody tidied the notes away.
    fs::remove_file(world.own.share("吴垂超/审核通过/2024-11/报送回执.txt")).unwrap();
    fs::remove_file(world.own.share("吴垂超/2024-11 已通过 第1版.txt")).unwrap();
    world.lose("2024-12-09T10:00:00+08:00").await;
    let report = recover::rebuild(&world.site).await.unwrap();
    let standing = world.standing().await;
    assert!(
        standing
            .values()
            .any(|said| said.starts_with("Accepted late false")),
        "{standing:#?}"
    );
    assert!(report.text.contains("收到时间不确定"), "{}", report.text);
    assert!(
        report.text.contains("没有回执和状态说明可对照的"),
        "{}",
        report.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counting_original_that_was_taken_off_the_share_comes_from_the_archive() {
    let mut world = World::new().await;
    world.own.drop_sample("吴垂超11月台账.xlsx", "吴垂超");
    world.own.drop_sample("庞 兴11月台账.xlsx", "庞兴");
    world.run().await;
    fs::remove_file(world.own.share("吴垂超/审核通过/2024-11/吴垂超11月台账.xlsx")).unwrap();
    // This one's copy is gone as well.
    let gone = world.site.store.all_submissions().await.unwrap();
    let gone = gone.iter().find(|own| own.file_name.contains('庞')).unwrap();
    fs::remove_file(world.site.archive.path_of(gone.sha256)).unwrap();
    fs::remove_file(world.own.share("庞兴/审核通过/2024-11/庞 兴11月台账.xlsx")).unwrap();
    let standing = world.standing().await;
    world.lose("2024-12-03T10:00:00+08:00").await;
    let report = recover::rebuild(&world.site).await.unwrap();
    let after = world.standing().await;
    let wrong = differences(&standing, &after);
    assert_eq!(wrong.len(), 1, "{wrong:#?}");
    assert!(
        report.text.contains("庞兴 2024-11：第1版（庞 兴11月台账.xlsx）"),
        "{}",
        report.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_site_and_one_whose_first_pass_was_killed_begin_as_ever() {
    let own = TestSite::new().await;
    assert_eq!(lost::in_words(&own.site).await.unwrap(), None);
    own.site
        .archive
        .keep_bytes(b"archived before the commit")
        .unwrap();
    assert_eq!(lost::in_words(&own.site).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_whose_sentinel_names_this_site_tells_of_a_lost_database() {
    let mut world = World::new().await;
    world.run().await;
    let id = sentinel::id(&world.site).await.unwrap();
    fs::remove_dir_all(world.own.root().join("data/archive")).unwrap();
    let sentinel = world.site.options.watch.join(".taizhang");
    world.lose(MORNING).await;
    let tell = |site: &str, entry: u32| {
        let text = format!(
            "site = {site}\nhost = elsewhere\ndata = /elsewhere\nheartbeat = 2024-12-02T09:00:00+08:00\nentry = {entry}\n"
        );
        let text = format!("{text}check = {}\n", check_code::code(&text));
        fs::write(&sentinel, text).unwrap();
    };
    for (site, entry, lost) in [
        (id.as_str(), 5, true),
        (id.as_str(), 0, false),
        ("0123456789abcdef0123456789abcdef", 5, false),
    ] {
        tell(site, entry);
        let words = lost::in_words(&world.site).await.unwrap();
        assert_eq!(words.is_some(), lost, "{site} {entry}: {words:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_was_renamed_since_keeps_what_lies_in_its_old_folder() {
    let mut world = World::new().await;
    world.own.drop_sample("吴垂超11月台账.xlsx", "吴垂超");
    world.run().await;
    let standing = world.standing().await;
    let roster = world
        .own
        .root()
        .join("templates/programs/wutang-visits/roster.csv");
    let text = fs::read_to_string(&roster).unwrap();
    let renamed = text.replace(
        "U02,吴垂超,吴垂超挂点组,,吴垂超挂点组,,",
        "U02,农业组,农业组,,吴垂超挂点组,吴垂超,",
    );
    assert_ne!(text, renamed);
    fs::write(&roster, renamed).unwrap();
    world.lose("2024-12-03T10:00:00+08:00").await;
    recover::rebuild(&world.site).await.unwrap();
    assert_eq!(
        differences(&standing, &world.standing().await),
        Vec::<String>::new()
    );
    world.run().await;
    let records = world.site.store.all_submissions().await.unwrap();
    let lying: Vec<_> = records.iter().map(|own| (&own.origin, own.verdict)).collect();
    assert_eq!(records.len(), 1, "{lying:#?}");
}

/// A second programme whose units are the same people, with a folder of its own.
fn second(root: &Path) {
    let from = root.join("templates/programs").join(PROGRAM);
    let to = root.join("templates/programs/second-visits");
    fs::create_dir_all(&to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
    let path = to.join("program.toml");
    let text = fs::read_to_string(&path).unwrap();
    let text = text
        .replace("id = \"wutang-visits\"", "id = \"second-visits\"")
        .replace("folder = \"乌塘挂点台账\"", "folder = \"第二台账\"");
    assert!(text.contains("第二台账") && text.contains("second-visits"));
    fs::write(path, text).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programmes_with_the_same_units_are_kept_apart() {
    let mut world = World::of(TestSite::with(second).await);
    let name = "吴垂超11月台账.xlsx";
    // The very same bytes for both, and one more for the second.
    world.own.drop_sample(name, "吴垂超");
    for (unit, name) in [("吴垂超", name), ("庞兴", "庞 兴11月台账.xlsx")] {
        let path = world.site.options.watch.join("第二台账").join(unit).join(name);
        fs::write(path, sample(name)).unwrap();
    }
    world.run().await;
    let versions = world.versions().await;
    assert_eq!(versions.len(), 3, "{versions:#?}");
    let share = tree(&world.site.options.watch);
    world.lose("2024-12-03T10:00:00+08:00").await;
    recover::rebuild(&world.site).await.unwrap();
    assert_eq!(
        differences(&versions, &world.versions().await),
        Vec::<String>::new()
    );
    world.run().await;
    assert_eq!(names(&share), names(&tree(&world.site.options.watch)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_while_the_database_was_gone_is_taken_and_on_time() {
    let mut world = World::new().await;
    world.own.drop_sample("吴垂超11月台账.xlsx", "吴垂超");
    world.at("2024-12-05T16:00:00+08:00");
    world.run().await;
    world.lose("2024-12-06T10:00:00+08:00").await;
    // It lay there in time, perhaps; nobody looked.
    world.own.drop_sample("庞 兴11月台账.xlsx", "庞兴");
    recover::rebuild(&world.site).await.unwrap();
    world.run().await;
    let standing = world.standing().await;
    assert!(
        standing["U11"].starts_with("Accepted late false"),
        "{standing:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_that_lay_there_untaken_is_taken_after_the_rebuilding() {
    let mut world = World::new().await;
    world.own.drop_sample("罗养 2024年11月台账.xlsx", "罗养");
    world.run().await;
    let folder = "罗养/退回修改/2024-11";
    let copy = world
        .own
        .share(&format!("{folder}/罗养 2024年11月台账（审核意见）.xlsx"));
    assert!(copy.exists());
    world.lose("2024-12-04T10:00:00+08:00").await;
    // The clerk saved the marked-up copy, corrected, before anybody noticed.
    fs::write(&copy, sample("更正/更正：罗养 2024年11月台账.xlsx")).unwrap();
    recover::rebuild(&world.site).await.unwrap();
    world.run().await;
    let standing = world.standing().await;
    assert!(
        standing["U05"].starts_with("Accepted late false"),
        "{standing:#?}"
    );
    assert!(
        world.own.exists("罗养/2024-11 已通过 第2版.txt"),
        "{:?}",
        world.own.names("罗养")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_stay_drafts_and_a_form_that_was_handed_in_counts_where_it_lies() {
    let mut world = World::of(december().await);
    world.at("2024-12-20T10:00:00+08:00");
    let form = world.own.share(FORM);
    let bytes = filled(&form, "2024年12月9日", OWN);
    fs::write(&form, &bytes).unwrap();
    world.run().await;
    let note = "吴垂超/2024-12 已存1行，未报送.txt";
    assert!(world.own.exists(note));
    world.lose("2024-12-23T10:00:00+08:00").await;
    fs::create_dir_all(world.own.root().join("data/archive/00")).unwrap();
    recover::rebuild(&world.site).await.unwrap();
    world.run().await;
    assert!(world.own.exists(note), "{:?}", world.own.names("吴垂超"));
    assert!(!world.own.exists("吴垂超/退回修改"), "our own note is no ledger");
    assert_eq!(world.versions().await.len(), 0);
    world.at("2025-01-02T09:30:00+08:00");
    world.run().await;
    let versions = world.versions().await;
    assert_eq!(versions.len(), 1, "{versions:#?}");
    world.lose("2025-01-03T10:00:00+08:00").await;
    recover::rebuild(&world.site).await.unwrap();
    assert_eq!(
        differences(&versions, &world.versions().await),
        Vec::<String>::new()
    );
    world.run().await;
    assert_eq!(fs::read(&form).unwrap(), bytes, "it stays where it was filled in");
    assert_eq!(world.versions().await.len(), 1);
}
