//! What can be done with a submission at the page, what would follow, and
//! doing it to what was seen.

mod suppose;

use std::sync::Arc;

use chrono::DateTime;
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::consequence::{Consequence, consequence};
use super::finding::FindingAnswer;
use super::{Misuse, decide, misuse, no_program, no_submission};
use crate::domain::account::{Account, Right};
use crate::domain::actor::Actor;
use crate::domain::finding::{Finding, Verdict};
use crate::domain::ids::{Duty, ProgramId, SubmissionId, UnitId};
use crate::domain::period::Period;
use crate::domain::program::{Material, Program};
use crate::domain::share_path::SharePath;
use crate::domain::submission::{Record, Submission};
use crate::jobs::decide::as_seen;
use crate::jobs::decide::claim::look;
use crate::jobs::notes::period_label;
use crate::jobs::site::Site;
use suppose::{Supposition, suppose};

/// What can be done with a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Accept a returned ledger as it is.
    Accept,
    /// Hand a registered document back.
    Reject,
    /// Give it to a unit and period.
    Claim,
    /// Check it again by today's programme.
    Recheck,
    /// Take it back.
    Withdraw,
}

impl Deed {
    /// All of them, in the order of the buttons.
    pub const ALL: [Self; 5] = [
        Self::Accept,
        Self::Reject,
        Self::Claim,
        Self::Recheck,
        Self::Withdraw,
    ];

    /// The word that addresses and journal pages know it by.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Reject => "reject",
            Self::Claim => "claim",
            Self::Recheck => "recheck",
            Self::Withdraw => "withdraw",
        }
    }

    /// The deed by its word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.as_str() == word)
    }

    /// What it takes.
    #[must_use]
    pub fn right(self) -> Right {
        match self {
            Self::Accept | Self::Reject => Right::Review,
            Self::Claim | Self::Recheck | Self::Withdraw => Right::Decide,
        }
    }

    /// Whether a reason has to be given.
    #[must_use]
    pub fn needs_reason(self) -> bool {
        self != Self::Claim
    }

    /// Whether it can be done with a submission at all.
    fn fits(self, program: &Program, record: &Record) -> bool {
        let stands = record.withdrawn.is_none();
        let own = record.submission();
        let is_document = matches!(program.material, Material::Document(_));
        match self {
            Self::Accept => own.is_some_and(|own| own.is_returned()) && !record.detail.mismatch,
            Self::Reject => {
                is_document
                    && record.accepted_by_office.is_none()
                    && own.as_ref().is_some_and(Submission::is_accepted)
            }
            Self::Claim => stands && !matches!(record.verdict, Verdict::Quarantined | Verdict::Duplicate),
            Self::Recheck => stands && own.is_some() && !is_document && !record.detail.mismatch,
            Self::Withdraw => stands && own.is_some(),
        }
    }
}

/// What may be done with a submission by an account, in the order of the buttons.
///
/// # Errors
/// There is no such submission ([`Misuse`]); the database can't be read.
pub async fn possible(site: &Site, account: &Account, id: SubmissionId) -> anyhow::Result<Vec<Deed>> {
    let record = known(site, id).await?;
    let Some(program) = site.program(&record.program) else {
        return Ok(Vec::new());
    };
    let given = |own: &Deed| account.may(own.right(), &record.program) && own.fits(&program, &record);
    Ok(Deed::ALL.into_iter().filter(given).collect())
}

/// What is to be done with a submission.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What.
    pub deed: Deed,
    /// With which.
    pub id: SubmissionId,
    /// To whom a claimed one is given.
    pub duty: Option<Duty>,
}

/// A file that goes to another folder of the share.
#[derive(Debug, Clone, Serialize)]
pub struct Moving {
    /// Where it lies.
    pub from: SharePath,
    /// The folder.
    pub to: SharePath,
}

/// Which version of a unit's ledger is in the master.
#[derive(Debug, Clone, Serialize)]
pub struct Counting {
    /// Unit and period as people read them.
    pub whose: String,
    /// Now; none: none.
    pub now: Option<u32>,
    /// Afterwards.
    pub then: Option<u32>,
    /// When the period closed: its final master stays, changes go into the correction.
    pub closed: Option<DateTime<Tz>>,
}

/// What is shown before something is done with a submission.
#[derive(Debug, Clone, Serialize)]
pub struct Before {
    /// What tells how it stood when it was shown.
    pub seen: String,
    /// The verdict that it would get, in words; none where it keeps its own.
    pub verdict: Option<String>,
    /// What the checks would say; for one that is checked again, what is new.
    pub findings: Vec<FindingAnswer>,
    /// What they would say no longer.
    pub gone: Vec<FindingAnswer>,
    /// Nothing would change.
    pub same: bool,
    /// Whose ledgers count with another version.
    pub counting: Vec<Counting>,
    /// Files that move.
    pub moves: Vec<Moving>,
    /// Letters that come and fall away.
    pub consequence: Consequence,
    /// The last reasons given, each once, the latest first.
    pub reasons: Vec<String>,
}

/// So many reasons are offered.
const REASONS: usize = 5;

/// What would follow from something.
///
/// # Errors
/// It can't be done, in words ([`super::is_refused`] or [`Misuse`]); the
/// archived original can't be read; the database can't be.
pub async fn before(site: &Arc<Site>, wanted: &Wanted) -> anyhow::Result<Before> {
    let record = known(site, wanted.id).await?;
    let program = program(site, &record.program)?;
    if !wanted.deed.fits(&program, &record) {
        misuse!(
            site.language(),
            "“{}”现在不能这样办理，请返回核对",
            "“{}” can't be handled so now; go back and look again",
            record.file_name
        );
    }
    let seen = match wanted.deed {
        Deed::Claim => as_seen(&look(site, &record).await?.0),
        _ => as_seen([&record]),
    };
    let Supposition {
        program: meant,
        supposed,
        verdict,
        added,
        gone,
        counting,
        moves,
        same,
    } = suppose(site, &program, &record, wanted).await?;
    let messages = site.messages(meant.language);
    let answers = |all: &[Finding]| all.iter().map(|own| FindingAnswer::of(own, messages)).collect();
    let mut follows = consequence(site, (&meant, &meant), &supposed).await?;
    if meant.id != program.id {
        let there = consequence(site, (&program, &program), &supposed).await?;
        follows.away.extend(there.away);
        follows.come.extend(there.come);
    }
    Ok(Before {
        seen,
        verdict: verdict.map(|own| messages.verdict(own).to_owned()),
        findings: answers(&added),
        gone: answers(&gone),
        same,
        counting,
        moves,
        consequence: follows,
        reasons: site.store.last_reasons(&program.id, REASONS).await?,
    })
}

/// Does it, if the submission still stands as it was seen; gives the submission
/// that stands for the file afterwards.
///
/// # Errors
/// It stands so no more, or it can't be done ([`super::is_refused`]); the
/// database can't be written.
pub async fn act(
    site: &Arc<Site>,
    by: &Actor,
    wanted: &Wanted,
    (reason, seen): (&str, &str),
) -> anyhow::Result<SubmissionId> {
    let id = wanted.id;
    match wanted.deed {
        Deed::Accept => drop(decide::accept(site, by, id, reason, Some(seen)).await?),
        Deed::Reject => drop(decide::reject(site, by, id, reason, Some(seen)).await?),
        Deed::Withdraw => drop(decide::withdraw(site, by, id, reason, Some(seen)).await?),
        Deed::Recheck => drop(decide::recheck_one(site, id, Some((by, reason)), Some(seen)).await?),
        Deed::Claim => {
            let duty = wanted.duty.as_ref();
            let duty = duty.ok_or_else(|| whose_is_it(site))?;
            return Ok(decide::claim(site, by, id, duty, Some(seen)).await?.id);
        }
    }
    Ok(id)
}

/// What a file may be given to: a unit and a period as somebody wrote them.
///
/// # Errors
/// There is none such, or several ([`Misuse`]).
pub fn meant(site: &Site, program: &Program, unit: &str, period: &str) -> anyhow::Result<Duty> {
    let unit = super::named::unit_shown(program, unit)?;
    let period = super::named::period(site, program, Some(period))?;
    Ok(Duty::of(&program.id, &unit, &period))
}

/// What the page for claiming a file offers.
#[derive(Debug, Clone, Serialize)]
pub struct Offered {
    /// The unit and the period that the file is most likely of, as they are written.
    pub unit: String,
    /// The period.
    pub period: String,
    /// Names of units, the likeliest first.
    pub units: Vec<String>,
    /// Periods with their names, the latest first.
    pub periods: Vec<(Period, String)>,
}

/// So many units and periods are offered.
const MOST_UNITS: usize = 300;
const MOST_PERIODS: usize = 24;

/// What a file may be of.
///
/// # Errors
/// There is no such submission ([`Misuse`]); the database can't be read.
pub async fn offered(site: &Site, program: &Program, id: SubmissionId) -> anyhow::Result<Offered> {
    let record = known(site, id).await?;
    let likely: Vec<&UnitId> = record.unit.iter().chain(&record.detail.candidates).collect();
    let all = program
        .roster
        .units
        .iter()
        .filter(|own| !likely.contains(&&own.id));
    let units = likely.iter().filter_map(|id| program.roster.unit(id)).chain(all);
    let units: Vec<String> = units
        .take(MOST_UNITS)
        .map(|own| own.display_name.clone())
        .collect();
    let mut periods = crate::jobs::obligations::periods(site, program).await?;
    periods.reverse();
    periods.truncate(MOST_PERIODS);
    let open = program.open_period(&site.calendar(), site.clock.now());
    let period = record
        .period
        .clone()
        .filter(|own| program.cycle.span(own).is_some())
        .or(open);
    Ok(Offered {
        unit: if likely.len() == 1 {
            units.first().cloned().unwrap_or_default()
        } else {
            String::new()
        },
        period: period.map(|own| own.to_string()).unwrap_or_default(),
        units,
        periods: periods
            .into_iter()
            .map(|own| (own.clone(), period_label(program, &own)))
            .collect(),
    })
}

/// Nobody said whose a file is.
fn whose_is_it(site: &Site) -> Misuse {
    let words = ("请写明归哪个单位、哪一期", "say which unit and period it is of");
    Misuse(site.language().either(words.0, words.1).into())
}

async fn known(site: &Site, id: SubmissionId) -> anyhow::Result<Record> {
    let found = site.store.submission(id).await?;
    Ok(found.ok_or_else(|| no_submission(site, id))?)
}

fn program(site: &Site, id: &ProgramId) -> anyhow::Result<Arc<Program>> {
    let found = site.program(id);
    Ok(found.ok_or_else(|| no_program(site, id))?)
}

/// Whose ledger it is, as people read it.
fn whose(program: &Program, unit: &UnitId, period: &Period) -> String {
    let own = program.roster.unit(unit);
    let name = own.map_or(unit.as_str(), |own| own.display_name.as_str());
    format!("{name}{}", period_label(program, period))
}
