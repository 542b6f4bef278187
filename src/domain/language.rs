//! The languages that people read.

use serde::{Deserialize, Serialize};

/// The language that a programme's people read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// Official Chinese.
    #[serde(rename = "zh-CN")]
    Chinese,
    /// English.
    #[serde(rename = "en")]
    English,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Chinese, Self::English];

    /// As files write it: `zh-CN`, `en`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.either("zh-CN", "en")
    }

    /// The language that files write so.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.as_str() == word)
    }

    /// The one of two words that is said in this language.
    #[must_use]
    pub fn either<T>(self, chinese: T, english: T) -> T {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }
}

/// A sentence in a language: its words in Chinese, in English, and what both name.
macro_rules! worded {
    ($language:expr, $chinese:literal, $english:literal $(, $value:expr)* $(,)?) => {
        match $language {
            $crate::domain::language::Language::Chinese => format!($chinese $(, $value)*),
            $crate::domain::language::Language::English => format!($english $(, $value)*),
        }
    };
}

pub(crate) use worded;
