//! Taking submissions one by one.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use rust_decimal::prelude::ToPrimitive;

use super::aggregate::Sums;
use super::attribution::leader_of;
use super::facts::{Facts, NewRow};
use super::leaders::Subjects;
use super::summary::{Summary, VisitSummary};
use super::{leaders, places, reporting};
use crate::domain::ids::UnitId;
use crate::domain::ledger::{DateSpan, LedgerRow};
use crate::domain::obligation::{Obligation, tally};
use crate::domain::period::Period;
use crate::domain::program::{Due, Form, Program, Visits};
use crate::domain::roster::{Link, Unit};
use crate::domain::submission::Submission;

/// Collects the rows that count. The order in which submissions are added
/// makes no difference, and a unit's second submission for the same period is
/// passed over: only one counts.
#[derive(Debug)]
pub struct Collector<'a> {
    pub(super) program: &'a Program,
    form: Option<&'a Form>,
    due: &'a Due,
    /// The days of the period.
    pub(super) span: (NaiveDate, NaiveDate),
    period: Period,
    seen: BTreeSet<(UnitId, Period)>,
    /// Rows of this period by unit id.
    rows: BTreeMap<UnitId, u32>,
    late_rows: u32,
    pub(super) subjects: Subjects,
    pub(super) facts: Facts,
    /// Names of places; the index is what [`Facts`] keeps.
    pub(super) places: Vec<String>,
    place_index: BTreeMap<String, u32>,
    sums: Vec<Sums>,
    /// Links by leader id, in roster order.
    pub(super) links_of_leader: BTreeMap<&'a str, Vec<&'a Link>>,
    /// Links by place, in roster order.
    pub(super) links_of_place: BTreeMap<&'a str, Vec<&'a Link>>,
}

impl<'a> Collector<'a> {
    /// Starts a period. A period that the cycle doesn't know spans the day on
    /// which it is due.
    #[must_use]
    pub fn new(program: &'a Program, period: &Period, due: &'a Due) -> Self {
        let form = program.form(Some(period));
        let mut links_of_leader: BTreeMap<&str, Vec<&Link>> = BTreeMap::new();
        let mut links_of_place: BTreeMap<&str, Vec<&Link>> = BTreeMap::new();
        for link in &program.roster.links {
            links_of_leader.entry(&link.leader).or_default().push(link);
            links_of_place.entry(&link.place).or_default().push(link);
        }
        Self {
            program,
            form,
            due,
            span: program.cycle.span(period).unwrap_or((due.nominal, due.nominal)),
            period: period.clone(),
            seen: BTreeSet::new(),
            rows: BTreeMap::new(),
            late_rows: 0,
            subjects: Subjects::of(&program.roster),
            facts: Facts::default(),
            places: Vec::new(),
            place_index: BTreeMap::new(),
            sums: form.map_or_else(Vec::new, |form| Sums::of(program, form)),
            links_of_leader,
            links_of_place,
        }
    }

    /// Takes the submission that counts for a unit and this period. Rows of
    /// an earlier period ([`LedgerRow::late`]) count for the year only.
    pub fn add(&mut self, unit: &Unit, submission: &Submission, rows: &[LedgerRow]) {
        if !self.seen.insert((unit.id.clone(), self.period.clone())) {
            return;
        }
        self.rows
            .insert(unit.id.clone(), u32::try_from(rows.len()).unwrap_or(u32::MAX));
        for row in rows {
            self.late_rows += u32::from(row.late);
            let belongs = self.dates(row).first().is_none_or(|span| {
                span.from.year() == self.span.1.year() || !(self.span.0..=self.span.1).contains(&span.from)
            });
            let in_year = if row.late { self.is_this_year(row) } else { belongs };
            self.take(unit, submission, row, !row.late, in_year);
            if !row.late {
                for sums in &mut self.sums {
                    sums.add(&unit.id, row);
                }
            }
        }
        for sums in &mut self.sums {
            sums.touch(&unit.id);
        }
    }

    /// Takes a submission that counts for another period: those of its rows
    /// that are dated in this calendar year, and not after this period, count
    /// for the year.
    pub fn add_other(&mut self, unit: &Unit, submission: &Submission, rows: &[LedgerRow]) {
        if self.program.material.visits().is_none()
            || submission.period == self.period
            || !self.seen.insert((unit.id.clone(), submission.period.clone()))
        {
            return;
        }
        for row in rows {
            if self.is_this_year(row) {
                self.take(unit, submission, row, false, true);
            }
        }
    }

    /// The days that a row is dated by.
    fn dates<'r>(&self, row: &'r LedgerRow) -> &'r [DateSpan] {
        let sheet = self.form.and_then(|form| form.sheets.get(row.form_sheet));
        let column = sheet.and_then(|sheet| sheet.date_column(self.program.material.visits()));
        column.map_or(&[], |(_, column)| row.dates(&column.key))
    }

    /// Whether a row of another period counts for this year.
    fn is_this_year(&self, row: &LedgerRow) -> bool {
        self.dates(row)
            .first()
            .is_some_and(|span| span.from.year() == self.span.1.year() && span.from <= self.span.1)
    }

    fn take(
        &mut self,
        unit: &Unit,
        submission: &Submission,
        row: &LedgerRow,
        in_period: bool,
        in_year: bool,
    ) {
        let Some(visits) = self.program.material.visits() else {
            return;
        };
        let leader = leader_of(self.program, self.form, unit, submission, row, self.span.1);
        let Some(subject) = self.subjects.index(leader, unit) else {
            return;
        };
        let mut places: Vec<u32> = row
            .places(&visits.place)
            .iter()
            .map(|place| self.place(place))
            .collect();
        places.sort_unstable();
        places.dedup();
        self.facts.push(&NewRow {
            subject,
            solved: solved(visits, row),
            spans: row.dates(&visits.date),
            places: &places,
            range_is_one: visits.range_is_one,
            in_period,
            in_year,
        });
    }

    fn place(&mut self, name: &str) -> u32 {
        if let Some(index) = self.place_index.get(name) {
            return *index;
        }
        let index = u32::try_from(self.places.len()).unwrap_or(u32::MAX - 1);
        self.places.push(name.to_owned());
        self.place_index.insert(name.to_owned(), index);
        index
    }

    /// Ends the period. `obligations` are those of all units for it, in any order.
    #[must_use]
    pub fn finish(mut self, obligations: &[Obligation]) -> Summary {
        // Names in the order of the index map are sorted: that order becomes the rank.
        let names: Vec<String> = self.place_index.keys().cloned().collect();
        let mut ranks = vec![0; names.len()];
        for (rank, old) in self.place_index.values().enumerate() {
            if let (Some(slot), Ok(rank)) = (ranks.get_mut(*old as usize), u32::try_from(rank)) {
                *slot = rank;
            }
        }
        self.facts.rank_places(&ranks);
        self.places = names;
        let visits = self.program.material.visits().map(|_| self.visits(obligations));
        Summary {
            due: self.due.clone(),
            tally: tally(obligations),
            rows: self.rows.values().sum(),
            late_rows: self.late_rows,
            units: reporting::lines(
                &self.program.roster,
                obligations,
                &self.rows,
                self.due.at.timezone(),
            ),
            visits,
            aggregates: self
                .sums
                .iter()
                .map(|sums| sums.table(&self.program.roster, obligations))
                .collect(),
        }
    }

    fn visits(&self, obligations: &[Obligation]) -> VisitSummary {
        let period: Vec<_> = self.facts.rows.iter().filter(|row| row.in_period).collect();
        let year: Vec<_> = self.facts.rows.iter().filter(|row| row.in_year).collect();
        let town = self.facts.count(&period, None);
        let joint = places::joint(self, &town);
        VisitSummary {
            since: self.since(),
            period: town.count,
            year: self.facts.count(&year, None).count,
            pace: self
                .program
                .material
                .targets()
                .and_then(|targets| targets.pace(self.span.1)),
            leaders: leaders::lines(self, &period, &year, obligations),
            places: places::lines(self, &period, &year, &joint),
            joint,
        }
    }
}

impl Collector<'_> {
    /// The first period that is collected, where the calendar year began before it.
    fn since(&self) -> Option<Period> {
        let cycle = &self.program.cycle;
        let first = cycle.first.as_ref()?;
        let (start, _) = cycle.span(first)?;
        let new_year = NaiveDate::from_ymd_opt(self.span.1.year(), 1, 1)?;
        (new_year < start && start <= self.span.1).then(|| first.clone())
    }
}

/// The number of solved problems that a row states.
fn solved(visits: &Visits, row: &LedgerRow) -> u32 {
    let number = visits.count.as_ref().and_then(|key| row.number(key));
    number.and_then(|number| number.trunc().to_u32()).unwrap_or(0)
}
