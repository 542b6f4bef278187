//! What is held back for now.

use std::collections::BTreeSet;

use chrono::DateTime;
use chrono_tz::Tz;

use crate::domain::notices::{Notice, NoticeKey};

/// Why something is held back, and said so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hold {
    /// The share is away: units could not hand anything in.
    pub share_away: bool,
    /// The clock can't be trusted.
    pub clock_fault: bool,
}

impl Hold {
    /// Whether those who are behind are not chased for now.
    #[must_use]
    pub fn chases(self) -> bool {
        self.share_away || self.clock_fault
    }

    /// Takes out what is held back; gives how many of those have come due and
    /// were never recorded.
    pub fn hold_back(
        self,
        notices: &mut Vec<Notice>,
        recorded: &BTreeSet<NoticeKey>,
        now: DateTime<Tz>,
    ) -> usize {
        if !self.chases() {
            return 0;
        }
        let is_due = |notice: &&Notice| notice.at <= now && !recorded.contains(&notice.key());
        let chases = notices.iter().filter(|notice| notice.kind.is_chase());
        let held = chases.filter(is_due).count();
        notices.retain(|notice| !notice.kind.is_chase());
        held
    }
}
