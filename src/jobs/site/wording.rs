//! A site's texts: what people read lies in its templates, not in the code.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context as _;

use crate::domain::messages::Catalogue;
use crate::domain::program::Language;
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
    in_every_language(&templates.join("messages.toml"), Catalogue::parse)
}

/// The wording of reasons.
///
/// # Errors
/// It is missing or faulty.
pub fn reasons(templates: &Path) -> anyhow::Result<HashMap<&'static str, Reasons>> {
    in_every_language(&templates.join("reasons.toml"), Reasons::parse)
}

fn in_every_language<T>(
    path: &Path,
    parse: impl Fn(&str, Language) -> Result<T, String>,
) -> anyhow::Result<HashMap<&'static str, T>> {
    let text = read(path)?;
    [Language::Chinese, Language::English]
        .into_iter()
        .map(|language| {
            let words = parse(&text, language)
                .map_err(|error| anyhow::anyhow!("{} 有错：{error}", path.display()))?;
            Ok((language_key(language), words))
        })
        .collect()
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
