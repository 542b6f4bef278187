//! The house as `docs/architecture.md` draws it: who may use whom, who reads
//! the clock, how long a file may be.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Which module may use which. What isn't listed uses nobody.
const ARROWS: [(&str, &[&str]); 14] = [
    ("main", &["cli"]),
    (
        "cli",
        &[
            "daemon", "config", "desk", "jobs", "embedded", "domain", "inbox", "workbook", "store", "mail",
            "platform", "web",
        ],
    ),
    (
        "desk",
        &["jobs", "inbox", "workbook", "store", "mail", "domain", "platform"],
    ),
    (
        "daemon",
        &[
            "config", "jobs", "inbox", "workbook", "store", "mail", "domain", "platform", "web",
        ],
    ),
    (
        "jobs",
        &["inbox", "workbook", "store", "mail", "domain", "platform"],
    ),
    ("web", &["desk", "domain", "platform"]),
    ("inbox", &["domain", "platform"]),
    ("workbook", &["domain", "platform"]),
    ("store", &["domain", "platform"]),
    ("mail", &["domain", "platform"]),
    ("config", &["domain"]),
    ("embedded", &["domain"]),
    ("domain", &[]),
    ("platform", &[]),
];

/// What deciding must not touch: files, processes, the network, the runtime, the database.
const IMPURE: [&str; 8] = [
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "tokio::",
    "sqlx::",
    "async fn",
    "async move",
];

/// Ways to ask for the present.
const CLOCKS: [&str; 4] = ["Utc::now", "Local::now", "SystemTime::now", "OffsetDateTime::now"];

/// More lines than this in one file are a smell.
const MOST_LINES: usize = 400;

#[test]
fn modules_use_only_whom_they_may() {
    let mut wrong = Vec::new();
    for source in sources("src") {
        let Some(own) = source.module() else { continue };
        let allowed = ARROWS
            .iter()
            .find(|(module, _)| *module == own)
            .unwrap_or_else(|| panic!("{}: the module {own} stands in no line of ARROWS", source.name));
        for (line, used) in arrows(&source.text, source.depth()) {
            if used != own && !allowed.1.contains(&used.as_str()) {
                wrong.push(format!("{}:{line}: {own} → {used}", source.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Who uses whom among the modules of a room, tests and their fixtures apart.
fn within(room: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let (folder, whole) = (format!("src/{room}"), format!("crate::{room}::"));
    for source in sources(&folder) {
        let own = source.name[folder.len()..].trim_start_matches('/');
        let first = own.split('/').next().unwrap_or_default();
        let module = first.trim_end_matches(".rs");
        if module == "mod"
            || ["test", "sample", "fixture"]
                .iter()
                .any(|word| own.contains(word))
        {
            continue;
        }
        let code = source.text.split("#[cfg(test)]\nmod tests").next();
        let to_room = "super::".repeat(source.depth() - 1);
        let used = found.entry(module.to_owned()).or_default();
        for (_, line) in lines_of_code(code.unwrap_or_default()) {
            let starts = [
                (whole.as_str(), true),
                (to_room.as_str(), line.starts_with("use super")),
            ];
            for (start, counts) in starts {
                for (at, _) in line.match_indices(start).filter(|_| counts) {
                    let before = line[..at].chars().next_back();
                    if before.is_none_or(|c| c != ':' && !c.is_alphanumeric()) {
                        used.extend(first_names(&line[at + start.len()..]));
                    }
                }
            }
        }
        used.remove(module);
    }
    let modules: BTreeSet<String> = found.keys().cloned().collect();
    for used in found.values_mut() {
        used.retain(|name| modules.contains(name));
    }
    found
}

#[test]
fn no_modules_of_a_room_need_each_other_in_a_circle() {
    for (room, most, module, used) in [
        ("domain", 40, "program", ["ladder", "roster"]),
        ("jobs", 25, "remind", ["site", "obligations"]),
    ] {
        let all = within(room);
        assert!(all.len() > most, "the modules weren't found: {all:?}");
        assert!(used.iter().all(|own| all[module].contains(*own)), "{all:?}");
        no_circle(room, all);
    }
}

fn no_circle(room: &str, mut left: BTreeMap<String, BTreeSet<String>>) {
    // Whoever needs nobody that is left goes; who stays stands in a circle.
    loop {
        let free: Vec<String> = left
            .iter()
            .filter(|(_, used)| !used.iter().any(|name| left.contains_key(name)))
            .map(|(module, _)| module.clone())
            .collect();
        if free.is_empty() {
            break;
        }
        left.retain(|module, _| !free.contains(module));
    }
    assert!(left.is_empty(), "{room}: in a circle, or needing one: {left:#?}");
}

#[test]
fn deciding_is_pure() {
    expect_none("src/domain", &IMPURE, |_| true);
}

#[test]
fn only_jobs_and_cli_read_the_clock() {
    expect_none("src", &CLOCKS, |module| !matches!(module, Some("jobs" | "cli")));
}

#[test]
fn no_file_is_long() {
    let long: Vec<String> = ["src", "tests"]
        .into_iter()
        .flat_map(sources)
        .map(|source| (source.text.lines().count(), source.name))
        .filter(|(lines, _)| *lines > MOST_LINES)
        .map(|(lines, name)| format!("{name}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn arrows_are_seen_in_every_spelling() {
    let text = "use crate::store::Store;\n\
                pub use crate::{inbox::scan, platform};\n\
                // crate::web is only talked about.\n\
                let x = crate::config::Config::load(path); // crate::mail\n\
                use super::super::jobs::Site;\n\
                use super::sibling;\n\
                use taizhang::cli;\n";
    let seen: Vec<String> = arrows(text, 2)
        .into_iter()
        .map(|(line, used)| format!("{line} {used}"))
        .collect();
    assert_eq!(
        seen,
        ["1 store", "2 inbox", "2 platform", "4 config", "5 jobs", "7 cli"]
    );
}

/// A source file with its name relative to the package, with `/`.
struct Source {
    name: String,
    text: String,
}

impl Source {
    /// The module that the file belongs to; none for `lib.rs`, which only names them.
    fn module(&self) -> Option<&str> {
        let first = self.name.strip_prefix("src/")?.split('/').next()?;
        let module = first.strip_suffix(".rs").unwrap_or(first);
        (module != "lib").then_some(module)
    }

    /// How many `super::` lead from the file's own module to the crate.
    fn depth(&self) -> usize {
        let parts = self.name.split('/').count() - 1;
        if self.name.ends_with("/mod.rs") {
            parts - 1
        } else {
            parts
        }
    }
}

fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.join(folder)];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let parts: Vec<_> = path
                    .strip_prefix(root)
                    .unwrap()
                    .iter()
                    .map(|part| part.to_str().unwrap())
                    .collect();
                found.push(Source {
                    name: parts.join("/"),
                    text: fs::read_to_string(&path).unwrap(),
                });
            }
        }
    }
    assert!(!found.is_empty(), "no sources below {folder}");
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// The modules of the crate that a text uses, with the number of the line.
fn arrows(text: &str, depth: usize) -> BTreeSet<(usize, String)> {
    let mut found = BTreeSet::new();
    let modules: Vec<&str> = ARROWS.iter().map(|(module, _)| *module).collect();
    let to_the_crate = "super::".repeat(depth);
    for (number, line) in lines_of_code(text) {
        for start in ["crate::", "taizhang::", &to_the_crate] {
            for (at, _) in line.match_indices(start) {
                let before = line[..at].chars().next_back();
                if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                    continue;
                }
                for name in first_names(&line[at + start.len()..]) {
                    // From within a nested module, `super` leads less far: only names of modules count.
                    if start != to_the_crate || modules.contains(&name.as_str()) {
                        found.insert((number, name));
                    }
                }
            }
        }
    }
    found
}

/// The first name of a path, or of each path in braces.
fn first_names(path: &str) -> Vec<String> {
    let name = |text: &str| {
        text.trim()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    let Some(group) = path.strip_prefix('{') else {
        return vec![name(path)];
    };
    let mut names = Vec::new();
    let (mut depth, mut from) = (0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(name(&group[from..at]));
                from = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

fn expect_none(folder: &str, words: &[&str], within: impl Fn(Option<&str>) -> bool) {
    let mut wrong = Vec::new();
    for source in sources(folder).iter().filter(|source| within(source.module())) {
        for (number, line) in lines_of_code(&source.text) {
            if let Some(word) = words.iter().find(|word| line.contains(**word)) {
                wrong.push(format!("{}:{number}: {word}", source.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Lines without what is only said in comments; a `use` that runs over
/// several lines is given as one, at its first.
fn lines_of_code(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (at, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default().trim();
        match found.last_mut() {
            Some((_, whole)) if open => whole.push_str(code),
            _ => found.push((at + 1, code.to_owned())),
        }
        let begins =
            code.starts_with("use ") || code.starts_with("pub use ") || code.starts_with("pub(crate) use ");
        open = (open || begins) && !code.contains(';');
    }
    found
}
