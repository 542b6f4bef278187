//! All checks on one workbook, and the verdict.

use super::{Context, Examination};
use crate::domain::codes::Code;
use crate::domain::table::Workbook;

/// Looks at a workbook as a ledger of the programme: identifies it, runs
/// every check, words the findings.
#[must_use]
pub fn examine(context: &Context<'_>, workbook: &Workbook) -> Examination {
    let _ = (context.now, workbook);
    unimplemented!()
}

/// The examination of a file that could not be read: identified by folder and
/// name alone, with the one finding that says why.
#[must_use]
pub fn refuse(context: &Context<'_>, code: Code, reason: &str) -> Examination {
    let _ = (context.now, code, reason);
    unimplemented!()
}
