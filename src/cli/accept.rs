//! `accept`: the office accepts a returned ledger as it is, on the record.

use super::args::{Accept, Common};
use super::{Exit, site};
use crate::desk::{decide, named};
use crate::jobs::finish;

/// Accepts it.
///
/// # Errors
/// Unknown file, or one that can't be accepted, or the database is gone.
pub async fn run(common: &Common, options: &Accept) -> anyhow::Result<Exit> {
    let (site, by) = site::open_to_act(common).await?;
    let record = named::submission(&site, &options.file).await?;
    let record = decide::accept(&site, &by, record.id, &options.reason, None).await?;
    say!(
        "已接收“{}”（报送编号 {}）：{}",
        record.file_name,
        record.id,
        options.reason
    );
    finish(&site).await?;
    Ok(Exit::Well)
}
