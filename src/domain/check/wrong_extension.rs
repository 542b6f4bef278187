//! The file's name says another format than its content.

use super::Case;
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::table::FileKind;

/// Compares extension and content. A name without an extension says nothing,
/// and `.et` is WPS's own name for the xls format.
pub(super) fn check(case: &Case<'_>) -> Vec<Finding> {
    let Some(extension) = extension(&case.origin.file_name) else {
        return Vec::new();
    };
    let kind = case.workbook.kind;
    let fits = match extension.as_str() {
        "xlsx" => kind == FileKind::Xlsx,
        // A workbook saved as xlsm without macros is still what it says.
        "xlsm" => matches!(kind, FileKind::Xlsm | FileKind::Xlsx),
        "xls" | "et" => kind == FileKind::Xls,
        "ods" => kind == FileKind::Ods,
        _ => false,
    };
    if fits {
        return Vec::new();
    }
    vec![
        Finding::new(Code::WrongExtension)
            .with("extension", &extension)
            .with("kind", kind.name()),
    ]
}

/// The extension in lower case; digits alone (`罗养2024.11`) are none.
fn extension(name: &str) -> Option<String> {
    let (_, extension) = name.rsplit_once('.')?;
    let plausible = (1..=5).contains(&extension.len())
        && extension.chars().all(|c| c.is_ascii_alphanumeric())
        && extension.chars().any(|c| c.is_ascii_alphabetic());
    plausible.then(|| extension.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Bench;
    use super::*;

    #[test]
    fn content_decides_and_the_name_is_only_compared() {
        for (name, kind, told) in [
            ("台账.xlsx", FileKind::Xlsx, false),
            ("台账.XLSX", FileKind::Xlsx, false),
            ("台账.xls", FileKind::Xlsx, true),
            ("台账.xlsx", FileKind::Xls, true),
            ("台账.et", FileKind::Xls, false),
            ("台账.et", FileKind::Xlsx, true),
            ("台账.xlsx", FileKind::Xlsm, true),
            ("台账.xlsm", FileKind::Xlsx, false),
            ("台账.ods", FileKind::Ods, false),
            ("台账", FileKind::Xlsx, false),
            ("罗养2024.11", FileKind::Xls, false),
        ] {
            let mut bench = Bench::new();
            name.clone_into(&mut bench.origin.file_name);
            bench.workbook.kind = kind;
            assert_eq!(bench.codes(check).len(), usize::from(told), "{name} {kind:?}");
        }
    }
}
