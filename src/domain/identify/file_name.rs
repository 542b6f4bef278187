//! What a file's name says.

use chrono::NaiveDate;

use super::NameReading;
use super::names::{mentioned_unit, unit_of_places_in};
use super::period_text::{MissingYear, find_period};
use crate::domain::period::Cycle;
use crate::domain::roster::Roster;
use crate::domain::text::{half_width, name_key, without_spaces};

/// Beginnings of temporary, lock and hidden files.
const IGNORED_STARTS: [&str; 3] = ["~$", "~.", "."];
/// Endings of files that are still being written, or are none of ours.
const IGNORED_ENDS: [&str; 8] = [
    ".tmp",
    ".bak",
    ".part",
    ".partial",
    ".crdownload",
    "thumbs.db",
    "desktop.ini",
    "~",
];
/// Words that say which of several copies this is, the longer before the shorter.
const COPY_WORDS: [&str; 19] = [
    "最终版",
    "最终稿",
    "终稿",
    "终版",
    "定稿",
    "最新版",
    "最新",
    "修改稿",
    "修改版",
    "修订版",
    "修订稿",
    "修改",
    "副本",
    "复件",
    "更正",
    "更改",
    "订正",
    "补报",
    "零报告",
];
/// Words that mark a correction of what was handed in before.
const CORRECTION_WORDS: [&str; 5] = ["更正", "更改", "订正", "correction", "corrected"];
/// Words that declare that there is nothing to report.
const NIL_WORDS: [&str; 4] = ["零报告", "本期无", "本月无", "nilreport"];

/// Reads a file name. `today` settles a missing year and which assignments of places hold.
#[must_use]
pub fn read_file_name(name: &str, roster: &Roster, cycle: &Cycle, today: NaiveDate) -> NameReading {
    if is_ignored(name) {
        return NameReading {
            ignored: true,
            ..NameReading::default()
        };
    }
    let folded = half_width(name);
    let stem = without_extension(folded.trim());
    let key = name_key(stem);
    let period = find_period(stem, cycle, MissingYear::Begun(today));
    let span = period
        .as_ref()
        .and_then(|(period, _)| cycle.span(period))
        .unwrap_or((today, today));
    let mut named = mentioned_unit(stem, roster);
    let by_name = named.unit.is_some() || !named.candidates.is_empty();
    if !by_name {
        named = unit_of_places_in(stem, roster, span);
    }
    let inferred_from = (!by_name && named.unit.is_some()).then(|| named.places.join("、"));
    let unclear = named.unit.is_none() && (!named.candidates.is_empty() || has_placeholder(&key));
    NameReading {
        ignored: false,
        unit: named.unit,
        candidates: named.candidates,
        inferred_from,
        unit_unclear: unclear,
        year_assumed: period.as_ref().is_some_and(|(_, assumed)| *assumed),
        period: period.map(|(period, _)| period),
        flags: flags(stem),
        correction: says_correction(stem),
        late: key.contains("补报"),
        nil: says_nil(stem),
    }
}

/// Whether a text says that it corrects what was handed in before.
pub(super) fn says_correction(text: &str) -> bool {
    // Asked of every row, and hardly any says anything at all.
    if text.is_empty() {
        return false;
    }
    let key = name_key(text);
    CORRECTION_WORDS.iter().any(|word| key.contains(word))
}

/// 零报告 or 本期无 anywhere, or 无 standing alone.
fn says_nil(stem: &str) -> bool {
    let key = name_key(stem);
    NIL_WORDS.iter().any(|word| key.contains(word))
        || stem
            .split(|c: char| !c.is_alphanumeric())
            .any(|token| token == "无" || token.eq_ignore_ascii_case("nil"))
}

fn is_ignored(name: &str) -> bool {
    let lower = name.trim().to_lowercase();
    IGNORED_STARTS.iter().any(|start| lower.starts_with(start))
        || IGNORED_ENDS.iter().any(|end| lower.ends_with(end))
}

/// The name without its extension; 2024.11 has none.
fn without_extension(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, extension))
            if extension.len() <= 5
                && extension.starts_with(|c: char| c.is_ascii_alphabetic())
                && extension.chars().all(|c| c.is_ascii_alphanumeric()) =>
        {
            stem
        }
        _ => name,
    }
}

/// XX村, ××办, **局: nobody replaced the template's name.
fn has_placeholder(key: &str) -> bool {
    let chars: Vec<char> = key.chars().collect();
    let blank = |c: char| matches!(c, 'x' | '×' | '*' | '某' | '○');
    chars
        .windows(3)
        .any(|part| blank(part[0]) && blank(part[1]) && part[2].is_alphabetic() && !part[2].is_ascii())
}

/// Marks such as 最终版2, 副本 and (2), in the order written.
fn flags(stem: &str) -> Vec<String> {
    let chars: Vec<char> = without_spaces(stem).chars().collect();
    let mut flags: Vec<String> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let word = COPY_WORDS.iter().find(|word| starts_with(&chars[at..], word));
        let end = match word {
            Some(word) => suffix_end(&chars, at + word.chars().count()),
            None if chars[at] == '(' => match bracketed(&chars, at) {
                Some(end) if chars[at + 1..end - 1].iter().all(char::is_ascii_digit) => end,
                _ => {
                    at += 1;
                    continue;
                }
            },
            None => {
                at += 1;
                continue;
            }
        };
        let flag: String = chars[at..end].iter().collect();
        if !flags.contains(&flag) {
            flags.push(flag);
        }
        at = end;
    }
    flags
}

fn starts_with(chars: &[char], word: &str) -> bool {
    let length = word.chars().count();
    chars.len() >= length && chars.iter().take(length).copied().eq(word.chars())
}

/// Where (改) and a number behind a mark end: 最终版(改)2.
fn suffix_end(chars: &[char], start: usize) -> usize {
    let mut end = start;
    while let Some(next) = bracketed(chars, end).filter(|next| {
        let inner = &chars[end + 1..next - 1];
        let digits = inner.iter().all(char::is_ascii_digit);
        digits || matches!(inner, ['改' | '新' | '终'])
    }) {
        end = next;
    }
    let digits = chars[end..].iter().take_while(|c| c.is_ascii_digit()).count();
    let dated = chars
        .get(end + digits)
        .is_some_and(|c| matches!(c, '年' | '月' | '.' | '-' | '季' | '周'));
    if (1..=2).contains(&digits) && !dated {
        end + digits
    } else {
        end
    }
}

/// Where a short bracket that opens at a place ends.
fn bracketed(chars: &[char], at: usize) -> Option<usize> {
    (chars.get(at) == Some(&'(')).then_some(())?;
    let inner = chars[at + 1..].iter().take(3).position(|c| *c == ')')?;
    (inner > 0).then_some(at + inner + 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::identify::sample::{self, names, roster};
    use crate::domain::period::CycleKind;

    fn cycle(program: &str) -> Cycle {
        Cycle {
            kind: match program {
                "hengli-tasks" => CycleKind::Quarterly,
                "xinhui-meetings" => CycleKind::HalfYearly,
                "xinhui-reports" => CycleKind::Yearly,
                _ => CycleKind::Monthly,
            },
            window_start: 1,
            first: None,
            last: None,
            milestones: Vec::new(),
        }
    }

    fn read(name: &str) -> NameReading {
        read_file_name(name, &roster(), &cycle(""), "2024-12-02".parse().unwrap())
    }

    #[test]
    fn names_as_they_come() {
        let samples = include_str!("../../../tests/data/filename_samples.csv");
        let mut seen = 0;
        for record in csv::Reader::from_reader(samples.as_bytes()).records() {
            let record = record.unwrap();
            let [name, now, program, unit, period, flags, expected] =
                [0, 1, 2, 3, 4, 5, 6].map(|at| &record[at]);
            let found = read_file_name(name, &roster(), &cycle(program), now.parse().unwrap());
            let finding = if found.ignored {
                "ignored:info"
            } else if found.unit_unclear {
                "unit-unknown:error"
            } else if found.inferred_from.is_some() {
                "unit-inferred:warning"
            } else {
                ""
            };
            let period_found = found.period.map(|period| period.to_string()).unwrap_or_default();
            let got = (
                found.unit.map(sample::name).unwrap_or_default(),
                period_found,
                found.flags.join("/"),
                finding,
            );
            let wanted = (unit.to_owned(), period.to_owned(), flags.to_owned(), expected);
            assert_eq!(got, wanted, "{name}");
            seen += 1;
        }
        assert!(seen > 30);
    }

    #[test]
    fn shared_villages_name_their_candidates() {
        assert_eq!(names(&read("边板村11月台账.xlsx").candidates), ["洪文泽", "林强"]);
        assert_eq!(
            read("庞村村11月台账.xlsx").inferred_from.as_deref(),
            Some("庞村村")
        );
    }

    #[test]
    fn corrections_late_and_nil_reports_are_told() {
        let told = |name: &str| {
            let found = read(name);
            (found.correction, found.late, found.nil)
        };
        assert_eq!(told("更正：罗养 2024年11月台账.xlsx"), (true, false, false));
        assert_eq!(told("规划办（订正）.xlsx"), (true, false, false));
        assert_eq!(told("（补报）规划办10月.xls"), (false, true, false));
        assert_eq!(told("零报告-周景辉-2024年11月.xlsx"), (false, false, true));
        assert_eq!(told("本期无.txt"), (false, false, true));
        assert_eq!(told("无.xlsx"), (false, false, true));
        assert_eq!(told("规划办无人机采购.xlsx"), (false, false, false));
    }

    #[test]
    fn a_year_is_settled_by_the_day_it_comes() {
        let found = read("规划办5月台账.xlsx");
        assert_eq!(found.period.unwrap().to_string(), "2024-05");
        assert!(found.year_assumed);
    }

    proptest::proptest! {
        #[test]
        fn no_name_is_too_strange(name in "[0-9年月日第季度上下半周qhw一十二〇.~/()（）副本最终版改 -]{0,24}|.{0,24}") {
            for program in ["", "hengli-tasks", "xinhui-meetings", "xinhui-reports"] {
                let today = "2024-12-02".parse().unwrap();
                let found = read_file_name(&name, &Roster::default(), &cycle(program), today);
                proptest::prop_assert!(found.unit.is_none());
            }
        }
    }
}
