//! The folders of the share: made where they are missing, named where
//! something stands in their place.

mod refill;
mod told;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use super::queue::add_all;
use super::site::Site;
use crate::domain::actor::PROGRAM;
use crate::domain::documents;
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::program::Program;
use crate::domain::register::may_owe;
use crate::domain::share_path::SharePath;
use crate::inbox::{NoWay, Scan};
use crate::store::Entry;

pub use told::{Told, in_the_way, too_deep};

/// How many folders a line names; of more it says how many there are.
const NAMED: usize = 10;

/// A folder that the site must have, and that was made because it was missing.
pub struct Made {
    path: SharePath,
    program: ProgramId,
    /// The unit's id; none for 待确认单位.
    unit: Option<UnitId>,
}

impl Made {
    /// The unit whose folder it is, with its programme.
    fn unit(&self, site: &Site) -> Option<(Arc<Program>, &UnitId)> {
        Some((site.program(&self.program)?, self.unit.as_ref()?))
    }
}

/// Makes the folders of all programmes and units. Where a link or a file
/// stands in the place of one, that is named, and the others are made all the
/// same. Only for a share that is known to be there. Gives what was missing.
///
/// # Errors
/// The share can't be written.
pub fn make(site: &Site) -> anyhow::Result<Vec<Made>> {
    let (mut made, mut first) = (Vec::new(), None);
    for wanted in wanted(site) {
        match site.share.make_folder(&wanted.path) {
            Ok(true) => made.push(wanted),
            Ok(false) => {}
            Err(NoWay::Blocked(blocked)) => {
                tracing::error!(unit = wanted.unit.as_deref(), "{blocked}");
            }
            Err(NoWay::Io(error)) => {
                let error = anyhow::Error::new(error).context(format!("文件夹 {} 建不了", wanted.path));
                tracing::error!("{error:#}");
                first.get_or_insert(error);
            }
        }
    }
    first.map_or(Ok(made), Err)
}

/// Makes folders again that a scan of the whole share didn't find, and tells
/// it: in the log, in the journal, and from there in 运行情况.txt.
///
/// # Errors
/// The database can't take it: nothing was told; the next round does it again. A
/// folder that can't be made is named and tried again.
pub async fn make_again(site: &Site, scan: &Scan) -> anyhow::Result<()> {
    for words in site.holding.set_obstacles(obstacles(site, scan)) {
        tracing::warn!("共享文件夹：{words}");
    }
    let mut made = Vec::new();
    for wanted in wanted(site) {
        if scan.folders.contains(&wanted.path) || is_in_the_way(scan, &wanted.path) {
            continue;
        }
        match site.share.make_folder(&wanted.path) {
            Ok(true) => made.push(wanted),
            Ok(false) => {}
            Err(error) => {
                tracing::warn!(%error, path = wanted.path.as_str(), "不见了的文件夹没有重建，稍后再试");
            }
        }
    }
    tell(site, made).await
}

/// Tells of folders that were missing and stand now.
///
/// # Errors
/// The database can't take it: nothing was done; the next round does it again.
pub async fn tell(site: &Site, made: Vec<Made>) -> anyhow::Result<()> {
    if made.is_empty() {
        return Ok(());
    }
    // By programme, so that one whose folder is gone is told in one line.
    let mut of_program: BTreeMap<ProgramId, Vec<Made>> = BTreeMap::new();
    for one in made {
        of_program.entry(one.program.clone()).or_default().push(one);
    }
    let (mut renamed, mut steps) = (BTreeMap::new(), Vec::new());
    for (program, folders) in &of_program {
        let latest = site.store.latest_versions(program).await?;
        for made in folders {
            let Some((program, unit)) = made.unit(site) else {
                continue;
            };
            match refill::renamed(site, &program, unit).await? {
                Some(now) => {
                    renamed.insert(made.path.as_str(), now);
                }
                None => steps.extend(refill::refill(site, &program, unit, &latest).await?),
            }
        }
    }
    let mut change = site.store.begin().await?;
    for (program, folders) in &of_program {
        let paths: Vec<&str> = folders.iter().map(|made| made.path.as_str()).collect();
        let mut detail = made_again(&paths);
        for made in folders {
            if let Some(now) = renamed.get(made.path.as_str()) {
                let _ = write!(
                    detail,
                    "；{} 里原来的文件在 {now} 里，可能是被改了名，请改回原名或把文件移回",
                    made.path
                );
            }
        }
        tracing::warn!("{detail}");
        let unit = match folders.as_slice() {
            [only] => only.unit.as_ref(),
            _ => None,
        };
        let entry = Entry {
            by: PROGRAM,
            what: "folder-made-again",
            program: Some(program),
            unit,
            detail: detail.into(),
            ..Entry::default()
        };
        site.store.log(&mut change, site.clock.utc(), &entry).await?;
    }
    for (submission, step) in steps {
        add_all(site, &mut change, submission, &[step]).await?;
    }
    change.commit().await?;
    site.holding.tell();
    Ok(())
}

/// That folders stand again, in a line that a person can read.
fn made_again(paths: &[&str]) -> String {
    let named = &paths[..paths.len().min(NAMED)];
    let more = match paths.len() {
        count if count > NAMED => format!(" 等{count}个"),
        _ => String::new(),
    };
    format!("缺少的文件夹已建好：{}{more}", named.join("、"))
}

/// What keeps files from being taken or given back, each in words.
fn obstacles(site: &Site, scan: &Scan) -> BTreeSet<String> {
    let blocked = scan.in_the_way.iter().map(|own| in_the_way(site, own));
    let deep = scan.too_deep.iter();
    let deep = deep.map(|own| format!("{}：文件夹套得太深，没有收取", too_deep(site, own)));
    blocked.chain(deep).collect()
}

/// Whether something stands at a path, or on the way to it.
fn is_in_the_way(scan: &Scan, path: &str) -> bool {
    scan.in_the_way.iter().any(|own| {
        path.strip_prefix(own.path.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

fn wanted(site: &Site) -> Vec<Made> {
    let mut wanted = Vec::new();
    for program in site.programs() {
        let units = program.roster.units.iter();
        let units =
            units.filter(|unit| may_owe(&program, &unit.id) && documents::may_owe(&program, &unit.id));
        wanted.extend(units.map(|unit| Made {
            path: site.unit_folder(&program, &unit.id),
            program: program.id.clone(),
            unit: Some(unit.id.clone()),
        }));
        wanted.push(Made {
            path: site.unclaimed_folder(&program),
            program: program.id.clone(),
            unit: None,
        });
    }
    wanted
}

#[cfg(test)]
mod tests {
    use super::made_again;

    #[test]
    fn a_line_names_ten_folders_and_counts_the_rest() {
        let ten: Vec<String> = (1..=11).map(|n| format!("台账/{n}")).collect();
        let ten: Vec<&str> = ten.iter().map(String::as_str).collect();
        let said = made_again(&ten[..10]);
        assert!(said.ends_with("台账/9、台账/10"), "{said}");
        let said = made_again(&ten);
        assert!(said.ends_with("、台账/10 等11个"), "{said}");
        assert!(!said.contains("台账/11"), "{said}");
    }
}
