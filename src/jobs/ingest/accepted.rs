//! What is known of a programme before its files are looked at.

use std::collections::HashSet;

use crate::domain::identify::Standing;
use crate::domain::period::Period;
use crate::jobs::site::Site;

/// What has been accepted of a programme, what nobody could place, and what
/// was put aside.
pub struct Accepted {
    keys: HashSet<(String, Period)>,
    /// SHA-256 of the files that nobody could place.
    unclaimed: HashSet<String>,
    /// SHA-256 of the files that were put aside by this version of the program.
    aside: HashSet<String>,
}

impl Standing for Accepted {
    fn is_accepted(&self, unit: &str, period: &Period) -> bool {
        self.keys.contains(&(unit.to_owned(), period.clone()))
    }
}

impl Accepted {
    /// Whether a file with these bytes was recorded as unclaimed.
    pub(super) fn is_unclaimed(&self, sha256: &str) -> bool {
        self.unclaimed.contains(sha256)
    }

    /// Whether a file with these bytes was put aside.
    pub(super) fn is_put_aside(&self, sha256: &str) -> bool {
        self.aside.contains(sha256)
    }
}

/// What has been accepted of a programme.
///
/// # Errors
/// The database is gone.
pub async fn standing(site: &Site, program: &str) -> anyhow::Result<Accepted> {
    let keys = site.store.accepted_keys(program).await?;
    let unclaimed = site.store.unclaimed_contents(program).await?;
    let aside = site.store.put_aside(program).await?;
    Ok(Accepted {
        keys: keys.into_iter().collect(),
        unclaimed: unclaimed.into_iter().collect(),
        aside: aside.into_iter().collect(),
    })
}
