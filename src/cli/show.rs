//! `show`: one submission, with what the checks say and what was done with it.

use super::args::{Common, Show, TextFormat};
use super::{Exit, output, site};
use crate::desk::finding::FindingAnswer;
use crate::desk::named;
use crate::desk::submission::{SubmissionAnswer, submission};

/// Prints it.
///
/// # Errors
/// Unknown file, or the database is gone.
pub async fn run(common: &Common, options: &Show) -> anyhow::Result<Exit> {
    let (site, _scratch) = site::open_to_look(common).await?;
    let record = named::submission(&site, &options.file).await?;
    let own = submission(&site, record.id).await?;
    if options.format == TextFormat::Json {
        output::json(&own)?;
        return Ok(Exit::Well);
    }
    say!("报送编号：{}", own.id);
    say!("台账：{}", own.name);
    let unknown = || "未确认".to_owned();
    say!(
        "单位：{}　报告期：{}{}",
        own.unit_shown.clone().unwrap_or_else(unknown),
        own.period_label.clone().unwrap_or_else(unknown),
        own.version
            .map(|version| format!("　第{version}版"))
            .unwrap_or_default()
    );
    say!("文件：{}", own.file_name);
    say!("放在：{}", own.lies_at);
    say!("收到：{}", own.arrived.format("%Y-%m-%d %H:%M"));
    say!("结果：{}", outcome(&own));
    if !own.findings.is_empty() {
        say!("");
    }
    for finding in &own.findings {
        say!("{}", said(finding));
    }
    if !own.versions.is_empty() {
        say!("");
        say!("这一期的其他版本：");
    }
    for other in &own.versions {
        say!(
            "  第{}版 #{} {} {}{}",
            other.version,
            other.id,
            other.file_name,
            other.label,
            if other.counts { "，计入汇总" } else { "" }
        );
    }
    if !own.journal.is_empty() {
        say!("");
        say!("经过：");
    }
    for line in &own.journal {
        let by = if line.by_itself {
            "程序"
        } else {
            line.by.as_str()
        };
        let at = line.at.format("%Y-%m-%d %H:%M");
        say!("  {at} {by} {} {}", line.label, line.detail);
    }
    Ok(Exit::Well)
}

/// The verdict, and what people decided about it.
fn outcome(own: &SubmissionAnswer) -> String {
    let rows = own.rows.filter(|_| !own.nil);
    let parts = [
        Some(own.label.clone()),
        own.nil.then(|| "零报告".to_owned()),
        rows.map(|rows| format!("{rows}行")),
        own.duplicate_of.map(|first| format!("与报送编号 {first} 相同")),
        (own.accepted.as_ref()).map(|accepted| format!("{}按原样接收：{}", accepted.by, accepted.reason)),
        (own.withdrawn.as_ref()).map(|taken| format!("{}撤回：{}", taken.by, taken.reason)),
        own.counts.then(|| "计入汇总".to_owned()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("；")
}

fn said(finding: &FindingAnswer) -> String {
    let place = match (&finding.sheet, &finding.cells) {
        (Some(sheet), Some(cells)) => format!("{sheet} {cells}："),
        (Some(sheet), None) => format!("{sheet}："),
        (None, _) => String::new(),
    };
    format!("[{}] {place}{}{}", finding.label, finding.message, finding.hint)
}
