//! The tables that make up a roster, as the office keeps them beside a definition.

use serde::{Deserialize, Serialize};

use super::parse::{Field, roster_fields};
use crate::domain::language::Language;

/// A table of a roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RosterTable {
    /// Who reports.
    Units,
    /// Who is responsible.
    Leaders,
    /// Which place is whose.
    Places,
}

/// What a column holds, and so when two cells of it say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// A text.
    Text,
    /// Names with a separator between them.
    List,
    /// A day.
    Day,
}

impl RosterTable {
    /// All of them, in the order in which they are filled in.
    pub const ALL: [Self; 3] = [Self::Units, Self::Leaders, Self::Places];

    /// The key that names its file in a definition.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Units => "units",
            Self::Leaders => "leaders",
            Self::Places => "places",
        }
    }

    /// The table by its key.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.as_str() == word)
    }

    /// As people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Units => "填报单位",
            Self::Leaders => "领导",
            Self::Places => "挂点",
        }
    }

    /// The same in a language.
    #[must_use]
    pub fn words(self, language: Language) -> &'static str {
        language.either(self.label(), self.as_str())
    }

    /// The columns that it may have.
    #[must_use]
    pub fn fields(self) -> &'static [Field] {
        roster_fields(self)
    }

    /// A column by its key.
    #[must_use]
    pub fn field(self, key: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.key == key)
    }

    /// The column by which people call a row; none where a row has but its id.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Units | Self::Leaders => "name",
            Self::Places => "place",
        }
    }

    /// The columns that say whom to write to, and where.
    #[must_use]
    pub fn contacts(self) -> &'static [&'static str] {
        match self {
            Self::Units => &["liaison", "liaison_mail", "head", "head_mail"],
            Self::Leaders => &["mail"],
            Self::Places => &[],
        }
    }

    /// Whether a row keeps the names that it bore before.
    #[must_use]
    pub fn keeps_names(self) -> bool {
        self.field("former_names").is_some()
    }
}

impl Holds {
    /// What a column of a key holds.
    #[must_use]
    pub fn of(key: &str) -> Self {
        match key {
            "valid_from" | "valid_to" => Self::Day,
            "aliases" | "former_names" | "leaders" => Self::List,
            _ => Self::Text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_its_columns() {
        for table in RosterTable::ALL {
            assert_eq!(RosterTable::parse(table.as_str()), Some(table));
            for key in ["id", table.name(), "valid_from", "valid_to"] {
                assert!(table.field(key).is_some(), "{table:?} {key}");
            }
            for key in table.contacts() {
                assert_eq!(Holds::of(key), Holds::Text);
                assert!(table.field(key).is_some(), "{table:?} {key}");
            }
        }
        assert!(RosterTable::Units.keeps_names() && !RosterTable::Places.keeps_names());
        assert_eq!(RosterTable::parse("groups"), None);
    }
}
