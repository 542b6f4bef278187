//! Who works at the office's page, and what each may do there.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::actor::Actor;
use super::ids::{AccountId, ProgramId};
use crate::domain::language::Language;

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    Office,
    /// Looks, accepts and approves.
    Reviewer,
    /// Looks.
    Reader,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Right {
    /// Look.
    Look,
    /// Accept ledgers, approve letters, see originals.
    Review,
    /// Decide about duties, keep rosters and settings.
    Decide,
    /// Keep the accounts of others.
    KeepAccounts,
}

impl Role {
    /// All of them, who may most first.
    pub const ALL: [Self; 3] = [Self::Office, Self::Reviewer, Self::Reader];

    /// The word for storage and commands.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Reviewer => "reviewer",
            Self::Reader => "reader",
        }
    }

    /// The role by its word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.as_str() == word)
    }

    /// As people read it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Office => "经办",
            Self::Reviewer => "审核",
            Self::Reader => "查阅",
        }
    }

    /// The same in a language.
    #[must_use]
    pub fn words(self, language: Language) -> &'static str {
        language.either(self.label(), self.as_str())
    }

    /// Whether the role gives a right.
    #[must_use]
    pub fn gives(self, right: Right) -> bool {
        match self {
            Self::Office => true,
            Self::Reviewer => matches!(right, Right::Look | Right::Review),
            Self::Reader => right == Right::Look,
        }
    }
}

/// Somebody who may log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The number.
    pub id: AccountId,
    /// What is typed to log in.
    pub name: String,
    /// What stands in the journal and on pages.
    pub shown: String,
    /// What it may do.
    pub role: Role,
    /// With which programmes; empty: with all.
    pub programs: BTreeSet<ProgramId>,
    /// The password has to be changed first.
    pub must_change: bool,
    /// It may not log in.
    pub disabled: bool,
    /// When it logged in last, and the time before.
    pub logins: (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
}

impl Account {
    /// Whether it has to do with a programme.
    #[must_use]
    pub fn has(&self, program: &ProgramId) -> bool {
        self.programs.is_empty() || self.programs.contains(program)
    }

    /// Whether it has to do with all of these; with what is about none, only
    /// who has to do with all that there are.
    #[must_use]
    pub fn has_all(&self, programs: &BTreeSet<ProgramId>) -> bool {
        self.programs.is_empty() || !programs.is_empty() && programs.is_subset(&self.programs)
    }

    /// Whether it may do something with a programme.
    #[must_use]
    pub fn may(&self, right: Right, program: &ProgramId) -> bool {
        self.has(program) && self.role.gives(right)
    }

    /// Who acts, where it decides at the page.
    #[must_use]
    pub fn actor(&self) -> Option<Actor> {
        Actor::at_page(&self.shown).or_else(|| Actor::at_page(&self.name))
    }
}

/// Shortest and longest password, in characters.
pub const PASSWORD: std::ops::RangeInclusive<usize> = 8..=128;

/// Longest name to log in with, in characters.
const LONGEST_NAME: usize = 40;

/// What is wrong with a name to log in with; nothing if it can be one.
#[must_use]
pub fn wrong_name(name: &str, language: Language) -> Option<&'static str> {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    match name.chars().count() {
        0 => Some(language.either("请填写登录名", "please fill in the login name")),
        1..=LONGEST_NAME if name.chars().all(fits) => None,
        1..=LONGEST_NAME => Some(language.either(
            "登录名只能有文字、数字和 . - _",
            "a login name may have letters, digits and . - _ only",
        )),
        _ => Some(language.either("登录名最多40个字", "a login name has 40 characters at most")),
    }
}

/// What is wrong with a new password; nothing if it can be one.
#[must_use]
pub fn wrong_password(name: &str, password: &str, language: Language) -> Option<&'static str> {
    let (length, distinct) = (
        password.chars().count(),
        password.chars().collect::<BTreeSet<_>>().len(),
    );
    if !PASSWORD.contains(&length) {
        Some(language.either("密码应为8至128个字符", "a password has 8 to 128 characters"))
    } else if password.to_lowercase().contains(&name.to_lowercase()) {
        Some(language.either(
            "密码中不要有登录名",
            "the password must not contain the login name",
        ))
    } else if distinct < 4 {
        Some(language.either("密码太简单", "the password is too simple"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_give_their_rights_and_no_more() {
        use Right::{Decide, KeepAccounts, Look, Review};
        for (role, rights) in [
            (Role::Office, vec![Look, Review, Decide, KeepAccounts]),
            (Role::Reviewer, vec![Look, Review]),
            (Role::Reader, vec![Look]),
        ] {
            for right in [Look, Review, Decide, KeepAccounts] {
                assert_eq!(role.gives(right), rights.contains(&right), "{role:?} {right:?}");
            }
            assert_eq!(Role::parse(role.as_str()), Some(role));
        }
    }

    #[test]
    fn an_account_is_held_to_its_programmes() {
        let id = |text: &str| ProgramId::new(text).unwrap();
        let account = |programs: &[&str], role| Account {
            id: AccountId::new(1),
            name: "lisi".into(),
            shown: "李四".into(),
            role,
            programs: programs.iter().map(|own| id(own)).collect(),
            must_change: false,
            disabled: false,
            logins: (None, None),
        };
        assert!(account(&[], Role::Office).may(Right::Decide, &id("a")));
        let one = account(&["a"], Role::Reviewer);
        assert!(one.may(Right::Review, &id("a")) && !one.may(Right::Decide, &id("a")));
        let set = |ids: &[&str]| ids.iter().map(|own| id(own)).collect::<BTreeSet<_>>();
        assert!(one.has_all(&set(&["a"])) && !one.has_all(&set(&["a", "b"])) && !one.has_all(&set(&[])));
        assert!(account(&[], Role::Reader).has_all(&set(&[])));
        assert!(!one.has(&id("b")) && !one.may(Right::Look, &id("b")));
        assert_eq!(one.actor().unwrap().name(), "李四");
    }

    #[test]
    fn names_and_passwords_are_looked_at() {
        assert_eq!(wrong_name("li.si-2", Language::Chinese), None);
        assert_eq!(wrong_name("李四", Language::Chinese), None);
        for name in ["", "a b", "<b>", "a/b", &"x".repeat(41)] {
            assert!(wrong_name(name, Language::Chinese).is_some(), "{name}");
        }
        assert_eq!(wrong_password("lisi", "春风又绿江南岸1", Language::Chinese), None);
        for password in ["short1", "Xlisi2024", "aaaaaaaa", &"ab12".repeat(33)] {
            assert!(
                wrong_password("lisi", password, Language::Chinese).is_some(),
                "{password}"
            );
        }
    }
}
