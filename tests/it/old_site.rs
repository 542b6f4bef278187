//! A site that an earlier version of the program made goes on as it was.
//!
//! `tests/data/old_site.zip` holds one, a demo with a month of decisions, made
//! before ids had types of their own, and what that version said of it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command;

const NOW: &str = "2025-01-08T09:40:00+08:00";

fn unpacked(folder: &Path) {
    let bytes = include_bytes!("../data/old_site.zip");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let path = folder.join(entry.enclosed_name().unwrap());
        if entry.is_dir() {
            fs::create_dir_all(path).unwrap();
            continue;
        }
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        fs::write(path, content).unwrap();
    }
}

fn run(folder: &Path, now: &str, words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .current_dir(folder)
        .env("RUST_LOG", "error")
        .args(["--config", "site/config.toml", "--now", now])
        .args(words)
        .output()
        .unwrap();
    assert!(output.status.code().is_some_and(|code| code <= 1), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Masters by path, with their bytes.
fn masters(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.join("site/output")];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "xlsx") {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
                found.insert(name.to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn an_old_site_opens_and_does_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    unpacked(folder);
    let before = masters(folder);
    assert!(before.len() >= 4, "{:?}", before.keys());
    let said = run(folder, NOW, &["run", "--once"]);
    assert!(said.contains("收文 0 个，新写信函 0 封，发出 0 封"), "{said}");
    assert!(before == masters(folder), "a master was written anew");
    for (file, words) in [
        ("letters.json", &["letters", "list", "--format", "json"][..]),
        ("status.json", &["status", "--format", "json"]),
        ("log.json", &["log", "--format", "json"]),
    ] {
        let expected = fs::read_to_string(folder.join("expected").join(file)).unwrap();
        // By which way things came about is told since.
        let told = run(folder, NOW, words);
        let told: String = told
            .split_inclusive('\n')
            .filter(|line| !line.starts_with("    \"via\": "))
            .collect();
        // What is logged since, that the site was moved, stands behind it.
        let known = expected.trim_end().trim_end_matches(']').trim_end();
        let extent = if file == "log.json" {
            known.len()
        } else {
            told.len()
        };
        assert_eq!(told[..extent], expected[..extent.min(expected.len())], "{file}");
    }
    // And it goes on: what comes due next goes once.
    let next = "2025-01-13T09:30:00+08:00";
    let said = run(folder, next, &["run", "--once"]);
    assert!(!said.contains("新写信函 0 封"), "{said}");
    let said = run(folder, next, &["run", "--once"]);
    assert!(said.contains("新写信函 0 封，发出 0 封"), "{said}");
}
