//! A roster for tests: the leaders and villages of the Wutang document, and
//! offices of other programmes.

use chrono::NaiveTime;

use crate::domain::calendar::Roll;
use crate::domain::language::Language;
use crate::domain::period::{Cycle, CycleKind, Period};
use crate::domain::program::{Basis, Deadline, DueRule, Intake, Log, Material, Office, Program};
use crate::domain::roster::{Leader, Link, Roster, Unit};

const OFFICES: [&str; 9] = [
    "农业农村办",
    "规划办",
    "公共服务办",
    "环保分局",
    "农林水务局",
    "市委宣传部",
    "大鳌镇",
    "应急办",
    "党建办",
];

/// 13 leaders, each with a unit of the same id, and nine offices without places.
pub(crate) fn roster() -> Roster {
    let mut roster = Roster {
        place_prefixes: vec!["乌塘镇".into()],
        ..Roster::default()
    };
    let mut table =
        csv::Reader::from_reader(include_str!("../../../tests/data/wutang_leader_villages.csv").as_bytes());
    for record in table.records() {
        let record = record.unwrap();
        let leader = record[0].to_owned();
        if roster.units.iter().all(|unit| unit.id != leader.as_str()) {
            roster.leaders.push(Leader {
                id: format!("leader-{leader}").into(),
                name: leader.clone(),
                ..Leader::default()
            });
            roster.units.push(Unit {
                id: leader.as_str().into(),
                name: leader.clone(),
                display_name: format!("{leader}挂点组"),
                department: department(&leader).into(),
                leaders: vec![format!("leader-{leader}").into()],
                ..Unit::default()
            });
        }
        roster.links.push(Link {
            id: format!("{leader}-{}", &record[2]),
            leader: format!("leader-{leader}").into(),
            place: record[2].to_owned(),
            ..Link::default()
        });
    }
    roster.units.extend(OFFICES.map(|name| Unit {
        id: name.into(),
        name: name.into(),
        ..Unit::default()
    }));
    roster
}

/// One department works for two leaders, another for one.
fn department(leader: &str) -> &'static str {
    match leader {
        "林强" | "袁庆" => "党政办",
        "罗养" => "财政所",
        _ => "",
    }
}

/// A monthly programme from November 2024, due on the 5th, with the form of 附件3.
pub(crate) fn program() -> Program {
    let time = NaiveTime::from_hms_opt(17, 30, 0).unwrap();
    Program {
        id: "wutang-visits".into(),
        name: "乌塘镇领导挂点联系“百千万工程”调研台账".into(),
        matter: "挂点调研台账".into(),
        folder: "乌塘挂点台账".into(),
        language: Language::Chinese,
        intake: Intake::Anywhere,
        contacts: vec!["明细".into()],
        basis: Basis::default(),
        office: Office {
            name: "镇指挥部办公室".into(),
            phone: "0759-7712345".into(),
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
            time,
            roll: Roll::Postpone,
            close_after: 7,
            close_time: time,
            grace: 3,
        },
        roster: roster(),
        material: Material::Log(Log {
            forms: vec![crate::domain::ledger::sample::form()],
            visits: None,
            aggregates: Vec::new(),
        }),
        supervision: None,
        extensions: Vec::new(),
        ladder: crate::domain::ladder::Ladder::default(),
        assumed: std::collections::BTreeSet::new(),
        hash: String::new(),
    }
}
