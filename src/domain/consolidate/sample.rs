//! A programme as the documents of Wutang describe it, for tests.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use rust_decimal::Decimal;

use crate::domain::calendar::Roll;
use crate::domain::dates::civil;
use crate::domain::finding::Verdict;
use crate::domain::language::Language;
use crate::domain::ledger::{DateSpan, LedgerRow, Meaning};
use crate::domain::obligation::{Obligation, State};
use crate::domain::period::{Cycle, CycleKind, Period};
use crate::domain::program::{
    Basis, Column, ColumnKind, Deadline, Due, DueRule, FillLine, FillRole, Form, FormSheet, Intake, Log,
    Material, Office, Program, TargetScope, Targets, Visits,
};
use crate::domain::roster::{Leader, Link, Roster, Unit};
use crate::domain::submission::{Arrival, Submission};

pub(crate) fn column(key: &str, header: &str, kind: ColumnKind, width: f64) -> Column {
    Column {
        key: key.into(),
        header: header.into(),
        aliases: Vec::new(),
        kind,
        required: true,
        in_form: true,
        example: String::new(),
        width,
        without: std::collections::BTreeSet::new(),
        min_length: 0,
        compare_last: false,
        help: String::new(),
    }
}

/// The flagship programme: 13 leaders, 38 links, 5 visits and 5 days a year.
pub(crate) fn wutang() -> Program {
    Program {
        id: "wutang-visits".into(),
        name: "乌塘镇领导挂点联系“百千万工程”调研台账".into(),
        matter: "挂点调研台账".into(),
        folder: "乌塘挂点台账".into(),
        language: Language::Chinese,
        intake: Intake::Anywhere,
        contacts: vec!["明细".into()],
        basis: Basis {
            title: "《乌塘镇领导挂点联系“百千万工程”工作方案》".into(),
            number: "乌委〔2024〕84号".into(),
            date: NaiveDate::from_ymd_opt(2024, 11, 11),
            clause: "三".into(),
        },
        office: Office {
            name: "乌塘镇“百千万工程”指挥部办公室".into(),
            ..Office::default()
        },
        cycle: Cycle {
            kind: CycleKind::Monthly,
            window_start: 1,
            first: Some(Period::Month(2024, 11)),
            last: None,
            milestones: Vec::new(),
        },
        deadline: Deadline {
            rule: DueRule::DayAfterPeriod(5),
            time: time(17, 30),
            roll: Roll::Postpone,
            close_after: 7,
            close_time: time(17, 30),
            grace: 3,
        },
        roster: roster(),
        material: Material::Log(Log {
            forms: vec![Form {
                version: "1".into(),
                first: None,
                title: "{{ year }}年度乌塘镇领导开展“百千万工程”工作挂点调研台账".into(),
                titles: Vec::new(),
                earlier_examples: Vec::new(),
                fill_lines: vec![FillLine {
                    key: "leader".into(),
                    label: "挂点领导".into(),
                    aliases: Vec::new(),
                    role: FillRole::Leader,
                    required: true,
                }],
                sheets: vec![FormSheet {
                    name: "台账".into(),
                    columns: columns(),
                    row_key: vec!["visit_date".into(), "village".into()],
                    may_be_empty: false,
                    rules: Vec::new(),
                }],
                notes: Vec::new(),
                example_marks: Vec::new(),
                nil_words: Vec::new(),
                late_words: vec!["补报".into()],
            }],
            visits: Some(Visits {
                date: "visit_date".into(),
                place: "village".into(),
                count: Some("solved".into()),
                range_is_one: true,
                targets: Some(Targets {
                    clause: String::new(),
                    visits: 5,
                    days: 5,
                    scope: TargetScope::Leader,
                    soft: true,
                    effective: date("2024-11-01"),
                    measured_in: vec![6, 9, 11],
                }),
            }),
            aggregates: Vec::new(),
        }),
        supervision: None,
        extensions: Vec::new(),
        ladder: crate::domain::ladder::Ladder::default(),
        assumed: ["deadline.day", "deadline.time"].map(String::from).into(),
        hash: String::new(),
    }
}

fn roster() -> Roster {
    let mut roster = Roster::default();
    let links = include_str!("../../../tests/data/wutang_leader_villages.csv");
    for line in links.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let number = match roster.leaders.iter().position(|leader| leader.name == fields[0]) {
            Some(place) => place + 1,
            None => roster.leaders.len() + 1,
        };
        if number > roster.leaders.len() {
            roster.leaders.push(Leader {
                id: format!("l{number}").into(),
                name: fields[0].into(),
                coordinating: number <= 2,
                ..Leader::default()
            });
            roster.units.push(Unit {
                id: format!("u{number}").into(),
                name: fields[0].into(),
                display_name: format!("{}挂点组", fields[0]),
                leaders: vec![format!("l{number}").into()],
                ..Unit::default()
            });
        }
        roster.links.push(Link {
            id: format!("k{}", roster.links.len() + 1),
            leader: format!("l{number}").into(),
            place: fields[2].into(),
            ..Link::default()
        });
    }
    roster
}

fn columns() -> Vec<Column> {
    vec![
        column("seq", "序号", ColumnKind::Sequence, 6.0),
        column("visit_date", "调研时间", ColumnKind::Dates, 14.0),
        column("village", "调研地点", ColumnKind::Places, 12.0),
        column("content", "调研内容", ColumnKind::Text, 30.0),
        column("effect", "调研成效", ColumnKind::Text, 36.0),
        column(
            "solved",
            "调研推动解决问题数量(个)",
            ColumnKind::Count {
                listed_in: Vec::new(),
            },
            24.0,
        ),
        column("contact", "联系人及联系方式", ColumnKind::Contact, 16.0),
        column("remark", "备注", ColumnKind::Remark, 12.0),
    ]
}

fn time(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

pub(crate) fn date(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

pub(crate) fn november() -> Period {
    Period::Month(2024, 11)
}

/// The due date of November: 5 December, a Thursday.
pub(crate) fn due() -> Due {
    let zone = chrono_tz::Asia::Shanghai;
    Due {
        revision: 0,
        extended_because: None,
        nominal: date("2024-12-05"),
        at: civil(zone, date("2024-12-05"), time(17, 30)),
        close: civil(zone, date("2024-12-16"), time(17, 30)),
        moved_because: None,
        provisional: false,
        close_provisional: false,
    }
}

/// A row: dates `2024-11-05`, `2024-11-18..2024-11-19` or several parted by `;`, places parted by `、`.
pub(crate) fn row(dates: &str, places: &str, solved: u32) -> LedgerRow {
    let spans: Vec<DateSpan> = dates
        .split(';')
        .filter(|part| !part.is_empty())
        .map(|part| match part.split_once("..") {
            Some((from, to)) => DateSpan {
                from: date(from),
                to: date(to),
            },
            None => DateSpan::day(date(part)),
        })
        .collect();
    let say = |day: NaiveDate| day.format("%Y年%-m月%-d日").to_string();
    let dates: Vec<String> = spans
        .iter()
        .map(|span| {
            if span.from == span.to {
                say(span.from)
            } else {
                format!("{}至{}", say(span.from), say(span.to))
            }
        })
        .collect();
    let cells = [
        "1",
        &dates.join("、"),
        places,
        "人居环境整治工作情况。",
        "加快推进村道硬化，要求月底前完成路基。",
        &solved.to_string(),
        "张三；13800000000",
        "",
    ];
    let named = places
        .split('、')
        .filter(|part| !part.is_empty())
        .map(String::from);
    LedgerRow {
        sheet: "Sheet1".into(),
        row: 6,
        columns: columns()
            .iter()
            .map(|column| smol_str::SmolStr::new(&column.key))
            .collect(),
        cells: cells.map(smol_str::SmolStr::new).to_vec(),
        meanings: vec![
            (1, Meaning::Dates(spans)),
            (2, Meaning::Places(named.collect())),
            (5, Meaning::Number(Decimal::from(solved))),
        ],
        ..LedgerRow::default()
    }
}

pub(crate) fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn submission(unit: &str, period: Period) -> Submission {
    Submission {
        id: 1.into(),
        unit: unit.into(),
        period,
        version: 1,
        file_name: format!("{unit}2024年11月台账.xlsx"),
        arrival: Arrival {
            after: None,
            seen: instant("2024-12-02T01:00:00Z"),
        },
        verdict: Verdict::Accepted,
        accepted_by_office: None,
        withdrawn: None,
        reopened: None,
        rechecks: 0,
        nil: false,
        rows: 1,
        placed: Some(format!("乌塘挂点台账/{unit}/审核通过/2024-11/{unit} #1.xlsx")),
        fill: Vec::new(),
        decided: instant("2024-12-02T01:00:05Z"),
        judged: instant("2024-12-02T01:00:05Z"),
    }
}

pub(crate) fn obligation(unit: &str, state: State) -> Obligation {
    let came = !matches!(
        state,
        State::Upcoming | State::Due | State::Overdue | State::Exempt
    );
    let accepted = matches!(state, State::Accepted | State::AcceptedLate | State::Nil);
    Obligation {
        unit: unit.into(),
        state,
        late: state == State::AcceptedLate,
        first_received: came.then(|| instant("2024-12-02T01:00:00Z")),
        accepted_at: accepted.then(|| instant("2024-12-02T01:00:05Z")),
        versions: u32::from(came),
        times_returned: u32::from(state == State::Returned),
        after_close: false,
        exempt_reason: (state == State::Exempt).then(|| "领导外出学习".into()),
        unconfirmed: None,
    }
}
