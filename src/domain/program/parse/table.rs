//! The tables beside a definition: which file, which column, which line.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use chrono::NaiveDate;

use super::ProgramSource;
use crate::domain::definition::Problem;
use crate::domain::definition::{Section, nearest};
use crate::domain::ids::BadId;
use crate::domain::mail_address;
use crate::domain::roster::Validity;
use crate::domain::source_table::SourceTable;
use crate::domain::text::{half_width, name_key};

/// A column that a table may have.
#[derive(Debug)]
pub struct Field {
    /// How the code and `assumed` call it.
    pub key: &'static str,
    /// The headers it is known by, the one used in messages first.
    pub headers: &'static [&'static str],
    /// Whether the table must have it, and each row fill it in.
    pub required: bool,
}

/// A field that a table may do without.
pub const fn optional(key: &'static str, headers: &'static [&'static str]) -> Field {
    Field {
        key,
        headers,
        required: false,
    }
}

/// A field that each row must fill in.
pub const fn required(key: &'static str, headers: &'static [&'static str]) -> Field {
    Field {
        key,
        headers,
        required: true,
    }
}

impl Field {
    /// Whether a header is this column's, however it is written.
    #[must_use]
    pub fn is_called(&self, header: &str) -> bool {
        let key = name_key(header);
        self.key == key || self.headers.iter().any(|own| name_key(own) == key)
    }
}

/// All tables of a definition, and what was wrong with them.
pub struct Tables<'s> {
    source: &'s ProgramSource,
    problems: Vec<Problem>,
    known: BTreeSet<String>,
}

/// One table with its columns found.
pub struct Table<'s> {
    /// The file as people know it.
    pub file: String,
    fields: &'static [Field],
    source: &'s SourceTable,
    columns: BTreeMap<&'static str, usize>,
}

/// One row of a table.
pub struct Entry<'t> {
    /// The 1-based line in the file.
    pub line: usize,
    table: &'t Table<'t>,
    cells: &'t [String],
}

impl<'s> Tables<'s> {
    /// No table opened yet.
    pub fn new(source: &'s ProgramSource) -> Self {
        Self {
            source,
            problems: Vec::new(),
            known: BTreeSet::new(),
        }
    }

    /// Everything that was wrong.
    pub fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// Whether `roster.department` and the like name a column that a table may have.
    pub fn knows(&self, key: &str) -> bool {
        self.known.contains(key)
    }

    /// The names that [`Self::knows`].
    pub fn known(&self) -> impl Iterator<Item = &str> {
        self.known.iter().map(String::as_str)
    }

    /// Reports something wrong with a table.
    pub fn report(
        &mut self,
        file: &str,
        line: Option<usize>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.problems.push(Problem {
            file: file.to_owned(),
            line,
            message: message.into(),
            remedy: remedy.into(),
        });
    }

    /// The table that a key of the definition names, as it stands.
    pub fn raw(&mut self, section: &Section<'_>, key: &str) -> Option<(String, &'s SourceTable)> {
        let name = section.text(key).filter(|name| !name.is_empty())?;
        let file = match self.source.path.rfind(['/', '\\']) {
            Some(end) => format!("{}{name}", &self.source.path[..=end]),
            None => name.clone(),
        };
        if let Some(reason) = self.source.unreadable.get(&name) {
            let remedy = "请用WPS/Excel打开后另存为xlsx或“CSV UTF-8”。";
            self.report(&file, None, format!("名册读不出来：{reason}。"), remedy);
            return None;
        }
        let Some(table) = self.source.tables.get(&name) else {
            let beside = self.source.tables.keys().map(String::as_str);
            let remedy = nearest(&name, beside).map_or_else(
                || "请把这个文件（.csv 或 .xlsx）放在 program.toml 旁边，或改正文件名。".to_owned(),
                |near| format!("是不是“{near}”？"),
            );
            section.report(key, format!("没有“{name}”这个文件。"), remedy);
            return None;
        };
        Some((file, table))
    }

    /// Opens the table that a key of the definition names and finds its
    /// columns; `prefix` is how `assumed` calls the table.
    pub fn open(
        &mut self,
        section: &Section<'_>,
        key: &str,
        prefix: &str,
        fields: &'static [Field],
    ) -> Option<Table<'s>> {
        self.known
            .extend(fields.iter().map(|field| format!("{prefix}.{}", field.key)));
        let (file, source) = self.raw(section, key)?;
        let columns = self.columns(&file, source, fields)?;
        Some(Table {
            file,
            fields,
            source,
            columns,
        })
    }

    fn columns(
        &mut self,
        file: &str,
        source: &SourceTable,
        fields: &'static [Field],
    ) -> Option<BTreeMap<&'static str, usize>> {
        let line = Some(1);
        let mut columns = BTreeMap::new();
        for (place, header) in source
            .header
            .iter()
            .enumerate()
            .filter(|(_, header)| !header.is_empty())
        {
            let found = fields.iter().find(|field| field.is_called(header));
            if let Some(field) = found {
                if columns.insert(field.key, place).is_some() {
                    self.report(file, line, format!("列“{header}”重复。"), "同一项只留一列。");
                }
            } else if let Some(near) = nearest(header, fields.iter().flat_map(|field| field.headers).copied())
            {
                // Other columns are the office's own and let alone; a slip of the hand is not.
                self.report(
                    file,
                    line,
                    format!("不认识的列“{header}”。"),
                    format!("是不是“{near}”？"),
                );
            }
        }
        let mut complete = true;
        for field in fields
            .iter()
            .filter(|field| field.required && !columns.contains_key(field.key))
        {
            complete = false;
            self.report(
                file,
                line,
                format!("缺“{}”列。", field.headers[0]),
                format!("第一行为列名，应有：{}。", required_headers(fields)),
            );
        }
        complete.then_some(columns)
    }
}

impl<'s> Table<'s> {
    /// The rows in the order of the file; a required cell that is empty is reported.
    pub fn entries<'t>(&'t self, tables: &mut Tables<'_>) -> Vec<Entry<'t>>
    where
        's: 't,
    {
        let entries: Vec<Entry<'t>> = self
            .source
            .rows
            .iter()
            .map(|(line, cells)| Entry {
                line: *line,
                table: self,
                cells,
            })
            .collect();
        for entry in &entries {
            for field in self.fields.iter().filter(|field| field.required) {
                if entry.text(field.key).is_empty() {
                    let message = format!("“{}”没有填。", field.headers[0]);
                    tables.report(&self.file, Some(entry.line), message, "每行都要填。");
                }
            }
        }
        entries
    }

    /// How a field is called in messages.
    pub fn header(&self, key: &str) -> &'static str {
        let field = self.fields.iter().find(|field| field.key == key);
        field.map_or("", |field| field.headers[0])
    }
}

impl Entry<'_> {
    /// A cell; empty where the table has no such column.
    pub fn text(&self, key: &str) -> &str {
        let place = self.table.columns.get(key);
        place
            .and_then(|place| self.cells.get(*place))
            .map_or("", String::as_str)
    }

    /// A cell that is an id; none where it is missing, which is reported anyway,
    /// or can't be one.
    pub fn id<I: FromStr<Err = BadId>>(&self, key: &str, tables: &mut Tables<'_>) -> Option<I> {
        match self.text(key).parse() {
            Ok(id) => Some(id),
            Err(BadId::Empty) => None,
            Err(error) => {
                self.wrong(key, tables, &format!("{error}。"));
                None
            }
        }
    }

    /// A cell that lists names, with 、 or another separator between them.
    pub fn list(&self, key: &str) -> Vec<String> {
        split(self.text(key))
    }

    /// A yes or no; an empty cell is no.
    pub fn yes(&self, key: &str, tables: &mut Tables<'_>) -> bool {
        let text = self.text(key);
        match text.to_lowercase().as_str() {
            "是" | "yes" | "y" | "true" | "1" | "√" => true,
            "" | "否" | "no" | "n" | "false" | "0" => false,
            _ => {
                self.wrong(key, tables, "应填“是”或“否”。");
                false
            }
        }
    }

    /// From when and until when the row holds.
    pub fn validity(&self, tables: &mut Tables<'_>) -> Validity {
        let validity = Validity {
            from: self.date("valid_from", tables),
            to: self.date("valid_to", tables),
        };
        if let (Some(from), Some(to)) = (validity.from, validity.to)
            && from > to
        {
            tables.report(
                &self.table.file,
                Some(self.line),
                format!("生效日期{from}晚于失效日期{to}。"),
                "失效日期是最后有效的一天，应不早于生效日期。",
            );
        }
        validity
    }

    /// Reports a cell that can't be taken as it is.
    pub fn wrong(&self, key: &str, tables: &mut Tables<'_>, remedy: &str) {
        let message = format!("“{}”写的是“{}”。", self.table.header(key), self.text(key));
        tables.report(&self.table.file, Some(self.line), message, remedy);
    }

    /// Names an address that no letter can go to: the rule is that of sending.
    pub fn mail(&self, key: &str, tables: &mut Tables<'_>) {
        let address = self.text(key);
        if let Some(fault) = mail_address::fault(address).filter(|_| !address.is_empty()) {
            let remedy = format!("邮箱{fault}；应写成 name@example.gov.cn，没有邮箱留空。");
            self.wrong(key, tables, &remedy);
        }
    }

    fn date(&self, key: &str, tables: &mut Tables<'_>) -> Option<NaiveDate> {
        let text = self.text(key);
        let found = date(text);
        if found.is_none() && !text.is_empty() {
            self.wrong(key, tables, "应为日期，例如 2024-11-11；长期有效的留空。");
        }
        found
    }
}

/// Splits a list of names as people write it.
pub fn split(text: &str) -> Vec<String> {
    text.split(['、', '，', ',', '；', ';', '\n'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A date as a spreadsheet or a person writes it: 2024-11-11, 2024/11/11, 2024.11.11, 2024年11月11日.
pub fn date(text: &str) -> Option<NaiveDate> {
    let text = half_width(text);
    let text = text.trim().trim_end_matches('日');
    let parts: Vec<&str> = text.split(['-', '/', '.', '年', '月']).map(str::trim).collect();
    let &[year, month, day] = parts.as_slice() else {
        return None;
    };
    NaiveDate::from_ymd_opt(
        (year.len() == 4).then(|| year.parse().ok())??,
        month.parse().ok()?,
        day.parse().ok()?,
    )
}

fn required_headers(fields: &[Field]) -> String {
    let names: Vec<&str> = fields
        .iter()
        .filter(|field| field.required)
        .map(|field| field.headers[0])
        .collect();
    names.join("、")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them() {
        let day = NaiveDate::from_ymd_opt(2024, 11, 1);
        for text in [
            "2024-11-01",
            "2024/11/1",
            "2024.11.1",
            "2024年11月1日",
            "２０２４-１１-０１",
        ] {
            assert_eq!(date(text), day, "{text}");
        }
        for text in ["", "2024-13-01", "24-11-01", "2024-11", "长期"] {
            assert_eq!(date(text), None, "{text}");
        }
    }

    #[test]
    fn lists_are_split_at_any_separator() {
        assert_eq!(split("甲办、 乙办，丙办;"), ["甲办", "乙办", "丙办"]);
        assert!(split(" ").is_empty());
    }
}
