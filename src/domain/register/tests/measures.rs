//! Figures that measure items: who owes them, and how they stand against their pace.

use std::sync::Arc;

use rust_decimal::Decimal;

use super::*;
use crate::domain::fixture::{date, zhanjiang};
use crate::domain::ledger::Meaning;
use crate::domain::program::{Growth, Items};
use crate::domain::register::Asking;
use crate::domain::targets::Light;

fn items(program: &Program) -> &Items {
    program.material.items().unwrap()
}

fn figures(items: &Items) -> impl Iterator<Item = (usize, &crate::domain::program::Item)> {
    let all = items.all.iter().enumerate();
    all.filter(|(_, item)| item.measure.is_some())
}

/// A row that says what has been reached.
fn reached(program: &Program, item: &str, value: &str) -> LedgerRow {
    let sheet = &program.material.forms()[0].sheets[1];
    let place = sheet.column("value").unwrap().0;
    let cell = |key: &str| match key {
        "no" => item,
        "value" => value,
        _ => "",
    };
    LedgerRow {
        form_sheet: 1,
        columns: columns_of(sheet),
        cells: sheet
            .columns
            .iter()
            .map(|column| cell(&column.key).into())
            .collect(),
        meanings: value
            .parse()
            .map(|number| (u16::try_from(place).unwrap(), Meaning::Number(number)))
            .into_iter()
            .collect(),
        ..LedgerRow::default()
    }
}

#[test]
fn zhanjiang_has_52_figures_on_35_items() {
    let program = zhanjiang();
    let items = items(&program);
    let of = |growth| {
        figures(items)
            .filter(|(_, item)| item.measure.as_ref().unwrap().growth == growth)
            .count()
    };
    assert_eq!(
        (of(Growth::Level), of(Growth::Sum), of(Growth::Words)),
        (37, 14, 1)
    );
    let mut measured: Vec<&str> = figures(items).map(|(_, item)| item.of.as_str()).collect();
    measured.dedup();
    assert_eq!(measured.len(), 35);
    let six = |number: &str| figures(items).filter(|(_, item)| item.number == number).count();
    assert_eq!((six("23"), six("30")), (6, 6));
    let undated = figures(items).filter(|(_, item)| item.years.values().all(|year| year.text.is_empty()));
    let names: Vec<&str> = undated.map(|(_, item)| item.name.as_str()).collect();
    assert_eq!(names, ["星级农家乐", "基站站点"]);
}

#[test]
fn a_figure_is_owed_by_who_leads_its_item_in_the_years_that_want_it() {
    let program = zhanjiang();
    let items = items(&program);
    let state = |year: i32, id: &str| {
        let duties = Duties::of(&program, &Period::Quarter(year, 4), &Past::default());
        let place = items.place(id).unwrap();
        let asked = &duties.items[place];
        let owers = asked.owers.iter().map(|ower| ower.unit.clone());
        (asked.state, owers.collect::<Vec<_>>())
    };
    let farming = unit(&program, "区农业局");
    assert_eq!(state(2018, "31-量1"), (Asking::Due, vec![farming.clone()]));
    // Nobody is known to lead 30 and 23; 44-2 and 118 are asked for in some years only.
    assert_eq!(state(2018, "23-量1"), (Asking::Undecided, Vec::new()));
    assert_eq!(state(2019, "23-量1"), (Asking::NotThisYear, Vec::new()));
    assert_eq!(state(2018, "44-量1").0, Asking::Due);
    assert_eq!(state(2019, "44-量1").0, Asking::NotThisYear);
    assert_eq!(state(2018, "118-量1"), (Asking::Historic, vec![farming.clone()]));
    // No year wants a number of it, and it is wanted over all of them.
    assert_eq!(state(2019, "49-量1").0, Asking::Due);
    // What is done isn't measured any more.
    let mut past = Past::default();
    past.add(
        items,
        &farming,
        &Period::Quarter(2018, 3),
        &[Arc::new(row(&program, "31", "已完成"))],
    );
    let duties = Duties::of(&program, &Period::Quarter(2018, 4), &past);
    let owes = |id: &str| duties.due(&farming).any(|place| *items.all[place].id == *id);
    assert!(!owes("31") && !owes("31-量1") && owes("33-量1"));
}

type Pace = (
    &'static str,
    i32,
    u32,
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
    Option<Light>,
);

/// Figure, period, what was reached; what is wanted by then, the shortfall, the light.
const PACES: &[Pace] = &[
    // 1000 亩 a year: 500 by the end of June.
    (
        "31-量1",
        2019,
        2,
        "500",
        Some("500"),
        Some("0"),
        Some(Light::Green),
    ),
    (
        "31-量1",
        2019,
        2,
        "400",
        Some("500"),
        Some("10"),
        Some(Light::Green),
    ),
    (
        "31-量1",
        2019,
        2,
        "399",
        Some("500"),
        Some("10.1"),
        Some(Light::Yellow),
    ),
    (
        "31-量1",
        2019,
        2,
        "200",
        Some("500"),
        Some("30"),
        Some(Light::Yellow),
    ),
    (
        "31-量1",
        2019,
        2,
        "199",
        Some("500"),
        Some("30.1"),
        Some(Light::Red),
    ),
    (
        "31-量1",
        2019,
        2,
        "900",
        Some("500"),
        Some("0"),
        Some(Light::Green),
    ),
    // From 90 to 95 over 2019: 92.5 in the middle.
    (
        "45-量1",
        2019,
        2,
        "92.5",
        Some("92.5"),
        Some("0"),
        Some(Light::Green),
    ),
    (
        "45-量1",
        2019,
        2,
        "60",
        Some("92.5"),
        Some("34.2"),
        Some(Light::Red),
    ),
    // Without last year's requirement only the end of the year is judged.
    ("45-量1", 2018, 3, "10", None, None, None),
    (
        "45-量1",
        2018,
        4,
        "10",
        Some("90"),
        Some("88.9"),
        Some(Light::Red),
    ),
    // What isn't one number has no pace.
    ("86-量1", 2018, 4, "2", None, None, None),
    ("84-量1", 2018, 4, "50", None, None, None),
    ("84-量1", 2019, 4, "80", Some("80"), Some("0"), Some(Light::Green)),
    ("49-量1", 2019, 4, "3", None, None, None),
];

#[test]
fn a_figure_is_measured_against_its_pace() {
    let program = zhanjiang();
    let items = items(&program);
    let dec = |text: &str| text.parse::<Decimal>().unwrap();
    for (id, year, quarter, value, wanted, short, light) in PACES {
        let line = ItemLine {
            place: items.place(id).unwrap(),
            unit: None,
            leads: true,
            state: ItemState::Accepted,
            row: Some(Arc::new(reached(&program, id, value))),
            of: None,
        };
        let (_, end) = program.cycle.span(&Period::Quarter(*year, *quarter)).unwrap();
        let found = progress(items, &line, end).unwrap();
        assert_eq!(
            (found.wanted, found.short, found.light),
            (wanted.map(dec), short.map(dec), *light),
            "{id} {year}-Q{quarter} {value}"
        );
        let missing = ItemLine {
            state: ItemState::Missing,
            ..line
        };
        assert_eq!(progress(items, &missing, end), None);
    }
    assert_eq!(
        date("2019-06-30"),
        program.cycle.span(&Period::Quarter(2019, 2)).unwrap().1
    );
}

#[test]
fn what_is_added_up_begins_anew_with_the_year() {
    let program = zhanjiang();
    let items = items(&program);
    let farming = unit(&program, "区农业局");
    let mut past = Past::default();
    let rows = ["31-量1", "39-量1"].map(|id| Arc::new(reached(&program, id, "0.4")));
    past.add(items, &farming, &Period::Quarter(2018, 4), &rows);
    let shown = |quarter: Period, id: &str| {
        let duties = Duties::of(&program, &quarter, &past);
        let place = items.place(id).unwrap();
        let ready = ready(&program, &quarter, &farming, (&duties, &past), &[place]);
        let sheet = &program.material.forms()[0].sheets[1];
        ready[0].cells[sheet.column("last_value").unwrap().0].clone()
    };
    assert_eq!(shown(Period::Quarter(2019, 1), "31-量1"), "0.4（2018年）");
    assert_eq!(shown(Period::Quarter(2019, 1), "39-量1"), "0.4");
    let before = past.of(&farming, &ItemId::new("31-量1").unwrap()).unwrap();
    let holds = |id: &str, year| before.holds_in(items.item(id).unwrap(), year, &program);
    assert_eq!(
        (
            holds("31-量1", 2018),
            holds("31-量1", 2019),
            holds("39-量1", 2019)
        ),
        (true, false, true)
    );
}

#[test]
fn leads_that_report_different_things_are_named() {
    let program = hengli();
    let items = items(&program);
    // 9 is led by 农资办 and 财政分局, 2 by 农林水务局 alone.
    let (first, second) = (unit(&program, "农资办"), unit(&program, "财政分局"));
    let line = |unit: &UnitId, item: &str, status: &str, state| ItemLine {
        place: items.place(item).unwrap(),
        unit: Some(unit.clone()),
        leads: true,
        state,
        row: Some(Arc::new(row(&program, item, status))),
        of: None,
    };
    let alike = [
        line(&first, "9", "推进中", ItemState::Accepted),
        line(&second, "9", "推进中", ItemState::Unchanged),
    ];
    assert_eq!(disagreements(items, &alike), []);
    let open = [
        line(&first, "9", "推进中", ItemState::Accepted),
        line(&second, "9", "已完成", ItemState::Returned),
    ];
    assert_eq!(disagreements(items, &open), [], "what went back says nothing");
    let differ = [
        line(&first, "9", "推进中", ItemState::Accepted),
        line(&second, "9", "已完成", ItemState::Accepted),
    ];
    let found = disagreements(items, &differ);
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].reports,
        [(first, "推进中".to_owned()), (second, "已完成".to_owned())]
    );
}

#[test]
fn items_are_counted_in_words() {
    let program = zhanjiang();
    let items = items(&program);
    let line = |id: &str, state| ItemLine {
        place: items.place(id).unwrap(),
        unit: None,
        leads: true,
        state,
        row: None,
        of: None,
    };
    let lines = [
        line("42", ItemState::Accepted),
        line("44", ItemState::Missing),
        line("44-2", ItemState::Missing),
        line("45", ItemState::Returned),
        line("54", ItemState::NotThisYear),
        line("44-量1", ItemState::Missing),
    ];
    let tally = ItemTally::of(items, lines.iter());
    let chinese = crate::domain::language::Language::Chinese;
    assert_eq!(
        tally.in_words(chinese),
        "4项：已报1项，退回1项（第45项），未报2项（第44项）；指标1个：未报1个（第44项）"
    );
    assert_eq!(
        tally.in_figures(chinese),
        "4项：已报1项，退回1项，未报2项；指标1个：未报1个"
    );
    assert_eq!(ItemTally::of(items, lines[4..5].iter()).in_words(chinese), "");
}
