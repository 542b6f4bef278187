//! 乌塘: villages of several leaders, the printed form, the list, the scores.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use taizhang::domain::finding::Verdict;
use taizhang::embedded;

use super::{form, with_forms, without_stamp};
use crate::harness::{HEADERS, TestSite, cells, names, sample, save_with};
use crate::registers::any_form::{filled, lines};
use crate::registers::filling::opened;

const SAMPLE: &str = "附件3：2024年11月乌塘镇领导开展“百千万工程”工作挂点调研台账（洪文泽）.xlsx";
const NOW: &str = "2024-12-02T09:00:00+08:00";

fn program(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_taizhang"));
    command.args(arguments).output().unwrap()
}

/// What `check` says of a ledger by itself.
fn judged(name: &str, bytes: &[u8]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    embedded::write_site(&site, &["wutang-visits".to_owned()]).unwrap();
    let (config, file) = (site.join("config.toml"), folder.path().join(name));
    fs::write(&file, bytes).unwrap();
    let [config, file] = [&config, &file].map(|path| path.to_str().unwrap());
    let output = program(&[
        "--config", config, "--now", NOW, "check", "--format", "json", file,
    ]);
    let found: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    found[0].clone()
}

/// The hint of the first finding with a code.
fn hint(judged: &Value, code: &str) -> String {
    let findings = judged["findings"].as_array().unwrap();
    let found = findings.iter().find(|own| own["code"] == code);
    found.unwrap_or_else(|| panic!("{code}: {judged:#}"))["hint"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// A ledger without any fill line.
fn bare(sheet_name: &str, village: &str) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(sheet_name).unwrap();
    let row = [
        "1",
        "2024年11月6日",
        village,
        "查看供水改造进度。",
        "督促施工单位更换老旧管网。",
        "0",
        "张三；电话13812345678",
        "",
    ];
    for (at, texts) in [(0, HEADERS), (1, row)] {
        for (column, text) in (0..).zip(texts) {
            sheet.write_string(at, column, text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_ledger_is_known_by_its_header_whatever_its_title() {
    let book = without_stamp(&opened(&sample(SAMPLE)));
    let sheet = names(&book)[0].to_owned();
    for title in [
        "2024 年度乌塘镇领导开展“百千万工程”工作挂牌调研督查",
        "2024年度乌塘镇领导开展“百千万工程”工作挂点调研台账",
        "",
    ] {
        let found = judged("洪文泽.xlsx", &save_with(&book, &[(&sheet, "A1", title)]));
        assert!(
            found["verdict"].as_str().unwrap().starts_with("accepted") && found["rows"] == 3,
            "{title}: {found:#}"
        );
        let findings = found["findings"].as_array().unwrap();
        assert!(
            findings.iter().all(|own| own["code"] != "title-mismatch"),
            "{found:#}"
        );
    }
}

#[test]
fn what_slipped_into_the_next_column_is_told_where_it_belongs() {
    let book = opened(&sample(SAMPLE));
    let slipped = filled(&book, &[], |_, line| match line.cells["序号"].as_str() {
        "1" => vec![
            (HEADERS[5], "张三；电话13812345678".to_owned()),
            (HEADERS[6], "推动边板村解决问题1个：1.村道扩宽：已完成".to_owned()),
        ],
        _ => Vec::new(),
    });
    let found = judged("洪文泽.xlsx", &slipped);
    assert_eq!(found["verdict"], "returned");
    assert!(hint(&found, "count-unreadable").contains("请移到联系人一栏"));
    assert!(hint(&found, "phone-unreadable").contains("请移到相应的一栏"));
}

#[test]
fn without_fill_lines_names_tell_the_leader_and_a_shared_village_does_not() {
    for (file, sheet, village, unit) in [
        ("台账.xlsx", "洪文泽", "边板村", "洪文泽"),
        ("林 强11月.xlsx", "Sheet1", "边板村", "林强"),
    ] {
        let found = judged(file, &bare(sheet, village));
        assert_eq!(found["unit"], unit, "{file}: {found:#}");
    }
    for village in ["乌塘圩村", "边板村", "湛川村", "山口王村"] {
        let found = judged("台账.xlsx", &bare("Sheet1", village));
        assert_eq!(
            (&found["unit"], &found["verdict"]),
            (&Value::Null, &Value::from("unclaimed"))
        );
    }
    // One leader alone has this village.
    assert_eq!(judged("台账.xlsx", &bare("Sheet1", "庞村村"))["unit"], "余晓锐");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_master_counts_villages_and_assignments() {
    let site = TestSite::new().await;
    site.drop_sample(SAMPLE, "").run().await;
    let master = site.master();
    let of = |sheet: &str| cells(&master, sheet);
    let numbered = |sheet: &str| {
        let cells = of(sheet);
        let numbers = cells.iter().filter(|(cell, text)| {
            cell.starts_with('A') && !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
        });
        numbers.count()
    };
    assert_eq!((numbered("按领导"), numbered("按村")), (13, 34));
    // By leader 38 assignments; in the line of the whole town each village once.
    let leaders = of("按领导");
    let (town, _) = leaders.iter().find(|(_, text)| *text == "全镇（去重）").unwrap();
    let town = &town[1..];
    let assigned = leaders
        .iter()
        .filter(|(cell, _)| cell.starts_with('C') && cell[1..] != *town);
    let assigned = assigned.filter_map(|(_, text)| text.parse::<u32>().ok());
    assert_eq!(assigned.sum::<u32>(), 38);
    let in_town = |text: &str| {
        let mut cells = leaders.iter();
        cells.any(|(cell, own)| cell.get(1..) == Some(town) && own == text)
    };
    // 洪文泽 went to both of his villages, one of which is 庞兴's as well, one 林强's.
    assert!(in_town("2/34"), "{leaders:?}");
}

#[test]
fn printed_groups_of_which_the_points_do_not_add_up_are_refused() {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/programs/wutang-scores");
    let folder = tempfile::tempdir().unwrap();
    let own: PathBuf = folder.path().join("wutang-scores");
    fs::create_dir_all(&own).unwrap();
    for file in ["program.toml", "roster.csv", "items.csv"] {
        fs::copy(shipped.join(file), own.join(file)).unwrap();
    }
    let check = || program(&["program", "check", own.to_str().unwrap()]);
    assert!(check().status.success());
    // As printed: 17–20, 21–23, 24–25, nothing.
    let text = fs::read_to_string(own.join("items.csv")).unwrap();
    let printed: Vec<String> = text
        .lines()
        .map(|line| match line.split(',').next() {
            Some("19" | "20") => line.replace("乡村治理", "乡风文明").replace(",12", ",8"),
            Some("23") => line.replace("集体经济", "乡村治理").replace(",3,8", ",3,12"),
            Some("25") => line.replace("农民增收", "集体经济").replace(",7,7", ",7,8"),
            _ => line.to_owned(),
        })
        .collect();
    fs::write(own.join("items.csv"), printed.join("\n")).unwrap();
    let refused = check();
    let said = String::from_utf8_lossy(&[refused.stdout, refused.stderr].concat()).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    for wrong in [
        "“乡风文明”写明8分，其下各项相加是15分",
        "“乡村治理”写明12分，其下各项相加是8分",
        "“集体经济”写明8分，其下各项相加是12分",
    ] {
        assert!(said.contains(wrong), "{wrong}: {said}");
    }
}

#[test]
fn standards_are_kept_apart_as_printed_and_without_tags() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/programs/wutang-scores");
    let table = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let standard = table("cultivation_standard.csv");
    let mut reader = csv::Reader::from_reader(standard.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let numbered: Vec<&csv::StringRecord> = rows.iter().filter(|row| !row[0].is_empty()).collect();
    // One note stands below the 29.
    assert_eq!((numbered.len(), rows.len()), (29, 30));
    assert!(rows.iter().all(|row| !row[4].contains('<')));
    let mut categories: Vec<&str> = numbered.iter().map(|row| &row[1]).collect();
    categories.dedup();
    assert_eq!(categories.len(), 7, "each stands together: {categories:?}");
    assert!(standard.contains("一村一村歌、一村一村舞、一村一村运会"));
    let points = table("items.csv");
    assert!(points.contains("15万元") && !points.contains("50万元") && !points.contains("50 万元"));
    assert!(standard.contains("50 万元") && !standard.contains("15 万元"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_countys_list_without_its_last_column_is_the_towns() {
    let site = TestSite::running("wutang-checklist", "乌塘工作清单", "2025-01-02T09:00:00+08:00").await;
    let site = with_forms(site).await;
    let book = without_stamp(&form(&site, "洪文泽", "2024年下半年挂点联系工作清单"));
    let sheet = names(&book)[0].to_owned();
    assert_eq!(lines(&book, &sheet).len(), 16);
    let fill = [("填报人", "李明"), ("联系电话", "0759-7712345")];
    let written = opened(&filled(&book, &fill, |_, line| {
        let number = &line.cells["序号"];
        vec![(
            "落实情况",
            format!("第{number}项已落实{number}件，到村督办{number}次。"),
        )]
    }));
    let cells = cells(&written, &sheet);
    let (remark, _) = cells.iter().find(|(_, text)| *text == "备注").unwrap();
    let printed = save_with(
        &written,
        &[
            (&sheet, "A1", "遂溪县“百千万工程”挂点联系内容工作清单"),
            (&sheet, remark, ""),
        ],
    );
    site.drop_file("洪文泽/清单.xlsx", &printed);
    site.run().await;
    let codes = site.codes().await;
    assert!(site.verdict("清单.xlsx").await.is_accepted(), "{codes:?}");
    assert_ne!(site.verdict("清单.xlsx").await, Verdict::Unclaimed);
    // Letters are the town's.
    site.at("2025-01-13T09:30:00+08:00").run().await;
    let sent = site.sent();
    assert!(!sent.is_empty());
    for letter in sent {
        assert!(
            letter.text.contains("乌塘镇“百千万工程”指挥部办公室"),
            "{}",
            letter.text
        );
        assert!(!letter.text.contains("遂溪县"), "{}", letter.text);
    }
}
