//! Names in what telephone numbers leave of a cell.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// Words that say what stands beside them; the longer ones first.
const LABELS: [&str; 29] = [
    "联系电话",
    "联系方式",
    "电话号码",
    "手机号码",
    "办公电话",
    "固定电话",
    "集团短号",
    "联系人",
    "手机号",
    "负责人",
    "经办人",
    "填表人",
    "电话",
    "手机",
    "短号",
    "座机",
    "固话",
    "号码",
    "姓名",
    "传真",
    "邮箱",
    "微信",
    "分机",
    "同志",
    "主任",
    "书记",
    "镇长",
    "先生",
    "女士",
];

/// The same in Latin letters, in lower case.
const LATIN_LABELS: [&str; 12] = [
    "tel",
    "telephone",
    "phone",
    "mobile",
    "mob",
    "cell",
    "fax",
    "email",
    "mail",
    "qq",
    "ext",
    "wechat",
];

/// Last characters of offices and places, which are no people.
const OFFICES: [char; 10] = ['办', '室', '局', '站', '所', '镇', '府', '委', '股', '村'];

/// Names of 2 to 4 Chinese characters (more with a middle dot), and Latin names.
pub(super) fn read(text: &str) -> Vec<String> {
    if !text.contains(|c: char| is_chinese(c) || c.is_ascii_alphabetic()) {
        return Vec::new();
    }
    let text = without_labels(&join_spaced(text));
    let mut names: Vec<String> = Vec::new();
    for part in
        text.split(|c: char| !(is_chinese(c) || c.is_ascii_alphabetic() || matches!(c, ' ' | '·' | '\'')))
    {
        let latin: Vec<&str> = part
            .split(' ')
            .map(|word| word.trim_matches(|c: char| !c.is_ascii_alphabetic()))
            .filter(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic() || c == '\''))
            .filter(|word| !LATIN_LABELS.contains(&word.to_ascii_lowercase().as_str()))
            .collect();
        let latin = latin.join(" ");
        let chinese = part
            .split(|c| !(is_chinese(c) || c == '·'))
            .map(|word| word.trim_matches('·'));
        let found = chinese.filter(|word| is_name(word)).map(str::to_owned);
        for name in found.chain((latin.len() > 1).then_some(latin)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// The text with a mark in the place of every label.
fn without_labels(text: &str) -> String {
    static SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let mut search = AhoCorasick::builder();
        search.match_kind(MatchKind::LeftmostFirst).build(LABELS).ok()
    });
    match &*SEARCH {
        Some(search) => search.replace_all(text, &[";"; LABELS.len()]),
        None => LABELS
            .iter()
            .fold(text.to_owned(), |text, label| text.replace(label, ";")),
    }
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}' | '〇')
}

fn is_name(word: &str) -> bool {
    let longest = if word.contains('·') { 15 } else { 4 };
    (2..=longest).contains(&word.chars().count()) && !word.ends_with(OFFICES)
}

/// Joins single Chinese characters that stand apart (张 三, 电 话).
fn join_spaced(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let mut out = String::with_capacity(text.len());
    for (at, word) in words.iter().enumerate() {
        // Only the characters next to the space count: in 张 三；电话 the name ends at ；.
        let joins = at > 0 && ends_alone(words[at - 1]) && begins_alone(word);
        if at > 0 && !joins {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

fn begins_alone(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(is_chinese) && !chars.next().is_some_and(is_chinese)
}

fn ends_alone(word: &str) -> bool {
    let mut chars = word.chars().rev();
    chars.next().is_some_and(is_chinese) && !chars.next().is_some_and(is_chinese)
}
