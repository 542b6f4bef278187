//! Definitions come and go on disk; the last good ones stay.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use super::*;

const SAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/programs");

fn site(programs: &[&str]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let templates = folder.path().join("templates");
    for program in programs {
        let to = templates.join("programs").join(program);
        fs::create_dir_all(&to).unwrap();
        for entry in fs::read_dir(Path::new(SAMPLES).join(program)).unwrap().flatten() {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
    (folder, templates)
}

fn no_workbooks(path: &Path) -> anyhow::Result<Workbook> {
    anyhow::bail!("没有读 {} 的程序", path.display())
}

fn edit(templates: &Path, program: &str, from: &str, to: &str) {
    let path = templates.join("programs").join(program).join("program.toml");
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from));
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

fn ids(loaded: &Loaded) -> Vec<&str> {
    loaded
        .programs
        .iter()
        .map(|program| program.id.as_str())
        .collect()
}

#[test]
fn all_folders_are_loaded_or_those_enabled() {
    let (_folder, templates) = site(&["site-inspections", "register-sample", "document-sample"]);
    let loaded = load(&templates, Chosen::ALL, &no_workbooks);
    assert_eq!(
        ids(&loaded),
        ["document-sample", "register-sample", "site-inspections"]
    );
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let enabled = ["site-inspections".to_owned(), "document-sampel".to_owned()];
    let listed = |switched| Chosen {
        enabled: &enabled,
        switched,
    };
    let none = Switches::new();
    let loaded = load(&templates, listed(&none), &no_workbooks);
    assert_eq!(ids(&loaded), ["site-inspections"]);
    assert!(
        loaded.problems[0].remedy.contains("是不是“document-sample”"),
        "{:?}",
        loaded.problems
    );
    // The office has switched one off and another on since.
    let id = |text: &str| ProgramId::new(text).unwrap();
    let switched = Switches::from([
        (id("site-inspections"), false),
        (id("document-sampel"), false),
        (id("register-sample"), true),
        (id("nobody"), true),
    ]);
    let loaded = load(&templates, listed(&switched), &no_workbooks);
    assert_eq!(ids(&loaded), ["register-sample"]);
    assert!(loaded.problems.is_empty(), "{:?}", loaded.problems);
    let off = Chosen {
        enabled: &[],
        switched: &switched,
    };
    let loaded = load(&templates, off, &no_workbooks);
    assert_eq!(ids(&loaded), ["document-sample", "register-sample"]);
}

#[test]
fn a_definition_that_turns_wrong_stays_as_it_was() {
    let (_folder, templates) = site(&["site-inspections", "document-sample"]);
    let first = load(&templates, Chosen::ALL, &no_workbooks);
    edit(&templates, "site-inspections", "day = 10", "dya = 10");
    edit(&templates, "document-sample", "day = 10", "day = 11");
    let second = reload(&first, &templates, Chosen::ALL, &no_workbooks);
    assert_eq!(ids(&second), ["document-sample", "site-inspections"]);
    assert_eq!(second.broken, ["site-inspections"]);
    let problem = &second.problems[0];
    assert!(
        problem.file.ends_with("program.toml") && problem.line.is_some(),
        "{problem}"
    );
    assert!(Arc::ptr_eq(&first.programs[1], &second.programs[1]));
    assert_ne!(first.programs[0].hash, second.programs[0].hash);

    edit(&templates, "site-inspections", "dya = 10", "day = 10");
    let third = reload(&second, &templates, Chosen::ALL, &no_workbooks);
    assert!(third.broken.is_empty() && third.problems.is_empty());
    assert!(
        Arc::ptr_eq(&first.programs[1], &third.programs[1]),
        "unchanged is the same"
    );

    fs::remove_dir_all(templates.join("programs/document-sample")).unwrap();
    assert_eq!(
        ids(&reload(&third, &templates, Chosen::ALL, &no_workbooks)),
        ["site-inspections"]
    );
    fs::remove_dir_all(&templates).unwrap();
    assert_eq!(
        ids(&reload(&third, &templates, Chosen::ALL, &no_workbooks)),
        ["document-sample", "site-inspections"]
    );
}

#[test]
fn a_start_after_a_typo_finds_what_was_remembered() {
    let (folder, templates) = site(&["site-inspections"]);
    let memory = folder.path().join("memory");
    let good = load(&templates, Chosen::ALL, &no_workbooks);
    remember(&good, &templates, &memory).unwrap();
    remember(&good, &templates, &memory).unwrap();
    edit(&templates, "site-inspections", "kind = \"log\"", "kind = \"lgo\"");
    let cold = load(&templates, Chosen::ALL, &no_workbooks);
    assert!(cold.programs.is_empty());
    remember(&cold, &templates, &memory).unwrap();
    let cold = recall(cold, &[], &memory, &no_workbooks);
    assert_eq!(cold.programs, good.programs);
    assert_eq!(cold.broken, ["site-inspections"]);

    edit(
        &templates,
        "site-inspections",
        "kind = \"lgo\"",
        "kind = \"log\" # 改过",
    );
    let better = load(&templates, Chosen::ALL, &no_workbooks);
    remember(&better, &templates, &memory).unwrap();
    assert_eq!(fs::read_dir(memory.join("site-inspections")).unwrap().count(), 1);
}

#[test]
fn two_programmes_cannot_share_a_folder() {
    let (_folder, templates) = site(&["site-inspections", "document-sample"]);
    edit(
        &templates,
        "site-inspections",
        "folder = \"Site inspections\"",
        "folder = \"年度总结\"",
    );
    let loaded = load(&templates, Chosen::ALL, &no_workbooks);
    assert_eq!(ids(&loaded), ["document-sample"]);
    assert!(loaded.problems[0].message.contains("已经是“document-sample”的"));
}

#[test]
fn a_roster_may_be_a_workbook_or_gbk() {
    use crate::domain::table::{Cell, FileKind, Row, Sheet, Value};
    let (_folder, templates) = site(&["document-sample"]);
    let units = templates.join("programs/document-sample/units.csv");
    let text = fs::read_to_string(&units).unwrap();
    fs::write(&units, encoding_rs::GBK.encode(&text).0).unwrap();
    let gbk = load(&templates, Chosen::ALL, &no_workbooks);
    assert_eq!(gbk.programs[0].roster.units[1].aliases, ["农业办", "农办"]);

    fs::write(
        templates.join("programs/document-sample/units.xlsx"),
        b"a workbook",
    )
    .unwrap();
    edit(&templates, "document-sample", "units.csv", "units.xlsx");
    let read = |path: &Path| {
        assert!(path.ends_with("units.xlsx"));
        let rows = text.lines().enumerate().map(|(index, line)| Row {
            index: u32::try_from(index).unwrap(),
            cells: (0..)
                .zip(line.split(','))
                .map(|(column, text)| Cell {
                    column,
                    value: Value::Text(text.into()),
                    formula: false,
                })
                .collect(),
        });
        Ok(Workbook {
            kind: FileKind::Xlsx,
            sheets: vec![Sheet {
                rows: rows.collect(),
                ..Sheet::default()
            }],
            properties: std::collections::BTreeMap::new(),
            times: crate::domain::table::FileTimes::default(),
            page_texts: Vec::new(),
            has_macros: false,
            has_external_links: false,
        })
    };
    let workbook = load(&templates, Chosen::ALL, &read);
    assert_eq!(workbook.programs[0].roster, gbk.programs[0].roster);
    let unread = load(&templates, Chosen::ALL, &no_workbooks);
    assert!(
        unread.problems[0].file.ends_with("units.xlsx"),
        "{:?}",
        unread.problems
    );
    assert!(
        unread.problems[0].message.contains("没有读"),
        "{:?}",
        unread.problems
    );
}

#[test]
fn a_folder_without_a_definition_is_named() {
    let (_folder, templates) = site(&["document-sample"]);
    fs::create_dir(templates.join("programs/empty")).unwrap();
    let loaded = load(&templates, Chosen::ALL, &no_workbooks);
    assert_eq!(ids(&loaded), ["document-sample"]);
    assert!(loaded.problems[0].remedy.contains("program.toml"));
}
