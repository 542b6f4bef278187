//! What a thing is known by, each kind with a type of its own. Names are what
//! people call it; they change, and two may share one.
//!
//! An id is ordered and printed as its text: in the database, in files and in
//! letters it stands as that text.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::period::Period;

/// Characters of the longest id.
const LONGEST: usize = 200;

/// Why a text can be no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadId {
    /// Nothing, or only blanks.
    #[error("编号是空的")]
    Empty,
    /// Longer than anything that people would give.
    #[error("编号“{0}…”太长，最多{LONGEST}个字")]
    Long(String),
    /// Line breaks and the like.
    #[error("编号“{0}”含有换行等控制字符")]
    Control(String),
}

fn checked(text: &str) -> Result<SmolStr, BadId> {
    if text.trim().is_empty() {
        return Err(BadId::Empty);
    }
    if text.chars().count() > LONGEST {
        return Err(BadId::Long(text.chars().take(20).collect()));
    }
    if text.chars().any(char::is_control) {
        return Err(BadId::Control(text.escape_default().to_string()));
    }
    Ok(text.into())
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "SmolStr", into = "SmolStr")]
        pub struct $name(SmolStr);

        impl $name {
            /// The id that a text is.
            ///
            /// # Errors
            /// It is empty, very long, or holds control characters.
            pub fn new(text: &str) -> Result<Self, BadId> {
                checked(text).map(Self)
            }

            /// Its text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Deref for $name {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, text: &str) -> bool {
                self.0 == text
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, text: &&str) -> bool {
                self.0 == *text
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self.as_str(), formatter)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self.as_str(), formatter)
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                Self::new(text)
            }
        }

        impl TryFrom<SmolStr> for $name {
            type Error = BadId;
            fn try_from(text: SmolStr) -> Result<Self, BadId> {
                Self::new(&text)
            }
        }

        impl From<$name> for SmolStr {
            fn from(id: $name) -> SmolStr {
                id.0
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.into()
            }
        }

        /// For tests, which write ids as they are.
        #[cfg(test)]
        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text).expect("an id")
            }
        }

        #[cfg(test)]
        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::from(text.as_str())
            }
        }

        #[cfg(test)]
        impl Default for $name {
            fn default() -> Self {
                Self(SmolStr::new_static("-"))
            }
        }
    )*};
}

ids! {
    /// A programme: the name of its folder of definitions.
    ProgramId
    /// A reporting unit within its programme (编号 of the roster).
    UnitId
    /// A leader within a programme.
    LeaderId
    /// A row of a register (编号 of its table), unique there; what is printed
    /// as its number may be printed twice.
    ItemId
    /// A group of units within a programme: the name that the document gives it
    /// (各村社区、各镇（街）).
    GroupId
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// What the database has yet to give a number.
            pub const UNRECORDED: Self = Self(0);

            /// The number that the database gave.
            #[must_use]
            pub fn new(number: i64) -> Self {
                Self(number)
            }

            /// It.
            #[must_use]
            pub fn number(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, formatter)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, formatter)
            }
        }

        /// For tests, which write ids as they are.
        #[cfg(test)]
        impl From<i64> for $name {
            fn from(number: i64) -> Self {
                Self(number)
            }
        }

        impl FromStr for $name {
            type Err = std::num::ParseIntError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )*};
}

numbers! {
    /// A letter of a site.
    LetterId
    /// A file that came in, however it was judged.
    SubmissionId
    /// A reason to write to somebody: one step of a ladder, or one answer.
    NoticeId
    /// One step of work on the share that has yet to be done.
    DeliveryId
    /// Somebody who may log in to the office's page.
    AccountId
}

impl ProgramId {
    /// Stands for a programme whose definition names none: it has a problem, and
    /// nothing is done with it but to say so.
    #[must_use]
    pub(super) fn unread() -> Self {
        Self(SmolStr::new_static("-"))
    }
}

/// What one unit owes for one period of one programme.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duty {
    /// The programme.
    pub program: ProgramId,
    /// The unit.
    pub unit: UnitId,
    /// The period.
    pub period: Period,
}

impl Duty {
    /// The duty of these three.
    #[must_use]
    pub fn of(program: &ProgramId, unit: &UnitId, period: &Period) -> Self {
        Self {
            program: program.clone(),
            unit: unit.clone(),
            period: period.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn an_id_is_its_text_wherever_it_stands() {
        let id = UnitId::new("U01").unwrap();
        assert_eq!(
            (id.to_string(), format!("{id:?}")),
            ("U01".into(), "\"U01\"".into())
        );
        assert_eq!(serde_json::to_string(&id).unwrap(), "\"U01\"");
        assert_eq!(serde_json::from_str::<UnitId>("\"U01\"").unwrap(), id);
        let next = UnitId::from("U02");
        assert!(next > id && id == "U01");
        let by_id = HashMap::from([(id, 1)]);
        assert_eq!(by_id.get("U01"), Some(&1));
    }

    #[test]
    fn what_is_no_id_is_refused() {
        assert_eq!(UnitId::new(" \u{3000}"), Err(BadId::Empty));
        assert!(matches!(UnitId::new("a\nb"), Err(BadId::Control(_))));
        assert!(matches!(ProgramId::new(&"长".repeat(201)), Err(BadId::Long(_))));
        assert!(serde_json::from_str::<LeaderId>("\"\"").is_err());
    }
}
