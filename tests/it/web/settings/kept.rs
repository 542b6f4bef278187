//! Killed at any step, the file that was there is whole, or the new one is.

use std::path::Path;
use std::process::Command;

use taizhang::embedded;

use super::*;

fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    embedded::write_site(folder.path(), &[PROGRAM.to_owned()]).unwrap();
    folder
}

fn run(folder: &Path, halt: Option<&str>, words: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_taizhang"));
    command.arg("--config").arg(folder.join("config.toml"));
    command
        .args(["--now", "2024-12-02T09:00:00+08:00", "--by", "李四"])
        .args(words);
    command.env_remove("TAIZHANG_HALT_AT").env("RUST_LOG", "error");
    if let Some(halt) = halt {
        command.env("TAIZHANG_HALT_AT", halt);
    }
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[test]
fn a_kill_leaves_one_of_both_whole() {
    let folder = site();
    let roster = folder.path().join("templates/programs/wutang-visits/roster.csv");
    let before = fs::read_to_string(&roster).unwrap();
    let change = [
        "roster",
        "contact",
        "U04",
        "--liaison-mail",
        "chenqi@wutang.example",
    ];
    let (ended, _) = run(folder.path(), Some("kept-file-written"), &change);
    assert!(!ended, "it was to be killed");
    assert_eq!(fs::read_to_string(&roster).unwrap(), before);
    let check = roster.parent().unwrap().to_str().unwrap().to_owned();
    let (right, said) = run(folder.path(), None, &["program", "check", &check]);
    assert!(right, "{said}");
    // Killed behind the rename, the new one is there as a whole; done again,
    // nothing is left to do.
    let (ended, _) = run(folder.path(), Some("kept-file-put"), &change);
    assert!(!ended, "it was to be killed");
    let after = before.replace("liaison04@wutang.example", "chenqi@wutang.example");
    assert_eq!(fs::read_to_string(&roster).unwrap(), after);
    let (right, said) = run(folder.path(), None, &change);
    assert!(right && said.contains("没有改动"), "{said}");
}

#[test]
fn every_button_has_its_command() {
    let folder = site();
    let file = folder.path().join("名册.xlsx");
    let file = file.to_str().unwrap();
    let run = |words: &[&str]| run(folder.path(), None, words);
    let (right, said) = run(&["roster", "export", file]);
    assert!(right && said.contains("已写"), "{said}");
    let (right, said) = run(&["roster", "import", file]);
    assert!(right && said.contains("和现在的名册一样"), "{said}");
    let own = [
        vec!["编号".to_owned(), "名称".to_owned(), "联络员".to_owned()],
        vec!["U01".to_owned(), "洪文泽".to_owned(), "陈七".to_owned()],
    ];
    let other = folder.path().join("改好.xlsx");
    fs::write(&other, book(&own)).unwrap();
    let other = other.to_str().unwrap();
    let (right, said) = run(&["roster", "import", other]);
    assert!(
        right && said.contains("删去12") && said.contains("还没有写入"),
        "{said}"
    );
    let (right, said) = run(&["roster", "import", other, "--apply"]);
    assert!(!right && said.contains("拿错了表"), "{said}");
    let (right, said) = run(&["roster", "import", other, "--apply", "--sure"]);
    assert!(right && said.contains("已写入 roster.csv"), "{said}");
    let (right, said) = run(&["roster", "alias"]);
    assert!(right && said.contains("没有待定的名称"), "{said}");
    let (right, said) = run(&["roster", "alias", "洪组", "--unit", "洪文泽"]);
    assert!(!right && said.contains("不在待定的名称里"), "{said}");
    let (right, said) = run(&["program", "off", PROGRAM, "--reason", "年度已结束"]);
    assert!(right && said.contains("已停用"), "{said}");
    let (_, said) = run(&["program", "list"]);
    assert!(said.contains("未启用"), "{said}");
    let (right, said) = run(&["program", "off", PROGRAM, "--reason", "年度已结束"]);
    assert!(!right && said.contains("本来就没有启用"), "{said}");
    let (right, said) = run(&["program", "on", PROGRAM, "--reason", "新年度"]);
    assert!(right && said.contains("已启用"), "{said}");
    let (right, said) = run(&["program", "live", PROGRAM, "--reason", "按通知"]);
    assert!(!right && said.contains("已经在正式运行"), "{said}");
    let (right, said) = run(&["user", "add", "wangwu", "--role", "reader"]);
    assert!(right, "{said}");
    let (right, said) = run(&[
        "user",
        "change",
        "wangwu",
        "--role",
        "reviewer",
        "--program",
        PROGRAM,
    ]);
    assert!(right, "{said}");
    let (_, said) = run(&["user", "list"]);
    assert!(said.contains("审核") && said.contains(PROGRAM), "{said}");
    let (_, said) = run(&["log"]);
    for line in ["改名册", "停用方案", "启用方案", "改用户的角色"] {
        assert!(said.contains(line), "{line}: {said}");
    }
}
