//! Reading in child processes: the sample month, hostile files, and what
//! happens around them.

pub mod hostile;
mod raw_zip;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use taizhang::domain::table::{FileKind, Workbook};
use taizhang::workbook::read::{Limits, ReadFailure, ReaderPool, read_in_process};

/// No file may hold up others for longer than this.
const PATIENCE: Duration = Duration::from_secs(25);

fn pool(size: usize) -> ReaderPool {
    ReaderPool::new(env!("CARGO_BIN_EXE_taizhang").into(), Limits::default(), size)
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/demo/wutang-2024-11")
}

fn good() -> PathBuf {
    samples().join("林强-2024年11月.xlsx")
}

async fn verdict(pool: &ReaderPool, path: &Path) -> Result<Workbook, ReadFailure> {
    pool.read(path).await.expect("the children work")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_month_reads_as_named() {
    let expected = std::fs::read_to_string(samples().join("expected.json")).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&expected).unwrap();
    let pool = pool(2);
    let mut read = 0;
    for entry in expected["files"].as_array().unwrap() {
        let name = entry["file"].as_str().unwrap();
        let found = verdict(&pool, &samples().join(name)).await;
        match entry["verdict"].as_str().unwrap() {
            // The lock file of an editor; whoever lists files passes it over.
            "ignored" => assert!(found.is_err(), "{name}"),
            "unreadable" => match entry["findings"][0]["code"].as_str().unwrap() {
                "encrypted" => assert_eq!(found, Err(ReadFailure::Encrypted), "{name}"),
                _ => assert!(
                    matches!(found, Err(ReadFailure::Unreadable(_))),
                    "{name}: {found:?}"
                ),
            },
            _ => {
                let book = found.unwrap_or_else(|failure| panic!("{name}: {failure}"));
                let is_old = Path::new(name).extension().is_some_and(|end| end == "xls");
                let kind = if is_old { FileKind::Xls } else { FileKind::Xlsx };
                assert_eq!(book.kind, kind, "{name}");
                let rows = book.sheets.iter().map(|sheet| sheet.rows.len()).sum::<usize>();
                let data = usize::try_from(entry["rows"].as_u64().unwrap_or(0)).unwrap();
                assert!(
                    rows > data,
                    "{name}: a title, a header and {data} rows, but {rows} found"
                );
                assert_eq!(
                    Ok(book),
                    read_in_process(&samples().join(name), &Limits::default()),
                    "{name}"
                );
                read += 1;
            }
        }
    }
    assert_eq!(read, 16);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_files_get_a_verdict_in_time_while_others_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let pool = pool(2);
    for (name, bytes) in hostile::files() {
        let path = folder.path().join(format!("{name}.xlsx"));
        std::fs::write(&path, bytes).unwrap();
        let start = Instant::now();
        let good_path = good();
        let (bad, other) = tokio::join!(verdict(&pool, &path), verdict(&pool, &good_path));
        assert!(start.elapsed() < PATIENCE, "{name}: took {:?}", start.elapsed());
        assert!(other.is_ok(), "{name}: the other file is read");
        match bad {
            Err(ReadFailure::TooLarge(reason) | ReadFailure::Unreadable(reason)) => {
                assert!(!reason.is_ascii(), "{name}: {reason:?} is for people");
            }
            other => panic!("{name}: {other:?}"),
        }
        std::fs::remove_file(&path).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_is_told_from_damage() {
    let folder = tempfile::tempdir().unwrap();
    let pool = pool(1);
    for (name, bytes) in hostile::files() {
        if !matches!(
            name,
            "string-count" | "spanning" | "bomb" | "sheet-list" | "entries" | "merges"
        ) {
            continue;
        }
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let found = verdict(&pool, &path).await;
        assert!(
            matches!(found, Err(ReadFailure::TooLarge(_))),
            "{name}: {found:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_bytes_never_harm_the_parent() {
    let folder = tempfile::tempdir().unwrap();
    let pool = pool(2);
    let sources = [good(), samples().join("余晓锐2024年11月.xls")].map(|path| std::fs::read(path).unwrap());
    let mut random = hostile::Random::new(20_241_105);
    let (mut read, mut refused) = (0, 0);
    for number in 0..200 {
        let mut bytes = sources[number % 2].clone();
        for _ in 0..=random.below(12) {
            let at = random.below(bytes.len());
            bytes[at] = u8::try_from(random.below(256)).unwrap();
        }
        let path = folder.path().join(number.to_string());
        std::fs::write(&path, bytes).unwrap();
        let start = Instant::now();
        match verdict(&pool, &path).await {
            Ok(_) => read += 1,
            Err(_) => refused += 1,
        }
        assert!(start.elapsed() < PATIENCE, "{number}");
    }
    assert!(refused > 20 && read > 0, "{refused} refused, {read} read");
    assert!(verdict(&pool, &good()).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_fault_of_the_file_is_no_verdict() {
    let pool = pool(1);
    assert!(
        pool.read(Path::new("/nowhere/at/all.xlsx")).await.is_err(),
        "a missing file"
    );
    assert!(pool.read(&samples()).await.is_err(), "a folder");
    assert!(verdict(&pool, &good()).await.is_ok(), "and the child goes on");

    let none = ReaderPool::new("/nowhere/at/all".into(), Limits::default(), 1);
    assert!(none.read(&good()).await.is_err(), "no such program");
    let other = ReaderPool::new("/bin/false".into(), Limits::default(), 1);
    assert!(other.read(&good()).await.is_err(), "a program that doesn't read");
}

#[tokio::test(flavor = "multi_thread")]
async fn time_is_limited_by_the_clock() {
    let limits = Limits {
        wall: Duration::from_millis(1),
        ..Limits::default()
    };
    let pool = ReaderPool::new(env!("CARGO_BIN_EXE_taizhang").into(), limits, 1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.xlsx");
    std::fs::write(&path, hostile::many_rows(60_000)).unwrap();
    assert!(matches!(
        verdict(&pool, &path).await,
        Err(ReadFailure::TooLarge(_))
    ));
    // The same file is fine where there is time.
    assert_eq!(
        verdict(&self::pool(1), &path).await.unwrap().sheets[0].rows.len(),
        60_000
    );
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn processor_time_is_limited_and_granted_anew_for_each_file() {
    let limits = Limits {
        cpu: Duration::ZERO,
        ..Limits::default()
    };
    let pool = ReaderPool::new(env!("CARGO_BIN_EXE_taizhang").into(), limits, 1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("slow.xlsx");
    std::fs::write(&path, hostile::slow()).unwrap();
    let found = verdict(&pool, &path).await;
    assert!(matches!(found, Err(ReadFailure::TooLarge(_))), "{found:?}");
    for _ in 0..3 {
        assert!(verdict(&pool, &good()).await.is_ok());
    }
}
