//! `log`: who did what when.

use super::args::{Common, Log, TextFormat};
use super::{Exit, output, site};
use crate::desk::log::{Asked, LineAnswer, in_json, log};

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
        output::text(&in_json(found.lines)?);
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
