//! One definition of each kind, and every fault that a definition can have.

mod faults;

use chrono::{NaiveDate, NaiveTime};

use faults::FAULTS;

use super::*;
use crate::domain::calendar::Roll;
use crate::domain::codes::Severity;
use crate::domain::fixture::{source, wutang_source};
use crate::domain::language::Language;
use crate::domain::period::{CycleKind, Period};
use crate::domain::program::{ColumnKind, DueRule, FillRole, Party, TargetScope};
use crate::domain::source_table::SourceTable;

fn inspections() -> ProgramSource {
    source!(
        "site-inspections",
        "tests/data/programs/site-inspections",
        ["roster.csv"]
    )
}

fn register() -> ProgramSource {
    source!(
        "register-sample",
        "tests/data/programs/register-sample",
        ["units.csv", "tasks.csv"]
    )
}

fn document() -> ProgramSource {
    source!(
        "document-sample",
        "tests/data/programs/document-sample",
        ["units.csv"]
    )
}

fn understood(source: &ProgramSource) -> Program {
    parse(source).unwrap_or_else(|problems| {
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", told.join("\n"))
    })
}

fn is_log(program: &Program) -> bool {
    matches!(program.material, Material::Log(_))
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_shipped_programme_is_what_the_document_says() {
    let program = understood(&wutang_source());
    assert_eq!((is_log(&program), program.language), (true, Language::Chinese));
    assert_eq!(program.basis.number, "乌委〔2024〕84号");
    assert_eq!(
        (program.cycle.kind, program.cycle.first.clone()),
        (CycleKind::Monthly, Some(Period::Month(2024, 11)))
    );
    let deadline = &program.deadline;
    assert_eq!(
        (deadline.rule, deadline.roll),
        (DueRule::DayAfterPeriod(5), Roll::Postpone)
    );
    assert_eq!(
        (deadline.time, deadline.close_after, deadline.grace),
        (NaiveTime::from_hms_opt(17, 30, 0).unwrap(), 7, 3)
    );
    let targets = program.material.targets().unwrap();
    assert_eq!(
        (targets.visits, targets.days, targets.scope),
        (5, 5, TargetScope::Leader)
    );
    assert_eq!((targets.soft, targets.effective), (true, date("2024-11-11")));
    assert_eq!(targets.measured_in, [6, 9, 11]);
    assert!(program.is_assumed("deadline.day") && program.is_assumed("roster.department"));
    assert!(!program.is_assumed("targets.visits") && !program.is_assumed("cycle.kind"));
}

#[test]
fn the_shipped_roster_is_annex_1() {
    let program = understood(&wutang_source());
    let roster = &program.roster;
    assert_eq!(
        (roster.units.len(), roster.leaders.len(), roster.links.len()),
        (13, 13, 38)
    );
    assert_eq!(roster.places().len(), 34);
    let coordinating: Vec<_> = roster
        .leaders
        .iter()
        .filter(|leader| leader.coordinating)
        .map(|leader| leader.name.as_str())
        .collect();
    assert_eq!(coordinating, ["洪文泽", "吴垂超"]);
    let november = (date("2024-11-01"), date("2024-11-30"));
    let unit = roster.find("袁 庆挂点组").unwrap();
    assert_eq!((unit.id.as_str(), unit.name.as_str()), ("U03", "袁庆"));
    assert_eq!(roster.places_of(unit, november), ["浩发村", "乌塘岭村", "外坡村"]);
    for (place, names) in [
        ("乌塘圩村", ["洪文泽", "庞兴"]),
        ("边板村", ["洪文泽", "林强"]),
        ("湛川村", ["吴垂超", "陈小敏"]),
        ("山口王村", ["吴垂超", "罗养"]),
    ] {
        let units: Vec<_> = roster
            .units_of_place(place, november)
            .iter()
            .map(|unit| unit.name.as_str())
            .collect();
        assert_eq!(units, names, "{place}");
    }
    let contacts = roster
        .units
        .iter()
        .flat_map(|unit| [&unit.liaison, &unit.head])
        .chain(roster.leaders.iter().map(|leader| &leader.contact));
    assert!(
        contacts
            .map(|contact| &contact.mail)
            .all(|mail| mail.ends_with(".example"))
    );
}

#[test]
fn the_shipped_form_is_annex_3() {
    let program = understood(&wutang_source());
    let form = &program.material.forms()[0];
    let headers: Vec<_> = form.sheets[0]
        .form_columns()
        .map(|(_, column)| column.header.as_str())
        .collect();
    assert_eq!(
        headers,
        [
            "序号",
            "调研时间",
            "调研地点",
            "调研内容",
            "调研成效",
            "调研推动解决问题数量(个)",
            "联系人及联系方式",
            "备注"
        ]
    );
    assert!(
        form.sheets[0]
            .form_columns()
            .map(|(_, column)| column.width)
            .sum::<f64>()
            <= 140.0
    );
    let roles: Vec<_> = form
        .fill_lines
        .iter()
        .map(|line| (line.label.as_str(), line.role))
        .collect();
    assert_eq!(
        roles,
        [
            ("挂点领导", FillRole::Leader),
            ("填报单位", FillRole::Unit),
            ("填报月份", FillRole::Period),
            ("填报人", FillRole::Person),
            ("审核人", FillRole::Person),
            ("联系电话", FillRole::Phone),
            ("填报时间", FillRole::FilledOn),
        ]
    );
    let (_, solved) = form.sheets[0].column("solved").unwrap();
    assert!(
        matches!(&solved.kind, ColumnKind::Count { listed_in } if listed_in == &["solved_list", "effect"])
    );
}

#[test]
fn a_quite_different_log_is_understood_too() {
    let program = understood(&inspections());
    assert_eq!((is_log(&program), program.language), (true, Language::English));
    assert_eq!(program.cycle.kind, CycleKind::Quarterly);
    assert_eq!(program.deadline.roll, Roll::Advance);
    let form = &program.material.forms()[0];
    assert_eq!(form.nil_words, ["Nil report", "Nothing to report"]);
    let names: Vec<_> = form
        .sheets
        .iter()
        .map(|sheet| (sheet.name.as_str(), sheet.may_be_empty))
        .collect();
    assert_eq!(names, [("Inspections", false), ("Equipment", true)]);
    let severities: Vec<_> = form.sheets[0].rules.iter().map(|rule| rule.severity).collect();
    assert_eq!(severities, [Severity::Error, Severity::Query]);
    let (_, severity) = form.sheets[0].column("severity").unwrap();
    assert!(matches!(&severity.kind, ColumnKind::Choice(choices) if choices[2].synonyms == ["high"]));
    assert_eq!(
        (program.material.visits(), program.material.targets()),
        (None, None)
    );
    assert_eq!(
        program.material.aggregates()[1].sheet.as_deref(),
        Some("Equipment")
    );
    assert_eq!(program.roster.units[3].display_name, "Harbour terminal");
    assert_eq!(program.roster.units[2].former_names, ["East depot"]);
}

#[test]
fn a_register_is_understood_with_its_items() {
    let program = understood(&register());
    let Material::Register(register) = &program.material else {
        panic!("{:?}", program.material);
    };
    let items = &register.items.all;
    assert_eq!((items.len(), program.roster.units.len()), (36, 24));
    assert_eq!(items[16].name, "编制镇域乡村建设规划和村庄建设规划");
    let leads: Vec<_> = items[16]
        .leads
        .iter()
        .filter_map(|party| match party {
            Party::Unit(id) => program.roster.unit(id),
            Party::Group(_) => None,
        })
        .map(|unit| unit.name.as_str())
        .collect();
    assert_eq!(leads, ["规划管理所", "住房与规划建设局"]);
    assert!(program.is_assumed("deadline.time") && program.is_assumed("deadline.day"));
    assert!(!program.is_assumed("deadline.roll"));
}

#[test]
fn a_document_is_understood_without_a_form() {
    let program = understood(&document());
    assert!(
        matches!(&program.material, Material::Document(documents) if documents.types.contains(&"pdf".into()))
    );
    assert_eq!(program.cycle.kind, CycleKind::Yearly);
    assert!(!program.material.has_rows());
    assert_eq!(
        program.roster.find("农办").map(|unit| unit.name.as_str()),
        Some("农业农村办")
    );
}

#[test]
fn the_tables_that_a_definition_names_are_found() {
    assert_eq!(
        table_names(&wutang_source().definition),
        ["roster.csv", "leaders.csv", "places.csv"]
    );
    assert_eq!(table_names(&register().definition), ["units.csv", "tasks.csv"]);
    assert!(table_names("roster = 1\n[").is_empty());
}

/// What an office may get wrong.
struct Fault {
    base: fn() -> ProgramSource,
    file: &'static str,
    /// The text that is replaced.
    from: &'static str,
    to: &'static str,
    /// Lines from where the replacement starts to where the problem must stand.
    below: isize,
    /// Parts of what must be said.
    message: &'static str,
    remedy: &'static str,
    /// How many problems it brings in all.
    count: usize,
}

/// Applies a fault. The line is counted from the line that the replacement starts on.
fn spoil(source: &mut ProgramSource, file: &str, from: &str, to: &str) -> usize {
    let text = match file {
        "program.toml" => source.definition.clone(),
        table => raw_table(source, table),
    };
    let place = text
        .find(from)
        .unwrap_or_else(|| panic!("{file} doesn't hold {from:?}"));
    let line = text[..place].matches('\n').count() + 1;
    let text = text.replacen(from, to, 1);
    if file == "program.toml" {
        source.definition = text;
    } else {
        source
            .tables
            .insert(file.to_owned(), SourceTable::from_csv(&text).unwrap());
    }
    line
}

fn raw_table(source: &ProgramSource, table: &str) -> String {
    let table = &source.tables[table];
    let mut text = table.header.join(",");
    for (_, row) in &table.rows {
        text.push('\n');
        text.push_str(&row.join(","));
    }
    text
}

#[test]
fn every_fault_is_named_with_its_line_and_remedy() {
    let mut unlike = Vec::new();
    for fault in FAULTS {
        let mut source = (fault.base)();
        let line = spoil(&mut source, fault.file, fault.from, fault.to).checked_add_signed(fault.below);
        let told = parse(&source).err().unwrap_or_default();
        let found = told.iter().any(|problem| {
            problem.file.ends_with(&format!("/{}", fault.file))
                && (line.is_none() || problem.line == line)
                && problem.message.contains(fault.message)
                && problem.remedy.contains(fault.remedy)
        });
        if !found || told.len() != fault.count {
            let told: Vec<String> = told.iter().map(ToString::to_string).collect();
            let told = told.join("\n  ");
            unlike.push(format!(
                "{} → {}: line {line:?}: {}\n  {told}",
                fault.file, fault.to, fault.message
            ));
        }
    }
    assert!(unlike.is_empty(), "{}", unlike.join("\n"));
}

#[test]
fn all_faults_are_named_at_once() {
    let mut source = wutang_source();
    spoil(&mut source, "program.toml", "day = 5", "dya = 5");
    spoil(&mut source, "program.toml", "kind = \"log\"", "kind = \"lgo\"");
    spoil(&mut source, "leaders.csv", "L02", "L01");
    spoil(&mut source, "places.csv", "洪文泽", "洪文择");
    let told = parse(&source).unwrap_err();
    let files: Vec<_> = told
        .iter()
        .map(|problem| problem.file.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(
        files,
        [
            "program.toml",
            "program.toml",
            "program.toml",
            "leaders.csv",
            "places.csv"
        ],
        "{told:#?}"
    );
}

#[test]
fn a_table_that_is_missing_or_unreadable_is_named() {
    let mut source = wutang_source();
    source.tables.remove("places.csv");
    source
        .unreadable
        .insert("places.csv".into(), "设有打开密码".into());
    let told = parse(&source).unwrap_err();
    assert!(
        told.iter()
            .any(|problem| problem.file.ends_with("/places.csv") && problem.message.contains("打开密码"))
    );
}

#[test]
fn a_roster_without_units_is_named() {
    let mut source = inspections();
    source.tables.get_mut("roster.csv").unwrap().rows.clear();
    let told = parse(&source).unwrap_err();
    assert!(
        told[0].file.ends_with("/roster.csv") && told[0].message.contains("没有填报单位"),
        "{told:?}"
    );
}
