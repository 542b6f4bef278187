//! Integration tests, one binary: a site in a temporary folder, real files,
//! real reading children, a stepped clock.

mod at_once;
mod by_hand;
mod calendar;
mod cases;
mod claims;
mod commands;
mod competing;
mod copied;
mod crash;
mod daemon;
mod definition_changed;
mod demo;
mod desk;
mod doctor;
mod documents;
mod drafts;
mod elsewhere;
mod extended_unit;
mod faults;
mod figures;
mod folders;
mod forecast;
mod forms;
mod grace;
mod harness;
mod history;
mod imported;
mod intake;
mod judged;
mod ladder_choices;
mod ladders;
mod letters;
mod limits;
mod lists;
mod mail;
mod month;
mod named;
mod nudge;
mod office;
mod office_words;
mod old_site;
mod own_files;
mod own_notes;
mod read;
mod recover;
mod refill;
mod registers;
mod reopened;
mod samples;
mod second_program;
mod seed_traps;
mod trial;
mod two_sites;

/// Who acts in the tests, unless another person is meant.
fn by() -> taizhang::domain::actor::Actor {
    taizhang::domain::actor::Actor::person("测试").expect("a name")
}
mod web;
mod worked_example;
