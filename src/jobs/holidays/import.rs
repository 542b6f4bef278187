//! Importing a year's notice: all of the file or nothing.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::moved::{self, Moved};
use crate::domain::actor::Actor;
use crate::domain::calendar::{Calendar, CalendarError, HolidayRow};
use crate::domain::sha256::Sha256;
use crate::domain::source_table::SourceTable;
use crate::jobs::holiday_table::table;
use crate::jobs::kept_files::{self, Replacing};
use crate::jobs::programs::csv_text;
use crate::jobs::queue;
use crate::jobs::site::Site;
use crate::store::Entry;
use crate::workbook::read::read_in_process;

/// Wrong lines that are named; more of them have one cause.
const MOST_NAMED: usize = 20;

/// What an import did.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The years of the file; they replace what was known of them.
    pub years: Vec<i32>,
    /// The calendar with them.
    pub calendar: Calendar,
    /// Whether anything is different now.
    pub changed: bool,
    /// Where the previous table was kept.
    pub kept: Option<PathBuf>,
    /// Due dates that moved, or became certain.
    pub moved: Vec<Moved>,
}

/// The file was not taken, and nothing was changed: what is wrong with it.
#[derive(Debug, thiserror::Error)]
#[error("{file} 没有导入，节假日表没有改动：\n{}", .faults.join("\n"))]
pub struct Refused {
    /// The file, as it was named.
    pub file: String,
    /// One line a fault, with the file's line and what to write.
    pub faults: Vec<String>,
}

/// Takes a file with a notice into the site's own table.
///
/// # Errors
/// [`Refused`] if the file is wrong; see [`take`].
pub async fn import(site: &Site, by: &Actor, path: &Path) -> anyhow::Result<Imported> {
    let fresh = checked(&path.display().to_string(), source(site, path))?;
    take(site, by, fresh, &path.display().to_string(), None).await
}

/// What a notice that was pasted comes to, and what the table is by now: the
/// content that a decision about it rests on.
///
/// # Errors
/// [`Refused`] if it can't be understood; the database can't be read.
pub async fn preview(site: &Site, text: &str) -> anyhow::Result<(Imported, Sha256)> {
    let seen = kept_files::hash_if_any(&table(&site.options))?;
    let fresh = checked("粘贴的内容", HolidayRow::read_text(text).map_err(Wrong::Rows))?;
    let mut imported = planned(site, fresh);
    if imported.changed {
        imported.moved = moved::all(site, &site.calendar(), &imported.calendar).await?;
    }
    Ok((imported, seen))
}

/// Takes a notice that was pasted, if the table is as it was looked at.
///
/// # Errors
/// See [`take`].
pub async fn import_text(site: &Site, by: &Actor, text: &str, seen: Sha256) -> anyhow::Result<Imported> {
    let fresh = checked("粘贴的内容", HolidayRow::read_text(text).map_err(Wrong::Rows))?;
    take(site, by, fresh, "粘贴的通知", Some(seen)).await
}

/// What a calendar changes in the one that holds; nothing is written.
fn planned(site: &Site, fresh: Calendar) -> Imported {
    let years: Vec<i32> = fresh.years().collect();
    let before = site.calendar();
    let mut calendar = (*before).clone();
    calendar.merge(fresh);
    Imported {
        changed: calendar != *before || site.calendar_fault().is_some(),
        years,
        calendar,
        kept: None,
        moved: Vec::new(),
    }
}

/// Takes a calendar into the site's own table, which survives upgrades; keeps
/// the table before it, and records who did it. A running daemon sees the new
/// line in the journal and reads the table again.
///
/// # Errors
/// The table is another by now, or can't be written; the database is gone.
async fn take(
    site: &Site,
    by: &Actor,
    fresh: Calendar,
    from: &str,
    seen: Option<Sha256>,
) -> anyhow::Result<Imported> {
    let before = site.calendar();
    let mut imported = planned(site, fresh);
    if !imported.changed {
        return Ok(imported);
    }
    imported.moved = moved::all(site, &before, &imported.calendar).await?;
    let actions = moved::projections(site, &imported.moved).await?;
    let years: Vec<String> = imported.years.iter().map(ToString::to_string).collect();
    let entry = Entry {
        by: by.name(),
        via: by.via(),
        what: "holidays-imported",
        detail: format!("{}（{from}）", years.join("、")).into(),
        ..Entry::default()
    };
    let path = table(&site.options);
    let csv = imported.calendar.to_csv();
    let mut change = site.store.begin().await?;
    let replacing = Replacing {
        path: &path,
        key: "holidays.csv",
        seen: match seen {
            Some(seen) => seen,
            None => kept_files::hash_if_any(&path)?,
        },
        bytes: csv.as_bytes(),
    };
    imported.kept = kept_files::replace(site, &mut change, by.name(), replacing).await?;
    site.store.log(&mut change, site.clock.utc(), &entry).await?;
    queue::add_all(site, &mut change, None, &actions).await?;
    change.commit().await?;
    site.reload_calendar();
    Ok(imported)
}

/// Why there are no days to take.
enum Wrong {
    /// The file can't be read.
    File(anyhow::Error),
    /// Lines of it are wrong.
    Rows(Vec<CalendarError>),
}

/// The calendar of days without fault.
fn checked(file: &str, rows: Result<Vec<HolidayRow>, Wrong>) -> anyhow::Result<Calendar> {
    let refused = |mut faults: Vec<String>| {
        let all = faults.len();
        faults.truncate(MOST_NAMED);
        if all > MOST_NAMED {
            faults.push(format!("……共{all}处"));
        }
        Refused {
            file: file.to_owned(),
            faults,
        }
    };
    let rows = rows.map_err(|wrong| {
        refused(match wrong {
            Wrong::File(error) => vec![format!("{error:#}")],
            Wrong::Rows(wrong) => wrong.iter().map(ToString::to_string).collect(),
        })
    })?;
    let faults: Vec<String> = rows
        .iter()
        .filter_map(HolidayRow::fault)
        .map(|fault| fault.to_string())
        .collect();
    if !faults.is_empty() {
        return Err(refused(faults).into());
    }
    let calendar = Calendar::of(&rows);
    match calendar.plausible() {
        Ok(()) => Ok(calendar),
        Err(implausible) => Err(refused(vec![implausible.to_string()]).into()),
    }
}

/// The days of a file: a table as CSV or in a workbook's first sheet, or the
/// notice itself as text.
fn source(site: &Site, path: &Path) -> Result<Vec<HolidayRow>, Wrong> {
    let ending = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    if matches!(ending.as_str(), "xlsx" | "xls" | "ods" | "et") {
        let workbook = read_in_process(path, &site.options.limits).map_err(|failure| {
            Wrong::File(anyhow::anyhow!("表格读不了（{failure}），请另存为 CSV 再导入。"))
        })?;
        return HolidayRow::of_table(&SourceTable::from_workbook(&workbook)).map_err(Wrong::Rows);
    }
    let bytes = std::fs::read(path).context("文件读不了").map_err(Wrong::File)?;
    let text = csv_text(&bytes).context("文件不是 CSV 文本，请另存为“CSV UTF-8（逗号分隔）”");
    let text = text.map_err(Wrong::File)?;
    if ending == "txt" {
        return HolidayRow::read_text(&text).map_err(Wrong::Rows);
    }
    HolidayRow::read(&text).map_err(Wrong::Rows)
}
