//! Every shipped sample gets the verdict that is written down for it.

use std::collections::HashSet;
use std::fs;
use std::process::Command;

use serde_json::Value;
use taizhang::embedded;

use crate::harness::sample;

#[test]
fn every_sample_gets_its_verdict() {
    let expected: Value = serde_json::from_slice(&sample("expected.json")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    embedded::write_site(&folder.path().join("site"), &["wutang-visits".to_owned()]).unwrap();
    let files: Vec<&Value> = expected["files"].as_array().unwrap().iter().collect();
    for (n, file) in files.iter().enumerate() {
        // Each alone in a folder of its own, so that only its name tells.
        let name = file["file"].as_str().unwrap();
        let path = folder
            .path()
            .join(n.to_string())
            .join(name.rsplit('/').next().unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, sample(name)).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_taizhang"));
    command
        .arg("--config")
        .arg(folder.path().join("site/config.toml"));
    command.args([
        "--now",
        expected["now"].as_str().unwrap(),
        "check",
        "--format",
        "json",
    ]);
    for (n, file) in files.iter().enumerate() {
        let name = file["file"].as_str().unwrap().rsplit('/').next().unwrap();
        command.arg(folder.path().join(n.to_string()).join(name));
    }
    let output = command.output().unwrap();
    assert_eq!(
        output.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    for (want, got) in files.iter().zip(found.as_array().unwrap()) {
        let name = want["file"].as_str().unwrap();
        assert_eq!(got["verdict"], want["verdict"], "{name}: {got:#}");
        for key in ["unit", "period", "rows"] {
            if !want[key].is_null() {
                assert_eq!(got[key], want[key], "{name} {key}: {got:#}");
            }
        }
        let mut listed = HashSet::new();
        for finding in want["findings"].as_array().unwrap() {
            let there = got["findings"].as_array().unwrap().iter().position(|own| {
                own["code"] == finding["code"]
                    && (finding["cell"].is_null() || own["cell"] == finding["cell"])
            });
            listed.insert(there.unwrap_or_else(|| panic!("{name}: {finding} is missing from {got:#}")));
        }
        for (place, own) in got["findings"].as_array().unwrap().iter().enumerate() {
            let heavy = own["severity"] == "error" || own["severity"] == "query";
            assert!(
                !heavy || listed.contains(&place),
                "{name}: {own} was not expected"
            );
            assert!(!own["message"].as_str().unwrap().is_empty(), "{name}: {own}");
        }
    }
    // `check` leaves nothing behind where no site has run.
    assert!(!folder.path().join("site/data").exists());
}
