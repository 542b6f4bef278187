//! A programme for tests: the Wutang columns, written by hand.

use std::collections::BTreeSet;

use chrono::NaiveTime;

use crate::domain::calendar::Roll;
use crate::domain::language::Language;
use crate::domain::period::{Cycle, CycleKind, Period};
use crate::domain::program::{
    Basis, Column, ColumnKind, Deadline, DueRule, FillLine, FillRole, Form, FormSheet, Intake, Log, Material,
    Office, Program,
};
use crate::domain::roster::{Roster, Unit};

use super::FormContext;

/// A column of the form.
pub fn column(key: &str, header: &str, kind: ColumnKind, width: f64, example: &str) -> Column {
    Column {
        key: key.into(),
        header: header.into(),
        aliases: Vec::new(),
        kind,
        required: true,
        in_form: true,
        example: example.into(),
        width,
        without: BTreeSet::new(),
        min_length: 0,
        compare_last: false,
        help: String::new(),
    }
}

fn line(key: &str, label: &str, role: FillRole) -> FillLine {
    FillLine {
        key: key.into(),
        label: label.into(),
        aliases: Vec::new(),
        role,
        required: true,
    }
}

/// The form of the Wutang ledger.
pub fn form() -> Form {
    let mut count = column(
        "solved_count",
        "调研推动解决问题数量(个)",
        ColumnKind::Count {
            listed_in: Vec::new(),
        },
        30.0,
        "推动xx村解决问题xx个：1.xx项目(工作)：目前进展情况如何。2.xx项目(工作)：目前进展情况如何。",
    );
    count.help = "写“推动××村解决问题N个：1.…2.…”，或只写数字；没有的写0。".into();
    let mut list = column("solved_list", "推动解决问题情况", ColumnKind::List, 30.0, "");
    list.in_form = false;
    Form {
        version: "2024-1".into(),
        first: None,
        title: "{{ year }}年度乌塘镇领导开展“百千万工程”工作挂点调研台账".into(),
        titles: Vec::new(),
        earlier_examples: Vec::new(),
        fill_lines: vec![
            line("leader", "挂点领导", FillRole::Leader),
            line("unit", "填报单位", FillRole::Unit),
            line("period", "填报月份", FillRole::Period),
            line("filled_by", "填报人", FillRole::Person),
            line("checked_by", "审核人", FillRole::Person),
            line("phone", "联系电话", FillRole::Phone),
            line("filled_on", "填报时间", FillRole::FilledOn),
        ],
        sheets: vec![FormSheet {
            name: "台账".into(),
            columns: vec![
                column("seq", "序号", ColumnKind::Sequence, 5.0, "例"),
                column(
                    "visit_date",
                    "调研时间",
                    ColumnKind::Dates,
                    15.0,
                    "2024年xx月xx日",
                ),
                column("village", "调研地点", ColumnKind::Places, 12.0, "xx村"),
                column("content", "调研内容", ColumnKind::Text, 26.0, "xx村xx工作情况。"),
                column(
                    "effect",
                    "调研成效",
                    ColumnKind::Text,
                    34.0,
                    "xx村加快推进xx工作，要求做什么、怎么做(具体展开)。",
                ),
                list,
                count,
                column(
                    "contact",
                    "联系人及联系方式",
                    ColumnKind::Contact,
                    18.0,
                    "xxx；电话xxx",
                ),
                column("remark", "备注", ColumnKind::Remark, 12.0, ""),
            ],
            row_key: vec!["visit_date".into(), "village".into()],
            may_be_empty: false,
            rules: Vec::new(),
        }],
        notes: vec![
            "注：1.本表每月报镇“百千万工程”指挥部办公室；".into(),
            "2.如当月无调研，请在第一行填“本期无”。".into(),
        ],
        example_marks: vec!["例".into(), "示例".into()],
        nil_words: vec!["本期无".into()],
        late_words: vec!["补报".into()],
    }
}

/// A programme with this form.
pub fn program(language: Language, form: Form) -> Program {
    let time = NaiveTime::from_hms_opt(17, 30, 0).expect("a time of day");
    Program {
        id: "wutang-visits".into(),
        name: "乌塘镇挂点调研台账".into(),
        matter: "挂点调研台账".into(),
        folder: "乌塘挂点台账".into(),
        language,
        intake: Intake::Anywhere,
        contacts: vec!["明细".into()],
        basis: Basis::default(),
        office: Office {
            name: "乌塘镇“百千万工程”指挥部办公室".into(),
            ..Office::default()
        },
        cycle: Cycle {
            kind: CycleKind::Monthly,
            window_start: 1,
            first: None,
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
        roster: Roster::default(),
        material: Material::Log(Log {
            forms: vec![form],
            visits: None,
            aggregates: Vec::new(),
        }),
        supervision: None,
        extensions: Vec::new(),
        ladder: crate::domain::ladder::Ladder::default(),
        assumed: BTreeSet::new(),
        hash: String::new(),
    }
}

/// The leader with seven villages.
pub fn unit() -> Unit {
    Unit {
        id: "u09".into(),
        name: "黄景连".into(),
        display_name: "黄景连挂点组".into(),
        ..Unit::default()
    }
}

/// Villages of that leader.
pub const PLACES: [&str; 7] = [
    "南庄村",
    "泉水村",
    "坡仔村",
    "龙马村",
    "乌塘岭村",
    "边宜塘村",
    "边草塘村",
];

/// November 2024.
pub const PERIOD: Period = Period::Month(2024, 11);

/// A form for that leader and month.
pub fn context<'a>(program: &'a Program, unit: &'a Unit) -> FormContext<'a> {
    FormContext {
        program,
        form: &program.material.forms()[0],
        unit: Some(unit),
        period: &PERIOD,
        places: PLACES.to_vec(),
        leader_names: "黄景连".into(),
        fill: vec![("phone".into(), "0759-7712345".into())],
        empty_rows: 20,
    }
}
