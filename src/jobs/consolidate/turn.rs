//! One process at a time brings masters up to date: the daemon and a command
//! would otherwise write the same version of the same file.

use std::fs::File;
use std::time::Duration;

use anyhow::Context as _;

use crate::jobs::site::Site;
use crate::platform;

/// How often it is tried again.
const AGAIN: Duration = Duration::from_millis(50);

/// After so many tries it is said what is waited for: two seconds.
const SAID_AFTER: u32 = 40;

/// Tries at most: ten minutes, within which the largest masters are written.
const TRIES: u32 = 12_000;

/// Held while masters are written; given up when dropped.
pub struct Turn {
    _lock: File,
}

/// Waits until nobody else writes masters.
///
/// # Errors
/// Somebody else has been writing for ten minutes, or the data folder can't be written.
pub async fn take(site: &Site) -> anyhow::Result<Turn> {
    let path = site.options.data.join("masters.lock");
    let lock = platform::open_private(&path).with_context(|| format!("锁文件 {} 建不了", path.display()))?;
    for tries in 0..TRIES {
        if platform::lock_exclusively(&lock)? {
            return Ok(Turn { _lock: lock });
        }
        if tries == SAID_AFTER {
            tracing::info!("另一个 taizhang 正在写汇总台账，写完就轮到这里，请稍候");
        }
        tokio::time::sleep(AGAIN).await;
    }
    anyhow::bail!("另一个 taizhang 写汇总台账超过了十分钟，本次没有写；请稍后再试")
}
