//! The access log: who asked for what kind of page, and what came of it. The
//! route's pattern stands there, never the path.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Days, NaiveDate};
use chrono_tz::Tz;

use crate::platform::{make_private_folder, open_private};

/// Lines go to a file a day, in a folder that only the daemon may look into.
pub(super) struct AccessLog {
    folder: PathBuf,
    days: u32,
    open: Mutex<Option<(NaiveDate, File)>>,
}

/// One answered request.
pub(super) struct Line<'a> {
    pub at: DateTime<Tz>,
    pub address: &'a str,
    /// The account's number; none where nobody was logged in.
    pub account: Option<i64>,
    pub method: &'a str,
    pub route: &'a str,
    pub status: u16,
    pub bytes: Option<u64>,
}

impl AccessLog {
    pub fn new(data: &Path, days: u32) -> Self {
        Self {
            folder: data.join("access"),
            days,
            open: Mutex::default(),
        }
    }

    /// Adds a line. A disk that takes none keeps nobody from a page.
    pub fn add(&self, line: &Line<'_>) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = self.write(&mut open, line) {
            if open.is_some() {
                tracing::warn!(%error, "访问记录没有写成");
            }
            *open = None;
        }
    }

    fn write(&self, open: &mut Option<(NaiveDate, File)>, line: &Line<'_>) -> std::io::Result<()> {
        let today = line.at.date_naive();
        if open.as_ref().is_none_or(|(day, _)| *day != today) {
            make_private_folder(&self.folder)?;
            self.forget(today);
            let mut file = open_private(&self.folder.join(format!("{today}.log")))?;
            std::io::Seek::seek(&mut file, std::io::SeekFrom::End(0))?;
            *open = Some((today, file));
        }
        let Some((_, file)) = open else { return Ok(()) };
        let number = |number: Option<i64>| number.map_or_else(|| "-".to_owned(), |own| own.to_string());
        let text = format!(
            "{} {} {} {} {} {} {}\n",
            line.at.to_rfc3339_opts(chrono::SecondsFormat::Secs, false),
            line.address,
            number(line.account),
            line.method,
            line.route,
            line.status,
            number(line.bytes.and_then(|own| i64::try_from(own).ok())),
        );
        file.write_all(text.as_bytes())
    }

    fn forget(&self, today: NaiveDate) {
        let Some(oldest) = today.checked_sub_days(Days::new(self.days.into())) else {
            return;
        };
        let Ok(listing) = std::fs::read_dir(&self.folder) else {
            return;
        };
        for entry in listing.flatten() {
            let name = entry.file_name();
            let day = name.to_str().and_then(|name| name.strip_suffix(".log"));
            if day
                .and_then(|day| day.parse::<NaiveDate>().ok())
                .is_some_and(|day| day < oldest)
            {
                std::fs::remove_file(entry.path()).ok();
            }
        }
    }
}
