//! `recheck`: stored submissions against today's programme.

use super::args::{Common, Recheck};
use super::{Exit, site};
use crate::jobs::{finish, recheck};

/// Lists what would change; with `--apply` changes it.
///
/// # Errors
/// Unknown programme or period, a missing archived original, or the database is gone.
pub async fn run(common: &Common, options: &Recheck) -> anyhow::Result<Exit> {
    let site = site::open_to_act(common).await?;
    let program = site::program(&site, options.program.as_deref())?;
    let period = site::period(&site, &program, options.period.as_ref())?;
    let differences = recheck::recheck(&site, &program, &period, options.apply).await?;
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
            say!("  + {added}");
        }
        for removed in &difference.removed {
            say!("  - {removed}");
        }
    }
    match (differences.len(), options.apply) {
        (0, _) => say!("按现行方案重新审核，结果没有变化。"),
        (count, false) => say!("有 {count} 份结果会变；确认后加 --apply 执行。"),
        (count, true) => say!("已更改 {count} 份。"),
    }
    if options.apply {
        finish(&site).await?;
    }
    Ok(Exit::Well)
}
