//! The Wutang month, whole: intake, returns, master, correction.

use std::fs;

use taizhang::domain::finding::Verdict;

use crate::harness::{TestSite, cells, names, read, samples, tree};

async fn month() -> TestSite {
    let site = TestSite::new().await;
    for (name, bytes) in samples() {
        site.drop_file(&name, bytes);
    }
    site.run().await;
    site
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_pass_changes_nothing() {
    let site = month().await;
    let before = (tree(&site.site.options.watch), tree(&site.site.options.output));
    let round = site.run().await;
    assert_eq!(round.taken, 0);
    let mut after = (tree(&site.site.options.watch), tree(&site.site.options.output));
    assert_eq!(before.0, after.0);
    // 运行情况.txt tells the time of the pass.
    after
        .1
        .insert("运行情况.txt".into(), before.1["运行情况.txt"].clone());
    assert_eq!(before.1, after.1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_original_counts_and_its_copy_is_the_duplicate() {
    let site = month().await;
    assert_eq!(site.verdict("吴垂超11月台账.xlsx").await, Verdict::Accepted);
    assert_eq!(site.verdict("副本吴垂超11月台账.xlsx").await, Verdict::Duplicate);
    let records = site.records().await;
    let versions = records
        .iter()
        .filter(|record| record.version.is_some() && record.file_name.contains("吴垂超"));
    assert_eq!(versions.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_lie_where_their_name_and_folder_tell_the_result() {
    let site = month().await;
    assert!(
        site.exists("洪文泽/2024-11 已通过 第1版.txt"),
        "{:?}",
        site.names("洪文泽")
    );
    assert!(
        site.exists("罗养/2024-11 已退回 第1版 2处须处理.txt"),
        "{:?}",
        site.names("罗养")
    );
    assert!(
        site.exists("周景辉/2024-11 零报告已通过 第1版.txt"),
        "{:?}",
        site.names("周景辉")
    );
    assert_eq!(
        site.names("马陕燕/退回修改/2024-11"),
        [
            "马陕燕2024年11月台账.xlsx",
            "马陕燕2024年11月台账（审核意见）.xlsx"
        ]
    );
    assert_eq!(
        site.names("袁庆/审核通过/2024-11"),
        ["报送回执.txt", "袁 庆11月台账.xlsx"]
    );
    assert_eq!(
        site.names("待确认单位"),
        [
            "新建 Microsoft Excel 工作表.xlsx",
            "新建 Microsoft Excel 工作表（待确认）.txt"
        ]
    );
    let receipt = fs::read_to_string(site.share("袁庆/审核通过/2024-11/报送回执.txt")).unwrap();
    assert!(
        receipt.contains("计入2024年11月") && receipt.contains("没有欠报"),
        "{receipt}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_correction_changes_exactly_its_own_rows() {
    let site = month().await;
    let before = cells(&site.master(), "汇总表（呈阅）");
    assert!(!before.values().any(|text| text == "罗养"));
    site.at("2024-12-04T10:30:00+08:00")
        .drop_sample("更正/更正：罗养 2024年11月台账.xlsx", "罗养");
    site.run().await;
    let record = site.last().await;
    assert_eq!((record.verdict, record.version), (Verdict::Accepted, Some(2)));
    let after = cells(&site.master(), "汇总表（呈阅）");
    let rows_of = |cells: &std::collections::BTreeMap<String, String>| {
        cells
            .iter()
            .filter(|(at, text)| at.starts_with('B') && *text == "罗养")
            .count()
    };
    assert_eq!((rows_of(&before), rows_of(&after)), (0, 3));
    // Everybody else's rows are the same, running numbers and places apart.
    let texts = |cells: &std::collections::BTreeMap<String, String>| {
        let mut texts: Vec<String> = cells
            .iter()
            .filter(|(at, _)| at.starts_with('E'))
            .map(|(_, text)| text.clone())
            .collect();
        texts.retain(|text| {
            !text.starts_with("山口陈村")
                && !text.starts_with("山口王村撂荒")
                && !text.starts_with("山口王村集体")
        });
        texts.sort();
        texts
    };
    let own = |text: &String| text.starts_with("山口王村");
    let (old, new) = (texts(&before), texts(&after));
    assert_eq!(
        old.iter().filter(|text| !own(text)).collect::<Vec<_>>(),
        new.iter().filter(|text| !own(text)).collect::<Vec<_>>()
    );
    let changes = cells(&site.master(), "变动");
    assert!(changes.values().any(|text| text.contains("罗养")), "{changes:?}");
    assert!(
        !changes.values().any(|text| text.contains("洪文泽")),
        "{changes:?}"
    );
    assert!(site.exists("罗养/2024-11 已通过 第2版.txt"));
    assert!(!site.exists("罗养/2024-11 已退回 第1版 2处须处理.txt"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_close_makes_a_final_copy_that_nothing_touches() {
    let site = month().await;
    // Seven working days after 5 December, 17:30.
    site.at("2024-12-16T17:31:00+08:00").run().await;
    let settled = fs::read(site.output("汇总台账（定稿）.xlsx")).unwrap();
    assert!(!site.output("汇总台账（更正稿）.xlsx").exists());
    site.at("2024-12-17T09:00:00+08:00")
        .drop_sample("更正/更正：罗养 2024年11月台账.xlsx", "罗养");
    site.run().await;
    assert!(fs::read(site.output("汇总台账（定稿）.xlsx")).unwrap() == settled);
    // The same in all cells; at the foot of each page stands what it is.
    let corrected = site.output("汇总台账（更正稿）.xlsx");
    for sheet in names(&site.master()) {
        assert_eq!(cells(&read(&corrected), sheet), cells(&site.master(), sheet));
    }
    for (name, words) in [
        ("汇总台账（定稿）.xlsx", "定稿　2024年12月16日"),
        ("汇总台账（更正稿）.xlsx", "更正稿　2024年12月17日"),
    ] {
        let foot = footers(&site.output(name));
        assert!(foot.iter().all(|foot| foot.contains(words)), "{name}: {foot:?}");
    }
    let foot = footers(&site.output("汇总台账.xlsx"));
    assert!(foot.iter().all(|foot| !foot.contains("稿")), "{foot:?}");
}

/// The footers of a workbook's sheets.
fn footers(path: &std::path::Path) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let sheets: Vec<String> = archive
        .file_names()
        .filter_map(|name| Some(name.ok()?.into_owned()))
        .filter(|name| name.starts_with("xl/worksheets/sheet"))
        .collect();
    let mut footers = Vec::new();
    for name in sheets {
        let mut xml = String::new();
        std::io::Read::read_to_string(&mut archive.by_name(&name).unwrap(), &mut xml).unwrap();
        let foot = xml
            .split_once("<oddFooter>")
            .and_then(|(_, rest)| rest.split_once("</oddFooter>"));
        footers.push(foot.map(|(foot, _)| foot.to_owned()).unwrap_or_default());
    }
    assert!(!footers.is_empty());
    footers
}
