//! A table of a definition, asked key by key.

use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::{NaiveDate, NaiveTime};
use rust_decimal::Decimal;
use toml::de::{DeTable, DeValue};

use super::{Definition, line_of, nearest};

/// An item of a list that may hold both plain texts and tables.
#[derive(Debug, Clone)]
pub enum Item<'d> {
    /// A text, trimmed.
    Text(String),
    /// A table.
    Section(Section<'d>),
}

/// A table. One that is not written is empty: asking it gives nothing, and no problem.
#[derive(Debug, Clone)]
pub struct Section<'d> {
    definition: &'d Definition<'d>,
    table: Option<&'d DeTable<'d>>,
    path: String,
    offset: Option<usize>,
}

impl<'d> Section<'d> {
    pub(super) fn new(
        definition: &'d Definition<'d>,
        table: Option<&'d DeTable<'d>>,
        path: String,
        offset: Option<usize>,
    ) -> Self {
        Self {
            definition,
            table,
            path,
            offset,
        }
    }

    /// Whether the table is written at all.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.table.is_some()
    }

    /// Whether a key is written.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.find(key).is_some()
    }

    /// The line of a key, or of the table where the key is not written.
    #[must_use]
    pub fn line(&self, key: &str) -> Option<usize> {
        let own = self
            .table
            .and_then(|table| table.iter().find(|(own, _)| own.get_ref() == key))
            .map(|(own, _)| own.span().start);
        own.or(self.offset)
            .map(|offset| line_of(self.definition.text, offset))
    }

    /// Reports something wrong with a key.
    pub fn report(&self, key: &str, message: impl Into<String>, remedy: impl Into<String>) {
        self.definition.report(self.line(key), message, remedy);
    }

    /// Leaves everything below a key unread: it has no business being there,
    /// and has been reported as a whole.
    pub fn pass_over(&self, key: &str) {
        let path = self.full(key);
        self.definition.asked.borrow_mut().insert(path.clone());
        self.definition.passed_over.borrow_mut().insert(path);
    }

    /// Reports a key that must be written and isn't.
    pub fn missing(&self, key: &str, example: &str) {
        self.report(
            key,
            format!("缺“{}”。", self.name(key)),
            format!("例如写 {key} = {example}"),
        );
    }

    /// A text, trimmed.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<String> {
        match self.find(key)? {
            DeValue::String(text) => Some(text.trim().to_owned()),
            other => self.wrong_type(key, other, "文字", "\"…\""),
        }
    }

    /// A text that must be there and not be empty; an empty one after the problem is reported.
    #[must_use]
    pub fn required_text(&self, key: &str, example: &str) -> String {
        let written = self.has(key);
        match self.text(key) {
            Some(text) if !text.is_empty() => text,
            None if written => String::new(),
            _ => {
                self.missing(key, &format!("\"{example}\""));
                String::new()
            }
        }
    }

    /// A list of texts, each trimmed; none where it is not written.
    #[must_use]
    pub fn texts(&self, key: &str) -> Option<Vec<String>> {
        let lined = self.lined_texts(key)?;
        Some(lined.into_iter().map(|(_, text)| text).collect())
    }

    /// A list of texts, each trimmed and with its own line.
    #[must_use]
    pub fn lined_texts(&self, key: &str) -> Option<Vec<(usize, String)>> {
        let (wanted, example) = ("文字的列表", "[\"…\", \"…\"]");
        match self.find(key)? {
            DeValue::Array(items) => items
                .iter()
                .map(|item| match item.get_ref() {
                    DeValue::String(text) => {
                        let line = line_of(self.definition.text, item.span().start);
                        Some((line, text.trim().to_owned()))
                    }
                    other => self.wrong_type(key, other, wanted, example),
                })
                .collect(),
            other => self.wrong_type(key, other, wanted, example),
        }
    }

    /// A whole number within a range.
    #[must_use]
    pub fn integer(&self, key: &str, range: RangeInclusive<u32>) -> Option<u32> {
        let value = self.find(key)?;
        let DeValue::Integer(number) = value else {
            return self.wrong_type(key, value, "整数", &range.start().to_string());
        };
        let found = u32::from_str_radix(number.as_str(), number.radix()).ok();
        let inside = found.filter(|number| range.contains(number));
        if inside.is_none() {
            let (least, most) = range.into_inner();
            self.report(
                key,
                format!("“{}”写的是{number}。", self.name(key)),
                if most == u32::MAX {
                    format!("应为不小于{least}的整数。")
                } else {
                    format!("应为{least}到{most}之间的整数。")
                },
            );
        }
        inside
    }

    /// A list of whole numbers within a range.
    #[must_use]
    pub fn integers(&self, key: &str, range: &RangeInclusive<u32>) -> Option<Vec<u32>> {
        let value = self.find(key)?;
        let DeValue::Array(items) = value else {
            return self.wrong_type(key, value, "整数的列表", "[6, 9]");
        };
        let numbers: Option<Vec<u32>> = items
            .iter()
            .map(|item| match item.get_ref() {
                DeValue::Integer(number) => u32::from_str_radix(number.as_str(), number.radix())
                    .ok()
                    .filter(|number| range.contains(number)),
                _ => None,
            })
            .collect();
        if numbers.is_none() {
            self.report(
                key,
                format!("“{}”里有不合适的值。", self.name(key)),
                format!("每个都应为{}到{}之间的整数。", range.start(), range.end()),
            );
        }
        numbers
    }

    /// A decimal number, exactly as written.
    #[must_use]
    pub fn decimal(&self, key: &str) -> Option<Decimal> {
        let value = self.find(key)?;
        let text = match value {
            DeValue::Integer(number) => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            other => return self.wrong_type(key, other, "数字", "1.5"),
        };
        Decimal::from_str(text)
            .ok()
            .or_else(|| self.wrong_type(key, value, "数字", "1.5"))
    }

    /// `true` or `false`.
    #[must_use]
    pub fn boolean(&self, key: &str) -> Option<bool> {
        match self.find(key)? {
            DeValue::Boolean(value) => Some(*value),
            other => self.wrong_type(key, other, "true（是）或 false（否）", "true"),
        }
    }

    /// A date, quoted or not: `2024-11-11`.
    #[must_use]
    pub fn date(&self, key: &str) -> Option<NaiveDate> {
        self.parsed(key, "日期", "2024-11-11", |text| text.parse().ok())
    }

    /// A time of day, quoted or not: `"17:30"`.
    #[must_use]
    pub fn time(&self, key: &str) -> Option<NaiveTime> {
        self.parsed(key, "时刻", "\"17:30\"", |text| {
            NaiveTime::parse_from_str(text, "%H:%M")
                .or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S"))
                .ok()
        })
    }

    /// One of several words.
    #[must_use]
    pub fn choice<T: Clone>(&self, key: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        if let Some((_, found)) = words.iter().find(|(word, _)| *word == text) {
            return Some(found.clone());
        }
        let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let meant = nearest(&text, all.iter().copied())
            .map(|near| format!("是不是“{near}”？"))
            .unwrap_or_default();
        self.report(
            key,
            format!("“{}”不能写“{text}”。", self.name(key)),
            format!("{meant}可以写：{}。", all.join("、")),
        );
        None
    }

    /// A value written as text or bare, understood by `parse`.
    #[must_use]
    pub fn parsed<T>(
        &self,
        key: &str,
        what: &str,
        example: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.find(key)?;
        let text = match value {
            DeValue::String(text) => text.trim().to_owned(),
            DeValue::Datetime(datetime) => datetime.to_string(),
            other => return self.wrong_type(key, other, what, example),
        };
        parse(&text).or_else(|| self.wrong_type(key, value, what, example))
    }

    /// A table below this one; an empty one if it is not written.
    #[must_use]
    pub fn section(&self, key: &str) -> Section<'d> {
        let table = match self.find(key) {
            Some(DeValue::Table(table)) => Some(table),
            Some(other) => self.wrong_type(key, other, "小节", &format!("[{}]", self.name(key))),
            None => None,
        };
        let offset = table.and_then(|_| self.offset_of(key)).or(self.offset);
        Section::new(self.definition, table, self.full(key), offset)
    }

    /// The tables of a list below this one, in their order.
    #[must_use]
    pub fn sections(&self, key: &str) -> Vec<Section<'d>> {
        let example = format!("[[{}]]", self.name(key));
        let mut found = Vec::new();
        for item in self.items(key, "小节的列表", &example) {
            match item {
                Item::Section(section) => found.push(section),
                Item::Text(text) => {
                    self.wrong_type::<()>(key, &DeValue::String(text.into()), "小节的列表", &example);
                }
            }
        }
        found
    }

    /// The items of a list below this one, in their order; anything but texts
    /// and tables is reported as not being what is `wanted`.
    #[must_use]
    pub fn items(&self, key: &str, wanted: &str, example: &str) -> Vec<Item<'d>> {
        let items = match self.find(key) {
            Some(DeValue::Array(items)) => items,
            Some(other) => {
                self.wrong_type::<()>(key, other, wanted, example);
                return Vec::new();
            }
            None => return Vec::new(),
        };
        let mut found = Vec::new();
        for (index, item) in items.iter().enumerate() {
            match item.get_ref() {
                DeValue::Table(table) => {
                    let path = format!("{}[{index}]", self.full(key));
                    let offset = Some(item.span().start);
                    let section = Section::new(self.definition, Some(table), path, offset);
                    found.push(Item::Section(section));
                }
                DeValue::String(text) => found.push(Item::Text(text.trim().to_owned())),
                other => {
                    self.wrong_type::<()>(key, other, wanted, example);
                }
            }
        }
        found
    }

    /// The raw value, noted as asked for.
    fn find(&self, key: &str) -> Option<&'d DeValue<'d>> {
        self.definition.asked.borrow_mut().insert(self.full(key));
        self.table?
            .iter()
            .find(|(own, _)| own.get_ref() == key)
            .map(|(_, value)| value.get_ref())
    }

    fn offset_of(&self, key: &str) -> Option<usize> {
        let mut keys = self.table?.iter();
        keys.find(|(own, _)| own.get_ref() == key)
            .map(|(own, _)| own.span().start)
    }

    fn full(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }

    /// The key as people write it: without indexes.
    fn name(&self, key: &str) -> String {
        super::without_indexes(&self.full(key))
    }

    fn wrong_type<T>(&self, key: &str, found: &DeValue<'_>, wanted: &str, example: &str) -> Option<T> {
        let found = match found {
            DeValue::String(text) => format!("“{text}”"),
            DeValue::Integer(number) => number.to_string(),
            DeValue::Float(number) => number.to_string(),
            DeValue::Boolean(value) => value.to_string(),
            DeValue::Datetime(datetime) => datetime.to_string(),
            DeValue::Array(_) => "一个列表".into(),
            DeValue::Table(_) => "一个小节".into(),
        };
        self.report(
            key,
            format!("“{}”写的是{found}。", self.name(key)),
            format!("应为{wanted}，例如 {example}"),
        );
        None
    }
}

#[cfg(test)]
mod tests;
