//! Labels such as 填报单位： in running text: where one ends and the next begins.

use std::collections::HashMap;

use super::header_text::{header_key, without_brackets};
use crate::domain::program::Form;
use crate::domain::text::{half_width_char, is_space, tidy};

/// Labels that stand round Chinese and English tables whether or not the form knows them.
const COMMON: [&str; 40] = [
    "填表人",
    "填报人",
    "审核人",
    "复核人",
    "制表人",
    "制表",
    "审核",
    "复核",
    "经办人",
    "负责人",
    "单位负责人",
    "主要负责人",
    "分管领导",
    "主要领导",
    "领导签字",
    "签字",
    "签名",
    "盖章",
    "单位盖章",
    "填报单位",
    "报送单位",
    "填表单位",
    "填报时间",
    "填报日期",
    "填表时间",
    "填表日期",
    "报送时间",
    "报送日期",
    "日期",
    "联系人",
    "联系电话",
    "电话",
    "单位",
    "preparedby",
    "reviewedby",
    "approvedby",
    "signature",
    "signed",
    "date",
    "phone",
];
/// A label typed straight behind another's value must have this many characters to be taken for one.
const SHORTEST_GLUED: usize = 3;
/// The same where nothing but text stands before it.
const SHORTEST_SUFFIX: usize = 4;
/// Longest word before a colon that is taken for a label that nobody knows.
const LONGEST_UNKNOWN: usize = 10;

/// The labels that a form knows, and those that everybody knows.
pub(super) struct Labels {
    /// By compared form: index of the form's fill line, none for a common label.
    known: HashMap<String, Option<usize>>,
    /// The same as characters, the longest first.
    suffixes: Vec<(Vec<char>, Option<usize>)>,
}

/// A label with what stands behind its colon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Labelled {
    /// Index of the form's fill line; none for a label that the form doesn't know.
    pub(super) line: Option<usize>,
    /// Whether the form or everybody knows it.
    pub(super) known: bool,
    /// Whether nothing but space stands before it.
    pub(super) leads: bool,
    /// Up to the next label, tidied.
    pub(super) value: String,
}

impl Labels {
    pub(super) fn of(form: &Form) -> Self {
        let mut known: HashMap<String, Option<usize>> =
            COMMON.iter().map(|label| ((*label).to_owned(), None)).collect();
        for (index, line) in form.fill_lines.iter().enumerate().rev() {
            for label in std::iter::once(&line.label).chain(&line.aliases) {
                known.insert(header_key(label), Some(index));
            }
        }
        known.remove("");
        let mut suffixes: Vec<(Vec<char>, Option<usize>)> = known
            .iter()
            .map(|(label, line)| (label.chars().collect(), *line))
            .collect();
        suffixes.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        Self { known, suffixes }
    }

    /// A cell that is nothing but a label, without a colon.
    pub(super) fn bare(&self, text: &str) -> Option<Labelled> {
        let key = header_key(text);
        let line = self
            .known
            .get(&key)
            .or_else(|| self.known.get(&without_brackets(&key)))?;
        Some(Labelled {
            line: *line,
            known: true,
            leads: true,
            value: String::new(),
        })
    }

    /// The labels of a cell with their values; empty if it has none.
    pub(super) fn split(&self, text: &str) -> Vec<Labelled> {
        if !text.contains([':', '：']) {
            return Vec::new();
        }
        let chars: Vec<char> = text.chars().collect();
        let folded: Vec<char> = chars.iter().map(|c| half_width_char(*c)).collect();
        let mut marks: Vec<Mark> = Vec::new();
        for colon in (0..folded.len()).filter(|at| folded[*at] == ':') {
            let lower = marks.last().map_or(0, |mark| mark.colon + 1);
            marks.extend(self.label_before(&folded, lower, colon, marks.is_empty()));
        }
        let ends = marks.iter().skip(1).map(|mark| mark.start).chain([chars.len()]);
        marks
            .iter()
            .zip(ends)
            .map(|(mark, end)| Labelled {
                line: mark.line,
                known: mark.known,
                leads: folded[..mark.start].iter().all(|c| is_space(*c)),
                value: tidy(&chars[mark.colon + 1..end].iter().collect::<String>()),
            })
            .collect()
    }

    /// The label that ends at a colon, if what stands before the colon is one.
    fn label_before(&self, text: &[char], lower: usize, colon: usize, first: bool) -> Option<Mark> {
        let end = before_brackets(text, lower, colon);
        let word = text[lower..end]
            .iter()
            .rposition(|c| is_boundary(*c))
            .map_or(lower, |at| lower + at + 1);
        let mark = |start, line, known| Mark {
            start,
            colon,
            line,
            known,
        };
        let suffix = self
            .suffixes
            .iter()
            .find_map(|(label, line)| Some((ends_with(text, lower, end, label)?, label.len(), *line)));
        if let Some((start, length, line)) = suffix {
            let separate = start == lower || is_boundary(text[start - 1]);
            let glued = word == lower && length >= if first { SHORTEST_SUFFIX } else { SHORTEST_GLUED };
            if separate || glued {
                return Some(mark(start, line, true));
            }
        }
        let unknown = &text[word..end];
        let stands_alone = word == 0 || (word > lower && is_space(text[word - 1]));
        let wordlike =
            (2..=LONGEST_UNKNOWN).contains(&unknown.len()) && unknown.iter().all(|c| c.is_alphabetic());
        (stands_alone && wordlike).then(|| mark(word, None, false))
    }
}

/// Where a label starts and its colon stands.
struct Mark {
    start: usize,
    colon: usize,
    line: Option<usize>,
    known: bool,
}

fn is_boundary(c: char) -> bool {
    is_space(c)
        || matches!(
            c,
            ',' | ';' | '、' | '。' | '(' | ')' | '|' | '/' | '【' | '】' | '*'
        )
}

/// Steps back over spaces and one pair of brackets, as in 填报单位（盖章）：.
fn before_brackets(text: &[char], lower: usize, colon: usize) -> usize {
    let trimmed = |end: usize| {
        text[lower..end]
            .iter()
            .rposition(|c| !is_space(*c))
            .map_or(lower, |at| lower + at + 1)
    };
    let end = trimmed(colon);
    if end > lower
        && text[end - 1] == ')'
        && let Some(open) = text[lower..end].iter().rposition(|c| *c == '(')
    {
        return trimmed(lower + open);
    }
    end
}

/// Where a label starts that ends at `end`; spaces between its characters don't count.
fn ends_with(text: &[char], lower: usize, end: usize, label: &[char]) -> Option<usize> {
    let mut at = end;
    for wanted in label.iter().rev() {
        while at > lower && is_space(text[at - 1]) {
            at -= 1;
        }
        if at == lower || text[at - 1].to_lowercase().next() != Some(*wanted) {
            return None;
        }
        at -= 1;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(Option<usize>, String)> {
        Labels::of(&crate::domain::fixture::form())
            .split(text)
            .into_iter()
            .map(|label| (label.line, label.value))
            .collect()
    }

    #[test]
    fn several_labels_share_a_cell() {
        let own = |line, value: &str| (Some(line), value.to_owned());
        assert_eq!(
            split("挂点领导：庞 兴　　填报单位：庞兴挂点组　　填报月份：2024年11月"),
            [own(0, "庞 兴"), own(1, "庞兴挂点组"), own(2, "2024年11月")]
        );
        assert_eq!(
            split("填 报 人:梁小明 审核人（签字）： 填报时间：2024年12月2日 9:30"),
            [own(3, "梁小明"), own(4, ""), own(6, "2024年12月2日 9:30")]
        );
        assert_eq!(
            split("挂点领导：洪文泽填报单位：规划办"),
            [own(0, "洪文泽"), own(1, "规划办")]
        );
    }

    #[test]
    fn foreign_labels_end_a_value_but_are_none_of_the_forms() {
        assert_eq!(
            split("填报单位：规划办　　计量单位：个、万元"),
            [(Some(1), "规划办".into()), (None, "个、万元".into())]
        );
        assert_eq!(
            split("填报人：张三 单位负责人（签字）：李四 负责人联系电话：1"),
            [
                (Some(3), "张三".into()),
                (Some(4), "李四".into()),
                (None, "1".into())
            ]
        );
    }

    #[test]
    fn colons_in_prose_make_no_label() {
        assert_eq!(split("附件3：2024年度台账"), []);
        assert_eq!(split("时间9:30"), []);
        assert_eq!(split("没有冒号"), []);
    }

    #[test]
    fn a_bare_label_is_known_without_its_colon() {
        let labels = Labels::of(&crate::domain::fixture::form());
        let line = |text: &str| labels.bare(text).map(|label| label.line);
        assert_eq!(line("填报 单位（盖章）"), Some(Some(1)));
        assert_eq!(line("单位负责人"), Some(Some(4)), "another word for 审核人");
        assert_eq!(line("规划办"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_strange(text in "[填报人单位审核：:()（） a1_]{0,30}|.{0,30}") {
            let found = Labels::of(&crate::domain::fixture::form()).split(&text);
            proptest::prop_assert!(found.len() <= text.chars().count());
        }
    }
}
