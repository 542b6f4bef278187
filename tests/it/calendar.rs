//! The holiday table: imported, listed, taken up by a running daemon, and what
//! a year without data does to deadlines.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use taizhang::domain::obligation::{Exemption, tally};
use taizhang::embedded;
use taizhang::jobs::{decide, holidays, obligations};

use crate::harness::{PROGRAM, TestSite, cells};

/// A year's notice as an office would type it: New Year's Day up to 5 January.
const NOTICE: [(&str, u32, &str); 8] = [
    ("2027-01-01", 5, "元旦"),
    ("2027-02-05", 7, "春节"),
    ("2027-04-03", 3, "清明节"),
    ("2027-05-01", 5, "劳动节"),
    ("2027-06-09", 1, "端午节"),
    ("2027-09-15", 1, "中秋节"),
    ("2027-10-01", 7, "国庆节"),
    ("2027-12-25", 1, "元旦"),
];

fn notice() -> String {
    let mut lines = vec!["日期,类型,名称".to_owned()];
    for (from, days, name) in NOTICE {
        let from: chrono::NaiveDate = from.parse().unwrap();
        let days = from.iter_days().take(days as usize);
        lines.extend(days.map(|day| format!("{},放假,{name}", day.format("%Y/%-m/%-d"))));
    }
    lines.push("2027年1月9日,上班,元旦".to_owned());
    lines.join("\n")
}

struct Shell {
    folder: tempfile::TempDir,
}

impl Shell {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        embedded::write_site(folder.path(), &[PROGRAM.to_owned()]).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn run(&self, now: &str, words: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_taizhang"))
            .arg("--config")
            .arg(self.path("config.toml"))
            .args(["--now", now, "--by", "张三"])
            .args(words)
            .output()
            .unwrap()
    }

    fn import(&self, file: &Path) -> Output {
        self.run(NOW, &["holidays", "import", file.to_str().unwrap()])
    }

    fn json(&self, words: &[&str]) -> Value {
        let output = self.run(NOW, words);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", errors(&output)))
    }

    /// How many tables before this one lie beside it.
    fn kept(&self) -> usize {
        let all = fs::read_dir(self.path("templates")).unwrap().flatten();
        let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
        all.map(name)
            .filter(|name| {
                name.starts_with("holidays.csv.") && Path::new(name).extension() == Some("bak".as_ref())
            })
            .count()
    }

    fn table(&self) -> String {
        fs::read_to_string(self.path("templates/holidays.csv")).unwrap()
    }
}

const NOW: &str = "2026-11-22T09:00:00+08:00";

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_notice_makes_provisional_deadlines_certain() {
    let shell = Shell::new();
    let status = ["status", "--period", "2026-12", "--format", "json"];
    let before = shell.json(&status);
    assert_eq!(before["provisional"], true);
    assert_eq!(before["due"], "2027-01-05T17:30:00+08:00");
    assert!(
        before["due_reason"].as_str().unwrap().contains("暂定"),
        "{before}"
    );
    assert!(words(&shell.run(NOW, &["status", "--period", "2026-12"])).contains("星期二，暂定"));

    let gbk = encoding_rs::GBK.encode(&notice()).0.into_owned();
    let output = shell.import(&shell.file("通知.csv", &gbk));
    assert!(output.status.success(), "{}", errors(&output));
    assert!(
        words(&output).contains("由2027年1月5日17:30改为2027年1月6日17:30"),
        "{}",
        words(&output)
    );

    let after = shell.json(&status);
    assert_eq!(after["provisional"], false);
    assert_eq!(after["due"], "2027-01-06T17:30:00+08:00");
    assert_eq!(after["due_nominal"], "2027-01-05");
    let reason = "名义截止日2027年1月5日（星期二，期后第5日），遇元旦放假，顺延至1月6日（星期三）";
    assert!(
        after["due_reason"].as_str().unwrap().starts_with(reason),
        "{after}"
    );
    // Other years stay, the table before is kept, a second import changes nothing.
    assert!(shell.table().contains("2018-02-15,off,春节"));
    assert_eq!(shell.kept(), 1);
    let again = shell.import(&shell.path("通知.csv"));
    assert!(words(&again).contains("没有改动"), "{}", words(&again));
    assert_eq!(shell.kept(), 1);
}

#[test]
fn a_wrong_file_is_refused_as_a_whole_with_its_lines() {
    let shell = Shell::new();
    let before = shell.table();
    for (text, named) in [
        (
            notice().replace("2027/4/4", "2027/4/34"),
            &["第15行", "“2027/4/34”不是日期"][..],
        ),
        (
            notice().replace("2027年1月9日,上班", "2027年1月11日,上班"),
            &["第32行", "星期一，本来就上班"],
        ),
        (
            notice().lines().take(6).collect::<Vec<_>>().join("\n"),
            &["2027年只有5天放假"],
        ),
        ("节日 日期\n".to_owned(), &["表头应是 date,kind,name"]),
    ] {
        let output = shell.import(&shell.file("错.csv", text.as_bytes()));
        assert_eq!(output.status.code(), Some(1));
        for words in named {
            assert!(errors(&output).contains(words), "{words}: {}", errors(&output));
        }
        assert_eq!(shell.table(), before);
    }
    assert_eq!(shell.import(&shell.path("没有.csv")).status.code(), Some(2));
    assert_eq!(shell.kept(), 0);
}

#[test]
fn years_are_listed_and_an_unknown_one_says_so() {
    let shell = Shell::new();
    let known = shell.json(&["holidays", "list", "2026", "--format", "json"]);
    assert_eq!(known["known"], true);
    assert_eq!(known["holidays"][0]["name"], "元旦");
    assert_eq!(known["holidays"][0]["to"], "2026-01-03");
    assert_eq!(known["make_up_days"][0]["date"], "2026-01-04");
    let both = shell.json(&["holidays", "list", "--format", "json"]);
    assert_eq!(both[1]["year"], 2027);
    assert_eq!(both[1]["known"], false);
    assert_eq!(both[1]["holidays"].as_array().unwrap().len(), 3);
    let text = words(&shell.run(NOW, &["holidays", "list"]));
    for part in [
        "2018—2026",
        "1月1日（星期四）至1月3日（星期六）",
        "2027年放假安排还没有",
        "holidays import",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[test]
fn the_doctor_warns_two_months_ahead() {
    let shell = Shell::new();
    let doctor = |now: &str| words(&shell.run(now, &["doctor"]));
    assert!(!doctor("2026-10-10T09:00:00+08:00").contains("2027年放假安排"));
    let warned = doctor("2026-11-05T09:00:00+08:00");
    assert!(warned.contains("2027年放假安排还没有"), "{warned}");
    assert!(warned.contains("2026年12月 2027年1月5日17:30截止"), "{warned}");
    assert!(warned.contains("holidays import"), "{warned}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_site_takes_up_the_new_table_and_keeps_the_last_good_one() {
    let site = TestSite::new().await;
    let year = |site: &TestSite| site.site.calendar().knows(2027);
    assert!(
        !holidays::refresh(&site.site).await.unwrap(),
        "nothing has changed"
    );
    let file = site.root().join("通知.csv");
    fs::write(&file, notice()).unwrap();
    let imported = holidays::import(&site.site, &crate::by(), &file).await.unwrap();
    assert_eq!(imported.years, [2027]);
    assert!(year(&site));
    let journal = site.site.store.journal().await.unwrap();
    let line = journal.last().unwrap();
    assert_eq!(
        (line.what.as_str(), line.by.as_str()),
        ("holidays-imported", "测试")
    );
    assert!(line.detail.starts_with("2027"), "{}", line.detail);

    // A slip by hand: named, and the calendar stays as it was.
    let table = site.root().join("templates/holidays.csv");
    let good = fs::read_to_string(&table).unwrap();
    fs::write(&table, good.replace("2027-01-01,off", "2027-01-01,of")).unwrap();
    assert!(!holidays::refresh(&site.site).await.unwrap());
    assert!(year(&site));
    let fault = site.site.problems().pop().unwrap().to_string();
    assert!(
        fault.contains("holidays.csv 第") && fault.contains("“of”"),
        "{fault}"
    );
    // Not even a restart with the slip in it stops the site.
    let again = crate::harness::open(site.root(), NOW).await;
    assert!(again.calendar().knows(2027) && again.calendar_fault().is_some());
    // Mended, it is taken up; so is a year that was taken out.
    let without: Vec<&str> = good.lines().filter(|line| !line.starts_with("2027")).collect();
    fs::write(&table, without.join("\n")).unwrap();
    assert!(holidays::refresh(&site.site).await.unwrap());
    assert!(!year(&site) && site.site.calendar_fault().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_year_is_marked_in_the_receipt_and_in_the_master() {
    // November 2024 is due in a year of which nothing is known.
    let site = TestSite::with(|root| {
        let table = root.join("templates/holidays.csv");
        let text = fs::read_to_string(&table).unwrap();
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("2024")).collect();
        fs::write(table, lines.join("\n")).unwrap();
    })
    .await;
    site.at("2024-12-06T09:00:00+08:00");
    site.drop_sample("吴垂超11月台账.xlsx", "吴垂超").run().await;
    let receipt = fs::read_to_string(site.share("吴垂超/审核通过/2024-11/报送回执.txt")).unwrap();
    assert!(
        receipt.contains("17:30（该年放假安排尚未公布，暂定）"),
        "{receipt}"
    );
    let shown = |site: &TestSite| {
        cells(&site.master(), "情况概览")
            .into_values()
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert!(
        shown(&site).contains("2024年12月5日（星期四）17:30（暂定）"),
        "{}",
        shown(&site)
    );

    // The notice comes: receipt and master follow.
    let file = site.root().join("2024.csv");
    let shipped = embedded::template("holidays.csv").unwrap();
    let year: Vec<&str> = shipped
        .lines()
        .filter(|line| line.starts_with("date") || line.starts_with("2024"))
        .collect();
    fs::write(&file, year.join("\n")).unwrap();
    holidays::import(&site.site, &crate::by(), &file).await.unwrap();
    site.run().await;
    let receipt = fs::read_to_string(site.share("吴垂超/审核通过/2024-11/报送回执.txt")).unwrap();
    assert!(
        receipt.contains("截止时间2024年12月5日17:30，按迟报登记"),
        "{receipt}"
    );
    assert!(!shown(&site).contains("暂定"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_says_why() {
    let site = TestSite::new().await;
    site.drop_sample("吴垂超11月台账.xlsx", "吴垂超")
        .drop_file("林强/零报告.txt", b"");
    site.run().await;
    let output = Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .arg("--config")
        .arg(site.root().join("config.toml"))
        .args([
            "--now",
            "2024-12-06T09:00:00+08:00",
            "status",
            "--period",
            "2024-11",
        ])
        .args(["--format", "json"])
        .output()
        .unwrap();
    let status: Value = serde_json::from_slice(&output.stdout).unwrap();
    let why = |name: &str| {
        let units = status["units"].as_array().unwrap();
        let unit = units.iter().find(|unit| unit["unit"] == name).unwrap();
        unit["why"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        why("吴垂超"),
        "2024年12月2日9:00首次收到，在截止时间前；第1版2024年12月2日9:00审核通过"
    );
    assert!(
        why("林强").ends_with("文件名“零报告.txt”写明零报告"),
        "{}",
        why("林强")
    );
    assert_eq!(why("洪文泽"), "尚未收到，已过截止时间2024年12月5日17:30");
    assert_eq!(status["due_nominal"], "2024-12-05");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_units_and_periods_that_owe_are_expected() {
    let site = TestSite::with(|root| {
        let roster = root.join("templates/programs/wutang-visits/roster.csv");
        let text = fs::read_to_string(&roster).unwrap();
        // One leaves before the month, one comes after it, one stays until its first day.
        let text = text
            .replacen("吴垂超,2024-11-11,,", "吴垂超,2024-01-01,2024-10-31,", 1)
            .replacen("洪文泽,2024-11-11,,", "洪文泽,2024-12-01,,", 1)
            .replacen("林强,2024-11-11,,", "林强,2024-01-01,2024-11-01,", 1);
        fs::write(roster, text).unwrap();
    })
    .await;
    let program = site.site.program(PROGRAM).unwrap();
    let standing = async |period: &str| {
        let period = period.parse().unwrap();
        let standing = obligations::standing(&site.site, &program, &period)
            .await
            .unwrap();
        standing.unwrap()
    };
    let november = standing("2024-11").await;
    let names: Vec<&str> = november
        .obligations
        .iter()
        .filter_map(|own| Some(program.roster.unit(&own.unit)?.name.as_str()))
        .collect();
    let all = program.roster.units.len();
    assert_eq!(names.len(), all - 2, "{names:?}");
    assert!(names.contains(&"林强") && !names.contains(&"吴垂超") && !names.contains(&"洪文泽"));
    // Before the first period nobody owes anything.
    assert!(standing("2024-10").await.obligations.is_empty());

    let unit = program.roster.find("林强").unwrap().id.clone();
    let exemption = Exemption {
        unit,
        period: "2024-11".parse().unwrap(),
        reason: "借调".into(),
        by: "办公室".into(),
        at: site.site.clock.utc(),
    };
    decide::exempt(&site.site, &crate::by(), &program, &exemption)
        .await
        .unwrap();
    let sums = tally(&standing("2024-11").await.obligations);
    assert_eq!((sums.expected, sums.exempt), (u32::try_from(all - 3).unwrap(), 1));
}
