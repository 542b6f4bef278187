//! `log`: who did what when.

use serde::Serialize;

use super::args::{Common, Log, TextFormat};
use super::{Exit, output, site};
use crate::desk::log::{Asked, LineAnswer, log};
use crate::domain::ids::{LetterId, SubmissionId};

/// Prints the journal.
///
/// # Errors
/// An unknown programme, unit, period or kind, or the database is gone.
pub async fn run(common: &Common, options: &Log) -> anyhow::Result<Exit> {
    let (site, _scratch) = site::open_to_look(common).await?;
    let asked = Asked {
        program: options.program.clone(),
        unit: options.unit.clone(),
        period: options.period.clone(),
        kinds: options.kind.clone(),
        from: options.from,
        to: options.to,
        last: Some(options.last),
    };
    let found = log(&site, &asked).await?;
    if options.format == TextFormat::Json {
        let all: Vec<Line> = found.lines.into_iter().map(Line::of).collect();
        output::json(&all)?;
        return Ok(Exit::Well);
    }
    if found.lines.is_empty() {
        say!("没有这样的记录。");
        return Ok(Exit::Well);
    }
    let rows: Vec<Vec<String>> = found.lines.into_iter().map(row).collect();
    output::table(
        &["时间", "谁", "做了什么", "单位", "报告期", "编号", "说明"],
        &rows,
    );
    if found.left_out > 0 {
        let left_out = found.left_out;
        say!("前面还有{left_out}条；要看全部，加 --last 0，或者用 --from、--to 限定日期。");
    }
    Ok(Exit::Well)
}

/// A line as JSON.
#[derive(Debug, Serialize)]
struct Line {
    at: String,
    by: String,
    what: String,
    label: String,
    program: Option<String>,
    unit: Option<String>,
    period: Option<String>,
    submission: Option<SubmissionId>,
    letter: Option<LetterId>,
    detail: String,
}

impl Line {
    fn of(own: LineAnswer) -> Self {
        Self {
            at: own.at.to_rfc3339(),
            by: own.by,
            what: own.what,
            label: own.label,
            program: own.program,
            unit: own.unit,
            period: own.period,
            submission: own.submission,
            letter: own.letter,
            detail: own.detail,
        }
    }
}

fn row(own: LineAnswer) -> Vec<String> {
    vec![
        own.at.format("%Y-%m-%d %H:%M").to_string(),
        if own.by_itself {
            "程序".to_owned()
        } else {
            own.by
        },
        own.label,
        own.unit_shown.unwrap_or_default(),
        own.period_label.unwrap_or_default(),
        own.submission.map(|id| format!("#{id}")).unwrap_or_default(),
        own.detail,
    ]
}
