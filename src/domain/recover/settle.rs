//! What places and notes say, beside what the checks say today.

use super::{Doubt, Lies, Original, Stands, Version};
use crate::domain::finding::Verdict;

/// What is to be recorded of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The verdict of the checks.
    pub verdict: Verdict,
    /// Accepted by the office in spite of it; why.
    pub by_office: Option<String>,
    /// Taken back; why.
    pub withdrawn: Option<String>,
    /// What can't be told.
    pub doubt: Option<Doubt>,
}

/// Why something counts that today's checks would hand back.
const WAS_ACCEPTED: &str = "恢复数据库时按文件所在位置登记：当时已通过";

/// Why something doesn't count that the checks find nothing in.
const WAS_RETURNED: &str = "恢复数据库时按文件所在位置登记：在退回文件夹，撤回原因不详";

/// Decides what a version is recorded as. `examined` is what the checks of
/// today say of it: places and notes tell what was decided then, and win.
#[must_use]
pub fn settle(original: &Original, version: &Version, examined: Verdict) -> Settled {
    let file = || original.name.clone();
    let passed = examined.is_accepted();
    // A version has one of these verdicts; anything else made none.
    let verdict = if passed { examined } else { Verdict::Returned };
    let plain = |verdict| Settled {
        verdict,
        by_office: None,
        withdrawn: None,
        doubt: None,
    };
    match &version.stands {
        Stands::AsChecked => plain(verdict),
        Stands::Accepted if passed => plain(verdict),
        Stands::Accepted => Settled {
            by_office: Some(WAS_ACCEPTED.into()),
            doubt: Some(Doubt::AcceptedAgainstChecks { file: file() }),
            ..plain(verdict)
        },
        Stands::ByOffice(reason) => Settled {
            by_office: Some(reason.clone()),
            doubt: Some(Doubt::AcceptedByOffice {
                file: file(),
                reason: reason.clone(),
            }),
            // The office accepts what was handed back, nothing else.
            ..plain(Verdict::Returned)
        },
        Stands::Returned if !passed => plain(verdict),
        // A note says that it was handed back; a form stays where it lies.
        Stands::Returned if version.rows.is_none() && original.lies == Lies::Forms => {
            plain(Verdict::Returned)
        }
        Stands::Returned => Settled {
            withdrawn: Some(WAS_RETURNED.into()),
            doubt: Some(Doubt::ReturnedAgainstChecks { file: file() }),
            ..plain(verdict)
        },
        Stands::Withdrawn(why) => Settled {
            withdrawn: Some(why.clone()),
            doubt: Some(Doubt::Withdrawn { file: file() }),
            ..plain(verdict)
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Proof, Stands};
    use super::*;
    use crate::domain::submission::Arrival;
    use chrono::DateTime;

    fn settled(stands: Stands, examined: Verdict) -> (Verdict, bool, bool, bool) {
        let original = Original {
            path: "a".into(),
            name: "a".into(),
            lies: Lies::Accepted,
            sha256: [0; 32].into(),
            archived: None,
            saved: DateTime::default(),
            known: None,
            repeats: false,
            unreadable: false,
        };
        let version = Version {
            number: 1,
            stands,
            arrival: Arrival {
                after: None,
                seen: DateTime::default(),
            },
            proof: Proof::Noted,
            rows: None,
            nil: false,
        };
        let settled = settle(&original, &version, examined);
        (
            settled.verdict,
            settled.by_office.is_some(),
            settled.withdrawn.is_some(),
            settled.doubt.is_some(),
        )
    }

    #[test]
    fn what_was_decided_then_wins_over_todays_checks() {
        use Verdict::{Accepted, AcceptedWithWarnings, Returned, Unclaimed};
        let by_office = || Stands::ByOffice("属实".into());
        let withdrawn = || Stands::Withdrawn("报错".into());
        let cases = [
            (
                Stands::Accepted,
                AcceptedWithWarnings,
                (AcceptedWithWarnings, false, false, false),
            ),
            (Stands::Accepted, Returned, (Returned, true, false, true)),
            (Stands::Accepted, Unclaimed, (Returned, true, false, true)),
            (by_office(), Returned, (Returned, true, false, true)),
            (by_office(), Accepted, (Returned, true, false, true)),
            (Stands::Returned, Returned, (Returned, false, false, false)),
            (Stands::Returned, Accepted, (Accepted, false, true, true)),
            (withdrawn(), Accepted, (Accepted, false, true, true)),
            (Stands::AsChecked, Returned, (Returned, false, false, false)),
        ];
        for (stands, examined, expected) in cases {
            assert_eq!(
                settled(stands.clone(), examined),
                expected,
                "{stands:?} {examined:?}"
            );
        }
    }
}
