//! Where a file goes, and what lies beside it: by its verdict, where it came
//! to lie, and what the office decided.

use super::finding::Verdict;
use super::words::FolderWords;

/// Which kind of folder of a programme a file lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// Where people drop.
    Drop,
    /// 审核通过.
    Accepted,
    /// 退回修改.
    Returned,
    /// 附件.
    Attachments,
    /// 本期填报表.
    Forms,
    /// 待确认单位.
    Unclaimed,
}

/// What a file was recorded as before, byte for byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// It counts, or counted.
    Accepted,
    /// It waits for the office.
    Held,
    /// It was handed back, or put aside.
    NotAccepted,
}

/// What decides where a taken file goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// The verdict, duplicates told apart.
    pub verdict: Verdict,
    /// Where it lies.
    pub zone: Zone,
    /// Its unit is known.
    pub has_unit: bool,
    /// What it repeats, if it is a duplicate of something known.
    pub before: Option<Before>,
    /// It can't be opened safely and stays unopened.
    pub untouched: bool,
    /// Its programme is on trial: nothing on the share is touched.
    pub trial: bool,
}

/// Where a file goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It stays as and where it is.
    Untouched,
    /// It stays in its folder, under a name of its own.
    Here,
    /// 审核通过 of its unit.
    Accepted,
    /// 退回修改 of its unit.
    Returned,
    /// Its unit's folder itself.
    OfUnit,
    /// 待确认单位.
    Unclaimed,
    /// The office's folder for what nobody's folder can take.
    Waiting,
    /// Off the share, where only the office looks.
    Quarantine,
}

/// A note that says what became of a file, by the name of its template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// Why it couldn't be read.
    Unreadable,
    /// That it bears a mark of secrecy, and was taken off the share.
    Quarantined,
    /// That it was handed in before.
    Duplicate,
    /// That the office has to say whose it is. Where its unit is known after
    /// all, a word lies in that one's folder too.
    Unclaimed,
}

impl Beside {
    /// The kind that the template knows it by.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Quarantined => "quarantined",
            Self::Duplicate => "duplicate",
            Self::Unclaimed => "unclaimed",
        }
    }
}

/// Where a taken file goes, and the note that says why.
#[must_use]
pub fn place(case: &Case) -> (Place, Option<Beside>) {
    use Verdict::{Accepted, AcceptedWithWarnings, Duplicate, Quarantined, Returned, Unreadable};
    if case.trial {
        // What would be done stands in the office's output.
        return (Place::Untouched, None);
    }
    match (case.verdict, case.has_unit) {
        (Accepted | AcceptedWithWarnings, true) => (Place::Accepted, None),
        (Returned, true) => (Place::Returned, None),
        (Quarantined, _) => (Place::Quarantine, Some(Beside::Quarantined)),
        (Unreadable, has_unit) => {
            let place = match case.zone {
                _ if case.untouched => Place::Untouched,
                _ if !has_unit => Place::Waiting,
                Zone::Accepted | Zone::Returned | Zone::Forms => Place::Here,
                Zone::Drop | Zone::Attachments | Zone::Unclaimed => Place::Returned,
            };
            (place, Some(Beside::Unreadable))
        }
        (Duplicate, has_unit) => {
            if !matches!(case.zone, Zone::Drop | Zone::Unclaimed) {
                // An editor saved our own file again: nothing to tell anybody.
                return (Place::Untouched, None);
            }
            let place = match (has_unit, case.before) {
                (false, _) => Place::Unclaimed,
                (true, Some(Before::Held) | None) => Place::OfUnit,
                (true, Some(before)) => settled(before == Before::Accepted),
            };
            (place, Some(Beside::Duplicate))
        }
        _ if case.zone == Zone::Forms => (Place::Here, Some(Beside::Unclaimed)),
        _ => (Place::Unclaimed, Some(Beside::Unclaimed)),
    }
}

/// Where a file lies that counts, or that was handed back.
#[must_use]
pub fn settled(counts: bool) -> Place {
    if counts { Place::Accepted } else { Place::Returned }
}

impl Place {
    /// Its folder below the unit's own one; none where there is no such folder.
    #[must_use]
    pub fn below_unit(self, words: &FolderWords) -> Option<&'static str> {
        match self {
            Self::Accepted => Some(words.accepted),
            Self::Returned => Some(words.returned),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASE: Case = Case {
        verdict: Verdict::Accepted,
        zone: Zone::Drop,
        has_unit: true,
        before: None,
        untouched: false,
        trial: false,
    };

    #[test]
    fn a_verdict_sends_a_file_where_it_belongs() {
        use Verdict::{
            Accepted, AcceptedWithWarnings, Duplicate, Quarantined, Returned, Unclaimed, Unreadable,
        };
        use Zone::{Attachments, Drop, Forms};
        for (verdict, zone, has_unit, expected) in [
            (Accepted, Drop, true, (Place::Accepted, None)),
            (AcceptedWithWarnings, Forms, true, (Place::Accepted, None)),
            (Returned, Drop, true, (Place::Returned, None)),
            // Whoever it counts for has to be known.
            (Accepted, Drop, false, (Place::Unclaimed, Some(Beside::Unclaimed))),
            (
                Quarantined,
                Forms,
                true,
                (Place::Quarantine, Some(Beside::Quarantined)),
            ),
            (
                Unreadable,
                Drop,
                true,
                (Place::Returned, Some(Beside::Unreadable)),
            ),
            (
                Unreadable,
                Attachments,
                true,
                (Place::Returned, Some(Beside::Unreadable)),
            ),
            (
                Unreadable,
                Zone::Accepted,
                true,
                (Place::Here, Some(Beside::Unreadable)),
            ),
            (Unreadable, Forms, true, (Place::Here, Some(Beside::Unreadable))),
            (
                Unreadable,
                Drop,
                false,
                (Place::Waiting, Some(Beside::Unreadable)),
            ),
            (Unclaimed, Drop, true, (Place::Unclaimed, Some(Beside::Unclaimed))),
            (Unclaimed, Forms, true, (Place::Here, Some(Beside::Unclaimed))),
            (
                Duplicate,
                Drop,
                false,
                (Place::Unclaimed, Some(Beside::Duplicate)),
            ),
            (Duplicate, Zone::Returned, true, (Place::Untouched, None)),
        ] {
            let case = Case {
                verdict,
                zone,
                has_unit,
                ..CASE
            };
            assert_eq!(place(&case), expected, "{case:?}");
        }
    }

    #[test]
    fn a_duplicate_lies_with_what_it_repeats() {
        for (before, expected) in [
            (Some(Before::Accepted), Place::Accepted),
            (Some(Before::NotAccepted), Place::Returned),
            (Some(Before::Held), Place::OfUnit),
            (None, Place::OfUnit),
        ] {
            let case = Case {
                verdict: Verdict::Duplicate,
                before,
                ..CASE
            };
            assert_eq!(place(&case), (expected, Some(Beside::Duplicate)), "{before:?}");
        }
    }

    #[test]
    fn nothing_is_touched_on_trial_nor_what_may_not_be_opened() {
        for verdict in [
            Verdict::Accepted,
            Verdict::Returned,
            Verdict::Quarantined,
            Verdict::Unclaimed,
        ] {
            let case = Case {
                verdict,
                trial: true,
                ..CASE
            };
            assert_eq!(place(&case), (Place::Untouched, None));
        }
        let case = Case {
            verdict: Verdict::Unreadable,
            untouched: true,
            has_unit: false,
            ..CASE
        };
        assert_eq!(place(&case), (Place::Untouched, Some(Beside::Unreadable)));
    }
}
