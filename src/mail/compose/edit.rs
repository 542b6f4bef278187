//! The words of a draft as a file that a clerk edits, and back. What the
//! program fills in stands there as named marks, one a line.

use super::Sheet;
use super::paragraphs::{Paragraph, ParagraphKind, one_line, paragraphs};
use crate::domain::ledger::mask_identity_numbers;
use crate::domain::sha256::Sha256;
use crate::domain::text::{is_space, printable};

const SUBJECT: &str = "标题";
const SALUTATION: &str = "称呼";
const CONTACT: &str = "联系人";
const ATTACHMENTS: &str = "附件";
const SIGN_OFF: &str = "落款";
const TABLE: &str = "附表";
const NUMBER: &str = "编号";
const CHAT: &str = "短文本";
const BODY: &str = "正文";

/// Longest subject, body and short text that a person types, in characters: a
/// form of a page takes 256 kB, which is some 28,000 Chinese characters.
pub const LONGEST: [usize; 3] = [200, 20_000, 2_000];

/// How a line begins that only explains.
const REMARK: &str = "//";

/// The words of a letter that a person may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Subject, one line.
    pub subject: String,
    /// The paragraphs of the body, one a line; a heading begins with `# `, a
    /// line of a list with two spaces.
    pub body: Vec<String>,
    /// The short text, one line.
    pub chat: String,
}

impl Words {
    /// What a person typed, each line of the body a paragraph. Whether it may
    /// do without a body, as a letter that is a table does, is for the caller to say.
    ///
    /// # Errors
    /// In words for people: what is missing or too long.
    pub fn typed(subject: &str, body: &str, chat: &str) -> Result<Self, String> {
        let own = Self::cleaned(subject, body, chat);
        let [subject, body, chat] = LONGEST;
        let of_body = own.body.iter().map(|line| line.chars().count()).sum();
        for (name, length, most) in [
            (SUBJECT, own.subject.chars().count(), subject),
            (BODY, of_body, body),
            (CHAT, own.chat.chars().count(), chat),
        ] {
            if length == 0 && name != BODY {
                return Err(format!("{name}是空的，没有采用"));
            }
            if length > most {
                return Err(format!("{name}最多{most}个字，现在有{length}个，没有采用"));
            }
        }
        Ok(own)
    }

    /// The same whatever it is like.
    fn cleaned(subject: &str, body: &str, chat: &str) -> Self {
        let seen = |text: &String| !text.chars().all(is_space);
        let shown = |text: &str| Some(clean(text)).filter(seen).unwrap_or_default();
        Self {
            subject: shown(subject),
            body: body.lines().map(clean_line).filter(seen).collect(),
            chat: shown(chat),
        }
    }

    /// What tells them from other words, however they were typed.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let own = Self::cleaned(&self.subject, &self.body.join("\n"), &self.chat);
        let body = own.body.iter().map(String::as_str);
        Sha256::of([own.subject.as_str(), own.chat.as_str()].into_iter().chain(body)).to_string()
    }

    /// Of a letter as it is worded now.
    pub(super) fn of(sheet: &Sheet, chat: &str) -> Self {
        Self {
            subject: sheet.subject.clone(),
            body: sheet.body.iter().map(line).collect(),
            chat: chat.to_owned(),
        }
    }

    /// The words of each paragraph of the body.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        self.paragraphs().into_iter().map(|own| own.text).collect()
    }

    /// The body as the sheets set it.
    pub(super) fn paragraphs(&self) -> Vec<Paragraph> {
        paragraphs(&self.body.join("\n\n"))
    }
}

/// A paragraph as one line.
fn line(own: &Paragraph) -> String {
    match own.kind {
        ParagraphKind::Text => own.text.clone(),
        ParagraphKind::List => format!("  {}", own.text),
        ParagraphKind::Heading => format!("# {}", own.text),
    }
}

/// The marks of a letter in their order, each with what stands behind it.
fn marks<'a>(sheet: &Sheet, words: &'a Words, number: &'a str) -> Vec<(&'static str, String)> {
    let filled = |name, text: &str| (!text.is_empty()).then(|| (name, text.to_owned()));
    let table = sheet
        .table
        .then(|| (TABLE, "（各单位情况，由程序填写）".to_owned()));
    [
        Some((SUBJECT, words.subject.clone())),
        Some((SALUTATION, sheet.salutation.clone())),
        filled(CONTACT, &sheet.contact),
        filled(ATTACHMENTS, &sheet.attachments),
        Some((SIGN_OFF, sheet.sign_off.join(" "))),
        table,
        Some((NUMBER, number.to_owned())),
        Some((CHAT, words.chat.clone())),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What of a letter a person can't change, by name, with its words.
pub(super) fn fixed(sheet: &Sheet, words: &Words, number: &str) -> Vec<(&'static str, String)> {
    let mut all = marks(sheet, words, number);
    all.retain(|(name, _)| ![SUBJECT, CHAT].contains(name));
    all
}

/// The file of a letter's words.
pub(super) fn to_file(sheet: &Sheet, words: &Words, number: &str) -> String {
    let mut lines = vec![
        format!(
            "{REMARK} 编号{number}的信函的文字。改好存盘后，用 letters approve 加 --text 和这个文件名核准。"
        ),
        format!("{REMARK} 一行是一段，可以增、删、改；“# ”开头的是小标题，前面空两格的是列表。"),
        format!(
            "{REMARK} 〔〕各行由程序填写，请原样保留；只有〔{SUBJECT}〕〔{CHAT}〕后面的文字可以改。{REMARK} 开头的行不算。"
        ),
    ];
    for (name, text) in marks(sheet, words, number) {
        lines.push(format!("〔{name}〕{text}"));
        if name == SALUTATION {
            lines.extend(words.body.iter().cloned());
        }
    }
    lines.join("\n") + "\n"
}

/// Reads the file back.
///
/// # Errors
/// In words for people: what is missing or in the wrong place.
pub(super) fn from_file(text: &str, sheet: &Sheet, words: &Words, number: &str) -> Result<Words, String> {
    let lines: Vec<&str> = text
        .trim_start_matches('\u{feff}')
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.trim_start().starts_with(REMARK) && !line.is_empty())
        .collect();
    if lines.is_empty() {
        return Err("文件是空的，没有采用".into());
    }
    let known = marks(sheet, words, number);
    let mut found: Vec<(&'static str, String)> = Vec::new();
    let mut body = Vec::new();
    for line in lines {
        let mark = line
            .trim_start()
            .strip_prefix('〔')
            .and_then(|rest| rest.split_once('〕'));
        match mark {
            Some((name, rest)) => {
                let Some((own, _)) = known.iter().find(|(own, _)| *own == name.trim()) else {
                    return Err(format!("这封信没有〔{}〕，请删去这一行", printable(name)));
                };
                if found.iter().any(|(earlier, _)| earlier == own) {
                    return Err(format!("〔{own}〕有不止一行"));
                }
                found.push((own, clean(rest)));
            }
            None if found.last().is_some_and(|(own, _)| *own == SALUTATION) => {
                body.push(clean_line(line));
            }
            None => {
                return Err(format!(
                    "“{}”不在正文的位置：正文写在〔{SALUTATION}〕下面、下一个〔〕之前，一行一段",
                    printable(line).chars().take(20).collect::<String>()
                ));
            }
        }
    }
    let of = |name: &str| {
        found
            .iter()
            .find(|(own, _)| *own == name)
            .map_or("", |(_, text)| text.as_str())
    };
    if !of(NUMBER).is_empty() && of(NUMBER) != number {
        return Err(format!(
            "这个文件是编号{}的信函的，不是编号{number}的",
            printable(of(NUMBER))
        ));
    }
    if let Some((missing, _)) = known
        .iter()
        .find(|(own, _)| found.iter().all(|(name, _)| name != own))
    {
        return Err(format!(
            "缺少〔{missing}〕一行。请用 letters edit 另写一个文件，只改其中的文字，〔〕各行留着"
        ));
    }
    for (name, text) in [(SUBJECT, of(SUBJECT)), (CHAT, of(CHAT))] {
        if text.is_empty() {
            return Err(format!("〔{name}〕后面是空的"));
        }
    }
    if !words.body.is_empty() && body.iter().all(|line| line.chars().all(is_space)) {
        return Err(format!("{BODY}是空的，没有采用"));
    }
    Ok(Words {
        subject: of(SUBJECT).to_owned(),
        body,
        chat: of(CHAT).to_owned(),
    })
}

/// One line of words, as every text in a letter: nothing that breaks a line or
/// turns its direction, identity numbers masked.
fn clean(text: &str) -> String {
    mask_identity_numbers(&printable(&one_line(text)))
}

/// A paragraph's line; the spaces that make it one of a list stay.
fn clean_line(line: &str) -> String {
    let is_list = line.starts_with("  ");
    let text = clean(line);
    if is_list { format!("  {text}") } else { text }
}
