//! Writing what was decided: in one transaction, all of it or nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, Utc};

use super::evidence::Evidence;
use super::look::lies_beside;
use super::masters::Master;
use super::record::{New, Share, Whole};
use super::steps;
use crate::domain::actor::{PROGRAM, Via};
use crate::domain::dates::civil;
use crate::domain::ids::{Duty, ProgramId, SubmissionId};
use crate::domain::period::Period;
use crate::domain::share_path::SharePath;
use crate::jobs::site::Site;
use crate::store::{Body, Change, Entry, MasterVersion, Placed};

/// Who decided what nobody knows the decider of.
const UNKNOWN: &str = "不详（恢复）";

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// Submissions that were added.
    pub(super) added: usize,
    /// Submissions that stand otherwise now.
    pub(super) changed: usize,
    /// Remarks taken from masters.
    pub(super) remarks: usize,
    /// Steps on the share that waited and are not carried out any more.
    pub(super) resting: usize,
}

impl Written {
    /// Whether anything was missing.
    pub(super) fn is_anything(self) -> bool {
        self != Self::default()
    }
}

/// Writes everything. `begun`: the database is known not to be the latest.
///
/// # Errors
/// The database can't take it: nothing was written; say so, and recover again.
pub(super) async fn write(
    site: &Arc<Site>,
    evidence: &Evidence,
    whole: &Whole,
    masters: &[Master],
    begun: bool,
) -> anyhow::Result<Written> {
    let now = site.clock.utc();
    let looked = last_look(site, evidence);
    let last_scan = site.store.last_scan().await?;
    let mut written = Written::default();
    let mut change = site.store.begin().await?;
    for (program, began) in &whole.began {
        site.store.gone_live_at(&mut change, program, *began).await?;
    }
    // The number under which a file lies: notes beside it belong to it.
    let mut by_path: BTreeMap<SharePath, SubmissionId> = BTreeMap::new();
    let mut counting: BTreeMap<(ProgramId, Period), Vec<SubmissionId>> = BTreeMap::new();
    for (Duty { program, period, .. }, share) in &whole.shares {
        let counts = one(site, &mut change, share, &mut written, &mut by_path, now).await?;
        let members = counting.entry((program.clone(), period.clone())).or_default();
        members.extend(counts);
    }
    for new in whole.unclaimed.iter().chain(&whole.aside) {
        add(site, &mut change, new, &mut by_path, now).await?;
        written.added += 1;
    }
    let mut ours: Vec<(SharePath, Option<Placed>)> = Vec::new();
    for placed in &evidence.ours {
        ours.push((placed.path.clone(), Some(placed.clone())));
    }
    for (placed, _) in &evidence.besides {
        let submission = by_path
            .iter()
            .find(|(path, _)| lies_beside(&placed.path, path))
            .map(|(_, id)| *id);
        let known = site.store.placed_at(&[&placed.path]).await?;
        if known.iter().all(|own| own.sha256 != placed.sha256) {
            let placed = Placed {
                submission,
                ..placed.clone()
            };
            ours.push((placed.path.clone(), Some(placed)));
        }
    }
    site.store.place_all(&mut change, &ours).await?;
    for Duty {
        program,
        unit,
        period,
    } in &evidence.forms
    {
        site.store
            .forms_were_given(&mut change, program, period, unit, now)
            .await?;
    }
    for master in masters {
        written.remarks += take_over(site, &mut change, master, &counting, now).await?;
    }
    if let Some(looked) = looked.filter(|looked| last_scan.is_none_or(|last| last < *looked)) {
        let millis = looked.timestamp_millis().to_string();
        site.store
            .set_meta_within(&mut change, "last_scan", &millis)
            .await?;
    }
    if begun || written.is_anything() {
        written.resting = steps::let_rest(site, &mut change).await?;
    }
    let nothing = !written.is_anything() && ours.is_empty();
    if !nothing {
        let entry = Entry {
            by: PROGRAM,
            what: "recovered",
            detail: format!(
                "added {}, changed {}, remarks {}, steps at rest {}",
                written.added, written.changed, written.remarks, written.resting
            )
            .into(),
            ..Entry::default()
        };
        site.store.log(&mut change, now, &entry).await?;
    }
    change.commit().await?;
    Ok(written)
}

/// Writes one unit's period; gives the numbers of what was added and counts.
async fn one(
    site: &Site,
    change: &mut Change,
    share: &Share,
    written: &mut Written,
    by_path: &mut BTreeMap<SharePath, SubmissionId>,
    now: DateTime<Utc>,
) -> anyhow::Result<Option<SubmissionId>> {
    let mut counts = None;
    for new in &share.new {
        let id = add(site, change, new, by_path, now).await?;
        let accepted = new.taken.verdict.is_accepted() || new.by_office.is_some();
        if new.version.is_some() && accepted && new.withdrawn.is_none() {
            counts = Some(id);
        }
        written.added += 1;
    }
    for (id, why) in &share.accepted {
        site.store.accept(change, *id, UNKNOWN, why, now).await?;
        decided(site, change, *id, "accepted-by-office", why, now).await?;
    }
    for (id, why) in &share.withdrawn {
        site.store.withdraw(change, *id, UNKNOWN, why, now).await?;
        decided(site, change, *id, "withdrawn", why, now).await?;
    }
    for (id, placed) in &share.moved {
        let placed = Placed {
            submission: Some(*id),
            ..placed.clone()
        };
        let lies_at = [(*id, placed.path.as_str())];
        site.store.finish_deliveries(change, &[], &lies_at).await?;
        site.store.place(change, &placed).await?;
    }
    let decided = share.accepted.iter().chain(&share.withdrawn).map(|(id, _)| *id);
    let changed: BTreeSet<SubmissionId> = decided.chain(share.moved.iter().map(|(id, _)| *id)).collect();
    written.changed += changed.len();
    Ok(counts)
}

async fn add(
    site: &Site,
    change: &mut Change,
    new: &New,
    by_path: &mut BTreeMap<SharePath, SubmissionId>,
    now: DateTime<Utc>,
) -> anyhow::Result<SubmissionId> {
    let store = &site.store;
    let id = store.add_submission(change, &new.taken, new.version).await?;
    store.add_bodies(change, &[Body::of(id, &new.taken)]).await?;
    if new.aside {
        store.put_file_aside(change, id, now).await?;
    }
    if let Some(why) = &new.by_office {
        store.accept(change, id, UNKNOWN, why, new.taken.decided).await?;
    }
    if let Some(why) = &new.withdrawn {
        store.withdraw(change, id, UNKNOWN, why, now).await?;
    }
    if let Some(placed) = &new.placed {
        let lies_at = [(id, placed.path.as_str())];
        store.finish_deliveries(change, &[], &lies_at).await?;
        let placed = Placed {
            submission: Some(id),
            ..placed.clone()
        };
        store.place(change, &placed).await?;
        by_path.insert(placed.path.clone(), id);
    }
    let entry = Entry {
        by: PROGRAM,
        via: Via::Program,
        what: "recovered-submission",
        program: Some(&new.taken.program),
        unit: new.taken.unit.as_ref(),
        period: new.taken.period.clone(),
        submission: Some(id),
        letter: None,
        detail: new.taken.origin.as_str().into(),
    };
    store.log(change, now, &entry).await?;
    Ok(id)
}

async fn decided(
    site: &Site,
    change: &mut Change,
    id: SubmissionId,
    what: &str,
    why: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let entry = Entry {
        by: PROGRAM,
        what,
        submission: Some(id),
        detail: why.into(),
        ..Entry::default()
    };
    Ok(site.store.log(change, now, &entry).await?)
}

/// Takes over what a period's masters say; gives how many remarks.
async fn take_over(
    site: &Site,
    change: &mut Change,
    master: &Master,
    counting: &BTreeMap<(ProgramId, Period), Vec<SubmissionId>>,
    now: DateTime<Utc>,
) -> anyhow::Result<usize> {
    let (store, program, period) = (&site.store, &master.program, &master.period);
    for remark in &master.remarks {
        store.set_remark(change, program, period, remark, now).await?;
    }
    for (name, file) in &master.files {
        store.set_master_file(change, program, period, name, file).await?;
    }
    let known = store.master_versions(program, period, 1).await?;
    let members = counting.get(&(program.clone(), period.clone()));
    if let (Some(version), Some(members), true) = (master.version, members, known.is_empty()) {
        let mut members = members.clone();
        members.sort_unstable();
        let version = MasterVersion { version, members };
        store
            .add_master_version(change, program, period, &version, now)
            .await?;
    }
    Ok(master.remarks.len())
}

/// When somebody last looked at the whole share: 运行情况.txt says it, or the
/// last receipt proves it.
fn last_look(site: &Site, evidence: &Evidence) -> Option<DateTime<Utc>> {
    let text = fs::read_to_string(site.options.output.join("运行情况.txt")).unwrap_or_default();
    let said = text.lines().find_map(|line| {
        let at = line.trim().strip_prefix("最近一次查看共享文件夹：")?;
        NaiveDateTime::parse_from_str(at, "%Y年%m月%d日%H:%M").ok()
    });
    let said = said.map(|at| civil(site.clock.zone(), at.date(), at.time()).to_utc());
    said.max(evidence.looked).filter(|at| *at <= site.clock.utc())
}
