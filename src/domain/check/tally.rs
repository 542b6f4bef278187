//! Findings on their way into the answer: counted all, kept some.
//!
//! A column filled down wrongly makes a finding a row, and a ledger of 20,000
//! rows with every cell wrong makes hundreds of thousands. The verdict counts
//! them all; kept are so many as a person can read, of each code the first.

use std::collections::BTreeMap;

use super::Case;
use super::case::Cell;
use super::explained::Explanations;
use super::order::{Order, Place};
use crate::domain::codes::{Code, Scope, Severity};
use crate::domain::finding::{Finding, Verdict};
use crate::domain::messages::NO_ANSWER;

/// What is told together: the code, and whether its row explains it.
type Kind = (Code, bool);

/// A finding with its place in the answer: in the file, then by what found it.
struct Kept {
    at: (Place, u8, usize),
    finding: Finding,
}

/// Takes findings as they are found.
pub(super) struct Tally<'a> {
    order: Order<'a>,
    explanations: Explanations<'a>,
    most: usize,
    file_only: bool,
    kept: BTreeMap<Kind, Vec<Kept>>,
    /// How many there were of each kind, kept or not.
    counts: BTreeMap<Kind, usize>,
    found: usize,
}

impl<'a> Tally<'a> {
    /// Keeps `most` findings. `file_only`: of the file as a whole alone, as
    /// its rows must not be shown to the one who handed it in.
    pub(super) fn new(case: &'a Case<'a>, most: usize, file_only: bool) -> Self {
        Self {
            order: Order::new(case),
            explanations: Explanations::of(case),
            most,
            file_only,
            kept: BTreeMap::new(),
            counts: BTreeMap::new(),
            found: 0,
        }
    }

    /// What the checks found at a cell of a data row. All cells come before
    /// anything else: what can't be understood there silences the rest.
    pub(super) fn add_cell(&mut self, cell: &Cell<'_>, found: impl Iterator<Item = Finding>) {
        let mut found: Vec<Finding> = found.filter(|finding| cell.wants(finding.code)).collect();
        if found.is_empty() {
            return;
        }
        self.order.silence(&mut found);
        for finding in found {
            self.count(finding, u8::MAX);
        }
    }

    /// What one check found elsewhere; of equal place, those of a lower
    /// `phase` stand first.
    pub(super) fn add(&mut self, found: Vec<Finding>, phase: u8) {
        for finding in found {
            if self.order.is_wanted(&finding) && self.order.is_heard(&finding) {
                self.count(finding, phase);
            }
        }
    }

    fn count(&mut self, mut finding: Finding, phase: u8) {
        if self.file_only && finding.code.scope() != Scope::File {
            return;
        }
        finding.explained = self.explanations.explain(&finding);
        if let Some(said) = self.explanations.no_answer(&finding) {
            finding.args.insert(NO_ANSWER.into(), said);
        }
        let kind = (finding.code, finding.explained);
        *self.counts.entry(kind).or_default() += 1;
        self.found += 1;
        let kept = self.kept.entry(kind).or_default();
        if kept.len() < self.most {
            let at = (self.order.place(&finding), phase, self.found);
            kept.push(Kept { at, finding });
        }
    }

    /// The findings in the order of the file, and last what stands for those
    /// that are left out; with the verdict that all of them lead to.
    pub(super) fn finish(self) -> (Vec<Finding>, Verdict) {
        let verdict = Verdict::of_findings(self.kept.values().flatten().map(|kept| &kept.finding));
        let Self {
            most,
            kept,
            counts,
            found,
            ..
        } = self;
        let mut listed: Vec<Kept> = Vec::new();
        let mut rest: Vec<Kept> = Vec::new();
        for of_kind in kept.into_values() {
            let mut of_kind = of_kind;
            of_kind.sort_by_key(|kept| kept.at);
            let mut of_kind = of_kind.into_iter();
            listed.extend(of_kind.next());
            rest.extend(of_kind);
        }
        rest.sort_by_key(|kept| (weight(&kept.finding), kept.at));
        rest.truncate(most.saturating_sub(listed.len()));
        listed.append(&mut rest);
        let further = if listed.len() < found {
            further(&listed, &counts)
        } else {
            Vec::new()
        };
        listed.sort_by_key(|kept| kept.at);
        let findings = listed.into_iter().map(|kept| kept.finding).chain(further);
        (findings.collect(), verdict)
    }
}

/// What stands for the findings of each kind that aren't listed, the gravest
/// first; worded after the first of its kind.
fn further(listed: &[Kept], counts: &BTreeMap<Kind, usize>) -> Vec<Finding> {
    let mut further: Vec<Finding> = Vec::new();
    for ((code, explained), count) in counts {
        let mut own = listed
            .iter()
            .map(|kept| &kept.finding)
            .filter(|finding| (finding.code, finding.explained) == (*code, *explained))
            .peekable();
        let args = own.peek().map(|first| first.args.clone()).unwrap_or_default();
        let left = count.saturating_sub(own.count());
        if left > 0 {
            further.push(Finding {
                args,
                explained: *explained,
                further: u32::try_from(left).unwrap_or(u32::MAX),
                ..Finding::new(*code)
            });
        }
    }
    further.sort_by_key(weight);
    further
}

/// Errors before queries before warnings; a query that was answered is no more
/// than a warning.
fn weight(finding: &Finding) -> u8 {
    match finding.severity() {
        Severity::Error => 0,
        Severity::Query if !finding.explained => 1,
        Severity::Query | Severity::Warning => 2,
        Severity::Info => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
    use super::*;
    use crate::domain::table::Pos;

    fn at(code: Code, row: u32, column: u16) -> Finding {
        Finding::new(code).at("台账", Pos::new(row, column))
    }

    fn told(found: Vec<Finding>, most: usize) -> (Vec<(&'static str, String, u32)>, Verdict) {
        let bench = Bench::new();
        let case = bench.case();
        let mut tally = Tally::new(&case, most, false);
        tally.add(found, 0);
        let (findings, verdict) = tally.finish();
        let told = findings
            .iter()
            .map(|finding| {
                let cell = finding.cell().unwrap_or_default();
                (finding.code.as_str(), cell, finding.further)
            })
            .collect();
        (told, verdict)
    }

    #[test]
    fn few_are_all_listed() {
        let found = vec![at(Code::DateInFuture, 7, 1), at(Code::DateYearAssumed, 5, 1)];
        let (told, _) = told(found, 2);
        let all = [("date-year-assumed", "B6", 0), ("date-in-future", "B8", 0)];
        assert_eq!(told, all.map(|(code, cell, more)| (code, cell.to_owned(), more)));
    }

    #[test]
    fn of_many_the_gravest_are_listed_and_of_each_code_the_first() {
        let mut found: Vec<Finding> = (5..105).map(|row| at(Code::DateYearAssumed, row, 1)).collect();
        found.extend((5..105).map(|row| at(Code::DateOutOfPeriod, row, 1)));
        found.push(at(Code::ExampleText, 150, 3));
        let (told, verdict) = told(found, 5);
        assert_eq!(verdict, Verdict::Returned);
        let told: Vec<(&str, &str, u32)> = told
            .iter()
            .map(|(code, cell, more)| (*code, cell.as_str(), *more))
            .collect();
        assert_eq!(
            told,
            [
                ("date-year-assumed", "B6", 0),
                ("date-out-of-period", "B6", 0),
                ("date-out-of-period", "B7", 0),
                ("date-out-of-period", "B8", 0),
                ("example-text", "D151", 0),
                ("date-out-of-period", "", 97),
                ("date-year-assumed", "", 99),
            ]
        );
    }

    #[test]
    fn the_verdict_counts_what_is_not_listed() {
        // Two codes and room for one: the error stands there all the same.
        let found = vec![at(Code::DateYearAssumed, 5, 1), at(Code::ExampleText, 6, 3)];
        let (told, verdict) = told(found, 1);
        assert_eq!((told.len(), verdict), (2, Verdict::Returned));
    }

    mod properties {
        use proptest::prelude::*;

        use super::*;

        const CODES: [Code; 5] = [
            Code::ExampleText,
            Code::DateOutOfPeriod,
            Code::DateInFuture,
            Code::DateYearAssumed,
            Code::RowSkipped,
        ];

        proptest! {
            #[test]
            fn every_finding_is_counted_once(
                cells in prop::collection::btree_set((0..CODES.len(), 5_u32..40), 0..150),
                most in 1_usize..60,
            ) {
                let all: Vec<Finding> = cells.iter().map(|(code, row)| at(CODES[*code], *row, u16::try_from(*code).unwrap())).collect();
                let bench = Bench::new();
                let case = bench.case();
                let everything = |most: usize| {
                    let mut tally = Tally::new(&case, most, false);
                    tally.add(all.clone(), 0);
                    tally.finish()
                };
                let ((whole, right), (some, verdict)) = (everything(usize::MAX), everything(most));
                prop_assert_eq!(right, verdict);
                let count = |findings: &[Finding]| -> u32 { findings.iter().map(Finding::count).sum() };
                prop_assert_eq!(count(&whole), count(&some));
                let listed = some.iter().filter(|finding| finding.further == 0).count();
                prop_assert!(listed <= most.max(CODES.len()));
                for code in CODES {
                    let is = |finding: &&Finding| finding.code == code;
                    let (all, own) = (whole.iter().filter(is).count(), some.iter().filter(is));
                    prop_assert_eq!(all > 0, own.clone().any(|finding| finding.further == 0));
                    prop_assert_eq!(all, own.map(|finding| finding.count() as usize).sum::<usize>());
                }
            }
        }
    }
}
