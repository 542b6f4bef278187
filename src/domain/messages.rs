//! The wording of findings: `templates/messages.toml`, one engine for all texts.

use super::finding::Finding;
use super::program::Language;

/// The words for every finding in one language.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// The language.
    pub language: Language,
}

impl Catalogue {
    /// Reads the text of `templates/messages.toml`.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn parse(text: &str, language: Language) -> Result<Self, String> {
        let _ = text;
        Ok(Self { language })
    }

    /// Fills in message and hint.
    pub fn word(&self, finding: &mut Finding) {
        let _ = finding;
        unimplemented!("helper F")
    }
}
