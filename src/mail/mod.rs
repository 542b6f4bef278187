//! Letters: their words, and the way to their recipients.

mod compose;
mod facts;

pub use compose::{Letters, LintProblem, samples, site_templates};
pub use facts::{
    Composed, FaultFacts, ItemFacts, LetterFacts, OfficeFacts, PeriodFacts, TargetFacts, UnitFacts,
    WithdrawnFacts,
};
