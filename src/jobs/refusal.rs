//! Why a decision of a person isn't carried out. Nothing was changed then.

/// A decision that isn't carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Somebody decided first: the words say who, when, and how things stand
    /// now. Whoever asks looks again and decides anew.
    #[error("{0}")]
    Overtaken(String),
    /// It can't be decided so; the words say what can be.
    #[error("{0}")]
    Impossible(String),
}

/// Returns with [`Refusal::Impossible`] in these words: the language, and the
/// same in Chinese and in English.
macro_rules! refuse {
    ($language:expr, $($words:tt)*) => {
        return Err($crate::jobs::refusal::Refusal::Impossible(
            $crate::domain::language::worded!($language, $($words)*)
        ).into())
    };
}

/// Returns with [`Refusal::Impossible`] unless a condition holds.
macro_rules! refuse_unless {
    ($holds:expr, $language:expr, $($words:tt)*) => {
        if !$holds {
            $crate::jobs::refusal::refuse!($language, $($words)*);
        }
    };
}

/// Returns with [`Refusal::Overtaken`] in these words.
macro_rules! overtaken {
    ($language:expr, $($words:tt)*) => {
        return Err($crate::jobs::refusal::Refusal::Overtaken(
            $crate::domain::language::worded!($language, $($words)*)
        ).into())
    };
}

pub(crate) use {overtaken, refuse, refuse_unless};
