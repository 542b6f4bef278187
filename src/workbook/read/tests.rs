//! Workbooks written here and read back in this process.

mod refused;

use std::io::{Cursor, Read as _, Write as _};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Formula, Image, Workbook as Written};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::*;
use crate::domain::table::{FileKind, Pos, Range, Sheet, Value, Workbook};

fn read(bytes: &[u8]) -> Result<Workbook, ReadFailure> {
    read_within(bytes, &Limits::default())
}

fn read_within(bytes: &[u8], limits: &Limits) -> Result<Workbook, ReadFailure> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    read_in_process(file.path(), limits)
}

/// The workbook with the text of one part changed, or the part added.
fn edited(book: &[u8], part: &str, edit: impl FnOnce(String) -> String) -> Vec<u8> {
    let mut source = ZipArchive::new(Cursor::new(book)).unwrap();
    let mut target = ZipWriter::new(Cursor::new(Vec::new()));
    let mut text = String::new();
    for index in 0..source.len() {
        let mut entry = source.by_index(index).unwrap();
        if entry.name().unwrap() == part {
            entry.read_to_string(&mut text).unwrap();
        } else {
            target.raw_copy_file(entry).unwrap();
        }
    }
    target.start_file(part, SimpleFileOptions::default()).unwrap();
    target.write_all(edit(text).as_bytes()).unwrap();
    target.finish().unwrap().into_inner()
}

fn simple() -> Written {
    let mut book = Written::new();
    book.add_worksheet().write(0, 0, "村").unwrap();
    book
}

fn value(sheet: &Sheet, cell: &str) -> (Value, bool) {
    let found = sheet.cell(xml::position(cell).unwrap());
    found.map_or((Value::Empty, false), |cell| (cell.value.clone(), cell.formula))
}

#[test]
fn values_keep_their_kind() {
    let mut book = Written::new();
    let sheet = book.add_worksheet();
    let day = Format::new().set_num_format("yyyy年m月d日");
    let built_in = Format::new().set_num_format_index(31);
    let date = ExcelDateTime::from_ymd(2024, 11, 5).unwrap();
    sheet.write(0, 0, " 官湖村\n二组 ").unwrap();
    sheet.write(0, 1, "00123").unwrap();
    sheet.write(0, 2, 11.5).unwrap();
    sheet.write(0, 3, true).unwrap();
    sheet.write_with_format(0, 4, &date, &day).unwrap();
    sheet.write_with_format(0, 5, 45_601.5, &built_in).unwrap();
    sheet.write(1, 0, Formula::new("1+1").set_result("2")).unwrap();
    sheet
        .write(1, 1, Formula::new("A1&\"\"").set_result("官湖村"))
        .unwrap();
    sheet
        .write(1, 2, Formula::new("1/0").set_result("#DIV/0!"))
        .unwrap();
    sheet
        .write(1, 3, Formula::new("UNSAVED()").set_result("SAVED"))
        .unwrap();
    sheet
        .write_with_format(1, 4, Formula::new("TODAY()").set_result("45601"), &day)
        .unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let bytes = edited(&bytes, "xl/worksheets/sheet1.xml", |xml| {
        assert!(xml.contains("<v>SAVED</v>"));
        xml.replace("<v>SAVED</v>", "")
    });
    let book = read(&bytes).unwrap();
    assert_eq!(book.kind, FileKind::Xlsx);
    assert!(!book.has_macros && !book.has_external_links);
    let date = |hour| {
        chrono::NaiveDate::from_ymd_opt(2024, 11, 5)
            .unwrap()
            .and_hms_opt(hour, 0, 0)
            .unwrap()
    };
    for (cell, expected, formula) in [
        ("A1", Value::Text(" 官湖村\n二组 ".into()), false),
        ("B1", Value::Text("00123".into()), false),
        ("C1", Value::Number(11.5), false),
        ("D1", Value::Bool(true), false),
        ("E1", Value::Date(date(0)), false),
        ("F1", Value::Date(date(12)), false),
        ("A2", Value::Number(2.0), true),
        ("B2", Value::Text("官湖村".into()), true),
        ("C2", Value::Error("#DIV/0!".into()), true),
        ("D2", Value::Empty, true),
        ("E2", Value::Date(date(0)), true),
    ] {
        assert_eq!(value(&book.sheets[0], cell), (expected, formula), "{cell}");
    }
}

#[test]
fn hidden_and_merged_parts_are_seen() {
    let mut book = Written::new();
    let sheet = book.add_worksheet().set_name("台账").unwrap();
    sheet.merge_range(0, 0, 0, 7, "工作台账", &Format::new()).unwrap();
    for row in 1..6 {
        sheet.write(row, 2, "村").unwrap();
    }
    sheet.set_row_hidden(3).unwrap().set_column_hidden(2).unwrap();
    // People also hide the whole rest of a sheet; nothing is lost there.
    sheet
        .set_column_range_hidden(30, 16_383)
        .unwrap()
        .set_row_hidden(90)
        .unwrap();
    book.add_worksheet()
        .set_name("名单")
        .unwrap()
        .set_hidden(true)
        .write(0, 0, 1)
        .unwrap();
    book.add_worksheet()
        .set_name("深藏")
        .unwrap()
        .set_very_hidden(true)
        .write(0, 0, 1)
        .unwrap();
    let book = read(&book.save_to_buffer().unwrap()).unwrap();
    let told: Vec<_> = book
        .sheets
        .iter()
        .map(|sheet| (sheet.name.as_str(), sheet.hidden))
        .collect();
    assert_eq!(told, [("台账", false), ("名单", true), ("深藏", true)]);
    let sheet = &book.sheets[0];
    assert_eq!(
        sheet.merges,
        [Range {
            first: Pos::new(0, 0),
            last: Pos::new(0, 7)
        }]
    );
    assert_eq!(sheet.hidden_rows, [3]);
    assert_eq!(sheet.hidden_columns, [2]);
    assert!(book.sheets[1].hidden_rows.is_empty());
}

#[test]
fn properties_and_page_texts_are_read() {
    let mut book = simple();
    let properties = DocProperties::new()
        .set_custom_property("填报单位", "洪文泽")
        .set_custom_property("版本", 3);
    book.set_properties(&properties);
    book.worksheet_from_index(0)
        .unwrap()
        .set_header("&C&\"宋体\"机密★1年")
        .set_footer("第 &P 页");
    let book = read(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(
        book.properties.get("填报单位").map(String::as_str),
        Some("洪文泽")
    );
    assert_eq!(book.properties.get("版本").map(String::as_str), Some("3"));
    assert_eq!(book.page_texts, ["机密★1年", "第  页"]);
}

#[test]
fn pictures_floating_or_in_cells_are_seen_and_are_no_values() {
    let png = b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xDE\0\0\0\x0CIDATx\x9Cc\xF8\xCF\xC0\0\0\x03\x01\x01\0\xC9\xFE\x92\xEF\0\0\0\0IEND\xAEB`\x82";
    let image = Image::new_from_buffer(png).unwrap();
    let mut book = simple();
    let sheet = book.worksheet_from_index(0).unwrap();
    sheet.insert_image(4, 7, &image).unwrap();
    sheet.embed_image(6, 2, &image).unwrap();
    let shown = Formula::new("_xlfn.DISPIMG(\"ID_1\",1)").set_result("=DISPIMG(\"ID_1\",1)");
    sheet.write(8, 1, shown).unwrap();
    let book = read(&book.save_to_buffer().unwrap()).unwrap();
    assert_eq!(
        book.sheets[0].pictures,
        [Pos::new(4, 7), Pos::new(6, 2), Pos::new(8, 1)]
    );
    assert_eq!(book.sheets[0].rows.len(), 1, "only the text is a value");
}

#[test]
fn the_calendar_of_1904_is_kept() {
    let mut book = Written::new();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    book.add_worksheet()
        .write_with_format(0, 0, 45_601 - 1462, &day)
        .unwrap();
    let bytes = edited(&book.save_to_buffer().unwrap(), "xl/workbook.xml", |xml| {
        xml.replace("<workbookPr ", "<workbookPr date1904=\"1\" ")
    });
    assert_eq!(
        value(&read(&bytes).unwrap().sheets[0], "A1").0.display(),
        "2024-11-05"
    );
}

#[test]
fn formatted_but_empty_rows_cost_nothing() {
    let mut book = simple();
    let border = Format::new().set_border(rust_xlsxwriter::FormatBorder::Thin);
    let sheet = book.worksheet_from_index(0).unwrap();
    for row in 1..20_000 {
        for column in 0..10 {
            sheet.write_blank(row, column, &border).unwrap();
        }
    }
    let few = Limits {
        cells: 100,
        ..Limits::default()
    };
    let book = read_within(&book.save_to_buffer().unwrap(), &few).unwrap();
    assert_eq!(book.sheets[0].rows.len(), 1);
}

#[test]
fn pronunciation_is_no_part_of_a_text() {
    let bytes = edited(
        &simple().save_to_buffer().unwrap(),
        "xl/sharedStrings.xml",
        |xml| {
            let spoken =
                "<si><r><t>官湖</t></r><r><t>村</t></r><rPh sb=\"0\" eb=\"1\"><t>guan</t></rPh></si>";
            let plain = "<si><t>村</t></si>";
            assert!(xml.contains(plain));
            xml.replace(plain, spoken)
        },
    );
    assert_eq!(
        value(&read(&bytes).unwrap().sheets[0], "A1").0,
        Value::Text("官湖村".into())
    );
}

#[test]
fn macros_and_links_to_other_files_are_told() {
    let bytes = edited(&simple().save_to_buffer().unwrap(), "xl/vbaProject.bin", |_| {
        "x".into()
    });
    let bytes = edited(&bytes, "xl/externalLinks/externalLink1.xml", |_| {
        "<externalLink/>".into()
    });
    let book = read(&bytes).unwrap();
    assert_eq!(book.kind, FileKind::Xlsm);
    assert!(book.has_macros && book.has_external_links);
}

#[test]
fn open_document_is_read_alike() {
    let content = r#"<office:document-content><office:automatic-styles><style:style style:name="ta2"><style:table-properties table:display="false"/></style:style></office:automatic-styles>
<office:body><office:spreadsheet><table:table table:name="台账" table:style-name="ta1"><table:table-column/>
<table:table-row><table:table-cell table:number-columns-spanned="2" office:value-type="string"><text:p>工作台账</text:p></table:table-cell><table:covered-table-cell/></table:table-row>
<table:table-row table:visibility="collapse"><table:table-cell office:value-type="date" office:date-value="2024-11-05"><text:p>11.5</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="3"/></table:table-row>
<table:table-row><table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell><table:table-cell table:formula="of:=[.B2]" office:value-type="float" office:value="3"/></table:table-row>
<table:table-row table:number-rows-repeated="1048573"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>
<table:table table:name="名单" table:style-name="ta2"><table:table-row><table:table-cell office:value-type="boolean" office:boolean-value="true"/></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"#;
    let content: String = content.lines().collect();
    let mut target = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, text) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest:manifest/>"),
        ("content.xml", &content),
        (
            "styles.xml",
            "<office:document-styles><style:footer><text:p>内部资料</text:p></style:footer></office:document-styles>",
        ),
        (
            "meta.xml",
            "<office:document-meta><meta:user-defined meta:name=\"版本\">3</meta:user-defined></office:document-meta>",
        ),
    ] {
        target.start_file(name, stored).unwrap();
        target.write_all(text.as_bytes()).unwrap();
    }
    let book = read(target.finish().unwrap().get_ref()).unwrap();
    assert_eq!(book.kind, FileKind::Ods);
    assert_eq!(book.page_texts, ["内部资料"]);
    assert_eq!(book.properties.get("版本").map(String::as_str), Some("3"));
    assert!(!book.sheets[0].hidden && book.sheets[1].hidden);
    let sheet = &book.sheets[0];
    assert_eq!(sheet.hidden_rows, [1]);
    assert_eq!(
        sheet.merges,
        [Range {
            first: Pos::new(0, 0),
            last: Pos::new(0, 1)
        }]
    );
    assert_eq!(value(sheet, "A1").0, Value::Text("工作台账".into()));
    assert_eq!(value(sheet, "A2").0.display(), "2024-11-05");
    assert_eq!(value(sheet, "A3"), (Value::Error("#DIV/0!".into()), true));
    assert_eq!(value(sheet, "B3"), (Value::Number(3.0), true));
}
