//! The daemon itself: a process that watches, commands beside it, a kill.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use taizhang::embedded;

use crate::harness::{PROGRAM, sample};

struct Daemon {
    folder: tempfile::TempDir,
    child: Option<Child>,
}

impl Daemon {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        embedded::write_site(folder.path(), &[PROGRAM.to_owned()]).unwrap();
        let config = folder.path().join("config.toml");
        let text = fs::read_to_string(&config).unwrap();
        let text = text
            .replace("settle = \"2s\"", "settle = \"100ms\"")
            .replace("quiet = \"2s\"", "quiet = \"100ms\"")
            .replace("incomplete_wait = \"1m\"", "incomplete_wait = \"2s\"")
            .replace("listen = \"127.0.0.1:8460\"", "listen = \"\"");
        fs::write(config, text).unwrap();
        let mut daemon = Self { folder, child: None };
        daemon.start();
        // Made when all folders stand.
        daemon.until(|root| root.join("watch/.taizhang").exists());
        daemon
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_taizhang"));
        command
            .arg("--config")
            .arg(self.folder.path().join("config.toml"));
        command
    }

    fn start(&mut self) {
        let mut command = self.command();
        command.arg("run").stdout(Stdio::null()).stderr(Stdio::null());
        self.child = Some(command.spawn().unwrap());
    }

    fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    fn unit(&self, path: &str) -> PathBuf {
        self.folder.path().join("watch/乌塘挂点台账").join(path)
    }

    /// Waits for a condition, for 30 seconds at most.
    fn until(&self, condition: impl Fn(&Path) -> bool) {
        let start = Instant::now();
        while !condition(self.folder.path()) {
            assert!(start.elapsed() < Duration::from_secs(30), "waited in vain");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.kill();
    }
}

#[test]
fn a_dropped_ledger_is_taken_merged_and_a_second_daemon_is_refused() {
    let daemon = Daemon::new();
    let second = daemon.command().args(["run"]).output().unwrap();
    assert_eq!(second.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&second.stderr).contains("不能再启动一个"));
    fs::write(
        daemon.unit("吴垂超/吴垂超11月台账.xlsx"),
        sample("吴垂超11月台账.xlsx"),
    )
    .unwrap();
    let master = "output/乌塘挂点台账/2024-11/汇总台账.xlsx";
    daemon.until(|root| root.join(master).exists());
    assert!(
        daemon
            .unit("吴垂超/审核通过/2024-11/吴垂超11月台账.xlsx")
            .exists()
    );
    // A command beside the daemon only writes to the database; the daemon acts on it.
    let unit = fs::read_dir(daemon.unit("吴垂超"))
        .unwrap()
        .flatten()
        .any(|entry| entry.file_name().to_string_lossy().contains("已通过 第1版"));
    assert!(unit);
    let withdrawn = daemon
        .command()
        .args(["withdraw", "1", "--reason", "报错了"])
        .output()
        .unwrap();
    assert!(
        withdrawn.status.success(),
        "{}",
        String::from_utf8_lossy(&withdrawn.stderr)
    );
    daemon.until(|root| {
        root.join("watch/乌塘挂点台账/吴垂超/退回修改/2024-11/吴垂超11月台账.xlsx")
            .exists()
    });
}

#[cfg(unix)]
#[test]
fn a_database_that_is_taken_away_under_the_daemon_is_saved_and_told() {
    for replaced in [false, true] {
        let mut daemon = Daemon::new();
        let name = "吴垂超11月台账.xlsx";
        let taken = |daemon: &Daemon| daemon.unit(&format!("吴垂超/审核通过/2024-11/{name}")).exists();
        fs::write(daemon.unit(&format!("吴垂超/{name}")), sample(name)).unwrap();
        daemon.until(|_| taken(&daemon));
        let database = daemon.folder.path().join("data/taizhang.sqlite3");
        for end in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{end}", database.display()));
        }
        if replaced {
            fs::write(&database, "").unwrap();
        }
        // It ends by itself, having saved what nobody else has.
        let mut child = daemon.child.take().unwrap();
        let status = std::cell::Cell::new(None);
        let child = std::cell::RefCell::new(&mut child);
        daemon.until(|_| {
            status.set(child.borrow_mut().try_wait().unwrap());
            status.get().is_some()
        });
        assert_eq!(status.get().unwrap().code(), Some(1));
        let backups = daemon.folder.path().join("data/backups");
        let saved: Vec<_> = fs::read_dir(backups)
            .unwrap()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.to_string_lossy().ends_with("-saved.sqlite3"))
            .collect();
        assert_eq!(saved.len(), 1, "{saved:?}");
        // A start says so, names the copy, and does nothing.
        let refused = daemon.command().args(["run", "--once"]).output().unwrap();
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(
            !refused.status.success() && said.contains(saved[0].to_str().unwrap()),
            "{said}"
        );
        let restored = daemon.command().arg("restore").arg(&saved[0]).output().unwrap();
        let said = String::from_utf8_lossy(&restored.stderr).into_owned();
        assert!(restored.status.success(), "{said}");
        let pass = daemon.command().args(["run", "--once"]).output().unwrap();
        assert!(pass.status.success(), "{}", String::from_utf8_lossy(&pass.stderr));
        let mut status = daemon.command();
        status.args(["status", "--period", "2024-11", "--format", "json"]);
        let status: serde_json::Value = serde_json::from_slice(&status.output().unwrap().stdout).unwrap();
        assert_eq!(status["received"], 1);
    }
}

#[test]
fn a_file_written_with_pauses_is_never_read_half() {
    let daemon = Daemon::new();
    let bytes = sample("吴垂超11月台账.xlsx");
    let path = daemon.unit("吴垂超/吴垂超11月台账.xlsx");
    for part in 1..=4 {
        fs::write(&path, &bytes[..bytes.len() * part / 4]).unwrap();
        if part < 4 {
            // Longer than the settle time: it looks settled and yet isn't whole.
            let start = Instant::now();
            daemon.until(|_| start.elapsed() > Duration::from_millis(400));
            assert!(path.exists(), "it was taken half");
        }
    }
    daemon.until(|root| {
        root.join("watch/乌塘挂点台账/吴垂超/审核通过/2024-11/吴垂超11月台账.xlsx")
            .exists()
    });
    let status = daemon
        .command()
        .args(["status", "--period", "2024-11", "--format", "json"])
        .output()
        .unwrap();
    let status: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!(status["received"], 1);
}

#[test]
fn a_killed_daemon_goes_on_where_it_was() {
    let mut daemon = Daemon::new();
    daemon.kill();
    fs::write(
        daemon.unit("庞兴/庞 兴11月台账.xlsx"),
        sample("庞 兴11月台账.xlsx"),
    )
    .unwrap();
    daemon.start();
    daemon.until(|root| {
        root.join("watch/乌塘挂点台账/庞兴/审核通过/2024-11/庞 兴11月台账.xlsx")
            .exists()
    });
}

#[test]
fn a_holiday_table_imported_beside_a_daemon_is_used_without_a_restart() {
    let daemon = Daemon::new();
    fs::write(
        daemon.unit("吴垂超/吴垂超11月台账.xlsx"),
        sample("吴垂超11月台账.xlsx"),
    )
    .unwrap();
    let receipt = daemon.unit("吴垂超/审核通过/2024-11/报送回执.txt");
    daemon.until(|_| receipt.exists());
    // Another arrangement of 2024, in which 5 December is off.
    let shipped = embedded::template("holidays.csv").unwrap();
    let mut table = "date,kind,name\n2024-12-05,off,国庆节\n".to_owned();
    for line in shipped.lines().filter(|line| line.starts_with("2024")) {
        table = table + line + "\n";
    }
    let file = daemon.folder.path().join("2024.csv");
    fs::write(&file, table).unwrap();
    let output = daemon
        .command()
        .args(["holidays", "import"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    // The daemon's own calendar words the late receipt.
    daemon.until(|_| fs::read_to_string(&receipt).is_ok_and(|text| text.contains("2024年12月6日17:30")));
}
