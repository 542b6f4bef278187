//! 新会: towns by name, people of several towns, items of which text or units are missing.

use std::collections::BTreeMap;
use std::fs;

use taizhang::domain::finding::Verdict;

use super::{form, taken_for, with_forms, without_stamp};
use crate::harness::{TestSite, cells, read};
use crate::registers::any_form::{filled, lines};

const FORM: &str = "2022年第一季度重点工作进展台账";

#[tokio::test(flavor = "multi_thread")]
async fn towns_are_known_by_name_however_it_is_written() {
    let site = TestSite::of("xinhui-reports", "新会年度报告", "2023-01-03T09:30:00+08:00").await;
    site.run().await;
    let named = [
        ("会城街办", "会城街道办"),
        ("会城街道", "会城街道办"),
        ("会城街道办", "会城街道办"),
        ("沙堆 镇", "沙堆镇"),
        ("大鳌镇", "大鳌镇"),
    ];
    for (name, _) in named {
        site.drop_file(
            &format!("{name}2022年年度报告.pdf"),
            format!("%PDF-1.4 {name}").as_bytes(),
        );
    }
    site.run().await;
    site.run().await;
    for (name, unit) in named {
        let file = format!("{name}2022年年度报告.pdf");
        assert_eq!(taken_for(&site, "xinhui-reports", &file).await, unit, "{name}");
        assert_eq!(site.verdict(&file).await, Verdict::Accepted, "{name}");
    }
    // The document's number is cited with the brackets that such numbers have.
    site.at("2023-02-01T09:30:00+08:00").run().await;
    let sent = site.sent();
    assert!(
        sent.iter()
            .any(|letter| letter.text.contains("新乡振组〔2022〕1号")),
        "{sent:?}"
    );
    assert!(sent.iter().all(|letter| !letter.text.contains("[2022]")));
}

#[tokio::test(flavor = "multi_thread")]
async fn departments_are_known_by_each_of_their_names() {
    let site = TestSite::running("xinhui-tasks", "新会重点工作台账", "2022-04-02T09:00:00+08:00").await;
    let site = with_forms(site).await;
    let named = [
        ("区交通局", "区交通运输局"),
        ("区应急局", "区应急管理局"),
        ("区农业农村局", "区农业农村局(乡村振兴局)"),
        ("区农业农村局（区乡村振兴局）", "区农业农村局(乡村振兴局)"),
        ("区人力资源和社会保障局", "区人力资源社会保障局"),
        ("区文化广电旅游体旅育局", "区文化广电旅游体育局"),
    ];
    for (at, (name, unit)) in named.iter().enumerate() {
        let book = without_stamp(&form(&site, unit, FORM));
        let fill = [
            ("填报单位", *name),
            ("填报人", "李明"),
            ("联系电话", "0750-6612345"),
        ];
        let handed = filled(&book, &fill, |_, line| {
            let number = &line.cells["序号"];
            vec![
                (
                    "工作进展",
                    format!("{name}第{number}项完成{number}处，已报区里备案。"),
                ),
                ("进度状态", "推进中".to_owned()),
                ("下一步计划", "年底前完成。".to_owned()),
            ]
        });
        site.drop_file(&format!("台账{at}.xlsx"), &handed);
    }
    site.run().await;
    for (at, (name, unit)) in named.iter().enumerate() {
        let file = format!("台账{at}.xlsx");
        assert_eq!(taken_for(&site, "xinhui-tasks", &file).await, *unit, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn items_of_which_text_is_missing_stand_on_the_form() {
    let site = TestSite::running("xinhui-tasks", "新会重点工作台账", "2022-04-02T09:00:00+08:00").await;
    let site = with_forms(site).await;
    let name = |unit: &str, number: &str| {
        let lines = lines(&form(&site, unit, FORM), "重点工作进展");
        let line = lines.into_iter().find(|line| line.cells["序号"] == number);
        line.unwrap_or_else(|| panic!("{unit} {number}")).cells["重点工作"].clone()
    };
    assert!(name("区农业农村局(乡村振兴局)", "2").contains("原文此处缺字"));
    assert!(name("区委组织部", "50").contains("原文此处为乱码"));
    // The first lead of 21 reports it, and 40 and 41 are two.
    assert!(name("区委组织部", "21").contains("党群服务中心"));
    assert!(name("区财政局", "41").contains("多元投入机制"));
    let program = site.site.program("xinhui-tasks").unwrap();
    let items = &program.material.items().unwrap().all;
    let numbers: Vec<String> = (1..=51).map(|number| number.to_string()).collect();
    assert!(items.iter().map(|item| &item.number).eq(&numbers));
    let mut groups: Vec<&str> = items.iter().map(|item| item.group.as_str()).collect();
    groups.dedup();
    assert_eq!(groups.len(), 10);
    assert_eq!(
        (groups[1], groups[9]),
        ("（二）提升镇村公共基础设施水平", "（十）强化监督考核")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_town_begins_with_the_people_that_the_document_gives_it() {
    let site = TestSite::running("xinhui-teams", "新会工作队名册", "2022-03-01T09:00:00+08:00").await;
    let site = with_forms(site).await;
    let program = site.site.program("xinhui-teams").unwrap();
    let mut towns_of: BTreeMap<String, usize> = BTreeMap::new();
    for unit in &program.roster.units {
        let book = form(&site, &unit.name, "2022年度驻镇帮扶工作队名册");
        let people = lines(&book, "工作队名册");
        let roles: Vec<&str> = people.iter().map(|line| line.cells["类别"].as_str()).collect();
        // Specialists stand over several rows in print: whose they are nobody knows.
        assert!(!roles.contains(&"农业科技特派员"));
        let is_whole = roles.contains(&"选调生") && roles.contains(&"三支一扶人员");
        assert_eq!(is_whole, unit.name != "会城街道办", "{roles:?}");
        for line in &people {
            let name = &line.cells["姓名"];
            assert!((2..=4).contains(&name.chars().count()), "{name}");
            if line.cells["类别"] == "金融助理" {
                *towns_of.entry(name.clone()).or_default() += 1;
            }
        }
        let from = |name: &str| {
            let line = people.iter().find(|line| line.cells["姓名"] == name);
            line.map(|line| line.cells["派出单位及职务"].clone())
        };
        match unit.name.as_str() {
            "沙堆镇" => assert_eq!(from("李维睿").as_deref(), Some("市政府办公室")),
            "崖门镇" => assert_eq!(from("颜钊").as_deref(), Some("市自然资源局")),
            "会城街道办" => assert_eq!(from("黄天栋").as_deref(), Some("会城街道办党工委")),
            _ => {}
        }
    }
    let shared = [
        ("张炎庭", 3),
        ("郑桂林", 3),
        ("高龙长", 2),
        ("赵永健", 2),
        ("罗杰文", 1),
    ];
    let shared: BTreeMap<String, usize> = shared.map(|(name, towns)| (name.to_owned(), towns)).into();
    assert_eq!(towns_of, shared);
}

/// 附件1 as it is printed: town, area, people, villages, poor.
const TOWNS: [[&str; 5]; 11] = [
    ["会城街道办", "143.87", "289000", "29", "785"],
    ["双水镇", "207.44", "93838", "37", "390"],
    ["三江镇", "82. 37", "51143", "15", "79"],
    ["罗坑镇", "82.08", "35235", "15", "188"],
    ["古井镇", "112. 32", "41907", "17", "305"],
    ["睦洲镇", "80.09", "44924", "15", "61"],
    ["大泽镇", "83.72", "42053", "14", "126"],
    ["崖门镇", "298. 01", "40097", "17", "79"],
    ["沙堆镇", "97. 9", "34575", "11", "89"],
    ["司前镇", "89. 54", "62088", "14", "218"],
    ["大鳌镇", "52.51", "35562", "16", "145"],
];

const FIGURES: &str = r#"schema = 1
id = "town-figures"
kind = "log"
name = "帮扶镇基本情况表"
matter = "帮扶镇基本情况表"
folder = "帮扶镇基本情况"
language = "zh-CN"
[basis]
title = "《新会区乡村振兴驻镇帮镇扶村工作方案》"
number = "新乡振组〔2022〕1号"
date = 2022-02-28
clause = ""
[office]
name = "区农业农村局"
contact = "周芳"
phone = "0750-6612345"
mail = "office@xinhui.example"
[cycle]
kind = "yearly"
first = "2024"
[deadline]
rule = "day-after-period"
day = 31
time = "17:30"
[roster]
units = "roster.csv"
[[form]]
version = "1"
title = "帮扶镇基本情况表（{{ period }}）"
[[form.fill]]
key = "unit"
label = "填报单位"
role = "unit"
required = true
[[form.fill]]
key = "period"
label = "填报年度"
role = "period"
required = false
[[form.sheet]]
name = "基本情况"
row_key = ["town"]
[[form.sheet.column]]
key = "no"
header = "序号"
type = "sequence"
[[form.sheet.column]]
key = "town"
header = "帮扶镇"
type = "text"
required = true
[[form.sheet.column]]
key = "area"
header = "面积（平方公里）"
type = "number"
required = true
[[form.sheet.column]]
key = "people"
header = "户籍人口"
type = "number"
whole = true
required = true
[[form.sheet.column]]
key = "villages"
header = "行政村"
type = "number"
whole = true
required = true
[[form.sheet.column]]
key = "poor"
header = "相对贫困人口"
type = "number"
whole = true
required = true
[[aggregate]]
name = "合计"
sum = ["area", "people", "villages", "poor"]
[ladder]
approval = "none"
"#;

#[tokio::test(flavor = "multi_thread")]
async fn figures_with_blanks_are_read_and_added_up() {
    let site = TestSite::with(|root| {
        let folder = root.join("templates/programs/town-figures");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("program.toml"), FIGURES).unwrap();
        let roster =
            "编号,名称,联络员,联络员邮箱,负责人,负责人邮箱\nA1,区扶贫组,李明,a@x.example,王强,b@x.example\n";
        fs::write(folder.join("roster.csv"), roster).unwrap();
        let config = root.join("config.toml");
        let text = fs::read_to_string(&config).unwrap();
        let both = "enabled = [\"wutang-visits\", \"town-figures\"]";
        let lines = text.lines();
        let lines = lines.map(|line| {
            if line.starts_with("enabled = ") {
                both
            } else {
                line
            }
        });
        fs::write(&config, lines.collect::<Vec<_>>().join("\n")).unwrap();
    })
    .await;
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "帮扶镇基本情况表（2024年度）").unwrap();
    sheet
        .write_string(1, 0, "填报单位：区扶贫组　填报年度：2024年")
        .unwrap();
    let header = [
        "序号",
        "帮扶镇",
        "面积（平方公里）",
        "户籍人口",
        "行政村",
        "相对贫困人口",
    ];
    for (column, text) in (0..).zip(header) {
        sheet.write_string(2, column, text).unwrap();
    }
    for (at, town) in (3..).zip(TOWNS) {
        sheet.write_string(at, 0, (at - 2).to_string()).unwrap();
        for (column, text) in (1..).zip(town) {
            sheet.write_string(at, column, text).unwrap();
        }
    }
    let file = site
        .site
        .options
        .watch
        .join("帮扶镇基本情况/区扶贫组/2024年度.xlsx");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, book.save_to_buffer().unwrap()).unwrap();
    site.run().await;
    let codes = site.codes().await;
    assert!(site.verdict("2024年度.xlsx").await.is_accepted(), "{codes:?}");
    let output = &site.site.options.output;
    let master = read(&output.join("帮扶镇基本情况/2024/汇总台账.xlsx"));
    let sums = cells(&master, "合计");
    for sum in ["1329.85", "770422", "200", "2465"] {
        assert!(sums.values().any(|text| text == sum), "{sum}: {sums:?}");
    }
}
