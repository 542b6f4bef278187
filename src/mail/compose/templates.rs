//! Where the templates come from: the binary, and the site's own folder.

use std::path::Path;

use anyhow::Context as _;
use include_dir::{Dir, include_dir};
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior};

use super::{Letters, LintProblem, lint, shape};

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates/mail");

/// The templates in a folder of the same shape as `templates/mail`, by name
/// relative to it and text, sorted; none if there is no such folder.
///
/// # Errors
/// A file can't be read, or isn't UTF-8.
pub fn site_templates(folder: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    if folder.is_dir() {
        gather(folder, "", &mut found)?;
    }
    found.sort_unstable();
    Ok(found)
}

fn gather(folder: &Path, prefix: &str, found: &mut Vec<(String, String)>) -> anyhow::Result<()> {
    let named = || format!("信函模板 {} 读不了", folder.display());
    for entry in std::fs::read_dir(folder).with_context(named)? {
        let entry = entry.with_context(named)?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let path = entry.path();
        if path.is_dir() {
            gather(&path, &format!("{name}/"), found)?;
        } else if path.extension().is_some_and(|ending| ending == "j2") {
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("信函模板 {} 读不了，应存为UTF-8编码", path.display()))?;
            // Windows editors put a byte order mark before the text and end lines in their own way.
            let text = text
                .strip_prefix('\u{feff}')
                .unwrap_or(&text)
                .replace("\r\n", "\n");
            found.push((name, text));
        }
    }
    Ok(())
}

/// The built-in templates, compiled.
pub(super) fn built_in() -> anyhow::Result<Environment<'static>> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(
        SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .context("模板语法设置有误")?,
    );
    shape::add_to(&mut environment);
    for (name, text) in built_in_files(&BUILT_IN) {
        environment.add_template_owned(name, text)?;
    }
    Ok(environment)
}

/// A built-in template by name.
pub(super) fn built_in_text(name: &str) -> Option<&'static str> {
    BUILT_IN.get_file(name)?.contents_utf8()
}

fn built_in_files(dir: &'static Dir<'static>) -> Vec<(String, &'static str)> {
    let own = dir.files().filter_map(|file| {
        file.path().extension().filter(|ending| *ending == "j2")?;
        Some((file.path().to_str()?.replace('\\', "/"), file.contents_utf8()?))
    });
    own.chain(dir.dirs().flat_map(built_in_files)).collect()
}

impl Letters {
    /// Puts the site's templates in their places, and back out again those that can't be used.
    pub(super) fn take(&mut self, templates: &[(String, String)]) {
        for (name, text) in templates {
            let name = name.replace('\\', "/");
            if built_in_text(&name) == Some(text) {
                // `init` copied it and nobody changed it; an earlier one of another origin gives way.
                self.drop_own(&name);
                continue;
            }
            match self.environment.add_template_owned(name.clone(), text.clone()) {
                Ok(()) => {
                    self.own.insert(name);
                }
                Err(error) => {
                    let problem = LintProblem::from_error(&self.environment, &name, &error);
                    self.refuse(problem.with_line_of(text));
                }
            }
        }
        self.refused.extend(lint::unused(&self.environment, &self.own));
        // Putting one back may show the next; each round puts at least one back.
        while !self.own.is_empty() {
            let faulty: Vec<LintProblem> = self
                .try_all()
                .into_iter()
                .filter(|problem| self.own.contains(&problem.template))
                .collect();
            if faulty.is_empty() {
                break;
            }
            for problem in faulty {
                self.drop_own(&problem.template);
                self.refuse(problem);
            }
        }
    }

    fn refuse(&mut self, mut problem: LintProblem) {
        problem.message.push_str("（改好之前用随附的模板）");
        self.refused.push(problem);
    }

    fn drop_own(&mut self, name: &str) {
        if !self.own.remove(name) {
            return;
        }
        let back = built_in_text(name)
            .is_some_and(|text| self.environment.add_template_owned(name.to_owned(), text).is_ok());
        if !back {
            self.environment.remove_template(name);
        }
    }
}
