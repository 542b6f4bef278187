//! Integration tests, one binary: a site in a temporary folder, real files,
//! real reading children, a stepped clock.

mod at_once;
mod calendar;
mod claims;
mod crash;
mod daemon;
mod drafts;
mod forms;
mod harness;
mod history;
mod intake;
mod judged;
mod ladder_choices;
mod letters;
mod mail;
mod month;
mod office;
mod read;
mod samples;
mod second_program;
