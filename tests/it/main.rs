//! Integration tests, one binary: a site in a temporary folder, real files,
//! real reading children, a stepped clock.

mod calendar;
mod crash;
mod daemon;
mod drafts;
mod forms;
mod harness;
mod intake;
mod judged;
mod ladder_choices;
mod letters;
mod mail;
mod month;
mod office;
mod read;
mod recover;
mod samples;
mod second_program;
