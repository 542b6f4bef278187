//! From the text of `config.toml` to a [`Config`].

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use chrono_tz::Tz;

use super::duration::{display, parse_duration};
use super::{
    Config, DatabaseOptions, MergeOptions, OfficeOptions, Poll, ProgramOptions, ReadingOptions, SiteOptions,
    WatchOptions, letters, mail, paths, web,
};
use crate::domain::definition::Problem;
use crate::domain::definition::{Definition, Section, nearest};
use crate::domain::language::Language;
use crate::domain::mail_address::fault;

pub const SECOND: Duration = Duration::from_secs(1);
pub const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

pub fn read(file: &Path, text: &str) -> Result<Config, Vec<Problem>> {
    let name = file.display().to_string();
    let definition = Definition::read(&name, text);
    if definition.is_broken() {
        return Err(definition.into_problems());
    }
    let config = understand(&definition, file);
    let problems = definition.into_problems();
    if problems.is_empty() {
        Ok(config)
    } else {
        Err(problems)
    }
}

/// Asks for every key.
pub fn understand(definition: &Definition<'_>, file: &Path) -> Config {
    let root = definition.root();
    let base = file.parent().unwrap_or(Path::new(""));
    let path_section = root.section("paths");
    let paths = paths::read(&path_section, base);
    let database_section = root.section("database");
    let database = DatabaseOptions {
        path: if database_section.has("path") {
            paths::path(&database_section, "path", "data/taizhang.sqlite3", base)
        } else {
            let _ = database_section.text("path");
            paths.data.join("taizhang.sqlite3")
        },
        backup: database_section.boolean("backup").unwrap_or(true),
        keep: database_section.integer("keep", 1..=3650).unwrap_or(7),
    };
    paths::check(&path_section, &paths, (&database_section, &database.path));
    Config {
        file: file.to_owned(),
        site: site(&root.section("site")),
        watch: watch(&root.section("watch")),
        reading: reading(&root.section("reading")),
        merge: merge(&root.section("merge")),
        programs: programs(&root.section("programs")),
        office: office(&root.section("office")),
        letters: letters::read(&root.section("letters")),
        mail: mail::read(&root.section("mail"), base),
        web: web::read(&root.section("web"), base),
        paths,
        database,
    }
}

fn site(section: &Section<'_>) -> SiteOptions {
    let zone = section.text("zone").and_then(|text| {
        let found = text.parse::<Tz>().ok();
        if found.is_none() {
            let remedy = nearest(&text, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name())).map_or_else(
                || "例如写 zone = \"Asia/Shanghai\"".to_owned(),
                |near| format!("是不是“{near}”？"),
            );
            section.report("zone", format!("没有“{text}”这个时区。"), remedy);
        }
        found
    });
    let locales = Language::ALL.map(|own| (own.as_str(), own));
    SiteOptions {
        name: section.text("name").unwrap_or_default(),
        zone: zone.unwrap_or(Tz::Asia__Shanghai),
        locale: section.choice("locale", &locales).unwrap_or(Language::Chinese),
    }
}

fn watch(section: &Section<'_>) -> WatchOptions {
    let polls = [
        ("auto", Poll::Auto),
        ("always", Poll::Always),
        ("never", Poll::Never),
    ];
    let ignore = section.texts("ignore").unwrap_or_else(|| {
        [
            "*.part",
            "*.crdownload",
            "*.download",
            "*.xlk",
            "备份属于*",
            "Backup of *",
            "~*",
            "desktop.ini",
        ]
        .map(str::to_owned)
        .into()
    });
    if ignore.iter().any(|pattern| pattern.chars().all(|c| c == '*')) {
        section.report(
            "ignore",
            "ignore 里有匹配一切文件的样式。",
            "写具体一些，例如 \"*.part\"。",
        );
    }
    WatchOptions {
        poll: section.choice("poll", &polls).unwrap_or(Poll::Auto),
        scan_local: duration(section, "scan_local", 5 * MINUTE, SECOND, DAY),
        scan_network: duration(section, "scan_network", 15 * SECOND, SECOND, HOUR),
        settle: duration(section, "settle", 2 * SECOND, Duration::ZERO, 10 * MINUTE),
        editor_wait: duration(section, "editor_wait", 15 * MINUTE, Duration::ZERO, DAY),
        incomplete_wait: duration(section, "incomplete_wait", MINUTE, Duration::ZERO, DAY),
        ignore,
    }
}

fn reading(section: &Section<'_>) -> ReadingOptions {
    let number = |key: &str, default: u32, least: u32, most: u32| {
        section.integer(key, least..=most).unwrap_or(default)
    };
    ReadingOptions {
        address_space_mb: number("address_space_mb", 512, 64, 65_536),
        cpu_seconds: number("cpu_seconds", 10, 1, 3_600),
        wall_seconds: number("wall_seconds", 20, 1, 7_200),
        children: number("children", 0, 0, 64),
        ratio: number("ratio", 100, 2, 10_000),
        ratio_above_kb: number("ratio_above_kb", 100, 1, 1_000_000),
        uncompressed_mb: number("uncompressed_mb", 200, 1, 10_000),
        entries: number("entries", 2_000, 10, 100_000),
        sheets: number("sheets", 64, 1, 10_000),
        cells: number("cells", 5_000_000, 1_000, 1_000_000_000),
        filled: number("filled", 2_000_000, 1_000, 100_000_000),
        rows: number("rows", 20_000, 100, 1_048_576),
        findings: number("findings", 500, 100, 100_000),
        note_kb: number("note_kb", 64, 4, 10_000),
        marked_mb: number("marked_mb", 10, 1, 1_000),
    }
}

fn merge(section: &Section<'_>) -> MergeOptions {
    let merge = MergeOptions {
        quiet: duration(section, "quiet", 2 * SECOND, Duration::ZERO, HOUR),
        ceiling: duration(section, "ceiling", 30 * SECOND, Duration::ZERO, DAY),
    };
    if merge.quiet > merge.ceiling {
        section.report(
            "quiet",
            format!(
                "quiet（{}）比 ceiling（{}）长。",
                display(merge.quiet),
                display(merge.ceiling)
            ),
            "ceiling 是最长等多久，应不短于 quiet。",
        );
    }
    merge
}

fn programs(section: &Section<'_>) -> ProgramOptions {
    let enabled = section.texts("enabled").unwrap_or_default();
    let mut ids = BTreeSet::new();
    if let Some(twice) = enabled.iter().find(|id| !ids.insert(id.as_str())) {
        section.report("enabled", format!("“{twice}”写了两次。"), "留一个。");
    }
    ProgramOptions { enabled }
}

fn office(section: &Section<'_>) -> OfficeOptions {
    let mail = section.text("mail").unwrap_or_default();
    if let Some(fault) = fault(&mail).filter(|_| !mail.is_empty()) {
        section.report(
            "mail",
            format!("“{mail}”不是邮箱地址：{fault}。"),
            "应写成 name@example.gov.cn；没有邮箱写 \"\"。",
        );
    }
    OfficeOptions {
        contact: section.text("contact").unwrap_or_default(),
        phone: section.text("phone").unwrap_or_default(),
        mail,
    }
}

pub fn duration(
    section: &Section<'_>,
    key: &str,
    default: Duration,
    least: Duration,
    most: Duration,
) -> Duration {
    let example = format!("\"{}\"", display(default));
    let found = section.parsed(
        key,
        "时长（ms 毫秒、s 秒、m 分、h 小时、d 天）",
        &example,
        parse_duration,
    );
    if let Some(found) = found.filter(|found| !(least..=most).contains(found)) {
        section.report(
            key,
            format!("“{key}”写的是{}。", display(found)),
            format!("应在{}到{}之间。", display(least), display(most)),
        );
    }
    found.unwrap_or(default)
}
