//! The master of a register.

use taizhang::domain::finding::Verdict;

use super::filling::{FILLED_BY, SEVEN, filled, form, hengli};
use crate::harness::{TestSite, cells, read, save_with};

#[tokio::test(flavor = "multi_thread")]
async fn the_master_says_how_each_item_stands_and_remarks_carry_on() {
    let site = hengli("2018-12-29T10:00:00+08:00").await;
    site.run().await;
    site.run().await;
    let unit = "公用事业服务中心";
    let book = form(&site, unit);
    site.at("2019-01-03T10:00:00+08:00");
    site.drop_file(&format!("{unit}/四季度.xlsx"), &filled(&book, &SEVEN, &FILLED_BY));
    // Both leads of 9 and 19 report, one of them with a fault.
    let funds = form(&site, "财政分局");
    let report = [
        ("9", "试点资金已到位。", "推进中", "", "扩大试点。"),
        ("19", "起草了实施办法。", "严重滞后", "", "下季度印发。"),
    ];
    site.drop_file("财政分局/台账.xlsx", &filled(&funds, &report, &FILLED_BY));
    site.run().await;
    site.at("2019-01-08T10:00:00+08:00").run().await;
    let path = site
        .site
        .options
        .output
        .join("横沥乡村振兴台账/2018-Q4/汇总台账.xlsx");
    let master = read(&path);
    let sheet = cells(&master, "任务清单");
    let line = |number: &str, unit: &str| -> Vec<String> {
        let rows = sheet
            .iter()
            .filter(|(cell, text)| cell.starts_with('A') && *text == number);
        let of = |row: &str| -> Vec<String> {
            ("ABCDEFGHIJKLMNOPQR".chars())
                .map(|column| sheet.get(&format!("{column}{row}")).cloned().unwrap_or_default())
                .collect()
        };
        let mut lines = rows
            .map(|(cell, _)| of(&cell[1..]))
            .filter(|line| line[3] == unit);
        lines.next().unwrap_or_else(|| panic!("{number} {unit}"))
    };
    let found = line("24", unit);
    assert_eq!(
        (found[5].as_str(), found[6].as_str()),
        (SEVEN[2].1, "推进缓慢"),
        "{found:?}"
    );
    assert!(
        found.contains(&"已报".to_owned()) && found.contains(&"黄灯".to_owned()),
        "{found:?}"
    );
    assert!(line("27", unit).contains(&"绿灯".to_owned()));
    let returned = line("19", "财政分局");
    assert!(returned.contains(&"退回".to_owned()), "{returned:?}");
    let missing = line("19", "城市更新办");
    assert!(
        missing.contains(&"未报".to_owned()) && missing.contains(&"红灯（本期未报）".to_owned()),
        "{missing:?}"
    );
    assert!(line("7", "田坑村（配合）").contains(&"未报".to_owned()));
    let groups = cells(&master, "分组进度");
    assert!(groups.values().any(|text| text == "陈细钿"));
    let presented = cells(&master, "呈报表");
    assert!(
        presented.values().any(|text| text.contains("呈：镇委、镇政府")),
        "{presented:?}"
    );
    assert!(presented.values().all(|text| !text.contains('灯')));
    carries_on(&site, unit, &path).await;
}

/// The leader's words stand on the item, and in the next quarter beside it.
async fn carries_on(site: &TestSite, unit: &str, path: &std::path::Path) {
    let master = read(path);
    let sheet = cells(&master, "任务清单");
    let (cell, _) = sheet.iter().find(|(_, text)| *text == "领导批示").unwrap();
    let (head, _) = sheet.iter().find(|(_, text)| *text == "办理情况").unwrap();
    let row = sheet
        .iter()
        .find(|(cell, text)| cell.starts_with('A') && *text == "24")
        .unwrap()
        .0[1..]
        .to_owned();
    let column = |cell: &str| cell.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let at = |cell: &str| format!("{}{row}", column(cell));
    std::fs::write(
        path,
        save_with(
            &master,
            &[
                ("任务清单", &at(cell), "请抓紧。"),
                ("任务清单", &at(head), "已约谈。"),
            ],
        ),
    )
    .unwrap();
    site.run().await;
    let again = cells(&read(path), "任务清单");
    assert_eq!(again.get(&at(cell)).map(String::as_str), Some("请抓紧。"));
    site.at("2019-04-03T10:00:00+08:00");
    site.drop_file(
        &format!("{unit}/一季度.xlsx"),
        &filled(
            &read(&site.share(&format!(
                "{unit}/本期填报表/2019年第一季度乡村振兴工作台账（{unit}）.xlsx"
            ))),
            &[],
            &[FILLED_BY[0], FILLED_BY[1], ("本期无变化", "是")],
        ),
    );
    site.run().await;
    assert_eq!(
        site.verdict("一季度.xlsx").await,
        Verdict::Accepted,
        "{:?}",
        site.codes().await
    );
    let next = read(
        &site
            .site
            .options
            .output
            .join("横沥乡村振兴台账/2019-Q1/汇总台账.xlsx"),
    );
    let next = cells(&next, "任务清单");
    assert!(next.values().any(|text| text == "请抓紧。") && next.values().any(|text| text == "已约谈。"));
    assert!(
        next.values().any(|text| text == "无变化（2018年第四季度）"),
        "{next:?}"
    );
    assert!(
        next.values().any(|text| text == "已完成（2018年第四季度）"),
        "{next:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lags_badly_is_reported_to_the_head_of_that_group() {
    let site = hengli("2018-12-29T10:00:00+08:00").await;
    site.run().await;
    site.run().await;
    // 财政分局 leads 9 of the first group and 19 of the second.
    let book = form(&site, "财政分局");
    let report = [
        ("9", "试点资金已到位。", "推进中", "", "扩大试点。"),
        (
            "19",
            "实施办法还没有起草。",
            "严重滞后",
            "人手不足。",
            "一季度印发。",
        ),
    ];
    site.at("2019-01-03T10:00:00+08:00");
    site.drop_file("财政分局/台账.xlsx", &filled(&book, &report, &FILLED_BY));
    site.run().await;
    assert_eq!(
        site.verdict("台账.xlsx").await,
        Verdict::Accepted,
        "{:?}",
        site.codes().await
    );
    site.at("2019-01-04T09:30:00+08:00").run().await;
    let to: Vec<String> = site
        .sent()
        .iter()
        .flat_map(|letter| &letter.to)
        .map(|to| to.address.clone())
        .filter(|address| address.starts_with("group"))
        .collect();
    assert_eq!(to, ["group2@hengli.example"]);
    let sent = site.sent();
    let told = sent.iter().find(|letter| letter.to[0].address == to[0]).unwrap();
    assert!(told.subject.contains("工作滞后情况报告"), "{}", told.subject);
    let said = "财政分局报送的2018年第四季度乡村振兴工作台账中，第19项“完善镇村统筹发展利益分享机制”的进度状态为“严重滞后”。";
    assert!(told.text.contains(said), "{}", told.text);
    assert!(!told.text.contains("尚未收到"), "{}", told.text);
    // 通报和约谈 wait for a person; 问责 never goes out.
    let letters = site
        .site
        .store
        .letters(&[taizhang::domain::letters::LetterState::Draft])
        .await
        .unwrap();
    let talks = letters
        .iter()
        .filter(|own| own.kind == taizhang::domain::ladder::Kind::Talk);
    assert_eq!(talks.count(), 1);
}
