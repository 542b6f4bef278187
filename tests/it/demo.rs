//! The demo: what it tells happened.

use std::path::Path;
use std::process::Command;

use crate::harness::{cells, read};

fn demo(dir: &Path) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_taizhang"));
    let done = command.arg("demo").arg(dir).output().unwrap();
    let told = String::from_utf8(done.stdout).unwrap();
    assert!(
        done.status.success(),
        "{told}{}",
        String::from_utf8_lossy(&done.stderr)
    );
    told
}

#[test]
fn a_month_of_visits_and_two_quarters_of_tasks() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("demo");
    let told = demo(&dir);
    for part in [
        "应报13 已报13，其中按时通过10、退回待更正3；未报0。",
        "应填4项，缺第27项。",
        "应报27 已报26，其中按时通过26、退回待更正0；未报1。",
        "工作滞后情况报告：黄志明同志",
        "上季度进展：完成公厕改造4座，新建1座。",
        "第27项2018年第四季度已办结，本期又报“推进中”。",
        "应报27 已报27，其中按时通过26",
        "第一次催报：旅游办联络员",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    let master =
        |period: &str| read(&dir.join(format!("hengli/output/横沥乡村振兴台账/{period}/汇总台账.xlsx")));
    let book = master("2018-Q4");
    let presented = cells(&book, "呈报表");
    assert!(presented.values().any(|text| text.contains("呈：镇委、镇政府")));
    assert!(presented.values().any(|text| text == "严重滞后"));
    assert!(presented.values().any(|text| text == "本期未报"), "旅游办");
    // Three units lead item 19 and say three different things.
    let differ = cells(&book, "口径不一");
    assert!(differ.values().any(|text| text == "19"), "{differ:?}");
    let book = master("2019-Q1");
    let items = cells(&book, "任务清单");
    for text in ["无变化（2018年第四季度）", "已完成（2018年第四季度）"] {
        assert!(items.values().any(|own| own == text), "{text}");
    }
    // What holds on from the last quarter says so where it goes up.
    let presented = cells(&book, "呈报表");
    let held = "完成12个村组审计，提出整改意见31条，已整改24条。（2018年第四季度）";
    assert!(presented.values().any(|text| text == held));
}
