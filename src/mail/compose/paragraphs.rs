//! From the lines of a rendered body to paragraphs that both sheets set.

use serde::Serialize;

use super::shape::is_wide;

/// A paragraph of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Paragraph {
    /// How it is set.
    pub kind: ParagraphKind,
    /// Its words, in one line.
    pub text: String,
}

/// How a paragraph is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ParagraphKind {
    /// Running text.
    Text,
    /// A line of a list: began with two spaces or more.
    List,
    /// A heading: began with `# `.
    Heading,
}

/// Lines that follow each other are one paragraph; an empty line ends it. A
/// line that begins with two spaces stands alone, and so does a heading.
pub(super) fn paragraphs(text: &str) -> Vec<Paragraph> {
    let mut found: Vec<Paragraph> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        let words = one_line(line);
        if words.is_empty() {
            open = false;
        } else if let Some(heading) = words.strip_prefix("# ") {
            found.push(paragraph(ParagraphKind::Heading, heading));
            open = false;
        } else if line.starts_with("  ") {
            found.push(paragraph(ParagraphKind::List, &words));
            open = false;
        } else if let (true, Some(last)) = (open, found.last_mut()) {
            let ends_wide = last.text.chars().next_back().is_some_and(is_wide);
            if !(ends_wide || words.chars().next().is_some_and(is_wide)) {
                last.text.push(' ');
            }
            last.text.push_str(&words);
        } else {
            found.push(paragraph(ParagraphKind::Text, &words));
            open = true;
        }
    }
    found
}

/// The text in one line, runs of white space being one space.
pub(super) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// The text without spaces at the ends of lines, at most one empty line in a
/// row, and one line break at its end.
pub(super) fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines().map(str::trim_end) {
        if !(line.is_empty() && empty) {
            tidy.push_str(line);
            tidy.push('\n');
        }
        empty = line.is_empty();
    }
    tidy.truncate(tidy.trim_end().len());
    tidy.push('\n');
    tidy
}

fn paragraph(kind: ParagraphKind, text: &str) -> Paragraph {
    Paragraph {
        kind,
        text: text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_join_until_an_empty_one() {
        let found =
            paragraphs("一句。\n二句。\n\n三句。\n  1. 甲\n  2. 乙\n尾。\n# 一、情况\nA line\nand more\n");
        let told: Vec<(ParagraphKind, &str)> = found.iter().map(|p| (p.kind, p.text.as_str())).collect();
        assert_eq!(
            told,
            [
                (ParagraphKind::Text, "一句。二句。"),
                (ParagraphKind::Text, "三句。"),
                (ParagraphKind::List, "1. 甲"),
                (ParagraphKind::List, "2. 乙"),
                (ParagraphKind::Text, "尾。"),
                (ParagraphKind::Heading, "一、情况"),
                (ParagraphKind::Text, "A line and more"),
            ]
        );
    }

    #[test]
    fn a_text_is_tidied() {
        assert_eq!(tidy("\n\na  \n\n\n\nb\n\n"), "a\n\nb\n");
        assert_eq!(tidy(""), "\n");
    }
}
