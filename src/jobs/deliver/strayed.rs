//! An original that isn't where its step was to take it from, because a step
//! of an earlier claim of the same file took it first: that step was under way
//! when the later claim was recorded.

use std::borrow::Cow;

use crate::domain::ids::SubmissionId;
use crate::domain::sha256::Sha256;
use crate::inbox::Left;
use crate::jobs::action::Action;
use crate::jobs::site::Site;

/// Where the file of a submission lies instead, as what the submissions left
/// it that it was claimed from or that a claim overtook. Only a file with the
/// very bytes counts: another one there is a person's.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub(super) async fn strayed(
    site: &Site,
    submission: SubmissionId,
    sha256: Sha256,
) -> anyhow::Result<Option<Left>> {
    for path in site.store.earlier_places(submission).await? {
        let Some(path) = site.of_this_site(&path).map(Cow::into_owned) else {
            continue;
        };
        let Some(stat) = site.share.stat(&path) else {
            continue;
        };
        if site.share.hash(&path).is_ok_and(|own| own == sha256) {
            return Ok(Some(Left { path, sha256, stat }));
        }
    }
    // A crash between step and record leaves no more than what the step was to do.
    for step in site.store.earlier_steps(submission).await? {
        if let Ok(Action::Move { folder, name, .. }) = serde_json::from_str(&step)
            && let Some(left) = site.share.find(&folder, &name, sha256)
        {
            return Ok(Some(left));
        }
    }
    Ok(None)
}
