//! Reminding and chasing: the ladder is walked, notices become letters, and
//! letters are sent. Each step is recorded before the next begins.

mod answers;
mod dates;
mod gather;
mod group;
mod result;
mod walk;
mod wording;

pub use gather::{GatheredPeriod, gather, planned};
pub use group::ready;
pub use walk::{Hold, Walked, walk};
pub use wording::{Standings, facts, number};
