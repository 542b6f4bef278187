//! The site's own table of holidays: read, and remembered as it was last good.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;

use super::options::Options;
use super::programs::csv_text;
use crate::domain::calendar::Calendar;
use crate::domain::definition::Problem;
use crate::platform::durable::write_whole;

/// The calendar in use, and what is wrong with the table if that is another one.
#[derive(Debug, Clone)]
pub struct Holidays {
    /// Working days.
    pub calendar: Arc<Calendar>,
    /// Why the table as it stands is not used.
    pub fault: Option<Problem>,
}

/// The site's own table, which `init` doesn't touch once it is there.
pub(super) fn table(options: &Options) -> PathBuf {
    options.templates.join("holidays.csv")
}

/// The last good table: a slip in it and a power cut together must not stop collection.
fn memory(options: &Options) -> PathBuf {
    options.data.join("definitions").join("holidays.csv")
}

/// Loads the table. Where it is faulty, its last good state holds.
///
/// # Errors
/// It is faulty, and no good one is remembered.
pub fn load(options: &Options) -> anyhow::Result<Holidays> {
    let path = table(options);
    match read(&path) {
        Ok((calendar, text)) => {
            remember(&memory(options), &text);
            Ok(Holidays {
                calendar: Arc::new(calendar),
                fault: None,
            })
        }
        Err(fault) => {
            let (calendar, _) = read(&memory(options)).map_err(|_| anyhow::anyhow!("{fault}"))?;
            tracing::error!("{fault}");
            Ok(Holidays {
                calendar: Arc::new(calendar),
                fault: Some(fault),
            })
        }
    }
}

/// Reads the table again; one that is faulty now leaves the calendar as it was.
#[must_use]
pub fn reload(before: &Holidays, options: &Options) -> Holidays {
    match read(&table(options)) {
        Ok((calendar, text)) if calendar != *before.calendar => {
            remember(&memory(options), &text);
            Holidays {
                calendar: Arc::new(calendar),
                fault: None,
            }
        }
        Ok(_) => Holidays {
            calendar: before.calendar.clone(),
            fault: None,
        },
        Err(fault) => {
            if before.fault.as_ref() != Some(&fault) {
                tracing::error!("{fault}");
            }
            Holidays {
                calendar: before.calendar.clone(),
                fault: Some(fault),
            }
        }
    }
}

fn read(path: &Path) -> Result<(Calendar, String), Problem> {
    let problem = |line, message: String, remedy: &str| Problem {
        file: path.display().to_string(),
        line,
        message,
        remedy: remedy.to_owned(),
    };
    let bytes = std::fs::read(path).map_err(|error| {
        problem(
            None,
            format!("节假日表读不出来：{error}。"),
            "可用 taizhang init 补齐缺少的文件。",
        )
    })?;
    let text = csv_text(&bytes).map_err(|error| {
        let remedy = "请另存为“CSV UTF-8（逗号分隔）”。";
        problem(None, format!("节假日表读不出来：{error}。"), remedy)
    })?;
    let calendar = Calendar::parse(&text).map_err(|error| {
        let remedy = "改好这一行；改好之前按上次正确的节假日表推算。";
        problem(Some(error.line), error.reason, remedy)
    })?;
    Ok((calendar, text))
}

fn remember(memory: &Path, text: &str) {
    if std::fs::read(memory).is_ok_and(|kept| kept == text.as_bytes()) {
        return;
    }
    let kept = || -> anyhow::Result<()> {
        std::fs::create_dir_all(memory.parent().context("没有上级文件夹")?)?;
        Ok(write_whole(memory, text.as_bytes())?)
    };
    if let Err(error) = kept() {
        tracing::warn!(error = format!("{error:#}"), "节假日表没有留存");
    }
}
