//! Which period it counts for.

use std::collections::BTreeMap;

use chrono::Datelike as _;

use super::evidence::{clue, label, period_mismatch};
use super::period_text::{MissingYear, find_period};
use super::statements::fill_line;
use super::{Clues, NameReading};
use crate::domain::evidence::{Evidence, Source};
use crate::domain::finding::Finding;
use crate::domain::language::Language;
use crate::domain::ledger::{Parsed, Reading};
use crate::domain::period::{CycleKind, Period};
use crate::domain::program::FillRole;
use crate::domain::text::half_width;

/// The period, and why.
#[derive(Debug, Default)]
pub(super) struct PeriodChoice {
    pub(super) period: Option<Period>,
    pub(super) evidence: Vec<Evidence>,
    pub(super) findings: Vec<Finding>,
    /// What line, title or name say, where the rows say the open period.
    pub(super) overruled: Option<Period>,
    /// Nothing but the rows tells the period, and some of them lie in the open one.
    pub(super) running: bool,
}

/// A period that something names.
struct Mention {
    source: Source,
    /// The fill line's label.
    label: String,
    found: String,
    period: Option<Period>,
}

/// Claim > fill line > file name > sheet name > dates of the rows > title >
/// period that the folder stands for > open period. Where the first ones
/// differ, the one that most dates bear out counts.
pub(super) fn decide(clues: &Clues<'_>, name: &NameReading, open: Option<&Period>) -> PeriodChoice {
    let mentions = mentions(clues, name, open);
    let dates = dates(clues);
    let total: usize = dates.values().sum();
    let by_dates = dates
        .iter()
        .filter(|(period, _)| is_possible(clues, period))
        .max_by_key(|(period, count)| (**count, Some(*period) == open))
        .map(|(period, _)| period.clone());
    let title = title(clues, open);

    let mut choice = PeriodChoice::default();
    let say = |period: &Option<Period>| period.as_ref().map(Period::to_string);
    let mut account = |source, found: &str, says: Option<String>| {
        choice.evidence.push(clue("period", source, found, says));
    };
    if let Some(claimed) = &clues.origin.claimed_period {
        account(Source::Claim, &claimed.to_string(), Some(claimed.to_string()));
    }
    for mention in mentions.iter().chain(&title) {
        account(mention.source, &mention.found, say(&mention.period));
    }
    for (period, count) in &dates {
        account(
            Source::Content,
            &format!("{count}/{total}"),
            Some(period.to_string()),
        );
    }
    if let Some(open) = clues.origin.folder_period.as_ref().or(open) {
        account(Source::OpenPeriod, &open.to_string(), Some(open.to_string()));
    }

    if let Some(claimed) = &clues.origin.claimed_period {
        choice.period = Some(claimed.clone());
        return choice;
    }
    if let Some(year) = running_year(clues) {
        choice.period = Some(year);
        return choice;
    }
    let named: Vec<&Mention> = mentions
        .iter()
        .filter(|mention| mention.period.is_some())
        .collect();
    let possible = |mention: &&&Mention| {
        mention
            .period
            .as_ref()
            .is_some_and(|period| is_possible(clues, period))
    };
    let borne_out = |mention: &&&Mention| {
        mention
            .period
            .as_ref()
            .and_then(|period| dates.get(period))
            .copied()
    };
    // The first among those that as many dates bear out.
    let best = named
        .iter()
        .filter(possible)
        .rev()
        .max_by_key(|mention| borne_out(mention).unwrap_or(0))
        .and_then(|mention| mention.period.clone());
    let title = title
        .and_then(|mention| mention.period)
        .filter(|period| is_possible(clues, period));
    // What is named but not owed counts for the open period, whatever its rows say.
    let otherwise = if named.is_empty() {
        by_dates.or(title)
    } else {
        None
    };
    let otherwise_open = clues.origin.folder_period.as_ref().or(open);
    choice.running =
        otherwise.is_some() && best.is_none() && open.is_some_and(|open| dates.contains_key(open));
    choice.period = best.or(otherwise.clone()).or(otherwise_open.cloned());
    if let Some(open) = open
        && choice.period.as_ref().is_some_and(|period| period != open)
        && (rows_say(clues, &dates, open, choice.period.as_ref()) || nil_report_says(clues, name, open))
    {
        choice.overruled = choice.period.replace(open.clone());
    }
    let (Some(counted), Some(open)) = (&choice.period, open) else {
        return choice;
    };
    let differing = named
        .iter()
        .find(|mention| mention.period.as_ref() != Some(counted));
    let unread = mentions.iter().find(|mention| mention.period.is_none());
    if let Some(period) = differing.and_then(|mention| mention.period.as_ref()) {
        let said = said(clues, &mentions, &dates);
        choice
            .findings
            .push(period_mismatch(clues, ("", Some(period)), &said, open, counted));
    } else if named.is_empty() && otherwise.is_none() && holds_rows(clues)
        || unread.is_some_and(|mention| names_no_month(&mention.found))
    {
        let found = unread.map_or("", |mention| mention.found.as_str());
        choice
            .findings
            .push(period_mismatch(clues, (found, None), "", open, counted));
    }
    choice
}

/// Whether a text names a month that no year has: 2025年13月.
fn names_no_month(text: &str) -> bool {
    let folded = half_width(text);
    folded.match_indices('月').any(|(at, _)| {
        let before = folded[..at].trim_end();
        let digits = before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        before[digits..]
            .parse()
            .is_ok_and(|month: u64| !(1..=12).contains(&month))
    })
}

/// Which clue said what: “填报月份”为2024年10月，文件名、表内日期为2024年11月.
fn said(clues: &Clues<'_>, mentions: &[Mention], dates: &BTreeMap<Period, usize>) -> String {
    let language = clues.program.language;
    let mut by_period: Vec<(&Period, Vec<String>)> = Vec::new();
    let mut add = |period, who: String| match by_period.iter_mut().find(|(known, _)| *known == period) {
        Some((_, said)) if said.contains(&who) => {}
        Some((_, said)) => said.push(who),
        None => by_period.push((period, vec![who])),
    };
    for mention in mentions {
        let Some(period) = &mention.period else { continue };
        let who = match (language, mention.source) {
            (Language::Chinese, Source::FileName) => "文件名".to_owned(),
            (Language::Chinese, Source::SheetName) => "工作表名".to_owned(),
            (Language::English, Source::FileName) => "the file's name".to_owned(),
            (Language::English, Source::SheetName) => "the sheet's name".to_owned(),
            _ => format!("“{}”", mention.label),
        };
        add(period, who);
    }
    // Dates of many months tell a running ledger, and no month.
    if let (Some(period), 1) = (dates.keys().next(), dates.len()) {
        let who = match language {
            Language::Chinese => "表内日期",
            Language::English => "the dates in the table",
        };
        add(period, who.to_owned());
    }
    let (between, colon, stop) = match language {
        Language::Chinese => ("、", "为", "，"),
        Language::English => (", ", ": ", "; "),
    };
    let parts: Vec<String> = by_period
        .iter()
        .map(|(period, who)| format!("{}{colon}{}", who.join(between), label(clues, period)))
        .collect();
    parts.join(stop)
}

/// Of a list that is kept on change: whatever form it came on, a change is a
/// new version of the running year.
fn running_year(clues: &Clues<'_>) -> Option<Period> {
    let cycle = &clues.program.cycle;
    let seen = clues.origin.arrival.map(|arrival| arrival.seen);
    let day = seen.map_or(clues.now, |seen| seen.with_timezone(&clues.now.timezone()));
    cycle
        .at(day.date_naive())
        .filter(|_| cycle.kind == CycleKind::OnChange)
}

/// Whether a ledger can be for this period: owed, and begun.
fn is_possible(clues: &Clues<'_>, period: &Period) -> bool {
    let cycle = &clues.program.cycle;
    let begun = cycle
        .span(period)
        .is_some_and(|(start, _)| start <= clues.now.date_naive());
    begun && cycle.owes(period)
}

/// What fill lines, file name and sheet names say, the first of each.
fn mentions(clues: &Clues<'_>, name: &NameReading, open: Option<&Period>) -> Vec<Mention> {
    let mut mentions = Vec::new();
    let fill = clues.reading.map_or(&[][..], |reading| reading.fill.as_slice());
    for line in fill {
        let known = fill_line(clues, &line.key).filter(|known| known.role == FillRole::Period);
        if let Some(known) = known.filter(|_| !line.value.is_empty()) {
            mentions.push(Mention {
                source: Source::FillLine,
                label: known.label.clone(),
                found: line.value.clone(),
                period: find(clues, &line.value, open),
            });
        }
    }
    if name.period.is_some() {
        mentions.push(Mention {
            source: Source::FileName,
            label: String::new(),
            found: clues.origin.file_name.clone(),
            period: name.period.clone(),
        });
    }
    // Sheets of several months side by side say nothing about the file.
    let sheets = clues.reading.map_or(&[][..], |reading| reading.sheets.as_slice());
    let mut named = sheets
        .iter()
        .filter(|sheet| !sheet.hidden)
        .filter_map(|sheet| Some((sheet, find(clues, &sheet.sheet, open)?)));
    if let Some((sheet, period)) = named.next()
        && named.all(|(_, other)| other == period)
    {
        mentions.push(Mention {
            source: Source::SheetName,
            label: String::new(),
            found: sheet.sheet.clone(),
            period: Some(period),
        });
    }
    mentions
}

/// The period that a sheet's own line, or else its name, says.
pub(super) fn own_period(
    clues: &Clues<'_>,
    reading: &Reading,
    sheet: &str,
    open: Option<&Period>,
) -> Option<Period> {
    let mut lines = reading.fill.iter();
    let line = lines.find(|line| {
        let of_period = fill_line(clues, &line.key).is_some_and(|known| known.role == FillRole::Period);
        line.sheet == sheet && of_period && !line.value.is_empty()
    });
    line.and_then(|line| find(clues, &line.value, open))
        .or_else(|| find(clues, sheet, open))
}

/// The title speaks last: a copied form keeps its old one.
fn title(clues: &Clues<'_>, open: Option<&Period>) -> Option<Mention> {
    let title = clues.reading?.title.as_ref()?;
    let period = find(clues, &title.text, open)?;
    Some(Mention {
        source: Source::Title,
        label: String::new(),
        found: title.text.clone(),
        period: Some(period),
    })
}

fn find(clues: &Clues<'_>, text: &str, open: Option<&Period>) -> Option<Period> {
    let cycle = &clues.program.cycle;
    let near = open
        .and_then(|open| cycle.span(open))
        .map_or(clues.now.date_naive(), |(start, end)| start + (end - start) / 2);
    let (period, assumed) = find_period(text, cycle, MissingYear::Nearest(near))?;
    if assumed && !is_possible(clues, &period) {
        // As near, but not begun: a ledger speaks of what was.
        let begun = MissingYear::Begun(clues.now.date_naive());
        return find_period(text, cycle, begun)
            .map(|(period, _)| period)
            .or(Some(period));
    }
    Some(period)
}

/// Whether every dated row lies in the open period, so that a line, title or
/// name that says another came with a copied form. Dates without a year testify
/// for the month only.
fn rows_say(
    clues: &Clues<'_>,
    dates: &BTreeMap<Period, usize>,
    open: &Period,
    named: Option<&Period>,
) -> bool {
    let all = !dates.is_empty() && dates.keys().all(|period| period == open);
    let month = |period: &Period| {
        clues
            .program
            .cycle
            .span(period)
            .map(|span| (span.0.month(), span.1.month()))
    };
    let same_month = named.is_some_and(|named| month(named) == month(open));
    all && (!same_month || any_full_date(clues))
}

/// Whether a ledger without rows is called after the open period, so that a
/// line that says another came with a copied form.
fn nil_report_says(clues: &Clues<'_>, name: &NameReading, open: &Period) -> bool {
    name.period.as_ref() == Some(open) && !name.year_assumed && !holds_rows(clues)
}

/// Whether some date is written with its year.
fn any_full_date(clues: &Clues<'_>) -> bool {
    let sheets = clues.reading.map_or(&[][..], |reading| reading.sheets.as_slice());
    let mut fields = sheets
        .iter()
        .flat_map(|sheet| &sheet.rows)
        .flat_map(|row| &row.fields);
    fields.any(|field| {
        matches!(&field.parsed, Parsed::Dates(found) if found.year_assumed.is_none() && !found.spans.is_empty())
    })
}

/// How many spans of dates in the rows begin in which period.
fn dates(clues: &Clues<'_>) -> BTreeMap<Period, usize> {
    let mut dates: BTreeMap<Period, usize> = BTreeMap::new();
    let sheets = clues.reading.map_or(&[][..], |reading| reading.sheets.as_slice());
    for field in sheets
        .iter()
        .flat_map(|sheet| &sheet.rows)
        .flat_map(|row| &row.fields)
    {
        let Parsed::Dates(found) = &field.parsed else {
            continue;
        };
        for period in found
            .spans
            .iter()
            .filter_map(|span| clues.program.cycle.at(span.from))
        {
            *dates.entry(period).or_default() += 1;
        }
    }
    dates
}

fn holds_rows(clues: &Clues<'_>) -> bool {
    clues
        .reading
        .is_some_and(|reading| reading.sheets.iter().any(|sheet| !sheet.rows.is_empty()))
}
