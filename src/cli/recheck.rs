//! `recheck`: stored submissions against today's programme.

use super::args::{Common, Recheck};
use super::{Exit, Misuse, site};
use crate::desk::{decide, named};
use crate::domain::finding::Finding;
use crate::domain::ledger::mask_identity_numbers;
use crate::jobs::finish;

/// Lists what would change; with `--apply` changes it.
///
/// # Errors
/// Unknown programme or period, a missing archived original, or the database is gone.
pub async fn run(common: &Common, options: &Recheck) -> anyhow::Result<Exit> {
    let (site, by) = site::open_to_act(common).await?;
    let reason = match (options.apply, &options.reason) {
        (true, None) => {
            let words = "执行更改要写明理由，单位会看到：recheck --apply --reason “…”";
            return Err(Misuse(words.into()).into());
        }
        (apply, reason) => reason.as_deref().filter(|_| apply),
    };
    let applied = reason.map(|reason| (&by, reason));
    let (program, differences) = if let Some(one) = &options.submission {
        let record = named::submission(&site, one).await?;
        let program = named::program(&site, Some(&record.program))?;
        let difference = decide::recheck_one(&site, record.id, applied, None).await?;
        (program, Vec::from_iter(difference))
    } else {
        let program = named::program(&site, options.program.as_deref())?;
        let period = named::period(&site, &program, options.period.as_deref())?;
        let differences = decide::recheck_of(&site, (&program.id, &period), applied).await?;
        (program, differences)
    };
    let messages = site.messages(program.language);
    for difference in &differences {
        let unit = program
            .roster
            .unit(&difference.unit)
            .map_or("-", |unit| unit.name.as_str());
        say!(
            "#{} {unit} 第{}版：{} → {}",
            difference.id,
            difference.version,
            messages.verdict(difference.before),
            messages.verdict(difference.after)
        );
        for added in &difference.added {
            say!("  新增：{}", said(added));
        }
        for removed in &difference.removed {
            say!("  不再有：{}", said(removed));
        }
        if difference.reopens() {
            say!(
                "  原来已通过，{}退回重新更正，更正期限从执行之时算起。",
                if options.apply { "现已" } else { "将" }
            );
        }
    }
    match (differences.len(), options.apply) {
        (0, _) => say!("按现行方案重新审核，结果没有变化。"),
        (count, false) => say!("有 {count} 份结果会变；确认后加 --apply --reason “理由” 执行。"),
        (count, true) => say!("已更改 {count} 份。"),
    }
    if options.apply {
        finish(&site).await?;
    }
    Ok(Exit::Well)
}

/// A finding in one line: where, and what.
fn said(finding: &Finding) -> String {
    let message = mask_identity_numbers(&finding.message);
    match finding.cells() {
        Some(cell) => format!("{cell}：{message}"),
        None => message,
    }
}
