//! Reading and writing workbooks.

pub mod form;
pub mod listing;
pub mod master;
pub mod own;
pub mod read;
pub mod returned;
pub mod roster;
pub mod stream;
pub mod style;
pub mod trial;
mod words;
