//! What `doctor` says.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::harness::PROGRAM;

const DEFINITION: &str = "templates/programs/wutang-visits/program.toml";

fn edit(root: &Path, file: &str, from: &str, to: &str) {
    let path = root.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    fs::write(&path, text.replace(from, to)).unwrap();
}

/// What `doctor` says of a site whose files were changed.
fn diagnosed(change: impl FnOnce(&Path)) -> String {
    let folder = tempfile::tempdir().unwrap();
    taizhang::embedded::write_site(folder.path(), &[PROGRAM.to_owned()]).unwrap();
    change(folder.path());
    let output = Command::new(env!("CARGO_BIN_EXE_taizhang"))
        .current_dir(folder.path())
        .args(["--now", "2024-12-02T09:00:00+08:00", "doctor"])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_doctor_names_what_letters_lack() {
    let shipped = diagnosed(|_| {});
    assert!(shipped.contains("没有写汇总单位的联系人和联系电话"), "{shipped}");
    for quiet in ["没有任何单位填报", "之后，到时", "没有一个邮箱", "只能由人送达"] {
        assert!(!shipped.contains(quiet), "{quiet}: {shipped}");
    }
    let said = diagnosed(|root| {
        edit(root, DEFINITION, "contact = \"\"", "contact = \"李明\"");
        edit(root, DEFINITION, "close_after = 7", "close_after = 4");
        let leaders = root.join("templates/programs/wutang-visits/leaders.csv");
        let text = fs::read_to_string(&leaders).unwrap();
        fs::write(
            leaders,
            format!(
                "{}L99,高大山,,否,,2024-11-11,\r\n",
                text.trim_end().to_owned() + "\r\n"
            ),
        )
        .unwrap();
        let roster = root.join("templates/programs/wutang-visits/roster.csv");
        let text = fs::read_to_string(&roster).unwrap();
        let without: Vec<String> = text
            .lines()
            .map(|line| {
                line.split(',')
                    .map(|cell| if cell.starts_with("head") { "" } else { cell })
                    .collect::<Vec<_>>()
                    .join(",")
            })
            .collect();
        fs::write(roster, without.join("\r\n") + "\r\n").unwrap();
    });
    for words in [
        "没有写汇总单位的联系电话，",
        "没有任何单位填报：高大山",
        "之后，到时情况报告和通报已经写好：escalation",
        "只能由人送达：单位负责人",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
}
