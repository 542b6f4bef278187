//! `[paths]` and `[database]`: which folder may lie in which.

use std::path::{Path, PathBuf};

use super::PathOptions;
use crate::domain::definition::Section;
use crate::domain::plain_path::{overlap, plain};

/// Reads `[paths]`; `base` is the folder of the configuration file.
pub fn read(section: &Section<'_>, base: &Path) -> PathOptions {
    PathOptions {
        watch: path(section, "watch", "watch", base),
        output: path(section, "output", "output", base),
        data: path(section, "data", "data", base),
        templates: path(section, "templates", "templates", base),
    }
}

/// A path by its key, or its default.
pub fn path(section: &Section<'_>, key: &str, default: &str, base: &Path) -> PathBuf {
    let written = section.text(key);
    if written.as_deref() == Some("") {
        section.report(
            key,
            format!("“{key}”是空的。"),
            format!("例如写 {key} = \"{default}\""),
        );
    }
    base.join(
        written
            .filter(|path| !path.is_empty())
            .as_deref()
            .unwrap_or(default),
    )
}

/// The share must hold nothing of ours, and nothing of ours the share: what
/// units can reach they can change, and what we write there would be taken in.
pub fn check(section: &Section<'_>, paths: &PathOptions, database: (&Section<'_>, &Path)) {
    for (key, own) in [
        ("output", &paths.output),
        ("data", &paths.data),
        ("templates", &paths.templates),
    ] {
        if overlap(&paths.watch, own) {
            section.report(
                key,
                format!("{key} 与共享文件夹 watch 重叠（{}）。", own.display()),
                "两者应各在一处：单位能进 watch，不能进 output、data、templates。",
            );
        }
    }
    // The default lies in `data`, which has been looked at.
    if database.0.has("path") && within(&paths.watch, database.1) {
        database.0.report(
            "path",
            "数据库放在了共享文件夹 watch 里。",
            "放在本机硬盘上，例如 path = \"data/taizhang.sqlite3\"；不要放在网络盘上。",
        );
    }
    for (own, other, name) in [
        (&paths.output, &paths.data, "data"),
        (&paths.output, &paths.templates, "templates"),
    ] {
        if plain(own) == plain(other) {
            section.report(
                "output",
                format!("output 与 {name} 是同一个文件夹。"),
                "两者应各在一处。",
            );
        }
    }
}

fn within(outer: &Path, inner: &Path) -> bool {
    plain(inner).starts_with(plain(outer))
}
