//! Letters, as far as they are decided: which notices go into which, what is
//! held back, what still holds when it is sent, what becomes of one that failed.

pub mod blocks;
pub mod decide;
pub mod group;
mod hold;
pub mod holds;
mod letter;
mod notice;
pub mod overtaken;
pub mod retry;
mod state;
#[cfg(test)]
mod tests;

pub use hold::Hold;
pub use letter::{Addressed, Letter, LetterText, NewLetter};
pub use notice::{NoticeBody, NoticeRecord, NoticeState};
pub use state::{LetterState, Progress};
