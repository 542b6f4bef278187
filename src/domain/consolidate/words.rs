//! All words of a master, in both languages.

mod chinese;
mod english;
mod opening;
mod phrases;
mod register;

use crate::domain::language::Language;

pub(crate) use register::RegisterWords;

/// The words of one language. Names of sheets are at most 31 characters.
pub(crate) struct Words {
    pub language: Language,
    pub submitted: &'static str,
    pub overview: &'static str,
    pub detail: &'static str,
    pub leaders: &'static str,
    pub places: &'static str,
    pub reporting: &'static str,
    pub changes: &'static str,
    /// The sheet for what is only worth a look.
    pub infos: &'static str,
    /// Its columns: unit, place, what there is to say, the row, the earlier row.
    pub info_columns: [&'static str; 5],
    /// Said of a contact of whom only the number is another one.
    pub number_changed: &'static str,
    pub orphans: &'static str,
    /// What the titles of 按领导, 按村, 报送情况 and 变动 end in.
    pub titles: [&'static str; 4],
    /// Added to the ledger's name in the title.
    pub consolidated: &'static str,
    pub no: &'static str,
    pub unit: &'static str,
    pub leader: &'static str,
    pub place: &'static str,
    pub office: &'static str,
    pub period: &'static str,
    pub late_row: &'static str,
    /// Columns of 明细 behind those of the form.
    pub others: &'static str,
    pub source: &'static str,
    pub version: &'static str,
    pub source_row: &'static str,
    pub link: &'static str,
    pub open: &'static str,
    pub row_key: &'static str,
    pub instruction: &'static str,
    pub handling: &'static str,
    pub explanation: &'static str,
    /// Lines under the table.
    pub sign_leader: &'static str,
    pub sign_check: &'static str,
    pub sign_author: &'static str,
    pub sign_date: &'static str,
    pub overview_columns: [&'static str; 3],
    pub sections: [&'static str; 3],
    /// The last of them where the second is left out.
    pub basis_second: &'static str,
    pub expected: &'static str,
    pub received: &'static str,
    pub on_time: &'static str,
    pub late: &'static str,
    pub missing: &'static str,
    /// Of how many of those a file waits for the office; `{}` is the number.
    pub unconfirmed: &'static str,
    /// What visits are called before their number: 共调研.
    pub visits_done: &'static str,
    /// That joint visits count once.
    pub counted_once: &'static str,
    pub returned: &'static str,
    pub exempt: &'static str,
    pub nil: &'static str,
    pub completeness: [&'static str; 2],
    pub timeliness: [&'static str; 2],
    pub due: &'static str,
    pub close: &'static str,
    pub basis: &'static str,
    /// 公开方式.
    pub disclosure: &'static str,
    pub rows: &'static str,
    pub visits: &'static str,
    pub days: &'static str,
    pub solved: &'static str,
    pub this_period: &'static str,
    pub this_year: &'static str,
    pub joint: &'static str,
    pub pace: &'static str,
    pub year_target: &'static str,
    pub assumed: &'static str,
    pub provisional: &'static str,
    pub soft: &'static str,
    pub town: &'static str,
    pub assigned: &'static str,
    pub visited: &'static str,
    pub not_visited: &'static str,
    pub to_go: &'static str,
    pub light: &'static str,
    pub remark: &'static str,
    pub coordinating: &'static str,
    pub latest: &'static str,
    pub shared: &'static str,
    pub never: &'static str,
    pub no_target: &'static str,
    pub first_received: &'static str,
    pub accepted_at: &'static str,
    pub state: &'static str,
    pub times_returned: &'static str,
    pub total: &'static str,
    pub after_close: &'static str,
    pub first_version: &'static str,
    pub nothing_changed: &'static str,
    pub change_columns: [&'static str; 6],
    pub kinds: [&'static str; 3],
    pub orphan_columns: [&'static str; 4],
    pub counting_note: &'static str,
    pub list: &'static str,
    pub colon: &'static str,
}

impl Words {
    /// The words of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Chinese => &chinese::WORDS,
            Language::English => &english::WORDS,
        }
    }

    fn is_chinese(&self) -> bool {
        self.language == Language::Chinese
    }
}
