//! Reading and writing workbooks.

pub mod as_written;
pub mod form;
pub mod master;
pub mod own;
pub mod read;
pub mod returned;
pub mod style;
mod words;
