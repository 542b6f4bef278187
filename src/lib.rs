//! taizhang（台账）: collects ledger workbooks from a shared folder, hands
//! faulty ones back marked cell by cell, and merges the good ones into a
//! master workbook.
//!
//! Deciding and doing are apart. [`domain`] decides and is pure: no files, no
//! clock, no async. Everything else carries its decisions out:
//!
//! | module | what it does |
//! |---|---|
//! | [`inbox`] | the shared folder: scan, settle, copy, move, publish |
//! | [`workbook`] | reads workbooks in a child process; writes forms, marked-up copies and masters |
//! | [`store`] | the database |
//! | [`mail`] | letters on their way: to a mail server or into files |
//! | [`jobs`] | take files, deliver, consolidate: idempotent, without input |
//! | [`desk`] | what every face asks and decides: plain answers, actions with who acts |
//! | [`web`] | the office's page, over `desk` |
//! | [`daemon`] | the composition root: watcher, timers, shutdown |
//! | [`cli`] | one file a command |
//! | [`config`] | `config.toml`, checked |
//! | [`embedded`] | what the binary carries for a new site |
//! | [`platform`] | all that differs by operating system |
//!
//! The way of a workbook and the house as a whole: `docs/architecture.md`.

pub mod cli;
pub mod config;
pub mod daemon;
pub mod desk;
pub mod domain;
pub mod embedded;
pub mod inbox;
pub mod jobs;
pub mod mail;
pub mod platform;
pub mod store;
pub mod web;
pub mod workbook;
