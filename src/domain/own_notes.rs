//! Whether a text on the share is one of our notes, told by its name and its
//! first line. Both have to fit: a person's own text that merely bears such a
//! name, or merely begins so, is none of ours.
//!
//! What first lines look like is taken from the templates, those in force and
//! those that the program brings, because a site may word its notes anew.

use super::period::Period;
use super::words::FolderWords;
use crate::domain::language::Language;

/// What kind of note of ours a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    /// The note whose name tells where a unit stands, of drafts as well.
    Status,
    /// A receipt (报送回执).
    Receipt,
    /// The page that goes with a form (填报说明).
    Guide,
    /// Why a file lies where it lies.
    Beside,
}

/// How the names of notes beside a file end, by what happened to the file.
const BESIDE: [(&str, &str, &str); 7] = [
    ("unreadable", "（无法读取）", " (not readable)"),
    ("unclaimed", "（待确认）", " (to be claimed)"),
    ("duplicate", "（与已报送文件相同）", " (same as submitted before)"),
    ("quarantined", "（已隔离）", " (quarantined)"),
    ("badly-named", "（文件名无法识别）", " (name not readable)"),
    ("moved", "（已转到所属的报送）", " (moved to where it belongs)"),
    ("held", "（已收到，待办公室确认）", " (received, to be confirmed)"),
];

/// How the names of pages that go with forms end.
const GUIDE: [&str; 2] = ["填报说明", " how to fill in"];

/// How the name of a note beside a file ends, before `.txt`. What isn't known
/// counts as quarantined.
#[must_use]
pub fn beside_tag(language: Language, kind: &str) -> &'static str {
    let known = BESIDE.iter().find(|(own, ..)| *own == kind);
    let (_, chinese, english) = known.unwrap_or(&BESIDE[3]);
    match language {
        Language::Chinese => chinese,
        Language::English => english,
    }
}

/// A piece of a first line as a template has it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    /// Anything.
    Any,
    /// What the programme asks for (台账).
    Matter,
    /// The name of the file that the note is about.
    FileName,
}

/// How our notes are called and how they begin.
#[derive(Debug, Clone, Default)]
pub struct OwnNotes {
    lines: Vec<(NoteKind, Vec<Piece>)>,
    /// Words that stand in the names of status notes.
    status_words: Vec<String>,
}

impl OwnNotes {
    /// From templates by name (`zh-CN/receipt.txt.j2`) and text.
    #[must_use]
    pub fn from_templates<'a>(templates: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut own = Self::default();
        for (name, text) in templates {
            let name = name.rsplit('/').next().unwrap_or_default();
            let kind = match name.strip_suffix(".txt.j2").unwrap_or(name) {
                "status" | "draft" | "duty" => NoteKind::Status,
                "receipt" => NoteKind::Receipt,
                "guide" => NoteKind::Guide,
                "beside" => NoteKind::Beside,
                "status-name" | "draft-name" | "duty-name" => {
                    own.status_words.extend(words_of(text));
                    continue;
                }
                _ => continue,
            };
            if let Some(line) = first_line(text).filter(|line| tells(line)) {
                own.lines.push((kind, line));
            }
        }
        own
    }

    /// What kind of note of ours bears such a name; none if none does.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<NoteKind> {
        let (stem, ending) = name.rsplit_once('.')?;
        if !ending.eq_ignore_ascii_case("txt") {
            return None;
        }
        let stem = without_number(stem);
        let receipt = |language| FolderWords::of(language).receipt == stem;
        if receipt(Language::Chinese) || receipt(Language::English) {
            return Some(NoteKind::Receipt);
        }
        if GUIDE.iter().any(|end| stem.ends_with(end)) {
            return Some(NoteKind::Guide);
        }
        if file_of(stem).is_some() {
            return Some(NoteKind::Beside);
        }
        let (period, rest) = stem.split_once(' ')?;
        let is_status =
            period.parse::<Period>().is_ok() && self.status_words.iter().any(|word| rest.contains(word));
        is_status.then_some(NoteKind::Status)
    }

    /// Whether a text begins as notes of this kind do. `name` is its own,
    /// `matter` what its programme asks for.
    #[must_use]
    pub fn begins_like(&self, kind: NoteKind, name: &str, text: &str, matter: &str) -> bool {
        let text = text.trim_start_matches('\u{feff}');
        let line = text.lines().next().unwrap_or_default().trim();
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let file = file_of(without_number(stem)).unwrap_or_default();
        self.lines
            .iter()
            .filter(|(own, _)| *own == kind)
            .any(|(_, pieces)| fits(pieces, line, matter, file))
    }
}

/// The stem of the file that a note beside it is about, by the note's stem.
fn file_of(stem: &str) -> Option<&str> {
    BESIDE
        .iter()
        .find_map(|(_, chinese, english)| stem.strip_suffix(chinese).or(stem.strip_suffix(english)))
        .filter(|file| !file.is_empty())
}

/// A stem without the number that was put behind it because its name was taken.
fn without_number(stem: &str) -> &str {
    let numbered = stem.strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("));
    match numbered {
        Some((before, number)) if !number.is_empty() && number.bytes().all(|c| c.is_ascii_digit()) => before,
        _ => stem,
    }
}

/// The pieces of a template's first line that isn't only instructions.
fn first_line(template: &str) -> Option<Vec<Piece>> {
    let template = template.trim_start_matches('\u{feff}');
    template
        .lines()
        .map(|line| pieces(line.trim()))
        .find(|line| line.iter().any(|piece| *piece != Piece::Any))
}

fn pieces(line: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find('{') {
        let (before, tag) = rest.split_at(start);
        let end = match tag.get(..2) {
            Some("{{") => "}}",
            Some("{%") => "%}",
            Some("{#") => "#}",
            _ => {
                found.push(Piece::Text(rest[..=start].to_owned()));
                rest = &rest[start + 1..];
                continue;
            }
        };
        if !before.is_empty() {
            found.push(Piece::Text(before.to_owned()));
        }
        let Some(length) = tag.find(end) else {
            return found;
        };
        let word = tag[2..length].trim_matches(['-', ' ']);
        match (end, word) {
            ("#}", _) => {}
            ("}}", "matter") => found.push(Piece::Matter),
            ("}}", "file_name") => found.push(Piece::FileName),
            _ => found.push(Piece::Any),
        }
        rest = &tag[length + end.len()..];
    }
    if !rest.is_empty() {
        found.push(Piece::Text(rest.to_owned()));
    }
    found
}

/// Whether a line says enough to tell it from a person's own.
fn tells(line: &[Piece]) -> bool {
    line.iter().any(|piece| match piece {
        Piece::Text(text) => text.chars().filter(|c| c.is_alphabetic()).count() >= 2,
        Piece::Matter | Piece::FileName => true,
        Piece::Any => false,
    })
}

/// Words of a template for names, longer than one letter.
fn words_of(template: &str) -> Vec<String> {
    let texts = pieces(template.trim())
        .into_iter()
        .filter_map(|piece| match piece {
            Piece::Text(text) => Some(text.trim_matches(['，', ',', ' ']).to_owned()),
            _ => None,
        });
    texts.filter(|text| text.chars().count() >= 3).collect()
}

/// Whether a line fits the pieces, by taking each text where it comes first.
fn fits(pieces: &[Piece], line: &str, matter: &str, file: &str) -> bool {
    let mut rest = line;
    let mut open = false;
    for piece in pieces {
        let wanted = match piece {
            Piece::Any => {
                open = true;
                continue;
            }
            Piece::Text(text) => text.as_str(),
            Piece::Matter => matter,
            Piece::FileName => file,
        };
        if wanted.is_empty() {
            return false;
        }
        let Some(at) = rest.find(wanted).filter(|at| open || *at == 0) else {
            return false;
        };
        rest = &rest[at + wanted.len()..];
        // The note's name has the file's stem only, not its ending.
        open = *piece == Piece::FileName;
    }
    open || rest.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> OwnNotes {
        OwnNotes::from_templates([
            (
                "zh-CN/status.txt.j2",
                include_str!("../../templates/notes/zh-CN/status.txt.j2"),
            ),
            (
                "zh-CN/status-name.txt.j2",
                include_str!("../../templates/notes/zh-CN/status-name.txt.j2"),
            ),
            (
                "zh-CN/draft-name.txt.j2",
                include_str!("../../templates/notes/zh-CN/draft-name.txt.j2"),
            ),
            (
                "zh-CN/receipt.txt.j2",
                include_str!("../../templates/notes/zh-CN/receipt.txt.j2"),
            ),
            (
                "zh-CN/guide.txt.j2",
                include_str!("../../templates/notes/zh-CN/guide.txt.j2"),
            ),
            (
                "zh-CN/beside.txt.j2",
                include_str!("../../templates/notes/zh-CN/beside.txt.j2"),
            ),
            (
                "en/status.txt.j2",
                include_str!("../../templates/notes/en/status.txt.j2"),
            ),
            (
                "en/status-name.txt.j2",
                include_str!("../../templates/notes/en/status-name.txt.j2"),
            ),
            (
                "en/draft-name.txt.j2",
                include_str!("../../templates/notes/en/draft-name.txt.j2"),
            ),
            (
                "en/receipt.txt.j2",
                include_str!("../../templates/notes/en/receipt.txt.j2"),
            ),
            (
                "en/guide.txt.j2",
                include_str!("../../templates/notes/en/guide.txt.j2"),
            ),
            (
                "en/beside.txt.j2",
                include_str!("../../templates/notes/en/beside.txt.j2"),
            ),
            ("zh-CN/running.txt.j2", "台账收集运行情况"),
        ])
    }

    #[test]
    fn names_of_our_notes_in_both_languages() {
        use NoteKind::{Beside, Guide, Receipt, Status};
        let own = shipped();
        for (name, kind) in [
            ("2024-11 已通过 第1版.txt", Some(Status)),
            ("2024-11 已退回 第2版 3处须处理.txt", Some(Status)),
            ("2024-11 零报告已通过 第1版 (2).txt", Some(Status)),
            ("2024-11 已存3行，未报送 1处须处理.TXT", Some(Status)),
            ("2024-Q4 accepted version 1.txt", Some(Status)),
            ("2024-11 2 rows saved, not submitted.txt", Some(Status)),
            ("报送回执.txt", Some(Receipt)),
            ("receipt (3).txt", Some(Receipt)),
            ("2024年12月填报说明.txt", Some(Guide)),
            ("December 2024 how to fill in.txt", Some(Guide)),
            ("损坏的台账（无法读取）.txt", Some(Beside)),
            ("a (to be claimed) (2).txt", Some(Beside)),
            ("2024-11 会议纪要.txt", None),
            ("已通过 第1版.txt", None),
            ("报送回执.docx", None),
            ("我的报送回执.txt", None),
            ("（无法读取）.txt", None),
            ("说明.txt", None),
        ] {
            assert_eq!(own.named(name), kind, "{name}");
        }
    }

    #[test]
    fn first_lines_follow_the_templates() {
        let own = shipped();
        for (name, line, ours) in [
            ("报送回执.txt", "报送回执", true),
            ("报送回执.txt", "报送回执请查收", false),
            ("报送回执.txt", "Receipt", true),
            (
                "2024-11 已通过 第1版.txt",
                "2024年11月挂点调研台账  吴垂超挂点组",
                true,
            ),
            ("2024-11 已通过 第1版.txt", "2024年11月会议  吴垂超挂点组", false),
            ("2024-11 已通过 第1版.txt", "我的备忘", false),
            (
                "2024-11 accepted version 1.txt",
                "挂点调研台账 for November 2024, Unit",
                true,
            ),
            ("2024年12月填报说明.txt", "2024年12月挂点调研台账填报说明", true),
            ("2024年12月填报说明.txt", "怎么填这张表", false),
            ("损坏（无法读取）.txt", "损坏.xlsx", true),
            ("损坏（无法读取） (2).txt", "损坏.xlsx", true),
            ("损坏（无法读取）.txt", "这个文件打不开", false),
        ] {
            let kind = own.named(name).unwrap();
            let text = format!("\u{feff}{line}\r\n\r\n别的话\r\n");
            assert_eq!(
                own.begins_like(kind, name, &text, "挂点调研台账"),
                ours,
                "{name}: {line}"
            );
        }
    }

    #[test]
    fn a_site_s_own_wording_is_followed_and_one_that_tells_nothing_isn_t() {
        let own = OwnNotes::from_templates([
            (
                "zh-CN/receipt.txt.j2",
                "{# 本县 #}\n{% if late %}\n{{ unit }}台账收件单{% endif %}\n",
            ),
            ("zh-CN/guide.txt.j2", "{{ period }}{{ unit }}\n正文"),
        ]);
        let receipt = |line: &str| own.begins_like(NoteKind::Receipt, "报送回执.txt", line, "台账");
        assert!(receipt("罗养挂点组台账收件单\n已收到"));
        assert!(!receipt("罗养挂点组\n已收到"));
        assert!(!own.begins_like(NoteKind::Guide, "填报说明.txt", "随便什么", "台账"));
    }

    #[test]
    fn tags_are_those_of_the_language() {
        assert_eq!(beside_tag(Language::Chinese, "unreadable"), "（无法读取）");
        assert_eq!(
            beside_tag(Language::English, "duplicate"),
            " (same as submitted before)"
        );
        assert_eq!(beside_tag(Language::English, "quarantined"), " (quarantined)");
    }
}
