//! What was said before about a duty, as later letters tell it.

use chrono::{DateTime, Datelike as _};
use chrono_tz::Tz;

use crate::domain::ladder::{Kind, Role, Trigger};
use crate::domain::language::Language;
use crate::domain::letters::NoticeRecord;
use crate::domain::program::Program;
use crate::jobs::site::Site;

/// Letters that went out before about the same duty, the most recent last.
pub(super) async fn history(
    site: &Site,
    program: &Program,
    notice: &NoticeRecord,
    now: DateTime<Tz>,
) -> anyhow::Result<Vec<String>> {
    let telling = matches!(
        notice.kind,
        Kind::SecondChase | Kind::Escalation | Kind::Talk | Kind::Criticism | Kind::Cleared
    );
    let (Some(unit), true) = (&notice.unit, telling) else {
        return Ok(Vec::new());
    };
    let mut history = Vec::new();
    let about = site
        .store
        .notices_about(&program.id, unit, &notice.key.period)
        .await?;
    // What went to a leader is no letter of the unit's own.
    let above = |own: &NoticeRecord| {
        let role = own.body.to.as_ref().map(|to| to.role);
        role.is_some_and(|role| !matches!(role, Role::Liaison | Role::Head | Role::AllUnits))
    };
    let to_unit = !above(notice);
    for earlier in about
        .iter()
        .filter(|own| own.id != notice.id && own.kind != notice.kind)
        // What a ledger says is no chase, and a leader knows what went to leaders.
        .filter(|own| {
            let said = matches!(
                own.body.reason.trigger,
                Trigger::Value { .. } | Trigger::Expiry { .. }
            );
            !(said || own.kind == Kind::Reminder && above(own))
        })
        .filter(|own| !(to_unit && above(own)))
    {
        let Some(letter) = earlier.letter else { continue };
        let Some(sent) = site.store.letter(letter).await?.and_then(|letter| letter.sent) else {
            continue;
        };
        let sent = sent.with_timezone(&now.timezone());
        let kind = earlier.kind.label(program.language);
        let line = match program.language {
            Language::Chinese => {
                // A chase is done, a notice is sent.
                let done = if earlier.kind == Kind::FirstChase {
                    ""
                } else {
                    "发出"
                };
                format!("{}月{}日{done}{kind}", sent.month(), sent.day())
            }
            Language::English => format!("{} {kind}", sent.format("%-d %B")),
        };
        if !history.contains(&line) {
            history.push(line);
        }
    }
    Ok(history)
}
