//! A sheet as it was handed in, with what the checks say of its cells.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Serialize;

use crate::domain::codes::Severity;
use crate::domain::finding::{Finding, Verdict};
use crate::domain::ids::SubmissionId;
use crate::domain::picture::{ROWS, RowPicture, SheetPicture, picture, rows_from};
use crate::domain::table::{Pos, Workbook, column_letters};
use crate::jobs::decide::read_archived;
use crate::jobs::pictures::unpacked;
use crate::jobs::site::Site;

/// Letters of a cell that are shown at once; the rest is folded.
const AT_ONCE: usize = 200;

/// A sheet.
#[derive(Debug, Clone, Serialize)]
pub struct SheetAnswer {
    /// The sheets of the file: names, and whether they are hidden.
    pub tabs: Vec<(String, bool)>,
    /// Which of them this is.
    pub at: usize,
    /// Its columns: letters, and whether they are hidden.
    pub columns: Vec<(String, bool)>,
    /// Further columns have something in them.
    pub wider: bool,
    /// Its rows.
    pub rows: Vec<Line>,
    /// How many rows with anything in them it has in all.
    pub in_all: u32,
    /// The first row shown, by its place among those.
    pub from: usize,
    /// The first row of the part before, and of the part behind.
    pub before: Option<usize>,
    /// The part behind.
    pub next: Option<usize>,
}

/// A row.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// Its 1-based number.
    pub number: u32,
    /// It is hidden in the file.
    pub hidden: bool,
    /// Rows before it are left out.
    pub gap: bool,
    /// Its cells; those that a merged one covers are left out.
    pub cells: Vec<Square>,
}

/// A cell.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Square {
    /// What is read there, or its beginning.
    pub text: String,
    /// The rest of it.
    pub rest: String,
    /// Columns and rows that it covers, 1 and 1 as a rule.
    pub across: u16,
    /// Rows.
    pub down: u32,
    /// Numbers of the findings that speak of it, from 1.
    pub findings: Vec<usize>,
    /// The gravest of them.
    pub severity: Option<Severity>,
}

/// Which part of which sheet.
#[derive(Debug, Clone, Copy, Default)]
pub struct Part {
    /// The sheet, from 0.
    pub sheet: usize,
    /// The first row, by its place among those with anything in them; none: the
    /// beginning, as it was kept.
    pub from: Option<usize>,
}

/// A sheet of a submission; none where nothing was kept, or of what nobody may see.
///
/// # Errors
/// The archived original can't be read; the database can't be.
pub async fn sheet(site: &Arc<Site>, id: SubmissionId, part: Part) -> anyhow::Result<Option<SheetAnswer>> {
    let Some(record) = site.store.submission(id).await? else {
        return Ok(None);
    };
    if record.verdict == Verdict::Quarantined {
        return Ok(None);
    }
    let findings = site.store.findings(id).await?;
    if let Some(from) = part.from {
        let path = site.archive.path_of(record.sha256);
        if !path.exists() {
            return Ok(None);
        }
        let Ok(book) = read_archived(site, &path).await? else {
            return Ok(None);
        };
        let tabs = book
            .sheets
            .iter()
            .map(|own| (own.name.clone(), own.hidden))
            .collect();
        let Some(own) = book.sheets.get(part.sheet) else {
            return Ok(None);
        };
        let shown = rows_from(own, from, ROWS);
        return Ok(Some(answer(tabs, part.sheet, (&shown, from), &findings)));
    }
    let Some(bytes) = site.store.picture(id).await? else {
        return Ok(None);
    };
    // One of an older kind is as good as none.
    let Ok(own) = unpacked(&bytes) else {
        return Ok(None);
    };
    let tabs: Vec<(String, bool)> = own
        .sheets
        .iter()
        .map(|own| (own.name.clone(), own.hidden))
        .collect();
    let shown = own.sheets.get(part.sheet);
    Ok(shown.map(|shown| answer(tabs, part.sheet, (shown, 0), &findings)))
}

/// The first sheet of a workbook that isn't anybody's; none where it has none.
pub(super) fn of_workbook(book: &Workbook) -> Option<SheetAnswer> {
    let own = picture(book, &[]);
    let tabs = own
        .sheets
        .iter()
        .map(|own| (own.name.clone(), own.hidden))
        .collect();
    let first = own.sheets.iter().position(|own| !own.hidden)?;
    Some(answer(tabs, first, (&own.sheets[first], 0), &[]))
}

fn answer(
    tabs: Vec<(String, bool)>,
    at: usize,
    (shown, from): (&SheetPicture, usize),
    findings: &[Finding],
) -> SheetAnswer {
    let marks = marks(&shown.name, findings);
    let covered = Covered::of(shown);
    let mut last = None;
    let mut rows = Vec::new();
    for (place, row) in shown.rows.iter().enumerate() {
        let gap = place >= ROWS && last.is_some_and(|last| row.index != last + 1);
        last = Some(row.index);
        rows.push(Line {
            number: row.index + 1,
            hidden: row.hidden,
            gap,
            cells: squares(row, shown.columns, &covered, &marks),
        });
    }
    let more = from + ROWS.min(shown.rows.len());
    SheetAnswer {
        tabs,
        at,
        columns: (0..shown.columns)
            .map(|own| (column_letters(own), shown.hidden_columns.contains(&own)))
            .collect(),
        wider: shown.wider,
        in_all: shown.in_all,
        from,
        before: (from > 0).then(|| from.saturating_sub(ROWS)),
        next: (more < usize::try_from(shown.in_all).unwrap_or(usize::MAX)).then_some(more),
        rows,
    }
}

/// What findings say of the cells of a sheet, by cell.
fn marks(sheet: &str, findings: &[Finding]) -> BTreeMap<Pos, (Vec<usize>, Severity)> {
    let mut marks: BTreeMap<Pos, (Vec<usize>, Severity)> = BTreeMap::new();
    for (number, finding) in (1..).zip(findings) {
        let own = finding.sheet.as_deref() == Some(sheet);
        let Some(pos) = finding.pos.filter(|_| own) else {
            continue;
        };
        let last = finding.through.map_or(pos.row, |last| last.saturating_sub(1));
        for row in pos.row..=last.min(pos.row.saturating_add(2_000)) {
            let own = marks.entry(Pos::new(row, pos.column));
            let (numbers, severity) = own.or_insert((Vec::new(), finding.severity()));
            numbers.push(number);
            *severity = (*severity).max(finding.severity());
        }
    }
    marks
}

/// Merged cells: how far each reaches among the rows that are shown, and the
/// cells that lie under one.
struct Covered {
    reach: BTreeMap<Pos, (u16, u32)>,
    under: BTreeSet<Pos>,
}

impl Covered {
    fn of(shown: &SheetPicture) -> Self {
        let mut own = Self {
            reach: BTreeMap::new(),
            under: BTreeSet::new(),
        };
        for range in &shown.merges {
            let last = range.last.column.min(shown.columns.saturating_sub(1));
            let rows = shown.rows.iter().map(|row| row.index);
            let rows: Vec<u32> = rows
                .filter(|row| (range.first.row..=range.last.row).contains(row))
                .collect();
            if rows.first() != Some(&range.first.row) || last < range.first.column {
                continue;
            }
            let down = u32::try_from(rows.len()).unwrap_or(1);
            own.reach
                .insert(range.first, (last - range.first.column + 1, down));
            for row in rows {
                own.under
                    .extend((range.first.column..=last).map(|column| Pos::new(row, column)));
            }
            own.under.remove(&range.first);
        }
        own
    }
}

fn squares(
    row: &RowPicture,
    columns: u16,
    covered: &Covered,
    marks: &BTreeMap<Pos, (Vec<usize>, Severity)>,
) -> Vec<Square> {
    let mut texts = row.cells.iter().peekable();
    let mut squares = Vec::new();
    for column in 0..columns {
        let text = texts
            .next_if(|(own, _)| *own == column)
            .map_or("", |(_, text)| text);
        let pos = Pos::new(row.index, column);
        if covered.under.contains(&pos) {
            continue;
        }
        let (across, down) = covered.reach.get(&pos).copied().unwrap_or((1, 1));
        let (text, rest) = match text.char_indices().nth(AT_ONCE) {
            Some((end, _)) => text.split_at(end),
            None => (text, ""),
        };
        let (findings, severity) = marks
            .get(&pos)
            .cloned()
            .map_or((Vec::new(), None), |(numbers, severity)| {
                (numbers, Some(severity))
            });
        squares.push(Square {
            text: text.to_owned(),
            rest: rest.to_owned(),
            across,
            down,
            findings,
            severity,
        });
    }
    squares
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::codes::Code;
    use crate::domain::table::Range;

    fn picture() -> SheetPicture {
        let row = |index: u32, texts: &[&str]| RowPicture {
            index,
            hidden: false,
            cells: (0..)
                .zip(texts)
                .map(|(column, text)| (column, (*text).to_owned()))
                .collect(),
        };
        SheetPicture {
            name: "台账".into(),
            rows: vec![
                row(0, &["标题"]),
                row(1, &["甲", "乙", "丙"]),
                row(3, &["1", "2", "3"]),
            ],
            in_all: 3,
            columns: 3,
            merges: vec![
                Range {
                    first: Pos::new(0, 0),
                    last: Pos::new(0, 9),
                },
                Range {
                    first: Pos::new(1, 2),
                    last: Pos::new(3, 2),
                },
            ],
            ..SheetPicture::default()
        }
    }

    #[test]
    fn merged_cells_reach_over_what_is_shown() {
        let own = answer(vec![], 0, (&picture(), 0), &[]);
        assert_eq!((own.rows[0].cells.len(), own.rows[0].cells[0].across), (1, 3));
        // The row between is empty, and isn't there.
        assert_eq!(own.rows[1].cells[2].down, 2);
        assert_eq!(own.rows[2].cells.len(), 2);
        assert_eq!((own.before, own.next), (None, None));
    }

    #[test]
    fn a_cell_bears_its_findings_and_the_gravest_colour() {
        let warning = Finding::new(Code::SeveralPlaces).at("台账", Pos::new(3, 1));
        let error = Finding::new(Code::DateImpossible).at("台账", Pos::new(3, 1));
        let elsewhere = Finding::new(Code::DateImpossible).at("别处", Pos::new(3, 0));
        let own = answer(vec![], 0, (&picture(), 0), &[warning, elsewhere, error]);
        let cell = &own.rows[2].cells[1];
        assert_eq!(cell.findings, [1, 3]);
        assert_eq!(cell.severity, Some(Severity::Error));
        assert!(own.rows[2].cells[0].findings.is_empty());
    }

    #[test]
    fn a_long_text_is_folded() {
        let mut own = picture();
        own.rows[2].cells[0].1 = "长".repeat(250);
        let own = answer(vec![], 0, (&own, 0), &[]);
        let cell = &own.rows[2].cells[0];
        assert_eq!((cell.text.chars().count(), cell.rest.chars().count()), (200, 50));
    }
}
