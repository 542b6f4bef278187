//! `recover`: rebuilds a lost database from archive, share and masters.

use std::sync::Arc;

use super::args::Common;
use super::{Exit, Misuse, site};
use crate::jobs::clock::Clock;
use crate::jobs::options::Options;
use crate::jobs::recover::{self, restore};
use crate::jobs::site::Site;
use crate::jobs::{consolidate, deliver, pass, sentinel};
use crate::store::is_damaged;

/// Recovers.
///
/// # Errors
/// A daemon runs, the share is away or another site's, the data folder can't be written.
pub async fn run(common: &Common) -> anyhow::Result<Exit> {
    let (options, clock) = site::options(common)?;
    std::fs::create_dir_all(&options.data)?;
    let Some(_running) = pass::hold(&options.data)? else {
        return Err(Misuse("taizhang 正在运行，请先停止运行，再重建数据库".into()).into());
    };
    if options.database.exists() && is_damaged(&options.database).await? {
        let aside = restore::set_aside(&options.database, clock.now())?;
        if let Some(aside) = aside {
            say!("损坏的数据库留在 {}，没有删除", aside.display());
        }
    }
    let site = open(options, clock).await?;
    if !site.share_is_there() {
        return Err(Misuse(format!(
            "共享文件夹 {} 不可用（没有标志文件），不能重建：报送的版本和结果要看共享文件夹上的文件",
            site.options.watch.display()
        ))
        .into());
    }
    // What is another site's tells nothing about this one.
    if sentinel::is_anothers(&site).await?
        && let Some(reason) = sentinel::hold(&site).await?
    {
        return Err(Misuse(format!("{reason}。没有重建")).into());
    }
    let rebuilt = rebuild(&site).await;
    sentinel::release(&site).await;
    rebuilt
}

async fn rebuild(site: &Arc<Site>) -> anyhow::Result<Exit> {
    let report = recover::rebuild(site).await?;
    deliver::deliver(site).await?;
    consolidate::all(site).await?;
    say!("{}", report.text.trim_end());
    say!("恢复情况见 {}", report.path.display());
    Ok(Exit::Well)
}

async fn open(options: Options, clock: Clock) -> anyhow::Result<Arc<Site>> {
    Ok(super::site::opened(Site::open(options, clock).await?))
}
