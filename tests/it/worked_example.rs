//! The worked example of docs/programs.md, run as it stands there.

use std::fs;

use taizhang::domain::finding::Verdict;

use crate::harness::{TestSite, cells, read, save_with};

const PAGE: &str = include_str!("../../docs/programs.md");

/// The first block of a language in the section of the example.
fn block(language: &str) -> &'static str {
    let section = PAGE.find("## 从头写一个").expect("the section");
    let fence = format!("```{language}\n");
    let start = section + PAGE[section..].find(&fence).expect("a block") + fence.len();
    let end = PAGE[start..].find("\n```").expect("its end");
    &PAGE[start..=start + end]
}

async fn site() -> TestSite {
    let site = TestSite::with(|root| {
        let folder = root.join("templates/programs/safety-checks");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("program.toml"), block("toml")).unwrap();
        fs::write(folder.join("roster.csv"), block("csv")).unwrap();
        let config = root.join("config.toml");
        let text = fs::read_to_string(&config).unwrap();
        let lines = text.lines().map(|line| {
            if line.starts_with("enabled = ") {
                "enabled = [\"safety-checks\"]"
            } else {
                line
            }
        });
        fs::write(&config, lines.collect::<Vec<_>>().join("\n")).unwrap();
    })
    .await;
    site.at("2024-11-01T09:30:00+08:00");
    site
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worked_example_runs_as_it_is_printed() {
    let site = site().await;
    let problems: Vec<String> = site.site.problems().iter().map(ToString::to_string).collect();
    assert_eq!(problems, Vec::<String>::new());
    site.run().await;
    site.run().await;
    let below = site.root().join("watch/安全生产检查台账/东村");
    let form = read(&below.join("本期填报表/2024年11月安全生产检查台账（东村）.xlsx"));
    let sheet = cells(&form, "检查情况");
    let place = |header: &str| {
        let (cell, _) = sheet.iter().find(|(_, text)| *text == header).expect(header);
        (cell[..1].to_owned(), cell[1..].parse::<u32>().unwrap())
    };
    let (_, head) = place("检查日期");
    let (who, _) = sheet.iter().find(|(_, text)| text.starts_with("填报人")).unwrap();
    let next = char::from(who.as_bytes()[0] + 1);
    let filler = (format!("{next}{}", &who[1..]), "李明");
    let ledger = |rows: &[[&str; 6]]| {
        let mut changes = vec![(filler.0.clone(), filler.1.to_owned())];
        for (at, row) in (head + 2..).zip(rows) {
            let headers = [
                "检查日期",
                "检查地点",
                "发现隐患（处）",
                "已整改（处）",
                "隐患等级",
                "整改期限",
            ];
            for (header, text) in headers.iter().zip(row).filter(|(_, text)| !text.is_empty()) {
                changes.push((format!("{}{at}", place(header).0), (*text).to_owned()));
            }
        }
        let changes: Vec<(&str, &str, &str)> = changes
            .iter()
            .map(|(cell, text)| ("检查情况", cell.as_str(), text.as_str()))
            .collect();
        save_with(&form, &changes)
    };
    site.at("2024-12-02T10:00:00+08:00");
    // One row too many fixed, one open without a term, one date of another month.
    let wrong = ledger(&[
        ["11月5日", "东村加油站", "2", "3", "一般", ""],
        ["11月12日", "东村木材厂", "4", "1", "重大", ""],
        ["10月8日", "东村小学", "0", "0", "无", ""],
    ]);
    fs::write(below.join("十一月.xlsx"), wrong).unwrap();
    site.run().await;
    assert_eq!(site.verdict("十一月.xlsx").await, Verdict::Returned);
    let codes = site.codes().await;
    for code in ["rule-broken", "required", "date-out-of-period"] {
        assert!(codes.contains(&code), "{code}: {codes:?}");
    }
    // The term lies outside of the period, as it may.
    let right = ledger(&[
        ["11月5日", "东村加油站", "3", "3", "一般", ""],
        ["11月12日", "东村木材厂", "4", "1", "重大", "2025年1月31日"],
    ]);
    fs::write(below.join("十一月更正.xlsx"), right).unwrap();
    site.run().await;
    let last = site.last().await;
    assert!(last.verdict.is_accepted(), "{:?}", site.codes().await);
    let master = read(
        &site
            .site
            .options
            .output
            .join("安全生产检查台账/2024-11/汇总台账.xlsx"),
    );
    let sums = cells(&master, "隐患汇总");
    assert!(sums.values().any(|text| text == "7"), "{sums:?}");
}
