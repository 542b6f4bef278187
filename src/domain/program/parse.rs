//! From the text of a definition to a [`Program`].

use super::{Problem, Program, ProgramSource};

/// Understands a definition.
///
/// # Errors
/// Everything that is wrong with it, with file, line and remedy.
pub fn parse(source: &ProgramSource) -> Result<Program, Vec<Problem>> {
    let _ = source;
    unimplemented!("helper G")
}
