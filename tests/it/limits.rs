//! One workbook stops nothing: what is too much, what kills the process, and
//! what comes many at a time.

use std::fs;
use std::path::Path;
use std::process::Command;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use sqlx::Connection as _;
use taizhang::domain::finding::Verdict;
use taizhang::domain::period::Period;
use taizhang::embedded;
use taizhang::jobs::decide;

use crate::harness::{HEADERS, MORNING, PROGRAM, TestSite, open, read, sample, save_with};

const WU: &str = "吴垂超11月台账.xlsx";

/// A ledger whose dates go on to `last` while the rest of its rows is empty.
fn filled_down(last: u32) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("台账").unwrap();
    for (column, text) in (0..).zip(HEADERS) {
        sheet.write_string(0, column, text).unwrap();
    }
    let (day, date) = (
        ExcelDateTime::from_ymd(2024, 11, 5).unwrap(),
        Format::new().set_num_format("yyyy-mm-dd"),
    );
    for row in 1..=last {
        sheet.write_datetime_with_format(row, 1, &day, &date).unwrap();
    }
    book.save_to_buffer().unwrap()
}

/// The n-th of many sound ledgers of one unit, no two alike.
fn numbered(folder: &Path, n: usize) -> Vec<u8> {
    let path = folder.join("sample.xlsx");
    fs::write(&path, sample(WU)).unwrap();
    let text = format!("湛川村村道硬化与照明工作情况，第{n}次核对后更新的内容。");
    save_with(&read(&path), &[("台账", "D6", &text)])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_filled_down_is_one_finding_and_the_others_are_taken() {
    let site = TestSite::new().await;
    site.drop_file("罗养/11月台账.xlsx", &filled_down(25_000));
    site.drop_sample(WU, "吴垂超").run().await;
    assert_eq!(site.verdict(WU).await, Verdict::Accepted);
    let record = site
        .records()
        .await
        .into_iter()
        .find(|own| own.file_name == "11月台账.xlsx");
    let record = record.unwrap();
    assert_eq!(
        (record.verdict, record.unit.as_deref()),
        (Verdict::Unreadable, Some("U05"))
    );
    let findings = site.site.store.findings(record.id).await.unwrap();
    assert_eq!(findings.len(), 1);
    assert_eq!(
        findings[0].message,
        "文件过大或结构异常，未读取：表内有25000行，最多收20000行；“台账”第2至25001行只有B列有内容，多半是向下填充带出来的，请删去这些行。"
    );
    let names = site.names("罗养/退回修改/2024-12");
    let names = if names.is_empty() {
        site.names("罗养/退回修改/2024-11")
    } else {
        names
    };
    assert_eq!(names, ["11月台账.xlsx", "11月台账（无法读取）.txt"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_findings_some_are_listed_and_all_are_counted() {
    let site = TestSite::new().await;
    // Six required cells are empty in each row.
    site.drop_file("罗养/11月台账.xlsx", &filled_down(3_000))
        .run()
        .await;
    let record = site.last().await;
    assert_eq!(record.verdict, Verdict::Returned);
    let findings = site.site.store.findings(record.id).await.unwrap();
    let listed = findings.iter().filter(|finding| finding.further == 0).count();
    assert!(listed <= 501, "{listed}");
    let places: u32 = findings
        .iter()
        .filter(|finding| finding.returns_ledger())
        .map(taizhang::domain::finding::Finding::count)
        .sum();
    assert!(places >= 5 * 3_000, "{places}");
    let note = format!("2024-11 已退回 第1版 {places}处须处理.txt");
    assert!(site.exists(&format!("罗养/{note}")), "{:?}", site.names("罗养"));
    let bytes = fs::metadata(site.share(&format!("罗养/{note}"))).unwrap().len();
    assert!(bytes < 64_000, "{bytes}");
    let text = fs::read_to_string(site.share(&format!("罗养/{note}"))).unwrap();
    assert!(
        text.contains("同类问题") || text.contains("处未在此列出"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_marked_copy_that_is_too_large_is_a_list_only() {
    let site = TestSite::with(|folder| {
        let config = folder.join("config.toml");
        let text = fs::read_to_string(&config).unwrap();
        fs::write(&config, text.replace("marked_mb = 10", "marked_mb = 1")).unwrap();
    })
    .await;
    let mut bytes = Workbook::new();
    let sheet = bytes.add_worksheet();
    sheet.set_name("台账").unwrap();
    for (column, text) in (0..).zip(HEADERS) {
        sheet.write_string(0, column, text).unwrap();
    }
    // Rows that compress badly.
    let mut seed = 1_u64;
    for row in 1..=19_000 {
        for column in [3, 4, 7] {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            sheet
                .write_string(row, column, format!("走访{seed:020}户"))
                .unwrap();
        }
    }
    site.drop_file("罗养/11月台账.xlsx", &bytes.save_to_buffer().unwrap())
        .run()
        .await;
    assert_eq!(site.last().await.verdict, Verdict::Returned);
    let copy = site.share("罗养/退回修改/2024-11/11月台账（审核意见）.xlsx");
    assert!(fs::metadata(&copy).unwrap().len() < 1_000_000);
    let names: Vec<String> = read(&copy).sheets.into_iter().map(|sheet| sheet.name).collect();
    assert_eq!(names, ["需更正事项"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_ledgers_of_one_unit_are_each_read_once() {
    for folder in ["吴垂超", ""] {
        let site = TestSite::new().await;
        for n in 0..64 {
            let path = format!("{folder}/台账{n:02}.xlsx");
            site.drop_file(path.trim_start_matches('/'), &numbered(site.root(), n));
        }
        site.run().await;
        assert_eq!(site.site.reader.asked(), 64, "{folder}");
        let records = site.records().await;
        let versions: Vec<Option<u32>> = records.iter().map(|record| record.version).collect();
        assert_eq!(versions, (1..=64).map(Some).collect::<Vec<_>>(), "{folder}");
        assert_eq!(records[63].file_name, "台账63.xlsx");
    }
}

const POISON: &str = "毒.xlsx";

fn make(folder: &Path) {
    embedded::write_site(folder, &[PROGRAM.to_owned()]).unwrap();
    let config = folder.join("config.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("settle = \"2s\"", "settle = \"10ms\"")).unwrap();
    let share = folder.join("watch/乌塘挂点台账");
    for (path, bytes) in [
        (format!("吴垂超/{WU}"), sample(WU)),
        (
            "马陕燕/马陕燕2024年11月台账.xlsx".to_owned(),
            sample("马陕燕2024年11月台账.xlsx"),
        ),
        (format!("罗养/{POISON}"), sample("罗养 2024年11月台账.xlsx")),
    ] {
        let path = share.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// Runs one pass that dies whenever it comes to the poisonous file; whether it lived.
fn run(folder: &Path, poison: bool) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_taizhang"));
    command
        .arg("--config")
        .arg(folder.join("config.toml"))
        .args(["--now", MORNING, "run", "--once"])
        .env_remove("TAIZHANG_HALT_AT")
        .env("RUST_LOG", "error");
    if poison {
        command.env("TAIZHANG_HALT_AT", format!("handling={POISON}"));
    }
    command.output().unwrap().status.success()
}

/// Runs until a pass lives to its end; gives the number of those that died.
fn deaths(folder: &Path) -> usize {
    (0..20).take_while(|_| !run(folder, true)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_over_which_the_process_dies_is_put_aside_and_stops_nobody() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path());
    let share = folder.path().join("watch/乌塘挂点台账");
    let poison = share.join("罗养").join(POISON);
    let bytes = fs::read(&poison).unwrap();
    // Once in a batch, three times alone.
    assert_eq!(deaths(folder.path()), 4);
    assert_eq!(fs::read(&poison).unwrap(), bytes);
    let note = fs::read_to_string(share.join("罗养/毒（无法读取）.txt")).unwrap();
    assert!(note.contains("已搁置，文件留在原处"), "{note}");
    let running = fs::read_to_string(folder.path().join("output/运行情况.txt")).unwrap();
    assert!(running.contains("乌塘挂点台账/罗养/毒.xlsx"), "{running}");
    let verdicts = || async {
        let site = open(folder.path(), MORNING).await;
        let records = site.store.all_submissions().await.unwrap();
        let mut verdicts: Vec<(String, Verdict)> = records
            .into_iter()
            .map(|record| (record.file_name, record.verdict))
            .collect();
        verdicts.sort();
        verdicts
    };
    let aside = [
        (WU.to_owned(), Verdict::Accepted),
        (POISON.to_owned(), Verdict::Unreadable),
        ("马陕燕2024年11月台账.xlsx".to_owned(), Verdict::Returned),
    ];
    assert_eq!(verdicts().await, aside);
    // It stays aside, also under another name.
    fs::copy(&poison, share.join("罗养/再来.xlsx")).unwrap();
    assert_eq!(deaths(folder.path()), 0);
    assert!(share.join("罗养/再来（无法读取）.txt").exists());
    assert!(share.join("罗养/再来.xlsx").exists());
    // Other bytes are another file: it is tried as any other.
    fs::write(&poison, sample("罗养 2024年11月台账.xlsx").repeat(2)).unwrap();
    // It comes alone this time, so that no death is anybody else's.
    assert_eq!(deaths(folder.path()), 3);
    // Corrected where it lies: the note goes, and nothing waits for it any more.
    fs::write(&poison, sample("庞 兴11月台账.xlsx")).unwrap();
    assert!(run(folder.path(), false));
    assert!(!share.join("罗养/毒（无法读取）.txt").exists());
    let site = open(folder.path(), MORNING).await;
    let waiting = site.store.waiting().await.unwrap();
    assert!(
        waiting.iter().all(|record| record.file_name != POISON),
        "{waiting:?}"
    );
}

/// As an older version of the program would have left what it put aside.
async fn as_an_older_version(folder: &Path) {
    let site = open(folder, MORNING).await;
    let url = format!("sqlite:{}", site.options.database.display());
    let mut beside = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::query("UPDATE put_aside SET version = '0.0.1'")
        .execute(&mut beside)
        .await
        .unwrap();
    beside.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_was_put_aside_is_tried_again_where_it_lies() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path());
    let share = folder.path().join("watch/乌塘挂点台账");
    let form = share.join("罗养/本期填报表").join(POISON);
    fs::create_dir_all(form.parent().unwrap()).unwrap();
    fs::rename(share.join("罗养").join(POISON), &form).unwrap();
    assert_eq!(deaths(folder.path()), 4);
    assert!(form.exists());
    as_an_older_version(folder.path()).await;
    assert!(run(folder.path(), false));
    let site = open(folder.path(), MORNING).await;
    assert!(site.store.waiting().await.unwrap().is_empty());
    let records = site.store.all_submissions().await.unwrap();
    let last = records.iter().rfind(|record| record.file_name == POISON).unwrap();
    assert_ne!(last.verdict, Verdict::Unreadable);
    assert!(form.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_put_aside_is_tried_again_by_another_version_and_by_claim() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path());
    assert_eq!(deaths(folder.path()), 4);
    let share = folder.path().join("watch/乌塘挂点台账");
    as_an_older_version(folder.path()).await;
    // It is handled alone from the start, and dies three times again.
    assert_eq!(deaths(folder.path()), 3);
    as_an_older_version(folder.path()).await;
    assert!(run(folder.path(), false));
    let site = open(folder.path(), MORNING).await;
    let records = site.store.all_submissions().await.unwrap();
    let last = records.iter().rfind(|record| record.file_name == POISON).unwrap();
    assert_eq!((last.verdict, last.version), (Verdict::Returned, Some(1)));
    assert!(!share.join("罗养/毒（无法读取）.txt").exists());
    assert!(site.store.waiting().await.unwrap().is_empty());

    // The other way: the office claims what lies aside.
    let folder = tempfile::tempdir().unwrap();
    make(folder.path());
    assert_eq!(deaths(folder.path()), 4);
    let site = open(folder.path(), MORNING).await;
    let waiting = site.store.waiting().await.unwrap();
    let program = site.program(PROGRAM).unwrap();
    let period: Period = "2024-11".parse().unwrap();
    let unit = program
        .roster
        .units
        .iter()
        .find(|unit| unit.name == "罗养")
        .unwrap();
    let claimed = decide::claim::claim(&site, &crate::by(), &program, &waiting[0], &unit.id, &period)
        .await
        .unwrap();
    assert_eq!(claimed.verdict, Verdict::Returned);
    assert!(run(folder.path(), true));
    assert!(
        site.store
            .put_aside(&PROGRAM.parse().unwrap())
            .await
            .unwrap()
            .is_empty()
    );
    let share = folder.path().join("watch/乌塘挂点台账");
    assert!(!share.join("罗养").join(POISON).exists());
    assert!(share.join("罗养/退回修改/2024-11").join(POISON).exists());
}
