//! A document: registered as received, never parsed.

use super::examine::closed;
use super::{Context, Examination, sensitive_content};
use crate::domain::codes::Code;
use crate::domain::documents::{Unfit, fits, milestone_of};
use crate::domain::finding::{Finding, Verdict};
use crate::domain::identify::{Clues, identify};
use crate::domain::period::CycleKind;
use crate::domain::program::Documents;

/// Looks at a file as a document of the programme: who handed it in and for
/// which milestone or period, by folder and name alone. `bytes` is its size.
#[must_use]
pub fn received(context: &Context<'_>, documents: &Documents, bytes: u64) -> Examination {
    let (program, origin) = (context.program, context.origin);
    let mut identity = identify(&Clues {
        program,
        origin,
        workbook: None,
        reading: None,
        standing: context.standing,
        calendar: context.calendar,
        now: context.now,
    });
    if sensitive_content::is_name_marked(&origin.file_name) {
        let finding = sensitive_content::finding(program);
        return closed(context, identity, Verdict::Quarantined, vec![finding]);
    }
    if let Err(unfit) = fits(documents, &origin.file_name, bytes) {
        let finding = match unfit {
            Unfit::Empty => Finding::new(Code::Unreadable).with("reason", "empty"),
            Unfit::Type(allowed) => {
                let extension = origin
                    .file_name
                    .rsplit_once('.')
                    .map_or("", |(_, extension)| extension);
                let finding = Finding::new(Code::DocumentType).with("type", extension);
                finding.with("allowed", allowed.join("、"))
            }
        };
        return closed(context, identity, Verdict::Returned, vec![finding]);
    }
    // Further files join the hand-in: nothing of a ledger is held back here.
    identity.held = false;
    identity.findings.clear();
    let dated = matches!(program.cycle.kind, CycleKind::Once | CycleKind::Milestones);
    let claimed = origin.claimed_period.clone();
    if let (Some(unit), true, None) = (&identity.unit, dated, &claimed) {
        let met = |period: &_| context.standing.is_accepted(unit, period);
        identity.period = milestone_of(program, unit, &origin.file_name, &met);
    }
    let verdict = if identity.unit.is_some() && identity.period.is_some() {
        Verdict::Accepted
    } else {
        Verdict::Unclaimed
    };
    Examination {
        row_count: Some(0),
        ..closed(context, identity, verdict, Vec::new())
    }
}
