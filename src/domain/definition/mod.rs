//! Reads the TOML files that people edit (`config.toml`, `program.toml`) so
//! that everything wrong with one is named at once, each with its line and
//! what would be right.
//!
//! `serde` stops at the first fault, and an office that mends one line only to
//! meet the next gives up; so the tree with its positions is read by hand.
//! A key that nobody asked for is unknown: that is how
//! `deny_unknown_fields` holds here without a second list of keys.

mod nearest;
mod problem;
mod section;
mod syntax;
mod value;

use std::cell::RefCell;
use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};

pub use nearest::nearest;
pub use problem::Problem;
pub use section::{Item, Section};
pub use value::{quoted, with_value};

/// A TOML file being read: its tree, what has been asked of it and what was wrong.
#[derive(Debug)]
pub struct Definition<'i> {
    file: &'i str,
    text: &'i str,
    root: DeTable<'i>,
    broken: bool,
    problems: RefCell<Vec<Problem>>,
    /// Paths with their indexes: `form[0].sheet[1].row_key`.
    asked: RefCell<BTreeSet<String>>,
    /// Paths whose contents nobody will ask for, since they have no business being there.
    passed_over: RefCell<BTreeSet<String>>,
}

impl<'i> Definition<'i> {
    /// Reads the text. Syntax errors are kept as problems; see [`Self::is_broken`].
    #[must_use]
    pub fn read(file: &'i str, text: &'i str) -> Self {
        let (root, errors) = DeTable::parse_recoverable(text);
        let problems = errors
            .iter()
            .map(|error| {
                let (message, remedy) = syntax::explain(error.message());
                Problem {
                    file: file.to_owned(),
                    line: error.span().map(|span| line_of(text, span.start)),
                    message,
                    remedy,
                }
            })
            .collect::<Vec<_>>();
        Self {
            file,
            text,
            root: root.into_inner(),
            broken: !problems.is_empty(),
            problems: RefCell::new(problems),
            asked: RefCell::default(),
            passed_over: RefCell::default(),
        }
    }

    /// Whether the text is no TOML: what else seems wrong would only follow from that.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// The top of the file.
    #[must_use]
    pub fn root(&self) -> Section<'_> {
        Section::new(self, Some(&self.root), String::new(), None)
    }

    /// Keeps a problem at a line of this file.
    pub fn report(&self, line: Option<usize>, message: impl Into<String>, remedy: impl Into<String>) {
        self.problems.borrow_mut().push(Problem {
            file: self.file.to_owned(),
            line,
            message: message.into(),
            remedy: remedy.into(),
        });
    }

    /// All dotted keys asked for so far, without indexes: those that this kind of
    /// file may have (`deadline.day`, `form.sheet.column.width`).
    #[must_use]
    pub fn known_keys(&self) -> BTreeSet<String> {
        self.asked
            .borrow()
            .iter()
            .map(|path| without_indexes(path))
            .collect()
    }

    /// Whether a dotted key without indexes is one of them.
    #[must_use]
    pub fn knows(&self, key: &str) -> bool {
        let asked = self.asked.borrow();
        let is_it = |path: &String| path.contains('[') && unindexed(path).eq(key.chars());
        !key.contains('[') && (asked.contains(key) || asked.iter().any(is_it))
    }

    /// All dotted keys that are written in the file, without indexes.
    #[must_use]
    pub fn written_keys(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        walk(&self.root, "", &mut |path, _, _| {
            found.insert(without_indexes(path));
            true
        });
        found
    }

    /// Everything that was wrong, keys that nobody asked for included, by line.
    #[must_use]
    pub fn into_problems(self) -> Vec<Problem> {
        if !self.broken {
            self.report_unknown_keys();
        }
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(|problem| problem.line);
        problems
    }

    fn report_unknown_keys(&self) {
        let asked = self.asked.borrow();
        walk(&self.root, "", &mut |path, key, offset| {
            if asked.contains(path) {
                return !self.passed_over.borrow().contains(path);
            }
            let prefix = &path[..path.len() - key.len()];
            let siblings: Vec<&str> = asked
                .iter()
                .filter_map(|known| known.strip_prefix(prefix))
                .filter(|rest| !rest.contains(['.', '[']))
                .collect();
            let remedy = nearest(key, siblings.iter().copied()).map_or_else(
                || format!("这里可以写：{}。", siblings.join("、")),
                |near| format!("是不是“{near}”？"),
            );
            self.report(
                Some(line_of(self.text, offset)),
                format!("不认识的项“{key}”。"),
                remedy,
            );
            false
        });
    }
}

/// Visits every key with its path, name and offset; goes deeper where `visit` says so.
fn walk(table: &DeTable<'_>, prefix: &str, visit: &mut dyn FnMut(&str, &str, usize) -> bool) {
    for (key, value) in table {
        let name = key.get_ref();
        let path = format!("{prefix}{name}");
        if !visit(&path, name, key.span().start) {
            continue;
        }
        match value.get_ref() {
            DeValue::Table(inner) => walk(inner, &format!("{path}."), visit),
            DeValue::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    if let DeValue::Table(inner) = item.get_ref() {
                        walk(inner, &format!("{path}[{index}]."), visit);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The 1-based line of a byte offset.
fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().iter().take(offset);
    before.filter(|byte| **byte == b'\n').count() + 1
}

fn without_indexes(path: &str) -> String {
    unindexed(path).collect()
}

fn unindexed(path: &str) -> impl Iterator<Item = char> {
    let mut inside = false;
    path.chars().filter(move |c| {
        inside = inside || *c == '[';
        let keep = !inside;
        inside = inside && *c != ']';
        keep
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_keys_are_named_with_what_was_meant() {
        let definition = Definition::read("x.toml", "a = 1\n[office]\nnmae = \"x\"\nzzz = 1\n");
        let root = definition.root();
        assert_eq!(root.integer("a", 0..=9), Some(1));
        let office = root.section("office");
        assert_eq!(office.text("name"), None);
        assert_eq!(office.text("mail"), None);
        let problems = definition.into_problems();
        let lines: Vec<_> = problems.iter().map(|problem| problem.line).collect();
        assert_eq!(lines, [Some(3), Some(4)]);
        assert_eq!(
            problems[0].to_string(),
            "x.toml 第3行：不认识的项“nmae”。 是不是“name”？"
        );
        assert_eq!(problems[1].remedy, "这里可以写：mail、name。");
    }

    #[test]
    fn every_syntax_error_has_its_line() {
        let definition = Definition::read("x.toml", "a = 1\na = 2\nb = \"open\nc = 3\n");
        assert!(definition.is_broken());
        let problems = definition.into_problems();
        assert!(problems.len() >= 2, "{problems:?}");
        assert_eq!(problems[0].line, Some(2));
        assert!(problems[0].message.contains("重复"), "{problems:?}");
        assert_eq!(problems[1].line, Some(3), "{problems:?}");
    }

    #[test]
    fn keys_are_known_without_their_indexes() {
        let definition = Definition::read("x.toml", "[[form]]\nname = \"a\"\n[[form]]\nname = \"b\"\n");
        for form in definition.root().sections("form") {
            let _ = form.text("name");
        }
        assert!(definition.known_keys().contains("form.name") && definition.knows("form.name"));
        assert!(!definition.known_keys().contains("form.title") && !definition.knows("form.title"));
        assert!(definition.knows("form") && !definition.knows("form[0].name"));
        assert!(definition.written_keys().contains("form.name"));
    }
}
