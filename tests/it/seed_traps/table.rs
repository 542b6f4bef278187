//! The table of the traps itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether a file holds a test of this name: a function with an attribute of a
/// test among the few lines above it.
fn is_test(file: &str, name: &str) -> bool {
    let Ok(text) = fs::read_to_string(root().join(file)) else {
        return false;
    };
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let begins = |line: &str| {
        let line = line.strip_prefix("async ").unwrap_or(line);
        line.strip_prefix("fn ")
            .and_then(|line| line.strip_prefix(name))
            .is_some_and(|line| line.starts_with('('))
    };
    let tested = |at: usize| {
        let above = lines[..at].iter().rev();
        let mut above = above.take_while(|line| line.starts_with("#[") || line.starts_with("//"));
        above.any(|line| {
            ["#[test]", "#[tokio::test", "#[rstest]", "#[case"]
                .iter()
                .any(|attribute| line.starts_with(attribute))
        })
    };
    (0..lines.len()).any(|at| begins(lines[at]) && tested(at))
}

#[test]
fn every_trap_is_proved_or_listed() {
    let table = fs::read_to_string(root().join("tests/data/seed_traps.csv")).unwrap();
    let docs = fs::read_to_string(root().join("docs/programs.md")).unwrap();
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(
        header,
        ["id", "seed", "where", "kind", "detail", "tested_by", "docs"]
    );
    let mut ids = BTreeSet::new();
    let mut wrong = Vec::new();
    for record in reader.records() {
        let record = record.unwrap();
        let (id, seed, tested, listed) = (&record[0], &record[1], &record[5], &record[6]);
        if !id.starts_with(&format!("{seed}-")) || !ids.insert(id.to_owned()) {
            wrong.push(format!("{id}: not an id of its own"));
        }
        if tested.is_empty() && listed.is_empty() {
            wrong.push(format!("{id}: neither proved nor listed"));
        }
        for test in tested.split(';').filter(|test| !test.is_empty()) {
            if !test
                .split_once("::")
                .is_some_and(|(file, name)| is_test(file, name))
            {
                wrong.push(format!("{id}: no test {test}"));
            }
        }
        if !docs.contains(listed) {
            wrong.push(format!("{id}: docs/programs.md doesn't say “{listed}”"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(ids.len(), 88);
}
