//! Reminding and chasing: the ladder is walked, notices become letters, and
//! letters are sent. Each step is recorded before the next begins.

mod allowance;
mod announced;
mod answers;
mod attach;
mod closed_off;
mod compose;
mod dates;
mod decide;
mod digests;
mod forecast;
mod gather;
mod group;
mod history;
mod item;
mod items;
mod lagging;
mod matter;
mod message;
mod nudge;
mod overtaken;
mod pass;
mod planned;
mod result;
mod runs;
mod send;
mod settled;
mod standings;
mod unrecorded;
mod walk;
mod watches;
mod wording;

pub use closed_off::{close_off, held};
pub use compose::{edited, offered, reworded, to_edit, word_new};
pub use decide::{as_seen, decide, decide_as_seen, withdraw, withdraw_as_seen};
pub use forecast::forecast;
pub use gather::{GatheredPeriod, gather};
pub use nudge::{as_shown, nudge, nudges};
pub use overtaken::{CopyByHand, copies_by_hand, copies_until};
pub use pass::{Reminded, remind};
pub use planned::planned;
pub use send::{next, recover, send};
pub use settled::drop_settled;
pub use walk::{Walked, recorded, walk};
pub use wording::{number, number_of};
