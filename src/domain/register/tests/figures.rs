//! The figures that must come out of the documents' own tables.

use super::*;
use crate::domain::fixture::{checklist, qianshui, scores, xinhui, zhanjiang};
use crate::domain::register::Asking;

/// Units that owe, and the rows that they owe together.
fn sums(program: &Program, period: &Period) -> (usize, usize) {
    let owed = owed(program, period, &Past::default());
    (owed.len(), owed.iter().map(|(_, rows)| rows).sum())
}

fn rows_of(program: &Program, period: &Period, name: &str) -> usize {
    let owed = owed(program, period, &Past::default());
    owed.iter()
        .find(|(own, _)| own == name)
        .map_or(0, |(_, rows)| *rows)
}

/// Numbers of items that nobody is known to lead.
fn undecided(program: &Program, period: &Period) -> Vec<String> {
    let duties = Duties::of(program, period, &Past::default());
    let items = program.material.items().unwrap().all.iter().zip(&duties.items);
    let mut numbers: Vec<String> = items
        .filter(|(_, asked)| asked.undecided)
        .map(|(item, _)| item.number.clone())
        .collect();
    numbers.dedup();
    numbers
}

fn due_dates(program: &Program, until: &str) -> Vec<String> {
    let calendar = calendar();
    let zone = chrono_tz::Asia::Shanghai;
    let periods = program.cycle.started_by(crate::domain::fixture::date(until), 99);
    let due = periods
        .iter()
        .map(|period| program.due(period, &calendar, zone).unwrap());
    due.map(|due| due.at.date_naive().to_string()).collect()
}

#[test]
fn an_id_means_one_item_even_where_two_have_its_number() {
    let program = qianshui();
    let items = program.material.items().unwrap();
    let ids = |text| -> Vec<&str> { items.meant(text).iter().map(|item| item.id.as_str()).collect() };
    assert_eq!(items.all.iter().filter(|item| item.number == "14").count(), 2);
    assert_eq!(ids("14"), ["14"]);
    assert_eq!(ids("14b"), ["14b"]);
    assert!(ids("99").is_empty());
}

#[test]
fn qianshui_has_27_items_for_seven_offices() {
    let mut program = qianshui();
    let month = Period::Month(2023, 5);
    for (name, rows) in [
        ("农业农村办", 8),
        ("规划办", 7),
        ("公共服务办", 5),
        ("党建办", 3),
        ("纪检监察办", 2),
        ("综治办", 1),
        ("应急办", 1),
        ("执法办", 0),
        ("驻镇工作队", 0),
        ("人大办", 0),
    ] {
        assert_eq!(rows_of(&program, &month, name), rows, "{name}");
    }
    assert_eq!(sums(&program, &month), (7, 27));
    assert_eq!(undecided(&program, &month), ["2"]);
    let items = program.material.items().unwrap();
    assert_eq!(items.all.len(), 27);
    assert_eq!(items.all.iter().filter(|item| item.number == "14").count(), 2);
    // Due on the 25th of the month itself.
    assert_eq!(
        due_dates(&program, "2023-07-01"),
        ["2023-05-25", "2023-06-25", "2023-07-25"]
    );
    // What the office confirms as an alias decides the second item.
    let office = program.roster.find("农业农村办").unwrap().id.clone();
    if let Material::Register(register) = &mut program.material {
        register.items.all[1].leads = vec![crate::domain::program::Party::Unit(office)];
    }
    assert_eq!(sums(&program, &month), (7, 28));
    assert_eq!(rows_of(&program, &month, "农业农村办"), 9);
}

#[test]
fn zhanjiang_asks_for_what_each_year_requires() {
    let program = zhanjiang();
    let items = &program.material.items().unwrap().all;
    let tasks = items.iter().filter(|item| item.sheet != "量化指标");
    assert_eq!(tasks.clone().count(), 122);
    let whole = tasks.clone().filter(|item| item.of == item.id);
    assert_eq!(
        (
            whole.clone().count(),
            whole.clone().filter(|item| item.starred).count()
        ),
        (120, 52)
    );
    let groups = [
        "资源资产盘活行动",
        "三产融合发展行动",
        "综合环境改善行动",
        "文明乡风培育行动",
        "基层治理提质行动",
        "致富奔康扶助行动",
        "特色乡村创建行动",
    ];
    let sizes = groups.map(|group| whole.clone().filter(|item| item.group == group).count());
    assert_eq!(sizes, [9, 13, 27, 11, 35, 19, 6]);
    for (year, quarter, units, count, rows, farming, party, people) in [
        (2018, 3, 16, 78, 81, 22, 18, 10),
        (2019, 1, 15, 70, 71, 20, 18, 9),
        (2020, 4, 14, 67, 68, 19, 18, 9),
    ] {
        let period = Period::Quarter(year, quarter);
        let duties = Duties::of(&program, &period, &Past::default());
        let is_task = |place: &usize| items[*place].sheet != "量化指标";
        let due: Vec<(&UnitId, usize)> = program
            .roster
            .units
            .iter()
            .flat_map(|unit| {
                // What was over before stands on the form as given.
                let places = duties.on_form(&unit.id).iter().copied();
                places.filter(is_task).map(|place| (&unit.id, place))
            })
            .collect();
        let mut numbers: Vec<&str> = due.iter().map(|(_, place)| &*items[*place].of).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut owers: Vec<&UnitId> = due.iter().map(|(unit, _)| *unit).collect();
        owers.sort_unstable();
        owers.dedup();
        assert_eq!(
            (owers.len(), numbers.len(), due.len()),
            (units, count, rows),
            "{year}"
        );
        for (name, rows) in [("区农业局", farming), ("区委组织部", party), ("区人口局", people)]
        {
            let own = unit(&program, name);
            assert_eq!(
                due.iter().filter(|(unit, _)| **unit == own).count(),
                rows,
                "{year} {name}"
            );
        }
    }
}

#[test]
fn zhanjiang_has_41_items_to_decide_and_deadlines_that_were_over() {
    let program = zhanjiang();
    let items = &program.material.items().unwrap().all;
    let whole = |item: &&crate::domain::program::Item| item.of == item.id && item.sheet != "量化指标";
    let nobody = items
        .iter()
        .filter(whole)
        .filter(|item| item.leads.is_empty())
        .count();
    assert_eq!(nobody, 41);
    let starred = items
        .iter()
        .filter(whole)
        .filter(|item| item.starred && item.leads.is_empty())
        .count();
    assert_eq!(starred, 28);
    for (year, count, stars, rows) in [(2018, 119, 52, 121), (2019, 108, 51, 109), (2020, 105, 51, 106)] {
        let required = |item: &&crate::domain::program::Item| {
            item.sheet != "量化指标" && item.years.get(&year).is_some_and(|year| !year.text.is_empty())
        };
        let rows_found = items.iter().filter(required).count();
        let mut of: Vec<(&str, bool)> = items
            .iter()
            .filter(required)
            .map(|item| (&*item.of, item.starred))
            .collect();
        of.dedup_by_key(|own| own.0);
        let starred = of.iter().filter(|(_, starred)| *starred).count();
        assert_eq!((of.len(), starred, rows_found), (count, stars, rows), "{year}");
    }
    let duties = Duties::of(&program, &Period::Quarter(2018, 3), &Past::default());
    let historic: Vec<&str> = items
        .iter()
        .zip(&duties.items)
        .filter(|(item, asked)| item.measure.is_none() && asked.state == Asking::Historic)
        .map(|(item, _)| item.number.as_str())
        .collect();
    assert_eq!(historic, ["115", "116", "117", "118"]);
    assert_eq!(due_dates(&program, "2021-12-31").len(), 10);
}

#[test]
fn xinhui_asks_twenty_units_and_keeps_nine_items_to_decide() {
    let program = xinhui();
    let quarter = Period::Quarter(2022, 1);
    assert_eq!(sums(&program, &quarter), (20, 42));
    assert_eq!(
        undecided(&program, &quarter),
        ["24", "25", "28", "29", "30", "37", "40", "44", "46"]
    );
    for (name, rows) in [
        ("区农业农村局(乡村振兴局)", 15),
        ("区委组织部", 4),
        ("区民政局", 3),
        ("区人社局", 3),
        ("区财政局", 2),
        ("双水镇", 0),
    ] {
        assert_eq!(
            rows_of(
                &program,
                &quarter,
                &name.replace("区人社局", "区人力资源社会保障局")
            ),
            rows,
            "{name}"
        );
    }
    let single = owed(&program, &quarter, &Past::default());
    assert_eq!(single.iter().filter(|(_, rows)| *rows == 1).count(), 15);
    assert_eq!(
        due_dates(&program, "2022-12-31"),
        ["2022-04-11", "2022-07-11", "2022-10-10", "2023-01-10"]
    );
}

#[test]
fn every_unit_of_wutang_owes_the_whole_list() {
    let (list, points) = (checklist(), scores());
    let half = Period::Half(2024, 2);
    assert_eq!(sums(&list, &half), (13, 208));
    assert_eq!(due_dates(&list, "2025-06-30"), ["2025-01-10", "2025-07-10"]);
    assert_eq!(sums(&points, &half), (34, 34 * 33));
    let items = &points.material.items().unwrap().all;
    assert_eq!(items.iter().filter(|item| item.sheet == "评分表").count(), 25);
}
