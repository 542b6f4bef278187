//! Files that people hand in at the page, until they have decided about them:
//! an hour at most, each seen by whoever handed it in alone.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::accounts::Token;
use crate::domain::ids::{AccountId, ProgramId};
use crate::domain::program::RosterTable;
use crate::domain::sha256::Sha256;
use crate::jobs::site::Site;
use crate::platform::{create_private, make_private_folder};

/// Largest file, in bytes.
pub const MOST_BYTES: u64 = 5 << 20;

/// How long it waits for a decision.
const LASTS: TimeDelta = TimeDelta::hours(1);

/// So many files wait at a time, of all accounts.
const MOST: usize = 40;

/// What a file was handed in for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    /// By whom.
    pub account: AccountId,
    /// The programme.
    pub program: ProgramId,
    /// The table of its roster.
    pub table: RosterTable,
    /// The last day of those that it leaves out.
    pub until: NaiveDate,
}

/// A file that waits for a decision.
#[derive(Debug, Clone)]
pub struct Upload {
    /// Where it lies.
    pub path: PathBuf,
    /// What it was handed in for.
    pub purpose: Purpose,
}

/// A file on its way. It goes where it doesn't come to its end.
#[derive(Debug)]
pub struct Incoming {
    file: File,
    path: PathBuf,
    key: String,
    size: u64,
    whole: bool,
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.whole {
            std::fs::remove_file(&self.path).ok();
        }
    }
}

fn folder(site: &Site) -> PathBuf {
    site.options.data.join("uploads")
}

/// Begins to take a file; what waited for the same decision goes.
///
/// # Errors
/// The data folder can't be written, or too many wait already.
pub fn begin(site: &Site, purpose: &Purpose) -> anyhow::Result<Incoming> {
    forget_old(site);
    let folder = folder(site);
    make_private_folder(&folder).context("上传的文件没有地方放")?;
    let all = waiting(&folder);
    let same = |own: &&(DateTime<Utc>, String, Upload)| {
        let other = &own.2.purpose;
        (other.account, &other.program, other.table) == (purpose.account, &purpose.program, purpose.table)
    };
    for (_, _, upload) in all.iter().filter(same) {
        std::fs::remove_file(&upload.path).ok();
    }
    anyhow::ensure!(
        all.len() < MOST,
        crate::desk::Misuse(
            site.language()
                .either(
                    "同时上传的文件太多，请过一会儿再试",
                    "too many files are being uploaded; try again in a while"
                )
                .into()
        )
    );
    let key = Token::fresh()?.as_str().to_owned();
    let name = format!(
        "{}.{}.{}.{}.{}.{key}",
        site.clock.utc().timestamp_millis(),
        purpose.account.number(),
        purpose.program,
        purpose.table.as_str(),
        purpose.until,
    );
    let path = folder.join(name);
    let file = create_private(&path).context("上传的文件没有地方放")?;
    Ok(Incoming {
        file,
        path,
        key,
        size: 0,
        whole: false,
    })
}

impl Incoming {
    /// Takes a piece; tells whether there may be more of it.
    ///
    /// # Errors
    /// The disk takes no more.
    pub fn take(&mut self, piece: &[u8]) -> anyhow::Result<bool> {
        self.size += piece.len() as u64;
        if self.size > MOST_BYTES {
            return Ok(false);
        }
        self.file.write_all(piece).context("上传的文件没有写成")?;
        Ok(true)
    }

    /// It is there as a whole: gives what it is known by, none where nothing came.
    ///
    /// # Errors
    /// The disk doesn't keep it.
    pub fn finish(mut self) -> anyhow::Result<Option<String>> {
        if self.size == 0 {
            return Ok(None);
        }
        self.file.sync_all().context("上传的文件没有写成")?;
        self.whole = true;
        Ok(Some(self.key.clone()))
    }
}

/// A file by what it is known by; none where it is over, or another's.
#[must_use]
pub fn find(site: &Site, account: AccountId, key: &str) -> Option<Upload> {
    key.parse::<Sha256>().ok()?;
    let now = site.clock.utc();
    let all = waiting(&folder(site)).into_iter();
    let mut own = all.filter(|(at, own, upload)| {
        own == key && upload.purpose.account == account && *at <= now && now - *at < LASTS
    });
    own.next().map(|(_, _, upload)| upload)
}

/// It is decided about.
pub fn decided(upload: &Upload) {
    std::fs::remove_file(&upload.path).ok();
}

/// Removes what nobody has decided about.
pub fn forget_old(site: &Site) {
    let now = site.clock.utc();
    for (at, _, upload) in waiting(&folder(site)) {
        if at > now || now - at >= LASTS {
            std::fs::remove_file(&upload.path).ok();
        }
    }
}

/// What lies there: since when, by which key.
fn waiting(folder: &Path) -> Vec<(DateTime<Utc>, String, Upload)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let own = entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let parts: Vec<&str> = name.split('.').collect();
        let [at, account, program, table, until, key] = parts[..] else {
            return None;
        };
        let purpose = Purpose {
            account: AccountId::new(account.parse().ok()?),
            program: program.parse().ok()?,
            table: RosterTable::parse(table)?,
            until: until.parse().ok()?,
        };
        let path = entry.path();
        let at = DateTime::from_timestamp_millis(at.parse().ok()?)?;
        Some((at, key.to_owned(), Upload { path, purpose }))
    });
    own.collect()
}
