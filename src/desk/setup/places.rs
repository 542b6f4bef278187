//! The folders that were named: whether they can be used, told at once.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Places;
use crate::domain::language::{Language, worded};
use crate::domain::plain_path::{overlap, plain};
use crate::jobs::faults::folder_takes;
use crate::platform::{free_space, is_network_file_system};

/// Below this a disk is nearly full.
const LOW_SPACE: u64 = 1 << 30;

/// A folder that was named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Which: `share`, `output`, `data`.
    pub which: &'static str,
    /// Where it lies.
    pub path: PathBuf,
    /// It isn't there yet.
    pub new: bool,
    /// Why it can't be used.
    pub wrong: Option<String>,
    /// What should be known of it.
    pub note: Option<String>,
}

/// Looks at the folders; makes none of them.
#[must_use]
pub fn looked_at(language: Language, dir: &Path, places: &Places) -> Vec<Place> {
    let named = [
        ("share", &places.share),
        ("output", &places.output),
        ("data", &places.data),
    ];
    let paths = named.map(|(_, text)| plain(&dir.join(text.trim())));
    let all = named.iter().enumerate().map(|(at, (which, text))| {
        let path = paths[at].clone();
        let others = paths.iter().enumerate().filter(|(other, _)| *other != at);
        let crossing = others.map(|(_, path)| path).find(|other| overlap(&path, other));
        let (mut wrong, mut note) = usable(language, &path);
        if text.trim().is_empty() {
            wrong = Some(language.either("没有填写", "not filled in").to_owned());
        } else if overlap(&path, &plain(&dir.join("templates"))) {
            let words = language.either(
                "与程序自己的 templates 文件夹重叠，请另选一处",
                "it overlaps with the program's own folder templates; choose another place",
            );
            wrong = Some(words.to_owned());
        } else if let Some(other) = crossing {
            wrong = Some(worded!(
                language,
                "与 {} 重叠，三处要各在一个文件夹",
                "it overlaps with {}; the three need a folder each",
                other.display()
            ));
        }
        if *which == "data" && wrong.is_none() && is_network_file_system(standing(&path)) {
            let words = language.either(
                "在网络盘上。数据库要放在这台机器自己的硬盘上",
                "it lies on a network drive; the database needs this machine's own disk",
            );
            wrong = Some(words.to_owned());
        }
        if *which == "share" && note.is_none() && !is_network_file_system(standing(&path)) {
            let words = language.either(
                "在这台机器的硬盘上；请把它共享给各单位，或者由U盘、邮件收来后放进去",
                "on this machine's disk; share it with the units, or put into it what comes by mail or on a stick",
            );
            note = Some(words.to_owned());
        }
        Place {
            which,
            new: !path.exists(),
            path,
            wrong,
            note,
        }
    });
    all.collect()
}

/// Why a folder can't be used, or what should be known of it.
fn usable(language: Language, path: &Path) -> (Option<String>, Option<String>) {
    let stands = standing(path);
    if !stands.is_dir() {
        let words = worded!(
            language,
            "{} 不是文件夹，或者打不开",
            "{} is no folder, or can't be opened",
            stands.display()
        );
        return (Some(words), None);
    }
    if let Err(error) = folder_takes(stands, stands) {
        let words = worded!(
            language,
            "{} 写不进去（{error}），请检查权限",
            "{} can't be written to ({error}); check its rights",
            stands.display()
        );
        return (Some(words), None);
    }
    match free_space(stands) {
        Ok(space) if space < LOW_SPACE => {
            let words = worded!(
                language,
                "所在的硬盘只剩 {} MB，请清理或另选一处",
                "its disk has {} MB left; clear it or choose another place",
                space >> 20
            );
            (Some(words), None)
        }
        _ => (None, None),
    }
}

/// The folder itself, or the nearest around it that is there.
fn standing(path: &Path) -> &Path {
    path.ancestors()
        .find(|own| own.symlink_metadata().is_ok())
        .unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_lie_apart_and_can_be_written_to() {
        let dir = tempfile::tempdir().unwrap();
        let found = looked_at(Language::Chinese, dir.path(), &Places::default());
        assert!(
            found.iter().all(|own| own.new && own.wrong.is_none()),
            "{found:?}"
        );
        assert_eq!(
            std::fs::read_dir(dir.path()).unwrap().count(),
            0,
            "looking makes nothing"
        );
        std::fs::write(dir.path().join("file"), "x").unwrap();
        for (share, output, which) in [
            ("a", "a/b", "output"),
            ("a/../b", "./b", "share"),
            ("", "b", "share"),
            ("templates/a", "b", "share"),
            ("file", "b", "share"),
            ("file/a", "b", "share"),
        ] {
            let places = Places {
                share: share.into(),
                output: output.into(),
                ..Places::default()
            };
            let found = looked_at(Language::Chinese, dir.path(), &places);
            let own = found.iter().find(|own| own.which == which).unwrap();
            assert!(own.wrong.is_some(), "{share} {output}: {found:?}");
        }
    }
}
