//! What is known of a programme before its files are looked at.

use std::collections::{HashMap, HashSet};

use crate::domain::identify::History;
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::period::Period;
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use crate::jobs::site::Site;

/// What has been accepted of a programme, what nobody could place, and what
/// was put aside.
pub struct Accepted {
    keys: HashSet<(UnitId, Period)>,
    /// Where the files that nobody could place were laid, by SHA-256.
    unclaimed: HashMap<Sha256, Vec<Option<SharePath>>>,
    /// SHA-256 of the files that were put aside by this version of the program.
    aside: HashSet<Sha256>,
}

impl History for Accepted {
    fn is_accepted(&self, unit: &UnitId, period: &Period) -> bool {
        self.keys.contains(&(unit.clone(), period.clone()))
    }
}

impl Accepted {
    /// Whether a file with these bytes was recorded as unclaimed and has left
    /// the place where it was laid: a person has moved it. While it lies there,
    /// another file with the same bytes is only the same once more.
    pub(super) fn was_moved(&self, site: &Site, sha256: Sha256) -> bool {
        let places = self.unclaimed.get(&sha256).map_or(&[][..], Vec::as_slice);
        places.iter().any(|place| has_left(site, place.as_ref()))
    }

    /// Whether a file with these bytes was put aside.
    pub(super) fn is_put_aside(&self, sha256: Sha256) -> bool {
        self.aside.contains(&sha256)
    }
}

/// Whether an unclaimed file that was laid at a place lies there no more.
pub(super) fn has_left(site: &Site, place: Option<&SharePath>) -> bool {
    let place = place.and_then(|place| site.of_this_site(place));
    place.is_some_and(|place| site.share.stat(&place).is_none())
}

/// What has been accepted of a programme.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn standing(site: &Site, program: &ProgramId) -> anyhow::Result<Accepted> {
    let keys = site.store.accepted_keys(program).await?;
    let unclaimed = site.store.unclaimed_contents(program).await?;
    let aside = site.store.put_aside(program).await?;
    let mut places: HashMap<Sha256, Vec<Option<SharePath>>> = HashMap::new();
    for (sha256, place) in unclaimed {
        places.entry(sha256).or_default().push(place);
    }
    Ok(Accepted {
        keys: keys.into_iter().collect(),
        unclaimed: places,
        aside: aside.into_iter().collect(),
    })
}
