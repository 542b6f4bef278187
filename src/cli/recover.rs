//! `recover`: rebuilds a lost database from archive, share and masters.

use super::args::Common;
use super::{Exit, Misuse, site};
use crate::jobs::clock::Clock;
use crate::jobs::recover::{self, restore};
use crate::jobs::site::{Options, Site};
use crate::jobs::{consolidate, deliver, pass};
use crate::store::is_damaged;

/// Recovers.
///
/// # Errors
/// A daemon runs, the share is away, the data folder can't be written.
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
    let report = recover::rebuild(&site).await?;
    deliver::deliver(&site).await?;
    consolidate::all(&site).await?;
    say!("{}", report.text.trim_end());
    say!("恢复情况见 {}", report.path.display());
    Ok(Exit::Well)
}

async fn open(options: Options, clock: Clock) -> anyhow::Result<std::sync::Arc<Site>> {
    Ok(std::sync::Arc::new(Site::open(options, clock).await?))
}
