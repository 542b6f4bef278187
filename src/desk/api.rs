//! What `/api/v1` answers with: the commands' JSON, for programs on this
//! machine that hold the site's key.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::{Days, NaiveDate};

use super::{Misuse, json, named};
use crate::desk::log::{self, log};
use crate::desk::programs::list;
use crate::desk::schedule::{Supposed, schedule};
use crate::desk::submission::submission;
use crate::domain::ids::SubmissionId;
use crate::domain::sha256::Sha256;
use crate::jobs::site::Site;
use crate::platform::durable::write_private;
use crate::platform::make_private_folder;

/// Days ahead that are told at once.
const FURTHEST: i64 = 366;

/// Lines of the journal that are told at once.
const MOST_LINES: usize = 20_000;

/// The file that the key stands in, for the owner alone.
#[must_use]
pub fn key_file(site: &Site) -> PathBuf {
    site.options.data.join("keys").join("api.token")
}

/// Makes the key where there is none.
///
/// # Errors
/// The file can't be written, or the system gives no random numbers.
pub fn make_key(site: &Site) -> anyhow::Result<()> {
    let path = key_file(site);
    if path.exists() {
        return Ok(());
    }
    let folder = site.options.data.join("keys");
    make_private_folder(&folder)?;
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("系统没有给出随机数：{error}"))?;
    let text = format!("{}\n", Sha256::from(bytes));
    write_private(&path, text.as_bytes()).with_context(|| format!("{} 写不成", path.display()))
}

/// Whether a text is the key; without a key nothing is.
#[must_use]
pub fn is_key(site: &Site, text: &str) -> bool {
    let Ok(key) = std::fs::read_to_string(key_file(site)) else {
        return false;
    };
    // Half a file is no key.
    let Ok(key) = key.trim_end().parse::<Sha256>() else {
        return false;
    };
    // How far the hashes of two texts agree tells nothing of the texts.
    let of = |text: &str| Sha256::of(["api", text]);
    of(&key.to_string()) == of(text)
}

/// What `program list` says.
///
/// # Errors
/// It can't be said in JSON.
pub fn programs(site: &Site) -> anyhow::Result<String> {
    json::text(&list(site).0)
}

/// What `show` says of a submission; none where there is none of that number.
///
/// # Errors
/// The database can't be read.
pub async fn show(site: &Site, id: i64) -> anyhow::Result<Option<String>> {
    match submission(site, SubmissionId::new(id)).await {
        Ok(own) => Ok(Some(json::text(&own)?)),
        Err(error) if error.is::<Misuse>() => Ok(None),
        Err(error) => Err(error),
    }
}

/// What `schedule` says of some days: the next thirty where none are named.
///
/// # Errors
/// There is no such programme, or the days are too many or the wrong way round
/// ([`Misuse`]); the database can't be read.
pub async fn ahead(
    site: &Arc<Site>,
    program: Option<&str>,
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
) -> anyhow::Result<String> {
    let from = from.unwrap_or(site.clock.now().date_naive());
    let to = to
        .or_else(|| from.checked_add_days(Days::new(30)))
        .unwrap_or(from);
    if to < from {
        return Err(Misuse(format!("to={to} 早于 from={from}")).into());
    }
    if (to - from).num_days() > FURTHEST {
        return Err(Misuse(format!("一次最多{FURTHEST}天")).into());
    }
    let programs = match program {
        Some(_) => vec![named::program(site, program)?],
        None => site.programs(),
    };
    let mut lines = Vec::new();
    for program in programs {
        lines.extend(schedule(site, &program, (from, to), &Supposed::default()).await?);
    }
    lines.sort_by_key(|line| line.at);
    json::text(&lines)
}

/// What `log` says.
///
/// # Errors
/// There is no such programme, unit, period or kind, or too many lines are
/// asked for ([`Misuse`]); the database can't be read.
pub async fn journal(site: &Site, asked: &log::Asked) -> anyhow::Result<String> {
    if asked.last.is_none_or(|last| last > MOST_LINES) {
        return Err(Misuse(format!("一次最多{MOST_LINES}条，请写 last=条数")).into());
    }
    log::in_json(log(site, asked).await?.lines)
}
