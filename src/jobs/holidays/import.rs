//! Importing a year's notice: all of the file or nothing.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::moved::{self, Moved};
use crate::domain::actor::Actor;
use crate::domain::calendar::{Calendar, HolidayRow};
use crate::domain::source_table::SourceTable;
use crate::jobs::holiday_table::table;
use crate::jobs::programs::csv_text;
use crate::jobs::queue;
use crate::jobs::site::Site;
use crate::platform::durable::{copy_whole, write_whole};
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

/// Takes a notice into the site's own table, which survives upgrades; keeps
/// the table before it, and records who did it. A running daemon sees the new
/// line in the journal and reads the table again.
///
/// # Errors
/// [`Refused`] if the file is wrong; or files or the database can't be written.
pub async fn import(site: &Site, by: &Actor, path: &Path) -> anyhow::Result<Imported> {
    let fresh = checked(site, path)?;
    let years: Vec<i32> = fresh.years().collect();
    let before = site.calendar();
    let mut calendar = (*before).clone();
    calendar.merge(fresh);
    let mut imported = Imported {
        changed: calendar != *before || site.calendar_fault().is_some(),
        years,
        calendar,
        kept: None,
        moved: Vec::new(),
    };
    if !imported.changed {
        return Ok(imported);
    }
    imported.moved = moved::all(site, &before, &imported.calendar).await?;
    let actions = moved::projections(site, &imported.moved).await?;
    imported.kept = keep_previous(site)?;
    let target = table(&site.options);
    write_whole(&target, imported.calendar.to_csv().as_bytes())
        .with_context(|| format!("{} 写不进去，节假日表没有改动", target.display()))?;
    let years: Vec<String> = imported.years.iter().map(ToString::to_string).collect();
    let entry = Entry {
        by: by.name(),
        via: by.via(),
        what: "holidays-imported",
        detail: format!("{}（{}）", years.join("、"), path.display()).into(),
        ..Entry::default()
    };
    let mut change = site.store.begin().await?;
    site.store.log(&mut change, site.clock.utc(), &entry).await?;
    queue::add_all(site, &mut change, None, &actions).await?;
    change.commit().await?;
    site.reload_calendar();
    Ok(imported)
}

/// The calendar of a file without fault.
fn checked(site: &Site, path: &Path) -> anyhow::Result<Calendar> {
    let refused = |mut faults: Vec<String>| {
        let all = faults.len();
        faults.truncate(MOST_NAMED);
        if all > MOST_NAMED {
            faults.push(format!("……共{all}处"));
        }
        Refused {
            file: path.display().to_string(),
            faults,
        }
    };
    let table = source(site, path).map_err(|error| refused(vec![format!("{error:#}")]))?;
    let rows = HolidayRow::of_table(&table)
        .map_err(|wrong| refused(wrong.iter().map(ToString::to_string).collect()))?;
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

/// The file's table: CSV, or a workbook's first sheet.
fn source(site: &Site, path: &Path) -> anyhow::Result<SourceTable> {
    let ending = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    if matches!(ending.as_str(), "xlsx" | "xls" | "ods" | "et") {
        let workbook = read_in_process(path, &site.options.limits)
            .map_err(|failure| anyhow::anyhow!("表格读不了（{failure}），请另存为 CSV 再导入。"))?;
        return Ok(SourceTable::from_workbook(&workbook));
    }
    let bytes = std::fs::read(path).context("文件读不了")?;
    let text = csv_text(&bytes).context("文件不是 CSV 文本，请另存为“CSV UTF-8（逗号分隔）”")?;
    SourceTable::from_csv(&text).map_err(anyhow::Error::msg)
}

/// Copies the table as it stands beside the archive; nothing is overwritten.
fn keep_previous(site: &Site) -> anyhow::Result<Option<PathBuf>> {
    let current = table(&site.options);
    if !current.exists() {
        return Ok(None);
    }
    let folder = site.options.data.join("holidays");
    std::fs::create_dir_all(&folder)?;
    let stamp = site.clock.now().format("%Y-%m-%d-%H%M%S");
    let mut target = folder.join(format!("holidays-{stamp}.csv"));
    for number in 2.. {
        if !target.exists() {
            break;
        }
        target = folder.join(format!("holidays-{stamp}-{number}.csv"));
    }
    copy_whole(&current, &target).with_context(|| format!("原节假日表不能另存到 {}", folder.display()))?;
    Ok(Some(target))
}
