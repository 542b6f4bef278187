//! A whole workbook as a ledger.

use chrono::NaiveDate;

use super::{Excess, Reading, locate, read_fill_lines, read_rows};
use crate::domain::program::Form;
use crate::domain::table::{Sheet, Workbook};
use crate::domain::text::name_key;

/// Sheets that we add to what we hand out: the corrections wanted, and how to fill in the form.
const OUR_SHEETS: [&str; 5] = [
    "需更正事项",
    "填报说明",
    "corrections",
    "correctionsneeded",
    "howtofillin",
];

/// Reads every sheet of a workbook: header, fill lines, rows. `span` is the
/// period's, for dates without a year; `places` are all places that the
/// roster knows, `prefixes` what may stand before their names.
///
/// Before the period is known the open period's span does: read again when
/// identification finds another one.
///
/// Where all sheets together have more than `most` rows below their headers,
/// fill lines and headers are read, and [`Reading::excess`] says so.
#[must_use]
pub fn read(
    workbook: &Workbook,
    form: &Form,
    span: (NaiveDate, NaiveDate),
    places: &[&str],
    prefixes: &[String],
    most: usize,
) -> Reading {
    let mut reading = Reading::default();
    let mut tables = Vec::new();
    for sheet in workbook.sheets.iter().filter(|sheet| !is_list(sheet)) {
        let Some(header) = locate(sheet, form) else {
            if !sheet.hidden && !is_ours(sheet) && sheet.rows.iter().any(|row| !row.is_blank()) {
                reading.without_header.push(sheet.name.clone());
            }
            continue;
        };
        let (title, fill) = read_fill_lines(sheet, &header, form);
        reading.title = reading.title.take().or(title);
        reading.fill.extend(fill);
        tables.push((sheet, header));
    }
    // A row of the file takes a hundred times its size once it is read.
    reading.excess = Excess::of(&tables, form, most);
    if reading.excess.is_some() {
        return reading;
    }
    let rows = |(sheet, header)| read_rows(sheet, header, form, span, places, prefixes);
    reading.sheets = tables.into_iter().map(rows).collect();
    reading
}

/// The lists that the dropdowns of our own forms refer to.
fn is_list(sheet: &Sheet) -> bool {
    sheet.hidden && sheet.name.starts_with('_')
}

/// A sheet that we put beside the ledger. One that a unit gave such a name and
/// that holds a ledger is still read.
fn is_ours(sheet: &Sheet) -> bool {
    OUR_SHEETS.contains(&name_key(&sheet.name).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fixture::form;
    use crate::domain::ledger::sample::sheet;
    use crate::domain::table::FileKind;
    use std::collections::BTreeMap;

    const HEADER: [&str; 4] = ["序号", "调研内容", "调研成效", "备注"];

    fn text_form() -> Form {
        let mut form = form();
        form.sheets[0]
            .columns
            .retain(|column| ["seq", "content", "effect", "remark"].contains(&column.key.as_str()));
        form
    }

    #[test]
    fn sheets_are_read_in_turn_and_ours_passed_over() {
        let mut hidden = sheet("旧数据", &[&HEADER, &["1", "隐藏的内容", "成效"]]);
        hidden.hidden = true;
        let mut lists = sheet("_列表", &[&["边板村"]]);
        lists.hidden = true;
        let workbook = Workbook {
            kind: FileKind::Xlsx,
            sheets: vec![
                sheet("需更正事项", &[&["级别", "单元格", "问题"]]),
                sheet(
                    "台账",
                    &[&["标题甲"], &["填报人：张三"], &HEADER, &["1", "内容", "成效"]],
                ),
                sheet("Sheet2", &[&["随手记的东西"]]),
                sheet("Sheet3", &[]),
                sheet("填报说明", &[&HEADER, &["1", "同名的台账", "成效"]]),
                hidden,
                lists,
            ],
            properties: BTreeMap::new(),
            times: crate::domain::table::FileTimes::default(),
            page_texts: Vec::new(),
            has_macros: false,
            has_external_links: false,
        };
        let day = |day| NaiveDate::from_ymd_opt(2024, 11, day).unwrap();
        let reading = read(&workbook, &text_form(), (day(1), day(30)), &[], &[], 100);
        assert_eq!(reading.excess, None);
        assert_eq!(reading.title.unwrap().text, "标题甲");
        assert_eq!(reading.fill[0].value, "张三");
        assert_eq!(reading.without_header, ["Sheet2"]);
        let sheets: Vec<_> = reading
            .sheets
            .iter()
            .map(|own| (own.sheet.as_str(), own.hidden, own.rows.len()))
            .collect();
        assert_eq!(
            sheets,
            [("台账", false, 1), ("填报说明", false, 1), ("旧数据", true, 1)]
        );
    }
}
