//! A workbook that somebody hands in as a table of a roster.

use super::{MOST_ROWS, problem};
use crate::domain::definition::Problem;
use crate::domain::ids::ProgramId;
use crate::domain::program::RosterTable;
use crate::domain::sha256::Sha256;
use crate::domain::source_table::SourceTable;
use crate::domain::stamp;
use crate::domain::table::{FileKind, Pos, Sheet, Value, Workbook};

/// Rightmost column that a roster goes to.
const MOST_COLUMNS: u16 = 100;

/// Rows above the header.
const ABOVE: usize = 20;

/// So many computed cells are named one by one.
const MOST_NAMED: usize = 20;

/// What a workbook that we made from a roster is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The programme.
    pub program: ProgramId,
    /// The table.
    pub table: RosterTable,
    /// The content of the file that it was made from.
    pub from: Sha256,
}

impl Mark {
    /// As it stands among a workbook's properties.
    #[must_use]
    pub fn property(&self) -> String {
        format!("{}/{}/{}", self.program, self.table.as_str(), self.from)
    }

    /// The mark that a workbook bears.
    #[must_use]
    pub fn of(workbook: &Workbook) -> Option<Self> {
        let text = workbook.properties.get(stamp::ROSTER)?;
        let mut parts = text.rsplitn(3, '/');
        let (from, table, program) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self {
            program: program.parse().ok()?,
            table: RosterTable::parse(table)?,
            from: from.parse().ok()?,
        })
    }
}

/// The table of a workbook.
///
/// # Errors
/// It isn't one that a roster is taken from: what to hand in instead.
pub fn of_workbook(workbook: &Workbook) -> Result<SourceTable, Vec<Problem>> {
    let whole = |message: &str, remedy: &str| Err(vec![problem(None, message, remedy)]);
    if workbook.has_macros || workbook.kind == FileKind::Xlsm {
        return whole("文件里有宏。", "请另存为不带宏的 xlsx 再上传。");
    }
    if workbook.kind != FileKind::Xlsx {
        let message = format!("文件是 {} 格式。", workbook.kind.name());
        return whole(&message, "请用WPS或Excel另存为 xlsx 再上传。");
    }
    let Some(sheet) = SourceTable::sheet_of(workbook) else {
        return whole("表里没有内容。", "可以先下载现在的表，改好再上传。");
    };
    if sheet.rows.len() > MOST_ROWS + ABOVE {
        let message = format!("表里有{}行，名册最多{MOST_ROWS}行。", sheet.rows.len());
        return whole(&message, "请核对是不是拿错了文件，或把多余的行删去。");
    }
    let far = sheet.rows.iter().filter_map(|row| row.cells.last());
    if far.map(|cell| cell.column).max() >= Some(MOST_COLUMNS) {
        let message = format!("表里超过{MOST_COLUMNS}列。");
        return whole(&message, "名册没有这么多列，请把多余的列删去。");
    }
    let computed = computed(sheet);
    if computed.is_empty() {
        Ok(SourceTable::from_workbook(workbook))
    } else {
        Err(computed)
    }
}

/// Cells that a formula fills in: what they say hangs on another file, or on
/// whoever saved it last.
fn computed(sheet: &Sheet) -> Vec<Problem> {
    let rows = sheet
        .rows
        .iter()
        .flat_map(|row| row.cells.iter().map(|cell| (row.index, cell)));
    let wrong = rows.filter_map(|(row, cell)| {
        let message = match &cell.value {
            _ if cell.formula => "是公式".to_owned(),
            Value::Error(text) => format!("是错误值 {text}"),
            _ => return None,
        };
        let at = Pos::new(row, cell.column);
        let remedy = "请复制后“选择性粘贴”为数值，或直接填写文字。";
        Some(problem(
            Some(row as usize + 1),
            format!("{at} {message}。"),
            remedy,
        ))
    });
    let mut wrong: Vec<Problem> = wrong.collect();
    let all = wrong.len();
    if all > MOST_NAMED {
        wrong.truncate(MOST_NAMED);
        wrong.push(problem(None, format!("这样的单元格共{all}个。"), ""));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::domain::table::{Cell, FileTimes, Row};

    fn book(kind: FileKind, cells: &[(u32, u16, Value, bool)]) -> Workbook {
        let mut rows: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
        for (row, column, value, formula) in cells {
            let cell = Cell {
                column: *column,
                value: value.clone(),
                formula: *formula,
            };
            rows.entry(*row).or_default().push(cell);
        }
        let rows = rows.into_iter().map(|(index, cells)| Row { index, cells });
        Workbook {
            kind,
            sheets: vec![Sheet {
                rows: rows.collect(),
                ..Sheet::default()
            }],
            properties: BTreeMap::new(),
            times: FileTimes::default(),
            page_texts: Vec::new(),
            has_macros: kind == FileKind::Xlsm,
            has_external_links: false,
        }
    }

    fn text(text: &str) -> Value {
        Value::Text(text.into())
    }

    #[test]
    fn only_plain_tables_are_taken() {
        let head = [(0, 0, text("编号"), false), (0, 1, text("名称"), false)];
        let with = |more: &[(u32, u16, Value, bool)]| [&head[..], more].concat();
        assert!(of_workbook(&book(FileKind::Xlsx, &with(&[(1, 0, text("U01"), false)]))).is_ok());
        for (kind, cells, line, words) in [
            (FileKind::Xlsm, with(&[]), None, "有宏"),
            (FileKind::Xls, with(&[]), None, "xls 格式"),
            (FileKind::Xlsx, vec![], None, "没有内容"),
            (
                FileKind::Xlsx,
                with(&[(1, 100, text("x"), false)]),
                None,
                "超过100列",
            ),
            (
                FileKind::Xlsx,
                with(&[(4, 1, text("x"), true)]),
                Some(5),
                "B5 是公式",
            ),
            (
                FileKind::Xlsx,
                with(&[(2, 0, Value::Error("#REF!".into()), false)]),
                Some(3),
                "A3 是错误值 #REF!",
            ),
            (
                FileKind::Xlsx,
                (0..10_000).map(|row| (row, 0, text("x"), false)).collect(),
                None,
                "10000行",
            ),
        ] {
            let wrong = of_workbook(&book(kind, &cells)).unwrap_err();
            assert!(wrong[0].message.contains(words), "{wrong:?}");
            assert_eq!(wrong[0].line, line);
        }
        let many: Vec<_> = (0..50).map(|row| (row, 0, text("x"), true)).collect();
        assert_eq!(of_workbook(&book(FileKind::Xlsx, &many)).unwrap_err().len(), 21);
    }

    #[test]
    fn a_mark_is_known_again() {
        let mark = Mark {
            program: ProgramId::new("wutang-visits").unwrap(),
            table: RosterTable::Leaders,
            from: Sha256::of(["x"]),
        };
        let mut own = book(FileKind::Xlsx, &[]);
        assert_eq!(Mark::of(&own), None);
        own.properties.insert(stamp::ROSTER.into(), mark.property());
        assert_eq!(Mark::of(&own), Some(mark));
        own.properties.insert(stamp::ROSTER.into(), "x/groups/0".into());
        assert_eq!(Mark::of(&own), None);
    }
}
