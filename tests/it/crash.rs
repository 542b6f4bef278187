//! The process is killed between any two steps; a restart mends everything.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use taizhang::embedded;

use crate::forms::filled;
use crate::harness::{MORNING, PROGRAM, open, sample, tree};
use crate::own_files::is_text;

/// One of each kind: accepted, returned, unclaimed, unreadable, duplicate, nil, attachment.
const FILES: [(&str, &str); 6] = [
    ("吴垂超11月台账.xlsx", "吴垂超/吴垂超11月台账.xlsx"),
    ("副本吴垂超11月台账.xlsx", "吴垂超/副本吴垂超11月台账.xlsx"),
    ("罗养 2024年11月台账.xlsx", "罗养/罗养 2024年11月台账.xlsx"),
    (
        "新建 Microsoft Excel 工作表.xlsx",
        "新建 Microsoft Excel 工作表.xlsx",
    ),
    ("损坏的台账.xlsx", "损坏的台账.xlsx"),
    (
        "零报告-周景辉-2024年11月.xlsx",
        "周景辉/零报告-周景辉-2024年11月.xlsx",
    ),
];

fn make(folder: &Path) {
    embedded::write_site(folder, &[PROGRAM.to_owned()]).unwrap();
    let config = folder.join("config.toml");
    let text = fs::read_to_string(&config)
        .unwrap()
        .replace("settle = \"2s\"", "settle = \"10ms\"");
    assert!(text.contains("10ms"));
    fs::write(&config, text).unwrap();
    for (name, path) in FILES {
        let path = folder.join("watch/乌塘挂点台账").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, sample(name)).unwrap();
    }
}

/// Half an hour before the forms of December come, which the second test is about.
const BEFORE: &str = "2024-12-02T08:30:00+08:00";

/// Runs one pass; whether it lived to its end.
fn run_at(folder: &Path, now: &str, halt: Option<&str>) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_taizhang"));
    command
        .arg("--config")
        .arg(folder.join("config.toml"))
        .args(["--now", now, "run", "--once"]);
    command.env_remove("TAIZHANG_HALT_AT").env("RUST_LOG", "error");
    if let Some(halt) = halt {
        command.env("TAIZHANG_HALT_AT", halt);
    }
    let output = command.output().unwrap();
    assert!(
        halt.is_some() || output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output.status.success()
}

/// Share, masters and submissions, as they must be in the end.
type Outcome = (Tree, Tree, Vec<String>);

/// Files by path.
type Tree = BTreeMap<String, Vec<u8>>;

fn outcome(folder: &Path) -> Outcome {
    let mut watch = tree(&folder.join("watch"));
    // It names the site and when it was there last.
    assert!(watch.remove(".taizhang").is_some());
    let mut output = tree(&folder.join("output"));
    output.remove("运行情况.txt");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let records = runtime.block_on(async {
        let site = open(folder, MORNING).await;
        let mut lines = Vec::new();
        for record in site.store.all_submissions().await.unwrap() {
            let rows = site.store.rows(record.id).await.unwrap().len();
            lines.push(format!(
                "{} {:?} {:?} {:?} {:?} {rows}",
                record.file_name,
                record.verdict,
                record.unit,
                record.version,
                record
                    .placed
                    .map(|path| path.rsplit('/').next().map(str::to_owned))
            ));
        }
        lines.sort();
        lines
    });
    (watch, output, records)
}

#[test]
fn a_kill_between_any_two_steps_is_mended_by_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let smooth = folder.path().join("smooth");
    make(&smooth);
    assert!(run_at(&smooth, BEFORE, None));
    let expected = outcome(&smooth);
    assert_eq!(expected.2.len(), FILES.len());
    let steps = [
        "staged",
        "read",
        "archived",
        "before-commit",
        "committed",
        "delivered",
        "delivery-recorded",
        "master-built",
        "master-announced",
        "master-renamed",
    ];
    let halted = stop_at_each(folder.path(), BEFORE, &steps, make, &expected);
    assert!(halted >= 20, "only {halted} places were stopped at");
}

/// A site in November: one form filled in, one with a mistake, the rest blank.
fn make_drafts(folder: &Path) {
    const NOVEMBER: &str = "2024-11-20T09:00:00+08:00";
    embedded::write_site(folder, &[PROGRAM.to_owned()]).unwrap();
    let config = folder.join("config.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("settle = \"2s\"", "settle = \"10ms\"")).unwrap();
    assert!(run_at(folder, NOVEMBER, None));
    for (unit, village) in [("吴垂超", "湛川村"), ("庞兴", "没有这个村")] {
        let path = format!("watch/乌塘挂点台账/{unit}/本期填报表/2024年11月挂点调研台账（{unit}）.xlsx");
        let path = folder.join(path);
        fs::write(&path, filled(&path, "2024年11月19日", village)).unwrap();
    }
    assert!(run_at(folder, NOVEMBER, None));
}

#[test]
fn forms_and_drafts_come_through_a_kill_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let before = folder.path().join("before");
    make_drafts(&before);
    let smooth = folder.path().join("smooth");
    copy(&before, &smooth);
    assert!(run_at(&smooth, MORNING, None));
    let expected = outcome(&smooth);
    assert_eq!(expected.2.len(), 1, "the sound draft: {:?}", expected.2);
    let forms = expected.0.keys().filter(|path| path.contains("本期填报表"));
    // A form and its page each, for December and for November, which isn't closed.
    assert_eq!(forms.count(), 13 * 2 * 2);
    let steps = [
        "staged",
        "read",
        "archived",
        "before-commit",
        "committed",
        "delivered",
        "delivery-recorded",
        "forms-given",
    ];
    let halted = stop_at_each(
        folder.path(),
        MORNING,
        &steps,
        |site| copy(&before, site),
        &expected,
    );
    assert!(halted >= 20, "only {halted} places were stopped at");
}

/// Notes on the share, by path.
fn notes(folder: &Path) -> Vec<String> {
    let watch = tree(&folder.join("watch"));
    watch.into_keys().filter(|path| is_text(path)).collect()
}

#[test]
fn notes_published_but_not_recorded_are_replaced_by_what_a_later_day_says() {
    // In January December is owed as well, so receipts read otherwise.
    const LATER: &str = "2025-01-08T08:30:00+08:00";
    let folder = tempfile::tempdir().unwrap();
    let smooth = folder.path().join("smooth");
    make(&smooth);
    assert!(run_at(&smooth, BEFORE, None));
    let expected = notes(&smooth);
    let receipt = "watch/乌塘挂点台账/吴垂超/审核通过/2024-11/报送回执.txt";
    let before = fs::read_to_string(smooth.join(receipt)).unwrap();
    let (mut published, mut rewritten) = (0, 0);
    for n in 1.. {
        let site = folder.path().join(n.to_string());
        make(&site);
        if run_at(&site, BEFORE, Some(&format!("delivered:{n}"))) {
            break;
        }
        published = published.max(notes(&site).len());
        let lay_there = site.join(receipt).exists();
        assert!(run_at(&site, LATER, None), "after step {n}");
        let found: Vec<String> = notes(&site)
            .into_iter()
            .filter(|path| !path.contains("本期填报表"))
            .collect();
        assert_eq!(found, expected, "after step {n}");
        let after = fs::read_to_string(site.join(receipt)).unwrap();
        rewritten += usize::from(lay_there && after != before);
        let records = outcome(&site).2;
        assert_eq!(records.len(), FILES.len(), "after step {n}: {records:?}");
        fs::remove_dir_all(&site).unwrap();
    }
    assert_eq!(published, expected.len(), "stopped when all notes lay there");
    assert!(
        rewritten > 0,
        "the receipt never lay there without being recorded"
    );
}

/// Copies a site with the times of its files, by which drafts are known again.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), &target).unwrap();
            let modified = entry.metadata().unwrap().modified().unwrap();
            let file = fs::File::options().write(true).open(&target).unwrap();
            file.set_modified(modified).unwrap();
        }
    }
}

/// Stops a pass at every step in turn, starts it again, and compares; gives
/// how many places it was stopped at.
fn stop_at_each(folder: &Path, now: &str, steps: &[&str], make: impl Fn(&Path), expected: &Outcome) -> usize {
    let mut halted = 0;
    for step in steps {
        // Steps that come for each file or action are stopped at one after the other.
        for n in 1.. {
            let site = folder.join(format!("{step}-{n}"));
            make(&site);
            if run_at(&site, now, Some(&format!("{step}:{n}"))) {
                break;
            }
            halted += 1;
            assert!(run_at(&site, now, None), "after {step}:{n}");
            let found = outcome(&site);
            assert_eq!(found.2, expected.2, "after {step}:{n}");
            assert_eq!(
                found.0.keys().collect::<Vec<_>>(),
                expected.0.keys().collect::<Vec<_>>(),
                "after {step}:{n}"
            );
            assert!(found.0 == expected.0, "the share differs after {step}:{n}");
            assert_eq!(
                found.1.keys().collect::<Vec<_>>(),
                expected.1.keys().collect::<Vec<_>>(),
                "after {step}:{n}"
            );
            assert!(found.1 == expected.1, "the output differs after {step}:{n}");
            fs::remove_dir_all(&site).unwrap();
        }
    }
    halted
}
