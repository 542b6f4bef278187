//! A document that the office has looked at and hands back (退回).

use super::overtaken::{named, stands, unchanged, unreadable};
use super::{follow, log};
use crate::domain::actor::Actor;
use crate::domain::codes::Code;
use crate::domain::finding::{Finding, Verdict};
use crate::domain::placement;
use crate::domain::program::Material;
use crate::domain::submission::{NewSubmission, Record, Reopened, Submission};
use crate::jobs::refusal::refuse_unless;
use crate::jobs::site::Site;

/// Hands back a document that was registered: its unit owes it again, has a
/// grace of its own from now, and is told why.
///
/// # Errors
/// It isn't a document that stands registered, or the database can't be
/// written: tell the person, who may ask again.
pub async fn reject(site: &Site, by: &Actor, record: &Record, reason: &str) -> anyhow::Result<()> {
    let language = site.language();
    let named = named(language, record);
    let Some(program) = site.program(&record.program) else {
        return Err(unreadable(site, record));
    };
    refuse_unless!(
        matches!(program.material, Material::Document(_)),
        language,
        "{named}是台账，不是材料；要收回请用 withdraw",
        "{named} is a ledger, not a document; withdraw it to take it back"
    );
    refuse_unless!(
        record.accepted_by_office.is_none(),
        language,
        "{named}{}；要收回请用 withdraw",
        "{named}: {}; withdraw it to take it back",
        stands(site, record)
    );
    refuse_unless!(
        record.submission().as_ref().is_some_and(Submission::is_accepted),
        language,
        "{named}{}，不用退回",
        "{named}: {}; there is nothing to return",
        stands(site, record)
    );
    let now = site.clock.utc();
    let mut finding = Finding::new(Code::Rejected).with("reason", reason.trim_end_matches(['。', '.']));
    site.messages(program.language).word(&mut finding);
    let stored = NewSubmission {
        decided: now,
        verdict: Verdict::Returned,
        findings: vec![finding],
        ..record.anew()
    };
    let reopened = Reopened {
        at: now,
        reason: reason.to_owned(),
    };
    let mut change = site.store.begin().await?;
    unchanged(site, &mut change, record).await?;
    site.store
        .replace_examination(&mut change, record.id, &stored, Some(&reopened), true)
        .await?;
    follow(site, &mut change, &program, record, placement::settled(false)).await?;
    log(site, by, &mut change, record, "rejected", reason).await?;
    change.commit().await?;
    Ok(())
}
