//! `demo`: what units hand in goes through the real pipeline, and the letters
//! that follow. A town's month of visits on sample ledgers that the binary
//! carries, then two quarters of a register on its own forms.

mod filling;
mod letters;
mod tasks;
mod visits;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chrono::DateTime;

use super::args::{Common, Demo};
use super::{Exit, Misuse};
use crate::config::Config;
use crate::domain::codes::Severity;
use crate::domain::finding::{Finding, Verdict};
use crate::domain::ids::SubmissionId;
use crate::domain::obligation::tally;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::share_path::SharePath;
use crate::domain::submission::Record;
use crate::embedded;
use crate::jobs::clock::Clock;
use crate::jobs::obligations;
use crate::jobs::site::Site;

/// Marks a folder as ours, to be made anew.
const MARK: &str = ".taizhang-demo";

/// Names that stand for many.
const FEW: usize = 3;

/// Runs the month and the quarters and tells what happened.
///
/// # Errors
/// The folder exists and isn't a demo, or can't be written.
pub async fn run(_: &Common, options: &Demo) -> anyhow::Result<Exit> {
    let dir = fresh(&options.dir)?;
    visits::run(&dir).await?;
    say!();
    tasks::run(&dir.join("hengli")).await?;
    Ok(Exit::Well)
}

/// A new site with one shipped programme, whose clock stands at an instant.
async fn opened(dir: &Path, program: &str, now: &str) -> anyhow::Result<(Arc<Site>, Arc<Program>)> {
    embedded::write_site(dir, &[program.to_owned()])?;
    let config = Config::load(&dir.join("config.toml")).map_err(|error| Misuse(error.to_string()))?;
    let mut options = crate::daemon::options(&config);
    options.settle = Duration::from_millis(200);
    let clock = Clock::standing(config.site.zone, DateTime::parse_from_rfc3339(now)?.to_utc());
    let site = super::site::opened(Site::open(options, clock).await?);
    let program = site.program(program).context("演示方案没有装上")?;
    Ok((site, program))
}

fn set_clock(site: &Site, now: &str) -> anyhow::Result<()> {
    site.clock.set(DateTime::parse_from_rfc3339(now)?.to_utc());
    Ok(())
}

/// Makes the folder anew; one that isn't a demo of ours is left alone.
fn fresh(dir: &Path) -> anyhow::Result<PathBuf> {
    if dir.exists() {
        let empty = fs::read_dir(dir)
            .map_err(|error| Misuse(format!("{} 打不开：{error}", dir.display())))?
            .next()
            .is_none();
        if !empty && !dir.join(MARK).exists() {
            return Err(Misuse(format!(
                "{} 不是演示文件夹，里面已有文件，请换一个",
                dir.display()
            ))
            .into());
        }
        if !empty {
            fs::remove_dir_all(dir).with_context(|| format!("{} 清不掉", dir.display()))?;
        }
    }
    fs::create_dir_all(dir)?;
    fs::write(dir.join(MARK), "")?;
    Ok(dir.to_owned())
}

/// How the names of accepted files are told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    /// Each on a line.
    All,
    /// The first ones only; warnings beside what is handed back.
    Few,
}

/// Prints what became of the files after a submission; gives the last one's number.
async fn tell(
    site: &Site,
    program: &Program,
    after: SubmissionId,
    names: Names,
) -> anyhow::Result<SubmissionId> {
    let records: Vec<Record> = site
        .store
        .all_submissions()
        .await?
        .into_iter()
        .filter(|record| record.id > after)
        .collect();
    let messages = site.messages(program.language);
    let told = |finding: &Finding| {
        finding.returns_ledger() || names == Names::Few && finding.severity() == Severity::Warning
    };
    for verdict in [
        Verdict::Accepted,
        Verdict::AcceptedWithWarnings,
        Verdict::Returned,
        Verdict::Duplicate,
        Verdict::Unclaimed,
        Verdict::Unreadable,
        Verdict::Quarantined,
    ] {
        let of: Vec<&Record> = records
            .iter()
            .filter(|record| record.verdict == verdict)
            .collect();
        if of.is_empty() {
            continue;
        }
        say!("  {}（{}）", messages.verdict(verdict), of.len());
        let shown = if names == Names::Few && verdict == Verdict::Accepted {
            FEW
        } else {
            of.len()
        };
        for record in of.iter().take(shown) {
            say!("    {}", record.file_name);
            for finding in site
                .store
                .findings(record.id)
                .await?
                .iter()
                .filter(|own| told(own))
            {
                let place = finding.cells().map(|cell| format!("{cell} ")).unwrap_or_default();
                say!("      {place}{}", finding.message);
            }
        }
        if of.len() > shown {
            say!("    ……");
        }
    }
    Ok(records.last().map_or(after, |record| record.id))
}

async fn standing(site: &Site, program: &Program, period: &Period) -> anyhow::Result<()> {
    let Some(standing) = obligations::standing(site, program, period).await? else {
        return Ok(());
    };
    let tally = tally(&standing.obligations);
    say!(
        "  应报{} 已报{}，其中按时通过{}、退回待更正{}；未报{}。",
        tally.expected,
        tally.received,
        tally.on_time,
        tally.returned,
        tally.missing
    );
    say!();
    Ok(())
}

/// Paths of the marked-up copies on the share.
async fn marked_copies(site: &Site) -> anyhow::Result<Vec<SharePath>> {
    let mut paths: Vec<SharePath> = site
        .store
        .placed()
        .await?
        .into_iter()
        .filter(|placed| placed.role == crate::store::Role::Marked && site.share.stat(&placed.path).is_some())
        .map(|placed| placed.path)
        .collect();
    paths.sort();
    Ok(paths)
}
