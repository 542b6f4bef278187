//! What a programme collects and what it rests on, as letters call it.

use crate::domain::program::{Material, Program};
use crate::jobs::lists::keeps_lists;

/// What kind of thing is handed in.
pub(super) fn material(program: &Program) -> &'static str {
    match program.material {
        Material::Log(_) if keeps_lists(program) => "list",
        Material::Log(_) => "log",
        Material::Register(_) => "register",
        Material::Document(_) => "document",
    }
}

/// What the office has agreed because no document says it: the whole duty, where
/// no clause orders a report, or the date alone.
pub(super) fn agreed(program: &Program) -> &'static str {
    let dated = ["deadline.rule", "deadline.day"];
    match dated.iter().any(|key| program.is_assumed(key)) {
        true if program.basis.clause.is_empty() => "duty",
        true => "deadline",
        false => "",
    }
}
