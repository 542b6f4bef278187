//! What the office does: remarks in the master, decisions by command.

use std::fs;

use taizhang::domain::finding::Verdict;
use taizhang::domain::obligation::{Exemption, State};
use taizhang::jobs::{decide, finish, obligations};

use crate::harness::{PROGRAM, TestSite, cells, read, rewritten, sample, save_with};

const WU: &str = "吴垂超11月台账.xlsx";

/// The address of the office's column in the row that holds a text.
fn office_cell(site: &TestSite, text: &str, header: &str) -> String {
    let cells = cells(&site.master(), "明细");
    let letters = |at: &str| {
        at.chars()
            .take_while(char::is_ascii_alphabetic)
            .collect::<String>()
    };
    let row = cells
        .iter()
        .find(|(_, own)| own.contains(text))
        .unwrap()
        .0
        .trim_start_matches(char::is_alphabetic)
        .to_owned();
    let column = letters(cells.iter().find(|(_, own)| *own == header).unwrap().0);
    format!("{column}{row}")
}

fn write_remark(site: &TestSite, text: &str, remark: &str) {
    let at = office_cell(site, text, "领导批示");
    let path = site.output("汇总台账.xlsx");
    fs::write(&path, save_with(&read(&path), &[("明细", &at, remark)])).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn remarks_survive_every_re_merge() {
    let site = TestSite::new().await;
    site.drop_sample(WU, "吴垂超").run().await;
    write_remark(&site, "湛川村撂荒耕地复耕", "请跟进复耕进度");
    // Somebody ranked before comes in, and the unit submits again.
    site.drop_sample(
        "附件3：2024年11月乌塘镇领导开展“百千万工程”工作挂点调研台账（洪文泽）.xlsx",
        "洪文泽",
    );
    let original = site.root().join("o.xlsx");
    fs::write(&original, sample(WU)).unwrap();
    let again = save_with(
        &read(&original),
        &[("台账", "D6", "湛川村村道硬化与照明工作情况，与村干部座谈。")],
    );
    site.drop_file("吴垂超/更正.xlsx", &again).run().await;
    let at = office_cell(&site, "湛川村撂荒耕地复耕", "领导批示");
    assert_eq!(cells(&site.master(), "明细")[&at], "请跟进复耕进度");
    assert!(site.edited_masters().is_empty(), "a remark is no edit of ours");
    // Cleared by the office, it is gone.
    write_remark(&site, "湛川村撂荒耕地复耕", "");
    site.run().await;
    assert!(
        !cells(&site.master(), "明细")
            .values()
            .any(|text| text.contains("请跟进"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_remark_whose_row_is_gone_stands_on_a_sheet_of_its_own() {
    let site = TestSite::new().await;
    site.drop_sample(WU, "吴垂超").run().await;
    write_remark(&site, "湛川村撂荒耕地复耕", "请跟进复耕进度");
    site.run().await;
    let record = site.last().await;
    decide::withdraw(&site.site, &crate::by(), &record, "报错了")
        .await
        .unwrap();
    finish(&site.site).await.unwrap();
    assert!(
        !site.exists("吴垂超/审核通过/2024-11/报送回执.txt"),
        "nothing counts any more"
    );
    let orphans = cells(&site.master(), "未对应批示");
    assert!(
        orphans.values().any(|text| text.contains("请跟进复耕进度")),
        "{orphans:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edited_master_is_kept_beside_and_an_open_one_waits() {
    let site = TestSite::new().await;
    site.drop_sample(WU, "吴垂超").run().await;
    let path = site.output("汇总台账.xlsx");
    let edited = save_with(&read(&path), &[("汇总表（呈阅）", "E4", "改过的内容")]);
    fs::write(&path, &edited).unwrap();
    let lock = site.output("~$汇总台账.xlsx");
    fs::write(&lock, "x").unwrap();
    site.drop_sample("庞 兴11月台账.xlsx", "庞兴").run().await;
    assert_eq!(fs::read(&path).unwrap(), edited, "it is open: theirs stays");
    assert!(site.output("汇总台账（待替换）.xlsx").exists());
    assert_eq!(fs::read(&site.edited_masters()[0]).unwrap(), edited);
    fs::remove_file(lock).unwrap();
    site.run().await;
    assert!(
        cells(&site.master(), "汇总表（呈阅）")
            .values()
            .any(|text| text == "庞兴")
    );
    assert!(!site.output("汇总台账（待替换）.xlsx").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_returned_ledger_can_be_accepted_on_the_record() {
    let site = TestSite::new().await;
    site.drop_sample("吴忠强2024年11月台账.xlsx", "吴忠强")
        .run()
        .await;
    let record = site.last().await;
    assert_eq!(record.verdict, Verdict::Returned);
    decide::accept(&site.site, &crate::by(), &record, "陪同调研，情况属实")
        .await
        .unwrap();
    finish(&site.site).await.unwrap();
    assert!(site.exists("吴忠强/审核通过/2024-11/吴忠强2024年11月台账.xlsx"));
    assert!(
        site.exists("吴忠强/2024-11 已通过 第1版.txt"),
        "{:?}",
        site.names("吴忠强")
    );
    assert!(
        cells(&site.master(), "汇总表（呈阅）")
            .values()
            .any(|text| text == "吴忠强")
    );
    let journal = site.site.store.journal().await.unwrap();
    assert!(
        journal
            .iter()
            .any(|line| line.what == "accepted-by-office" && line.by == "测试")
    );
    assert!(
        decide::accept(&site.site, &crate::by(), &site.last().await, "再来")
            .await
            .is_err()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn withdrawing_brings_the_version_before_back() {
    let site = TestSite::new().await;
    site.drop_sample(WU, "吴垂超").run().await;
    let original = site.root().join("o.xlsx");
    fs::write(&original, sample(WU)).unwrap();
    let again = save_with(
        &read(&original),
        &[("台账", "D6", "湛川村村道硬化与照明工作情况，与村干部座谈。")],
    );
    site.drop_file("吴垂超/更正.xlsx", &again).run().await;
    let counts = decide::withdraw(&site.site, &crate::by(), &site.last().await, "报错了")
        .await
        .unwrap();
    assert_eq!(counts, Some(1));
    finish(&site.site).await.unwrap();
    assert!(
        site.exists("吴垂超/退回修改/2024-11/更正.xlsx"),
        "{:?}",
        site.names("吴垂超/退回修改/2024-11")
    );
    assert!(
        !cells(&site.master(), "明细")
            .values()
            .any(|text| text.ends_with("与村干部座谈。") && text.contains("硬化"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_claimed_file_counts_from_its_arrival() {
    let site = TestSite::new().await;
    site.drop_sample("新建 Microsoft Excel 工作表.xlsx", "")
        .run()
        .await;
    let record = site.last().await;
    let program = site.site.program(PROGRAM).unwrap();
    let unit = program.roster.find("林强").unwrap().id.clone();
    site.at("2024-12-10T09:00:00+08:00");
    let claimed = decide::claim::claim(
        &site.site,
        &crate::by(),
        &program,
        &record,
        &unit,
        &"2024-11".parse().unwrap(),
    )
    .await
    .unwrap();
    assert!(claimed.verdict.is_accepted());
    finish(&site.site).await.unwrap();
    assert_eq!(site.last().await.arrival, record.arrival);
    assert!(site.exists("林强/审核通过/2024-11/新建 Microsoft Excel 工作表.xlsx"));
    assert!(
        site.names("待确认单位").is_empty(),
        "{:?}",
        site.names("待确认单位")
    );
    let standing = obligations::standing(&site.site, &program, &"2024-11".parse().unwrap())
        .await
        .unwrap()
        .unwrap();
    let own = standing.obligations.iter().find(|own| own.unit == unit).unwrap();
    assert_eq!((own.state, own.late), (State::Accepted, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_exempt_leave_the_denominator() {
    let site = TestSite::new().await;
    site.run().await;
    let program = site.site.program(PROGRAM).unwrap();
    let exemption = Exemption {
        unit: program.roster.units[4].id.clone(),
        period: "2024-11".parse().unwrap(),
        reason: "外出学习".into(),
        by: "测试".into(),
        at: site.site.clock.utc(),
    };
    decide::exempt(&site.site, &crate::by(), &program, &exemption)
        .await
        .unwrap();
    finish(&site.site).await.unwrap();
    let standing = obligations::standing(&site.site, &program, &exemption.period)
        .await
        .unwrap()
        .unwrap();
    let tally = taizhang::domain::obligation::tally(&standing.obligations);
    assert_eq!((tally.expected, tally.exempt, tally.missing), (12, 1, 12));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_programme_says_what_would_change_and_changes_it() {
    let site = TestSite::new().await;
    site.drop_sample(WU, "吴垂超").run().await;
    // 湛川村 is taken from 吴垂超.
    let places = site.root().join("templates/programs/wutang-visits/places.csv");
    let text = fs::read_to_string(&places).unwrap();
    let kept: Vec<&str> = text
        .lines()
        .filter(|line| !(line.contains("吴垂超") || line.contains("L02")) || !line.contains("湛川村"))
        .collect();
    assert_eq!(kept.len() + 1, text.lines().count());
    fs::write(&places, kept.join("\r\n") + "\r\n").unwrap();
    assert!(site.site.reload(), "{:?}", site.site.problems());
    let program = site.site.program(PROGRAM).unwrap();
    let period = "2024-11".parse().unwrap();
    let would = taizhang::jobs::recheck::recheck(&site.site, &program, &period, None)
        .await
        .unwrap();
    assert_eq!(
        (would[0].before, would[0].after),
        (Verdict::Accepted, Verdict::Returned)
    );
    assert_eq!(
        site.last().await.verdict,
        Verdict::Accepted,
        "only said, not done"
    );
    taizhang::jobs::recheck::recheck(
        &site.site,
        &program,
        &period,
        Some((&crate::by(), "地点清单更正")),
    )
    .await
    .unwrap();
    finish(&site.site).await.unwrap();
    assert_eq!(site.last().await.verdict, Verdict::Returned);
    assert!(
        site.exists("吴垂超/退回修改/2024-11/吴垂超11月台账（审核意见）.xlsx"),
        "{:?}",
        site.names("吴垂超/退回修改/2024-11")
    );
    assert!(
        !cells(&site.master(), "汇总表（呈阅）")
            .values()
            .any(|text| text == "吴垂超")
    );
}

/// A workbook with a word replaced in its shared strings, which the library
/// that writes the test's workbooks would take for markup itself.
fn with_word(bytes: &[u8], word: &str, by: &str) -> Vec<u8> {
    rewritten(bytes, |name, content| {
        if name != "xl/sharedStrings.xml" {
            return content;
        }
        let text = String::from_utf8(content).unwrap();
        assert!(text.contains(word));
        text.replace(word, by).into_bytes()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_looks_like_markup_stays_text_in_every_sheet() {
    let site = TestSite::new().await;
    let original = site.root().join("o.xlsx");
    fs::write(&original, sample(WU)).unwrap();
    let first = save_with(&read(&original), &[("台账", "D6", "WORD")]);
    let first = with_word(
        &first,
        "WORD",
        "&lt;r&gt;&lt;t&gt;湛川村&lt;/t&gt;&lt;/r&gt;&lt;x/&gt;&lt;/r&gt;",
    );
    site.drop_file("吴垂超/台账.xlsx", &first).run().await;
    assert!(
        site.last().await.verdict.is_accepted(),
        "{:?}",
        site.codes().await
    );
    // What was replaced stands in 变动. Its texts stay in the sheet, escaped; in
    // a table of shared texts the library would copy this one as markup.
    let second = save_with(
        &read(&original),
        &[("台账", "D6", "湛川村村道硬化工作情况，与村干部座谈。")],
    );
    site.drop_file("吴垂超/更正.xlsx", &second).run().await;
    assert_eq!(site.last().await.version, Some(2));
    let changes = cells(&site.master(), "变动");
    let kept = changes
        .values()
        .any(|text| text.trim() == "<r><t>湛川村</t></r><x/></r>");
    assert!(kept, "{changes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_says_when_nobody_was_looking() {
    let site = TestSite::new().await;
    site.run().await;
    site.at("2024-12-04T09:00:00+08:00")
        .drop_sample(WU, "吴垂超")
        .run()
        .await;
    let receipt = fs::read_to_string(site.share("吴垂超/审核通过/2024-11/报送回执.txt")).unwrap();
    assert!(
        receipt.contains("2024年12月2日9:00至2024年12月4日9:00之间没有运行"),
        "{receipt}"
    );
}
