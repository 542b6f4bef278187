//! What 运行情况.txt and `doctor` say about the folders of the share.

use crate::domain::ids::{ProgramId, UnitId};
use chrono::{DateTime, TimeDelta};
use serde::Serialize;

use crate::domain::language::Language;
use crate::domain::text::printable;
use crate::inbox::{Deep, InTheWay, Scan};
use crate::jobs::notes::moment;
use crate::jobs::obligations::open_periods;
use crate::jobs::site::Site;

/// How long what was done is shown.
const SHOWN_FOR: TimeDelta = TimeDelta::days(7);

/// What is to be told, each in words.
#[derive(Debug, Default, Serialize)]
pub struct Told {
    /// The sentinel was changed by hand.
    pub sentinel: Option<String>,
    /// What stands where a folder of ours belongs.
    pub in_the_way: Vec<String>,
    /// Files that lie too deep to be taken.
    pub too_deep: Vec<String>,
    /// Backups and parts of files of units of which nothing else came.
    pub passed_over: Vec<String>,
    /// Names that can't be read.
    pub badly_named: Vec<String>,
    /// Folders that are called nearly as one of ours.
    pub similar: Vec<String>,
    /// What was done of late: folders made again, a share taken over.
    pub done: Vec<String>,
    /// Whether any of it wants a person.
    pub wanted: bool,
}

impl Told {
    /// Gathers it.
    ///
    /// # Errors
    /// The database can't be read: give this round up; the next one asks again.
    pub async fn of(site: &Site, scan: &Scan) -> anyhow::Result<Self> {
        let zone = site.clock.zone();
        let done = site.store.share_entries(site.clock.utc() - SHOWN_FOR).await?;
        let mut told = Self {
            sentinel: site.holding.changed_by_hand(),
            in_the_way: scan.in_the_way.iter().map(|own| in_the_way(site, own)).collect(),
            too_deep: scan.too_deep.iter().map(|own| too_deep(site, own)).collect(),
            passed_over: passed_over(site, scan).await?,
            badly_named: scan.badly_named.iter().map(|name| printable(name)).collect(),
            similar: scan
                .similar
                .iter()
                .map(|(path, own)| format!("{}（本站点的是 {own}）", printable(path)))
                .collect(),
            done: done
                .into_iter()
                .map(|(at, words)| {
                    format!(
                        "{} {}",
                        moment(Language::Chinese, at.with_timezone(&zone)),
                        printable(&words)
                    )
                })
                .collect(),
            wanted: false,
        };
        told.wanted = told.sentinel.is_some()
            || [
                &told.in_the_way,
                &told.too_deep,
                &told.passed_over,
                &told.badly_named,
                &told.similar,
            ]
            .iter()
            .any(|some| !some.is_empty());
        Ok(told)
    }
}

/// Leftovers that have lain there for an hour, where nothing was taken of their
/// unit for a period that isn't closed.
async fn passed_over(site: &Site, scan: &Scan) -> anyhow::Result<Vec<String>> {
    /// Somebody may still be saving or copying.
    const WAIT: TimeDelta = TimeDelta::hours(1);
    let before = site.clock.utc() - WAIT;
    let mut told = Vec::new();
    for own in &scan.passed_over {
        let changed = DateTime::from_timestamp_nanos(own.stat.modified);
        let Some(program) = site.program(&own.program).filter(|_| changed <= before) else {
            continue;
        };
        let mut came = false;
        if let Some(unit) = &own.unit {
            for period in open_periods(site, &program) {
                came |= !site.store.versions(&program.id, unit, &period).await?.is_empty();
            }
        }
        if !came {
            let of = of_unit(site, &own.program, own.unit.as_ref());
            told.push(format!("{}{of}", printable(&own.path)));
        }
    }
    Ok(told)
}

/// Something in the way, with the unit whose folder belongs there.
#[must_use]
pub fn in_the_way(site: &Site, own: &InTheWay) -> String {
    let of = of_unit(site, &own.program, own.unit.as_ref());
    format!(
        "{}{of}：此处{}，不是文件夹",
        printable(&own.path),
        own.obstacle.words()
    )
}

/// A file that lies too deep, with its unit.
#[must_use]
pub fn too_deep(site: &Site, own: &Deep) -> String {
    let of = of_unit(site, &own.program, own.unit.as_ref());
    format!("{}{of}", printable(&own.path))
}

fn of_unit(site: &Site, program: &ProgramId, unit: Option<&UnitId>) -> String {
    let name = unit.and_then(|unit| {
        let program = site.program(program)?;
        Some(program.roster.unit(unit)?.display_name.clone())
    });
    name.map_or_else(String::new, |name| format!("（{name}）"))
}
