//! Lock and temporary files that editors leave beside a workbook.
//!
//! WPS and Excel write `~$name`, `.~name` or `~.name`; long names lose their
//! first one or two characters. A lock may be left behind for ever, so it
//! never decides alone.

/// Whether a name is an editor's lock file.
#[must_use]
pub fn is_lock_name(name: &str) -> bool {
    ["~$", ".~", "~."].iter().any(|mark| name.starts_with(mark))
}

/// Whether a name is a temporary, hidden or system file that is never a submission.
#[must_use]
pub fn is_temporary_name(name: &str) -> bool {
    let lower = name.to_lowercase();
    is_lock_name(name)
        || name.starts_with('.')
        || [
            ".tmp",
            ".temp",
            ".bak",
            ".part",
            ".partial",
            ".crdownload",
            ".url",
        ]
        .iter()
        .any(|ending| lower.ends_with(ending))
        || is_spool_name(name)
        || ["thumbs.db", "desktop.ini", "$recycle.bin"].contains(&lower.as_str())
}

/// Whether a name is that under which Excel saves before it renames: eight hex
/// digits, and no date.
fn is_spool_name(name: &str) -> bool {
    let hex = name.len() == 8 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    hex && chrono::NaiveDate::parse_from_str(name, "%Y%m%d").is_err()
}

/// Whether a name that is passed over may be a ledger somebody wanted to hand
/// in: a backup or a part of one, not what systems leave behind.
#[must_use]
pub fn is_leftover(name: &str) -> bool {
    let lower = name.to_lowercase();
    let of_systems = ["thumbs.db", "desktop.ini", "$recycle.bin"].contains(&lower.as_str());
    let is_link = lower.rsplit('.').next() == Some("url");
    !(of_systems || is_lock_name(name) || name.starts_with('.') || is_link)
}

/// Whether one of `names` is a lock for `file_name`.
pub fn lock_stands_beside<'a>(file_name: &str, names: impl IntoIterator<Item = &'a str>) -> bool {
    names.into_iter().any(|name| {
        // LibreOffice: `.~lock.台账.xlsx#`, with the whole name.
        if let Some(whole) = name
            .strip_prefix(".~lock.")
            .and_then(|rest| rest.strip_suffix('#'))
        {
            return whole == file_name;
        }
        let Some(rest) = ["~$", ".~", "~."].iter().find_map(|mark| name.strip_prefix(mark)) else {
            return false;
        };
        let missing = file_name.chars().count().saturating_sub(rest.chars().count());
        !rest.is_empty() && missing <= 2 && file_name.ends_with(rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_are_known_by_their_marks() {
        for name in [
            "~$公共服务办2024年11月台账.xlsx",
            ".~公共服务办2024年11月台账.xlsx",
            "~.共服务办2024年11月台账.xlsx",
            ".~lock.公共服务办2024年11月台账.xlsx#",
        ] {
            assert!(is_lock_name(name), "{name}");
            assert!(
                lock_stands_beside("公共服务办2024年11月台账.xlsx", [name]),
                "{name}"
            );
            assert!(!lock_stands_beside("规划办2024年11月台账.xlsx", [name]), "{name}");
        }
        assert!(is_temporary_name("公共服务办2024年11月台账.xlsx.tmp"));
        assert!(is_temporary_name("Thumbs.db"));
        assert!(!is_temporary_name("台账.xlsx"));
        for name in ["5D6F1A30", "10a0b0c0", "台账.xlsx.part"] {
            assert!(is_temporary_name(name) && is_leftover(name), "{name}");
        }
        for name in ["20241105", "5D6F1A30.xlsx", "台账.lnk", "1234567"] {
            assert!(!is_temporary_name(name), "{name}");
        }
        for name in ["~$台账.xlsx", "Thumbs.db", "desktop.ini", ".台账.xlsx"] {
            assert!(!is_leftover(name), "{name}");
        }
    }
}
