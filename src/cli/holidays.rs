//! `holidays`: importing a year's notice, and looking at what is known.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::args::{Common, Holidays, HolidaysImport, HolidaysList, TextFormat};
use super::{Exit, Misuse, output, site};
use crate::desk::decide::{self, Imported};
use crate::desk::holidays::{moved_words, spans};
use crate::domain::calendar::{Calendar, Run};
use crate::domain::dates::{day_after, weekday};
use crate::domain::language::Language;
use crate::jobs::{finish, site::Site};

/// The language of the command line.
const WORDS: Language = Language::Chinese;

/// Imports or lists.
///
/// # Errors
/// The file is wrong, or the site can't be opened or written.
pub async fn run(common: &Common, options: &Holidays) -> anyhow::Result<Exit> {
    match options {
        Holidays::Import(options) => take(common, options).await,
        Holidays::List(options) => list(common, options).await,
    }
}

async fn take(common: &Common, options: &HolidaysImport) -> anyhow::Result<Exit> {
    let file = &options.file;
    if !file.is_file() {
        return Err(Misuse(format!("没有文件 {}", file.display())).into());
    }
    let site = site::open(common).await?;
    let imported = decide::import_holidays(&site, &site::actor(common)?, file).await?;
    tell(&site, &imported);
    if imported.changed {
        finish(&site).await?;
    }
    Ok(Exit::Well)
}

fn tell(site: &Site, imported: &Imported) {
    let calendar = &imported.calendar;
    for year in &imported.years {
        let off: i64 = calendar.holidays(*year).iter().map(Run::days).sum();
        let worked = calendar.make_up_days(*year).count();
        say!("{year}年：放假{off}天，调休上班{worked}天");
        let unnamed = calendar.unnamed_holidays(*year);
        if !unnamed.is_empty() {
            say!(
                "  请与通知核对：没有写{}（与别的节日同一天的除外）",
                unnamed.join("、")
            );
        }
    }
    if !imported.changed {
        say!("与现有的节假日表相同，没有改动");
        return;
    }
    let table = site.options.templates.join("holidays.csv");
    say!("已写入 {}", table.display());
    if let Some(kept) = &imported.kept {
        say!("原来的表另存为 {}", kept.display());
    }
    for moved in &imported.moved {
        say!("{}", moved_words(site.language(), moved));
    }
}

/// A year as JSON gives it.
#[derive(Debug, Serialize)]
struct Arrangement<'a> {
    year: i32,
    known: bool,
    /// What is reckoned with where nothing is known.
    assumed: Option<&'static str>,
    holidays: Vec<HolidayLine>,
    make_up_days: Vec<MakeUpLine<'a>>,
}

#[derive(Debug, Serialize)]
struct HolidayLine {
    name: String,
    from: NaiveDate,
    to: NaiveDate,
    days: i64,
}

#[derive(Debug, Serialize)]
struct MakeUpLine<'a> {
    date: NaiveDate,
    name: &'a str,
}

async fn list(common: &Common, options: &HolidaysList) -> anyhow::Result<Exit> {
    let (site, _scratch) = site::open_to_look(common).await?;
    let calendar = site.calendar();
    let this = site.clock.now().year();
    let years: Vec<i32> = match options.year {
        Some(year) => vec![year],
        None => vec![this, this + 1],
    };
    match options.format {
        TextFormat::Json => {
            let found: Vec<Arrangement<'_>> = years.iter().map(|year| of_year(&calendar, *year)).collect();
            match (options.year, found.as_slice()) {
                (Some(_), [only]) => output::json(only)?,
                _ => output::json(&found)?,
            }
        }
        TextFormat::Text => {
            if options.year.is_none() {
                say!("已有放假安排的年份：{}", spans(&calendar));
                say!();
            }
            for year in years {
                print(&calendar, year);
            }
        }
    }
    if let Some(fault) = site.calendar_fault() {
        eprintln!("{fault}");
    }
    Ok(Exit::Well)
}

fn of_year(calendar: &Calendar, year: i32) -> Arrangement<'_> {
    let known = calendar.knows(year);
    let line = |run: Run| HolidayLine {
        days: run.days(),
        name: run.name,
        from: run.from,
        to: run.to,
    };
    Arrangement {
        year,
        known,
        assumed: (!known).then_some("weekends and holidays of fixed date"),
        holidays: calendar.holidays(year).into_iter().map(line).collect(),
        make_up_days: calendar
            .make_up_days(year)
            .map(|(date, name)| MakeUpLine { date, name })
            .collect(),
    }
}

fn print(calendar: &Calendar, year: i32) {
    if calendar.knows(year) {
        say!("{year}年放假安排");
    } else {
        say!("{year}年放假安排还没有，按双休日和公历固定的法定节日推算，涉及的截止日均为暂定：");
    }
    let date = |date: NaiveDate| {
        let named = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(date);
        format!("{}（{}）", day_after(WORDS, named, date), weekday(WORDS, date))
    };
    let rows: Vec<Vec<String>> = calendar
        .holidays(year)
        .iter()
        .map(|run| {
            let span = if run.from == run.to {
                date(run.from)
            } else {
                format!("{}至{}", date(run.from), date(run.to))
            };
            vec![format!("  {}", run.name), span, format!("{}天", run.days())]
        })
        .collect();
    output::table(&["  节日", "放假", "共"], &rows);
    let worked: Vec<String> = calendar.make_up_days(year).map(|(day, _)| date(day)).collect();
    if !worked.is_empty() {
        say!("  调休上班：{}", worked.join("、"));
    }
    if !calendar.knows(year) {
        say!("  国务院办公厅的通知发布后，请运行 taizhang holidays import 文件");
    }
    say!();
}
