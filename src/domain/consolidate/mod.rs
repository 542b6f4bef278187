//! From accepted rows to the master workbook (汇总台账).
//!
//! A [`Collector`] takes the counting submissions of a period one by one, in
//! any order, keeps only small facts of each row, and makes a [`Summary`] of
//! them. [`row_keys`] gives every row the identity by which the office's
//! remarks find it again; [`unit_change`] says what differs between two
//! versions of one unit's rows.

mod aggregate;
mod attribution;
mod changes;
mod collect;
mod facts;
mod leaders;
mod places;
mod reporting;
mod row_key;
mod summary;
pub mod view;
pub(crate) mod words;

#[cfg(test)]
mod tests;

pub use attribution::leader_of;
pub use changes::{CellChange, MOST_ROWS_LISTED, RowChange, RowChangeKind, UnitChange, unit_change};
pub use collect::Collector;
pub use facts::Count;
pub use row_key::{KeyedRows, RowKey, RowKeyError, row_keys};
pub use summary::{
    AggregateLine, AggregateTable, Joint, Lamp, LeaderLine, PlaceLine, ReportingLine, Summary, VisitSummary,
};
