//! Integration tests, one binary: a site in a temporary folder, real files,
//! real reading children, a stepped clock.

mod crash;
mod daemon;
mod harness;
mod intake;
mod judged;
mod mail;
mod month;
mod office;
mod read;
mod samples;
mod second_program;
