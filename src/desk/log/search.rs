//! Searching through the journal, page by page, within an account's programmes.

use std::sync::Arc;

use chrono::NaiveDate;

use super::asked::days;
use super::{LineAnswer, in_words, kinds};
use crate::desk::named;
use crate::desk::period::programs;
use crate::desk::{Misuse, misuse};
use crate::domain::account::Account;
use crate::domain::actor::Via;
use crate::domain::language::{Language, worded};
use crate::domain::program::Program;
use crate::jobs::site::Site;
use crate::store::{Concern, Looked, Sought};

/// Lines on a page.
const AT_ONCE: usize = 200;

/// So many lines a page looks at: what isn't among them is looked for when
/// somebody asks to go on.
const LOOK: usize = 40_000;

/// Longest text to look for, in characters.
const LONGEST: usize = 60;

/// What is looked for, as people type it; what is empty is no matter.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// The programme.
    pub program: Option<Arc<Program>>,
    /// Unit: id, name, or an alias.
    pub unit: String,
    /// Period.
    pub period: String,
    /// Kind, as people call it.
    pub kind: String,
    /// By which way.
    pub via: Option<Via>,
    /// A part of who did it.
    pub by: String,
    /// From this day on.
    pub from: String,
    /// Up to and with this day.
    pub to: String,
    /// What stands in the detail; of several words all do.
    pub words: String,
}

/// A page of the journal.
#[derive(Debug, Clone, Default)]
pub struct LogPage {
    /// The lines, latest first.
    pub lines: Vec<LineAnswer>,
    /// Where older ones begin: to be asked for with it.
    pub older: Option<i64>,
    /// So many lines were looked at, and there are older ones yet; none where
    /// that wasn't why the page ended.
    pub looked_at: Option<usize>,
}

/// A page of what is looked for, older than a line where one is named.
///
/// # Errors
/// Something was typed that can't be looked for ([`Misuse`]: in words that
/// speak of the account's own programmes only); the database can't be read.
pub async fn search(
    site: &Site,
    account: &Account,
    asked: &Search,
    before: Option<i64>,
) -> anyhow::Result<LogPage> {
    let sought = Sought {
        before,
        ..asked.sought(site, account)?
    };
    let Looked { mut lines, down_to } = site.store.journal_sought(&sought, AT_ONCE + 1, LOOK).await?;
    let more = lines.len() > AT_ONCE;
    lines.truncate(AT_ONCE);
    let last = lines.last().map(|line| line.id);
    Ok(LogPage {
        lines: in_words(site, &lines).await?,
        older: if more { last } else { down_to },
        looked_at: down_to.filter(|_| !more).map(|_| LOOK),
    })
}

impl Search {
    /// What is looked for, cut to an account's programmes.
    ///
    /// # Errors
    /// Something was typed that can't be looked for.
    pub(super) fn sought(&self, site: &Site, account: &Account) -> Result<Sought, Misuse> {
        let language = site.language();
        let (from, to) = (day(&self.from, language)?, day(&self.to, language)?);
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            misuse!(
                language,
                "起止日期颠倒了：{}在{}之后",
                "the dates are the wrong way round: {} lies after {}",
                self.from,
                self.to
            );
        }
        let (from, to) = days(site, (from, to));
        let kind = self.kind.trim();
        let named: Vec<String> = Some(kind.to_owned())
            .filter(|own| !own.is_empty())
            .into_iter()
            .collect();
        let by = short(&self.by, language)?;
        let words = short(&self.words, language)?;
        Ok(Sought {
            before: None,
            from,
            to,
            kinds: kinds::named(&named, language)?
                .into_iter()
                .map(str::to_owned)
                .collect(),
            via: self.via,
            by: (!by.is_empty()).then(|| by.to_owned()),
            words: words.split_whitespace().map(str::to_owned).collect(),
            about: self.about(site, account)?,
            within: (!account.programs.is_empty()).then(|| account.programs.clone()),
        })
    }

    /// Programme, unit and period, found in the account's programmes.
    fn about(&self, site: &Site, account: &Account) -> Result<Option<Vec<Concern>>, Misuse> {
        let language = site.language();
        let (unit, period) = (short(&self.unit, language)?, short(&self.period, language)?);
        if self.program.is_none() && unit.is_empty() && period.is_empty() {
            return Ok(None);
        }
        let all = match &self.program {
            Some(own) => vec![own.clone()],
            None => programs(site, account),
        };
        let (mut known_unit, mut known_period, mut about) = (unit.is_empty(), period.is_empty(), Vec::new());
        for program in all {
            let roster = &program.roster;
            let own_unit = roster.unit(unit).or_else(|| roster.find(unit));
            let own_unit = own_unit.filter(|_| !unit.is_empty()).map(|own| own.id.clone());
            let own_period = (!period.is_empty())
                .then(|| named::period(site, &program, Some(period)).ok())
                .flatten();
            known_unit |= own_unit.is_some();
            known_period |= own_period.is_some();
            if (unit.is_empty() || own_unit.is_some()) && (period.is_empty() || own_period.is_some()) {
                about.push(Concern {
                    program: program.id.clone(),
                    unit: own_unit,
                    period: own_period,
                });
            }
        }
        if !known_unit {
            misuse!(
                language,
                "名册里没有单位“{unit}”，请写全名",
                "no roster has the unit “{unit}”; please write its full name"
            );
        }
        if !known_period {
            misuse!(
                language,
                "没有“{period}”这个报告期，请写成 2024-11 或 2024年11月这样的",
                "there is no period “{period}”; please write it as in 2024-11"
            );
        }
        Ok(Some(about))
    }
}

fn day(text: &str, language: Language) -> Result<Option<NaiveDate>, Misuse> {
    match text.trim() {
        "" => Ok(None),
        own => own.parse().map(Some).map_err(|_| {
            Misuse(worded!(
                language,
                "“{own}”不是日期，请写成 2024-12-02 这样的",
                "“{own}” isn't a date; please write it as in 2024-12-02"
            ))
        }),
    }
}

fn short(text: &str, language: Language) -> Result<&str, Misuse> {
    let own = text.trim();
    if own.chars().count() > LONGEST {
        misuse!(
            language,
            "要查的文字太长，最多{LONGEST}个字",
            "the text to find is too long; {LONGEST} characters at most"
        );
    }
    Ok(own)
}
