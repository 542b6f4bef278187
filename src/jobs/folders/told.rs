//! What 运行情况.txt and `doctor` say about the folders of the share.

use chrono::TimeDelta;
use serde::Serialize;

use crate::domain::program::Language;
use crate::domain::text::printable;
use crate::inbox::{Deep, InTheWay, Scan};
use crate::jobs::notes::moment;
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
    /// The database is gone.
    pub async fn of(site: &Site, scan: &Scan) -> anyhow::Result<Self> {
        let zone = site.clock.zone();
        let done = site.store.share_entries(site.clock.utc() - SHOWN_FOR).await?;
        let mut told = Self {
            sentinel: site.holding.changed_by_hand(),
            in_the_way: scan.in_the_way.iter().map(|own| in_the_way(site, own)).collect(),
            too_deep: scan.too_deep.iter().map(|own| too_deep(site, own)).collect(),
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
            || [&told.in_the_way, &told.too_deep, &told.badly_named, &told.similar]
                .iter()
                .any(|some| !some.is_empty());
        Ok(told)
    }
}

/// Something in the way, with the unit whose folder belongs there.
#[must_use]
pub fn in_the_way(site: &Site, own: &InTheWay) -> String {
    let of = of_unit(site, &own.program, own.unit.as_deref());
    format!(
        "{}{of}：此处{}，不是文件夹",
        printable(&own.path),
        own.obstacle.words()
    )
}

/// A file that lies too deep, with its unit.
#[must_use]
pub fn too_deep(site: &Site, own: &Deep) -> String {
    let of = of_unit(site, &own.program, own.unit.as_deref());
    format!("{}{of}", printable(&own.path))
}

fn of_unit(site: &Site, program: &str, unit: Option<&str>) -> String {
    let name = unit.and_then(|unit| {
        let program = site.program(program)?;
        Some(program.roster.unit(unit)?.display_name.clone())
    });
    name.map_or_else(String::new, |name| format!("（{name}）"))
}
