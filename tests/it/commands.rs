//! Commands as people type them: what they say, and how they end.

use std::path::Path;
use std::process::{Command, Output};

use crate::harness::{PROGRAM, sample};

const AT: &str = "2024-12-03T10:00:00+08:00";

struct Shell(tempfile::TempDir);

impl Shell {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        taizhang::embedded::write_site(folder.path(), &[PROGRAM.to_owned()]).unwrap();
        let own = Self(folder);
        own.run(AT, &["run", "--once"]);
        own
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    fn drop_sample(&self, name: &str, folder: &str) {
        let path = self.root().join("watch/乌塘挂点台账").join(folder).join(name);
        std::fs::write(path, sample(name)).unwrap();
    }

    fn run(&self, now: &str, words: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_taizhang"))
            .current_dir(self.root())
            .args(["--now", now])
            .args(words)
            .output()
            .unwrap()
    }

    /// How a command ends, and all that it says.
    fn said(&self, now: &str, words: &[&str]) -> (i32, String) {
        let output = self.run(now, words);
        let text = [output.stdout, output.stderr].concat();
        (output.status.code().unwrap(), String::from_utf8(text).unwrap())
    }
}

#[test]
fn what_was_typed_wrong_is_said_in_chinese_with_the_remedy() {
    let shell = Shell::new();
    for (words, says) in [
        (&["status", "--period", "昨天"][..], "应写成 2024-12 这样的"),
        (&["status", "--perid", "x"], "是不是 --period"),
        (&["frobnicate"], "没有“frobnicate”这个命令"),
        (
            &["exempt", "--unit", "林强", "--period", "2024-11"],
            "还要写明：--reason",
        ),
        (&["accept", "1", "--reason", "好"], "请至少写两个字"),
        (&["withdraw", "1", "--reason", "\u{3000}\u{200b}"], "理由不能空着"),
        (
            &["letters", "withdraw", "1", "--reason", " 错 "],
            "请至少写两个字",
        ),
        (&["recheck", "--apply"], "--reason"),
        (&["recheck", "--apply", "--reason", "改"], "请至少写两个字"),
        (&["schedule", "--from", "12月1日"], "应写成 2024-12-10"),
        (
            &[
                "extend",
                "--period",
                "2024-11",
                "--to",
                "2024-12-32",
                "--reason",
                "寒潮",
            ],
            "没有“2024-12-32”这一天",
        ),
        (&["backup", "nowhere/x.sqlite3"], "没有文件夹 nowhere"),
        (&["letters", "list", "--state", "快了"], "草稿（draft）"),
        (&["letters", "list", "--kind", "好信"], "催办通知（second-chase）"),
        (&["log", "--kind", "好事"], "免报（exempted）"),
        (&["log", "--unit", "没有的组"], "名册里没有单位"),
    ] {
        let (code, said) = shell.said(AT, words);
        assert!(
            code == 2 && said.contains(says),
            "{words:?} ends with {code}: {said}"
        );
        assert!(!said.contains("error:"), "{words:?}: {said}");
    }
    let (code, said) = shell.said("后天", &["status"]);
    assert!(code == 2 && said.contains("“后天”不是时间"), "{said}");
    assert_eq!(shell.said("2024-12-03 10:00", &["status"]).0, 0);
}

#[test]
fn a_period_outside_is_refused_everywhere_with_the_range() {
    let shell = Shell::new();
    for period in ["2023-05", "2023年5月", "2031-01"] {
        for words in [
            &["master", "--period", period][..],
            &["form", "--period", period, "--out", "forms"],
            &["exempt", "--unit", "林强", "--period", period, "--reason", "学习"],
            &[
                "extend",
                "--period",
                period,
                "--to",
                "2024-12-20",
                "--reason",
                "寒潮",
            ],
        ] {
            let (code, said) = shell.said(AT, words);
            let range = said.contains("可用的报告期：2024年11月至2025年12月");
            assert!(code == 2 && range, "{words:?} ends with {code}: {said}");
        }
    }
    for period in ["2024-11", "2024年11月", "11月份", "１１月"] {
        let (code, said) = shell.said(AT, &["status", "--period", period]);
        assert!(code == 0 && said.contains("2024年11月"), "{period}: {said}");
    }
}

#[test]
fn strict_is_not_well_once_a_returned_ledger_is_past_its_grace() {
    let shell = Shell::new();
    let status = shell.run(AT, &["status", "--period", "2024-11", "--format", "json"]);
    let status: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
    for own in status["units"].as_array().unwrap() {
        let unit = own["unit"].as_str().unwrap();
        if unit != "罗养" {
            let words = [
                "exempt", "--unit", unit, "--period", "2024-11", "--reason", "学习",
            ];
            assert_eq!(shell.said(AT, &words).0, 0, "{unit}");
        }
    }
    shell.drop_sample("罗养 2024年11月台账.xlsx", "罗养");
    shell.run(AT, &["run", "--once"]);
    let strict = |now: &str| shell.said(now, &["status", "--period", "2024-11", "--strict"]);
    // Returned on Tuesday: the grace ends on Friday at 17:30.
    assert_eq!(
        strict("2024-12-06 17:30").0,
        0,
        "{}",
        strict("2024-12-06 17:30").1
    );
    assert_eq!(strict("2024-12-06 17:31").0, 1);
}

#[test]
fn the_log_says_who_did_what_when() {
    let shell = Shell::new();
    shell.drop_sample("吴垂超11月台账.xlsx", "吴垂超");
    shell.run(AT, &["run", "--once"]);
    for (by, words) in [
        (
            "李明",
            &[
                "exempt",
                "--unit",
                "林强",
                "--period",
                "2024-11",
                "--reason",
                "外出学习",
            ][..],
        ),
        ("王芳", &["withdraw", "1", "--reason", "报错了单位"]),
    ] {
        let words = [&["--by", by], words].concat();
        assert_eq!(shell.said(AT, &words).0, 0);
    }
    let (code, all) = shell.said(AT, &["log"]);
    assert_eq!(code, 0);
    for line in [
        ["李明", "免报", "林强挂点组", "外出学习"],
        ["王芳", "撤回报送", "吴垂超挂点组", "报错了单位"],
        ["程序", "审核通过", "吴垂超挂点组", "第1版"],
    ] {
        let found = all.lines().any(|own| line.iter().all(|word| own.contains(word)));
        assert!(found, "{line:?} is not in {all}");
    }
    let lines = |words: &[&str]| -> Vec<serde_json::Value> {
        let output = shell.run(AT, &[&["log", "--format", "json"], words].concat());
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let whats = |words: &[&str]| -> Vec<String> {
        lines(words)
            .iter()
            .map(|line| line["what"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(whats(&["--kind", "免报"]), ["exempted"]);
    assert_eq!(
        whats(&[
            "--unit",
            "吴垂超",
            "--period",
            "11月",
            "--kind",
            "审核通过",
            "撤回报送"
        ]),
        ["accepted", "withdrawn"]
    );
    assert_eq!(whats(&["--from", "2024-12-04"]), [] as [&str; 0]);
    assert_eq!(whats(&["--last", "1"]).len(), 1);
    // What letters were about is found by unit as well.
    shell.run("2024-12-06T09:00:00+08:00", &["run", "--once"]);
    let of_letters = lines(&["--unit", "罗养", "--kind", "信函"]);
    assert!(!of_letters.is_empty());
    assert!(
        of_letters
            .iter()
            .all(|line| line["detail"].as_str().unwrap().contains("罗养")),
        "{of_letters:?}"
    );
}

#[test]
fn letters_are_listed_by_what_they_are_about() {
    let shell = Shell::new();
    shell.run("2024-12-06T09:00:00+08:00", &["run", "--once"]);
    let count = |words: &[&str]| {
        let words = [&["letters", "list", "--format", "json"], words].concat();
        let output = shell.run("2024-12-06T10:00:00+08:00", &words);
        let all: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
        all.len()
    };
    let all = count(&[]);
    assert!(all > 13);
    assert_eq!(count(&["--period", "11月", "--program", PROGRAM]), all);
    assert_eq!(count(&["--period", "2024-12"]), 0);
    assert_eq!(count(&["--kind", "第一次催报"]), 13);
    assert_eq!(count(&["--kind", "first-chase", "--unit", "罗养"]), 1);
    assert_eq!(count(&["--state", "已发出"]), all);
    let (_, table) = shell.said(
        "2024-12-06T10:00:00+08:00",
        &["letters", "list", "--unit", "罗养"],
    );
    assert!(table.contains("2024-12-06 09:00"), "{table}");
}
