//! Items of a register whose leads the office has named (明确牵头单位).

use chrono::{DateTime, Utc};

use crate::domain::ids::{ItemId, UnitId};
use crate::domain::period::Period;

/// Who leads an item from a period on, whatever the table says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The row of the register.
    pub item: ItemId,
    /// Who leads it, the one whose values count first.
    pub leads: Vec<UnitId>,
    /// The first period for which that holds.
    pub from: Period,
    /// Why.
    pub reason: String,
    /// Who decided it.
    pub by: String,
    /// When: nobody is late for what was assigned later.
    pub at: DateTime<Utc>,
}
