//! Letters: their words, and the way to their recipients.

mod facts;

pub use facts::{
    Composed, FaultFacts, ItemFacts, LetterFacts, OfficeFacts, PeriodFacts, TargetFacts, UnitFacts,
    WithdrawnFacts,
};
