//! Finding the header.

use std::cmp::Reverse;

use super::Header;
use super::header_text::{HeaderText, header_key, header_texts, without_brackets};
use crate::domain::program::{Form, FormSheet};
use crate::domain::table::{Row, Sheet, Value};
use crate::domain::text::name_key;

/// The header must begin within this many rows that hold anything.
const SEARCHED_ROWS: usize = 30;
/// Group headers included, a header is no taller than this.
const MOST_HEADER_ROWS: u32 = 3;
/// A header with fewer required columns is a coincidence, unless the form has fewer.
const LEAST_REQUIRED: usize = 3;
/// Columns of the unit's own that are kept.
const MOST_EXTRAS: usize = 200;
/// Heads that say what a column is about, and not whose: understood for the
/// one column whose header ends so, beside two that are unmistakable.
const PLAIN_HEADS: [&str; 5] = ["时间", "日期", "地点", "内容", "成效"];
/// Our own column in marked-up copies that units needn't touch.
const REMARKS: [&str; 2] = ["审核意见", "reviewremarks"];
/// Our own column in marked-up copies in which units explain.
const EXPLANATIONS: [&str; 2] = ["情况说明", "explanation"];

/// Finds the header of one of the form's sheets in the first 30 rows.
#[must_use]
pub fn locate(sheet: &Sheet, form: &Form) -> Option<Header> {
    let forms: Vec<Vec<Names>> = form
        .sheets
        .iter()
        .map(|own| own.columns.iter().map(Names::of).collect())
        .collect();
    let filled = || sheet.rows.iter().filter(|row| !row.is_blank());
    let end = filled().nth(SEARCHED_ROWS).map_or(u32::MAX, |row| row.index);
    let fewest = form.sheets.iter().map(least_columns).min()?;
    let mut best: Option<(Score, Found)> = None;
    for row in filled().take_while(|row| row.index < end) {
        for height in (1..=MOST_HEADER_ROWS).take_while(|height| row.index.saturating_add(*height) <= end) {
            let texts = header_texts(sheet, row.index, height);
            if texts.len() < fewest {
                continue;
            }
            for (form_sheet, names) in forms.iter().enumerate() {
                let own = &form.sheets[form_sheet];
                let fit = Fit::of(&texts, names);
                let Some(score) = fit.score(own, sheet, row, height) else {
                    continue;
                };
                if best.as_ref().is_none_or(|(most, _)| *most < score) {
                    let found = Found {
                        form_sheet,
                        first_row: row.index,
                        height,
                    };
                    best = Some((score, found));
                }
            }
        }
        // Once all that is required was found, only a smaller header within this one is better.
        let whole = |(score, found): &(Score, Found)| {
            let complete = score.0 == wanted(&form.sheets[found.form_sheet]).count();
            complete && row.index.saturating_add(1) >= found.first_row.saturating_add(found.height)
        };
        if best.as_ref().is_some_and(whole) {
            break;
        }
    }
    let (_, found) = best?;
    Some(found.header(sheet, form, &forms[found.form_sheet]))
}

/// Finds the header once more below itself: on the next page, in another
/// order, or in other words that mean the same.
pub(super) struct Again<'a> {
    form: &'a Form,
    names: Vec<Names>,
    form_sheet: usize,
}

impl<'a> Again<'a> {
    /// Of the form sheet that was located; none if the form has no such sheet.
    pub(super) fn of(form: &'a Form, form_sheet: usize) -> Option<Self> {
        let own = form.sheets.get(form_sheet)?;
        Some(Self {
            form,
            names: own.columns.iter().map(Names::of).collect(),
            form_sheet,
        })
    }

    /// The header that a row is, with the extra columns of the one before it.
    pub(super) fn at(&self, sheet: &Sheet, row: &Row, before: &Header) -> Option<Header> {
        // Hardly any row begins with a header's text, and of the others nothing more is asked.
        let first = row.cells.iter().find(|cell| !cell.value.is_blank())?;
        let Value::Text(first) = &first.value else {
            return None;
        };
        let key = header_key(first);
        let bare = without_brackets(&key);
        let is_head = |names: &Names| {
            names
                .tiers
                .iter()
                .flatten()
                .any(|name| *name == key || *name == bare)
        };
        if !(self.names.iter().any(is_head) || PLAIN_HEADS.contains(&bare.as_str())) {
            return None;
        }
        let texts = header_texts(sheet, row.index, 1);
        let fit = Fit::of(&texts, &self.names);
        let own = &self.form.sheets[self.form_sheet];
        fit.score(own, sheet, row, 1)?;
        let found = Found {
            form_sheet: self.form_sheet,
            first_row: row.index,
            height: 1,
        };
        let mut header = found.header(sheet, self.form, &self.names);
        let place = |text: &str, column: u16| {
            let same = header
                .extras
                .iter()
                .find(|(_, own)| header_key(own) == header_key(text));
            same.map_or(column, |(column, _)| *column)
        };
        let extras = before
            .extras
            .iter()
            .map(|(column, text)| (place(text, *column), text.clone()));
        header.extras = extras.collect();
        header.explanation = header.explanation.or(before.explanation);
        // What it doesn't name stays where it was.
        for index in 0..header.columns.len() {
            let old = before.columns.get(index).copied().flatten();
            if header.columns[index].is_none() && !header.columns.contains(&old) {
                header.columns[index] = old;
            }
        }
        Some(header)
    }
}

/// Headers of required columns that a located header lacks.
#[must_use]
pub fn missing_columns<'a>(header: &Header, form: &'a Form) -> Vec<&'a str> {
    let Some(own) = form.sheets.get(header.form_sheet) else {
        return Vec::new();
    };
    own.columns
        .iter()
        .enumerate()
        .filter(|(index, column)| {
            column.required && column.in_form && header.columns.get(*index).is_none_or(Option::is_none)
        })
        .map(|(_, column)| column.header.as_str())
        .collect()
}

/// Whether the header cell of a sheet column is our own 审核意见.
pub(super) fn is_remarks(key: &str) -> bool {
    REMARKS.contains(&key)
}

/// Required columns found, columns found, whether the tab bears the form
/// sheet's name; then the smaller and the higher header.
type Score = (usize, usize, bool, Reverse<u32>, Reverse<u32>);

/// The columns by which a form sheet is known: those required, failing these all of them.
fn wanted(own: &FormSheet) -> impl Iterator<Item = usize> {
    let in_form = || own.form_columns();
    let any_required = in_form().any(|(_, column)| column.required);
    in_form()
        .filter(move |(_, column)| column.required || !any_required)
        .map(|(index, _)| index)
}

/// How many of them must be found: half, and no fewer than three where there are as many.
fn least_columns(own: &FormSheet) -> usize {
    let wanted = wanted(own).count();
    wanted.div_ceil(2).max(LEAST_REQUIRED).min(wanted)
}

/// The header's place, before its columns are worked out.
struct Found {
    form_sheet: usize,
    first_row: u32,
    height: u32,
}

/// Names of a form column, as compared: by tier, the surest first.
struct Names {
    tiers: [Vec<String>; 3],
}

impl Names {
    fn of(column: &crate::domain::program::Column) -> Self {
        let header = header_key(&column.header);
        let aliases: Vec<String> = column.aliases.iter().map(|alias| header_key(alias)).collect();
        let bare = std::iter::once(&header)
            .chain(&aliases)
            .map(|key| without_brackets(key))
            .filter(|key| !key.is_empty())
            .collect();
        Self {
            tiers: [vec![header], aliases, bare],
        }
    }
}

/// Which column of the sheet holds which column of the form.
struct Fit {
    /// For each form column: index into the texts, and the text that named it.
    columns: Vec<Option<(usize, String)>>,
}

impl Fit {
    fn of(texts: &[HeaderText], forms: &[Names]) -> Self {
        let names: Vec<Vec<(String, String)>> = texts.iter().map(|text| text.names().collect()).collect();
        let mut columns: Vec<Option<(usize, String)>> = vec![None; forms.len()];
        let mut taken = vec![false; texts.len()];
        for tier in 0..3 {
            for (index, form) in forms.iter().enumerate() {
                if columns[index].is_some() {
                    continue;
                }
                let known = &form.tiers[tier];
                let fits = |key: &String| {
                    if tier == 2 {
                        known.contains(&without_brackets(key))
                    } else {
                        known.contains(key)
                    }
                };
                let found = names.iter().enumerate().find_map(|(place, names)| {
                    let (text, _) = names.iter().find(|(_, key)| !taken[place] && fits(key))?;
                    Some((place, text.clone()))
                });
                if let Some((place, text)) = found {
                    taken[place] = true;
                    columns[index] = Some((place, text));
                }
            }
        }
        let mut fit = Self { columns };
        fit.understand_plain(&names, &mut taken, forms);
        fit
    }

    /// 时间 is 调研时间 if no other column's header ends so.
    fn understand_plain(&mut self, names: &[Vec<(String, String)>], taken: &mut [bool], forms: &[Names]) {
        if self.columns.iter().flatten().count() < 2 {
            return;
        }
        for plain in PLAIN_HEADS {
            let ends_so = |form: &Names| form.tiers.iter().flatten().any(|name| name.ends_with(plain));
            let mut meant = forms.iter().enumerate().filter(|(_, form)| ends_so(form));
            let (Some((index, _)), None) = (meant.next(), meant.next()) else {
                continue;
            };
            let mut said = names.iter().enumerate().filter_map(|(place, names)| {
                let (text, _) = names
                    .iter()
                    .find(|(_, key)| !taken[place] && without_brackets(key) == plain)?;
                Some((place, text.clone()))
            });
            if let (None, Some((place, text)), None) = (&self.columns[index], said.next(), said.next()) {
                taken[place] = true;
                self.columns[index] = Some((place, text));
            }
        }
    }

    /// How well it fits; none if too few required columns were found.
    fn score(&self, own: &FormSheet, sheet: &Sheet, row: &Row, height: u32) -> Option<Score> {
        let found = wanted(own).filter(|index| self.columns[*index].is_some()).count();
        let least = least_columns(own);
        (found > 0 && found >= least).then(|| {
            (
                found,
                self.columns.iter().flatten().count(),
                name_key(&sheet.name) == name_key(&own.name),
                Reverse(height),
                Reverse(row.index),
            )
        })
    }
}

impl Found {
    fn header(&self, sheet: &Sheet, form: &Form, names: &[Names]) -> Header {
        let last_row = self.last_row(sheet);
        let texts = header_texts(sheet, self.first_row, last_row - self.first_row + 1);
        let fit = Fit::of(&texts, names);
        let own = &form.sheets[self.form_sheet];
        let mut header = Header {
            form_sheet: self.form_sheet,
            first_row: self.first_row,
            last_row,
            columns: Vec::with_capacity(own.columns.len()),
            extras: Vec::new(),
            renamed: Vec::new(),
            reordered: false,
            explanation: None,
        };
        let mut before = None;
        for (column, found) in own.columns.iter().zip(&fit.columns) {
            let place = found.as_ref().map(|(place, _)| texts[*place].column);
            header.columns.push(place);
            // Columns that the form only understands have neither a name nor a place to keep.
            let (Some(place), Some((_, text)), true) = (place, found, column.in_form) else {
                continue;
            };
            if header_key(text) != header_key(&column.header) {
                header.renamed.push(text.clone());
            }
            header.reordered |= before.is_some_and(|before| place < before);
            before = Some(place);
        }
        for text in &texts {
            let Some(own) = text.own() else { continue };
            if header.columns.contains(&Some(text.column)) || is_remarks(&own.key) {
                continue;
            }
            if EXPLANATIONS.contains(&own.key.as_str()) && header.explanation.is_none() {
                header.explanation = Some(text.column);
            } else if header.extras.len() < MOST_EXTRAS {
                header.extras.push((text.column, own.text.clone()));
            }
        }
        header
    }

    /// The last header row: as tall as the fit needed, or as the cells merged downwards reach.
    fn last_row(&self, sheet: &Sheet) -> u32 {
        let fitted = self.first_row.saturating_add(self.height - 1);
        let most = self.first_row.saturating_add(MOST_HEADER_ROWS - 1);
        sheet
            .merges
            .iter()
            .filter(|range| (self.first_row..=fitted).contains(&range.first.row) && range.last.row <= most)
            .map(|range| range.last.row)
            .fold(fitted, u32::max)
    }
}

#[cfg(test)]
mod tests;
