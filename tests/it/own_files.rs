//! What we wrote or moved is known by what it is: after a restored backup, a
//! renamed folder or a copy by hand nothing of it is read as a ledger, handed
//! back or answered.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use taizhang::domain::finding::Verdict;
use taizhang::jobs::pass;

use crate::forms::{FORM, SHEET, filled};
use crate::harness::{MORNING, PROGRAM, TestSite, open, read, sample, save_with, tree};

const WU: &str = "吴垂超11月台账.xlsx";
const LUO: &str = "罗养 2024年11月台账.xlsx";
const COPY: &str = "罗养/退回修改/2024-11/罗养 2024年11月台账（审核意见）.xlsx";
pub const STATUS: &str = "吴垂超/2024-11 已通过 第1版.txt";
pub const RECEIPT: &str = "吴垂超/审核通过/2024-11/报送回执.txt";

/// One of each kind of note, copy and original, and a draft beside the forms.
pub async fn month() -> TestSite {
    let site = TestSite::new().await;
    site.run().await;
    for (name, folder) in [
        (WU, "吴垂超"),
        (LUO, "罗养"),
        ("损坏的台账.xlsx", "庞兴"),
        ("新建 Microsoft Excel 工作表.xlsx", ""),
        ("零报告-周景辉-2024年11月.xlsx", "周景辉"),
    ] {
        site.drop_sample(name, folder);
    }
    site.run().await;
    site.drop_file("吴垂超/再报一次.xlsx", &sample(WU));
    let form = "林强/本期填报表/2024年12月挂点调研台账（林强）.xlsx";
    let draft = filled(&site.share(form), "2024年12月2日", "没有这个村");
    site.drop_file(form, &draft).run().await;
    assert_eq!(site.run().await.taken, 0);
    site
}

/// Puts an SQL statement to the site's database, as a restored backup would differ.
pub async fn forget(site: &TestSite, statement: &'static str) {
    let url = format!("sqlite:{}", site.site.options.database.display());
    let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
    sqlx::query(statement).execute(&pool).await.unwrap();
    pool.close().await;
}

/// Opens the site again on what lies there now.
async fn reopen(site: &mut TestSite, now: &str) {
    site.site = open(site.root(), now).await;
    pass::prepare(&site.site).await.unwrap();
}

/// The share of the programme, by path below its folder.
pub fn share(site: &TestSite) -> BTreeMap<String, Vec<u8>> {
    tree(&site.share(""))
}

/// Whether a path is that of a text.
pub fn is_text(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|ending| ending == "txt")
}

/// Runs twice: nothing is taken for a ledger, nothing on the share changes,
/// and the second time nothing is left to look at.
pub async fn expect_left_alone(site: &TestSite, before: &BTreeMap<String, Vec<u8>>) {
    let records = site.records().await.len();
    let round = site.run().await;
    assert_eq!((round.taken, round.drafts), (0, 0), "what is ours isn't counted");
    assert!(round.ours > 0, "nothing was looked at");
    expect_equal(&share(site), before);
    let new: Vec<_> = site.records().await.split_off(records);
    assert!(new.is_empty(), "taken as ledgers: {new:?}");
    let round = site.run().await;
    assert_eq!((round.taken, round.ours), (0, 0), "looked at again");
}

fn expect_equal(found: &BTreeMap<String, Vec<u8>>, expected: &BTreeMap<String, Vec<u8>>) {
    let names = |tree: &BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(found), names(expected));
    for (path, bytes) in expected {
        assert!(found[path] == *bytes, "{path} was changed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_doesn_t_know_what_lies_there_leaves_it() {
    let site = month().await;
    let before = share(&site);
    let ours = before.keys().filter(|path| is_text(path));
    assert!(ours.count() >= 13 + 7, "{:?}", before.keys());
    forget(&site, "DELETE FROM placed").await;
    expect_left_alone(&site, &before).await;
    // What was known again is replaced, not doubled.
    let correction = save_with(
        &read(&site.share("吴垂超/审核通过/2024-11/吴垂超11月台账.xlsx")),
        &[("台账", "D6", "湛川村村道硬化与照明工作情况，已全部完成。")],
    );
    site.at("2024-12-03T10:00:00+08:00")
        .drop_file("吴垂超/更正.xlsx", &correction)
        .run()
        .await;
    let names = site.names("吴垂超");
    assert_eq!(
        names.iter().filter(|name| is_text(name)).collect::<Vec<_>>(),
        ["2024-11 已通过 第2版.txt"]
    );
    let receipts = site.names("吴垂超/审核通过/2024-11");
    assert!(
        !receipts.iter().any(|name| name.contains("(2).txt")),
        "{receipts:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_backup_answers_nothing_of_ours() {
    let mut site = month().await;
    let backup = site.root().join("backup.sqlite3");
    site.site.store.backup(&backup).await.unwrap();
    // What came after the backup: another version, another return.
    site.at("2024-12-03T10:00:00+08:00");
    let path = site.share(COPY);
    let faulty = save_with(&read(&path), &[(SHEET_OF_COPY, "H9", "还是没改好")]);
    site.drop_file(COPY, &faulty)
        .drop_sample("谭仁普2024年11月台账.xlsx", "谭仁普")
        .run()
        .await;
    let before = share(&site);
    let database = site.site.options.database.clone();
    for end in ["-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{end}", database.display()));
    }
    fs::rename(&backup, &database).unwrap();
    let known = site.records().await.len();
    reopen(&mut site, "2024-12-03T11:00:00+08:00").await;
    site.run().await;
    let after = share(&site);
    // Originals that it doesn't know are taken once more; of ours nothing is.
    let new = site.records().await;
    for record in new.iter().skip(known) {
        let own = record.origin.contains("（审核意见）") || is_text(&record.origin);
        assert!(!own || before[&below(&record.origin)] == faulty, "{record:?}");
    }
    for path in before.keys().filter(|path| is_text(path)) {
        assert!(after.contains_key(path), "{path} is gone");
    }
    assert!(site.edited_masters().is_empty(), "nobody edited the master");
    let doubled: Vec<_> = after.keys().filter(|path| path.ends_with("(2).txt")).collect();
    assert!(doubled.is_empty(), "{doubled:?}");
}

/// The ledger sheet of a marked-up copy.
const SHEET_OF_COPY: &str = SHEET;

/// A path below the programme's folder.
fn below(path: &str) -> String {
    path.split_once('/').unwrap().1.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_was_renamed_keeps_its_folder_with_all_that_lies_in_it() {
    let mut site = month().await;
    for unit in ["吴垂超", "罗养", "林强"] {
        fs::rename(site.share(unit), site.share(&format!("{unit}片区"))).unwrap();
    }
    let before = share(&site);
    let roster = site.root().join("templates/programs/wutang-visits/roster.csv");
    let text = fs::read_to_string(&roster).unwrap();
    let text = ["U02,吴垂超", "U04,林强", "U05,罗养"]
        .iter()
        .fold(text, |text, own| text.replace(own, &format!("{own}片区")));
    fs::write(&roster, text).unwrap();
    reopen(&mut site, MORNING).await;
    let records = site.records().await.len();
    site.run().await;
    let after = share(&site);
    let kept = |path: &&String| !path.starts_with("林强片区/2024-12 ");
    // The draft's note names the moment at which it was checked.
    assert_eq!(
        after.keys().filter(kept).collect::<Vec<_>>(),
        before.keys().filter(kept).collect::<Vec<_>>()
    );
    assert_eq!(site.records().await.len(), records, "{:?}", site.last().await);
    assert_eq!(
        site.names("林强片区").iter().filter(|name| is_text(name)).count(),
        1,
        "{:?}",
        site.names("林强片区")
    );
    let moved = site.records().await;
    let moved = moved.iter().find(|record| record.file_name == WU).unwrap();
    assert_eq!(
        moved.placed.as_deref(),
        Some("乌塘挂点台账/吴垂超片区/审核通过/2024-11/吴垂超11月台账.xlsx"),
        "the master links to where it lies now"
    );
    assert_eq!(site.run().await.taken, 0);
    // The copy is corrected where it lies, and the old notes go.
    let fixed = save_with(
        &read(&site.share("吴垂超片区/审核通过/2024-11/吴垂超11月台账.xlsx")),
        &[],
    );
    site.drop_file("吴垂超片区/又一次.xlsx", &fixed).run().await;
    assert_eq!(site.last().await.verdict, Verdict::Duplicate);
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_that_were_moved_by_hand_are_left_as_they_lie() {
    let mut site = month().await;
    // A name that the roster doesn't know, and one unit's folder in another's.
    fs::rename(site.share("吴垂超"), site.share("吴垂超（旧）")).unwrap();
    fs::rename(site.share("罗养"), site.share("庞兴/罗养")).unwrap();
    fs::create_dir(site.share("吴垂超")).unwrap();
    fs::create_dir(site.share("罗养")).unwrap();
    let before = share(&site);
    expect_left_alone(&site, &before).await;
    // The whole programme under another name.
    let watch = site.site.options.watch.clone();
    fs::rename(site.share(""), watch.join("挂点台账")).unwrap();
    let program = site.root().join("templates/programs/wutang-visits/program.toml");
    let text = fs::read_to_string(&program).unwrap();
    let renamed = text.replace("folder = \"乌塘挂点台账\"", "folder = \"挂点台账\"");
    assert_ne!(text, renamed);
    fs::write(&program, renamed).unwrap();
    reopen(&mut site, MORNING).await;
    let records = site.records().await.len();
    site.run().await;
    let new = site.records().await.split_off(records);
    assert!(new.is_empty(), "{new:?}");
    let after = tree(&watch.join("挂点台账"));
    let names: Vec<_> = after.keys().collect();
    assert_eq!(names, before.keys().collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_of_ours_are_not_answered_but_a_blank_form_that_is_dropped_is() {
    let site = month().await;
    let copy = fs::read(site.share(COPY)).unwrap();
    let (status, receipt) = (
        fs::read(site.share(STATUS)).unwrap(),
        fs::read(site.share(RECEIPT)).unwrap(),
    );
    site.drop_file("罗养/罗养 2024年11月台账（审核意见）.xlsx", &copy)
        .drop_file("庞兴/台账.xlsx", &copy)
        .drop_file("罗养/另存.xlsx", &save_with(&read(&site.share(COPY)), &[]))
        .drop_file("罗养/2024-11 已通过 第1版.txt", &status)
        .drop_file("庞兴/某某的回执.txt", &receipt)
        .drop_file(FORM, &save_with(&read(&site.share(FORM)), &[]))
        .drop_file(COPY, &save_with(&read(&site.share(COPY)), &[]))
        .drop_file(
            "吴垂超/汇总.xlsx",
            &fs::read(site.output("汇总台账.xlsx")).unwrap(),
        );
    let before = share(&site);
    expect_left_alone(&site, &before).await;
    // She waits for an answer: nothing was filled in.
    let form = fs::read(site.share("庞兴/本期填报表/2024年12月挂点调研台账（庞兴）.xlsx")).unwrap();
    site.drop_file("庞兴/12月.xlsx", &form).run().await;
    assert_eq!(site.verdict("12月.xlsx").await, Verdict::Returned);
    assert_eq!(site.codes().await.first(), Some(&"no-rows"));
    assert!(site.exists("庞兴/退回修改/2024-12/12月.xlsx"));
    // And filled in it is a ledger.
    let filled = filled(&site.share(FORM), "2024年12月2日", "湛川村");
    site.drop_file("吴垂超/12月.xlsx", &filled).run().await;
    assert!(
        site.verdict("12月.xlsx").await.is_accepted(),
        "{:?}",
        site.codes().await
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_copy_is_a_submission_wherever_it_lies() {
    let site = month().await;
    let records = site.records().await.len();
    let corrected = save_with(
        &read(&site.share(COPY)),
        &[(SHEET_OF_COPY, "D8", "罗屋村工作情况，实地查看。")],
    );
    site.drop_file("罗养/改好了.xlsx", &corrected).run().await;
    assert_eq!(site.records().await.len(), records + 1);
    assert_eq!(site.last().await.file_name, "改好了.xlsx");
}

/// A second programme for the same units.
fn add_second(root: &Path) {
    let programs = root.join("templates/programs");
    let (from, to) = (programs.join(PROGRAM), programs.join("wutang-again"));
    fs::create_dir_all(&to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let bytes = fs::read(entry.path()).unwrap();
        let bytes = match String::from_utf8(bytes) {
            Ok(text) if entry.file_name() == "program.toml" => text
                .replace("id = \"wutang-visits\"", "id = \"wutang-again\"")
                .replace("folder = \"乌塘挂点台账\"", "folder = \"另一台账\"")
                .into_bytes(),
            Ok(text) => text.into_bytes(),
            Err(error) => error.into_bytes(),
        };
        fs::write(to.join(entry.file_name()), bytes).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programmes_with_the_same_units_are_not_confused() {
    let site = TestSite::with(add_second).await;
    let watch = site.site.options.watch.clone();
    let other = watch.join("另一台账/吴垂超");
    site.run().await;
    site.drop_sample(WU, "吴垂超");
    fs::write(other.join(WU), sample(WU)).unwrap();
    site.run().await;
    let programs: Vec<_> = site
        .records()
        .await
        .into_iter()
        .map(|own| (own.program, own.verdict))
        .collect();
    assert_eq!(programs.len(), 2, "the same bytes count in both: {programs:?}");
    assert!(programs.iter().all(|(_, verdict)| verdict.is_accepted()));
    // One programme's folder, as it is, in the place of the other's.
    fs::remove_dir_all(&other).unwrap();
    fs::rename(site.share("吴垂超"), &other).unwrap();
    fs::create_dir(site.share("吴垂超")).unwrap();
    let before = tree(&watch);
    site.run().await;
    assert_eq!(
        tree(&watch).keys().collect::<Vec<_>>(),
        before.keys().collect::<Vec<_>>()
    );
    assert_eq!(site.records().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn notes_and_copies_in_english_are_known_as_well() {
    let site = crate::second_program::site().await;
    let watch = site.site.options.watch.clone();
    let root = watch.join("Site inspections");
    site.run().await;
    let ledger =
        crate::second_program::ledger("South depot", &[("2024-06-04", "Gate", "many", "0", "Critical")]);
    fs::write(root.join("South depot/q2.xlsx"), &ledger).unwrap();
    let good = crate::second_program::ledger("North depot", &[("2024-05-14", "Yard", "1", "1", "Minor")]);
    fs::write(root.join("North depot/q2.xlsx"), &good).unwrap();
    fs::write(root.join("East yard/broken.xlsx"), b"PK\x03\x04 cut off").unwrap();
    site.run().await;
    assert!(
        root.join("South depot/returned/2024-Q2/q2 (review).xlsx")
            .exists()
    );
    assert!(root.join("North depot/accepted/2024-Q2/receipt.txt").exists());
    let records = site.records().await.len();
    assert_eq!(records, 3);
    forget(&site, "DELETE FROM placed").await;
    let before = tree(&root);
    for _ in 0..2 {
        site.run().await;
        expect_equal(&tree(&root), &before);
    }
    assert_eq!(site.records().await.len(), records);
    assert_eq!(site.run().await.taken, 0);
}
