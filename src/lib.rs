//! taizhang（台账）.

pub mod domain;
pub mod platform;
pub mod store;
pub mod workbook;
