//! The shipped file is the defaults, and every fault has its line and remedy.

mod mail;

use std::path::Path;
use std::time::Duration;

use super::*;
use crate::domain::definition::Definition;
use crate::domain::definition::Problem;

const SHIPPED: &str = include_str!("../../config.toml");

fn site(text: &str) -> Result<Config, Vec<Problem>> {
    Config::parse(Path::new("/srv/site/config.toml"), text)
}

#[test]
fn an_empty_file_is_what_is_shipped() {
    let empty = site("").unwrap();
    let mut shipped = site(SHIPPED).unwrap();
    // The repository's own site runs one of the programmes that lie beside it.
    assert_eq!(std::mem::take(&mut shipped.programs.enabled), ["wutang-visits"]);
    assert_eq!(shipped, empty);
    assert_eq!(empty.site.zone, chrono_tz::Asia::Shanghai);
    assert_eq!(empty.watch.settle, Duration::from_secs(2));
    assert_eq!(empty.watch.editor_wait, Duration::from_mins(15));
    assert_eq!(
        (empty.watch.scan_local, empty.watch.scan_network),
        (Duration::from_mins(5), Duration::from_secs(15))
    );
    assert_eq!(
        (
            empty.reading.address_space_mb,
            empty.reading.cpu_seconds,
            empty.reading.wall_seconds
        ),
        (512, 10, 20)
    );
    assert_eq!(
        (empty.merge.quiet, empty.merge.ceiling),
        (Duration::from_secs(2), Duration::from_secs(30))
    );
    assert!(empty.programs.enabled.is_empty());
}

#[test]
fn every_key_is_shipped_with_a_comment() {
    let definition = Definition::read("config.toml", SHIPPED);
    let _ = read::understand(&definition, Path::new("config.toml"));
    assert_eq!(definition.known_keys(), definition.written_keys());
    let lines: Vec<&str> = SHIPPED.lines().collect();
    for (number, line) in lines.iter().enumerate() {
        if line.contains(" = ") && !line.starts_with('#') {
            assert!(
                lines[number - 1].starts_with('#'),
                "no comment above line {}: {line}",
                number + 1
            );
        }
    }
}

#[test]
fn paths_are_relative_to_the_file() {
    let config = site("[paths]\nwatch = \"/mnt/share\"\ndata = \"../state\"\n").unwrap();
    assert_eq!(config.paths.watch, Path::new("/mnt/share"));
    assert_eq!(config.paths.output, Path::new("/srv/site/output"));
    assert_eq!(config.paths.data, Path::new("/srv/site/../state"));
    assert_eq!(
        config.database.path,
        Path::new("/srv/site/../state/taizhang.sqlite3")
    );
    let beside = Config::parse(Path::new("config.toml"), "").unwrap();
    assert_eq!(beside.paths.watch, Path::new("watch"));
}

#[test]
fn every_fault_is_named() {
    for (text, line, message, remedy) in [
        ("[wacth]\n", 1, "不认识的项“wacth”", "是不是“watch”"),
        (
            "[watch]\nsetle = \"2s\"\n",
            2,
            "不认识的项“setle”",
            "是不是“settle”",
        ),
        ("[watch]\nsettle = 2\n", 2, "“watch.settle”写的是2", "\"2s\""),
        (
            "[watch]\nsettle = \"2\"\n",
            2,
            "“watch.settle”写的是“2”",
            "\"2s\"",
        ),
        (
            "[watch]\nscan_network = \"0s\"\n",
            2,
            "“scan_network”写的是0ms",
            "1s到1h",
        ),
        (
            "[watch]\npoll = \"yes\"\n",
            2,
            "“watch.poll”不能写“yes”",
            "auto、always、never",
        ),
        ("[watch]\nignore = [\"*\"]\n", 2, "匹配一切", "*.part"),
        ("[site]\nlocale = \"fr\"\n", 2, "site.locale", "zh-CN"),
        (
            "[site]\nzone = \"Asia/Shanghia\"\n",
            2,
            "没有“Asia/Shanghia”",
            "是不是“Asia/Shanghai”",
        ),
        (
            "[reading]\nchildren = 1000\n",
            2,
            "“reading.children”写的是1000",
            "0到64",
        ),
        (
            "[merge]\nquiet = \"1m\"\n",
            2,
            "quiet（1m）比 ceiling（30s）长",
            "ceiling",
        ),
        (
            "[programs]\nenabled = [\"a\", \"a\"]\n",
            2,
            "“a”写了两次",
            "留一个",
        ),
        (
            "[paths]\noutput = \"watch/out\"\n",
            2,
            "output 与共享文件夹 watch 重叠",
            "各在一处",
        ),
        (
            "[paths]\nwatch = \"x/../data\"\n",
            1,
            "data 与共享文件夹 watch 重叠",
            "各在一处",
        ),
        (
            "[paths]\noutput = \"data\"\n",
            2,
            "output 与 data 是同一个文件夹",
            "各在一处",
        ),
        ("[paths]\nwatch = \"\"\n", 2, "“watch”是空的", "watch = "),
        (
            "[database]\npath = \"watch/t.sqlite3\"\n",
            2,
            "数据库放在了共享文件夹",
            "data/taizhang.sqlite3",
        ),
        ("[office]\nmail = \"x\"\n", 2, "“x”不是邮箱地址：没有@", "@"),
        ("[site]\nname = 站点\n", 2, "", "引号"),
    ] {
        expect_fault(text, line, message, remedy);
    }
}

/// The first thing that a text is told to be wrong in.
fn expect_fault(text: &str, line: usize, message: &str, remedy: &str) {
    let told = site(text).expect_err(text);
    let first = &told[0];
    assert_eq!(first.line, Some(line), "{text}: {told:?}");
    assert!(
        first.message.contains(message) && first.remedy.contains(remedy),
        "{text}: {told:?}"
    );
}

#[test]
fn all_faults_are_told_at_once() {
    let told = site("[watch]\nsettle = 2\npoll = 1\n[x]\n").unwrap_err();
    assert_eq!(told.len(), 3, "{told:?}");
    let text = ConfigError::Wrong(told).to_string();
    assert!(
        text.contains("第2行") && text.contains("第3行") && text.contains("第4行"),
        "{text}"
    );
}

#[test]
fn a_missing_file_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let error = Config::load(&folder.path().join("config.toml")).unwrap_err();
    assert!(error.to_string().contains("taizhang init"), "{error}");
    let file = folder.path().join("gbk.toml");
    std::fs::write(&file, b"[site]\nname = \"\xb9\xe6\xbb\xae\"\n").unwrap();
    assert!(Config::load(&file).unwrap_err().to_string().contains("UTF-8"));
}
