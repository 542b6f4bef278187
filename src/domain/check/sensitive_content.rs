//! Classification marks: such a file must not be read further by anybody.

use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::program::{ColumnKind, Program};
use crate::domain::table::{Value, Workbook};
use crate::domain::text::{any_three, folded, name_key, without_spaces};

/// Words that are a mark when they stand alone.
const MARKS: [&str; 4] = ["绝密", "机密", "秘密", "内部"];
/// Degrees that are a mark before a star (机密★1年), wherever they stand.
const DEGREES: [&str; 3] = ["绝密", "机密", "秘密"];

/// Whether the workbook bears a mark: degree and term joined by a star; a
/// marking alone in its cell, which may be the title; or one in a page header
/// or footer. A word in a sentence or a bare star is none.
#[must_use]
pub fn is_marked(workbook: &Workbook, program: &Program) -> bool {
    let cells = workbook
        .sheets
        .iter()
        .flat_map(|sheet| &sheet.rows)
        .flat_map(|row| &row.cells);
    cells
        .filter_map(|cell| match &cell.value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        })
        .any(|text| {
            has_starred_degree(text) || mark_alone(text).is_some_and(|mark| !is_choice(program, mark))
        })
        || workbook
            .page_texts
            .iter()
            .any(|text| has_starred_degree(text) || page_parts(text).any(|part| mark_alone(part).is_some()))
}

/// Whether a file's name bears a mark: of what isn't opened, only that is seen.
pub(super) fn is_name_marked(name: &str) -> bool {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    has_starred_degree(name) || mark_alone(stem).is_some()
}

/// The one finding of a marked file; nothing of its cells is in it.
pub(super) fn finding(program: &Program) -> Finding {
    Finding::new(Code::SensitiveContent)
        .with("office", &program.office.name)
        .with("contact", &program.office.contact)
        .with("phone", &program.office.phone)
}

fn has_starred_degree(text: &str) -> bool {
    // The star's three bytes, many at a time: nearly no text has one.
    any_three(text.as_bytes(), |a, b, c| [a, b, c] == [0xe2, 0x98, 0x85]) && {
        let joined = without_spaces(&folded(text));
        joined
            .match_indices('★')
            .any(|(at, _)| DEGREES.iter().any(|degree| joined[..at].ends_with(degree)))
    }
}

fn mark_alone(text: &str) -> Option<&'static str> {
    // Longer texts are sentences, and every mark has one of these characters;
    // most cells stop here without an allocation.
    if text.len() > 60 || !text.contains(['密', '部']) {
        return None;
    }
    let key = name_key(text);
    let key = key.trim_matches(['(', ')', '〔', '〕', '★']);
    let key = key
        .strip_prefix("密级")
        .map_or(key, |rest| rest.trim_start_matches(':'));
    MARKS.into_iter().find(|mark| *mark == key)
}

/// A word that the programme itself offers as a value is no marking.
fn is_choice(program: &Program, mark: &str) -> bool {
    program
        .material
        .forms()
        .iter()
        .flat_map(|form| &form.sheets)
        .flat_map(|sheet| &sheet.columns)
        .any(|column| match &column.kind {
            ColumnKind::Choice(choices) => choices
                .iter()
                .any(|choice| choice.name == mark || choice.synonyms.iter().any(|word| word == mark)),
            _ => false,
        })
}

/// The parts of a page header: Excel separates left, centre, right and fonts
/// by codes such as `&L` and `&"黑体,常规"`.
fn page_parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c == '&' || c.is_whitespace() || matches!(c, '"' | '，' | '。' | '；'))
        .map(|part| part.trim_start_matches(|c: char| c.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{self, Bench};
    use super::*;
    use crate::domain::program::Choice;

    #[test]
    fn marks_are_told_from_words() {
        for (text, marked) in [
            ("机密★1年", true),
            ("秘密 ★ 长期", true),
            ("绝密★", true),
            ("机密", true),
            (" 秘　密 ", true),
            ("【内部】", true),
            ("（秘密）", true),
            ("密级：机密", true),
            ("★", false),
            ("重点工作★★★", false),
            ("严守国家秘密，抓好保密教育", false),
            ("内部管理制度", false),
            ("内部审计已完成", false),
            ("村级账目内部公开★", false),
        ] {
            let mut bench = Bench::new();
            bench.workbook.sheets[0] = fixture::sheet("台账", &[(0, 0, text)]);
            assert_eq!(is_marked(&bench.workbook, &bench.program), marked, "{text}");
        }
    }

    #[test]
    fn page_headers_are_looked_at() {
        for (text, marked) in [
            ("&L机密&R第1页", true),
            ("&C&\"黑体,常规\"&12内部", true),
            ("&C内部控制报表", false),
            ("秘密★1年", true),
        ] {
            let mut bench = Bench::new();
            bench.workbook.page_texts = vec![text.to_owned()];
            assert_eq!(is_marked(&bench.workbook, &bench.program), marked, "{text}");
        }
    }

    #[test]
    fn a_value_of_the_ledger_s_own_list_is_no_mark() {
        let mut bench = Bench::new();
        bench.workbook.sheets[0] = fixture::sheet("台账", &[(6, 3, "内部")]);
        assert!(is_marked(&bench.workbook, &bench.program));
        bench.program.material.form_mut().sheets[0].columns[3].kind = ColumnKind::Choice(vec![Choice {
            name: "内部".into(),
            synonyms: Vec::new(),
        }]);
        assert!(!is_marked(&bench.workbook, &bench.program));
        fixture::worded(finding(&bench.program));
    }
}
