//! Who acts, and by which way.

use serde::Serialize;
use smol_str::SmolStr;

use crate::domain::language::Language;

/// By which way something is done. What the program does by itself is known by
/// this, not by a name: a person may be called as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// The program by itself, where nobody asked.
    #[default]
    Program,
    /// A command.
    Command,
    /// The office's page.
    Page,
    /// What a person left in the shared folder.
    Share,
}

impl Via {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Program, Self::Command, Self::Page, Self::Share];

    /// The word for storage.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Program => "program",
            Self::Command => "command",
            Self::Page => "page",
            Self::Share => "share",
        }
    }

    /// The way by its word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.as_str() == word)
    }

    /// As people read it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Program => "程序",
            Self::Command => "命令",
            Self::Page => "网页",
            Self::Share => "共享文件夹",
        }
    }

    /// The same in a language.
    #[must_use]
    pub fn words(self, language: Language) -> &'static str {
        let english = match self {
            Self::Program => "program",
            Self::Command => "command",
            Self::Page => "page",
            Self::Share => "shared folder",
        };
        language.either(self.label(), english)
    }
}

/// Who decides or does something: a person by name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor {
    name: SmolStr,
    via: Via,
}

/// The program's name, where it does something by itself.
pub const PROGRAM: &str = "taizhang";

impl Actor {
    /// A person who gives a command; none where no name is given.
    #[must_use]
    pub fn person(name: &str) -> Option<Self> {
        Self::coming(name, Via::Command)
    }

    /// A person at the office's page.
    #[must_use]
    pub fn at_page(name: &str) -> Option<Self> {
        Self::coming(name, Via::Page)
    }

    fn coming(name: &str, via: Via) -> Option<Self> {
        let name = name.trim();
        (!name.is_empty()).then(|| Self {
            name: name.into(),
            via,
        })
    }

    /// The name, as it stands in the journal.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// By which way.
    #[must_use]
    pub fn via(&self) -> Via {
        self.via
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_a_name_and_a_way() {
        let own = |actor: Option<Actor>| actor.map(|own| (own.name().to_owned(), own.via()));
        assert_eq!(own(Actor::person(" 李四 ")), Some(("李四".into(), Via::Command)));
        assert_eq!(
            own(Actor::at_page("taizhang")),
            Some(("taizhang".into(), Via::Page))
        );
        assert_eq!((own(Actor::person("")), own(Actor::at_page(" \n"))), (None, None));
    }

    #[test]
    fn a_way_is_found_by_its_word() {
        for via in Via::ALL {
            assert_eq!(Via::parse(via.as_str()), Some(via));
        }
        assert_eq!(Via::parse("网页"), None);
    }
}
