//! What is streamed reads as it was written, and stands in the file as the
//! library itself would have put it.

use std::io::{Cursor, Read as _};

use calamine::{Data, Reader as _, Xlsx};
use proptest::prelude::*;
use rust_xlsxwriter::{Color, Format, FormatAlign, Url, Workbook};

use super::*;
use crate::domain::safe_text::safe_text;
use crate::domain::table::Pos;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Text(String),
    Number(f64),
}

fn layout(widths: &[f64]) -> Layout {
    Layout {
        widths: widths.to_vec(),
        hidden: Some(2),
        header: 1,
        pages_wide: 2,
        footer: "&L&\"宋体\"&12定稿&C— &P —".into(),
    }
}

fn formats() -> [Format; 4] {
    let bold = Format::new().set_bold();
    let red = Format::new().set_background_color(Color::RGB(0x00FF_0000));
    [
        bold.clone(),
        Format::new(),
        red.set_align(FormatAlign::Center),
        bold,
    ]
}

/// A workbook with one streamed sheet of these rows.
fn written(rows: &[Vec<Cell>], shared: bool) -> Vec<u8> {
    let formats = formats();
    let numbers = StyleNumbers::of(&formats);
    let mut sheet = Sheet::start(layout(&[10.0; 30]), true).unwrap();
    let mut strings = SharedStrings::start();
    let mut cells = Cells {
        sheet: &mut sheet,
        strings: shared.then_some(&mut strings),
    };
    for (row, own) in (0..).zip(rows) {
        cells.start_row(row, 24.0).unwrap();
        for (column, cell) in (0..).zip(own) {
            let at = Pos::new(row, column);
            match cell {
                Cell::Text(text) => cells.text(at, text, numbers.at(0)).unwrap(),
                Cell::Number(number) => cells.number(at, *number, numbers.at(2)).unwrap(),
            }
        }
        cells.end_row().unwrap();
    }
    let mut package = Package::new(&formats);
    package.add("明细", sheet).unwrap();
    saved(package, strings)
}

fn saved(package: Package, strings: SharedStrings) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.xlsx");
    save(package, strings, &path).unwrap();
    std::fs::read(path).unwrap()
}

/// The cells of the first sheet, as calamine reads them.
fn read(book: Vec<u8>, rows: &[Vec<Cell>]) -> Vec<Vec<Cell>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(book)).unwrap();
    let range = book.worksheet_range("明细").unwrap();
    let at = |row, column| match range.get_value((row, column)) {
        None | Some(Data::Empty) => Cell::Text(String::new()),
        Some(Data::Float(number)) => Cell::Number(*number),
        Some(other) => Cell::Text(other.to_string()),
    };
    (0..)
        .zip(rows)
        .map(|(row, own)| (0..).zip(own).map(|(column, _)| at(row, column)).collect())
        .collect()
}

fn part(book: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// Texts and numbers as a ledger may hold them, made safe as a master's are.
fn cell() -> impl Strategy<Value = Cell> {
    let text = prop_oneof![
        "[ \t\na-z<>&\"'_x0-9A-F村。😀=@+-]{0,40}",
        "(_x[0-9A-F]{4}_|<r>|&amp;|村){0,5}",
        ".{0,60}"
    ];
    prop_oneof![
        3 => text.prop_map(|text| Cell::Text(safe_text(&text).into_owned())),
        1 => prop_oneof![any::<i32>().prop_map(f64::from), -1e9..1e9].prop_map(Cell::Number),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_written_is_read(
        rows in prop::collection::vec(prop::collection::vec(cell(), 0..30), 0..12),
        shared: bool,
    ) {
        let found = read(written(&rows, shared), &rows);
        prop_assert_eq!(found, rows);
    }
}

#[test]
fn numbers_are_written_in_full() {
    let numbers = [
        0.0,
        7.0,
        10.0,
        1_048_576.0,
        4_294_967_295.0,
        4_294_967_296.0,
        -1.0,
        0.1,
        1e21,
    ];
    let rows: Vec<Vec<Cell>> = numbers.iter().map(|number| vec![Cell::Number(*number)]).collect();
    assert_eq!(read(written(&rows, true), &rows), rows);
}

#[test]
fn a_sheet_ends_where_excel_does() {
    let mut sheet = Sheet::start(layout(&[10.0]), true).unwrap();
    let mut cells = Cells {
        sheet: &mut sheet,
        strings: None,
    };
    cells.start_row(1_048_575, 20.0).unwrap();
    assert!(cells.start_row(1_048_576, 20.0).is_err());
}

/// Widths: two alike, a hidden one, the default, a fraction.
const WIDTHS: [f64; 6] = [12.0, 12.0, 7.0, 8.43, 33.3, 5.5];

/// The same sheet by the library alone: title, header, rows with links.
fn by_the_library(formats: &[Format; 4]) -> Vec<u8> {
    let mut book = Workbook::new();
    for format in formats {
        book.register_format(format);
    }
    let sheet = book.add_worksheet();
    sheet.set_name("明细").unwrap();
    let look = layout(&WIDTHS);
    let [left, right, top, bottom, header, footer] = MARGINS;
    sheet
        .set_paper_size(9)
        .set_landscape()
        .set_print_fit_to_pages(2, 0)
        .set_print_center_horizontally(true)
        .set_margins(left, right, top, bottom, header, footer)
        .set_print_first_page_number(1)
        .set_footer(&look.footer)
        .set_repeat_rows(1, 1)
        .unwrap()
        .set_repeat_columns(0, 0)
        .unwrap()
        .set_freeze_panes(2, 0)
        .unwrap();
    for (column, width) in (0..).zip(look.widths) {
        sheet.set_column_width(column, width).unwrap();
    }
    sheet.set_column_hidden(2).unwrap();
    sheet.set_row_height(0, 36.0).unwrap();
    sheet.merge_range(0, 0, 0, 5, "题目 <1>", &formats[2]).unwrap();
    sheet.set_row_height(1, 24.75).unwrap();
    for (column, header) in (0..).zip(HEADERS) {
        sheet
            .write_string_with_format(1, column, header, &formats[0])
            .unwrap();
    }
    for (row, target) in (2..).zip(TARGETS) {
        sheet.set_row_height(row, 20.25).unwrap();
        sheet.write_string_with_format(row, 0, "村", &formats[3]).unwrap();
        let url = Url::new(format!("file://{target}"));
        sheet
            .write_url_with_options(row, 1, &url, "打开", "", Some(&formats[1]))
            .unwrap();
        sheet.write_blank(row, 2, &formats[2]).unwrap();
    }
    sheet.merge_range(5, 0, 5, 1, "合计", &formats[0]).unwrap();
    sheet.set_row_height(5, 30.0).unwrap();
    sheet.autofilter(1, 0, 4, 5).unwrap();
    book.save_to_buffer().unwrap()
}

const HEADERS: [&str; 6] = ["单位", "原件", "键", "四", "五", "六"];
const TARGETS: [&str; 3] = ["../watch/甲 乙/a&b.xlsx", "../watch/丙.xlsx", "../watch/丙.xlsx"];

/// It once more, streamed.
fn streamed(formats: &[Format; 4]) -> Vec<u8> {
    let numbers = StyleNumbers::of(formats);
    let mut sheet = Sheet::start(layout(&WIDTHS), true).unwrap();
    let mut strings = SharedStrings::start();
    let mut cells = Cells {
        sheet: &mut sheet,
        strings: Some(&mut strings),
    };
    let title = (numbers.at(2), numbers.at(2));
    cells.start_row(0, 36.0).unwrap();
    cells.merged(Pos::new(0, 0), 5, "题目 <1>", title).unwrap();
    cells.end_row().unwrap();
    cells.start_row(1, 24.75).unwrap();
    for (column, header) in (0..).zip(HEADERS) {
        cells.text(Pos::new(1, column), header, numbers.at(0)).unwrap();
    }
    cells.end_row().unwrap();
    for (row, target) in (2..).zip(TARGETS) {
        cells.start_row(row, 20.25).unwrap();
        cells.text(Pos::new(row, 0), "村", numbers.at(3)).unwrap();
        cells
            .link(Pos::new(row, 1), "打开", target, numbers.at(1))
            .unwrap();
        cells.text(Pos::new(row, 2), "", numbers.at(2)).unwrap();
        cells.end_row().unwrap();
    }
    let total = (numbers.at(0), numbers.at(0));
    cells.start_row(5, 30.0).unwrap();
    cells.merged(Pos::new(5, 0), 1, "合计", total).unwrap();
    cells.end_row().unwrap();
    sheet.filter(4);
    let mut package = Package::new(formats);
    package.add("明细", sheet).unwrap();
    saved(package, strings)
}

#[test]
fn the_file_is_as_the_library_writes_it() {
    let formats = formats();
    let (theirs, ours) = (by_the_library(&formats), streamed(&formats));
    for name in [
        "xl/workbook.xml",
        "xl/styles.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/worksheets/_rels/sheet1.xml.rels",
        "[Content_Types].xml",
    ] {
        assert_eq!(part(&ours, name), part(&theirs, name), "{name}");
    }
    // Theirs tells the used range and each row's columns, which may be left out
    // and which a stream doesn't know when it would have to tell them.
    let xml = part(&theirs, "xl/worksheets/sheet1.xml")
        .replace("<dimension ref=\"A1:F6\"/>", "")
        .replace(" spans=\"1:6\"", "");
    assert_eq!(
        part(&ours, "xl/worksheets/sheet1.xml").replace(" s=\"0\"", ""),
        xml
    );
}

#[test]
fn texts_without_a_sheet_that_shares_them_are_no_workbook() {
    let folder = tempfile::tempdir().unwrap();
    let mut package = Package::new(&formats());
    package.book.add_worksheet();
    let saved = save(package, SharedStrings::start(), &folder.path().join("book.xlsx"));
    assert!(saved.unwrap_err().to_string().contains("xl/sharedStrings.xml"));
}

#[test]
fn equal_formats_share_a_number_and_none_is_that_of_plain_cells() {
    let numbers = StyleNumbers::of(&formats());
    assert_eq!([0, 1, 2, 3].map(|at| numbers.at(at)), [1, 0, 2, 1]);
}
