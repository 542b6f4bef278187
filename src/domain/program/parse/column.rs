//! `[[form.sheet.column]]`: the columns of a sheet.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::prelude::ToPrimitive;

use super::form::check_key;
use crate::domain::codes::{Code, Scope};
use crate::domain::definition::{Item, Section, nearest};
use crate::domain::expression::compile_rule;
use crate::domain::program::{Choice, Column, ColumnKind, Condition, Given};
use crate::domain::roster::Roster;
use crate::domain::text::name_key;

#[derive(Clone, Copy, PartialEq)]
enum Type {
    Sequence,
    Dates,
    Date,
    Places,
    Text,
    Count,
    List,
    Number,
    Choice,
    Contact,
    Remark,
}

const TYPES: [(&str, Type); 11] = [
    ("sequence", Type::Sequence),
    ("dates", Type::Dates),
    ("date", Type::Date),
    ("places", Type::Places),
    ("text", Type::Text),
    ("count", Type::Count),
    ("list", Type::List),
    ("number", Type::Number),
    ("choice", Type::Choice),
    ("contact", Type::Contact),
    ("remark", Type::Remark),
];

/// Reads the columns of a sheet.
pub fn read(sheet: &Section<'_>, roster: &Roster) -> Vec<Column> {
    let sections = sheet.sections("column");
    if sections.is_empty() {
        sheet.report("column", "工作表里没有列。", "每列写一个 [[form.sheet.column]]。");
    }
    let mut columns: Vec<Column> = sections.iter().map(|section| column(section, roster)).collect();
    conditions(&sections, &mut columns);
    check_names(&sections, &columns);
    let keys: Vec<&str> = columns.iter().map(|column| column.key.as_str()).collect();
    for (section, column) in sections.iter().zip(&columns) {
        if let ColumnKind::Count { listed_in } = &column.kind {
            for key in listed_in {
                check_known(section, "listed_in", key, &keys);
            }
        }
    }
    if !columns.is_empty() && columns.iter().all(|column| !column.in_form) {
        sheet.report(
            "column",
            "下发的表里一列也没有。",
            "至少一列写 in_form = true，或不写 in_form。",
        );
    }
    columns
}

/// Reports a column key that the sheet doesn't have.
pub fn check_known(section: &Section<'_>, at: &str, key: &str, keys: &[&str]) {
    if keys.contains(&key) {
        return;
    }
    let remedy = nearest(key, keys.iter().copied()).map_or_else(
        || format!("应为列的 key：{}。", keys.join("、")),
        |near| format!("是不是“{near}”？"),
    );
    section.report(at, format!("没有 key 为“{key}”的列。"), remedy);
}

fn column(section: &Section<'_>, roster: &Roster) -> Column {
    let key = section.required_text("key", "visit_date");
    check_key(section, &key);
    if !section.has("type") {
        section.missing("type", "\"text\"");
    }
    let written = section.choice("type", &TYPES);
    if written == Some(Type::Places) && roster.links.is_empty() {
        section.report(
            "type",
            "没有挂点名册，却有地点列。",
            "在 [roster] 写 places = \"places.csv\"，或写 type = \"text\"。",
        );
    }
    Column {
        key,
        header: section.required_text("header", "调研时间"),
        aliases: section.texts("aliases").unwrap_or_default(),
        kind: kind(section, written),
        required: section.boolean("required").unwrap_or(false),
        in_form: section.boolean("in_form").unwrap_or(true),
        example: section.text("example").unwrap_or_default(),
        width: width(section),
        without: without(section),
        min_length: section
            .integer("min_length", 0..=10_000)
            .map_or(0, |length| length as usize),
        compare_last: section.boolean("compare_last").unwrap_or(false),
        help: help(section),
        given: given(section),
        required_if: None,
        max_from: section.text("max_from").filter(|header| !header.is_empty()),
        warns_of: section.texts("warns_of").unwrap_or_default(),
    }
}

/// What stands ready in the cells; the table of items is looked at later.
fn given(section: &Section<'_>) -> Option<Given> {
    let last = section.text("last").filter(|key| !key.is_empty());
    let given = section.text("given").filter(|given| !given.is_empty());
    if last.is_some() && given.is_some() {
        section.report(
            "last",
            "given 和 last 只能写一个。",
            "表里给定的写 given，上期的值写 last。",
        );
    }
    let given = given.map(|given| match given.as_str() {
        "number" => Given::Number,
        "name" => Given::Name,
        "requirement" => Given::Requirement,
        _ => Given::Column(given),
    });
    given.or(last.map(Given::Last))
}

/// When columns must be filled in, which may hang on any column of the sheet.
fn conditions(sections: &[Section<'_>], columns: &mut [Column]) {
    let keys: Vec<String> = columns.iter().map(|column| column.key.clone()).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    for (section, column) in sections.iter().zip(columns) {
        if let Some(Given::Last(key)) = &column.given {
            check_known(section, "last", key, &keys);
        }
        let condition = section.section("required_if");
        if !condition.exists() {
            continue;
        }
        let condition = Condition {
            expression: condition.required_text("when", "status == \"滞后\""),
            words: condition.required_text("words", "进度状态为“滞后”时"),
        };
        if !condition.expression.is_empty()
            && let Err(reason) = compile_rule(&condition.expression, &keys)
        {
            section.report(
                "required_if",
                reason,
                "用列的 key 写一个成立与否的式子，例如 status == \"滞后\"。",
            );
        }
        column.required_if = Some(condition);
    }
}

fn kind(section: &Section<'_>, written: Option<Type>) -> ColumnKind {
    let listed_in = section.texts("listed_in").unwrap_or_default();
    let (min, max) = (section.decimal("min"), section.decimal("max"));
    let whole = section.boolean("whole").unwrap_or(false);
    let cumulative = section.boolean("cumulative").unwrap_or(false);
    let choices = choices(section);
    for (key, owner, name) in [
        ("listed_in", Type::Count, "count"),
        ("min", Type::Number, "number"),
        ("max", Type::Number, "number"),
        ("whole", Type::Number, "number"),
        ("values", Type::Choice, "choice"),
        ("cumulative", Type::Number, "number"),
        ("max_from", Type::Number, "number"),
        ("warns_of", Type::Choice, "choice"),
    ] {
        if section.has(key) && written.is_some_and(|written| written != owner) {
            section.report(
                key,
                format!("只有 type = \"{name}\" 的列才有 {key}。"),
                format!("删去 {key}，或改写 type。"),
            );
        }
    }
    match written {
        Some(Type::Sequence) => ColumnKind::Sequence,
        Some(Type::Dates) => ColumnKind::Dates,
        Some(Type::Date) => ColumnKind::Date,
        Some(Type::Places) => ColumnKind::Places,
        Some(Type::Count) => ColumnKind::Count { listed_in },
        Some(Type::List) => ColumnKind::List,
        Some(Type::Contact) => ColumnKind::Contact,
        Some(Type::Remark) => ColumnKind::Remark,
        Some(Type::Text) | None => ColumnKind::Text,
        Some(Type::Number) => {
            if let (Some(least), Some(most)) = (min, max)
                && least > most
            {
                section.report(
                    "max",
                    format!("最大值{most}小于最小值{least}。"),
                    "max 应不小于 min。",
                );
            }
            ColumnKind::Number {
                min,
                max,
                whole,
                cumulative,
            }
        }
        Some(Type::Choice) => {
            if choices.is_empty() {
                section.missing("values", "[\"已完成\", \"推进中\"]");
            }
            ColumnKind::Choice(choices)
        }
    }
}

/// Values are plain words, or tables with synonyms; a synonym may stand for one value only.
fn choices(section: &Section<'_>) -> Vec<Choice> {
    let choices: Vec<Choice> = section
        .items("values", "选项的列表", "[\"已完成\", \"推进中\"]")
        .into_iter()
        .map(|item| match item {
            Item::Text(name) => Choice {
                name,
                synonyms: Vec::new(),
            },
            Item::Section(value) => Choice {
                name: value.required_text("name", "已完成"),
                synonyms: value.texts("synonyms").unwrap_or_default(),
            },
        })
        .collect();
    let mut words = BTreeSet::new();
    for word in choices
        .iter()
        .flat_map(|choice| std::iter::once(&choice.name).chain(&choice.synonyms))
    {
        if !words.insert(name_key(word)) {
            section.report("values", format!("“{word}”重复。"), "一个词只能指一个选项。");
        }
    }
    choices
}

fn width(section: &Section<'_>) -> f64 {
    let width = section.decimal("width").and_then(|width| width.to_f64());
    if width.is_some_and(|width| !(2.0..=120.0).contains(&width)) {
        section.report("width", "列宽不合适。", "应为2到120之间的字符数。");
    }
    width.unwrap_or(12.0)
}

/// Excel and WPS cut the input message of a cell at 255 characters.
fn help(section: &Section<'_>) -> String {
    let help = section.text("help").unwrap_or_default();
    if help.chars().count() > 255 {
        section.report("help", "提示语太长。", "不超过255个字。");
    }
    help
}

fn without(section: &Section<'_>) -> BTreeSet<Code> {
    let mut codes = BTreeSet::new();
    for text in section.texts("without").unwrap_or_default() {
        match Code::parse(&text) {
            Some(code) if code.scope() == Scope::Row => {
                codes.insert(code);
            }
            Some(_) => section.report(
                "without",
                format!("“{text}”不是对单元格的审核，不能按列关闭。"),
                "删去它。",
            ),
            None => {
                let remedy = nearest(&text, Code::ALL.iter().map(|code| code.as_str())).map_or_else(
                    || "应为审核意见代码，例如 text-length。".to_owned(),
                    |near| format!("是不是“{near}”？"),
                );
                section.report("without", format!("没有“{text}”这个审核意见。"), remedy);
            }
        }
    }
    codes
}

fn check_names(sections: &[Section<'_>], columns: &[Column]) {
    let mut keys = BTreeSet::new();
    let mut headers: BTreeMap<String, &str> = BTreeMap::new();
    for (section, column) in sections.iter().zip(columns) {
        if !column.key.is_empty() && !keys.insert(&column.key) {
            section.report(
                "key",
                format!("列的 key“{}”重复。", column.key),
                "各列的 key 各不相同。",
            );
        }
        for (place, header) in std::iter::once(&column.header).chain(&column.aliases).enumerate() {
            let at = if place == 0 { "header" } else { "aliases" };
            let before = headers.insert(name_key(header), &column.key);
            if let Some(before) = before.filter(|_| !header.is_empty()) {
                let remedy = if before == column.key {
                    "留一个；全角、半角和空格不算区别。"
                } else {
                    "一个列名只能指一列。"
                };
                section.report(at, format!("列名“{header}”重复。"), remedy);
            }
        }
    }
}
