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

/// Returns with [`Refusal::Impossible`] in these words.
macro_rules! refuse {
    ($($words:tt)*) => {
        return Err($crate::jobs::refusal::Refusal::Impossible(format!($($words)*)).into())
    };
}

/// Returns with [`Refusal::Impossible`] unless a condition holds.
macro_rules! refuse_unless {
    ($holds:expr, $($words:tt)*) => {
        if !$holds {
            $crate::jobs::refusal::refuse!($($words)*);
        }
    };
}

/// Returns with [`Refusal::Overtaken`] in these words.
macro_rules! overtaken {
    ($($words:tt)*) => {
        return Err($crate::jobs::refusal::Refusal::Overtaken(format!($($words)*)).into())
    };
}

pub(crate) use {overtaken, refuse, refuse_unless};
