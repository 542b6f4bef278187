//! Ledgers that were judged wrong once, or nearly: each set with the verdicts
//! that it must get (`tests/data/cases`).

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use taizhang::embedded;

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Copies a folder with all that is in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

/// What differs from what was expected of a file.
fn faults(want: &Value, got: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    if !text(&want["verdict"])
        .split('|')
        .any(|verdict| got["verdict"] == verdict)
    {
        faults.push(format!("verdict {}", got["verdict"]));
    }
    for key in ["unit", "period", "rows"] {
        if !want[key].is_null() && got[key] != want[key] {
            faults.push(format!("{key} {}, not {}", got[key], want[key]));
        }
    }
    let found = got["findings"].as_array().unwrap();
    let codes: HashSet<&str> = found.iter().map(|own| text(&own["code"])).collect();
    let wanted = want["findings"].as_array().unwrap();
    let listed: HashSet<&str> = wanted.iter().map(|own| text(&own["code"])).collect();
    for wanted in wanted {
        let is = |own: &&Value| {
            own["code"] == wanted["code"] && (wanted["cell"].is_null() || own["cell"] == wanted["cell"])
        };
        if !found.iter().any(|own| is(&own)) {
            faults.push(format!("no {} at {}", wanted["code"], wanted["cell"]));
        }
    }
    let absent = want["absent"].as_array().into_iter().flatten();
    faults.extend(
        absent
            .filter(|code| codes.contains(text(code)))
            .map(|code| format!("{code} is there")),
    );
    for own in found {
        let heavy = own["severity"] == "error" || own["severity"] == "query";
        if heavy && !listed.contains(text(&own["code"])) {
            faults.push(format!("{} at {} was not expected", own["code"], own["cell"]));
        }
        // Nobody is told of an empty text.
        let said = format!("{}{}", text(&own["message"]), text(&own["hint"]));
        if said.is_empty() || said.contains("“”") || said.contains("undefined") {
            faults.push(format!("{}: {said}", own["code"]));
        }
    }
    faults
}

#[test]
fn every_case_gets_its_verdict() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/cases");
    let mut sets: Vec<_> = fs::read_dir(cases)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    sets.sort();
    assert!(sets.len() >= 7);
    let mut wrong = Vec::new();
    for set in sets {
        let expected: Value = serde_json::from_slice(&fs::read(set.join("expected.json")).unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        embedded::write_site(&site, &["wutang-visits".to_owned()]).unwrap();
        let program = text(&expected["program"]);
        if set.join("program").is_dir() {
            copy(
                &set.join("program"),
                &site.join("templates/programs").join(program),
            );
        }
        let files = expected["files"].as_array().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_taizhang"));
        command.arg("--config").arg(site.join("config.toml"));
        command.args([
            "--now",
            text(&expected["now"]),
            "check",
            "--format",
            "json",
            "--program",
            program,
        ]);
        command.args(files.iter().map(|file| set.join(text(&file["file"]))));
        let output = command.output().unwrap();
        let found: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
        assert_eq!(found.as_array().unwrap().len(), files.len());
        for (want, got) in files.iter().zip(found.as_array().unwrap()) {
            let faults = faults(want, got);
            if !faults.is_empty() {
                wrong.push(format!(
                    "{}/{}: {}",
                    set.display(),
                    want["file"],
                    faults.join("; ")
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
