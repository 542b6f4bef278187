//! Periods in running text: 2024年11月, 202411, 四季度, 7-9月, 第7周.

mod cursor;

use chrono::{Datelike, NaiveDate};

use crate::domain::period::{Cycle, CycleKind, Period};
use crate::domain::text::{half_width_char, is_space, name_key};

use cursor::{Cursor, is_numeral};

/// Which year is meant when a text names none.
#[derive(Debug, Clone, Copy)]
pub(super) enum MissingYear {
    /// The one that brings the period nearest to a date.
    Nearest(NaiveDate),
    /// The latest one that has begun by a date: what a file name speaks of.
    Begun(NaiveDate),
}

/// The period that a text names, and whether its year had to be added. A
/// full date is no period, unless two of them bound one.
pub(super) fn find_period(text: &str, cycle: &Cycle, missing: MissingYear) -> Option<(Period, bool)> {
    if matches!(cycle.kind, CycleKind::Once | CycleKind::Milestones) {
        let key = name_key(text);
        let named = |name: &str| !name.is_empty() && key.contains(&name_key(name));
        let found = cycle
            .milestones
            .iter()
            .filter(|milestone| named(&milestone.name) || named(&milestone.id))
            .max_by_key(|milestone| milestone.name.chars().count())?;
        return Some((Period::Milestone(found.id.clone()), false));
    }
    let scan = Scan::of(text);
    let mut found: Vec<(Period, bool)> = Vec::new();
    let beside = scan.mentions.iter().find_map(|mention| mention.year);
    for mention in &scan.mentions {
        let year = mention.year.or(scan.lone_year).or(beside);
        let of = |year: i32| mention.unit.period(year, cycle);
        match year {
            Some(year) => found.extend(of(year).map(|period| (period, false))),
            None => found.extend(missing.settle(cycle, of).map(|period| (period, true))),
        }
    }
    found.extend(
        scan.bounds
            .and_then(|bounds| bounded(bounds, cycle))
            .map(|period| (period, false)),
    );
    let lone = scan
        .lone_year
        .filter(|_| matches!(cycle.kind, CycleKind::Yearly | CycleKind::OnChange));
    found.extend(lone.map(|year| (Period::Year(year), false)));
    let natural = found.iter().position(|(period, _)| is_natural(period, cycle));
    (!found.is_empty()).then(|| found.swap_remove(natural.unwrap_or(0)))
}

fn is_natural(period: &Period, cycle: &Cycle) -> bool {
    matches!(
        (cycle.kind, period),
        (CycleKind::Monthly, Period::Month(..))
            | (CycleKind::HalfMonthly, Period::HalfMonth(..))
            | (CycleKind::Quarterly, Period::Quarter(..))
            | (CycleKind::HalfYearly, Period::Half(..))
            | (CycleKind::Yearly | CycleKind::OnChange, Period::Year(_))
            | (CycleKind::Weekly, Period::Week(..))
    )
}

/// The period that two full dates bound: they must cover nearly all of it.
fn bounded((from, to): (NaiveDate, NaiveDate), cycle: &Cycle) -> Option<Period> {
    let period = cycle.at(from)?;
    let (start, end) = cycle.span(&period)?;
    let covered = (to - from).num_days() + 1;
    let whole = (end - start).num_days() + 1;
    (from >= start && to <= end && covered * 5 >= whole * 4).then_some(period)
}

impl MissingYear {
    fn settle(self, cycle: &Cycle, of: impl Fn(i32) -> Option<Period>) -> Option<Period> {
        let (Self::Nearest(date) | Self::Begun(date)) = self;
        let spans = [date.year() + 1, date.year(), date.year() - 1]
            .into_iter()
            .filter_map(of)
            .filter_map(|period| cycle.span(&period).map(|span| (period, span)));
        match self {
            Self::Begun(_) => spans
                .filter(|(_, (start, _))| *start <= date)
                .max_by_key(|(_, (start, _))| *start)
                .map(|(period, _)| period),
            Self::Nearest(_) => spans
                .min_by_key(|(_, (start, end))| {
                    (*start - date).num_days().max((date - *end).num_days()).max(0)
                })
                .map(|(period, _)| period),
        }
    }
}

/// A part of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Months(u32, u32),
    HalfMonth(u32, bool),
    Quarter(u32),
    Half(u32),
    Week(u32),
}

impl Part {
    /// The period it is in a year; several months are the quarter, half or
    /// year that they make up, and otherwise, counted from January, their last.
    fn period(self, year: i32, cycle: &Cycle) -> Option<Period> {
        Some(match self {
            Self::Months(from, to) if from == to => Period::Month(year, to),
            Self::Months(1, to) if cycle.kind == CycleKind::Monthly => Period::Month(year, to),
            Self::Months(1, 12) => Period::Year(year),
            Self::Months(1, 6) => Period::Half(year, 1),
            Self::Months(7, 12) => Period::Half(year, 2),
            Self::Months(from, to) if from % 3 == 1 && to == from + 2 => Period::Quarter(year, to / 3),
            Self::Months(..) => return None,
            Self::HalfMonth(month, second) => Period::HalfMonth(year, month, second),
            Self::Quarter(quarter) => Period::Quarter(year, quarter),
            Self::Half(half) => Period::Half(year, half),
            Self::Week(week) => {
                NaiveDate::from_isoywd_opt(year, week, chrono::Weekday::Mon)?;
                Period::Week(year, week)
            }
        })
    }
}

/// A part of a year as found, with its year if that stands beside it.
#[derive(Debug, Clone, Copy)]
struct Mention {
    year: Option<i32>,
    unit: Part,
}

/// Everything in a text that speaks of time.
#[derive(Debug, Default)]
struct Scan {
    mentions: Vec<Mention>,
    /// A year that stands alone (2024年度).
    lone_year: Option<i32>,
    /// The first and the last full date, if there are two.
    bounds: Option<(NaiveDate, NaiveDate)>,
}

impl Scan {
    fn of(text: &str) -> Self {
        let chars: Vec<char> = text
            .chars()
            .map(half_width_char)
            .filter(|c| !is_space(*c))
            .flat_map(char::to_lowercase)
            .collect();
        let mut scan = Self::default();
        let mut dates = Vec::new();
        let mut at = 0;
        while at < chars.len() {
            let rest = Cursor { chars: &chars, at };
            let after_digit = at > 0 && chars[at - 1].is_ascii_digit();
            let after_numeral = at > 0 && is_numeral(chars[at - 1]);
            let after_letter = at > 0 && chars[at - 1].is_ascii_alphabetic();
            if !after_digit && let Some((date, end)) = rest.full_date() {
                dates.push(date);
                at = end;
            } else if !after_digit && let Some((mention, end)) = rest.with_year() {
                scan.mentions.push(mention);
                at = end;
            } else if !after_digit && let Some((year, end)) = rest.year() {
                scan.lone_year.get_or_insert(year);
                at = end;
            } else if !after_numeral && let Some(end) = rest.day_of_month() {
                at = end;
            } else if !after_numeral
                && !after_letter
                && let Some((unit, end)) = rest.part()
            {
                scan.mentions.push(Mention { year: None, unit });
                at = end;
            } else {
                at += 1;
            }
        }
        if let [from, .., to] = dates[..] {
            scan.bounds = Some((from, to));
        }
        scan
    }
}

#[cfg(test)]
mod tests;
