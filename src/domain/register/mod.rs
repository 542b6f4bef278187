//! Registers (登记簿): ledgers whose rows are given. What each unit owes of
//! them follows from the table of items, the decisions of the office, and what
//! was accepted before; see domain/registers.md of the requirements.

mod cite;
mod disagree;
mod duties;
mod given;
mod light;
mod pace;
mod past;
mod standing;
mod tally;

pub use cite::{Citation, Cited};
pub use disagree::{Disagreement, disagreements};
pub use duties::{Asked, Asking, Duties, Ower, may_owe};
pub use given::{Ready, given_text, ready};
pub use light::{LightReason, item_light};
pub use pace::{Progress, progress};
pub use past::{Before, Past};
pub use standing::{Handed, ItemLine, ItemState, item_lines};
pub use tally::{ItemTally, undecided};

#[cfg(test)]
mod tests;
