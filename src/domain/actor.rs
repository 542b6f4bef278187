//! Who acts.

use smol_str::SmolStr;

/// Who decides or does something: a person by name, or the program by itself.
/// Every entry of the journal names one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor(SmolStr);

/// The program, where nobody asked: the daemon in its own entries.
pub const PROGRAM: &str = "taizhang";

/// Added to the name of a person who is called as the program.
const IN_PERSON: &str = "（命令）";

impl Actor {
    /// A person; none where no name is given. Who is called as the program is
    /// told apart from it.
    #[must_use]
    pub fn person(name: &str) -> Option<Self> {
        match name.trim() {
            "" => None,
            PROGRAM => Some(Self([PROGRAM, IN_PERSON].concat().into())),
            name => Some(Self(name.into())),
        }
    }

    /// The name, as it stands in the journal.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_has_a_name_that_is_not_the_program_s() {
        let name = |text| Actor::person(text).map(|actor| actor.name().to_owned());
        assert_eq!(name(" 李四 ").as_deref(), Some("李四"));
        assert_eq!(name("taizhang").as_deref(), Some("taizhang（命令）"));
        assert_eq!((name(""), name(" \n")), (None, None));
    }
}
