//! What a file is beside those that came before, on the record.

use super::accepted::has_left;
use crate::domain::actor::PROGRAM;
use crate::domain::check::Examination;
use crate::domain::codes::Code;
use crate::domain::finding::Verdict;
use crate::domain::ids::SubmissionId;
use crate::domain::intake::repetition::duplicate;
use crate::domain::intake::rivals::{displaced, held, missing, noted};
use crate::domain::program::{Material, Program};
use crate::domain::submission::Record;
use crate::domain::text::printable;
use crate::inbox::{Found, Ready, Zone};
use crate::jobs::site::Site;
use crate::store::{Change, Entry};

/// What a file is beside those that came before: a repetition of one of them,
/// held, or what the checks say.
///
/// # Errors
/// The database can't take it: give the change up; the next round does it again.
pub(super) async fn beside_others(
    site: &Site,
    change: &mut Change,
    (program, ready): (&Program, &Ready),
    (same, versions): (&[Record], &[Record]),
    content: &str,
    examination: &mut Examination,
) -> anyhow::Result<(Option<Record>, Verdict)> {
    let mut duplicate_of = duplicate(same, versions, examination, content).cloned();
    // Documents of one hand-in join it; none displaces another.
    let joins = matches!(program.material, Material::Document(_));
    if !joins && duplicate_of.is_none() && hold(site, program, examination, &ready.found, (same, versions)) {
        // Held once, the same file is only there once more.
        duplicate_of = duplicate(same, versions, examination, content).cloned();
    }
    let verdict = if duplicate_of.is_some() {
        Verdict::Duplicate
    } else {
        examination.verdict
    };
    if let Some(mut finding) = noted(program.language, verdict, versions, site.clock.zone()) {
        site.messages(program.language).word(&mut finding);
        examination.findings.push(finding);
    }
    tell_lost(site, change, (program, ready), (examination, verdict), versions).await?;
    Ok((duplicate_of, verdict))
}

/// Holds a file that would displace a better one. Tells whether it was held.
fn hold(
    site: &Site,
    program: &Program,
    examination: &mut Examination,
    found: &Found,
    (same, versions): (&[Record], &[Record]),
) -> bool {
    let mut unclaimed = same.iter().filter(|record| record.verdict == Verdict::Unclaimed);
    // Held before and then moved, or corrected where it lay: the office has decided.
    let decided = matches!(found.place.zone, Zone::Accepted | Zone::Returned | Zone::Forms)
        || unclaimed.any(|record| has_left(site, record.placed.as_ref()));
    let (language, zone) = (program.language, site.clock.zone());
    let Some(mut finding) = held(language, examination, &found.name, decided, versions, zone) else {
        return false;
    };
    site.messages(language).word(&mut finding);
    examination.findings.push(finding);
    examination.verdict = Verdict::Unclaimed;
    examination.candidates = examination.unit.iter().cloned().collect();
    true
}

/// Says, in the receipt and to the office, that rows of another file that came
/// with this one don't count.
///
/// # Errors
/// The database can't take it: give the change up; the next round does it again.
async fn tell_lost(
    site: &Site,
    change: &mut Change,
    (program, ready): (&Program, &Ready),
    (examination, verdict): (&mut Examination, Verdict),
    versions: &[Record],
) -> anyhow::Result<()> {
    let other = displaced(examination, versions, ready.arrival.seen);
    let Some(other) = other.filter(|_| verdict.is_accepted()) else {
        return Ok(());
    };
    let Some(period) = &examination.period else {
        return Ok(());
    };
    let rows = site.rows(program, period, other.id).await?;
    let missing = missing(program, examination, &rows);
    let found = &ready.found;
    let resubmission = examination
        .findings
        .iter_mut()
        .find(|own| own.code == Code::Resubmission);
    let (Some(finding), true) = (resubmission, missing > 0) else {
        return Ok(());
    };
    finding.args.insert("other".into(), printable(&other.file_name));
    finding.args.insert("lost".into(), missing.to_string());
    site.messages(program.language).word(finding);
    let entry = Entry {
        by: PROGRAM,
        what: "rows-left-out",
        program: Some(&program.id),
        unit: examination.unit.as_ref(),
        period: examination.period.clone(),
        detail: format!(
            "{}：与它同时送来的“{}”另有{missing}行，没有计入",
            printable(&found.path),
            printable(&other.file_name)
        )
        .into(),
        ..Entry::default()
    };
    Ok(site.store.log(change, site.clock.utc(), &entry).await?)
}

/// The submission that could not be read before: other bytes where a file was
/// put aside, or the whole of a file that came in pieces.
///
/// # Errors
/// The database can't take it: give the change up; the next round does it again.
pub(super) async fn corrected(
    site: &Site,
    change: &mut Change,
    program: &Program,
    found: &Found,
    (examination, verdict): (&Examination, Verdict),
) -> anyhow::Result<Option<SubmissionId>> {
    let aside = site.store.put_aside_at(change, &found.path).await?;
    let (None, Some(unit)) = (aside, &examination.unit) else {
        return Ok(aside);
    };
    if verdict == Verdict::Unreadable {
        return Ok(None);
    }
    Ok(site
        .store
        .unread_of_name(change, &program.id, unit, &found.name)
        .await?)
}
