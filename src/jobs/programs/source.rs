//! A programme's folder as it stands on disk.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use sha2::{Digest, Sha256};

use super::ReadTable;
use crate::domain::program::{ProgramSource, table_names};
use crate::domain::source_table::SourceTable;

/// Largest file that is taken for a definition or a table.
const MOST_BYTES: u64 = 16 << 20;

/// Reads the definition and the tables that it names.
///
/// # Errors
/// If `program.toml` can't be read. A table that can't be read is kept with
/// its reason, so that it is named together with all other faults.
pub fn read(folder: &Path, name: &str, read_table: ReadTable<'_>) -> anyhow::Result<ProgramSource> {
    let path = folder.join("program.toml");
    let (files, mut unreadable) = files(folder)?;
    let definition = definition(&files)?;
    let mut tables = BTreeMap::new();
    for (file, bytes) in files.iter().filter(|(file, _)| *file != "program.toml") {
        match table(&folder.join(file), bytes, read_table) {
            Ok(table) => {
                tables.insert(file.clone(), table);
            }
            Err(error) => {
                unreadable.insert(file.clone(), format!("{error:#}"));
            }
        }
    }
    Ok(ProgramSource {
        folder: name.to_owned(),
        path: path.display().to_string(),
        definition,
        tables,
        unreadable,
        hash: hash(&files),
    })
}

/// The files that define a programme, by name, and those that are named but can't be read.
type Files = (BTreeMap<String, Vec<u8>>, BTreeMap<String, String>);

/// Reads `program.toml` and the tables that it names. Other files beside it
/// (a backup copy, an editor's lock) are none of the definition.
///
/// # Errors
/// If `program.toml` can't be read.
pub fn files(folder: &Path) -> anyhow::Result<Files> {
    let mut files = BTreeMap::from([("program.toml".to_owned(), bytes(&folder.join("program.toml"))?)]);
    let mut unreadable = BTreeMap::new();
    for name in table_names(&definition(&files)?) {
        let path = folder.join(&name);
        let beside = !name.contains(['/', '\\']) && path.is_file();
        if !beside {
            continue;
        }
        match bytes(&path) {
            Ok(bytes) => {
                files.insert(name, bytes);
            }
            Err(error) => {
                unreadable.insert(name, format!("{error:#}"));
            }
        }
    }
    Ok((files, unreadable))
}

/// SHA-256 over names and contents, in hexadecimal.
pub fn hash(files: &BTreeMap<String, Vec<u8>>) -> String {
    let mut hasher = Sha256::new();
    for (name, bytes) in files {
        for part in [name.as_bytes(), bytes] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    hasher.finalize().iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn definition(files: &BTreeMap<String, Vec<u8>>) -> anyhow::Result<String> {
    let bytes = files.get("program.toml").map_or(&[][..], Vec::as_slice);
    let text = std::str::from_utf8(bytes).context("不是UTF-8编码")?;
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// A file's content.
///
/// # Errors
/// It can't be read, or is too large to be a definition or a table.
pub fn bytes(path: &Path) -> anyhow::Result<Vec<u8>> {
    if std::fs::metadata(path)?.len() > MOST_BYTES {
        bail!("文件太大");
    }
    Ok(std::fs::read(path)?)
}

pub fn table(path: &Path, bytes: &[u8], read_table: ReadTable<'_>) -> anyhow::Result<SourceTable> {
    let extension = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    if extension == "csv" {
        return SourceTable::from_csv(&text(bytes)?).map_err(anyhow::Error::msg);
    }
    Ok(SourceTable::from_workbook(&read_table(path)?))
}

/// CSV as WPS and Excel write it: UTF-8 with a mark or without, or GBK.
///
/// # Errors
/// It is neither.
pub fn text(bytes: &[u8]) -> anyhow::Result<String> {
    let encoding = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if std::str::from_utf8(bytes).is_ok() => encoding_rs::UTF_8,
        None => encoding_rs::GB18030,
    };
    let (text, _, wrong) = encoding.decode(bytes);
    if wrong {
        bail!("认不出文字编码");
    }
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_is_read_in_every_encoding_that_offices_save() {
        let gbk = encoding_rs::GBK.encode("编号,名称").0.into_owned();
        let utf16 = [
            b"\xff\xfe".to_vec(),
            "编号,名称".encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ]
        .concat();
        for bytes in [
            "编号,名称".as_bytes().to_vec(),
            "\u{feff}编号,名称".as_bytes().to_vec(),
            gbk,
            utf16,
        ] {
            assert_eq!(text(&bytes).unwrap(), "编号,名称", "{bytes:?}");
        }
        assert!(text(b"\xff\xff\xff").is_err());
    }

    #[test]
    fn the_hash_tells_names_and_contents_apart() {
        let of = |files: &[(&str, &str)]| {
            hash(
                &files
                    .iter()
                    .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
                    .collect(),
            )
        };
        assert_eq!(of(&[("a", "b")]).len(), 64);
        assert_ne!(of(&[("a", "bc")]), of(&[("ab", "c")]));
        assert_ne!(of(&[("a", "b")]), of(&[("a", "b"), ("c", "")]));
    }
}
