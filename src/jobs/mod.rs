//! Work: idempotent, without input, woken by signal and by timer.

pub mod action;
pub mod assign;
pub mod backup;
pub mod clock;
pub mod clock_watch;
pub mod consolidate;
pub mod decide;
pub mod deliver;
pub mod extend;
pub mod faults;
pub mod folders;
pub mod forms;
pub mod holiday_table;
pub mod holidays;
pub mod ingest;
pub mod levels;
pub mod lists;
pub mod notes;
pub mod obligations;
pub mod options;
pub mod pass;
pub mod private;
pub mod programs;
pub mod progress;
pub mod queue;
pub mod recheck;
pub mod recover;
pub mod refusal;
pub mod register;
pub mod remind;
pub mod running;
pub mod sentinel;
pub mod site;
pub mod trial;

pub use pass::finish;
