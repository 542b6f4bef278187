//! Steps that waited in an older database: the share has moved on since, and
//! to carry them out now would put files back where they don't belong any more.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::ids::{DeliveryId, Duty, SubmissionId};
use crate::domain::language::Language;
use crate::domain::words::FolderWords;
use crate::jobs::action::Action;
use crate::jobs::queue::add_all;
use crate::jobs::site::Site;
use crate::store::{Change, Waiting};

/// Lets the steps of submissions rest that waited, and has the notes of the
/// units and periods written anew that they were about; gives how many.
///
/// Where a submitted file still lies as it was handed in, nothing was carried
/// out since: its steps go on.
///
/// # Errors
/// The database can't take it: give the change up; the next round does it again.
pub(super) async fn let_rest(site: &Site, change: &mut Change) -> anyhow::Result<usize> {
    let mut of: BTreeMap<SubmissionId, Vec<Waiting>> = BTreeMap::new();
    for step in site.store.steps_of_submissions(change).await? {
        of.entry(step.submission).or_default().push(step);
    }
    of.retain(|_, steps| !steps.iter().any(|step| is_yet_to_begin(site, &step.action)));
    let resting: Vec<DeliveryId> = of.values().flatten().map(|step| step.id).collect();
    let about: BTreeSet<Duty> = of
        .into_values()
        .flatten()
        .filter_map(|step| {
            Some(Duty {
                program: step.program,
                unit: step.unit?,
                period: step.period?,
            })
        })
        .collect();
    site.store.finish_deliveries(change, &resting, &[]).await?;
    let mut notes = Vec::new();
    for Duty {
        program,
        unit,
        period,
    } in about
    {
        notes.push(Action::Receipt {
            program: program.clone(),
            unit: unit.clone(),
            period: period.clone(),
        });
        notes.push(Action::Status {
            program,
            unit,
            period,
        });
    }
    add_all(site, change, None, &notes).await?;
    Ok(resting.len())
}

/// Whether a step takes away a file that still lies where people drop, as it
/// was when it was taken.
fn is_yet_to_begin(site: &Site, action: &str) -> bool {
    let Ok(action @ (Action::Move { .. } | Action::MoveOut { .. })) = serde_json::from_str(action) else {
        return false;
    };
    // What we have moved already keeps its time, and may have come back meanwhile.
    let moved = |path: &str| {
        [Language::Chinese, Language::English]
            .map(FolderWords::of)
            .iter()
            .any(|words| {
                path.split('/')
                    .any(|folder| [words.accepted, words.returned].contains(&folder))
            })
    };
    action
        .source()
        .is_some_and(|(path, stat)| !moved(path) && site.share.stat(path) == Some(stat))
}
