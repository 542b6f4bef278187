//! Names that become folders, addresses and keys: what they may look like.

use crate::domain::words::FolderWords;

/// Device names that Windows refuses as file names.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Why a name can't be a folder's, and what would be right; `None` if it can.
pub fn folder_fault(name: &str) -> Option<(String, String)> {
    if FolderWords::is_reserved(name) {
        return Some((
            format!("“{name}”是系统自己用的文件夹名。"),
            format!(
                "请换一个名称；不能用：{}。",
                FolderWords::reserved().collect::<Vec<_>>().join("、")
            ),
        ));
    }
    let lower = name.to_lowercase();
    let device = DEVICES.contains(&lower.as_str())
        || (lower.len() == 4 && (lower.starts_with("com") || lower.starts_with("lpt")));
    let ends = name.starts_with(['.', '~']) || name.ends_with(['.', ' ']);
    if device || ends || name.chars().any(|c| "/\\:*?\"<>|".contains(c) || c.is_control()) {
        return Some((
            format!("“{name}”不能作文件夹名。"),
            "不能含 / \\ : * ? \" < > |，不能以 . 或 ~ 开头，不能以 . 结尾，不能是 CON、NUL 等。".into(),
        ));
    }
    (name.chars().count() > 60).then(|| (format!("“{name}”作文件夹名太长。"), "不超过60个字。".into()))
}

/// Whether a text is an id: small letters, digits and hyphens.
pub fn is_id(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('-')
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Whether a text can be a column's key: rules use it as the name of a variable.
pub fn is_key(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_must_be_possible_everywhere() {
        for name in [
            "审核通过",
            "待确认单位",
            "a/b",
            "a:b",
            ".x",
            "~$x",
            "x.",
            "NUL",
            "com1",
            "a\tb",
        ] {
            assert!(folder_fault(name).is_some(), "{name}");
        }
        for name in ["洪文泽", "区农业农村局（乡村振兴局）", "North depot", "Company"] {
            assert_eq!(folder_fault(name), None, "{name}");
        }
        assert!(folder_fault(&"长".repeat(61)).is_some());
    }

    #[test]
    fn keys_have_a_shape() {
        assert!(is_key("visit_date") && is_key("总人数") && !is_key("1a") && !is_key("a-b") && !is_key(""));
        assert!(is_id("wutang-visits") && !is_id("Wutang") && !is_id("") && !is_id("-a"));
    }
}
