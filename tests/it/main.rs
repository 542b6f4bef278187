//! Tests of the whole, with real processes and files.

mod read;
