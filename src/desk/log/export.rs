//! What was looked for in the journal, as a workbook.

use super::search::Search;
use super::{LineAnswer, in_words};
use crate::domain::account::Account;
use crate::domain::dates::moment;
use crate::domain::language::{Language, worded};
use crate::jobs::site::Site;
use crate::store::{Looked, Sought};
use crate::workbook::listing::{Head, write_listing};

/// Lines in a workbook.
pub const MOST: usize = 20_000;

/// Lines that are found and put into words at a time.
const PART: usize = 1_000;

/// So many lines are looked at at a time.
const LOOK: usize = 40_000;

fn columns(language: Language) -> [(&'static str, f64); 9] {
    [
        (language.either("时间", "When"), 20.0),
        (language.either("谁", "Who"), 14.0),
        (language.either("途径", "Way"), 12.0),
        (language.either("做了什么", "What"), 16.0),
        (language.either("台账", "Ledger"), 24.0),
        (language.either("单位", "Unit"), 22.0),
        (language.either("报告期", "Period"), 16.0),
        (language.either("编号", "No."), 12.0),
        (language.either("说明", "Details"), 80.0),
    ]
}

/// A workbook of the journal.
pub struct Export {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How it is called.
    pub name: String,
}

/// What is looked for, latest first, as a workbook; it says itself where it is cut.
///
/// # Errors
/// Something was typed that can't be looked for ([`Misuse`](crate::desk::Misuse)); the
/// database can't be read.
pub async fn export(site: &Site, account: &Account, asked: &Search) -> anyhow::Result<Export> {
    let mut sought = asked.sought(site, account)?;
    let mut found: Vec<LineAnswer> = Vec::new();
    let cut = loop {
        let left = MOST - found.len();
        let (lines, next) = part(site, &sought, left.min(PART)).await?;
        found.extend(in_words(site, &lines).await?);
        match next {
            None => break false,
            Some(_) if found.len() >= MOST => break is_more(site, &sought, next).await?,
            next => sought.before = next,
        }
    };
    let now = site.clock.now();
    let language = site.language();
    let mut note = worded!(
        language,
        "{}导出，共{}条，从近到远。",
        "Exported {}: {} entries, the newest first. ",
        moment(language, now),
        found.len()
    );
    if cut {
        note += &worded!(
            language,
            "符合条件的记录不止{MOST}条，这里只有最近的；请缩短起止日期，分几次导出。",
            "There are more than {MOST}, and only the newest are here; choose fewer days and export several times."
        );
    }
    let rows: Vec<Vec<String>> = found.into_iter().map(|line| row(site, line)).collect();
    let head = move || {
        let head = Head {
            title: language.either("日志", "Log"),
            note: &note,
            columns: &columns(language),
        };
        write_listing(head, rows)
    };
    Ok(Export {
        bytes: tokio::task::spawn_blocking(head).await??,
        name: worded!(
            language,
            "日志{}.xlsx",
            "log {}.xlsx",
            now.format("%Y-%m-%d %H%M")
        ),
    })
}

/// The next lines, and before which one older ones may be found.
async fn part(
    site: &Site,
    sought: &Sought,
    most: usize,
) -> anyhow::Result<(Vec<crate::store::JournalLine>, Option<i64>)> {
    let Looked { lines, down_to } = site.store.journal_sought(sought, most, LOOK).await?;
    let last = lines.last().map(|line| line.id);
    let next = if lines.len() == most { last } else { down_to };
    Ok((lines, next))
}

/// Whether there is any line beyond the last one.
async fn is_more(site: &Site, sought: &Sought, before: Option<i64>) -> anyhow::Result<bool> {
    let mut sought = Sought {
        before,
        ..sought.clone()
    };
    while sought.before.is_some() {
        let (lines, next) = part(site, &sought, 1).await?;
        if !lines.is_empty() {
            return Ok(true);
        }
        sought.before = next;
    }
    Ok(false)
}

fn row(site: &Site, line: LineAnswer) -> Vec<String> {
    let language = site.language();
    let program = line.program.map(|id| {
        let known = site.program(&id);
        known.map_or(id, |program| program.name.clone())
    });
    let number = match (line.submission, line.letter) {
        (Some(id), _) => worded!(language, "报送{id}", "submission {id}"),
        (None, Some(id)) => worded!(language, "信函{id}", "letter {id}"),
        (None, None) => String::new(),
    };
    vec![
        line.at.format("%Y-%m-%d %H:%M:%S").to_string(),
        if line.by_itself {
            language.either("程序", "program").to_owned()
        } else {
            line.by
        },
        line.via.words(language).to_owned(),
        line.label,
        program.unwrap_or_default(),
        line.unit_shown.unwrap_or_default(),
        line.period_label.unwrap_or_default(),
        number,
        line.detail,
    ]
}
