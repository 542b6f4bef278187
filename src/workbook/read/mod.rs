//! From a file to a [`Workbook`](crate::domain::table::Workbook).
//!
//! [`sniff`] tells what a file is. [`ReaderPool`] reads files of strangers in
//! child processes that run [`serve`]: a workbook of two kilobytes can make a
//! reader ask for hundreds of gigabytes, and then only the child dies. What is
//! read keeps [`Limits`]; what can't be read is a [`ReadFailure`], never an error
//! of the program.
//!
//! In the child a zip-based workbook goes this way: its table of contents is
//! checked (`zip_directory`), its parts are inflated once and counted
//! (`package`), looked through for what is hidden, merged or drawn (`layout`,
//! `ods_layout`), and handed uncompressed to calamine for the values, which
//! are collected sparsely (`sheet_rows`).

mod failure;
mod formats;
mod in_process;
mod layout;
mod limits;
mod ods;
mod ods_blanks;
mod ods_layout;
mod package;
mod page_text;
mod pool;
mod protocol;
mod serve;
mod sheet_rows;
mod sniff;
mod unfolded;
mod values;
mod xls;
mod xls_grid;
mod xls_pages;
mod xlsx;
mod xml;
mod zip_directory;

pub use failure::ReadFailure;
pub use in_process::{read_in_process, read_written};
pub use limits::Limits;
pub use pool::ReaderPool;
pub use serve::serve;
pub use sniff::{Sniffed, sniff};
pub use unfolded::unfolded_size;

#[cfg(test)]
mod tests;
