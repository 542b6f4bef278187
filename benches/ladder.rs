//! How long it takes to plan: ten thousand units, twelve periods.

use std::fmt::Write;

use chrono::{DateTime, NaiveDate};
use chrono_tz::Asia::Shanghai;
use criterion::{Criterion, criterion_group, criterion_main};
use taizhang::domain::calendar::Calendar;
use taizhang::domain::notices::{DutyFacts, Hours, PeriodFacts, plan};
use taizhang::domain::obligation::judge;
use taizhang::domain::program::{Program, ProgramSource, parse};
use taizhang::domain::source_table::SourceTable;

/// The Wutang programme with a roster of so many units.
fn program(units: usize) -> Program {
    let mut source = ProgramSource {
        folder: "wutang-visits".into(),
        path: "program.toml".into(),
        definition: include_str!("../templates/programs/wutang-visits/program.toml").into(),
        hash: "0f".into(),
        ..ProgramSource::default()
    };
    for (name, text) in [
        (
            "leaders.csv",
            include_str!("../templates/programs/wutang-visits/leaders.csv").to_owned(),
        ),
        (
            "places.csv",
            include_str!("../templates/programs/wutang-visits/places.csv").to_owned(),
        ),
        ("roster.csv", roster(units)),
    ] {
        let table = SourceTable::from_csv(&text).expect("a table");
        source.tables.insert(name.to_owned(), table);
    }
    parse(&source).expect("a definition")
}

fn roster(units: usize) -> String {
    let shipped = include_str!("../templates/programs/wutang-visits/roster.csv");
    let mut text = shipped.lines().next().unwrap_or_default().to_owned();
    for n in 0..units {
        let _ = write!(
            text,
            "\nN{n:05},单位{n:05},单位{n:05},,,,袁庆,2024-11-11,,,l{n}@bench.example,,h{n}@bench.example"
        );
    }
    text
}

fn planning(criterion: &mut Criterion) {
    let program = program(10_000);
    let calendar = Calendar::parse(include_str!("../templates/holidays.csv")).expect("a calendar");
    let now = DateTime::parse_from_rfc3339("2025-12-08T09:00:00+08:00")
        .expect("an instant")
        .with_timezone(&Shanghai);
    let until = NaiveDate::from_ymd_opt(2025, 10, 31).expect("a day");
    let periods = program.cycle.started_by(until, 12);
    assert_eq!(periods.len(), 12);
    let planned = || {
        let mut count = 0;
        for period in &periods {
            let due = program.due(period, &calendar, Shanghai).expect("a due date");
            let judged: Vec<_> = program
                .roster
                .units
                .iter()
                .map(|unit| judge(&program, period, &due, &unit.id, &[], None, &calendar, None, now))
                .collect();
            let duties = program.roster.units.iter().zip(&judged);
            let facts = PeriodFacts {
                period,
                due: &due,
                revision: 0,
                duties: duties
                    .map(|(unit, obligation)| DutyFacts {
                        due: None,
                        groups: Vec::new(),
                        grace: None,
                        unit,
                        reopened: None,
                        obligation,
                        returned: None,
                        held: false,
                        missed_before: 0,
                        values: Vec::new(),
                        lagging: Vec::new(),
                    })
                    .collect(),
                behind: Vec::new(),
            };
            count += plan(
                &program,
                &program.ladder,
                &Hours::default(),
                &calendar,
                &facts,
                (now, None),
            )
            .len();
        }
        count
    };
    // Six steps for each unit and period, three for the period.
    assert_eq!(planned(), 12 * (10_000 * 6 + 3));
    criterion.bench_function("plan 10,000 units for 12 periods", |bencher| {
        bencher.iter(planned);
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = planning
}
criterion_main!(benches);
