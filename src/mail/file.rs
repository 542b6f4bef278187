//! Letters as files: an `.eml`, and beside it an `.html` that any browser shows.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::page::escaped;
use super::{MailOptions, Message, Outcome, mime, recipients};
use crate::platform;
use crate::platform::durable::{hex, write_private};

/// The longest name of a file without its ending, in bytes.
const MAX_STEM: usize = 120;

/// Puts letters into `<folder>/<date>/`. The name comes from the Message-ID:
/// the same letter sent again replaces itself, wherever it lies.
#[derive(Debug)]
pub struct FileTransport {
    options: MailOptions,
}

impl FileTransport {
    /// A transport into the options' folder, which is made when it is needed.
    #[must_use]
    pub fn new(options: &MailOptions) -> Self {
        Self {
            options: options.clone(),
        }
    }

    /// Writes a letter; on return it has reached the disk.
    pub async fn send(&self, message: &Message) -> Outcome {
        if let Err(refused) = recipients::check(message, &self.options) {
            return Outcome::Permanent(refused);
        }
        let mail = match mime::compose(message) {
            Ok(mail) => mail,
            Err(refused) => return Outcome::Permanent(refused),
        };
        let page = page(message);
        let (folder, stem) = (self.options.folder.clone(), stem(&message.id));
        let day = message.date.format("%Y-%m-%d").to_string();
        let written = tokio::task::spawn_blocking(move || {
            let folder = place(&folder, &stem, &day)?;
            // The mail last: where it lies, the letter is whole.
            write_private(&folder.join(format!("{stem}.html")), page.as_bytes())?;
            write_private(&folder.join(format!("{stem}.eml")), &mail)
        });
        match written.await {
            Ok(Ok(())) => Outcome::Sent,
            Ok(Err(error)) => Outcome::Temporary(self.unwritable(&error)),
            Err(error) => Outcome::Temporary(self.unwritable(&io::Error::other(error))),
        }
    }

    /// Where letters lie.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.options.folder
    }

    /// Looks whether letters could be written.
    ///
    /// # Errors
    /// The folder can't be made or written, in words for the office.
    pub fn probe(&self) -> Result<(), String> {
        platform::make_private_folder(self.folder())
            .and_then(|()| tempfile::tempfile_in(self.folder()).map(drop))
            .map_err(|error| self.unwritable(&error))
    }

    fn unwritable(&self, error: &io::Error) -> String {
        format!(
            "信函写不进 {}（{error}），请检查权限和剩余空间",
            self.folder().display()
        )
    }
}

/// The folder in which a letter lies already, or the day's, made if need be.
fn place(root: &Path, stem: &str, day: &str) -> io::Result<PathBuf> {
    let own = root.join(day);
    platform::make_private_folder(&own)?;
    let name = format!("{stem}.eml");
    if own.join(&name).exists() {
        return Ok(own);
    }
    for entry in std::fs::read_dir(root)? {
        let other = entry?.path();
        if other.join(&name).exists() {
            return Ok(other);
        }
    }
    platform::sync_dir(root)?;
    Ok(own)
}

/// A name for the file: the Message-ID where it can be one, else with a hash,
/// so that different letters never share a name.
fn stem(id: &str) -> String {
    let plain: String = id
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "@._-+=".contains(c) {
                c
            } else {
                '_'
            }
        })
        .take(MAX_STEM)
        .collect();
    let dotless = plain.trim_start_matches('.');
    // File systems of offices don't tell capitals apart.
    if dotless == id && !id.chars().any(|c| c.is_ascii_uppercase()) {
        return plain;
    }
    format!("{dotless}-{}", hex(&Sha256::digest(id.as_bytes())[..6]))
}

/// The letter as a browser shows it: who, whom, what, then the letter.
fn page(message: &Message) -> String {
    let mailboxes = |all: &[super::Mailbox]| -> String {
        let shown: Vec<String> = all
            .iter()
            .map(|own| escaped(format!("{} <{}>", own.name, own.address).trim()))
            .collect();
        shown.join("；")
    };
    let mut head = String::from(
        "<div style=\"font:14px sans-serif;background:#f3f3f3;padding:8px;margin-bottom:12px\">",
    );
    let files: Vec<String> = message
        .attachments
        .iter()
        .map(|file| escaped(&file.name))
        .collect();
    for (label, value) in [
        ("发件人", mailboxes(std::slice::from_ref(&message.from))),
        ("收件人", mailboxes(&message.to)),
        ("抄送", mailboxes(&message.cc)),
        ("时间", message.date.format("%Y-%m-%d %H:%M").to_string()),
        ("主题", escaped(&message.subject)),
        ("附件", files.join("、")),
    ] {
        if !value.is_empty() {
            let _ = write!(head, "{label}：{value}<br>");
        }
    }
    head.push_str("</div>");
    // The byte order mark tells a browser the encoding whatever the page says.
    let (before, after) = message.html.split_at(body_start(&message.html));
    format!("\u{feff}{before}{head}{after}")
}

/// Where the content of a page begins; 0 if it is no whole page.
fn body_start(html: &str) -> usize {
    let lower = html.to_ascii_lowercase();
    lower
        .find("<body")
        .and_then(|at| lower[at..].find('>').map(|end| at + end + 1))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::message::tests::letter;

    fn files(root: &Path) -> Vec<String> {
        let mut found = Vec::new();
        for folder in std::fs::read_dir(root).unwrap() {
            let folder = folder.unwrap();
            for file in std::fs::read_dir(folder.path()).unwrap() {
                let names = (folder.file_name(), file.unwrap().file_name());
                found.push(format!(
                    "{}/{}",
                    names.0.to_string_lossy(),
                    names.1.to_string_lossy()
                ));
            }
        }
        found.sort();
        found
    }

    #[tokio::test]
    async fn the_same_letter_replaces_itself() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("mail");
        let transport = FileTransport::new(&MailOptions::to_folder(root.clone()));
        let mut message = letter();
        assert_eq!(transport.send(&message).await, Outcome::Sent);
        let expected = [
            "2024-12-06/wutang-visits.2024-11.u01@wutang.gov.cn.eml",
            "2024-12-06/wutang-visits.2024-11.u01@wutang.gov.cn.html",
        ];
        assert_eq!(files(&root), expected);
        message.subject = "更正".into();
        message.date += chrono::Duration::days(1);
        assert_eq!(transport.send(&message).await, Outcome::Sent);
        // The new day's folder stays empty: the letter lies where it lay.
        assert_eq!(files(&root), expected);
        let page = std::fs::read_to_string(root.join(expected[1])).unwrap();
        assert!(
            page.starts_with('\u{feff}') && page.contains("主题：更正<br>"),
            "{page}"
        );
    }

    #[tokio::test]
    async fn what_cannot_be_written_may_be_later() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("mail");
        std::fs::write(&root, "not a folder").unwrap();
        let transport = FileTransport::new(&MailOptions::to_folder(root));
        assert!(transport.probe().is_err());
        let outcome = transport.send(&letter()).await;
        assert!(
            matches!(&outcome, Outcome::Temporary(told) if told.contains("写不进")),
            "{outcome:?}"
        );
    }

    #[test]
    fn different_letters_have_different_names() {
        assert_eq!(stem("a.b-1@x.cn"), "a.b-1@x.cn");
        let names = ["a/b@x", "a_b@x", "A_b@x", "../a_b@x", ".a_b@x", "村@x", "庄@x"].map(stem);
        for (at, name) in names.iter().enumerate() {
            assert!(!name.contains('/') && !name.starts_with('.'), "{name}");
            assert!(!names[..at].contains(name), "{name}");
        }
        assert!(stem(&"x".repeat(500)).len() < 150);
    }

    #[test]
    fn the_head_stands_within_the_page_and_is_escaped() {
        let mut message = letter();
        message.html = "<!doctype html><html><BODY class=\"a\"><p>信</p></BODY></html>".into();
        message.from.name = "<script>".into();
        let page = page(&message);
        let [head, text] = ["发件人：&lt;script&gt;", "<p>信</p>"].map(|part| page.find(part).unwrap());
        assert!(page.find("<BODY").unwrap() < head && head < text, "{page}");
    }
}
