//! The words of the pages: `templates/pages/words.toml`, and in English
//! `words.en.toml`. An office may say
//! some of them its own way; what it leaves out, or gets wrong, stays as shipped.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use crate::domain::language::Language;

/// Section → name → words.
pub(super) type Words = BTreeMap<String, BTreeMap<String, String>>;

const CHINESE: &str = include_str!("../../templates/pages/words.toml");
const ENGLISH: &str = include_str!("../../templates/pages/words.en.toml");

/// The file in which a site says some of them its own way.
fn file(language: Language) -> &'static str {
    language.either("words.toml", "words.en.toml")
}

/// Largest file that is taken for one of words, in bytes.
const MOST: u64 = 256 << 10;

/// The words as shipped.
///
/// # Panics
/// The shipped file isn't TOML of this shape; a test holds it to that.
#[must_use]
pub fn shipped_words(language: Language) -> BTreeMap<String, BTreeMap<String, String>> {
    #[allow(clippy::expect_used, reason = "a test reads the same text")]
    toml::from_str(language.either(CHINESE, ENGLISH)).expect("the shipped words")
}

/// What is wrong with a site's own words, a line each.
#[must_use]
pub fn faulty_words(templates: &Path, language: Language) -> Vec<String> {
    of_site(templates, language).1
}

/// The words of a site, and what is wrong with its own.
pub(super) fn of_site(templates: &Path, language: Language) -> (Words, Vec<String>) {
    let mut words = shipped_words(language);
    let mut wrong = Vec::new();
    let file = file(language);
    let path = templates.join("pages").join(file);
    let size = std::fs::metadata(&path).map(|own| own.len());
    let text = match size {
        // A site that an older version made has none.
        Err(_) => return (words, wrong),
        Ok(size) if size > MOST => Err("太大".to_owned()),
        Ok(_) => std::fs::read_to_string(&path).map_err(|error| error.to_string()),
    };
    let own =
        text.and_then(|text| toml::from_str::<Words>(&text).map_err(|error| error.message().to_owned()));
    match own {
        Err(reason) => wrong.push(format!(
            "templates/pages/{file} 没有用上，仍用自带的文字：{reason}"
        )),
        Ok(own) => {
            for (section, names) in own {
                for (name, text) in names {
                    match words.get_mut(&section).and_then(|own| own.get_mut(&name)) {
                        Some(shipped) if places(shipped) == places(&text) => *shipped = text,
                        Some(shipped) => wrong.push(format!(
                            "templates/pages/{file} 的 {section}.{name} 没有用上：应有的空位是 {}",
                            places(shipped).join("、")
                        )),
                        None => {
                            wrong.push(format!("templates/pages/{file} 没有 {section}.{name} 这一项"));
                        }
                    }
                }
            }
        }
    }
    (words, wrong)
}

/// The places in a text that something is put into: `{n}`.
fn places(text: &str) -> Vec<String> {
    let mut found: Vec<String> = text
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name.to_owned())
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Puts values into the places of a text.
pub(super) fn fill<V: Serialize + std::fmt::Display>(text: &str, values: &[(String, V)]) -> String {
    values.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), &value.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_says_some_things_its_own_way() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("pages")).unwrap();
        let lay = |text: &str| std::fs::write(folder.path().join("pages/words.toml"), text).unwrap();
        let of_site = |folder: &Path| of_site(folder, Language::Chinese);
        let shipped_words = || shipped_words(Language::Chinese);
        assert_eq!(of_site(folder.path()), (shipped_words(), vec![]));
        lay("[today]\ntitle = \"今日要办\"\nas_of = \"现在\"\nnothing = \"\"\nnoen = \"x\"\n");
        let (words, wrong) = of_site(folder.path());
        assert_eq!(words["today"]["title"], "今日要办");
        assert_eq!(words["today"]["as_of"], shipped_words()["today"]["as_of"]);
        assert_eq!(wrong.len(), 2, "{wrong:?}");
        assert!(
            wrong[0].contains("today.as_of") && wrong[1].contains("today.noen"),
            "{wrong:?}"
        );
        lay("[today\n");
        let (words, wrong) = of_site(folder.path());
        assert_eq!((words, wrong.len()), (shipped_words(), 1));
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let (chinese, english) = (shipped_words(Language::Chinese), shipped_words(Language::English));
        let keys = |words: &Words| -> Vec<(String, String, Vec<String>)> {
            let all = words.iter().flat_map(|(section, names)| {
                names
                    .iter()
                    .map(|(name, text)| (section.clone(), name.clone(), places(text)))
            });
            all.collect()
        };
        assert_eq!(keys(&chinese), keys(&english));
        let is_chinese = |c: char| ('\u{3001}'..='\u{9fff}').contains(&c);
        for (section, names) in &english {
            for (name, text) in names {
                let quoted = section == "holidays" && name == "rule";
                assert!(quoted || !text.contains(is_chinese), "{section}.{name}: {text}");
            }
        }
    }

    #[test]
    fn values_are_put_into_their_places() {
        assert_eq!(places("截至{time}，{n}件，{n}份"), ["n", "time"]);
        let values = [("n".to_owned(), 3)];
        assert_eq!(fill("共{n}件", &values), "共3件");
    }
}
