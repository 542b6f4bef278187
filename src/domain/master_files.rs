//! Which files of a master are written, and which may be replaced: never one
//! that somebody has open or has changed, never one that is final.

/// What is known of a period's master before anything is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The current file was written for what counts now, and lies there as it was written.
    pub up_to_date: bool,
    /// The period has closed.
    pub closed: bool,
    /// 定稿: none yet, or whether it was written for what counts now.
    pub settled: Option<bool>,
}

/// What has to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needed {
    /// 汇总台账.
    pub current: bool,
    /// 定稿: once, at the close.
    pub settled: bool,
    /// 更正稿: what counts has changed since 定稿.
    pub corrected: bool,
}

impl Facts {
    /// What has to be written.
    #[must_use]
    pub fn needed(self) -> Needed {
        Needed {
            current: !self.up_to_date,
            settled: self.closed && self.settled.is_none(),
            corrected: self.settled == Some(false),
        }
    }
}

impl Needed {
    /// Whether there is anything to do.
    #[must_use]
    pub fn is_anything(self) -> bool {
        self.current || self.settled || self.corrected
    }
}

/// What lies where a master is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lies {
    /// Nothing.
    Nothing,
    /// What we wrote.
    Ours,
    /// What we were about to write when the program was stopped.
    Announced,
    /// Something else: a person has saved it, or laid it there.
    Theirs,
}

/// Whether what lies there may be replaced; otherwise the new one waits beside
/// it, and theirs is read back first.
#[must_use]
pub fn may_be_replaced(lies: Lies, open: bool) -> bool {
    !open && lies != Lies::Theirs
}

/// Whether the copy that waited beside the current master may go: both are as
/// we wrote them, and nobody has either of them open.
#[must_use]
pub fn may_go(waiting: (Lies, bool), current: (Lies, bool)) -> bool {
    let is_free = |(lies, open): (Lies, bool)| lies == Lies::Ours && !open;
    is_free(waiting) && is_free(current)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::nothing_new(true, false, None, [false, false, false])]
    #[case::something_counts(false, false, None, [true, false, false])]
    #[case::the_close(true, true, None, [false, true, false])]
    #[case::the_close_with_news(false, true, None, [true, true, false])]
    #[case::settled_and_unchanged(true, true, Some(true), [false, false, false])]
    #[case::changed_after_the_close(false, true, Some(false), [true, false, true])]
    #[case::corrected_once_more(true, true, Some(false), [false, false, true])]
    #[case::the_deadline_was_put_off_after_the_close(false, false, Some(false), [true, false, true])]
    fn what_is_final_is_written_once(
        #[case] up_to_date: bool,
        #[case] closed: bool,
        #[case] settled: Option<bool>,
        #[case] expected: [bool; 3],
    ) {
        let needed = Facts {
            up_to_date,
            closed,
            settled,
        }
        .needed();
        assert_eq!([needed.current, needed.settled, needed.corrected], expected);
        assert_eq!(needed.is_anything(), expected.contains(&true));
    }

    #[test]
    fn nothing_that_a_person_saved_or_has_open_is_replaced() {
        for (lies, free) in [
            (Lies::Nothing, true),
            (Lies::Ours, true),
            (Lies::Announced, true),
            (Lies::Theirs, false),
        ] {
            assert_eq!(may_be_replaced(lies, false), free, "{lies:?}");
            assert!(!may_be_replaced(lies, true), "{lies:?}");
            let ours = (Lies::Ours, false);
            assert_eq!(may_go((lies, false), ours), lies == Lies::Ours);
            assert_eq!(may_go(ours, (lies, false)), lies == Lies::Ours);
        }
        assert!(!may_go((Lies::Ours, true), (Lies::Ours, false)));
        assert!(!may_go((Lies::Ours, false), (Lies::Ours, true)));
    }
}
