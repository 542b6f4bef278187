//! taizhang（台账）.

pub mod config;
pub mod domain;
pub mod embedded;
pub mod jobs;
pub mod platform;
pub mod workbook;
