//! What taizhang decides. Pure: no files, no clock, no network, no async.

pub mod calendar;
pub mod check;
pub mod codes;
pub mod consolidate;
pub mod cron;
pub mod definition;
pub mod finding;
pub mod identify;
pub mod ladder;
pub mod ledger;
pub mod mail_address;
pub mod messages;
pub mod obligation;
pub mod period;
pub mod program;
pub mod roster;
pub mod safe_text;
pub mod stamp;
pub mod submission;
pub mod table;
pub mod targets;
pub mod text;
pub mod words;
