//! Registers: ledgers whose rows are given.

use std::collections::BTreeMap;

use taizhang::domain::finding::Verdict;
use taizhang::domain::table::Workbook;

use crate::harness::{TestSite, cells, read, save_with};

const FORM: &str = "本期填报表/2018年第四季度乡村振兴工作台账";

async fn hengli(now: &str) -> TestSite {
    TestSite::of("hengli-tasks", "横沥乡村振兴台账", now).await
}

/// The form that lies ready for a unit.
fn form(site: &TestSite, unit: &str) -> Workbook {
    read(&site.share(&format!("{unit}/{FORM}（{unit}）.xlsx")))
}

/// Rows of a form or copy: by number, the cells by their headers.
fn rows(book: &Workbook) -> BTreeMap<String, BTreeMap<String, String>> {
    let cells = cells(book, "工作台账");
    let row_of = |cell: &str| {
        cell.trim_start_matches(|c: char| c.is_ascii_uppercase())
            .to_owned()
    };
    let column_of = |cell: &str| cell.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let (head, _) = cells.iter().find(|(_, text)| *text == "序号").expect("a header");
    let headers: BTreeMap<String, String> = cells
        .iter()
        .filter(|(cell, _)| row_of(cell) == row_of(head))
        .map(|(cell, text)| (column_of(cell), text.clone()))
        .collect();
    let first: u32 = row_of(head).parse().unwrap();
    let mut rows: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (cell, text) in &cells {
        let row: u32 = row_of(cell).parse().unwrap();
        let Some(number) = cells
            .get(&format!("{}{row}", column_of(head)))
            .filter(|_| row > first)
        else {
            continue;
        };
        if let Some(header) = headers
            .get(&column_of(cell))
            .filter(|_| !number.starts_with('注'))
        {
            let own = rows.entry(number.clone()).or_default();
            own.insert(header.clone(), text.clone());
            own.insert("行".into(), row.to_string());
        }
    }
    rows
}

/// Fills in rows of a form: number, progress, status, problem, next step.
fn filled(book: &Workbook, report: &[(&str, &str, &str, &str, &str)], fill: &[(&str, &str)]) -> Vec<u8> {
    let rows = rows(book);
    let cells = cells(book, "工作台账");
    let column = |header: &str| {
        let (cell, _) = cells.iter().find(|(_, text)| *text == header).expect(header);
        cell.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned()
    };
    let mut changes: Vec<(String, String)> = Vec::new();
    for (number, done, status, problem, next) in report {
        let row = &rows[*number]["行"];
        for (header, text) in [
            ("本季度进展情况", done),
            ("进度状态", status),
            ("困难和问题", problem),
            ("下季度计划", next),
        ] {
            if !text.is_empty() {
                changes.push((format!("{}{row}", column(header)), (*text).to_owned()));
            }
        }
    }
    for (label, value) in fill {
        let (cell, _) = cells
            .iter()
            .find(|(_, text)| text.starts_with(label))
            .expect(label);
        let letters = cell.trim_end_matches(|c: char| c.is_ascii_digit());
        let next = char::from(letters.as_bytes()[0] + 1);
        changes.push((format!("{next}{}", &cell[letters.len()..]), (*value).to_owned()));
    }
    let changes: Vec<(&str, &str, &str)> = changes
        .iter()
        .map(|(cell, text)| ("工作台账", cell.as_str(), text.as_str()))
        .collect();
    save_with(book, &changes)
}

const SEVEN: [(&str, &str, &str, &str, &str); 4] = [
    (
        "22",
        "完成公厕改造4座，新建1座。",
        "推进中",
        "",
        "一季度再改造3座。",
    ),
    (
        "23",
        "新增分类投放点12处。",
        "推进中",
        "",
        "一季度覆盖全部村（社区）。",
    ),
    (
        "24",
        "修复路面1.2公里。",
        "推进缓慢",
        "雨天多，施工停了两周。",
        "2月底前补上进度。",
    ),
    ("27", "新增绿地两处。", "已完成", "", ""),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_form_holds_what_its_unit_leads_and_what_is_missing_goes_back() {
    let site = hengli("2018-12-29T10:00:00+08:00").await;
    site.run().await;
    site.run().await;
    let book = form(&site, "公用事业服务中心");
    let given = rows(&book);
    assert_eq!(given.keys().collect::<Vec<_>>(), ["22", "23", "24", "27"]);
    assert_eq!(given["22"]["重点任务"], "实施“厕所革命”");
    assert_eq!(given["27"].get("配合单位"), None, "nobody assists");
    // Who owes nothing has neither form nor folder.
    assert!(!site.exists("司法分局"));

    // Two of the four are missing.
    site.at("2019-01-03T10:00:00+08:00");
    site.drop_file(
        "公用事业服务中心/四季度.xlsx",
        &filled(
            &book,
            &SEVEN[..2],
            &[("填报人", "李明"), ("联系电话", "0769-83371234")],
        ),
    );
    site.run().await;
    assert_eq!(site.verdict("四季度.xlsx").await, Verdict::Returned);
    assert!(
        site.codes().await.contains(&"item-missing"),
        "{:?}",
        site.codes().await
    );
    let copy = read(&site.share("公用事业服务中心/退回修改/2018-Q4/四季度（审核意见）.xlsx"));
    let copied = rows(&copy);
    assert_eq!(copied.keys().collect::<Vec<_>>(), ["22", "23", "24", "27"]);
    assert_eq!(copied["22"]["本季度进展情况"], SEVEN[0].1);
    assert_eq!(copied["24"].get("本季度进展情况"), None);

    // Corrected where it lies.
    let corrected = filled(&copy, &SEVEN[2..], &[]);
    site.drop_file(
        "公用事业服务中心/退回修改/2018-Q4/四季度（审核意见）.xlsx",
        &corrected,
    );
    site.run().await;
    let last = site.last().await;
    assert_eq!(last.verdict, Verdict::Accepted, "{:?}", site.codes().await);
}

/// A name and a number for the fill lines.
const FILLED_BY: [(&str, &str); 2] = [("填报人", "李明"), ("联系电话", "0769-83371234")];

#[tokio::test(flavor = "multi_thread")]
async fn the_next_quarter_shows_the_last_one_and_an_untouched_form_follows_it() {
    let site = hengli("2018-12-29T10:00:00+08:00").await;
    site.run().await;
    site.run().await;
    let unit = "公用事业服务中心";
    let book = form(&site, unit);
    // The next form is laid before the last quarter is in.
    site.at("2019-01-02T10:00:00+08:00").run().await;
    site.run().await;
    let next = format!("{unit}/本期填报表/2019年第一季度乡村振兴工作台账（{unit}）.xlsx");
    let before = rows(&read(&site.share(&next)));
    assert_eq!(before["22"].get("上季度进展"), None);
    site.drop_file(&format!("{unit}/四季度.xlsx"), &filled(&book, &SEVEN, &FILLED_BY));
    site.run().await;
    assert_eq!(
        site.verdict("四季度.xlsx").await,
        Verdict::Accepted,
        "{:?}",
        site.codes().await
    );
    site.run().await;
    let after = rows(&read(&site.share(&next)));
    assert_eq!(after["22"]["上季度进展"], SEVEN[0].1);
    let status = |number: &str| after[number]["上季度状态"].clone();
    assert_eq!((status("24"), status("27")), ("推进缓慢".into(), "已完成".into()));

    // One row is new, one is copied, and one that was done is opened again; the tick stands for the last.
    site.at("2019-04-02T10:00:00+08:00");
    let book = read(&site.share(&next));
    let report = [
        (
            "22",
            "又完成公厕改造3座，累计7座。",
            "推进中",
            "",
            "二季度完成其余5座。",
        ),
        ("23", SEVEN[1].1, "推进中", "", "二季度覆盖全部村（社区）。"),
        ("27", "返工，重新整地。", "推进中", "", "5月底前完成。"),
    ];
    let fill = [FILLED_BY[0], FILLED_BY[1], ("本期无变化", "是")];
    site.drop_file(&format!("{unit}/一季度.xlsx"), &filled(&book, &report, &fill));
    site.run().await;
    let (last, codes) = (site.last().await, site.codes().await);
    let period = last.period.clone().unwrap();
    assert_eq!(
        (last.verdict, period.to_string().as_str()),
        (Verdict::AcceptedWithWarnings, "2019-Q1"),
        "{codes:?}"
    );
    assert!(
        codes.contains(&"reopened") && codes.contains(&"repeats-last-period"),
        "{codes:?}"
    );
    let program = site.site.program("hengli-tasks").unwrap();
    let stored = site.site.rows(&program, &period, last.id).await.unwrap();
    let carried = stored.iter().map(|row| (row.text("no"), row.carried.is_some()));
    assert_eq!(
        carried.collect::<Vec<_>>(),
        [("22", false), ("23", false), ("27", false), ("24", true)]
    );
    assert_eq!(stored[3].text("done"), SEVEN[2].1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tick_without_an_accepted_quarter_is_refused() {
    let site = hengli("2018-12-29T10:00:00+08:00").await;
    site.run().await;
    site.run().await;
    // 团委 only assists.
    assert!(!site.exists("团委"));
    let unit = "旅游办";
    let book = form(&site, unit);
    let fill = [FILLED_BY[0], FILLED_BY[1], ("本期无变化", "是")];
    site.at("2019-01-03T10:00:00+08:00");
    site.drop_file(&format!("{unit}/台账.xlsx"), &filled(&book, &[], &fill));
    site.run().await;
    assert_eq!(
        site.verdict("台账.xlsx").await,
        Verdict::Returned,
        "{:?}",
        site.codes().await
    );
    let findings = site.site.store.findings(site.last().await.id).await.unwrap();
    let missing = findings
        .iter()
        .find(|finding| finding.code.as_str() == "item-missing");
    let message = &missing.unwrap().message;
    assert!(message.contains("不能用“本期无变化”代替"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_in_which_nothing_was_typed_never_counts() {
    let site = hengli("2018-12-29T10:00:00+08:00").await;
    site.run().await;
    site.run().await;
    let book = form(&site, "旅游办");
    site.drop_file(&format!("旅游办/{FORM}（旅游办）.xlsx"), &save_with(&book, &[]));
    site.run().await;
    site.at("2019-01-08T10:00:00+08:00").run().await;
    assert!(site.records().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_are_wrong_are_named_where_they_stand() {
    let site = hengli("2018-12-29T10:00:00+08:00").await;
    site.run().await;
    site.run().await;
    let unit = "财政分局";
    let book = form(&site, unit);
    let given = rows(&book);
    let report = [
        ("9", "按要求推进。", "严重滞后", "", "尽快推进。"),
        ("19", "起草了实施办法。", "差不多了", "", "下季度印发。"),
    ];
    let wrong = opened(&filled(&book, &report, &FILLED_BY));
    let last: u32 = given["19"]["行"].parse().unwrap();
    let name = format!("B{}", given["9"]["行"]);
    let below = |column: &str, by: u32| format!("{column}{}", last + by);
    let (a, b, c, d) = (below("A", 1), below("F", 1), below("A", 2), below("F", 2));
    let changed = save_with(
        &wrong,
        &[
            ("工作台账", &name, "招商引资"),
            ("工作台账", &a, "99"),
            ("工作台账", &b, "不知道是哪一项。"),
            ("工作台账", &c, "2"),
            ("工作台账", &d, "配合确权。"),
        ],
    );
    site.at("2019-01-03T10:00:00+08:00");
    site.drop_file(&format!("{unit}/台账.xlsx"), &changed);
    site.run().await;
    assert_eq!(site.verdict("台账.xlsx").await, Verdict::Returned);
    let findings = site.site.store.findings(site.last().await.id).await.unwrap();
    let column = |own: Option<&str>| own.unwrap_or_default().to_owned();
    let told: Vec<(&str, String)> = findings
        .iter()
        .map(|finding| (finding.code.as_str(), column(finding.column.as_deref())))
        .collect();
    for (code, at) in [
        ("item-name-mismatch", "task"),
        ("required", "problem"),
        ("not-in-list", "status"),
        ("item-unknown", "no"),
        ("item-not-yours", "no"),
    ] {
        assert!(told.contains(&(code, at.into())), "{code} {told:?}");
    }
    let problem = findings
        .iter()
        .find(|finding| finding.column.as_deref() == Some("problem"));
    assert_eq!(
        problem.unwrap().message,
        "进度状态为“推进缓慢”或“严重滞后”的，“困难和问题”不能为空。"
    );
}

/// A workbook from its bytes.
fn opened(bytes: &[u8]) -> Workbook {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("台账.xlsx");
    std::fs::write(&path, bytes).unwrap();
    read(&path)
}

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
    assert!(line("7", "田坑村（配合单位填报）").contains(&"未报".to_owned()));
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
