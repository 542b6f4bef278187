//! What is wrong, as notes list it: no more than a note may hold.

use serde::Serialize;

use crate::domain::finding::Finding;
use crate::domain::language::Language;
use crate::domain::ledger::mask_identity_numbers;
use crate::jobs::site::Site;

/// A finding as notes cite it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::jobs) struct Fault {
    /// The cell, if the finding has one.
    pub(in crate::jobs) cell: String,
    /// What is wrong.
    pub(in crate::jobs) message: String,
    /// What to do.
    pub(in crate::jobs) hint: String,
}

/// How much of a note its lists may take, in bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// For what must be put right.
    pub(super) faults: Share,
    /// For what is only worth a look.
    pub(super) hints: Share,
}

/// The part of a note that a list may take, and the language that says what is left out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    bytes: usize,
    language: Language,
}

impl Room {
    /// Half of a note for faults and a quarter for hints; the rest says what it is about.
    pub(super) fn of(site: &Site, language: Language) -> Self {
        let whole = site.options.note_size;
        let share = |bytes| Share { bytes, language };
        Self {
            faults: share(whole / 2),
            hints: share(whole / 4),
        }
    }
}

/// How many places findings speak of.
pub(super) fn count<'a>(findings: impl Iterator<Item = &'a Finding>) -> u32 {
    findings.map(Finding::count).sum()
}

/// Findings in words, as many as there is room for; the last line counts those left out.
pub(super) fn listed<'a>(
    findings: impl Iterator<Item = &'a Finding>,
    in_copy: bool,
    share: Share,
) -> Vec<Fault> {
    let mut listed = Vec::new();
    let (mut bytes, mut left) = (0, 0);
    for finding in findings {
        let own = fault(finding, in_copy);
        // A line has its number and punctuation beside its words.
        bytes += own.cell.len() + own.message.len() + own.hint.len() + 16;
        if bytes <= share.bytes {
            listed.push(own);
        } else {
            left += finding.count();
        }
    }
    if left > 0 {
        listed.push(Fault {
            cell: String::new(),
            message: match share.language {
                Language::Chinese => format!("其余{left}处未在此列出，见审核意见。"),
                Language::English => format!("{left} more are not listed here; see the review remarks."),
            },
            hint: String::new(),
        });
    }
    listed
}

/// A finding in words. Letters and notes cite the cell of the marked-up copy,
/// if there is one.
pub(in crate::jobs) fn fault(finding: &Finding, in_copy: bool) -> Fault {
    let cell = finding
        .cell_in_copy
        .clone()
        .filter(|_| in_copy)
        .or(finding.cells())
        .unwrap_or_default();
    Fault {
        cell,
        message: mask_identity_numbers(&finding.message),
        hint: mask_identity_numbers(&finding.hint),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::codes::Code;
    use crate::domain::table::Pos;

    #[test]
    fn a_note_lists_what_it_has_room_for_and_counts_the_rest() {
        let mut findings: Vec<Finding> = (0..100)
            .map(|row| {
                let mut finding = Finding::new(Code::Required).at("台账", Pos::new(row, 1));
                finding.message = "“调研时间”不能为空。".into();
                finding
            })
            .collect();
        findings[99].further = 1000;
        let share = |bytes| Share {
            bytes,
            language: Language::Chinese,
        };
        assert_eq!(count(findings.iter()), 1099);
        assert_eq!(listed(findings.iter(), false, share(1 << 20)).len(), 100);
        let some = listed(findings.iter(), false, share(1_000));
        let bytes: usize = some.iter().map(|fault| fault.message.len()).sum();
        assert!(bytes < 1_100, "{bytes}");
        let left = 1099 - (some.len() - 1);
        assert_eq!(
            some.last().map(|fault| fault.message.clone()),
            Some(format!("其余{left}处未在此列出，见审核意见。"))
        );
    }
}
