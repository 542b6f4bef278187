//! `withdraw`: takes a submission back; the version before it counts again.

use super::args::{Common, Withdraw};
use super::{Exit, site};
use crate::desk::{decide, named};
use crate::jobs::finish;

/// Withdraws it.
///
/// # Errors
/// Unknown submission, or one that was withdrawn before, or the database is gone.
pub async fn run(common: &Common, options: &Withdraw) -> anyhow::Result<Exit> {
    let (site, by) = site::open_to_act(common).await?;
    let record = named::submission(&site, &options.submission).await?;
    let (record, counts) = decide::withdraw(&site, &by, record.id, &options.reason, None).await?;
    say!(
        "已撤回“{}”（报送编号 {}）：{}",
        record.file_name,
        record.id,
        options.reason
    );
    if let Some(version) = counts {
        say!("现在计入汇总的是第{version}版。");
    } else {
        say!("该单位本期没有可计入的报送了。");
    }
    finish(&site).await?;
    Ok(Exit::Well)
}
