//! What a round has before it: what lies on the share, what we left there, and
//! which of it has to be looked at.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use crate::domain::draft::counts_at;
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::period::Period;
use crate::domain::share_path::SharePath;
use crate::inbox::{Found, Scan, ScanError, Settle, Stat, Zone, scan, scan_again};
use crate::jobs::action::Action;
use crate::jobs::deliver::{folder_of, place_of};
use crate::jobs::faults::Area;
use crate::jobs::queue::add_all;
use crate::jobs::site::Site;
use crate::store::{Checked, Placed};

use super::round::Look;

/// What lies on the share, and what is known of it.
pub(super) struct Seen {
    /// Files that may have to be looked at.
    pub(super) found: Vec<Found>,
    pub(super) known: Known,
    /// The rest of what a scan of the whole share saw.
    pub(super) scan: Option<Scan>,
    /// When the last of the files had been looked at.
    pub(super) looked: Instant,
}

/// What is known of the files on the share.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// What we left of the files that may have to be looked at, by path.
    pub(super) placed: HashMap<SharePath, Placed>,
    /// What was checked in the folders of forms, by path.
    pub(super) checked: HashMap<SharePath, Checked>,
    /// Those of them that a scan of the whole share saw.
    there: HashSet<SharePath>,
    /// What recorded steps are about to move, as it was when taken.
    spoken_for: HashMap<SharePath, Stat>,
    /// Places on a failing share where steps are only half done: what we left
    /// there has yet to be recorded, and must not be read as a person's.
    half_done: HashSet<SharePath>,
}

/// Paths of checked files that lie on the share.
fn checked_and_there(checked: &[Checked], found: &[Found]) -> HashSet<SharePath> {
    let checked: HashSet<&str> = checked.iter().map(|checked| checked.path.as_str()).collect();
    let paths = found.iter().map(|found| &found.path);
    paths
        .filter(|path| checked.contains(path.as_str()))
        .cloned()
        .collect()
}

/// Leaves out what lies there as we left it: nearly all of a share with years
/// of history. What we left is gone through some at a time, never all held;
/// drafts are looked at by themselves.
async fn leave_out_unchanged(
    site: &Site,
    found: &mut Vec<Found>,
    drafts: &HashSet<SharePath>,
) -> anyhow::Result<()> {
    let mut unchanged = vec![false; found.len()];
    {
        let places = found.iter().enumerate();
        let places: HashMap<&str, usize> = places.map(|(at, found)| (found.path.as_str(), at)).collect();
        let mut after = SharePath::root();
        loop {
            let lying = site.store.placed_after(&after).await?;
            for (path, size, modified) in &lying {
                let Some(at) = places.get(path.as_str()) else {
                    continue;
                };
                let stat = Stat {
                    size: *size,
                    modified: *modified,
                };
                unchanged[*at] = found[*at].stat == stat && !drafts.contains(path);
            }
            match lying.into_iter().map(|(path, ..)| path).max() {
                Some(last) => after = last,
                None => break,
            }
        }
    }
    let mut unchanged = unchanged.into_iter();
    found.retain(|_| !unchanged.next().unwrap_or(false));
    found.shrink_to_fit();
    Ok(())
}

/// Looks at the share: all files, or those that are waited for; or says why
/// the share is away.
pub(super) async fn see(
    site: &Arc<Site>,
    settle: &Settle,
    look: Look,
) -> anyhow::Result<Result<Seen, ScanError>> {
    let (root, layout) = (site.options.watch.clone(), site.layout());
    let mut there = HashSet::new();
    let (found, looked, placed, checked, scan) = if look == Look::Waiting {
        let waiting = settle.waiting();
        let again = move || (scan_again(&root, &layout, waiting), Instant::now());
        let (found, looked) = match tokio::task::spawn_blocking(again).await? {
            (Ok(found), looked) => (found, looked),
            (Err(error), _) => return Ok(Err(error)),
        };
        let paths: Vec<&str> = found.iter().map(|found| found.path.as_str()).collect();
        let placed = site.store.placed_at(&paths).await?;
        let checked = site.store.checked_at(&paths).await?;
        (found, looked, placed, checked, None)
    } else {
        // Both take a while where there are many units, and neither needs the other.
        let scanning = tokio::task::spawn_blocking(move || (scan(&root, &layout), Instant::now()));
        let (seen, checked) = tokio::join!(scanning, site.store.all_checked());
        let (mut scan, looked) = match seen? {
            (Ok(seen), looked) => (seen, looked),
            (Err(error), _) => return Ok(Err(error)),
        };
        let checked = checked?;
        let mut found = std::mem::take(&mut scan.found);
        there = checked_and_there(&checked, &found);
        leave_out_unchanged(site, &mut found, &there).await?;
        let paths: Vec<&str> = found.iter().map(|found| found.path.as_str()).collect();
        let placed = site.store.placed_at(&paths).await?;
        (found, looked, placed, checked, Some(scan))
    };
    let known = Known {
        placed: placed
            .into_iter()
            .map(|placed| (placed.path.clone(), placed))
            .collect(),
        checked: checked
            .into_iter()
            .map(|checked| (checked.path.clone(), checked))
            .collect(),
        there,
        spoken_for: spoken_for(site).await?,
        half_done: half_done(site).await?,
    };
    Ok(Ok(Seen {
        found,
        known,
        scan,
        looked,
    }))
}

impl Known {
    /// Whether a file has to be looked at: not ours as we left it, not taken
    /// already, and no draft that was checked as it is.
    pub(super) fn is_new(&self, site: &Site, found: &Found) -> bool {
        if self.spoken_for.get(&found.path) == Some(&found.stat) {
            return false;
        }
        if found.place.zone == Zone::Forms {
            let forms =
                |program: &ProgramId| site.program(program).is_some_and(|own| own.material.has_rows());
            if !forms(&found.place.program) {
                return false;
            }
            if let Some(checked) = self.draft(found) {
                return is_due(site, checked);
            }
        }
        self.placed.get(&found.path).is_none_or(|placed| {
            Stat {
                size: placed.size,
                modified: placed.modified,
            } != found.stat
        })
    }

    /// Whether a file waits until the share can be written: steps beside it are half done.
    pub(super) fn waits(&self, found: &Found) -> bool {
        self.half_done.contains(&folder_of(&found.path))
    }

    /// What was checked at a path, if the file is still as it was then.
    pub(super) fn draft(&self, found: &Found) -> Option<&Checked> {
        self.checked.get(&found.path).filter(|checked| {
            found.stat
                == Stat {
                    size: checked.size,
                    modified: checked.modified,
                }
        })
    }

    /// Drafts whose files are gone, as a scan of the whole share saw it; what
    /// lies in a folder that couldn't be read may still be there.
    pub(super) fn gone(&self, scan: &Scan) -> Vec<&Checked> {
        self.checked
            .values()
            .filter(|checked| {
                let unread =
                    |(folder, _): &(SharePath, String)| checked.path.starts_with(&format!("{folder}/"));
                !self.there.contains(&checked.path) && !scan.unreadable.iter().any(unread)
            })
            .collect()
    }
}

/// Whether a draft that nobody touched has to be looked at once more, because
/// the time has come at which it counts.
fn is_due(site: &Site, checked: &Checked) -> bool {
    let at = site
        .program(&checked.program)
        .and_then(|program| counts_at(&program, &checked.period, &site.calendar(), site.clock.zone()));
    checked.filled && at.is_some_and(|at| at <= site.clock.utc() && checked.checked < at)
}

/// Forgets drafts whose files are gone, and takes their notes away.
///
/// # Errors
/// The database can't take it: nothing was done; the next round does it again.
pub(super) async fn forget(site: &Site, gone: &[&Checked]) -> anyhow::Result<()> {
    let mut change = site.store.begin().await?;
    for checked in gone {
        site.store.drop_draft(&mut change, &checked.path).await?;
    }
    let notes: BTreeSet<(&ProgramId, &UnitId, &Period)> = gone
        .iter()
        .filter(|checked| checked.filled)
        .map(|checked| (&checked.program, &checked.unit, &checked.period))
        .collect();
    let actions: Vec<Action> = notes
        .into_iter()
        .map(|(program, unit, period)| Action::Status {
            program: program.clone(),
            unit: unit.clone(),
            period: period.clone(),
        })
        .collect();
    add_all(site, &mut change, None, &actions).await?;
    change.commit().await?;
    Ok(())
}

/// Places where steps have failed, while the share fails: a file may have been
/// moved or published there whose folder couldn't be flushed.
async fn half_done(site: &Site) -> anyhow::Result<HashSet<SharePath>> {
    if !site
        .faults
        .standing()
        .iter()
        .any(|fault| fault.area == Area::Share)
    {
        return Ok(HashSet::new());
    }
    let failed = site.store.failed_deliveries().await?;
    Ok(failed
        .iter()
        .filter_map(|action| serde_json::from_str(action).ok())
        .map(|action: Action| place_of(site, &action))
        .collect())
}

/// Paths that recorded steps are about to move, as they were when taken.
async fn spoken_for(site: &Site) -> anyhow::Result<HashMap<SharePath, Stat>> {
    Ok(site
        .store
        .spoken_for()
        .await?
        .into_iter()
        .filter_map(|(path, action)| {
            let action: Action = serde_json::from_str(&action).ok()?;
            let stat = action.source()?.1;
            Some((path, stat))
        })
        .collect())
}
