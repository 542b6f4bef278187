use super::*;
use anyhow::Context as _;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Instant;

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_733_100_000 + 60 * minute, 0).unwrap()
}

fn full() -> anyhow::Error {
    let full: io::Result<()> = Err(io::Error::from_raw_os_error(28));
    full.context("汇总台账").unwrap_err()
}

#[test]
fn an_error_belongs_where_the_work_was() {
    let of = |error: &anyhow::Error| area_of(error, Area::Share);
    assert_eq!(of(&full()), Some(Area::Share));
    assert_eq!(
        of(&full().context(Area::Output).context("外层")),
        Some(Area::Output)
    );
    assert_eq!(
        of(&crate::store::StoreError::from(sqlx::Error::PoolTimedOut).into()),
        Some(Area::Database)
    );
    let within: anyhow::Error = crate::store::StoreError::from(sqlx::Error::PoolTimedOut).into();
    assert_eq!(of(&within.context(Area::Output)), Some(Area::Database));
    for (code, is_fault) in [
        (5, true),
        (30, true),
        (13, true),
        (122, true),
        (16, false),
        (2, false),
        (17, false),
    ] {
        let error = anyhow::Error::new(io::Error::from_raw_os_error(code));
        assert_eq!(of(&error).is_some(), is_fault, "os error {code}");
    }
    assert_eq!(of(&anyhow::anyhow!("模板有错").context(Area::Output)), None);
}

#[test]
fn a_fault_begins_once_and_ends_when_the_work_succeeds() {
    let faults = Faults::default();
    assert!(faults.failed(Area::Output, &full(), at(0)));
    assert!(faults.failed(Area::Database, &full(), at(1)));
    assert!(!faults.failed(Area::Output, &full(), at(2)), "known already");
    let areas: Vec<Area> = faults.standing().iter().map(|fault| fault.area).collect();
    assert_eq!(areas, [Area::Database, Area::Output]);
    // A small file fits, but the work fails again: it isn't over.
    faults.tried(Area::Output);
    faults.failed(Area::Output, &full(), at(3));
    assert!(faults.confirm(at(3)).is_empty());
    let before = faults.changes();
    faults.tried(Area::Output);
    assert_eq!(faults.confirm(at(4)).len(), 1);
    assert!(faults.changes() > before);
    assert_eq!(faults.standing().len(), 1);
    // Back at once: the same one. Back later: another.
    faults.failed_as(Area::Output, "又满了", None, at(4));
    assert_eq!(faults.standing()[1].since, at(0));
    faults.tried(Area::Output);
    faults.confirm(at(5));
    faults.failed_as(Area::Output, "又满了", None, at(9));
    assert_eq!(faults.standing()[1].since, at(9));
}

#[test]
fn another_process_reads_what_lasts() {
    let folder = tempfile::tempdir().unwrap();
    assert!(read(folder.path()).unwrap().is_empty());
    let faults = Faults::default();
    faults.keep_in(folder.path());
    let size = || {
        std::fs::metadata(folder.path().join("faults.json"))
            .unwrap()
            .len()
    };
    let room = size();
    faults.failed_as(Area::Data, &"满".repeat(5000), Some("请清理"), at(0));
    faults.failed(Area::Database, &full(), at(1));
    let told = read(folder.path()).unwrap();
    assert_eq!(told.len(), 2);
    assert_eq!(size(), room, "it takes more room than it had");
    assert!(
        told[0]
            .words(chrono_tz::Asia::Shanghai)
            .starts_with("数据库从2024年12月2日")
    );
    for area in Area::ALL {
        faults.tried(area);
    }
    faults.confirm(at(2));
    assert!(read(folder.path()).unwrap().is_empty());
}

#[test]
fn a_folder_is_asked_by_writing_and_nothing_stays() {
    let folder = tempfile::tempdir().unwrap();
    folder_takes(folder.path(), folder.path()).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    assert!(folder_takes(&folder.path().join("none"), folder.path()).is_err());
}

/// A start clears leftovers while `doctor` looks whether the folder takes files.
#[test]
fn a_probe_that_somebody_clears_away_is_no_fault() {
    let folder = tempfile::tempdir().unwrap();
    let (path, asked, cleared) = (folder.path(), AtomicBool::new(true), AtomicU32::new(0));
    let probes = || {
        let names = std::fs::read_dir(path).unwrap().flatten();
        names.filter(|entry| entry.file_name().to_string_lossy().contains("probe"))
    };
    let began = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while asked.load(Ordering::Relaxed) {
                for probe in probes() {
                    let gone = std::fs::remove_file(probe.path()).is_ok();
                    cleared.fetch_add(u32::from(gone), Ordering::Relaxed);
                }
            }
        });
        let mut outcome = Ok(());
        while outcome.is_ok() && cleared.load(Ordering::Relaxed) < 5 && began.elapsed().as_secs() < 60 {
            outcome = folder_takes(path, path);
        }
        asked.store(false, Ordering::Relaxed);
        outcome.unwrap();
    });
    assert!(cleared.load(Ordering::Relaxed) >= 5);
    // Nor is its name another process's.
    let foreign = path.join(".taizhang-probe.tmp");
    std::fs::write(&foreign, "").unwrap();
    folder_takes(path, path).unwrap();
    assert!(foreign.exists());
}
