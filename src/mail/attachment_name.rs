//! The `Content-Type` of an attachment, with its name.
//!
//! By RFC 2231 a name belongs into `Content-Disposition`, where the composing
//! library writes it. QQ Mail doesn't read it there and shows `tcmime.1.bin`;
//! it reads encoded words (RFC 2047) in the `name` of `Content-Type`, as every
//! other program does. So the name stands in both.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lettre::message::header::{Header, HeaderName, HeaderValue};

/// What a type that isn't well-formed counts as.
const UNKNOWN: &str = "application/octet-stream";

/// Bytes of text in one encoded word: 45 bytes are 60 of base64, and a word
/// may have 75 characters with its frame.
const BYTES_PER_WORD: usize = 45;

/// `Content-Type: type/subtype; name="…"`.
#[derive(Debug, Clone)]
pub struct NamedType {
    raw: String,
    encoded: String,
}

impl NamedType {
    /// `name` must be clean: no quotes, no control characters.
    pub fn new(content_type: &str, name: &str) -> Self {
        let kind = if is_type(content_type) {
            content_type
        } else {
            UNKNOWN
        };
        let shown = if name.is_ascii() && name.len() <= 60 {
            name.to_owned()
        } else {
            encoded_words(name)
        };
        Self {
            raw: format!("{kind}; name=\"{name}\""),
            encoded: format!("{kind};\r\n name=\"{shown}\""),
        }
    }
}

impl Header for NamedType {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-Type")
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self {
            raw: text.to_owned(),
            encoded: text.to_owned(),
        })
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::dangerous_new_pre_encoded(Self::name(), self.raw.clone(), self.encoded.clone())
    }
}

/// Encoded words, each on its own line and cut between characters.
fn encoded_words(text: &str) -> String {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.floor_char_boundary(BYTES_PER_WORD);
        words.push(format!("=?utf-8?B?{}?=", STANDARD.encode(&rest[..end])));
        rest = &rest[end..];
    }
    words.join("\r\n ")
}

fn is_type(text: &str) -> bool {
    let token = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "!#$&^_.+-".contains(c))
    };
    text.len() <= 127
        && text
            .split_once('/')
            .is_some_and(|(kind, sub)| token(kind) && token(sub))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_names_become_encoded_words() {
        let own = NamedType::new("application/pdf", "情况报告.pdf");
        assert_eq!(
            own.encoded,
            "application/pdf;\r\n name=\"=?utf-8?B?5oOF5Ya15oql5ZGKLnBkZg==?=\""
        );
        let long = NamedType::new("application/pdf", &"乌塘镇".repeat(20)).encoded;
        assert!(long.lines().all(|line| line.len() <= 84), "{long}");
        assert!(long.lines().count() > 3, "{long}");
    }

    #[test]
    fn plain_names_stay_and_odd_types_become_unknown() {
        assert_eq!(
            NamedType::new("text/csv", "a.csv").encoded,
            "text/csv;\r\n name=\"a.csv\""
        );
        for odd in ["", "pdf", "a/b; x=y", "a/b\r\nX: y", "a/b/c", "文/件"] {
            let own = NamedType::new(odd, "a");
            assert!(
                own.encoded.starts_with("application/octet-stream;"),
                "{odd}: {}",
                own.encoded
            );
        }
    }
}
