//! `[[register.year]]`: what each year requires of an item.

use std::collections::BTreeMap;

use chrono::Datelike as _;

use super::super::table::{Tables, date};
use super::Opened;
use crate::domain::program::Requirement;

/// Where the requirements of the years stand.
pub struct Years(Vec<Column>);

struct Column {
    of: i32,
    text: Option<usize>,
    by: Option<usize>,
}

/// Reads the list.
pub fn read(opened: &Opened<'_>) -> Years {
    let mut years: Vec<Column> = Vec::new();
    for section in opened.section.sections("year") {
        if !section.has("year") {
            section.missing("year", "2018");
        }
        let year = section.integer("year", 1990..=2100).unwrap_or_default();
        let year = i32::try_from(year).unwrap_or_default();
        let header = section.required_text("column", "2018年要求");
        let by = section.text("by").filter(|header| !header.is_empty());
        if years.iter().any(|other| other.of == year) {
            section.report("year", format!("{year}年写了两次。"), "每年一个。");
        }
        years.push(Column {
            of: year,
            text: opened.place_of(&section, "column", &header),
            by: by.and_then(|header| opened.place_of(&section, "by", &header)),
        });
    }
    Years(years)
}

impl Years {
    /// What the years require by the cells of a row.
    pub fn of(
        &self,
        cells: &[String],
        (file, line): (&str, usize),
        tables: &mut Tables<'_>,
    ) -> BTreeMap<i32, Requirement> {
        let cell = |place: Option<usize>| {
            place
                .and_then(|place| cells.get(place))
                .map_or("", String::as_str)
        };
        let mut found = BTreeMap::new();
        for year in &self.0 {
            let written = cell(year.by);
            let by = date(written);
            if (by.is_none() && !written.is_empty()) || by.is_some_and(|by| by.year() != year.of) {
                let message = format!("{}年的期限写的是“{written}”。", year.of);
                tables.report(file, Some(line), message, "应为该年的一个日期，例如 2018-12-31。");
            }
            let text = cell(year.text).to_owned();
            found.insert(year.of, Requirement { text, by });
        }
        found
    }
}
