//! Sessions and one-time addresses as browsers have them.

use crate::domain::sha256::Sha256;

/// A session as the browser has it: 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A fresh one.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn fresh() -> anyhow::Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("系统没有给出随机数：{error}"))?;
        Ok(Self(Sha256::from(bytes).to_string()))
    }

    /// What a browser sent, if it can be one.
    #[must_use]
    pub fn sent(text: &str) -> Option<Self> {
        text.parse::<Sha256>().ok().map(|_| Self(text.to_owned()))
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it is known by in the database.
    #[must_use]
    pub fn hash(&self) -> Sha256 {
        Sha256::of(["session", &self.0])
    }

    /// What its forms carry: whoever can't read the pages doesn't know it.
    #[must_use]
    pub fn for_forms(&self) -> String {
        Sha256::of(["forms", &self.0]).to_string()
    }
}
