//! 汇总表（呈阅） and 明细: the two sheets that hold the rows.

use rust_decimal::Decimal;
use rust_xlsxwriter::XlsxError;

use super::ink::StreamInk;
use super::pen::{Cell, Pen, Place, text};
use super::table::{SMALL_WIDTH, sign_boxes};
use super::{MasterSource, MasterWriter, OfficeColumn};
use crate::domain::consolidate::words::Words;
use crate::domain::ledger::LedgerRow;
use crate::domain::program::{Column, ColumnKind, Form, FormSheet, Program};
use crate::workbook::stream::{Cells, Package, SharedStrings, Sheet, StyleNumbers};
use crate::workbook::style::{self, Look, STYLES, Styles};

/// The large sheets of a master.
#[derive(Debug)]
pub(super) struct Rows {
    /// In the order of the form's sheets: first all 汇总表, then all 明细.
    sheets: Vec<Sheet>,
    places: Vec<Place>,
    strings: SharedStrings,
    looks: StyleNumbers<STYLES>,
    /// Running numbers over all units, for each of the form's sheets.
    pub numbers: Vec<u32>,
    /// What the columns of each 汇总表 add up to, where they are added, with
    /// the key of the column; in the order of [`shown`].
    sums: Vec<Vec<Option<Sum>>>,
    /// Columns that the office has added to each 明细.
    pub added: Vec<Vec<OfficeColumn>>,
}

/// What a column adds up to.
#[derive(Debug)]
struct Sum {
    key: String,
    sum: Decimal,
}

/// Characters on a line of 明细, which is wider than paper.
const DETAIL_WIDTH: f64 = 210.0;

/// Points of the line that adds a table up.
const TOTAL_HEIGHT: f64 = 30.0;

impl Rows {
    /// Titles and headers of all large sheets, whose names stand in `names`
    /// with that of 情况概览 in the middle.
    pub fn start(
        source: &MasterSource<'_>,
        (form, sheets): (&Form, &[FormSheet]),
        words: &Words,
        styles: &Styles,
        (names, opening): (&[String], &str),
    ) -> Result<Self, XlsxError> {
        let count = sheets.len();
        let mut layouts = Vec::new();
        let mut headers = Vec::new();
        for sheet in sheets {
            let columns = submitted_columns(source, form, words, sheet);
            let wanted: Vec<f64> = columns.iter().map(|(_, width)| *width).collect();
            layouts.push(style::layout(
                style::widths(&wanted, SMALL_WIDTH),
                3,
                None,
                styles,
            ));
            headers.push(columns);
        }
        let mut added = Vec::new();
        for (sheet, name) in sheets.iter().zip(&names[count + 1..]) {
            let own = source.remarks.own_columns(name);
            let mut columns = detail_columns(words, sheet);
            columns.extend(own.iter().map(|column| (column.header(words), 22.0)));
            added.push(own);
            let wanted: Vec<f64> = columns.iter().map(|(_, width)| *width).collect();
            let hidden = columns.iter().position(|(header, _)| header == words.row_key);
            layouts.push(style::layout(
                style::widths(&wanted, DETAIL_WIDTH),
                1,
                hidden.map(column_index),
                styles,
            ));
            headers.push(columns);
        }
        let mut rows = Self {
            sheets: Vec::new(),
            places: Vec::new(),
            strings: SharedStrings::start(),
            looks: StyleNumbers::of(styles.all()),
            numbers: vec![0; count],
            sums: (sheets.iter().enumerate())
                .map(|(index, sheet)| sums(source.program, sheet, index == 0))
                .collect(),
            added,
        };
        for (index, layout) in layouts.into_iter().enumerate() {
            let mut place = Place::new(index >= count);
            place.widths.clone_from(&layout.widths);
            if let Some(hidden) = layout.hidden {
                // What isn't seen needs no height.
                place.widths[usize::from(hidden)] = f64::from(u16::MAX);
            }
            rows.places.push(place);
            rows.sheets.push(Sheet::start(layout, index == 0)?);
        }
        for (index, columns) in headers.iter().enumerate() {
            if let Some(sheet) = sheets.get(index) {
                rows.write(index, |pen| {
                    titles(pen, source, words, (form, sheet), columns.len(), opening)
                })?;
            }
            if index >= count {
                // 情况概览 stands between the two kinds.
                let title = words.small_title(source.program, source.period, &names[index + 1]);
                // On the first page, where the table is printed several pages wide.
                let over = style::first_page(rows.widths(index));
                rows.write(index, |pen| pen.merged(36.0, over, Look::Title, &title))?;
            }
            let own = index.checked_sub(count).and_then(|index| rows.added.get(index));
            let added = columns.len() - own.map_or(0, Vec::len);
            let office = added - OfficeColumn::ALL.len();
            let cells: Vec<Cell<'_>> = columns
                .iter()
                .enumerate()
                .map(|(place, (header, _))| {
                    if index >= count && place >= added {
                        return Cell::Named(header.as_str());
                    }
                    let own = index >= count && place >= office;
                    text(
                        if own { Look::OfficeHeader } else { Look::Header },
                        header.as_str(),
                    )
                })
                .collect();
            rows.write(index, |pen| pen.line(&cells))?;
        }
        Ok(rows)
    }

    /// Lends a pen for one of the large sheets.
    pub fn write(
        &mut self,
        index: usize,
        lines: impl FnOnce(&mut Pen<'_>) -> Result<(), XlsxError>,
    ) -> Result<(), XlsxError> {
        let mut ink = StreamInk {
            cells: Cells {
                sheet: &mut self.sheets[index],
                strings: Some(&mut self.strings),
            },
            numbers: &self.looks,
        };
        lines(&mut Pen {
            ink: &mut ink,
            place: &mut self.places[index],
        })
    }

    /// Counts a row, and adds its numbers to the sums of its sheet. Gives its
    /// running number.
    pub fn count(&mut self, row: &LedgerRow) -> u32 {
        for sum in self.sums[row.form_sheet].iter_mut().flatten() {
            sum.sum += row.number(&sum.key).unwrap_or_default();
        }
        self.numbers[row.form_sheet] += 1;
        self.numbers[row.form_sheet]
    }

    /// Numbers of the styles.
    pub fn looks(&self) -> &StyleNumbers<STYLES> {
        &self.looks
    }

    /// Widths of a sheet's columns.
    fn widths(&self, index: usize) -> &[f64] {
        &self.sheets[index].layout().widths
    }

    /// Puts the sheets into a workbook, under `names` with 情况概览 in the
    /// middle, which is left empty.
    pub fn pack(self, styles: &Styles, names: &[String]) -> Result<(Package, SharedStrings), XlsxError> {
        let count = self.numbers.len();
        let mut package = Package::new(styles.all());
        if count == 0 {
            overview(&mut package, &names[0])?;
        }
        for (index, (mut sheet, place)) in self.sheets.into_iter().zip(&self.places).enumerate() {
            if index == count {
                overview(&mut package, &names[count])?;
            }
            if index >= count {
                sheet.filter(place.row.saturating_sub(1));
            }
            let name = if index < count { index } else { index + 1 };
            package.add(&names[name], sheet)?;
        }
        Ok((package, self.strings))
    }
}

/// An empty sheet whose texts stay in it: the table of shared ones is made elsewhere.
fn overview(package: &mut Package, name: &str) -> Result<(), XlsxError> {
    package
        .book
        .add_worksheet_with_constant_memory()?
        .set_name(name)
        .map(|_| ())
}

fn submitted_columns(
    source: &MasterSource<'_>,
    form: &Form,
    words: &Words,
    sheet: &FormSheet,
) -> Vec<(String, f64)> {
    let has_leaders = source
        .program
        .roster
        .units
        .iter()
        .any(|unit| !unit.leaders.is_empty());
    let mut columns = vec![(words.no.to_owned(), 6.0), (words.who(form, has_leaders), 10.0)];
    columns.extend(shown(sheet).map(|(_, column)| (column.header.clone(), width(column))));
    columns
}

fn detail_columns(words: &Words, sheet: &FormSheet) -> Vec<(String, f64)> {
    let own = sheet
        .form_columns()
        .map(|(_, column)| (column.header.clone(), width(column)));
    let behind = [
        (words.others, 18.0),
        (words.source, 20.0),
        (words.version, 7.0),
        (words.source_row, 8.0),
        (words.link, 12.0),
        (words.row_key, 7.0),
    ];
    let office = OfficeColumn::ALL.map(|column| (column.header(words), 22.0));
    let others = behind
        .map(|(header, width)| (header.to_owned(), width))
        .into_iter()
        .chain(office);
    std::iter::once((words.unit.to_owned(), 12.0))
        .chain(own)
        .chain(others)
        .collect()
}

/// Title and subtitle of 汇总表.
fn titles(
    pen: &mut Pen<'_>,
    source: &MasterSource<'_>,
    words: &Words,
    (form, sheet): (&Form, &FormSheet),
    columns: usize,
    opening: &str,
) -> Result<(), XlsxError> {
    let mut title = words.title(source.program, source.period);
    if form.sheets.len() > 1 {
        title += &words.bracketed(&sheet.name);
    }
    let office = words.listed(words.office, &[&source.program.office.name]);
    let period = words.listed(words.period, &[&words.period(source.period)]);
    pen.merged(44.0, columns, Look::Title, &title)?;
    pen.merged(
        24.0,
        columns,
        Look::Subtitle,
        &format!("{office}　　　　{period}"),
    )?;
    pen.paragraph(columns, Look::Plain, opening)
}

/// The columns of 汇总表 that are added: counts, and numbers that the programme
/// adds by itself; a share or a mark has no sum.
fn sums(program: &Program, sheet: &FormSheet, first: bool) -> Vec<Option<Sum>> {
    let is_added = |key: &String| {
        program.material.aggregates().iter().any(|aggregate| {
            let here = aggregate.sheet.as_ref().map_or(first, |name| *name == sheet.name);
            here && aggregate.sum.contains(key)
        })
    };
    shown(sheet)
        .map(|(_, column)| {
            let added = match column.kind {
                ColumnKind::Count { .. } => true,
                ColumnKind::Number { .. } => is_added(&column.key),
                _ => false,
            };
            let (key, sum) = (column.key.clone(), Decimal::ZERO);
            added.then_some(Sum { key, sum })
        })
        .collect()
}

/// Writes the lines below the tables and takes the fingerprints.
pub(super) fn close(writer: &mut MasterWriter<'_>) -> Result<(), XlsxError> {
    let words = writer.words;
    for index in 0..writer.rows.numbers.len() {
        total(writer, index)?;
        let columns = writer.rows.widths(index).len();
        let name = &writer.names[index];
        let remarks = writer.source.remarks;
        writer
            .rows
            .write(index, |pen| sign_boxes(pen, columns, words, (remarks, name)))?;
    }
    for (index, place) in writer.rows.places.iter().enumerate() {
        let name = if index < writer.overview { index } else { index + 1 };
        writer.finished.push((name, place.print));
    }
    Ok(())
}

/// The last line of a table: what its columns add up to, and why the figure
/// of the period is another one.
fn total(writer: &mut MasterWriter<'_>, index: usize) -> Result<(), XlsxError> {
    let words = writer.words;
    let sums = std::mem::take(&mut writer.rows.sums[index]);
    let before = sums.iter().position(Option::is_some).unwrap_or(sums.len());
    let rows = words.bracketed(&words.of_rows(writer.rows.numbers[index]));
    let label = format!("{}{rows}", words.total);
    let shown: Vec<String> = sums
        .iter()
        .map(|sum| {
            sum.as_ref()
                .map_or_else(String::new, |sum| sum.sum.normalize().to_string())
        })
        .collect();
    // The running number and whose row it is stand before the form's own columns.
    let mut parts = vec![(2 + before, Look::Header, label.as_str())];
    parts.extend(shown[before..].iter().map(|sum| (1, Look::Header, sum.as_str())));
    writer
        .rows
        .write(index, |pen| pen.merged_parts(TOTAL_HEIGHT, &parts))?;
    let Some((key, visits)) = writer.counts_solved() else {
        return Ok(());
    };
    let sheet = &writer.form.sheets[index];
    for sum in sums.iter().flatten() {
        if sum.key == key
            && sum.sum != visits.into()
            && let Some((_, column)) = sheet.column(key)
        {
            let columns = writer.rows.widths(index).len();
            let text = words.not_counted(&column.header, sum.sum, visits);
            writer
                .rows
                .write(index, |pen| pen.paragraph(columns, Look::Plain, &text))?;
        }
    }
    Ok(())
}

fn column_index(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

/// The columns of 汇总表: the document's own, but for its running number.
pub(super) fn shown(sheet: &FormSheet) -> impl Iterator<Item = (usize, &Column)> {
    sheet
        .form_columns()
        .filter(|(_, column)| !matches!(column.kind, ColumnKind::Sequence))
}

/// A column's width; a whole date stays on one line.
fn width(column: &Column) -> f64 {
    match column.kind {
        ColumnKind::Dates | ColumnKind::Date => column.width.max(19.0),
        _ => column.width,
    }
}
