//! Telling data rows from everything else that stands below a header.

mod example;
mod header_again;
mod no_data;

use std::collections::{HashMap, HashSet};

use super::header_text::{header_key, header_texts, without_brackets};
use super::labels::Labels;
use super::{Header, Skipped};
use crate::domain::program::{Column, ColumnKind, Form};
use crate::domain::table::{Cell, Row, Sheet, Value};
use crate::domain::text::{half_width, name_key, numeral, without_spaces};

/// Words that mark a totals row.
const TOTALS: [&str; 15] = [
    "合计",
    "小计",
    "总计",
    "共计",
    "总合计",
    "本页小计",
    "本页合计",
    "累计",
    "本月累计",
    "本年累计",
    "全年累计",
    "累计完成",
    "total",
    "subtotal",
    "grandtotal",
];
/// Words that begin a note.
const NOTES: [&str; 12] = [
    "注",
    "附注",
    "备注",
    "说明",
    "填表说明",
    "填报说明",
    "填报要求",
    "备注说明",
    "有关说明",
    "note",
    "notes",
    "remarks",
];
/// Longest text that still counts as a declaration of nothing to report.
const LONGEST_NIL: usize = 15;
/// A longer text, in bytes, is no mark, no word and no header.
const LONGEST_WORD: usize = 150;
/// A merged cell over the full width of more rows than this is no note any more.
const TALLEST_NOTE: u32 = 50;

/// What is known of a table once its header was found.
pub(super) struct Table<'a> {
    columns: &'a [Column],
    /// Form column by sheet column.
    by_column: HashMap<u16, usize>,
    /// Header texts by sheet column, every level of them.
    texts: HashMap<u16, Vec<String>>,
    labels: Labels,
    examples: Vec<String>,
    nil: Vec<String>,
    notes: Vec<String>,
    /// Texts of the form's examples, and of its earlier versions'.
    example_texts: Vec<&'a str>,
    /// Rows on which a merged cell spans the whole table.
    spanned: HashSet<u32>,
}

impl<'a> Table<'a> {
    pub(super) fn of(sheet: &Sheet, header: &Header, form: &'a Form) -> Self {
        let columns = form
            .sheets
            .get(header.form_sheet)
            .map_or(&[][..], |own| own.columns.as_slice());
        let by_column: HashMap<u16, usize> = header
            .columns
            .iter()
            .enumerate()
            .filter_map(|(index, column)| Some(((*column)?, index)))
            .collect();
        let height = header.last_row.saturating_sub(header.first_row) + 1;
        let texts = header_texts(sheet, header.first_row, height)
            .into_iter()
            .map(|text| {
                (
                    text.column,
                    text.levels.into_iter().map(|level| level.key).collect(),
                )
            })
            .collect();
        let first = by_column.keys().min().copied().unwrap_or(0);
        let last = by_column.keys().max().copied().unwrap_or(0);
        let spanned = sheet
            .merges
            .iter()
            .filter(|range| range.first.column <= first && range.last.column >= last && first < last)
            .flat_map(|range| {
                let end = range.last.row.min(range.first.row.saturating_add(TALLEST_NOTE));
                range.first.row..=end
            })
            .collect();
        let keys = |words: &[String]| words.iter().map(|word| name_key(word)).collect::<Vec<_>>();
        Self {
            columns,
            by_column,
            texts,
            labels: Labels::of(form),
            examples: keys(&form.example_marks),
            nil: keys(&form.nil_words),
            notes: keys(&form.notes),
            example_texts: form.example_texts().collect(),
            spanned,
        }
    }

    /// The labels that the form knows.
    pub(super) fn labels(&self) -> &Labels {
        &self.labels
    }

    /// The form column that a sheet column holds.
    pub(super) fn column(&self, column: u16) -> Option<(usize, &'a Column)> {
        let index = *self.by_column.get(&column)?;
        Some((index, self.columns.get(index)?))
    }

    /// The sheet's columns that the form knows.
    fn told_columns(&self) -> impl Iterator<Item = (u16, &'a Column)> {
        let known = self.by_column.iter();
        known.filter_map(|(column, index)| Some((*column, self.columns.get(*index)?)))
    }

    /// Whether anything stands over a sheet column.
    pub(super) fn has_header(&self, column: u16) -> bool {
        self.texts.contains_key(&column)
    }

    /// Why a row below the header is no data row; none if it is one.
    /// `after_note` says that the row before was a note, which may run on;
    /// `first_rows` that no data row came before.
    pub(super) fn skipped(&self, row: &Row, after_note: bool, first_rows: bool) -> Option<Skipped> {
        let cells: Vec<&Cell> = row.cells.iter().filter(|cell| !cell.value.is_blank()).collect();
        let unfilled = || (!row.cells.iter().any(|cell| self.is_content(cell))).then_some(Skipped::Unfilled);
        let Some(first) = cells.first() else {
            return unfilled();
        };
        // Most rows begin with their running number, and few questions remain.
        let numbered = self.is_running_number(first);
        if !numbered && self.repeats_header(&cells) {
            Some(Skipped::RepeatedHeader)
        } else if !numbered && self.is_example_mark(first) {
            Some(Skipped::Example)
        } else if self.is_totals(&cells) {
            Some(Skipped::Totals)
        } else if self.is_nil(&cells) || self.says_nothing_done(&cells) {
            Some(Skipped::Nil)
        } else if self.is_crossed_out(&cells) {
            Some(Skipped::CrossedOut)
        } else if self.is_column_numbers(&cells) {
            Some(Skipped::ColumnNumbers)
        } else if !numbered && (self.is_signature(row) || Self::is_signed(&cells)) {
            Some(Skipped::Signature)
        } else if !numbered && self.is_note(row.index, first, cells.len() == 1, after_note) {
            Some(Skipped::Note)
        } else if !numbered && first_rows && Self::is_hints(&cells) {
            Some(Skipped::Hints)
        } else {
            unfilled()
        }
    }

    /// Whether a cell holds 例, alone or with a number behind it.
    pub(super) fn is_example_mark(&self, cell: &Cell) -> bool {
        short_key(cell).is_some_and(|key| is_mark(&key, &self.examples))
    }

    /// 合计 in the first cell, or in the second behind a running number.
    fn is_totals(&self, cells: &[&Cell]) -> bool {
        let leading = if self.is_sequence(cells[0].column) { 2 } else { 1 };
        cells.iter().take(leading).any(|cell| {
            let remark =
                matches!(self.column(cell.column), Some((_, column)) if column.kind == ColumnKind::Remark);
            !remark && short_key(cell).is_some_and(|key| TOTALS.contains(&without_brackets(&key).as_str()))
        })
    }

    /// 累计 adds up more than stands in the table.
    pub(super) fn is_running_total(row: &Row) -> bool {
        let mut leading = row.cells.iter().filter(|cell| !cell.value.is_blank()).take(2);
        leading.any(|cell| short_key(cell).is_some_and(|key| key.contains("累计")))
    }

    /// 本期无 alone in its row (beside a running number), or 无 in every cell.
    fn is_nil(&self, cells: &[&Cell]) -> bool {
        let mut said = cells.iter().filter(|cell| !self.is_running_number(cell));
        let Some(first) = said.next().and_then(|cell| short_key(cell)) else {
            return false;
        };
        let word = |key: &str| key == "无" || self.nil.iter().any(|nil| nil == key);
        let Some(second) = said.next() else {
            let noted = NOTES
                .iter()
                .find_map(|label| first.strip_prefix(label)?.strip_prefix(':'));
            let opens = self.nil.iter().any(|nil| {
                nil.chars().count() > 1
                    && first.starts_with(nil.as_str())
                    && first.chars().count() <= LONGEST_NIL
            });
            return opens || word(&first) || noted.is_some_and(word);
        };
        let mut any = word(&first);
        let mut empty = |key: &str| {
            any |= word(key);
            word(key) || matches!(key, "/" | "" | "0")
        };
        let all = empty(&first)
            && [second]
                .into_iter()
                .chain(said)
                .all(|cell| empty(&short_key(cell).unwrap_or_else(|| cell.value.display().into())));
        all && any
    }

    /// 填表人：… below the table, or fill lines repeated there.
    pub(super) fn is_signature(&self, row: &Row) -> bool {
        let Some(first) = row.first_cell() else {
            return false;
        };
        let Value::Text(text) = &first.value else {
            return false;
        };
        let in_contact =
            matches!(self.column(first.column), Some((_, column)) if column.kind == ColumnKind::Contact);
        if in_contact {
            return false;
        }
        if self
            .labels
            .split(text)
            .first()
            .is_some_and(|label| label.known && label.leads)
        {
            return true;
        }
        // A bare label has to stand where no data begins, with little beside it.
        let filled = row.cells.iter().filter(|cell| !cell.value.is_blank()).count();
        let at_edge =
            self.by_column.keys().all(|column| first.column <= *column) || self.is_sequence(first.column);
        at_edge && filled * 2 <= self.by_column.len().max(2) && self.labels.bare(text).is_some()
    }

    fn is_note(&self, row: u32, first: &Cell, alone: bool, after_note: bool) -> bool {
        let Value::Text(text) = &first.value else {
            return false;
        };
        let left = self.by_column.keys().filter(|column| **column < first.column);
        let at_edge = left.count() < 2;
        if !(at_edge || alone) {
            return false;
        }
        let folded = without_spaces(&half_width(text)).to_lowercase();
        let marked = NOTES.iter().any(|word| {
            folded.strip_prefix(word).is_some_and(|rest| {
                rest.starts_with([':', '.', '、', ';']) || rest.starts_with(|c: char| c.is_ascii_digit())
            })
        });
        let outside = self.column(first.column).is_none() || self.is_sequence(first.column);
        marked
            || (!self.notes.is_empty() && self.notes.contains(&name_key(text)))
            || (alone && (outside || (after_note && at_edge) || self.spanned.contains(&row)))
    }

    /// Whether a row has neither a running number nor a date, in a table that asks for either.
    pub(super) fn lacks_number_and_date(&self, row: &Row) -> bool {
        let telling = |kind: &ColumnKind| matches!(kind, ColumnKind::Sequence | ColumnKind::Dates);
        self.by_column.values().any(|index| {
            self.columns
                .get(*index)
                .is_some_and(|column| telling(&column.kind))
        }) && row.cells.iter().all(|cell| {
            cell.value.is_blank()
                || !self
                    .column(cell.column)
                    .is_some_and(|(_, column)| telling(&column.kind))
        })
    }

    /// Whether a cell of the 序号 column holds a running number.
    pub(super) fn is_running_number(&self, cell: &Cell) -> bool {
        self.is_sequence(cell.column)
            && match &cell.value {
                Value::Text(text) => running_number(&cell.value, text).is_some(),
                value => running_number(value, "").is_some(),
            }
    }

    /// Whether the rows are given, and only report on something.
    fn is_register(&self) -> bool {
        self.columns.iter().any(|column| column.given.is_some())
    }

    fn is_sequence(&self, column: u16) -> bool {
        matches!(self.column(column), Some((_, column)) if column.kind == ColumnKind::Sequence)
    }

    /// Whether somebody filled the cell in: not a running number, not a
    /// dropdown's default, not a prepared formula.
    fn is_content(&self, cell: &Cell) -> bool {
        let Some((_, column)) = self.column(cell.column) else {
            return false;
        };
        let numeric = matches!(column.kind, ColumnKind::Number { .. } | ColumnKind::Count { .. });
        if column.given.is_some() {
            return false;
        }
        match (&column.kind, &cell.value) {
            // Where rows are given, whoever chose a value reports on one.
            (ColumnKind::Choice(_), value) if self.is_register() => !value.is_blank(),
            (ColumnKind::Sequence | ColumnKind::Choice(_), _) => false,
            (_, Value::Empty) => cell.formula && !numeric,
            (_, Value::Number(number)) if cell.formula || numeric => *number != 0.0,
            (_, Value::Error(_)) if cell.formula => !numeric,
            (_, value) => !value.is_blank(),
        }
    }
}

/// Whether a cell holds a number that somebody entered, other than 0.
fn is_content_number(cell: &Cell) -> bool {
    matches!(cell.value, Value::Number(number) if number != 0.0 && !cell.formula)
}

/// The text of a cell that is short enough to be a mark, a word or a header.
fn text_of(cell: &Cell) -> Option<&str> {
    match &cell.value {
        Value::Text(text) if text.len() <= LONGEST_WORD => Some(text),
        _ => None,
    }
}

/// The same as names are compared.
fn short_key(cell: &Cell) -> Option<String> {
    text_of(cell).map(name_key)
}

/// A mark such as 例, alone or with a number behind it.
fn is_mark(key: &str, marks: &[String]) -> bool {
    let bare = key
        .trim_matches(['(', ')'])
        .trim_end_matches(|c: char| c.is_ascii_digit());
    marks.iter().any(|mark| !mark.is_empty() && bare == mark)
}

/// The running number that a cell holds: 1, “1.”, （一）.
pub(super) fn running_number(value: &Value, text: &str) -> Option<u32> {
    match value {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number within bounds"
        )]
        Value::Number(number) if number.fract() == 0.0 => (0.0..=f64::from(u32::MAX))
            .contains(number)
            .then_some(*number as u32),
        Value::Text(_) => {
            let folded = half_width(text);
            numeral(
                folded
                    .trim_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '.' | '、' | '．')),
            )
        }
        _ => None,
    }
}
