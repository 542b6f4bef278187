//! What each unit owes, by the tables that are shipped.

mod figures;
mod measures;

use std::sync::Arc;

use super::*;
use crate::domain::fixture::{calendar, hengli};
use crate::domain::ids::{ItemId, UnitId};
use crate::domain::ledger::{LedgerRow, columns_of};
use crate::domain::period::Period;
use crate::domain::program::{Assignment, Joint, Material, Program};

const LAST: Period = Period::Quarter(2018, 4);
const NOW: Period = Period::Quarter(2019, 1);

/// Rows that a unit owes, by the name of each unit that owes any.
fn owed(program: &Program, period: &Period, past: &Past) -> Vec<(String, usize)> {
    let duties = Duties::of(program, period, past);
    let units = program.roster.units.iter();
    units
        .filter(|unit| duties.owes(&unit.id))
        .map(|unit| (unit.name.clone(), duties.due(&unit.id).count()))
        .collect()
}

fn unit(program: &Program, name: &str) -> UnitId {
    program.roster.find(name).expect(name).id.clone()
}

fn row(program: &Program, item: &str, status: &str) -> LedgerRow {
    let sheet = &program.material.forms()[0].sheets[0];
    let cell = |key: &str| match key {
        "no" => item,
        "status" => status,
        "done" => "完成了一批",
        _ => "",
    };
    let keys = sheet.columns.iter().map(|column| cell(&column.key).into());
    LedgerRow {
        columns: columns_of(sheet),
        cells: keys.collect(),
        ..LedgerRow::default()
    }
}

fn past(program: &Program, unit: &UnitId, rows: &[(&str, &str)]) -> Past {
    let mut past = Past::default();
    let rows = rows
        .iter()
        .map(|(item, status)| Arc::new(row(program, item, status)));
    let rows: Vec<_> = rows.collect();
    past.add(program.material.items().unwrap(), unit, &LAST, &rows);
    past
}

#[test]
fn hengli_asks_its_leads_and_the_villages() {
    let program = hengli();
    let owed = owed(&program, &LAST, &Past::default());
    let rows = |name: &str| owed.iter().find(|(own, _)| own == name).map(|(_, rows)| *rows);
    for (name, count) in [
        ("农林水务局", 11),
        ("公用事业服务中心", 4),
        ("农资办", 3),
        ("国土分局", 3),
        ("财政分局", 2),
        ("政法办", 2),
        ("宣教文体局", 2),
        ("村头村", 10),
        ("张坑村", 9),
        ("田坑村", 9),
    ] {
        assert_eq!(rows(name), Some(count), "{name}");
    }
    assert_eq!(owed.len(), 24 + 3);
    assert_eq!((rows("司法分局"), rows("法制办")), (None, None));
    assert_eq!(owed.iter().filter(|(_, rows)| *rows == 1).count(), 17);
    let villages = 10 + 9 + 9;
    assert_eq!(owed.iter().map(|(_, rows)| rows).sum::<usize>(), 44 + villages);
    let duties = Duties::of(&program, &LAST, &Past::default());
    let joint = duties
        .items
        .iter()
        .map(|asked| asked.owers.iter().filter(|ower| ower.leads).count());
    let items = program.material.items().unwrap().all.iter();
    let joint: Vec<(&str, usize)> = items
        .zip(joint)
        .filter(|(_, leads)| *leads > 1)
        .map(|(item, leads)| (item.number.as_str(), leads))
        .collect();
    let expected = [
        ("6", 2),
        ("9", 2),
        ("17", 2),
        ("19", 3),
        ("29", 2),
        ("30", 2),
        ("31", 2),
    ];
    assert_eq!(joint, expected);
}

#[test]
fn the_nine_quarters_of_hengli_are_due_on_working_days() {
    let program = hengli();
    let calendar = calendar();
    let zone = chrono_tz::Asia::Shanghai;
    let periods = program
        .cycle
        .started_by(crate::domain::fixture::date("2023-01-01"), 99);
    let due: Vec<String> = periods
        .iter()
        .map(|period| {
            program
                .due(period, &calendar, zone)
                .unwrap()
                .at
                .date_naive()
                .to_string()
        })
        .collect();
    assert_eq!(
        due,
        [
            "2019-01-07",
            "2019-04-08",
            "2019-07-05",
            "2019-10-08",
            "2020-01-06",
            "2020-04-07",
            "2020-07-06",
            "2020-10-09",
            "2021-01-05"
        ]
    );
}

#[test]
fn what_is_done_owes_nothing_and_stands_on_the_form_of_who_owes_more() {
    let program = hengli();
    let (funds, forestry) = (unit(&program, "财政分局"), unit(&program, "城管分局"));
    // 财政分局 leads 9 and 19, 城管分局 only 21.
    let mut past = past(&program, &funds, &[("9", "已完成"), ("19", "推进中")]);
    let items = program.material.items().unwrap();
    past.add(
        items,
        &forestry,
        &LAST,
        &[Arc::new(row(&program, "21", "已完成"))],
    );
    let duties = Duties::of(&program, &NOW, &past);
    assert_eq!(duties.due(&funds).collect::<Vec<_>>(), [18]);
    assert_eq!(duties.on_form(&funds), [8, 18]);
    assert!(
        !duties.owes(&forestry),
        "all of its items are done: no form, no letter"
    );
    // 农资办 leads 9 as well, and owes its own row.
    assert!(duties.due(&unit(&program, "农资办")).any(|place| place == 8));
}

#[test]
fn where_one_row_is_enough_what_one_lead_has_done_is_done_for_all() {
    let mut program = hengli();
    let Material::Register(register) = &mut program.material else {
        panic!()
    };
    register.items.joint = Joint::Either;
    let past = past(&program, &unit(&program, "财政分局"), &[("9", "已完成")]);
    let duties = Duties::of(&program, &NOW, &past);
    assert!(duties.due(&unit(&program, "农资办")).all(|place| place != 8));
}

#[test]
fn an_item_changes_its_lead_with_the_named_period() {
    let mut program = hengli();
    let justice = unit(&program, "司法分局");
    let forestry = unit(&program, "农林水务局");
    program.assignments = vec![Assignment {
        item: ItemId::new("2").unwrap(),
        leads: vec![justice.clone()],
        from: NOW,
        reason: "镇长办公会议定".into(),
        by: "办公室".into(),
        at: crate::domain::fixture::instant("2019-01-02T09:00:00+08:00"),
    }];
    let rows =
        |period: &Period, past: &Past, unit: &UnitId| Duties::of(&program, period, past).due(unit).count();
    let none = Past::default();
    assert_eq!(
        (rows(&LAST, &none, &justice), rows(&LAST, &none, &forestry)),
        (0, 11)
    );
    assert_eq!(
        (rows(&NOW, &none, &justice), rows(&NOW, &none, &forestry)),
        (1, 10)
    );
    // The new lead is shown what the old one wrote.
    let past = past(&program, &forestry, &[("2", "推进中")]);
    let item = ItemId::new("2").unwrap();
    assert_eq!(past.of(&justice, &item), None);
    assert_eq!(past.shown(&justice, &item).unwrap().unit, forestry);
}

#[test]
fn members_of_a_group_owe_while_they_belong_to_it() {
    let mut program = hengli();
    let village = unit(&program, "田坑村");
    let member = program.roster.members.iter_mut().find(|own| own.unit == village);
    member.unwrap().valid.to = Some(crate::domain::fixture::date("2018-12-31"));
    let none = Past::default();
    assert!(Duties::of(&program, &LAST, &none).owes(&village));
    assert!(!Duties::of(&program, &NOW, &none).owes(&village));
}
