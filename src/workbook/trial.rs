//! 试运行审核意见: what would have happened, had a programme not been on trial.
//! For the office; nothing of it goes to the units.

use rust_xlsxwriter::{Workbook, Worksheet};

use super::style::{
    Align, BODY_SIZE, Margins, SMALL_TITLE_SIZE, Typeface, estimate_height, safe_text, set_up_page,
};
use crate::domain::language::Language;

/// What the workbook says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrialBook {
    /// Its title.
    pub title: String,
    /// What it is, in a sentence or two.
    pub note: String,
    /// One line a file: unit, file, received, verdict, what would be done, and
    /// how many places must be corrected, explained, are worth a look.
    pub files: Vec<[String; 8]>,
    /// One line a finding: unit, file, sheet, cell, what is wrong, what to do, how grave.
    pub findings: Vec<[String; 7]>,
}

const FILE_WIDTHS: [f64; 8] = [16.0, 32.0, 18.0, 19.0, 38.0, 9.0, 9.0, 9.0];
const FINDING_WIDTHS: [f64; 7] = [16.0, 28.0, 12.0, 8.0, 44.0, 34.0, 10.0];
const HEADER_ROW: u32 = 2;
const LOWEST: f64 = 22.0;

struct Words {
    sheets: [&'static str; 2],
    files: [&'static str; 8],
    findings: [&'static str; 7],
    none: &'static str,
}

const CHINESE: Words = Words {
    sheets: ["审核结果", "问题明细"],
    files: [
        "单位",
        "文件",
        "收到时间",
        "审核结果",
        "正式运行时的处理",
        "须更正",
        "需核实",
        "提示",
    ],
    findings: ["单位", "文件", "工作表", "单元格", "问题", "怎么改", "类别"],
    none: "还没有收到文件。",
};

const ENGLISH: Words = Words {
    sheets: ["Verdicts", "Findings"],
    files: [
        "Unit",
        "File",
        "Received",
        "Verdict",
        "What would be done",
        "To correct",
        "To explain",
        "Notices",
    ],
    findings: [
        "Unit",
        "File",
        "Sheet",
        "Cell",
        "What is wrong",
        "What to do",
        "Severity",
    ],
    none: "No file has come yet.",
};

/// The workbook's bytes.
///
/// # Errors
/// When it can't be written.
pub fn write_trial(language: Language, own: &TrialBook) -> anyhow::Result<Vec<u8>> {
    let words = match language {
        Language::Chinese => &CHINESE,
        Language::English => &ENGLISH,
    };
    let typeface = Typeface::of(language);
    let mut book = Workbook::new();
    let files: Vec<&[String]> = own.files.iter().map(<[String; 8]>::as_slice).collect();
    let sheet = book.add_worksheet().set_name(words.sheets[0])?;
    write_table(sheet, &typeface, own, (&words.files, &FILE_WIDTHS), &files)?;
    if files.is_empty() {
        sheet.write_string_with_format(HEADER_ROW + 1, 0, words.none, &typeface.line(BODY_SIZE))?;
    }
    let findings: Vec<&[String]> = own.findings.iter().map(<[String; 7]>::as_slice).collect();
    let sheet = book.add_worksheet().set_name(words.sheets[1])?;
    write_table(
        sheet,
        &typeface,
        own,
        (&words.findings, &FINDING_WIDTHS),
        &findings,
    )?;
    Ok(book.save_to_buffer()?)
}

fn write_table(
    sheet: &mut Worksheet,
    typeface: &Typeface,
    own: &TrialBook,
    (header, widths): (&[&str], &[f64]),
    rows: &[&[String]],
) -> anyhow::Result<()> {
    for (column, width) in (0..).zip(widths) {
        sheet.set_column_width(column, *width)?;
    }
    let last = u16::try_from(widths.len() - 1)?;
    let whole: f64 = widths.iter().sum();
    sheet.merge_range(
        0,
        0,
        0,
        last,
        &safe_text(&own.title),
        &typeface.title(SMALL_TITLE_SIZE),
    )?;
    sheet.set_row_height(0, 36)?;
    sheet.merge_range(1, 0, 1, last, &safe_text(&own.note), &typeface.line(BODY_SIZE))?;
    sheet.set_row_height(1, estimate_height(&own.note, whole, BODY_SIZE).max(LOWEST))?;
    for (column, text) in (0..).zip(header) {
        sheet.write_string_with_format(HEADER_ROW, column, *text, &typeface.header())?;
    }
    sheet.set_row_height(HEADER_ROW, 28)?;
    let (left, centre) = (typeface.cell(Align::Left), typeface.cell(Align::Center));
    for (number, cells) in (HEADER_ROW + 1..).zip(rows) {
        let mut height = LOWEST;
        for ((column, text), width) in (0..).zip(*cells).zip(widths) {
            let text = safe_text(text);
            height = height.max(estimate_height(&text, *width, BODY_SIZE));
            let format = if *width < 20.0 { &centre } else { &left };
            match text.parse::<u32>() {
                Ok(count) if text.len() < 7 => {
                    sheet.write_number_with_format(number, column, count, format)?
                }
                _ => sheet.write_string_with_format(number, column, &text, format)?,
            };
        }
        sheet.set_row_height(number, height)?;
    }
    sheet.set_freeze_panes(HEADER_ROW + 1, 0)?;
    set_up_page(sheet, typeface, Margins::Narrow, Some((HEADER_ROW, HEADER_ROW)))
}
