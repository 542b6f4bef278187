//! The desk: what every face of the program asks and decides, whether it is
//! the command line or a page. Answers are plain values; whoever acts is an
//! argument.

pub mod accounts;
pub mod ahead;
pub mod api;
pub mod assigning;
pub mod board;
pub mod consequence;
pub mod decide;
pub mod doctor;
pub mod drafting;
pub mod drafts;
pub mod exempting;
pub mod extending;
pub mod files;
pub mod finding;
pub mod handling;
pub mod health;
pub mod holidays;
pub mod import;
pub mod json;
pub mod letters;
pub mod log;
pub mod mailing;
pub mod named;
pub mod nudging;
pub mod outbox;
pub mod page;
pub mod period;
pub mod programs;
pub mod rosters;
pub mod schedule;
pub mod service;
pub mod setup;
pub mod sheet;
pub mod standing;
pub mod status;
pub mod submission;
pub mod switching;
pub mod times;
pub mod today;
pub mod trend;
pub mod uploads;
pub mod versions;
pub mod withdrawing;

pub use crate::jobs::site::Site;
pub use crate::store::{is_fault, only_reading};

use crate::domain::ids::{ProgramId, SubmissionId};
use crate::domain::language::worded;
use crate::jobs::refusal::Refusal;

/// Whether an error is a decision that isn't carried out; its words say why.
#[must_use]
pub fn is_refused(error: &anyhow::Error) -> bool {
    error.is::<Refusal>()
}

/// What was asked for isn't there or makes no sense; the words say what would.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Misuse(pub String);

/// There is no submission of a number.
fn no_submission(site: &Site, id: SubmissionId) -> Misuse {
    Misuse(worded!(
        site.language(),
        "没有报送编号 {id}",
        "there is no submission {id}"
    ))
}

/// The definition of a programme is gone or faulty.
fn no_program(site: &Site, id: &ProgramId) -> Misuse {
    Misuse(worded!(
        site.language(),
        "方案 {id} 现在读不出来",
        "the programme {id} can't be read at present"
    ))
}

/// Returns with [`Misuse`] in these words: the language, and the same in
/// Chinese and in English.
macro_rules! misuse {
    ($language:expr, $($words:tt)*) => {
        return Err($crate::desk::Misuse(
            $crate::domain::language::worded!($language, $($words)*)
        ).into())
    };
}

pub(crate) use misuse;
