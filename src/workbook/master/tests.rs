//! A master is asserted by reading it back.

mod english;
mod infos;
mod odd_values;
mod opening;
mod remarks;

use std::collections::BTreeMap;
use std::path::Path;

use calamine::{Data, Reader};
use proptest::prelude::*;

use super::*;
use crate::domain::consolidate::{Collector, UnitChange, row_keys, unit_change};
use crate::domain::fixture::{self, november, obligation, row, submission};
use crate::domain::language::Language;
use crate::domain::ledger::LedgerRow;
use crate::domain::obligation::State;
use crate::domain::program::{Aggregate, Choice, ColumnKind};
use crate::domain::table::{self, FileKind, Sheet, Value};
use crate::workbook::own::own_kind;

/// A workbook as the reading child would hand it over.
fn read(path: &Path) -> table::Workbook {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(path).unwrap();
    let names = book.sheet_names();
    let sheets = names
        .iter()
        .map(|name| read_sheet(name, &book.worksheet_range(name).unwrap()));
    table::Workbook {
        kind: FileKind::Xlsx,
        sheets: sheets.collect(),
        properties: BTreeMap::new(),
        times: crate::domain::table::FileTimes::default(),
        page_texts: Vec::new(),
        has_macros: false,
        has_external_links: false,
    }
}

fn read_sheet(name: &str, range: &calamine::Range<Data>) -> Sheet {
    let mut rows: BTreeMap<u32, table::Row> = BTreeMap::new();
    let (top, left) = range.start().unwrap_or_default();
    for (index, column, value) in range.used_cells() {
        let value = match value {
            Data::String(text) => Value::Text(text.into()),
            Data::Float(number) => Value::Number(*number),
            Data::Int(number) => Value::Number(f64::from(i32::try_from(*number).unwrap())),
            other => panic!("{other:?}"),
        };
        let index = top + u32::try_from(index).unwrap();
        let row = rows.entry(index).or_default();
        row.index = index;
        row.cells.push(table::Cell {
            column: u16::try_from(column).unwrap() + u16::try_from(left).unwrap(),
            value,
            formula: false,
        });
    }
    Sheet {
        name: name.into(),
        rows: rows.into_values().collect(),
        ..Sheet::default()
    }
}

/// What a test writes a master from.
struct Site {
    program: Program,
    ledgers: Vec<(usize, Vec<LedgerRow>)>,
    remarks: Remarks,
    infos: Vec<Info>,
    version: u32,
    changes: Vec<UnitChange>,
    folder: tempfile::TempDir,
}

impl Site {
    fn new(ledgers: Vec<(usize, Vec<LedgerRow>)>) -> Self {
        Self {
            program: fixture::wutang(),
            ledgers,
            remarks: Remarks::default(),
            infos: Vec::new(),
            version: 1,
            changes: Vec::new(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn november() -> Self {
        Self::new(vec![
            (
                0,
                vec![row("2024-11-05", "乌塘圩村", 2), row("2024-11-05", "边板村", 1)],
            ),
            (
                3,
                vec![row("2024-11-13", "边板村", 1), row("2024-11-13", "边板村", 1)],
            ),
            (10, vec![row("2024-11-05", "乌塘圩村", 2)]),
        ])
    }

    fn summary(&self) -> Summary {
        let due = fixture::due();
        let mut collector = Collector::new(&self.program, &november(), &due);
        for (unit, rows) in &self.ledgers {
            let unit = &self.program.roster.units[*unit];
            collector.add(unit, &submission(&unit.id, november()), rows);
        }
        let obligations = (0..).zip(&self.program.roster.units).map(|(index, unit)| {
            let came = self.ledgers.iter().any(|(own, _)| *own == index);
            let other = [State::Overdue, State::Returned, State::Nil, State::Exempt][index % 4];
            obligation(&unit.id, if came { State::Accepted } else { other })
        });
        collector.finish(&obligations.collect::<Vec<_>>())
    }

    fn write_to(&self, name: &str) -> (std::path::PathBuf, Fingerprint) {
        let path = self.folder.path().join(name);
        let period = november();
        let source = MasterSource {
            register: None,
            expiring: &[],
            program: &self.program,
            period: &period,
            remarks: &self.remarks,
            watch: "../../../watch",
            stamp: "",
        };
        let summary = self.summary();
        let mut writer = MasterWriter::create(source, &summary).unwrap();
        for (unit, rows) in &self.ledgers {
            let unit = &self.program.roster.units[*unit];
            let rows = KeyedRows::of(writer.form(), &unit.id, rows.clone());
            writer
                .add(unit, &submission(&unit.id, november()), &rows)
                .unwrap();
        }
        let mut changes = writer.changes(self.version).unwrap();
        for change in &self.changes {
            changes.add(change).unwrap();
        }
        let print = writer.finish(changes, &self.infos, &path).unwrap();
        (path, print)
    }

    fn write(&self) -> (table::Workbook, Fingerprint) {
        let (path, print) = self.write_to("汇总台账.xlsx");
        (read(&path), print)
    }
}

fn sheet<'a>(book: &'a table::Workbook, name: &str) -> &'a Sheet {
    book.sheets.iter().find(|sheet| sheet.name == name).unwrap()
}

fn texts(sheet: &Sheet) -> Vec<Vec<String>> {
    let line = |row: &table::Row| row.cells.iter().map(|cell| cell.value.display().into()).collect();
    sheet.rows.iter().map(line).collect()
}

/// The row of the header in 明细: a title stands above it.
const HEADER: usize = 1;

/// The column of a header in 明细.
fn column(sheet: &Sheet, header: &str) -> u16 {
    let found = sheet.rows[HEADER]
        .cells
        .iter()
        .find(|cell| cell.value.display() == header);
    found.unwrap().column
}

/// Writes a text as the office would, into the data row of this number.
fn put(sheet: &mut Sheet, row: usize, header: &str, text: &str) {
    let column = column(sheet, header);
    let cells = &mut sheet.rows[HEADER + row].cells;
    cells.retain(|cell| cell.column != column);
    cells.push(table::Cell {
        column,
        value: Value::Text(text.into()),
        formula: false,
    });
    cells.sort_by_key(|cell| cell.column);
}

#[test]
fn the_sheets_stand_in_order() {
    let (book, _) = Site::november().write();
    let names: Vec<&str> = book.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "汇总表（呈阅）",
            "情况概览",
            "明细",
            "按领导",
            "按村",
            "报送情况",
            "变动"
        ]
    );
    let submitted = texts(&book.sheets[0]);
    assert_eq!(
        submitted[0][0],
        "2024年11月乌塘镇领导挂点联系“百千万工程”调研台账汇总表"
    );
    assert_eq!(submitted[3][..4], ["序号", "挂点领导", "调研时间", "调研地点"]);
    assert_eq!(submitted[4][..4], ["1", "洪文泽", "2024年11月5日", "乌塘圩村"]);
    assert_eq!(submitted[8][..2], ["5", "庞兴"]);
    for technical in ["行标识", "来源文件", "U01"] {
        assert!(!submitted.iter().flatten().any(|text| text.contains(technical)));
    }
}

#[test]
fn every_row_stands_in_both_sheets() {
    let site = Site::november();
    let (book, _) = site.write();
    let detail = sheet(&book, "明细");
    let rows: usize = site.ledgers.iter().map(|(_, rows)| rows.len()).sum();
    assert_eq!(detail.rows.len(), rows + HEADER + 1);
    let open = column(detail, "报送链接");
    let links: Vec<bool> = detail.rows[HEADER + 1..]
        .iter()
        .map(|row| row.cell(open).is_some())
        .collect();
    assert_eq!(links, [true, false, true, false, true]);
    let key = column(detail, "行标识");
    let key = detail.rows[HEADER + 2].cell(key).unwrap().value.display();
    assert_eq!(key, "U01|挂点调研台账|2024年11月5日|边板村|1");
}

#[test]
fn equal_state_gives_equal_bytes() {
    let site = Site::november();
    let bytes = |name| std::fs::read(site.write_to(name).0).unwrap();
    assert_eq!(bytes("a.xlsx"), bytes("b.xlsx"));
}

#[test]
fn a_second_submission_of_a_unit_is_passed_over() {
    let mut site = Site::november();
    let (once, _) = site.write();
    let again = site.ledgers[2].clone();
    site.ledgers.push(again);
    let (twice, _) = site.write();
    assert_eq!(sheet(&once, "明细"), sheet(&twice, "明细"));
}

#[test]
fn what_is_read_back_has_the_fingerprint_of_what_was_written() {
    let mut site = Site::november();
    site.remarks
        .set("gone|台账|x|1", OfficeColumn::Handling, "已转办");
    let (book, print) = site.write();
    assert_eq!(Fingerprint::of(&book), print);
    assert_eq!(print.to_string().parse(), Ok(print));
}

#[test]
fn a_master_is_known_as_ours_until_somebody_edits_our_cells() {
    let site = Site::november();
    let (path, print) = site.write_to("汇总台账.xlsx");
    let limits = crate::workbook::read::Limits::default();
    let mut book = crate::workbook::read::read_in_process(&path, &limits).unwrap();
    assert_eq!(Fingerprint::of(&book), print);
    assert_eq!(own_kind(&book), Some(Kind::Master));
    let index = book.sheets.iter().position(|sheet| sheet.name == "明细").unwrap();
    put(&mut book.sheets[index], 1, "领导批示", "请跟进");
    assert_eq!(own_kind(&book), Some(Kind::Master));
    put(&mut book.sheets[index], 1, "调研地点", "别的村");
    assert_eq!(own_kind(&book), None);
}

#[test]
fn sorting_and_remarks_are_no_edits_but_all_else_is() {
    let (written, _) = Site::november().write();
    let detail = |book: &mut table::Workbook, change: &dyn Fn(&mut Sheet)| change(&mut book.sheets[2]);
    let edited = |change: &dyn Fn(&mut Sheet)| {
        let mut found = written.clone();
        detail(&mut found, change);
        differs_besides_remarks(&written, &found)
    };
    assert!(!edited(&|_| ()));
    assert!(!edited(&|sheet| sheet.rows[HEADER + 1..].reverse()));
    assert!(!edited(&|sheet| put(sheet, 2, "领导批示", "请跟进")));
    assert!(!edited(&|sheet| sheet.rows[3].cells.push(table::Cell {
        column: 90,
        value: Value::Text("  ".into()),
        formula: false
    })));
    assert!(edited(&|sheet| put(sheet, 2, "调研成效", "改过")));
    assert!(edited(&|sheet| drop(sheet.rows.pop())));
    // A remark in a row of the office's own has no key: it must not be lost.
    assert!(edited(&|sheet| {
        let column = column(sheet, "领导批示");
        let cell = table::Cell {
            column,
            value: Value::Text("另行补充".into()),
            formula: false,
        };
        sheet.rows.push(table::Row {
            index: 99,
            cells: vec![cell],
        });
    }));
    let mut found = written.clone();
    found.sheets[1].rows[3].cells[0].value = Value::Text("改过".into());
    assert!(differs_besides_remarks(&written, &found));
    let mut found = written.clone();
    found.sheets.push(Sheet::default());
    found.sheets.swap(0, 3);
    assert!(!differs_besides_remarks(&written, &found));
}

#[test]
fn changes_name_unit_row_and_cells() {
    let mut site = Site::november();
    let before = site.ledgers[0].1.clone();
    site.ledgers[0].1[0] = row("2024-11-05", "乌塘圩村", 5);
    site.version = 2;
    let changed = unit_change(
        &site.program.material.forms()[0],
        "U01",
        &before,
        &site.ledgers[0].1,
    );
    site.changes = changed.into_iter().collect();
    let (book, _) = site.write();
    let lines = texts(sheet(&book, "变动"));
    assert_eq!(lines[1], ["第1版→第2版"]);
    assert_eq!(lines[3], ["洪文泽挂点组", "新增0行，删除0行，修改1行"]);
    assert_eq!(
        lines[4],
        [
            "洪文泽挂点组",
            "修改",
            "2024年11月5日 乌塘圩村",
            "调研推动解决问题数量(个)",
            "2",
            "5"
        ]
    );
    site.version = 1;
    assert_eq!(texts(sheet(&site.write().0, "变动"))[1], ["本版为首版。"]);
}

#[test]
fn units_are_reported_under_their_display_names() {
    let (book, _) = Site::november().write();
    let lines = texts(sheet(&book, "报送情况"));
    assert_eq!(lines[2][..4], ["1", "洪文泽挂点组", "1", "1"]);
    assert!(
        lines[2].contains(&"2024年12月2日 9:00".to_owned()),
        "{:?}",
        lines[2]
    );
    let exempt = &lines[9];
    assert_eq!(exempt[1..4], ["马陕燕挂点组", "0", "0"]);
    assert!(exempt.contains(&"领导外出学习".to_owned()), "{exempt:?}");
    let overview: Vec<String> = texts(sheet(&book, "情况概览")).concat();
    assert!(
        overview.contains(&"2024年12月5日（星期四）17:30".to_owned()),
        "{overview:?}"
    );
    assert!(overview.contains(&"默认，非文件规定".to_owned()), "{overview:?}");
}

#[test]
fn late_rows_are_marked_and_not_counted() {
    let mut site = Site::november();
    site.ledgers[2].1.push(LedgerRow {
        late: true,
        explanation: "补报上月".into(),
        extras: vec![("参加人".into(), "李四".into())],
        ..row("2024-10-08", "米塘村", 7)
    });
    let (book, _) = site.write();
    let submitted = texts(&book.sheets[0]);
    assert!(submitted[2][0].contains("推动解决问题4个"), "{:?}", submitted[2]);
    assert_eq!(submitted[9].last().unwrap(), "补报");
    let detail = texts(sheet(&book, "明细"));
    assert!(
        detail[HEADER + 6].contains(&"参加人：李四\n情况说明：补报上月".to_owned()),
        "{:?}",
        detail[HEADER + 6]
    );
}
