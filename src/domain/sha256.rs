//! What a file is known by: the SHA-256 of its bytes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::Digest as _;

/// A SHA-256, ordered, printed and stored as 64 lower-case hexadecimal digits.
/// The default is none: it stands where a file isn't read yet.
#[derive(Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256([u8; 32]);

/// A text that is no SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}”不是SHA-256：应为64个小写的十六进制数字")]
pub struct NoSha256(String);

impl Sha256 {
    /// Of several texts, each told apart from the next.
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hasher = sha2::Sha256::new();
        for part in parts {
            hasher.update(part);
            hasher.update([0]);
        }
        Self(hasher.finalize().into())
    }
}

impl From<[u8; 32]> for Sha256 {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl PartialEq<[u8; 32]> for Sha256 {
    fn eq(&self, bytes: &[u8; 32]) -> bool {
        self.0 == *bytes
    }
}

impl FromStr for Sha256 {
    type Err = NoSha256;

    fn from_str(text: &str) -> Result<Self, NoSha256> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'a'..=b'f' => Some(byte - b'a' + 10),
            _ => None,
        };
        let wrong = || NoSha256(text.chars().take(80).collect());
        if text.len() != 64 {
            return Err(wrong());
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let (high, low) = digit(pair[0]).zip(digit(pair[1])).ok_or_else(wrong)?;
            *byte = high << 4 | low;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{self}")
    }
}

impl TryFrom<String> for Sha256 {
    type Error = NoSha256;

    fn try_from(text: String) -> Result<Self, NoSha256> {
        text.parse()
    }
}

impl From<Sha256> for String {
    fn from(sha256: Sha256) -> Self {
        sha256.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn it_is_its_text() {
        let sha256: Sha256 = EMPTY.parse().unwrap();
        assert_eq!(sha256.to_string(), EMPTY);
        assert_eq!(serde_json::to_string(&sha256).unwrap(), format!("\"{EMPTY}\""));
        assert_eq!(
            serde_json::from_str::<Sha256>(&format!("\"{EMPTY}\"")).unwrap(),
            sha256
        );
        let other = Sha256::from([0xe3; 32]);
        assert_eq!(sha256 < other, sha256.to_string() < other.to_string());
    }

    #[test]
    fn nothing_else_is_one() {
        for text in ["", "e3b0", &EMPTY.to_uppercase(), &format!("{}村", &EMPTY[..61])] {
            assert!(text.parse::<Sha256>().is_err(), "{text}");
        }
    }
}
