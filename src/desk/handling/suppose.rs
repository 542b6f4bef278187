//! A submission as it would be if something were done with it.

use std::sync::Arc;

use super::{Counting, Deed, Moving, Wanted, program, whose, whose_is_it};
use crate::desk::consequence::Supposed;
use crate::domain::finding::{Finding, Verdict};
use crate::domain::ids::{SubmissionId, UnitId};
use crate::domain::intake::next_version;
use crate::domain::period::Period;
use crate::domain::placement::settled;
use crate::domain::program::Program;
use crate::domain::submission::{NewSubmission, Record, Reopened, Submission, counting};
use crate::jobs::decide::claim::{look, preview};
use crate::jobs::decide::moves_to;
use crate::jobs::recheck;
use crate::jobs::site::Site;
use crate::store::Claims;

/// What would be.
pub(super) struct Supposition {
    /// The programme that it would count for.
    pub program: Arc<Program>,
    pub supposed: Supposed,
    pub verdict: Option<Verdict>,
    pub added: Vec<Finding>,
    pub gone: Vec<Finding>,
    pub counting: Vec<Counting>,
    pub moves: Vec<Moving>,
    pub same: bool,
}

impl Supposition {
    fn of(program: &Arc<Program>) -> Self {
        Self {
            program: program.clone(),
            supposed: Supposed::default(),
            verdict: None,
            added: Vec::new(),
            gone: Vec::new(),
            counting: Vec::new(),
            moves: Vec::new(),
            same: false,
        }
    }
}

/// What would be if something were done with a submission.
pub(super) async fn suppose(
    site: &Arc<Site>,
    program: &Arc<Program>,
    record: &Record,
    wanted: &Wanted,
) -> anyhow::Result<Supposition> {
    let now = site.clock.utc();
    let mut own = Supposition::of(program);
    if wanted.deed == Deed::Claim {
        return claimed(site, record, wanted).await;
    }
    let Some(mut would) = record.submission() else {
        return Ok(own);
    };
    match wanted.deed {
        Deed::Accept => would.accepted_by_office = Some(Default::default()),
        Deed::Withdraw => would.withdrawn = Some(now),
        Deed::Reject => {
            would.verdict = Verdict::Returned;
            would.reopened = Some(reopened(site));
            would.rechecks += 1;
        }
        Deed::Recheck | Deed::Claim => {
            let Some(difference) = recheck::again(site, program, record, None).await? else {
                own.same = true;
                return Ok(own);
            };
            would.verdict = difference.after;
            if difference.reopens() {
                would.reopened = Some(reopened(site));
            }
            would.rechecks += u32::from(difference.tells());
            own.verdict = Some(difference.after);
            own.added = difference.added;
            own.gone = difference.removed;
        }
    }
    let before = record.submission().is_some_and(|own| own.is_accepted());
    if before != would.is_accepted() {
        let moves = moves_to(site, program, record, settled(would.is_accepted()));
        own.moves.extend(moves.map(|(from, to)| Moving { from, to }));
    }
    let (unit, period) = (would.unit.clone(), would.period.clone());
    own.counting
        .extend(counted(site, program, (&unit, &period), &would).await?);
    own.supposed.submissions.push(would);
    Ok(own)
}

fn reopened(site: &Site) -> Reopened {
    Reopened {
        at: site.clock.utc(),
        reason: String::new(),
    }
}

/// What would be if a file were given to a unit and period.
async fn claimed(site: &Arc<Site>, record: &Record, wanted: &Wanted) -> anyhow::Result<Supposition> {
    let duty = wanted.duty.as_ref().ok_or_else(|| whose_is_it(site))?;
    let target = program(site, &duty.program)?;
    let mut own = Supposition::of(&target);
    let seen = look(site, record).await?;
    let (new, versions) = preview(site, &target, &seen, &duty.unit, &duty.period).await?;
    own.verdict = Some(new.verdict);
    for known in &seen.0 {
        own.supposed.confirmed.insert(known.id);
        let (Some(unit), Some(period), Some(_)) = (&known.unit, &known.period, known.version) else {
            continue;
        };
        let there = known.program == duty.program && *unit == duty.unit && *period == duty.period;
        if known.withdrawn.is_some() || there {
            continue;
        }
        let Some(mut left) = known.submission() else {
            continue;
        };
        left.withdrawn = Some(site.clock.utc());
        if let Some(of) = site.program(&known.program) {
            own.counting
                .extend(counted(site, &of, (unit, period), &left).await?);
        }
        own.supposed.submissions.push(left);
    }
    if let Some(would) = would_come(site, &new, &versions) {
        own.counting
            .extend(counted(site, &target, (&duty.unit, &duty.period), &would).await?);
        own.supposed.submissions.push(would);
    }
    own.moves.extend(moving(site, &target, &seen, &new));
    own.added = new.findings;
    Ok(own)
}

/// A file that was given to a unit, as a version of its ledger.
fn would_come(site: &Site, new: &NewSubmission, versions: &[Record]) -> Option<Submission> {
    let now = site.clock.utc();
    Some(Submission {
        // None has this number.
        id: SubmissionId::new(i64::MAX),
        unit: new.unit.clone()?,
        period: new.period.clone()?,
        version: next_version(new, versions)?,
        file_name: new.file_name.clone(),
        arrival: new.arrival,
        verdict: new.verdict,
        accepted_by_office: None,
        withdrawn: None,
        reopened: None,
        rechecks: 0,
        nil: new.nil,
        rows: new
            .row_count
            .and_then(|rows| u32::try_from(rows).ok())
            .unwrap_or(0),
        placed: None,
        fill: new.detail.fill.clone(),
        decided: now,
        judged: now,
    })
}

fn moving(site: &Site, program: &Program, seen: &Claims, new: &NewSubmission) -> Option<Moving> {
    let from = seen
        .places()
        .find(|path| site.share.stat(path).is_some())?
        .clone();
    let period = new.period.as_ref()?.to_string();
    let place = settled(new.verdict.is_accepted());
    let to = site.folder_of(program, new.unit.as_ref(), &period, place)?;
    Some(Moving { from, to })
}

/// Which version counts now, and which would; none where it is the same.
async fn counted(
    site: &Site,
    program: &Program,
    (unit, period): (&UnitId, &Period),
    would: &Submission,
) -> anyhow::Result<Option<Counting>> {
    let records = site.store.versions(&program.id, unit, period).await?;
    let mut all: Vec<Submission> = records.iter().filter_map(Record::submission).collect();
    let now = counting(&all).map(|own| own.version);
    all.retain(|own| own.id != would.id);
    all.push(would.clone());
    let then = counting(&all).map(|own| own.version);
    let closed = program
        .due(period, &site.calendar(), site.clock.zone())
        .map(|due| due.close)
        .filter(|close| *close <= site.clock.now());
    Ok((now != then).then(|| Counting {
        whose: whose(program, unit, period),
        now,
        then,
        closed,
    }))
}
