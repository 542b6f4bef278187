//! What is coloured and noted, and what stands in 审核意见.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Format, Note, Worksheet};

use super::plan::{CopySheet, Place, Plan};
use crate::domain::codes::Severity;
use crate::domain::finding::Finding;
use crate::domain::table::Pos;
use crate::workbook::form::FormContext;
use crate::workbook::form::head::header_text;
use crate::workbook::style::{clipped, estimate_height, mark_color, safe_text, write_words};
use crate::workbook::words::{Words, fill_in};

/// Notes are drawings; a sheet with more of them than this opens slowly, and
/// the colours and 审核意见 say the same.
const MOST_NOTES: usize = 3_000;
const NOTE_WIDTH: u32 = 260;
/// Pixels of a unit of column width, and of a point.
const PIXELS: (f64, f64) = (7.0, 96.0 / 72.0);
const NOTE_SIZE: f64 = 9.0;
const LONGEST_NOTE: usize = 8_000;

/// The marks of all ledger sheets.
pub struct Marks {
    cells: BTreeMap<Place, Mark>,
}

/// The marks of one sheet.
pub struct SheetMarks<'a>(BTreeMap<Pos, &'a Mark>);

/// The marks of one cell.
pub struct Mark {
    /// The worst.
    pub severity: Severity,
    /// Whether the unit may answer instead of correcting.
    pub asks: bool,
    /// What is wrong and what to do, one text a finding, each with its level.
    pub texts: Vec<String>,
}

/// Whether a finding asks something of the unit: infos are the office's own,
/// and a query that was explained is settled.
pub fn concerns_unit(finding: &Finding) -> bool {
    finding.severity() != Severity::Info && !(finding.severity() == Severity::Query && finding.explained)
}

impl Marks {
    /// Gathers the findings by cell.
    pub fn gather(words: &Words, findings: &[Finding], places: &[Option<Place>], plan: &Plan<'_>) -> Self {
        let mut cells: BTreeMap<Place, Mark> = BTreeMap::new();
        let unmarked = |severity| Mark {
            severity,
            asks: false,
            texts: Vec::new(),
        };
        for (finding, place) in findings.iter().zip(places) {
            let Some(place) = place.filter(|_| concerns_unit(finding)) else {
                continue;
            };
            let severity = finding.severity();
            // The rest of a block is coloured, and refers to its first cell.
            for other in plan.block(finding, place) {
                let mark = cells.entry(other).or_insert_with(|| unmarked(severity));
                mark.severity = mark.severity.max(severity);
                let level = words.severity(severity);
                let first = (place.pos.row + 1).to_string();
                mark.texts
                    .push(format!("【{level}】{}", fill_in(words.as_above, &[&first])));
            }
            let mark = cells.entry(place).or_insert_with(|| unmarked(severity));
            mark.severity = mark.severity.max(severity);
            mark.asks |= severity == Severity::Query;
            let level = words.severity(severity);
            let instead = match finding.hint.as_str() {
                "" => "",
                _ => words.instead,
            };
            let text = format!("【{level}】{}{instead}{}", finding.message, finding.hint);
            mark.texts.push(safe_text(&text));
        }
        Self { cells }
    }

    /// Those of one sheet.
    pub fn of_sheet(&self, sheet: usize) -> SheetMarks<'_> {
        let own = self.cells.iter().filter(|(place, _)| place.sheet == sheet);
        SheetMarks(own.map(|(place, mark)| (place.pos, mark)).collect())
    }

    /// Marks fill lines and header cells; the data rows mark themselves.
    ///
    /// # Errors
    /// When the sheet can't be written.
    pub fn write_head_marks(
        &self,
        sheet: &mut Worksheet,
        context: &FormContext<'_>,
        copy: &CopySheet<'_>,
        index: usize,
    ) -> anyhow::Result<()> {
        let layout = &copy.layout;
        for (pos, mark) in self.of_sheet(index).0 {
            if pos.row > layout.header_row {
                continue;
            }
            let slot = layout
                .fill
                .iter()
                .find(|slot| (slot.row, slot.value.0) == (pos.row, pos.column));
            let line = slot.and_then(|slot| context.form.fill_lines.get(slot.line));
            let last = slot.map_or(pos.column, |slot| slot.value.1);
            let (text, format) = if let Some(line) = line {
                let format = context.typeface().value().set_unlocked();
                (context.fill_value(line), format)
            } else {
                let shown = layout.columns.get(usize::from(pos.column));
                let text = shown.map_or_else(String::new, |shown| header_text(context, shown));
                (text, context.typeface().header())
            };
            let format = marked(format, mark.severity);
            write_words(sheet, (pos.row, pos.column), &text, &format)?;
            for column in pos.column + 1..=last {
                sheet.write_blank(pos.row, column, &format)?;
            }
            insert_note(sheet, context, pos, mark)?;
        }
        Ok(())
    }
}

impl<'a> SheetMarks<'a> {
    /// The mark of a cell.
    pub fn at(&self, pos: Pos) -> Option<&'a Mark> {
        self.0.get(&pos).copied()
    }

    /// The marks of a row, left to right.
    pub fn in_row(&self, row: u32) -> impl Iterator<Item = &'a Mark> {
        self.0
            .range(Pos::new(row, 0)..=Pos::new(row, u16::MAX))
            .map(|(_, mark)| *mark)
    }

    /// Writes the notes of the data rows.
    ///
    /// # Errors
    /// When the sheet can't be written.
    pub fn write_notes(
        &self,
        sheet: &mut Worksheet,
        context: &FormContext<'_>,
        first_row: u32,
    ) -> anyhow::Result<()> {
        let data = self.0.range(Pos::new(first_row, 0)..);
        for (pos, mark) in data.filter(|(_, mark)| !mark.texts.is_empty()).take(MOST_NOTES) {
            insert_note(sheet, context, *pos, mark)?;
        }
        Ok(())
    }
}

/// A cell's format with the fill of a severity.
pub fn marked(format: Format, severity: Severity) -> Format {
    match mark_color(severity) {
        Some(color) => format.set_background_color(color),
        None => format,
    }
}

fn insert_note(
    sheet: &mut Worksheet,
    context: &FormContext<'_>,
    pos: Pos,
    mark: &Mark,
) -> anyhow::Result<()> {
    let text = clipped(&mark.texts.join("\n"), LONGEST_NOTE);
    let (unit, point) = PIXELS;
    let height = estimate_height(&text, f64::from(NOTE_WIDTH) / unit, NOTE_SIZE) * point + 8.0;
    // Never negative and never more than the highest row.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let height = height.clamp(40.0, 600.0) as u32;
    let note = Note::new(text)
        .add_author_prefix(false)
        .set_author(context.words().remarks)
        .set_font_name(context.typeface().folio)
        .set_font_size(NOTE_SIZE)
        .set_width(NOTE_WIDTH)
        .set_height(height);
    sheet.insert_note(pos.row, pos.column, &note)?;
    Ok(())
}
