//! What every table keeps to, and what each says in the untidy case.

use super::*;
use crate::domain::consolidate::{AggregateLine, AggregateTable, Collector};
use crate::domain::fixture::{self, november, obligation, row, submission};
use crate::domain::language::Language;
use crate::domain::obligation::State;

fn subject<'a>(program: &'a Program, period: &'a Period) -> Subject<'a> {
    Subject {
        program,
        form: &program.material.forms()[0],
        period,
        words: Words::of(program.language),
    }
}

/// November with every state that a unit can be in, a joint visit and one elsewhere.
fn summary(program: &Program) -> Summary {
    let due = fixture::due();
    let mut collector = Collector::new(program, &november(), &due);
    let ledgers = [
        (0, row("2024-11-05", "乌塘圩村", 2)),
        (3, row("2024-11-13", "湛川村", 1)),
        (10, row("2024-11-05", "乌塘圩村", 2)),
    ];
    for (place, row) in &ledgers {
        let unit = &program.roster.units[*place];
        collector.add(unit, &submission(&unit.id, november()), std::slice::from_ref(row));
    }
    let states = [
        State::Overdue,
        State::Returned,
        State::Nil,
        State::Exempt,
        State::Due,
    ];
    let obligations: Vec<_> = (0..)
        .zip(&program.roster.units)
        .map(|(place, unit)| {
            let came = ledgers.iter().any(|(own, _)| *own == place);
            let other = states[place % states.len()];
            obligation(&unit.id, if came { State::Accepted } else { other })
        })
        .collect();
    collector.finish(&obligations)
}

fn tables(of: Subject<'_>, summary: &Summary, infos: &[Info], unplaced: &[Unplaced]) -> Vec<Table> {
    let sheets = sheets(of, summary, infos, unplaced, (None, &[]));
    let tables = sheets.into_iter().filter_map(|sheet| match sheet {
        Sheet::Table(table) => Some(table),
        Sheet::Changes => None,
    });
    std::iter::once(overview(of, summary)).chain(tables).collect()
}

/// What a line says, cell by cell.
fn said(line: &Line) -> Vec<String> {
    match line {
        Line::Cells(cells) | Line::Row { cells, .. } => cells
            .iter()
            .map(|cell| match &cell.value {
                Value::Text(text) => text.clone(),
                Value::Number(number) => number.to_string(),
            })
            .collect(),
        Line::Heading(words) => vec![words.clone()],
        Line::Spans(spans) => spans.iter().map(|(_, text)| text.clone()).collect(),
    }
}

fn unplaced(key: &str, text: &str) -> Unplaced {
    Unplaced {
        key: key.into(),
        column: "领导批示".into(),
        text: text.into(),
    }
}

#[test]
fn every_line_of_every_table_is_as_wide_as_its_header() {
    for language in [Language::Chinese, Language::English] {
        let mut program = fixture::wutang();
        program.language = language;
        let mut summary = summary(&program);
        summary.aggregates.push(AggregateTable {
            name: "按单位汇总".into(),
            columns: vec!["投入".into(), "户数".into()],
            lines: vec![
                AggregateLine {
                    name: "甲".into(),
                    values: Some(vec![1.into(), 2.into()]),
                },
                AggregateLine {
                    name: "乙".into(),
                    values: None,
                },
            ],
            total: vec![1.into(), 2.into()],
        });
        let period = november();
        let infos = [Info::default()];
        let tables = tables(
            subject(&program, &period),
            &summary,
            &infos,
            &[unplaced("不是行标识", "请跟进")],
        );
        assert_eq!(tables.len(), 7);
        for table in tables {
            for line in &table.lines {
                let width = match line {
                    Line::Cells(cells) | Line::Row { cells, .. } => cells.len(),
                    Line::Heading(_) => continue,
                    Line::Spans(spans) => spans.iter().map(|(columns, _)| columns).sum(),
                };
                assert_eq!(width, table.columns.len(), "{}: {:?}", table.name, said(line));
            }
        }
    }
}

#[test]
fn the_sums_of_the_reporting_sheet_are_those_of_its_lines() {
    let program = fixture::wutang();
    let summary = summary(&program);
    let period = november();
    let table = reporting::table(subject(&program, &period), &summary);
    let lines: Vec<_> = table.lines.iter().map(said).collect();
    let (sums, units) = lines.split_last().unwrap();
    for column in [2, 3, 7] {
        let sum: u32 = units
            .iter()
            .map(|line| line[column].parse::<u32>().unwrap())
            .sum();
        assert_eq!(sums[column], sum.to_string(), "{}", table.columns[column].header);
    }
    assert_eq!(units.len(), program.roster.units.len());
}

#[test]
fn namesakes_keep_a_line_each_and_the_coordinating_have_no_light() {
    let mut program = fixture::wutang();
    program.roster.leaders[3].name = program.roster.leaders[2].name.clone();
    let summary = summary(&program);
    let period = november();
    let table = leaders::table(subject(&program, &period), summary.visits.as_ref().unwrap());
    let name = &program.roster.leaders[2].name;
    let lines: Vec<_> = table.lines.iter().map(said).collect();
    let namesakes: Vec<_> = lines.iter().filter(|line| line[1] == *name).collect();
    assert_eq!(namesakes.len(), 2);
    assert_ne!(
        namesakes[0][3..7],
        namesakes[1][3..7],
        "figures are each one's own"
    );
    assert_eq!(lines[0][12], "—");
    assert!(lines[0].last().unwrap().contains("统筹指导"), "{:?}", lines[0]);
}

#[test]
fn a_light_never_stands_by_its_colour_alone() {
    let program = fixture::wutang();
    let summary = summary(&program);
    let period = november();
    for table in tables(subject(&program, &period), &summary, &[], &[]) {
        for line in &table.lines {
            let Line::Cells(cells) = line else { continue };
            let lit = cells
                .iter()
                .filter(|cell| matches!(cell.tone, Tone::Green | Tone::Yellow | Tone::Red));
            for cell in lit {
                let words = said(line).join(" ");
                assert!(words.contains('灯'), "{}: {cell:?} in {words}", table.name);
            }
        }
    }
}

#[test]
fn remarks_without_row_come_by_the_roster_and_those_who_left_come_last() {
    let program = fixture::wutang();
    let period = november();
    let of = subject(&program, &period);
    let keys = |unit: &str| {
        let rows = [row("2024-11-05", "乌塘圩村", 2)];
        super::super::row_keys(of.form, unit, &rows)[0].to_string()
    };
    let own = [
        unplaced(&keys("gone"), "已离任"),
        unplaced("不是行标识", "原样"),
        unplaced(&keys("U05"), "请跟进"),
        unplaced(&keys("U02"), "同意"),
    ];
    let table = unplaced::table(of, &own).unwrap();
    let lines: Vec<_> = table.lines.iter().map(said).collect();
    let texts: Vec<_> = lines.iter().map(|line| line[3].as_str()).collect();
    assert_eq!(texts, ["同意", "请跟进", "已离任", "原样"]);
    assert_eq!(lines[0][0], program.roster.units[1].display_name);
    assert_eq!(
        (lines[2][0].as_str(), lines[3][1].as_str()),
        ("gone", "不是行标识")
    );
    assert!(unplaced::table(of, &[]).is_none() && infos::table(of, &[]).is_none());
}
