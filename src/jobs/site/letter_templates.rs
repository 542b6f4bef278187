//! The words of the letters: those of the site, and what programmes replace in them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::mail::{Letters, site_templates};

/// Letter templates of a site. A programme may replace some: `mail/` in its
/// folder, of the same shape as `templates/mail`. They are read when they are
/// first asked for: most commands word no letter, and need not wait for them.
#[derive(Debug)]
pub struct LetterTemplates {
    templates: PathBuf,
    read: OnceLock<Result<Templates, String>>,
}

#[derive(Debug)]
struct Templates {
    site: Letters,
    /// By programme id; only those that replace something.
    programs: HashMap<String, Letters>,
    /// Folders that couldn't be read, with the reason.
    unreadable: Vec<String>,
}

impl LetterTemplates {
    /// Those below a folder of templates.
    #[must_use]
    pub fn below(templates: &Path) -> Self {
        Self {
            templates: templates.to_owned(),
            read: OnceLock::new(),
        }
    }

    /// Those for a letter about these programmes: a programme's own where it
    /// is about no other one.
    ///
    /// # Errors
    /// A built-in template is faulty.
    pub fn about<'a>(&self, mut programs: impl Iterator<Item = &'a str>) -> anyhow::Result<&Letters> {
        let templates = self.read()?;
        let own = programs
            .next()
            .filter(|first| programs.all(|other| other == *first));
        Ok(own
            .and_then(|id| templates.programs.get(id))
            .unwrap_or(&templates.site))
    }

    /// What is wrong with them, in words; a programme's faults after those of the site.
    #[must_use]
    pub fn lint(&self) -> Vec<String> {
        match self.read() {
            Ok(templates) => templates.lint(),
            Err(error) => vec![format!("{error:#}")],
        }
    }

    fn read(&self) -> anyhow::Result<&Templates> {
        let read = self
            .read
            .get_or_init(|| Templates::read(&self.templates).map_err(|error| format!("{error:#}")));
        read.as_ref().map_err(|error| anyhow::anyhow!("{error}"))
    }
}

impl Templates {
    /// Compiles them all. One that can't be used stops no letter: the one that
    /// it would replace stays in its place, and [`LetterTemplates::lint`] names it.
    fn read(templates: &Path) -> anyhow::Result<Self> {
        let mut unreadable = Vec::new();
        let mut read = |folder: &Path| {
            site_templates(folder).unwrap_or_else(|error| {
                unreadable.push(format!("{error:#}（改好之前不用这个文件夹里的模板）"));
                Vec::new()
            })
        };
        let site = read(&templates.join("mail"));
        let mut programs = HashMap::new();
        let folders = std::fs::read_dir(templates.join("programs"));
        for folder in folders.into_iter().flatten().flatten() {
            let own = read(&folder.path().join("mail"));
            if own.is_empty() {
                continue;
            }
            let all: Vec<_> = site.iter().chain(&own).cloned().collect();
            let id = folder.file_name().to_string_lossy().into_owned();
            programs.insert(id, Letters::new(&all)?);
        }
        Ok(Self {
            site: Letters::new(&site)?,
            programs,
            unreadable,
        })
    }

    fn lint(&self) -> Vec<String> {
        let of_site = self.site.lint();
        let mut found = self.unreadable.clone();
        found.extend(of_site.iter().map(ToString::to_string));
        let mut programs: Vec<_> = self.programs.iter().collect();
        programs.sort_by_key(|(id, _)| *id);
        for (id, letters) in programs {
            let own = letters.lint();
            let own = own.iter().filter(|problem| !of_site.contains(problem));
            found.extend(own.map(|problem| format!("方案 {id} 的{problem}")));
        }
        found
    }
}
