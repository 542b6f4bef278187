//! What counting needs of each row, and the counting itself.
//!
//! A visit (次) is a place on a date or a continuous range of dates; visits of
//! the same place whose dates overlap are one. Days (天) are distinct dates.
//! Among rows that report the same visit the larger number of solved problems
//! stands, so repeated rows and joint visits (联合调研) add nothing. A row that
//! doesn't count among its own leader's doesn't count among several either, so
//! that the whole is never more than its parts.

use chrono::{Days, NaiveDate};
use serde::Serialize;

use crate::domain::ledger::DateSpan;

/// Visits, days and solved problems.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// 次.
    pub visits: u32,
    /// 天.
    pub days: u32,
    /// Solved problems (个).
    pub solved: u64,
}

/// The place of a row that names none.
pub(super) const NOWHERE: u32 = u32::MAX;

/// The most days that a range is counted for where each day is a visit; a
/// mistyped year must not make millions.
const MOST_DAYS: u64 = 366;

/// One row: who, how many solved problems, which visits.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowFact {
    /// Index of the leader, or of the unit behind them.
    pub subject: u32,
    pub solved: u32,
    first: u32,
    visits: u32,
    /// Counts for the period.
    pub in_period: bool,
    /// Counts for the year.
    pub in_year: bool,
    /// Names several places, so that its problems can't be told apart (合并填写).
    pub shared: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Visit {
    pub place: u32,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// The facts of all rows.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub rows: Vec<RowFact>,
    visits: Vec<Visit>,
}

/// A row on its way into [`Facts`].
pub(super) struct NewRow<'a> {
    pub subject: u32,
    pub solved: u32,
    pub spans: &'a [DateSpan],
    pub places: &'a [u32],
    pub range_is_one: bool,
    pub in_period: bool,
    pub in_year: bool,
}

/// What counting a set of rows gives.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub count: Count,
    /// Visits after merging, by place and date.
    pub visits: Vec<Visit>,
    /// Index into `visits` and the subjects, where there is more than one.
    pub joint: Vec<(usize, Vec<u32>)>,
}

impl Facts {
    /// Takes a row: one visit for each of its spans and places.
    pub fn push(&mut self, row: &NewRow<'_>) {
        let first = index(self.visits.len());
        let places = if row.places.is_empty() {
            &[NOWHERE][..]
        } else {
            row.places
        };
        for &place in places {
            for span in row.spans {
                if row.range_is_one {
                    self.visits.push(Visit {
                        place,
                        from: span.from,
                        to: span.to,
                    });
                } else {
                    let last = span
                        .from
                        .checked_add_days(Days::new(MOST_DAYS))
                        .unwrap_or(span.to);
                    let days = span.days().take_while(|day| *day <= last);
                    self.visits.extend(days.map(|day| Visit {
                        place,
                        from: day,
                        to: day,
                    }));
                }
            }
        }
        self.rows.push(RowFact {
            subject: row.subject,
            solved: row.solved,
            first,
            visits: index(self.visits.len()) - first,
            in_period: row.in_period,
            in_year: row.in_year,
            shared: row.places.len() > 1,
        });
    }

    /// Gives every place the rank of its name, so that no result depends on
    /// the order in which rows came.
    pub fn rank_places(&mut self, ranks: &[u32]) {
        for visit in &mut self.visits {
            if let Some(rank) = usize::try_from(visit.place).ok().and_then(|at| ranks.get(at)) {
                visit.place = *rank;
            }
        }
    }

    /// The visits of a row as it stands.
    pub fn visits_of(&self, row: &RowFact) -> &[Visit] {
        let first = row.first as usize;
        self.visits
            .get(first..first + row.visits as usize)
            .unwrap_or_default()
    }

    /// Counts rows, all places or one only.
    pub fn count(&self, rows: &[&RowFact], only: Option<u32>) -> Counted {
        let (visits, mut shares) = self.merged(rows, only);
        let joint = joint(rows, &shares);
        shares.sort_unstable();
        shares.dedup();
        let eligible = self.counted_by_subject(rows, only);
        let solved: u64 = counted_rows(rows, &shares, &visits, &eligible, only.is_some())
            .map(|slot| u64::from(rows[slot].solved))
            .sum();
        Counted {
            count: Count {
                visits: index(visits.len()),
                days: days(&visits),
                solved,
            },
            visits,
            joint,
        }
    }

    /// Visits after merging, and pairs of slot and visit in order of visit.
    fn merged(&self, rows: &[&RowFact], only: Option<u32>) -> (Vec<Visit>, Vec<(u32, u32)>) {
        let mut all: Vec<(Visit, u32)> = Vec::with_capacity(rows.len());
        for (slot, row) in rows.iter().enumerate() {
            let visits = self.visits_of(row).iter();
            all.extend(
                visits
                    .filter(|visit| only.is_none_or(|only| visit.place == only))
                    .map(|visit| (*visit, index(slot))),
            );
        }
        all.sort_unstable();
        let mut merged: Vec<Visit> = Vec::new();
        let mut shares: Vec<(u32, u32)> = Vec::with_capacity(all.len());
        for (visit, slot) in all {
            match merged.last_mut() {
                Some(last) if last.place == visit.place && visit.from <= last.to => {
                    last.to = last.to.max(visit.to);
                }
                _ => merged.push(visit),
            }
            shares.push((slot, index(merged.len() - 1)));
        }
        (merged, shares)
    }

    /// For each row whether its solved problems count among those of its own subject.
    fn counted_by_subject(&self, rows: &[&RowFact], only: Option<u32>) -> Vec<bool> {
        let mut slots: Vec<usize> = (0..rows.len()).collect();
        slots.sort_by_key(|slot| rows[*slot].subject);
        let groups: Vec<&[usize]> = slots
            .chunk_by(|a, b| rows[*a].subject == rows[*b].subject)
            .collect();
        let mut eligible = vec![groups.len() <= 1; rows.len()];
        for group in groups.iter().filter(|_| groups.len() > 1) {
            let own: Vec<&RowFact> = group.iter().map(|slot| rows[*slot]).collect();
            let (visits, mut shares) = self.merged(&own, only);
            shares.sort_unstable();
            shares.dedup();
            let all = vec![true; own.len()];
            for slot in counted_rows(&own, &shares, &visits, &all, only.is_some()) {
                eligible[group[slot]] = true;
            }
        }
        eligible
    }
}

/// Visits that several subjects report, from pairs of slot and visit in order of visit.
fn joint(rows: &[&RowFact], shares: &[(u32, u32)]) -> Vec<(usize, Vec<u32>)> {
    let mut found = Vec::new();
    for group in shares.chunk_by(|a, b| a.1 == b.1) {
        let first = rows[group[0].0 as usize].subject;
        if group
            .iter()
            .any(|(slot, _)| rows[*slot as usize].subject != first)
        {
            let mut subjects: Vec<u32> = group
                .iter()
                .map(|(slot, _)| rows[*slot as usize].subject)
                .collect();
            subjects.sort_unstable();
            subjects.dedup();
            found.push((group[0].1 as usize, subjects));
        }
    }
    found
}

/// Distinct dates.
fn days(visits: &[Visit]) -> u32 {
    let mut spans: Vec<(NaiveDate, NaiveDate)> = visits.iter().map(|visit| (visit.from, visit.to)).collect();
    spans.sort_unstable();
    let mut days = 0;
    let mut counted_to: Option<NaiveDate> = None;
    for (from, to) in spans {
        let start = match counted_to {
            Some(last) if last >= to => continue,
            Some(last) if last >= from => last,
            _ => {
                days += 1;
                from
            }
        };
        days += (to - start).num_days();
        counted_to = Some(to);
    }
    u32::try_from(days).unwrap_or(u32::MAX)
}

/// The rows whose solved problems count: from the largest number down, each
/// left out when it reports a visit that a row before it has reported.
/// `shares` is sorted by slot.
fn counted_rows(
    rows: &[&RowFact],
    shares: &[(u32, u32)],
    visits: &[Visit],
    eligible: &[bool],
    only_visited: bool,
) -> impl Iterator<Item = usize> {
    let mut counted: Vec<usize> = Vec::new();
    let mut order: Vec<(usize, &[(u32, u32)])> = Vec::new();
    let mut rest = shares;
    for (slot, row) in rows.iter().enumerate() {
        let end = rest.partition_point(|(own, _)| *own <= index(slot));
        let (own, later) = rest.split_at(end);
        rest = later;
        if own.is_empty() {
            // A row without a date can't repeat another.
            counted.extend((!only_visited).then_some(slot));
        } else if row.solved > 0 && eligible[slot] {
            order.push((slot, own));
        }
    }
    let visits_of = |own: &'_ [(u32, u32)]| own.iter().map(|(_, visit)| *visit).collect::<Vec<_>>();
    order.sort_by_cached_key(|(slot, own)| (std::cmp::Reverse(rows[*slot].solved), visits_of(own)));
    let mut taken = vec![false; visits.len()];
    for (slot, own) in order {
        if own.iter().all(|(_, visit)| !taken[*visit as usize]) {
            counted.push(slot);
            for (_, visit) in own {
                taken[*visit as usize] = true;
            }
        }
    }
    counted.into_iter()
}

/// An index that a sheet's million rows can't exceed.
fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX - 1)
}
