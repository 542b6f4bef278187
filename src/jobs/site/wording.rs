//! A site's texts: what people read lies in its templates, not in the code.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context as _;

use crate::domain::language::Language;
use crate::domain::messages::Catalogue;
use crate::domain::reasons::Reasons;

/// The language as templates and catalogues call it.
pub fn language_key(language: Language) -> &'static str {
    match language {
        Language::Chinese => "zh-CN",
        Language::English => "en",
    }
}

/// The wording of findings.
///
/// # Errors
/// It is missing or faulty.
pub fn messages(templates: &Path) -> anyhow::Result<HashMap<&'static str, Catalogue>> {
    let shipped = include_str!("../../../templates/messages.toml");
    in_every_language(&templates.join("messages.toml"), shipped, Catalogue::all, |own| {
        own.language
    })
}

/// The wording of reasons.
///
/// # Errors
/// It is missing or faulty.
pub fn reasons(templates: &Path) -> anyhow::Result<HashMap<&'static str, Reasons>> {
    let shipped = include_str!("../../../templates/reasons.toml");
    in_every_language(
        &templates.join("reasons.toml"),
        shipped,
        Reasons::all,
        Reasons::language,
    )
}

fn in_every_language<T>(
    path: &Path,
    shipped: &str,
    parse: impl Fn(&str) -> Result<Vec<T>, String>,
    language: impl Fn(&T) -> Language,
) -> anyhow::Result<HashMap<&'static str, T>> {
    let text = complete(read(path)?, shipped);
    let all = parse(&text).map_err(|error| anyhow::anyhow!("{} 有错：{error}", path.display()))?;
    let all = all.into_iter();
    Ok(all.map(|words| (language_key(language(&words)), words)).collect())
}

/// A site's text with what a newer program needs and the site, made by an
/// older one, doesn't have yet. One that can't be read stays as it is, so that
/// its mistake is named by its own line.
fn complete(text: String, shipped: &str) -> String {
    if text == shipped {
        return text;
    }
    let (Ok(mut own), Ok(shipped)) = (text.parse::<toml::Table>(), shipped.parse::<toml::Table>()) else {
        return text;
    };
    if !add_missing(&mut own, &shipped) {
        return text;
    }
    toml::to_string(&own).unwrap_or(text)
}

/// Adds what one table has and the other lacks, at every depth; tells whether
/// that was anything.
fn add_missing(own: &mut toml::Table, shipped: &toml::Table) -> bool {
    let mut added = false;
    for (key, value) in shipped {
        match (own.get_mut(key), value) {
            (None, value) => {
                own.insert(key.clone(), value.clone());
                added = true;
            }
            (Some(toml::Value::Table(own)), toml::Value::Table(shipped)) => {
                added |= add_missing(own, shipped);
            }
            _ => {}
        }
    }
    added
}

/// The templates of notes by name, `zh-CN/receipt.txt.j2`.
///
/// # Errors
/// They are missing.
pub fn note_templates(templates: &Path) -> anyhow::Result<HashMap<String, String>> {
    let mut found = HashMap::new();
    for locale in ["zh-CN", "en"] {
        let folder = templates.join("notes").join(locale);
        let entries = std::fs::read_dir(&folder)
            .with_context(|| format!("没有模板文件夹 {}，可用 taizhang init 补齐", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().extension().is_some_and(|ending| ending == "j2") {
                found.insert(format!("{locale}/{name}"), read(&entry.path())?);
            }
        }
    }
    Ok(found)
}

fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path)
        .with_context(|| format!("{} 读不了，可用 taizhang init 补齐缺少的文件", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../templates/reasons.toml");

    #[test]
    fn what_an_older_site_lacks_is_taken_from_the_program() {
        let line = SHIPPED
            .lines()
            .find(|line| line.starts_with("extended = "))
            .unwrap();
        let older = SHIPPED
            .replacen(&format!("{line}\n"), "", 1)
            .replace("双休日", "周末");
        assert!(Reasons::parse(&older, Language::Chinese).is_err());
        let completed = complete(older, SHIPPED);
        assert!(Reasons::parse(&completed, Language::Chinese).is_ok());
        assert!(
            completed.contains("周末") && !completed.contains("双休日"),
            "the site's own words stay"
        );
    }

    #[test]
    fn a_complete_text_and_a_broken_one_stay_as_they_are() {
        assert_eq!(complete(SHIPPED.to_owned(), SHIPPED), SHIPPED);
        assert_eq!(complete("[zh-CN".to_owned(), SHIPPED), "[zh-CN");
    }
}
