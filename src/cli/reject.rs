//! `reject`: hands back a document that was registered.

use super::args::{Common, Reject};
use super::{Exit, site};
use crate::desk::{decide, named};
use crate::jobs::finish;

/// Rejects it.
///
/// # Errors
/// Unknown submission, or one that isn't a registered document, or the database is gone.
pub async fn run(common: &Common, options: &Reject) -> anyhow::Result<Exit> {
    let (site, by) = site::open_to_act(common).await?;
    let record = named::submission(&site, &options.submission).await?;
    let record = decide::reject(&site, &by, record.id, &options.reason, None).await?;
    say!(
        "已退回“{}”（报送编号 {}）：{}",
        record.file_name,
        record.id,
        options.reason
    );
    say!("理由会写给报送单位；改好后重新放入本单位文件夹即可。");
    finish(&site).await?;
    Ok(Exit::Well)
}
