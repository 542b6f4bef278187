//! One check a file: each looks for one kind of fault and says where it is.

mod canonical;
mod case;
mod document;
mod examine;
mod explained;
#[cfg(test)]
mod fixture;
mod limits;
mod listing;
mod order;
mod register;
#[cfg(test)]
mod samples;
mod similar;
mod tally;
mod wording;

// Of the file.
mod external_links_ignored;
mod hidden_content;
mod macros_ignored;
mod picture_ignored;
mod sensitive_content;
mod wrong_extension;

// Of what stands above the rows.
mod column_missing;
mod column_unexpected;
mod fill_date_implausible;
mod fill_line_missing;
mod form_outdated;
mod header_not_found;
mod title_mismatch;

// Of a sheet.
mod header_repeated;
mod merged_cells_filled;
mod nil_report;
mod no_rows;
mod other_period_rows;
mod other_table;
mod row_skipped;
mod sequence_broken;
mod total_mismatch;

// Of a row or a cell.
mod across_rows;
mod below_last_period;
mod contact_name_missing;
mod count_mismatch;
mod count_not_listed;
mod count_total_missing;
mod count_unreadable;
mod date_ambiguous;
mod date_impossible;
mod date_in_future;
mod date_on_holiday;
mod date_out_of_period;
mod date_unreadable;
mod date_year_assumed;
mod earlier_rows;
mod example_row_used;
mod example_text;
mod formula_without_value;
mod id_number;
mod item_missing;
mod item_name_mismatch;
mod item_not_yours;
mod item_unknown;
mod late_row;
mod negative_item_hit;
mod not_in_list;
mod number_as_text;
mod number_reinterpreted;
mod number_unreadable;
mod phone_incomplete;
mod phone_unreadable;
mod place_abbreviated;
mod place_not_assigned;
mod place_text_mismatch;
mod placeholder;
mod reopened;
mod repeated_row;
mod repeats_last_period;
mod required;
mod required_if;
mod rule;
mod score_over_maximum;
mod several_places;
mod status_contradiction;
mod text_length;

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::calendar::Calendar;
use super::finding::{Finding, Verdict};
use super::identify::{History, Origin};
use super::ledger::{LedgerRow, SheetReading};
use super::messages::Catalogue;
use super::period::Period;
use super::program::Program;
use super::register::Past;
use crate::domain::evidence::Evidence;
use crate::domain::ids::UnitId;

use case::{Case, Cell};

pub use document::received;
pub use examine::{declared_nil, examine, refuse};
pub use limits::Limits;
pub use sensitive_content::is_marked;

/// Checks of the file and its tables as a whole. [`id_number::elsewhere`] comes
/// before them: nothing else is told of a cell that holds such a number.
const OF_LEDGER: [fn(&Case<'_>) -> Vec<Finding>; 17] = [
    wrong_extension::check,
    macros_ignored::check,
    external_links_ignored::check,
    hidden_content::check,
    picture_ignored::check,
    form_outdated::check,
    header_not_found::check,
    title_mismatch::check,
    fill_line_missing::check,
    fill_date_implausible::check,
    other_period_rows::check,
    no_rows::check,
    nil_report::check,
    repeated_row::check,
    repeats_last_period::check,
    item_missing::check,
    across_rows::check,
];

/// Checks of one sheet.
const OF_SHEET: [fn(&Case<'_>, &SheetReading) -> Vec<Finding>; 12] = [
    date_out_of_period::check,
    column_missing::check,
    column_unexpected::check,
    row_skipped::check,
    example_row_used::check,
    header_repeated::check,
    other_table::check,
    total_mismatch::check,
    sequence_broken::check,
    merged_cells_filled::check,
    rule::check,
    required_if::check,
];

/// Checks of one cell of a data row.
const OF_CELL: [fn(&Cell<'_>) -> Option<Finding>; 36] = [
    id_number::check,
    formula_without_value::check,
    placeholder::check,
    required::check,
    example_text::check,
    date_unreadable::check,
    date_ambiguous::check,
    date_impossible::check,
    late_row::check,
    date_in_future::check,
    date_on_holiday::check,
    date_year_assumed::check,
    place_not_assigned::check,
    place_abbreviated::check,
    several_places::check,
    count_unreadable::check,
    count_mismatch::check,
    count_not_listed::check,
    count_total_missing::check,
    place_text_mismatch::check,
    phone_unreadable::check,
    phone_incomplete::check,
    contact_name_missing::check,
    text_length::check,
    not_in_list::check,
    number_reinterpreted::check,
    number_as_text::check,
    number_unreadable::check,
    item_unknown::check,
    item_not_yours::check,
    item_name_mismatch::check,
    status_contradiction::check,
    below_last_period::check,
    reopened::check,
    score_over_maximum::check,
    negative_item_hit::check,
];

/// What a check of one file works with.
pub struct Context<'a> {
    /// The programme.
    pub program: &'a Program,
    /// What is known of the file from outside.
    pub origin: &'a Origin,
    /// What has been accepted already.
    pub standing: &'a dyn History,
    /// Rows of the unit's counting ledger for a period, by unit id and period.
    /// Called after identification: for the period before the one found, and
    /// for those in which rows of a cumulative ledger lie.
    pub rows_of: &'a dyn Fn(&UnitId, &Period) -> Vec<LedgerRow>,
    /// What was accepted of a register before a period. Called after
    /// identification, and only where the programme is one.
    pub past: &'a dyn Fn(&Period) -> Arc<Past>,
    /// Working days.
    pub calendar: &'a Calendar,
    /// Wording.
    pub messages: &'a Catalogue,
    /// How much it may hold, and how much is said of it.
    pub limits: Limits,
    /// The present.
    pub now: DateTime<Tz>,
}

/// Everything that looking at one file brought out.
#[derive(Debug, Clone, PartialEq)]
pub struct Examination {
    /// The verdict: never `ignored` or `duplicate`, which are decided before.
    pub verdict: Verdict,
    /// Unit id.
    pub unit: Option<UnitId>,
    /// The period it counts for.
    pub period: Option<Period>,
    /// Units that could be meant.
    pub candidates: Vec<UnitId>,
    /// A unit name that the roster doesn't know.
    pub unknown_name: Option<String>,
    /// Why unit and period are what they are.
    pub evidence: Vec<Evidence>,
    /// Findings with their wording, in the order of the sheet; no more than the
    /// limit, and last one a code for those that are left out.
    pub findings: Vec<Finding>,
    /// Data rows, canonical, in the order of the file; also those of a
    /// returned ledger (for its marked-up copy). Empty when quarantined or when
    /// folder and form name different units.
    pub rows: Vec<LedgerRow>,
    /// How many data rows stand in the file; none when it wasn't read.
    pub row_count: Option<usize>,
    /// The sheets as they are kept to be looked at; filled in by whoever read
    /// the file, empty until then.
    pub picture: Vec<u8>,
    /// What it says as a register.
    pub register: AsRegister,
    /// Values of the fill lines by key.
    pub fill: Vec<(String, String)>,
    /// Declares that there was nothing to report.
    pub nil: bool,
    /// Marked as a correction.
    pub correction: bool,
    /// Version of the form it was checked against.
    pub form_version: Option<String>,
    /// Whether unit folder and fill line disagree: only 需更正事项 goes back.
    pub mismatch: bool,
    /// When it was last saved, as far as its properties can be believed.
    pub saved: Option<DateTime<Utc>>,
    /// The day it says it was filled in.
    pub filled_on: Option<NaiveDate>,
}

/// What a ledger whose rows are given says beside its rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AsRegister {
    /// Items that the unit owes and that no row of a returned ledger stands
    /// for, by their places in the table: they stand ready in the copy.
    pub open: Vec<usize>,
    /// It ticks 本期无变化: what was accepted last holds for what it leaves empty.
    pub unchanged: bool,
}

/// For tests, which say only what matters to them.
#[cfg(test)]
impl Examination {
    pub(crate) fn of(verdict: Verdict) -> Self {
        Self {
            verdict,
            unit: None,
            period: None,
            candidates: Vec::new(),
            unknown_name: None,
            evidence: Vec::new(),
            findings: Vec::new(),
            rows: Vec::new(),
            row_count: None,
            picture: Vec::new(),
            register: AsRegister::default(),
            fill: Vec::new(),
            nil: false,
            correction: false,
            form_version: None,
            mismatch: false,
            saved: None,
            filled_on: None,
        }
    }
}
