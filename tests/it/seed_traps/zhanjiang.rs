//! 湛江: units with other names, items of one name, years without requirement.

use taizhang::desk::standing;
use taizhang::domain::finding::Verdict;
use taizhang::domain::period::Period;
use taizhang::domain::program::Growth;
use taizhang::domain::register::ItemState;

use super::{form, taken_for, with_forms};
use crate::harness::TestSite;
use crate::registers::any_form::lines;

/// Numbers and names of the tasks on a unit's form.
fn tasks(site: &TestSite, unit: &str, quarter: &str) -> Vec<(String, String)> {
    let book = form(site, unit, &format!("{quarter}任务进度台账"));
    let lines = lines(&book, "任务进度台账").into_iter();
    lines
        .map(|line| (line.cells["序号"].clone(), line.cells["任务"].clone()))
        .collect()
}

async fn tasks_in(now: &str) -> TestSite {
    with_forms(TestSite::running("zhanjiang-tasks", "湛江经开区任务台账", now).await).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_is_known_by_each_of_its_names() {
    let site = TestSite::of(
        "zhanjiang-plans",
        "湛江经开区实施方案",
        "2018-07-20T09:30:00+08:00",
    )
    .await;
    site.run().await;
    let named = [
        ("区发革局", "区发改局"),
        ("区公安局", "区公安分局"),
        ("区农业局（区扶贫办）", "区农业局"),
        ("区党政办（法制科）", "区党政办"),
        // Until the office has decided it is a unit of its own.
        ("区扶贫办", "区扶贫办"),
        (
            "湛江供销社联合社（东山、东简、民安、硇洲供销社）",
            "湛江供销社联合社（东山、东简、民安、硇洲供销社）",
        ),
        ("东简", "东简街道"),
    ];
    for (name, _) in named {
        site.drop_file(
            &format!("{name}实施方案.pdf"),
            format!("%PDF-1.4 {name}").as_bytes(),
        );
    }
    site.run().await;
    site.run().await;
    for (name, unit) in named {
        let file = format!("{name}实施方案.pdf");
        assert_eq!(taken_for(&site, "zhanjiang-plans", &file).await, unit, "{name}");
        assert_eq!(site.verdict(&file).await, Verdict::Accepted, "{name}");
    }
    // Branches within the brackets are no units of their own.
    let program = site.site.program("zhanjiang-plans").unwrap();
    assert_eq!(program.roster.units.len(), 35);
    assert!(program.roster.find("东山供销社").is_none() && program.roster.find("民安").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_asks_for_what_its_year_requires() {
    let site = tasks_in("2018-10-08T09:00:00+08:00").await;
    let quarter = "2018年第三季度";
    let has = |site: &TestSite, unit: &str, quarter: &str, number: &str| {
        let tasks = tasks(site, unit, quarter);
        tasks.iter().filter(|(own, _)| own == number).count()
    };
    // 9 requires nothing in any year.
    for (number, count) in [("7", 1), ("46", 1), ("9", 0)] {
        assert_eq!(has(&site, "区农业局", quarter, number), count, "{number}");
    }
    // What was due before the document was given out is history, and owes nothing.
    let program = site.site.program("zhanjiang-tasks").unwrap();
    let stands = standing::standing(&site.site, &program, &Period::Quarter(2018, 3))
        .await
        .unwrap()
        .unwrap();
    for id in ["116", "117", "118"] {
        let items = stands.items.iter().filter(|own| *own.item == *id);
        let states: Vec<ItemState> = items.map(|own| own.state).collect();
        assert_eq!(states, [ItemState::Historic], "{id}");
    }
    for unit in ["区人口局", "区旅游局"] {
        assert_eq!(has(&site, unit, quarter, "54"), 1, "分别负责: {unit}");
    }
    for (unit, number, count) in [
        ("区委政法委", "86", 1),
        ("区委政法委", "87", 1),
        ("区交通局", "44", 2),
        ("区交通局", "45", 2),
    ] {
        assert_eq!(has(&site, unit, quarter, number), count, "{unit} {number}");
    }
    // Slips of the pen stay as they are printed.
    for (unit, slip) in [("区交通局", "村道养掮"), ("区经科局", "信息化民展")] {
        let book = form(&site, unit, &format!("{quarter}任务进度台账"));
        let lines = lines(&book, "任务进度台账");
        assert!(
            lines.iter().any(|line| line.cells["内容"].contains(slip)),
            "{slip}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn items_of_one_name_are_told_apart_by_their_numbers() {
    let site = tasks_in("2019-04-02T09:00:00+08:00").await;
    let found = tasks(&site, "区农业局", "2019年第一季度");
    let numbers: Vec<&str> = found
        .iter()
        .filter(|(_, name)| name == "创建特色乡村试点")
        .map(|(number, _)| number.as_str())
        .collect();
    assert_eq!(numbers, ["60", "118"]);
    // 7 and 46 required something in 2018 only.
    assert!(
        found
            .iter()
            .all(|(number, _)| !["7", "9", "46"].contains(&number.as_str()))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_are_added_up_or_held_as_the_document_means_them() {
    let site = TestSite::of(
        "zhanjiang-tasks",
        "湛江经开区任务台账",
        "2018-07-26T09:00:00+08:00",
    )
    .await;
    let program = site.site.program("zhanjiang-tasks").unwrap();
    let items = program.material.items().unwrap();
    assert!(items.all.iter().all(|item| !item.name.contains('\n')));
    let figure = |id: &str| items.item(id).unwrap();
    let growth = |id: &str| figure(id).measure.as_ref().unwrap().growth;
    for (id, expected) in [
        ("32-量1", Growth::Sum),
        ("119-量1", Growth::Sum),
        ("84-量1", Growth::Level),
        ("87-量1", Growth::Level),
        ("99-量1", Growth::Level),
    ] {
        assert_eq!(growth(id), expected, "{id}");
    }
    // What the years want comes to what is wanted over all of them.
    let mut added = 0;
    for item in items.all.iter().filter(|item| item.begins_anew()) {
        let whole = item.cells.iter().find_map(|cell| cell.split("合计").nth(1));
        let digits = |text: &str| -> String { text.chars().take_while(char::is_ascii_digit).collect() };
        let Some(whole) = whole.map(digits).filter(|whole| !whole.is_empty()) else {
            continue;
        };
        let years = [2018, 2019, 2020]
            .into_iter()
            .filter_map(|year| item.wanted(year));
        let sum: rust_decimal::Decimal = years.sum();
        if item.years.values().any(|year| !year.text.is_empty()) {
            assert_eq!(sum.to_string(), whole, "{}", item.id);
            added += 1;
        }
    }
    assert!(added >= 6, "{added}");
    // Left to the office: no year of its own, two years for one thing, two readings of a date.
    for id in ["30-量6", "49-量1", "118-量1"] {
        let wanted = [2018, 2019, 2020].map(|year| figure(id).wanted(year));
        assert_eq!(wanted, [None; 3], "{id}");
    }
    let wanted = |id: &str| [2018, 2019, 2020].map(|year| figure(id).wanted(year).map(|own| own.to_string()));
    assert_eq!(wanted("96-量2"), [None, None, Some("3".into())]);
    assert_eq!(wanted("97-量1"), [Some("3".into()), None, None]);
    assert_eq!(wanted("44-量1"), [Some("100".into()), None, None]);
}
