//! What carries the domain's decisions out: idempotent, taking no input, woken by signal and by timer.

pub mod programs;
