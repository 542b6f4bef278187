//! `[[form]]`: the ledger's form, version by version.

use std::collections::BTreeSet;

use super::Kind;
use super::column;
use super::cycle;
use super::head::Head;
use super::names::is_key;
use super::rows_check;
use super::rule;
use crate::domain::definition::Section;
use crate::domain::language::Language;
use crate::domain::period::{Cycle, Period};
use crate::domain::program::{FillLine, FillRole, Form, FormSheet};
use crate::domain::roster::Roster;
use crate::domain::text::name_key;

const ROLES: [(&str, FillRole); 8] = [
    ("leader", FillRole::Leader),
    ("unit", FillRole::Unit),
    ("period", FillRole::Period),
    ("filled-on", FillRole::FilledOn),
    ("person", FillRole::Person),
    ("phone", FillRole::Phone),
    ("unchanged", FillRole::Unchanged),
    ("other", FillRole::Other),
];

/// Reads all versions, oldest first as they must stand.
pub fn read(root: &Section<'_>, head: &Head, cycle: &Cycle, roster: &Roster) -> Vec<Form> {
    let sections = root.sections("form");
    if head.kind == Kind::Document {
        if !sections.is_empty() {
            root.report(
                "form",
                "材料只登记收到，没有表样。",
                "删去 [[form]]，或写 kind = \"log\"。",
            );
        }
        root.pass_over("form");
        return Vec::new();
    }
    if sections.is_empty() {
        root.report(
            "form",
            "没有表样。",
            "写 [[form]]，其下 [[form.sheet]]、[[form.sheet.column]]。",
        );
    }
    let mut forms: Vec<Form> = Vec::new();
    for section in &sections {
        let mut form = form(section, head, cycle, roster);
        check_order(section, &form, forms.last(), cycle);
        if forms.iter().any(|other| other.version == form.version) {
            section.report(
                "version",
                format!("版本“{}”重复。", form.version),
                "每版表样的版本号各不相同。",
            );
        }
        form.earlier_examples = forms
            .last()
            .map_or_else(Vec::new, |last| last.example_texts().map(str::to_owned).collect());
        forms.push(form);
    }
    forms
}

fn form(section: &Section<'_>, head: &Head, cycle: &Cycle, roster: &Roster) -> Form {
    let words = Words::of(head.language);
    let list = |key: &str, default: &[&str]| {
        section
            .texts(key)
            .unwrap_or_else(|| default.iter().map(|word| (*word).to_owned()).collect())
    };
    let form = Form {
        version: section.required_text("version", "1"),
        first: cycle::period(section, "first", cycle),
        title: section.required_text("title", "{{ year }}年度某某台账"),
        titles: list("titles", &[]),
        fill_lines: fill_lines(section, roster),
        sheets: sheets(section, roster),
        notes: list("notes", &[]),
        example_marks: list("example_marks", words.example),
        earlier_examples: Vec::new(),
        nil_words: list("nil_words", words.nil),
        late_words: list("late_words", words.late),
    };
    if let Err(reason) = check_title(&form.title) {
        section.report(
            "title",
            format!("标题的写法不对（{reason}）。"),
            "标题里只能用 {{ year }}、{{ period }}、{{ unit }}。",
        );
    }
    form
}

/// Words that a language's forms use where the definition says nothing.
struct Words {
    example: &'static [&'static str],
    nil: &'static [&'static str],
    late: &'static [&'static str],
}

impl Words {
    fn of(language: Language) -> Self {
        match language {
            Language::Chinese => Self {
                example: &["例", "例：", "示例"],
                nil: &["本期无", "零报告"],
                late: &["补报"],
            },
            Language::English => Self {
                example: &["e.g.", "Example"],
                nil: &["Nil report", "Nothing to report"],
                late: &["late entry"],
            },
        }
    }
}

/// The title is a template; rendering it once shows what is wrong with it.
fn check_title(title: &str) -> Result<(), String> {
    let mut engine = minijinja::Environment::new();
    engine.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    let values =
        std::collections::BTreeMap::from([("year", "2024"), ("period", "2024年11月"), ("unit", "甲办")]);
    engine
        .render_str(title, values)
        .map(|_| ())
        .map_err(|error| error.to_string())
}

fn check_order(section: &Section<'_>, form: &Form, before: Option<&Form>, cycle: &Cycle) {
    let start = |period: Option<&Period>| period.and_then(|period| cycle.span(period)).map(|span| span.0);
    let own = start(form.first.as_ref());
    match before {
        None => {
            if let (Some(own), Some(first)) = (own, start(cycle.first.as_ref()))
                && own > first
            {
                let remedy = "第一版表样从第一期用起，删去 first 或提前。";
                section.report("first", "第一期还没有表样可用。", remedy);
            }
        }
        Some(_) if !section.has("first") => {
            section.missing(
                "first",
                &format!("\"{}\"（从哪一期起用）", cycle::example(cycle.kind)),
            );
        }
        Some(before) => {
            if own.is_some() && own <= start(before.first.as_ref()) {
                let remedy = "表样按启用的期次先后排列，各版的 first 依次更晚。";
                section.report("first", "这一版不比前一版启用得晚。", remedy);
            }
        }
    }
}

fn fill_lines(form: &Section<'_>, roster: &Roster) -> Vec<FillLine> {
    let mut keys = BTreeSet::new();
    let mut labels = BTreeSet::new();
    let mut roles = BTreeSet::new();
    let mut lines = Vec::new();
    for section in form.sections("fill") {
        let line = FillLine {
            key: section.required_text("key", "unit"),
            label: section.required_text("label", "填报单位"),
            aliases: section.texts("aliases").unwrap_or_default(),
            role: section.choice("role", &ROLES).unwrap_or(FillRole::Other),
            required: section.boolean("required").unwrap_or(false),
        };
        if !keys.insert(line.key.clone()) {
            section.report(
                "key",
                format!("填报行的 key“{}”重复。", line.key),
                "各行的 key 各不相同。",
            );
        }
        for label in std::iter::once(&line.label).chain(&line.aliases) {
            if !labels.insert(name_key(label)) {
                section.report("label", format!("填报行“{label}”重复。"), "同一个词只能指一行。");
            }
        }
        let only_one = matches!(
            line.role,
            FillRole::Leader | FillRole::Unit | FillRole::Period | FillRole::FilledOn | FillRole::Unchanged
        );
        if only_one && !roles.insert(line.role) {
            section.report(
                "role",
                "这个 role 已有别的填报行。",
                "leader、unit、period、filled-on、unchanged 各只能有一行。",
            );
        }
        if line.role == FillRole::Leader && roster.leaders.is_empty() {
            section.report(
                "role",
                "没有领导名册，却有领导的填报行。",
                "在 [roster] 写 leaders，或删去这一行。",
            );
        }
        lines.push(line);
    }
    lines
}

fn sheets(form: &Section<'_>, roster: &Roster) -> Vec<FormSheet> {
    let sections = form.sections("sheet");
    if sections.is_empty() {
        form.report(
            "sheet",
            "表样里没有工作表。",
            "写 [[form.sheet]]，其下 [[form.sheet.column]]。",
        );
    }
    let mut names = BTreeSet::new();
    let mut sheets = Vec::new();
    for section in &sections {
        let sheet = sheet(section, roster);
        if !names.insert(name_key(&sheet.name)) {
            section.report(
                "name",
                format!("工作表“{}”重复。", sheet.name),
                "各工作表的名称各不相同。",
            );
        }
        sheets.push(sheet);
    }
    rows_check::read(form, &mut sheets);
    sheets
}

fn sheet(section: &Section<'_>, roster: &Roster) -> FormSheet {
    let name = section.required_text("name", "台账");
    // What Excel and WPS refuse as the name of a tab.
    if name.chars().count() > 31
        || name.contains(['[', ']', ':', '*', '?', '/', '\\'])
        || name.starts_with('\'')
    {
        section.report(
            "name",
            format!("“{name}”不能作工作表名。"),
            "不超过31个字，不含 [ ] : * ? / \\。",
        );
    }
    let columns = column::read(section, roster);
    let keys: Vec<&str> = columns.iter().map(|column| column.key.as_str()).collect();
    let row_key = section.texts("row_key");
    if row_key.as_ref().is_none_or(Vec::is_empty) && (!section.has("row_key") || row_key.is_some()) {
        section.missing("row_key", "[\"visit_date\", \"village\"]（哪几列合起来认得一行）");
    }
    let row_key = row_key.unwrap_or_default();
    for key in &row_key {
        column::check_known(section, "row_key", key, &keys);
    }
    FormSheet {
        name,
        row_key,
        may_be_empty: section.boolean("may_be_empty").unwrap_or(false),
        rules: rule::read(section, &keys),
        checks: Vec::new(),
        columns,
    }
}

/// Whether a text is a key; reports it if not.
pub fn check_key(section: &Section<'_>, key: &str) {
    if !key.is_empty() && !is_key(key) {
        section.report(
            "key",
            format!("“{key}”不能作 key。"),
            "以字母或汉字开头，只用字母、汉字、数字和下划线，例如 visit_date。",
        );
    }
}
