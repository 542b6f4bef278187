//! The configuration and the templates that the binary carries inside, so
//! that `init` and `demo` work wherever it is installed.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use include_dir::{Dir, include_dir};

use crate::domain::definition::{nearest, with_value};

/// The shipped `config.toml`.
pub const CONFIG: &str = include_str!("../config.toml");

static TEMPLATES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// What [`write_site`] did, by paths relative to the site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that were made.
    pub written: Vec<PathBuf>,
    /// Files that were there already and stay as they are.
    pub kept: Vec<PathBuf>,
}

/// Ids of the programmes that are shipped.
#[must_use]
pub fn programs() -> Vec<&'static str> {
    let folders = TEMPLATES.get_dir("programs").into_iter().flat_map(Dir::dirs);
    let mut ids: Vec<&str> = folders
        .filter_map(|folder| folder.path().file_name()?.to_str())
        .collect();
    ids.sort_unstable();
    ids
}

/// A shipped template by its path under `templates/`, as text.
#[must_use]
pub fn template(path: &str) -> Option<&'static str> {
    TEMPLATES.get_file(path)?.contents_utf8()
}

/// The files of a demonstration under `templates/demo/`, by path relative to it, sorted.
#[must_use]
pub fn demo(name: &str) -> Vec<(&'static Path, &'static [u8])> {
    let root = Path::new("demo").join(name);
    let mut found: Vec<_> = files(&TEMPLATES)
        .into_iter()
        .filter_map(|(path, bytes)| Some((path.strip_prefix(&root).ok()?, bytes)))
        .collect();
    found.sort_unstable();
    found
}

/// Ids of the shipped programmes that a document orders.
#[must_use]
pub fn ordered() -> Vec<&'static str> {
    let is_ordered = |id: &&str| {
        let definition = template(&format!("programs/{id}/program.toml")).unwrap_or_default();
        definition.lines().any(|line| line.trim() == "ordered = true")
    };
    programs().into_iter().filter(is_ordered).collect()
}

/// The line of `config.toml` that says which programmes run.
const ENABLED: &str = "\nenabled = [\"wutang-visits\"]\n";

/// `config.toml` with these programmes switched on; all that are there if none is named.
fn config_for(programs: &[&str]) -> String {
    let quoted: Vec<String> = programs.iter().map(|id| format!("\n  \"{id}\",")).collect();
    let end = if programs.is_empty() { "" } else { "\n" };
    let enabled = format!("\nenabled = [{}{end}]\n", quoted.concat());
    CONFIG.replacen(ENABLED, &enabled, 1)
}

/// Writes `config.toml` and the templates into `dir`: those of the named
/// programmes; of all if none is named, and then those are switched on that a
/// document orders. What is there already stays
/// untouched, so that `init` can be repeated after an update.
///
/// # Errors
/// If a programme isn't shipped, or a file can't be written.
pub fn write_site(dir: &Path, programs: &[String]) -> anyhow::Result<Written> {
    for id in programs {
        let shipped = self::programs();
        if !shipped.contains(&id.as_str()) {
            let meant = nearest(id, shipped.iter().copied())
                .map_or_else(String::new, |near| format!("是不是“{near}”？"));
            bail!(
                "没有随附“{id}”这项报送制度。{meant}随附的有：{}",
                shipped.join("、")
            );
        }
    }
    let config = if programs.is_empty() {
        config_for(&ordered())
    } else {
        // Those that were named, and whatever an office puts beside them.
        config_for(&[])
    };
    let mut written = Written::default();
    written.add(dir, Path::new("config.toml").into(), config.as_bytes())?;
    written.add_templates(dir, programs)?;
    Ok(written)
}

/// Writes the templates of all programmes into `dir`, but no configuration;
/// what is there already stays untouched.
///
/// # Errors
/// A file can't be written.
pub fn write_templates(dir: &Path) -> anyhow::Result<()> {
    Written::default().add_templates(dir, &[])
}

/// The shipped `config.toml` with other values, each as TOML writes it, at their
/// keys; none where there is no such key.
#[must_use]
pub fn config_with(values: &[(&[&str], String)]) -> Option<String> {
    let mut text = CONFIG.to_owned();
    for (key, value) in values {
        text = with_value(&text, key, value)?;
    }
    Some(text)
}

/// Whether a template goes into a site for some programmes, or for all.
fn is_wanted(path: &Path, programs: &[String]) -> bool {
    let mut parts = path.iter().filter_map(|part| part.to_str());
    match (parts.next(), parts.next()) {
        (Some("demo"), _) => false,
        (Some("programs"), Some(id)) => programs.is_empty() || programs.iter().any(|own| own == id),
        _ => true,
    }
}

impl Written {
    fn add_templates(&mut self, dir: &Path, programs: &[String]) -> anyhow::Result<()> {
        let all = files(&TEMPLATES).into_iter();
        for (path, bytes) in all.filter(|(path, _)| is_wanted(path, programs)) {
            self.add(dir, Path::new("templates").join(path), bytes)?;
        }
        Ok(())
    }

    fn add(&mut self, dir: &Path, path: PathBuf, bytes: &[u8]) -> anyhow::Result<()> {
        let full = dir.join(&path);
        let named = || format!("不能写 {}", full.display());
        if let Some(parent) = full.parent() {
            std::fs::create_dir_all(parent).with_context(named)?;
        }
        match OpenOptions::new().write(true).create_new(true).open(&full) {
            Ok(mut file) => {
                if let Err(error) = file.write_all(bytes) {
                    // Half a file would be kept as the site's own the next time.
                    let _ = std::fs::remove_file(&full);
                    return Err(error).with_context(named);
                }
                self.written.push(path);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => self.kept.push(path),
            Err(error) => return Err(error).with_context(named),
        }
        Ok(())
    }
}

fn files(dir: &'static Dir<'static>) -> Vec<(&'static Path, &'static [u8])> {
    let own = dir.files().map(|file| (file.path(), file.contents()));
    own.chain(dir.dirs().flat_map(files)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_written_once_and_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("站点");
        let first = write_site(&site, &["wutang-visits".into()]).unwrap();
        assert!(first.kept.is_empty());
        for path in [
            "config.toml",
            "templates/holidays.csv",
            "templates/programs/wutang-visits/program.toml",
            "templates/programs/wutang-visits/roster.csv",
        ] {
            assert!(first.written.contains(&PathBuf::from(path)), "{path}");
            assert!(site.join(path).is_file(), "{path}");
        }
        assert!(!site.join("templates/demo").exists());
        std::fs::write(site.join("config.toml"), "# 我的").unwrap();
        std::fs::remove_file(site.join("templates/holidays.csv")).unwrap();
        let second = write_site(&site, &["wutang-visits".into()]).unwrap();
        assert_eq!(second.written, [PathBuf::from("templates/holidays.csv")]);
        assert_eq!(second.kept.len(), first.written.len() - 1);
        assert_eq!(
            std::fs::read_to_string(site.join("config.toml")).unwrap(),
            "# 我的"
        );
    }

    #[test]
    fn the_line_that_switches_programmes_on_is_there() {
        assert!(CONFIG.contains(ENABLED));
        assert!(config_for(&[]).contains("\nenabled = []\n"));
    }

    #[test]
    fn a_site_for_all_switches_on_what_a_document_orders() {
        let folder = tempfile::tempdir().unwrap();
        write_site(folder.path(), &[]).unwrap();
        let config = std::fs::read_to_string(folder.path().join("config.toml")).unwrap();
        for id in programs() {
            assert!(folder.path().join("templates/programs").join(id).is_dir(), "{id}");
            assert_eq!(
                config.contains(&format!("  \"{id}\",\n")),
                ordered().contains(&id),
                "{id}"
            );
        }
        assert!(ordered().contains(&"wutang-visits"));
        assert!(
            !ordered().contains(&"xinhui-tasks"),
            "nobody orders quarterly reports there"
        );
    }

    #[test]
    fn an_unknown_programme_is_refused_before_anything_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let error = write_site(folder.path(), &["wutang-visit".into()]).unwrap_err();
        assert!(error.to_string().contains("是不是“wutang-visits”"), "{error}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn the_demonstration_is_carried_along() {
        let files = demo("wutang-2024-11");
        assert!(files.iter().any(|(path, _)| *path == Path::new("expected.json")));
        assert!(
            files
                .iter()
                .any(|(path, bytes)| path.starts_with("更正") && !bytes.is_empty())
        );
        assert!(demo("nothing").is_empty());
        assert!(
            template("holidays.csv")
                .is_some_and(|text| text.starts_with("date") || text.starts_with('\u{feff}'))
        );
    }
}
