//! taizhang（台账）.

pub mod domain;
pub mod inbox;
pub mod platform;
pub mod store;
pub mod workbook;
