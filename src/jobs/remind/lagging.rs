//! What a unit lagged behind in, period by period, for a letter about several of them.

use super::standings::Standings;
use crate::domain::ids::UnitId;
use crate::domain::ladder::Trigger;
use crate::domain::language::Language;
use crate::domain::letters::NoticeRecord;
use crate::domain::obligation::standing::Standing;
use crate::domain::program::Program;
use crate::domain::submission::counting;
use crate::jobs::notes;
use crate::jobs::site::Site;

/// Items that a line names; the ledger has them all.
const MOST_NAMED: usize = 10;

/// A line for each of the periods that the notice speaks of, oldest first:
/// “2023年6月：第4项“推动镇域扩容提质”为“滞后””, “2023年7月：未报送”. Nothing for
/// other notices.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn lines(
    site: &Site,
    standings: &mut Standings,
    program: &Program,
    standing: &Standing,
    notice: &NoticeRecord,
) -> anyhow::Result<Vec<String>> {
    let (
        Trigger::Lagging {
            column,
            value,
            periods,
        },
        Some(unit),
    ) = (&notice.body.reason.trigger, &notice.unit)
    else {
        return Ok(Vec::new());
    };
    let mut lines = Vec::new();
    let mut period = Some(standing.period.clone());
    for _ in 0..*periods {
        let Some(own) = period.take() else { break };
        if let Some(standing) = standings.of(site, program, &own).await? {
            lines.push(line(site, program, &standing, unit, (column, value)).await?);
        }
        period = program.cycle.previous(&own);
    }
    lines.reverse();
    Ok(lines)
}

async fn line(
    site: &Site,
    program: &Program,
    standing: &Standing,
    unit: &UnitId,
    (column, value): (&str, &str),
) -> anyhow::Result<String> {
    let label = notes::period_label(program, &standing.period);
    let versions = standing.submissions.get(unit).map_or(&[][..], Vec::as_slice);
    let Some(counts) = counting(versions) else {
        return Ok(match program.language {
            Language::Chinese => format!("{label}未报送"),
            Language::English => format!("{label}: nothing received"),
        });
    };
    let items = program.material.items();
    let mut named: Vec<String> = Vec::new();
    let mut rows = 0;
    for row in site.rows(program, &standing.period, counts.id).await? {
        if row.text(column) != value {
            continue;
        }
        rows += 1;
        let item = items.and_then(|items| items.item(row.text(&items.column)));
        let cited = item.filter(|_| rows <= MOST_NAMED);
        named.extend(cited.map(|item| item.cited(program.language)));
    }
    Ok(match program.language {
        Language::Chinese if named.is_empty() => format!("{label}有{rows}行为“{value}”"),
        Language::Chinese => {
            let more = if rows > named.len() { "等" } else { "" };
            format!("{label}{}{more}为“{value}”", named.join("、"))
        }
        Language::English if named.is_empty() => format!("{label}: {rows} rows say “{value}”"),
        Language::English => format!("{label}: {} “{value}”", named.join(", ")),
    })
}
