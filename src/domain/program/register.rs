//! The items (任务、指标) that a register programme's rows report on.

use crate::domain::ids::UnitId;

/// The table of items, as the document lists them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Register {
    /// The table's file beside `program.toml`.
    pub file: String,
    /// Key of the form column in which a row cites its item.
    pub column: String,
    /// The table's header.
    pub header: Vec<String>,
    /// The items in the order of the table.
    pub items: Vec<RegisterItem>,
}

/// One item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegisterItem {
    /// Its key as printed (序号), unique in the table.
    pub key: String,
    /// Its name; empty when the table has none.
    pub name: String,
    /// Ids of the units that lead it (牵头单位).
    pub leads: Vec<UnitId>,
    /// All cells of its row, by [`Register::header`].
    pub cells: Vec<String>,
}
