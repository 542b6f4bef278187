//! What a server answers.

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _, AsyncReadExt as _};

use super::failure::Fault;
use crate::mail::header_text::header_text;

/// Longest line taken from a server, in bytes; RFC 5321 has 512.
const MAX_LINE: u64 = 4096;

/// Most lines in one reply.
const MAX_LINES: usize = 200;

/// A reply: three digits, and what is said with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The code, 200 to 599.
    pub code: u16,
    /// The lines without their codes.
    pub lines: Vec<String>,
}

impl Reply {
    /// Reads one reply.
    ///
    /// # Errors
    /// The connection broke, or what came is no reply.
    pub async fn read(wire: &mut (impl AsyncBufRead + Unpin)) -> Result<Self, Fault> {
        let mut lines = Vec::new();
        loop {
            let mut line = Vec::new();
            (&mut *wire).take(MAX_LINE).read_until(b'\n', &mut line).await?;
            if line.is_empty() {
                return Err(Fault::Closed);
            }
            let (code, last, text) = parse(&line).ok_or_else(|| Fault::Gibberish(shown(&decoded(&line))))?;
            lines.push(text);
            if last {
                return Ok(Self { code, lines });
            }
            if lines.len() >= MAX_LINES {
                return Err(Fault::Gibberish("答复太长".into()));
            }
        }
    }

    /// Whether the reply says yes (2xx).
    pub fn is_yes(&self) -> bool {
        (200..300).contains(&self.code)
    }

    /// Whether the reply asks for more (3xx).
    pub fn asks_for_more(&self) -> bool {
        (300..400).contains(&self.code)
    }

    /// Whether the refusal holds for good (5xx).
    pub fn is_permanent(&self) -> bool {
        self.code >= 500
    }
}

impl std::fmt::Display for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.code, shown(&self.lines.join(" ")))
    }
}

/// Code, whether it is the last line, text. A line cut short is none.
fn parse(line: &[u8]) -> Option<(u16, bool, String)> {
    let line = line.strip_suffix(b"\n")?;
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let code: u16 = std::str::from_utf8(line.get(..3)?).ok()?.parse().ok()?;
    let last = match line.get(3) {
        None | Some(b' ') => true,
        Some(b'-') => false,
        Some(_) => return None,
    };
    (200..600)
        .contains(&code)
        .then(|| (code, last, decoded(line.get(4..).unwrap_or_default())))
}

/// Chinese servers answer in UTF-8 or in GBK.
fn decoded(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::GBK.decode(bytes).0.into_owned(),
    }
}

/// As much as a person wants to read, without what can't be seen.
fn shown(text: &str) -> String {
    header_text(text, 200)
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(mut bytes: &[u8]) -> Result<Reply, Fault> {
        Reply::read(&mut bytes).await
    }

    #[tokio::test]
    async fn replies_of_one_and_several_lines() {
        let one = read(b"250 2.1.5 Ok\r\n").await.unwrap();
        assert!(one.is_yes());
        assert_eq!(one.to_string(), "250 2.1.5 Ok");
        let several = read(b"250-mail.cn\r\n250-STARTTLS\n250 AUTH LOGIN PLAIN\r\n")
            .await
            .unwrap();
        assert_eq!(several.lines, ["mail.cn", "STARTTLS", "AUTH LOGIN PLAIN"]);
        assert!(read(b"354\r\n").await.unwrap().asks_for_more());
        assert!(read(b"550 no\r\n").await.unwrap().is_permanent());
    }

    #[tokio::test]
    async fn replies_in_gbk_are_understood() {
        let bytes = encoding_rs::GBK
            .encode("535 Error: 请使用授权码登录\r\n")
            .0
            .into_owned();
        assert_eq!(
            read(&bytes).await.unwrap().to_string(),
            "535 Error: 请使用授权码登录"
        );
    }

    #[tokio::test]
    async fn what_is_no_reply_is_refused() {
        for bytes in [
            &b"HTTP/1.1 400\r\n"[..],
            b"25\r\n",
            b"250x\r\n",
            b"150 a\r\n",
            b"999 a\r\n",
            b"250 cut",
            b"\xff\xff\r\n",
        ] {
            assert!(matches!(read(bytes).await, Err(Fault::Gibberish(_))), "{bytes:?}");
        }
        assert!(matches!(read(b"").await, Err(Fault::Closed)));
        assert!(matches!(read(b"250-more\r\n").await, Err(Fault::Closed)));
        let long = [b"250 ".as_slice(), &[b'a'; 5000], b"\r\n"].concat();
        assert!(matches!(read(&long).await, Err(Fault::Gibberish(_))));
        assert!(matches!(
            read(&b"250-a\r\n".repeat(300)).await,
            Err(Fault::Gibberish(_))
        ));
    }
}
