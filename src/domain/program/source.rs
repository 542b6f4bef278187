//! What a definition is made of, before it is understood.

use std::collections::BTreeMap;

use crate::domain::source_table::SourceTable;

/// The files of one programme's folder.
#[derive(Debug, Clone, Default)]
pub struct ProgramSource {
    /// Name of the folder: must equal the id in the definition.
    pub folder: String,
    /// Path of `program.toml` as people know it, for messages.
    pub path: String,
    /// Text of `program.toml`.
    pub definition: String,
    /// The tables beside it, by file name.
    pub tables: BTreeMap<String, SourceTable>,
    /// Tables that stand beside it and can't be read, with the reason.
    pub unreadable: BTreeMap<String, String>,
    /// SHA-256 of all files together, in hexadecimal.
    pub hash: String,
}
