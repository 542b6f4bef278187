//! What is wrong with the letter templates, found before a letter needs them.

use std::collections::BTreeSet;
use std::error::Error as _;
use std::fmt;

use minijinja::{Environment, Error, ErrorKind};

use super::Letters;
use super::sample::samples;
use super::templates::built_in_text;

/// One thing that is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub struct LintProblem {
    /// Its name relative to `templates/mail`.
    pub template: String,
    /// The line, counted from 1, where that is known.
    pub line: Option<usize>,
    /// What is wrong, in words.
    pub message: String,
}

impl fmt::Display for LintProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "模板 mail/{}", self.template)?;
        if let Some(line) = self.line {
            write!(f, " 第{line}行")?;
        }
        write!(f, "：{}", self.message)
    }
}

impl Letters {
    /// Writes every kind in every language with full and with sparse facts,
    /// and names what goes wrong. A template of the site that is named here
    /// is not in use: the built-in one stands in its place.
    #[must_use]
    pub fn lint(&self) -> Vec<LintProblem> {
        let mut found: BTreeSet<LintProblem> = self.refused.iter().cloned().collect();
        found.extend(self.try_all());
        found.into_iter().collect()
    }

    pub(super) fn try_all(&self) -> BTreeSet<LintProblem> {
        samples()
            .iter()
            .filter_map(|facts| self.write(facts).err())
            .collect()
    }
}

impl LintProblem {
    pub(super) fn of(template: &str, message: String) -> Self {
        Self {
            template: template.to_owned(),
            line: None,
            message,
        }
    }

    /// Words an error of the engine. It lies where the innermost template has it, not where that was included.
    pub(super) fn from_error(environment: &Environment<'_>, rendered: &str, error: &Error) -> Self {
        let mut at = error;
        while let Some(inner) = at.source().and_then(|source| source.downcast_ref::<Error>()) {
            at = inner;
        }
        let template = at.name().unwrap_or(rendered).to_owned();
        let detail = at.detail().unwrap_or_default();
        let message = match at.kind() {
            ErrorKind::UndefinedError => "用了程序没有给出的名称".to_owned(),
            ErrorKind::TemplateNotFound => format!("缺少要用的模板（{detail}）"),
            ErrorKind::SyntaxError => format!("写法有误（{detail}）"),
            ErrorKind::UnknownFilter | ErrorKind::UnknownFunction | ErrorKind::UnknownTest => {
                format!("用了没有的函数（{detail}）")
            }
            _ => at.to_string(),
        };
        let problem = Self {
            line: at.line(),
            message,
            template,
        };
        match environment.get_template(&problem.template) {
            Ok(template) if at.kind() != ErrorKind::SyntaxError => problem.with_line_of(template.source()),
            _ => problem,
        }
    }

    /// Cites the line itself, so that it can be found without counting.
    pub(super) fn with_line_of(mut self, text: &str) -> Self {
        let cited = self
            .line
            .and_then(|line| text.lines().nth(line.saturating_sub(1)))
            .map(str::trim)
            .filter(|line| !line.is_empty());
        if let Some(cited) = cited {
            self.message = format!("{}：{cited}", self.message);
        }
        self
    }
}

/// Templates of the site that no letter asks for: most likely a slip in the name.
pub(super) fn unused(environment: &Environment<'_>, own: &BTreeSet<String>) -> Vec<LintProblem> {
    let asked_for = |name: &str| {
        built_in_text(name).is_some()
            || name
                .strip_suffix("/body.html.j2")
                .is_some_and(|folder| built_in_text(&format!("{folder}/body.txt.j2")).is_some())
            || environment
                .templates()
                .any(|(other, template)| other != name && template.source().contains(name))
    };
    own.iter()
        .filter(|name| !asked_for(name))
        .map(|name| LintProblem::of(name, "没有信函用到它，请核对文件夹名和文件名".into()))
        .collect()
}
