//! Bringing masters up to date: rebuilt from the database, never patched, and
//! never over what a person wrote.

mod build;
mod files;
mod infos;
mod items;
mod read_back;
mod turn;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::{Datelike as _, NaiveDate};
use sha2::{Digest, Sha256};

use super::faults::Area;
use super::lists;
use super::obligations;
use super::site::Site;
use crate::domain::consolidate::Summary;
use crate::domain::consolidate::view::{Expiring, RegisterFacts, expiring};
use crate::domain::ids::SubmissionId;
use crate::domain::obligation::standing::Standing;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::submission::{Submission, counting};
use crate::platform::durable::hex;
use crate::store::{MasterVersion, StoredRemark};

pub use files::MasterFolder;
pub use read_back::kept_aside;

/// Everything that a master is written from, as the database has it.
pub struct Model {
    /// The programme.
    pub program: Arc<Program>,
    /// The period with everybody's standing.
    pub standing: Standing,
    /// The submissions that count, in roster order.
    pub counting: Vec<Submission>,
    /// Other periods whose ledgers may hold rows of the year, with the numbers
    /// of the submissions that count for them.
    pub others: Vec<(Period, Vec<SubmissionId>)>,
    /// The office's remarks.
    pub remarks: Vec<StoredRemark>,
    /// How its items stand, where the programme is a register.
    pub register: Option<RegisterFacts>,
    /// Rows of lists whose day is near or over.
    pub expiring: Vec<Expiring>,
    /// This version.
    pub version: MasterVersion,
    /// The version before.
    pub before: Option<MasterVersion>,
    /// Whether this version is recorded already.
    pub recorded: bool,
    /// Digest of all this.
    pub digest: String,
    /// Digest of the submissions that count alone.
    pub members: String,
}

/// Brings every master up to date. One that fails is named and left; the
/// others go on. Tells whether one was left because a disk failed: then it is
/// worth another try soon.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn all(site: &Arc<Site>) -> anyhow::Result<bool> {
    let mut left = false;
    for program in site.programs() {
        if !program.material.has_rows() {
            continue;
        }
        for period in obligations::periods(site, &program).await? {
            if let Err(error) = update(site, &program, &period).await {
                let error = error.context(format!("{} {period}", program.id));
                if let Some(obstacle) = MasterFolder::of(site, &program, &period).obstacle() {
                    site.name_obstacle(Area::Output, &obstacle);
                    left = true;
                    continue;
                }
                match site.name_fault(Area::Output, "汇总台账没有写成", &error) {
                    Some(Area::Database) => return Err(error),
                    area => left |= area.is_some(),
                }
            }
        }
    }
    Ok(left)
}

/// Brings one master up to date and tells where it lies.
///
/// # Errors
/// It can't be written.
pub async fn write_now(site: &Arc<Site>, program: &Arc<Program>, period: &Period) -> anyhow::Result<PathBuf> {
    anyhow::ensure!(
        program.material.has_rows(),
        "方案 {} 收的是材料，没有汇总台账",
        program.id
    );
    update(site, program, period).await
}

/// What a period's master says in its small sheets; none where there is none.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn summary(
    site: &Arc<Site>,
    program: &Arc<Program>,
    period: &Period,
) -> anyhow::Result<Option<Summary>> {
    if !program.material.has_rows() {
        return Ok(None);
    }
    let Some(model) = model(site, program, period).await? else {
        return Ok(None);
    };
    let site = site.clone();
    let summary = tokio::task::spawn_blocking(move || build::summarise(&site, &model)).await??;
    Ok(Some(summary))
}

async fn update(site: &Arc<Site>, program: &Arc<Program>, period: &Period) -> anyhow::Result<PathBuf> {
    let _turn = turn::take(site).await?;
    let folder = MasterFolder::of(site, program, period);
    // What the office wrote comes first: it must stand in what is written next.
    read_back::all(site, program, period, &folder).await?;
    let model = model(site, program, period)
        .await?
        .with_context(|| format!("方案 {} 没有报告期 {period}", program.id))?;
    files::publish(site, &folder, model).await
}

/// Gathers what a master is written from.
async fn model(site: &Site, program: &Arc<Program>, period: &Period) -> anyhow::Result<Option<Model>> {
    let Some(standing) = obligations::standing(site, program, period).await? else {
        return Ok(None);
    };
    let counts = counts(site, program, &standing).await?;
    let others = others(site, program, period).await?;
    let remarks = site.store.remarks(&program.id, period).await?;
    let mut members: Vec<SubmissionId> = counts.iter().map(|submission| submission.id).collect();
    members.sort_unstable();
    let mut versions = site
        .store
        .master_versions(&program.id, period, 2)
        .await?
        .into_iter();
    let (latest, earlier) = (versions.next(), versions.next());
    let (version, before, recorded) = match latest {
        Some(latest) if latest.members == members => (latest, earlier, true),
        Some(latest) => (
            MasterVersion {
                version: latest.version + 1,
                members,
            },
            Some(latest),
            false,
        ),
        None => (MasterVersion { version: 1, members }, None, false),
    };
    let placed: Vec<_> = counts
        .iter()
        .map(|own| (own.id, own.placed.as_deref(), &own.file_name))
        .collect();
    let other_ids: Vec<SubmissionId> = others.iter().flat_map(|(_, ids)| ids.iter().copied()).collect();
    let register = items::facts(site, program, &standing).await?;
    let expiring = near(site, program, period, &counts, standing.now.date_naive()).await?;
    let told: Vec<_> = expiring
        .iter()
        .map(|own| (&own.unit, &own.row, own.day, &own.said, own.over))
        .collect();
    let digest = digest(&[
        env!("CARGO_PKG_VERSION"),
        &program.hash,
        &serde_json::to_string(&(placed, other_ids))?,
        &serde_json::to_string(&(&standing.obligations, &standing.due))?,
        &serde_json::to_string(&remarks)?,
        &serde_json::to_string(&(&version, &before))?,
        &match (&register, told.is_empty()) {
            (Some(register), _) => items::told(register)?,
            (None, true) => String::new(),
            (None, false) => serde_json::to_string(&told)?,
        },
    ]);
    let members = digest_of_members(&version);
    let program = program.clone();
    Ok(Some(Model {
        program,
        standing,
        counting: counts,
        others,
        remarks,
        register,
        expiring,
        version,
        before,
        recorded,
        digest,
        members,
    }))
}

/// The submissions that count, in roster order: of a list that is kept on
/// change the last one, of whatever year.
async fn counts(site: &Site, program: &Program, standing: &Standing) -> anyhow::Result<Vec<Submission>> {
    let lists = lists::lists(site, program, &standing.period).await?;
    let mut counts = Vec::new();
    for unit in &program.roster.units {
        let own = standing.submissions.get(&unit.id).and_then(|own| counting(own));
        if let Some(own) = own {
            counts.push(own.clone());
        } else if let Some(listed) = lists.get(&unit.id) {
            let record = site.store.submission(listed.submission).await?;
            counts.extend(record.and_then(|record| record.submission()));
        }
    }
    Ok(counts)
}

/// Rows of the lists that count whose day is near or over.
async fn near(
    site: &Site,
    program: &Program,
    period: &Period,
    counts: &[Submission],
    today: NaiveDate,
) -> anyhow::Result<Vec<Expiring>> {
    if program.watches.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<SubmissionId> = counts.iter().map(|own| own.id).collect();
    let rows = site.rows_of_each(program, period, &ids).await?;
    let near = counts.iter().flat_map(|own| {
        let rows = rows.get(&own.id).map_or(&[][..], Vec::as_slice);
        expiring(program, &own.unit, rows, today)
    });
    Ok(near.collect())
}

/// What counts for other periods, for the figures of the year, by period and
/// unit. Only numbers: their rows are fetched one by one when a master is written.
async fn others(
    site: &Site,
    program: &Program,
    period: &Period,
) -> anyhow::Result<Vec<(Period, Vec<SubmissionId>)>> {
    if program.material.visits().is_none() {
        return Ok(Vec::new());
    }
    let end = |period: &Period| program.cycle.span(period).map(|(_, end)| end.year());
    let year = end(period);
    // Rows of this year may stand in the ledger of any of its periods, or as
    // 补报 in one of the next.
    let is_near = |other: &Period| {
        end(other).is_some_and(|end| year.is_some_and(|year| (year..=year + 1).contains(&end)))
    };
    let mut periods = site.store.periods_of(&program.id).await?;
    periods.retain(|other| other != period && is_near(other));
    periods.sort();
    let mut others = Vec::new();
    for other in periods {
        let ids = site.store.counting_of(&program.id, &other).await?;
        others.push((other, ids));
    }
    Ok(others)
}

fn digest(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize()[..16])
}

fn digest_of_members(version: &MasterVersion) -> String {
    // Kept with each settled master: the text stays as it is.
    let members: Vec<String> = version.members.iter().map(ToString::to_string).collect();
    digest(&[&format!("[{}]", members.join(", "))])
}
