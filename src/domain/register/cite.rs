//! Which item a row of a ledger reports on.

use std::collections::{HashMap, HashSet};

use super::Duties;
use crate::domain::ids::UnitId;
use crate::domain::ledger::{DataRow, Reading};
use crate::domain::program::{Form, FormSheet, Given, Item, Items};
use crate::domain::text::{half_width, name_key};

/// What rows cite, by their sheet and 0-based row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cited(HashMap<(String, u32), Citation>);

/// What a row cites.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Citation {
    /// An item that the unit may report on, by its place in the table.
    Own(usize),
    /// One of the unit's, which an earlier row cited already.
    Again(usize),
    /// Somebody else's.
    Other(usize),
    /// None that the table has.
    Unknown,
}

impl Citation {
    /// The item's place in the table.
    #[must_use]
    pub fn place(self) -> Option<usize> {
        match self {
            Self::Own(place) | Self::Again(place) | Self::Other(place) => Some(place),
            Self::Unknown => None,
        }
    }
}

impl Cited {
    /// Reads the citations of a ledger: by number, the unit's own items first;
    /// where a number is printed twice, by what is given beside it, then in order.
    #[must_use]
    pub fn of(items: &Items, duties: &Duties, unit: Option<&UnitId>, form: &Form, reading: &Reading) -> Self {
        let table = Table::of(items);
        let mut seen = HashSet::new();
        let mut cited = HashMap::new();
        for sheet in &reading.sheets {
            let Some(layout) = form.sheets.get(sheet.header.form_sheet) else {
                continue;
            };
            let Some((at, _)) = layout.column(&items.column) else {
                continue;
            };
            for row in &sheet.rows {
                let number = row.fields.get(at).map_or("", |field| field.text.as_str());
                let mut found = table.find(number, row, layout);
                found.retain(|place| items.all[*place].stands_on(layout));
                let own = |place: &usize| unit.is_none_or(|unit| duties.is_of(unit, *place));
                let mine: Vec<usize> = found.iter().copied().filter(own).collect();
                let pool = if mine.is_empty() { &found } else { &mine };
                let fresh = pool.iter().find(|place| !seen.contains(*place));
                let citation = match (fresh.or(pool.last()), mine.is_empty()) {
                    (None, _) => Citation::Unknown,
                    (Some(place), true) => Citation::Other(*place),
                    (Some(place), false) if seen.insert(*place) => Citation::Own(*place),
                    (Some(place), false) => Citation::Again(*place),
                };
                cited.insert((sheet.sheet.clone(), row.row), citation);
            }
        }
        Self(cited)
    }

    /// What a row cites; none on a sheet whose rows cite nothing.
    #[must_use]
    pub fn by(&self, sheet: &str, row: u32) -> Option<Citation> {
        self.0.get(&(sheet.to_owned(), row)).copied()
    }

    /// Whether a row of the unit's stands for an item.
    #[must_use]
    pub fn has(&self, place: usize) -> bool {
        self.0.values().any(|citation| *citation == Citation::Own(place))
    }
}

/// The items by what they are cited by.
struct Table<'a> {
    items: &'a Items,
    by_number: HashMap<String, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
}

impl<'a> Table<'a> {
    fn of(items: &'a Items) -> Self {
        let mut table = Self {
            items,
            by_number: HashMap::new(),
            by_name: HashMap::new(),
        };
        for (place, item) in items.all.iter().enumerate() {
            let number = number_key(&item.number);
            let id = number_key(&item.id);
            table.by_number.entry(number.clone()).or_default().push(place);
            if id != number {
                table.by_number.entry(id).or_default().push(place);
            }
            let name = name_key(&item.name);
            if !name.is_empty() {
                table.by_name.entry(name).or_default().push(place);
            }
        }
        table
    }

    /// The items that a row may mean.
    fn find(&self, number: &str, row: &DataRow, layout: &FormSheet) -> Vec<usize> {
        let by_number = self
            .by_number
            .get(&number_key(number))
            .map_or(&[][..], Vec::as_slice);
        match by_number {
            // A number that the table doesn't have is a slip where the name tells.
            [] => given(row, layout, |given| *given == Given::Name)
                .find_map(|(_, text)| self.by_name.get(&name_key(text)))
                .cloned()
                .unwrap_or_default(),
            [one] => vec![*one],
            several => {
                let told: Vec<usize> = several
                    .iter()
                    .copied()
                    .filter(|place| self.agrees(&self.items.all[*place], row, layout))
                    .collect();
                if told.is_empty() { several.to_vec() } else { told }
            }
        }
    }

    /// Whether what a row shows of its item is the item's own.
    fn agrees(&self, item: &Item, row: &DataRow, layout: &FormSheet) -> bool {
        let own = |given: &Given| match given {
            Given::Name => Some(item.name.as_str()),
            Given::Column(header) => self.items.cell(item, header),
            Given::Number | Given::Requirement | Given::Last(_) => None,
        };
        let mut shown = given(row, layout, |_| true).filter_map(|(given, text)| Some((own(given)?, text)));
        shown.all(|(own, text)| text.is_empty() || name_key(own) == name_key(text))
    }
}

/// The cells of a row that were given, as they stand.
fn given<'r>(
    row: &'r DataRow,
    layout: &'r FormSheet,
    wanted: impl Fn(&Given) -> bool + 'r,
) -> impl Iterator<Item = (&'r Given, &'r str)> {
    layout
        .columns
        .iter()
        .zip(&row.fields)
        .filter_map(|(column, field)| Some((column.given.as_ref()?, field.text.as_str())))
        .filter(move |(given, _)| wanted(given))
}

/// A number as it is compared: `第 7 项`, `7.` and `７` are 7.
fn number_key(text: &str) -> String {
    let folded = half_width(text);
    let folded = folded
        .trim()
        .trim_start_matches('第')
        .trim_end_matches(['项', '.', '、', '．'])
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ')'))
        .to_lowercase();
    match folded.split_once('.') {
        // A number that a spreadsheet shows with decimals.
        Some((whole, "0" | "00")) => whole.to_owned(),
        _ => folded,
    }
}
