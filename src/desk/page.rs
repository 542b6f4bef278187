//! Whether the office's page is to be had.

use crate::jobs::faults::Area;
use crate::jobs::site::Site;

/// It can't be served: named once, and in 运行情况.txt as long as it lasts.
pub fn fails(site: &Site, error: &anyhow::Error) {
    let what = format!("{error:#}");
    let remedy = Some("收文和信函不受影响；请关掉占用端口的程序，或在 config.toml 的 [web] 里换一个");
    if site.faults.failed_as(Area::Page, &what, remedy, site.clock.utc()) {
        tracing::error!("{what}");
    }
}

/// It is served.
pub fn works(site: &Site) {
    if site.faults.over(Area::Page, site.clock.utc()) {
        tracing::info!("网页恢复正常");
    }
}
