//! The commands as their user runs them: killed on the way, on a damaged database.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use taizhang::embedded;

use crate::harness::{MORNING, PROGRAM, sample};

const LATER: &str = "2024-12-03T10:00:00+08:00";

const FILES: [(&str, &str); 4] = [
    ("吴垂超11月台账.xlsx", "吴垂超/吴垂超11月台账.xlsx"),
    ("副本吴垂超11月台账.xlsx", "吴垂超/副本吴垂超11月台账.xlsx"),
    ("罗养 2024年11月台账.xlsx", "罗养/罗养 2024年11月台账.xlsx"),
    (
        "新建 Microsoft Excel 工作表.xlsx",
        "新建 Microsoft Excel 工作表.xlsx",
    ),
];

/// A site on which a pass was made.
fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    embedded::write_site(folder.path(), &[PROGRAM.to_owned()]).unwrap();
    let config = folder.path().join("config.toml");
    let text = fs::read_to_string(&config)
        .unwrap()
        .replace("settle = \"2s\"", "settle = \"10ms\"");
    fs::write(&config, text).unwrap();
    for (name, path) in FILES {
        let path = folder.path().join("watch/乌塘挂点台账").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, sample(name)).unwrap();
    }
    let made = run(folder.path(), MORNING, &["run", "--once"], None);
    assert!(made.status.success(), "{}", said(&made));
    folder
}

fn run(folder: &Path, now: &str, words: &[&str], halt: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_taizhang"));
    command
        .arg("--config")
        .arg(folder.join("config.toml"))
        .args(["--now", now])
        .args(words)
        .env_remove("TAIZHANG_HALT_AT")
        .env("RUST_LOG", "error");
    if let Some(halt) = halt {
        command.env("TAIZHANG_HALT_AT", halt);
    }
    command.output().unwrap()
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn database(folder: &Path) -> PathBuf {
    folder.join("data/taizhang.sqlite3")
}

fn lose(folder: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(format!("{}{ending}", database(folder).display()));
    }
}

/// Who stands how, without times.
fn standing(folder: &Path) -> BTreeMap<String, String> {
    let shown = run(
        folder,
        LATER,
        &["status", "--period", "2024-11", "--format", "json"],
        None,
    );
    let json: serde_json::Value =
        serde_json::from_slice(&shown.stdout).unwrap_or_else(|_| panic!("{}", said(&shown)));
    let units = json["units"].as_array().unwrap().iter();
    units
        .map(|unit| {
            let own = format!(
                "{} {} {}",
                unit["state"], unit["versions"], unit["times_returned"]
            );
            (unit["unit"].to_string(), own)
        })
        .collect()
}

#[test]
fn nothing_begins_as_a_new_site_where_the_database_was_lost() {
    let folder = site();
    lose(folder.path());
    let commands: [&[&str]; 5] = [
        &["run", "--once"],
        &["status"],
        &["master"],
        &[
            "exempt", "--unit", "庞兴", "--period", "2024-11", "--reason", "出差",
        ],
        &["backup", "copy.sqlite3"],
    ];
    for words in commands {
        let refused = run(folder.path(), LATER, words, None);
        let told = said(&refused);
        assert_eq!(refused.status.code(), Some(2), "{words:?}: {told}");
        for word in ["taizhang recover", "taizhang restore", "2024-12-02.sqlite3"] {
            assert!(told.contains(word), "{words:?}: {told}");
        }
    }
    let doctor = run(folder.path(), LATER, &["doctor"], None);
    assert_eq!(doctor.status.code(), Some(1));
    assert!(said(&doctor).contains("原来的数据库丢失了"), "{}", said(&doctor));
}

#[test]
fn killed_on_the_way_it_is_run_again() {
    let folder = site();
    let before = standing(folder.path());
    for halt in ["recover-decided", "recover-written"] {
        lose(folder.path());
        let killed = run(folder.path(), LATER, &["recover"], Some(halt));
        assert!(
            !killed.status.success(),
            "{halt} was not reached: {}",
            said(&killed)
        );
        // Before the end nothing is sent, by whomever it is run next.
        for words in [&["recover"][..], &["recover"], &["run", "--once"]] {
            let again = run(folder.path(), LATER, words, None);
            assert!(again.status.success(), "{halt} {words:?}: {}", said(&again));
        }
        assert_eq!(standing(folder.path()), before, "{halt}");
        let letters = run(
            folder.path(),
            LATER,
            &["letters", "list", "--format", "json"],
            None,
        );
        let letters: serde_json::Value = serde_json::from_slice(&letters.stdout).unwrap();
        let sent = |letter: &&serde_json::Value| letter["state"] == "sent";
        assert_eq!(
            letters.as_array().unwrap().iter().filter(sent).count(),
            0,
            "{letters}"
        );
    }
}

#[test]
fn a_restore_that_was_killed_leaves_both_databases() {
    let folder = site();
    let before = standing(folder.path());
    let copy = folder.path().join("data/backups/2024-12-02.sqlite3");
    let copy = copy.to_str().unwrap();
    let ahead = folder.path().join("data/backups/2025-03-20.sqlite3");
    fs::write(&ahead, "x").unwrap();
    let doctor = said(&run(folder.path(), LATER, &["doctor"], None));
    assert!(doctor.contains("2025-03-20.sqlite3"), "{doctor}");
    assert!(!doctor.contains("今天已备份"), "{doctor}");
    let half = folder.path().join("data/.restore-17.tmp");
    fs::write(&half, "x").unwrap();
    let killed = run(
        folder.path(),
        LATER,
        &["restore", copy],
        Some("restore-set-aside"),
    );
    assert!(!killed.status.success());
    let refused = run(folder.path(), LATER, &["run", "--once"], None);
    assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
    let restored = run(folder.path(), LATER, &["restore", copy], None);
    assert!(restored.status.success(), "{}", said(&restored));
    assert!(
        said(&restored).contains("备份里最后一条记录"),
        "{}",
        said(&restored)
    );
    assert!(!half.exists(), "what a kill left behind is removed");
    // Nothing is decided on it before it was compared with the share.
    let words = [
        "exempt", "--unit", "庞兴", "--period", "2024-11", "--reason", "出差",
    ];
    let too_early = run(folder.path(), LATER, &words, None);
    assert_eq!(too_early.status.code(), Some(2), "{}", said(&too_early));
    assert!(said(&too_early).contains("run --once"), "{}", said(&too_early));
    let pass = run(folder.path(), LATER, &["run", "--once"], None);
    assert!(pass.status.success(), "{}", said(&pass));
    assert_eq!(standing(folder.path()), before);
    assert!(run(folder.path(), LATER, &words, None).status.success());
    let kept = fs::read_dir(folder.path().join("data")).unwrap().flatten();
    let kept = kept.filter(|entry| entry.file_name().to_string_lossy().contains("替换前"));
    assert!(kept.count() >= 1, "the database that stood there is kept");
}

/// Nothing on the share differs: only the sentinel knows that the journal was longer.
#[test]
fn a_database_copied_back_by_hand_is_told_by_the_sentinel() {
    let folder = site();
    let path = database(folder.path());
    checkpoint(&path);
    let older = fs::read(&path).unwrap();
    let words = [
        "exempt", "--unit", "庞兴", "--period", "2024-11", "--reason", "出差",
    ];
    let exempted = run(folder.path(), LATER, &words, None);
    assert!(exempted.status.success(), "{}", said(&exempted));
    let report = folder.path().join("output/恢复情况.txt");
    let pass = || run(folder.path(), LATER, &["run", "--once"], None);
    assert!(pass().status.success());
    assert!(!report.exists(), "nothing was older yet");
    lose(folder.path());
    fs::write(&path, older).unwrap();
    assert!(pass().status.success());
    assert!(report.exists(), "nobody noticed");
    fs::remove_file(&report).unwrap();
    assert!(pass().status.success());
    assert!(!report.exists(), "it is dealt with once");
}

/// Brings everything from the log into the database's own file.
fn checkpoint(path: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
        let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(&pool)
            .await
            .unwrap();
        pool.close().await;
    });
}

#[test]
fn a_damaged_page_is_told_with_what_to_do_and_the_database_is_rebuilt() {
    let folder = site();
    let before = standing(folder.path());
    let path = database(folder.path());
    checkpoint(&path);
    let mut bytes = fs::read(&path).unwrap();
    // Pages that hold rows; what lies unused or holds the rest of a long value shows nothing.
    let full: Vec<usize> = (1..bytes.len() / 16384)
        .filter(|page| bytes[page * 16384] == 0x0d)
        .collect();
    assert!(full.len() > 5, "{full:?}");
    for page in [full[full.len() / 2], full[full.len() / 2 + 1]] {
        bytes[page * 16384..(page + 1) * 16384].fill(0xa5);
    }
    fs::write(&path, &bytes).unwrap();
    let doctor = run(folder.path(), LATER, &["doctor"], None);
    let told = said(&doctor);
    assert_eq!(doctor.status.code(), Some(1), "{told}");
    for word in ["数据库已损坏", "taizhang restore", "taizhang recover"] {
        assert!(told.contains(word), "{told}");
    }
    let rebuilt = run(folder.path(), LATER, &["recover"], None);
    assert!(rebuilt.status.success(), "{}", said(&rebuilt));
    assert!(said(&rebuilt).contains("损坏的数据库留在"), "{}", said(&rebuilt));
    assert_eq!(standing(folder.path()), before);
    // A file that is no database at all, and no log beside it that would make it one again.
    checkpoint(&path);
    fs::write(&path, "x".repeat(50_000)).unwrap();
    let pass = run(folder.path(), LATER, &["run", "--once"], None);
    assert!(
        !pass.status.success() && said(&pass).contains("taizhang recover"),
        "{}",
        said(&pass)
    );
}

#[test]
fn a_share_that_is_anothers_is_not_recovered_from() {
    let folder = site();
    lose(folder.path());
    let path = folder.path().join("watch/.taizhang");
    let ours = fs::read_to_string(&path).unwrap();
    let beats = taizhang::jobs::clock::Clock::machine().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let line = |line: &str| match line.split_once(" = ") {
        Some(("site", _)) => "site = 0123456789abcdef0123456789abcdef".to_owned(),
        Some(("host", _)) => "host = 另一台".to_owned(),
        Some(("heartbeat", _)) => format!("heartbeat = {beats}"),
        Some(("state", _)) => "state = running".to_owned(),
        _ => line.to_owned(),
    };
    let another: Vec<String> = ours
        .lines()
        .filter(|own| !own.starts_with("check = "))
        .map(line)
        .collect();
    let another = another.join("\n");
    let another = format!(
        "{another}\ncheck = {}\n",
        taizhang::domain::check_code::code(&another)
    );
    fs::write(&path, &another).unwrap();
    let refused = run(folder.path(), LATER, &["recover"], None);
    assert_eq!(refused.status.code(), Some(2), "{ours} {}", said(&refused));
    assert!(said(&refused).contains("另一台"), "{}", said(&refused));
    assert_eq!(fs::read_to_string(&path).unwrap(), another);
    // Ours again it is recovered from, and given free at the end.
    fs::write(&path, ours).unwrap();
    let rebuilt = run(folder.path(), LATER, &["recover"], None);
    assert!(rebuilt.status.success(), "{}", said(&rebuilt));
    let owner = taizhang::jobs::sentinel::owner(&folder.path().join("watch")).unwrap();
    assert!(owner.stopped, "{owner:?}");
}
