//! The office's words survive wherever they were typed into a master.

use std::collections::BTreeMap;
use std::fs;

use crate::harness::{TestSite, cells, read, save_with};

const WU: &str = "吴垂超11月台账.xlsx";
const PANG: &str = "庞 兴11月台账.xlsx";

/// The address of the cell that satisfies a condition.
fn at(cells: &BTreeMap<String, String>, fits: impl Fn(&str) -> bool) -> String {
    let found = cells.iter().find(|(_, text)| fits(text));
    found.unwrap_or_else(|| panic!("{cells:?}")).0.clone()
}

fn parts(address: &str) -> (String, u32) {
    let letters: String = address.chars().take_while(char::is_ascii_alphabetic).collect();
    let row = address[letters.len()..].parse().unwrap();
    (letters, row)
}

/// The column after a column, of those before Z.
fn next(column: &str) -> String {
    let last = column.bytes().last().unwrap();
    assert!(last < b'Z', "{column}");
    format!("{}{}", &column[..column.len() - 1], char::from(last + 1))
}

fn write(site: &TestSite, name: &str, changes: &[(&str, &str, &str)]) {
    let path = site.output(name);
    fs::write(&path, save_with(&read(&path), changes)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn boxes_and_added_columns_survive_every_re_merge() {
    let site = TestSite::new().await;
    site.drop_sample(WU, "吴垂超").run().await;
    let cover = cells(&site.master(), "汇总表（呈阅）");
    let leader = at(&cover, |text| text.starts_with("领导批示："));
    let check = at(&cover, |text| text.starts_with("审核："));
    let detail = cells(&site.master(), "明细");
    let (handling, header) = parts(&at(&detail, |text| text == "办理情况"));
    let (_, row) = parts(&at(&detail, |text| text.contains("撂荒耕地")));
    let (first, second) = (next(&handling), next(&next(&handling)));
    write(
        &site,
        "汇总台账.xlsx",
        &[
            // Over the label, as people do, and behind it.
            ("汇总表（呈阅）", &leader, "同意，请各组抓好落实。"),
            ("汇总表（呈阅）", &check, "审核：李明"),
            ("明细", &format!("{first}{header}"), "跟进人"),
            ("明细", &format!("{first}{row}"), "王芳"),
            // A header alone stays as well.
            ("明细", &format!("{second}{header}"), "完成日期"),
        ],
    );
    let found = async |when: &str| {
        let cover = cells(&site.master(), "汇总表（呈阅）");
        let detail = cells(&site.master(), "明细");
        for words in ["领导批示：同意，请各组抓好落实。", "审核：李明"] {
            assert!(
                cover.values().any(|text| text == words),
                "{when} {words}: {cover:?}"
            );
        }
        let (column, _) = parts(&at(&detail, |text| text == "跟进人"));
        let (_, row) = parts(&at(&detail, |text| text.contains("撂荒耕地")));
        assert_eq!(
            detail.get(&format!("{column}{row}")).map(String::as_str),
            Some("王芳"),
            "{when}"
        );
        assert!(detail.values().any(|text| text == "完成日期"), "{when}");
    };
    site.drop_sample(PANG, "庞兴").run().await;
    found("after another ledger").await;
    assert!(site.edited_masters().is_empty(), "{:?}", site.edited_masters());
    // Again, and nothing is doubled or taken for an edit.
    site.drop_sample("谭仁普2024年11月台账.xlsx", "谭仁普")
        .run()
        .await;
    found("after a third").await;
    assert!(site.edited_masters().is_empty());
    // Taken away by the office, they are gone.
    let detail = cells(&site.master(), "明细");
    let (column, header) = parts(&at(&detail, |text| text == "跟进人"));
    let cover = cells(&site.master(), "汇总表（呈阅）");
    let check = at(&cover, |text| text.starts_with("审核："));
    write(
        &site,
        "汇总台账.xlsx",
        &[
            ("明细", &format!("{column}{header}"), ""),
            ("明细", &at(&detail, |text| text == "王芳"), ""),
            ("汇总表（呈阅）", &check, "审核："),
        ],
    );
    site.drop_sample("零报告-周景辉-2024年11月.xlsx", "周景辉")
        .run()
        .await;
    let (cover, detail) = (
        cells(&site.master(), "汇总表（呈阅）"),
        cells(&site.master(), "明细"),
    );
    assert!(
        !detail.values().any(|text| text == "跟进人" || text == "王芳"),
        "{detail:?}"
    );
    assert!(cover.values().any(|text| text.trim() == "审核："), "{cover:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_into_a_settled_master_is_carried_on_and_it_stays() {
    let site = TestSite::new().await;
    site.drop_sample(WU, "吴垂超").run().await;
    site.at("2024-12-16T17:30:00+08:00").run().await;
    let settled = "汇总台账（定稿）.xlsx";
    let detail = cells(&read(&site.output(settled)), "明细");
    let (instruction, _) = parts(&at(&detail, |text| text == "领导批示"));
    let (_, row) = parts(&at(&detail, |text| text.contains("撂荒耕地")));
    write(
        &site,
        settled,
        &[("明细", &format!("{instruction}{row}"), "请报结果")],
    );
    let written = fs::read(site.output(settled)).unwrap();
    site.at("2024-12-18T09:00:00+08:00")
        .drop_sample(PANG, "庞兴")
        .run()
        .await;
    site.run().await;
    assert_eq!(
        fs::read(site.output(settled)).unwrap(),
        written,
        "定稿 is never touched"
    );
    let corrected = cells(&read(&site.output("汇总台账（更正稿）.xlsx")), "明细");
    assert!(corrected.values().any(|text| text == "请报结果"), "{corrected:?}");
    assert!(site.edited_masters().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn edited_cells_and_own_sheets_are_kept_every_time_and_named() {
    let site = TestSite::new().await;
    site.drop_sample(WU, "吴垂超").run().await;
    write(&site, "汇总台账.xlsx", &[("汇总表（呈阅）", "E4", "改过的内容")]);
    site.at("2024-12-02T10:00:00+08:00")
        .drop_sample(PANG, "庞兴")
        .run()
        .await;
    write(
        &site,
        "汇总台账.xlsx",
        &[("汇总表（呈阅）", "E4", "又改过的内容")],
    );
    site.at("2024-12-03T11:30:00+08:00")
        .drop_sample("谭仁普2024年11月台账.xlsx", "谭仁普")
        .run()
        .await;
    let kept = site.edited_masters();
    let names: Vec<_> = kept
        .iter()
        .map(|path| path.file_name().unwrap().to_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "汇总台账（人工改动2024-12-02 1000）.xlsx",
            "汇总台账（人工改动2024-12-03 1130）.xlsx"
        ]
    );
    assert_eq!(cells(&read(&kept[0]), "汇总表（呈阅）")["E4"], "改过的内容");
    assert_eq!(cells(&read(&kept[1]), "汇总表（呈阅）")["E4"], "又改过的内容");
    let page = fs::read_to_string(site.site.options.output.join("运行情况.txt")).unwrap();
    for name in names {
        assert!(page.contains(name), "{page}");
    }
    assert!(!page.contains("没有需要处理的事项"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_master_that_is_open_in_libreoffice_waits_too() {
    let site = TestSite::new().await;
    site.drop_sample(WU, "吴垂超").run().await;
    let before = fs::read(site.output("汇总台账.xlsx")).unwrap();
    let lock = site.output(".~lock.汇总台账.xlsx#");
    fs::write(&lock, ",李明,office,,;").unwrap();
    site.drop_sample(PANG, "庞兴").run().await;
    assert_eq!(fs::read(site.output("汇总台账.xlsx")).unwrap(), before);
    assert!(site.output("汇总台账（待替换）.xlsx").exists());
    fs::remove_file(lock).unwrap();
    site.run().await;
    assert_ne!(fs::read(site.output("汇总台账.xlsx")).unwrap(), before);
}
