//! From cells to a ledger: where the header is, what the fill lines say,
//! which rows are data, and what each cell means.
//!
//! Reading never fails. What can't be understood stays in the reading as a
//! problem, and a check makes a finding of it.

mod choice;
mod contact;
mod count;
mod dates;
mod excess;
mod field;
mod fill_lines;
mod header_text;
mod identity_number;
mod labels;
mod locate;
mod measure;
mod merged_cells;
mod number;
mod placeholder;
mod places;
mod reading;
mod row;
mod row_kind;
mod rows;
#[cfg(test)]
pub(crate) mod sample;
pub mod stored;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::period::Period;
use super::table::{Pos, Value};

pub use choice::read_choice;
pub use contact::read_contacts;
pub use count::{count_items, read_count};
pub use dates::{read_date, read_dates, read_day};
pub use excess::{Excess, FilledDown};
pub use fill_lines::read_fill_lines;
pub use identity_number::{contains_identity_number, mask_identity_numbers, may_hold_identity_number};
pub use locate::{locate, missing_columns};
pub use number::read_number;
pub use placeholder::placeholder;
pub use places::{PlaceMatch, match_place, read_places, read_side_by_side};
pub use reading::read;
pub use row::{Columns, LedgerRow, Meaning, columns_of};
pub use rows::read_rows;

/// What a workbook says as a ledger of a form.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// Values above the headers, in the order found, over all sheets.
    pub fill: Vec<FillValue>,
    /// The title found above the header of the first sheet.
    pub title: Option<Titled>,
    /// The sheets with a header.
    pub sheets: Vec<SheetReading>,
    /// Names of visible sheets in which no header was found although they hold cells.
    pub without_header: Vec<String>,
    /// Sheets of other periods in a running workbook, and rows of a cumulative
    /// ledger that were accepted before: they don't count.
    pub set_aside: Vec<SetAside>,
    /// There are more rows than a ledger may have: none of them was read.
    pub excess: Option<Excess>,
}

/// A sheet of another period, or rows that an earlier one has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// The sheet's name.
    pub sheet: String,
    /// Its data rows, first and last, 1-based; none without any.
    pub rows: Option<(u32, u32)>,
    /// The periods, in order: the one that a sheet's own line or name says, or
    /// those with which its rows were accepted.
    pub periods: Vec<Period>,
    /// How many of its rows were accepted before; 0 for a whole sheet.
    pub accepted: usize,
}

/// The title line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Titled {
    /// The sheet's name.
    pub sheet: String,
    /// Where it stands.
    pub pos: Pos,
    /// Its text, tidied.
    pub text: String,
}

/// A fill line's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FillValue {
    /// Key of the [`super::program::FillLine`].
    pub key: String,
    /// The value, tidied; empty when the label stands there without one.
    pub value: String,
    /// The sheet's name.
    pub sheet: String,
    /// The cell that holds the value (the label's cell if they share one).
    pub pos: Pos,
}

/// A located header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// Index into [`super::program::Form::sheets`].
    pub form_sheet: usize,
    /// First header row, 0-based.
    pub first_row: u32,
    /// Last header row, 0-based.
    pub last_row: u32,
    /// For each form column, the sheet column it was found in.
    pub columns: Vec<Option<u16>>,
    /// Columns that the form doesn't have, with their header text.
    pub extras: Vec<(u16, String)>,
    /// Headers that differ from the form's, as written.
    pub renamed: Vec<String>,
    /// Whether the known columns stand in another order.
    pub reordered: bool,
    /// The 情况说明 column of a marked-up copy.
    pub explanation: Option<u16>,
}

/// What one sheet holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SheetReading {
    /// The sheet's name.
    pub sheet: String,
    /// Whether the sheet is hidden.
    pub hidden: bool,
    /// Its header.
    pub header: Header,
    /// Its data rows, top to bottom.
    pub rows: Vec<DataRow>,
    /// Rows passed over, with the reason.
    pub skipped: Vec<(u32, Skipped)>,
    /// Totals rows: 0-based row, and the numbers by form column.
    pub totals: Vec<(u32, Vec<(usize, Decimal)>)>,
    /// Cells that took the value of the merged cell above them, with the form column.
    pub filled_down: Vec<(Pos, usize)>,
    /// Where the ledger declares that there is nothing to report.
    pub nil: Option<Pos>,
    /// Marks of example rows that hold data and are read as such.
    pub examples_used: Vec<Pos>,
    /// The example row of the file: form column and tidied text.
    pub examples: Vec<(usize, String)>,
}

/// Why a row is no data row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Skipped {
    /// 例, 示例.
    Example,
    /// 合计, 小计.
    Totals,
    /// 注：, 说明.
    Note,
    /// 填表人：, 审核人：.
    Signature,
    /// The header once more.
    RepeatedHeader,
    /// Only a running number, nothing else.
    Unfilled,
    /// 本期无.
    Nil,
    /// Strokes in every cell.
    CrossedOut,
    /// 甲 1 2 3.
    ColumnNumbers,
    /// How the columns are to be filled in.
    Hints,
    /// Another table, from its header on.
    OtherTable,
}

/// A data row as it stands in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct DataRow {
    /// 0-based row in the sheet.
    pub row: u32,
    /// One field for each form column.
    pub fields: Vec<Field>,
    /// Texts of the extra columns, in the order of [`Header::extras`].
    pub extras: Vec<String>,
    /// What stands in 情况说明.
    pub explanation: String,
    /// Whether the row is hidden.
    pub hidden: bool,
}

/// One cell of a data row.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Where it stands; none when the column is missing.
    pub pos: Option<Pos>,
    /// The stored value; for a filled-down cell the value of the merged cell.
    pub value: Value,
    /// The value as text, tidied.
    pub text: SmolStr,
    /// Whether the cell is a formula.
    pub formula: bool,
    /// Whether the value came from a merged cell above.
    pub filled_down: bool,
    /// What it means.
    pub parsed: Parsed,
}

/// What a cell means, by the kind of its column.
#[derive(Debug, Clone, PartialEq)]
pub enum Parsed {
    /// Nothing in it.
    Blank,
    /// What stood ready in the form: never input.
    Given,
    /// A formula without a saved value, or an error value.
    NoValue,
    /// A template's placeholder; holds the offending part.
    Placeholder(String),
    /// Text, remark or list.
    Text,
    /// The running number; `None` when it is none.
    Sequence(Option<u32>),
    /// Dates.
    Dates(DateReading),
    /// One date, whenever; `None` when it is none.
    Day(Option<NaiveDate>),
    /// Places.
    Places(Vec<PlaceReading>),
    /// A count.
    Count(CountReading),
    /// A number.
    Number(NumberReading),
    /// A choice, by the name of its value; `None` when it isn't in the list.
    Choice(Option<String>),
    /// Contacts.
    Contacts(ContactReading),
}

/// Days from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DateSpan {
    /// First day.
    pub from: NaiveDate,
    /// Last day; never before `from`.
    pub to: NaiveDate,
}

impl DateSpan {
    /// A single day.
    #[must_use]
    pub fn day(date: NaiveDate) -> Self {
        Self { from: date, to: date }
    }

    /// Every day of it.
    pub fn days(self) -> impl Iterator<Item = NaiveDate> {
        self.from.iter_days().take_while(move |day| *day <= self.to)
    }
}

/// What a date cell says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DateReading {
    /// Spans in the order written; empty when there is a problem.
    pub spans: Vec<DateSpan>,
    /// The year that was added, when the cell has none or only two digits of it.
    pub year_assumed: Option<i32>,
    /// Why it can't be understood.
    pub problem: Option<DateProblem>,
}

/// Why dates can't be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DateProblem {
    /// No date, or not a whole one.
    Unreadable,
    /// A number whose last nought may be lost: 11.1 for 11.10.
    Ambiguous {
        /// As it stands there.
        first: NaiveDate,
        /// With the nought.
        second: NaiveDate,
    },
    /// No such day: month and day as written.
    Impossible {
        /// Month as written.
        month: u32,
        /// Day as written.
        day: u32,
    },
}

/// What one part of a place cell says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlaceReading {
    /// The part as written.
    pub written: String,
    /// The place it is taken for; none if no single place fits.
    pub place: Option<String>,
    /// Whether the place was written short, with a hamlet, or in other characters.
    pub abbreviated: bool,
    /// Places that could be meant, when none is taken.
    pub candidates: Vec<String>,
}

/// What a count cell says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CountReading {
    /// The number; none if it can't be told.
    pub count: Option<u32>,
    /// The number as stated; none if only a list stands there.
    pub stated: Option<u32>,
    /// How many items are listed in the cell; none if it's a bare number.
    pub listed: Option<u32>,
    /// The place that the text says was helped (推动…村).
    pub place: Option<String>,
    /// The cell holds a word or sign (`/`) that was taken as a number.
    pub reinterpreted: bool,
}

/// What a number cell says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NumberReading {
    /// The number; none if it can't be understood.
    pub number: Option<Decimal>,
    /// Text that was a number (full-width digits, an apostrophe before it).
    pub was_text: bool,
    /// A percentage, fraction word or sign taken as a number.
    pub reinterpreted: bool,
    /// A bare part of one where a per cent is wanted, taken as it stands.
    pub part: bool,
    /// An amount in another unit than the column's: what it is in that one, and which that is.
    pub in_unit: Option<(Decimal, String)>,
}

/// What a contact cell says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContactReading {
    /// Names found.
    pub names: Vec<String>,
    /// Telephone numbers found, normalised (`13812345678`, `0759-7712345`).
    pub phones: Vec<String>,
    /// Some number lacks its area code or is a short number.
    pub incomplete: bool,
    /// Digits that are no telephone number.
    pub unreadable: bool,
    /// Digits of a number are hidden (138****1234).
    pub masked: bool,
}
