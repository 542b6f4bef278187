//! Steps on the share that are recorded with what decided them, and carried
//! out afterwards.

use super::action::Action;
use super::site::Site;
use super::trial::allowed;
use crate::domain::ids::SubmissionId;
use crate::store::{Change, NewDelivery};

/// Records actions to be carried out.
///
/// # Errors
/// The database can't take it: give the change up; the next round does it again.
pub async fn add_all(
    site: &Site,
    change: &mut Change,
    submission: Option<SubmissionId>,
    actions: &[Action],
) -> anyhow::Result<()> {
    let deliveries: Result<Vec<_>, _> = actions
        .iter()
        .filter_map(|action| allowed(site, action))
        .map(|action| delivery(submission, &action))
        .collect();
    Ok(site.store.add_deliveries(change, &deliveries?).await?)
}

/// A step as the database has it.
///
/// # Errors
/// None in practice: a step is plain data.
pub(super) fn delivery(submission: Option<SubmissionId>, action: &Action) -> anyhow::Result<NewDelivery> {
    Ok(NewDelivery {
        submission,
        action: serde_json::to_string(action)?,
        source: action.source().map(|(path, _)| path.to_owned()),
    })
}
