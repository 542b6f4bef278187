//! What a definition is made of, before it is understood.

use std::collections::BTreeMap;
use std::fmt;

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
    /// SHA-256 of all files together, in hexadecimal.
    pub hash: String,
}

/// A CSV or workbook table: a header and rows of text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceTable {
    /// Header cells.
    pub header: Vec<String>,
    /// Rows with their 1-based line in the file.
    pub rows: Vec<(usize, Vec<String>)>,
}

/// Something wrong in a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, as people know it.
    pub file: String,
    /// 1-based line, where one can be named.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub remedy: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, " 第{line}行")?;
        }
        write!(f, "：{}", self.message)?;
        if !self.remedy.is_empty() {
            write!(f, " {}", self.remedy)?;
        }
        Ok(())
    }
}
