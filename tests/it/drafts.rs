//! What units save in their forms, until it counts.

use std::fs;
use std::process::Command;

use chrono::{DateTime, Utc};
use taizhang::domain::finding::Verdict;
use taizhang::domain::obligation::State;
use taizhang::jobs::ingest::{Intake, Look};
use taizhang::jobs::{obligations, pass};
use taizhang::store::Draft;

use crate::forms::{FORM, OWN, SHEET, december, filled};
use crate::harness::{PROGRAM, TestSite, cells, read, save_with, tree};

/// A village that is another unit's.
const OTHER: &str = "罗屋村";

/// Fills in 吴垂超's form.
fn save(site: &TestSite, day: &str, village: &str) -> Vec<u8> {
    let bytes = filled(&site.share(FORM), day, village);
    site.drop_file(FORM, &bytes);
    bytes
}

async fn drafts(site: &TestSite) -> Vec<Draft> {
    let period = "2024-12".parse().unwrap();
    site.site
        .store
        .drafts(&PROGRAM.parse().unwrap(), &period)
        .await
        .unwrap()
}

async fn state(site: &TestSite, name: &str) -> State {
    let program = site.site.program(PROGRAM).unwrap();
    let unit = program.roster.find(name).unwrap().id.clone();
    let period = "2024-12".parse().unwrap();
    let standing = obligations::standing(&site.site, &program, &period)
        .await
        .unwrap();
    let standing = standing.unwrap();
    let own = standing.obligations.iter().find(|own| own.unit == unit);
    own.unwrap().state
}

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_checked_corrected_and_counts_at_the_end_of_the_period() {
    let site = december().await;
    site.at("2024-12-10T10:00:00+08:00");
    let faulty = save(&site, "2024年12月9日", OTHER);
    let round = site.run().await;
    assert_eq!((round.taken, round.drafts), (0, 1));
    assert!(site.records().await.is_empty(), "a draft is no submission");
    assert_eq!(fs::read(site.share(FORM)).unwrap(), faulty, "nothing is moved");
    let drafted = drafts(&site).await;
    assert_eq!((drafted[0].rows, drafted[0].faults), (1, 1), "{drafted:?}");
    let program = site.site.program(PROGRAM).unwrap();
    let period = "2024-12".parse().unwrap();
    let told = taizhang::desk::drafts::drafts(&site.site, &program, &period)
        .await
        .unwrap();
    assert_eq!(told.len(), 1, "only who has saved something");
    assert_eq!(
        (told[0].unit_shown.as_str(), told[0].standing.faults),
        ("吴垂超挂点组", 1)
    );
    assert!(
        told[0]
            .findings
            .iter()
            .any(|finding| finding.message.contains(OTHER))
    );
    let json = serde_json::to_value(&told[0]).unwrap();
    assert_eq!((&json["rows"], &json["nil"]), (&1.into(), &false.into()));
    let note = "吴垂超/2024-12 已存1行，未报送 1处须处理.txt";
    let text = fs::read_to_string(site.share(note)).unwrap_or_else(|_| panic!("{:?}", site.names("吴垂超")));
    assert!(
        text.contains("未报送") && text.contains("C8") && text.contains(OTHER),
        "{text}"
    );
    assert_eq!(site.run().await.drafts, 0, "checked once");

    site.at("2024-12-12T10:00:00+08:00");
    let sound = save(&site, "2024年12月9日", OWN);
    site.run().await;
    assert!(!site.exists(note));
    assert!(
        site.exists("吴垂超/2024-12 已存1行，未报送.txt"),
        "{:?}",
        site.names("吴垂超")
    );
    site.at("2024-12-31T23:59:00+08:00").run().await;
    assert_eq!(state(&site, "吴垂超").await, State::Upcoming);

    site.at("2025-01-03T09:00:00+08:00");
    assert_eq!(site.run().await.taken, 1);
    let record = site.last().await;
    assert_eq!(
        (record.verdict, record.version),
        (Verdict::Accepted, Some(1)),
        "{:?}",
        site.codes().await
    );
    assert_eq!(record.period.as_ref().unwrap().to_string(), "2024-12");
    assert_eq!(record.arrival.seen, instant("2025-01-01T00:00:00+08:00"));
    assert_eq!(fs::read(site.share(FORM)).unwrap(), sound, "the file stays");
    assert_eq!(fs::read(site.site.archive.path_of(record.sha256)).unwrap(), sound);
    assert!(
        site.exists("吴垂超/2024-12 已通过 第1版.txt"),
        "{:?}",
        site.names("吴垂超")
    );
    assert!(!site.exists("吴垂超/2024-12 已存1行，未报送.txt"));
    assert!(site.exists("吴垂超/审核通过/2024-12/报送回执.txt"));
    assert!(drafts(&site).await.is_empty());
    assert_eq!(state(&site, "吴垂超").await, State::Accepted);
    let master = site
        .site
        .options
        .output
        .join("乌塘挂点台账/2024-12/汇总台账.xlsx");
    assert!(
        cells(&read(&master), "明细")
            .values()
            .any(|text| text.contains("村道硬化"))
    );
    let before = tree(&site.site.options.watch);
    assert_eq!(site.run().await.taken, 0);
    assert_eq!(tree(&site.site.options.watch), before);

    // A later change is a submission at once.
    site.at("2025-01-04T09:00:00+08:00");
    save(&site, "2024年12月19日", OWN);
    site.run().await;
    let record = site.last().await;
    assert_eq!((record.verdict, record.version), (Verdict::Accepted, Some(2)));
    assert_eq!(record.arrival.seen, instant("2025-01-04T09:00:00+08:00"));
    assert!(site.exists(FORM));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_faulty_draft_stays_one_until_somebody_touches_it() {
    let site = december().await;
    site.at("2024-12-10T10:00:00+08:00");
    save(&site, "2024年12月9日", OTHER);
    site.run().await;
    site.at("2025-01-07T09:00:00+08:00");
    for _ in 0..2 {
        assert_eq!(site.run().await.taken, 0);
    }
    assert!(site.records().await.is_empty());
    assert_eq!(drafts(&site).await[0].faults, 1);
    assert_eq!(state(&site, "吴垂超").await, State::Overdue);
    let note = fs::read_to_string(site.share("吴垂超/2024-12 已存1行，未报送 1处须处理.txt")).unwrap();
    assert!(note.contains("没有算作报送"), "{note}");
    let status = |format: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_taizhang"))
            .arg("--config")
            .arg(site.root().join("config.toml"))
            .args([
                "--now",
                "2025-01-07T09:00:00+08:00",
                "status",
                "--period",
                "2024-12",
                "--format",
                format,
            ])
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(
        status("table").contains("草稿有1处问题，未报送"),
        "{}",
        status("table")
    );
    let report: serde_json::Value = serde_json::from_str(&status("json")).unwrap();
    let of = |unit: &str| {
        let units = report["units"].as_array().unwrap();
        units.iter().find(|own| own["unit"] == unit).unwrap()["draft"].clone()
    };
    assert_eq!(
        of("吴垂超"),
        serde_json::json!({"rows": 1, "nil": false, "faults": 1})
    );
    assert!(of("庞兴").is_null());

    // Touched, and still wrong: handed back, and the form stays.
    let touched = save(&site, "2024年12月11日", OTHER);
    site.run().await;
    let record = site.last().await;
    assert_eq!((record.verdict, record.version), (Verdict::Returned, Some(1)));
    assert_eq!(record.arrival.seen, instant("2025-01-07T09:00:00+08:00"));
    assert_eq!(fs::read(site.share(FORM)).unwrap(), touched);
    assert_eq!(
        site.names("吴垂超/退回修改/2024-12"),
        ["2024年12月挂点调研台账（吴垂超）（审核意见）.xlsx"]
    );
    assert!(drafts(&site).await.is_empty());
    save(&site, "2024年12月11日", OWN);
    site.run().await;
    assert_eq!(site.last().await.version, Some(2));
    assert!(site.last().await.verdict.is_accepted());
    assert!(site.names("吴垂超/退回修改/2024-12").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_the_units_own_is_a_draft_too_and_left_alone() {
    const OWN_FILE: &str = "吴垂超/本期填报表/工作底稿.xlsx";
    const NOTE: &str = "吴垂超/本期填报表/备忘.txt";
    let site = december().await;
    site.at("2024-12-10T10:00:00+08:00");
    let bytes = filled(&site.share(FORM), "2024年12月9日", OWN);
    site.drop_file(OWN_FILE, &bytes)
        .drop_file(NOTE, "记得补电话".as_bytes());
    site.run().await;
    assert!(site.records().await.is_empty());
    assert_eq!(drafts(&site).await.len(), 1);
    assert_eq!(fs::read(site.share(OWN_FILE)).unwrap(), bytes);
    // Its file gone, nothing is said of it any more.
    fs::remove_file(site.share(OWN_FILE)).unwrap();
    site.run().await;
    assert!(drafts(&site).await.is_empty());
    assert_eq!(site.names("吴垂超"), ["本期填报表"]);
    site.at("2025-01-02T09:00:00+08:00").run().await;
    assert!(site.exists(NOTE), "{:?}", site.names("吴垂超/本期填报表"));
    // What can't be read at all is a faulty draft, where it lies.
    site.drop_file(OWN_FILE, b"no workbook").run().await;
    assert!(site.exists(OWN_FILE) && site.records().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_with_the_nil_words_is_a_nil_report_in_the_end() {
    let site = december().await;
    site.at("2024-12-10T10:00:00+08:00");
    let nil = save_with(&read(&site.share(FORM)), &[(SHEET, "A8", "本期无")]);
    site.drop_file(FORM, &nil).run().await;
    assert!(
        site.names("吴垂超")
            .iter()
            .any(|name| name.starts_with("2024-12 已存零报告，未报送")),
        "{:?}",
        site.names("吴垂超")
    );
    site.at("2025-01-02T09:00:00+08:00").run().await;
    assert!(site.last().await.nil, "{:?}", drafts(&site).await);
    assert_eq!(state(&site, "吴垂超").await, State::Nil);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blank_form_is_neither_draft_nor_submission() {
    let site = december().await;
    site.at("2024-12-10T10:00:00+08:00");
    // Saved by an editor: other bytes, nothing filled in.
    let blank = save_with(&read(&site.share(FORM)), &[]);
    site.drop_file(FORM, &blank);
    for now in ["2024-12-10T10:00:00+08:00", "2025-01-03T09:00:00+08:00"] {
        site.at(now).run().await;
        assert!(
            drafts(&site).await.is_empty() && site.records().await.is_empty(),
            "{now}"
        );
    }
    assert_eq!(site.names("吴垂超"), ["本期填报表"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_handed_in_after_the_draft_counts() {
    let site = december().await;
    site.at("2024-12-10T10:00:00+08:00");
    save(&site, "2024年12月9日", OWN);
    site.run().await;
    site.at("2024-12-20T10:00:00+08:00");
    let newer = filled(&site.share(FORM), "2024年12月18日", OWN);
    site.drop_file("吴垂超/台账.xlsx", &newer).run().await;
    assert_eq!(site.last().await.version, Some(1), "{:?}", site.codes().await);
    site.at("2025-01-03T09:00:00+08:00").run().await;
    assert_eq!(site.records().await.len(), 1, "the older draft replaces nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_is_waited_for() {
    let site = december().await;
    site.at("2024-12-10T10:00:00+08:00");
    save(&site, "2024年12月9日", OWN);
    let lock = site.share("吴垂超/本期填报表/~$2024年12月挂点调研台账（吴垂超）.xlsx");
    fs::write(&lock, "x").unwrap();
    let mut intake = Intake::new(&site.site, false);
    let round = pass::take(&site.site, &mut intake, Look::All).await.unwrap();
    assert_eq!(round.drafts, 0);
    fs::remove_file(lock).unwrap();
    let round = pass::take(&site.site, &mut intake, Look::All).await.unwrap();
    assert_eq!(round.drafts, 1);
}
