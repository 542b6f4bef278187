//! How the first person comes in: a one-time address, laid where only those
//! may look who keep the machine.

use anyhow::Context as _;
use chrono::TimeDelta;

use super::token::Token;
use crate::domain::sha256::Sha256;
use crate::jobs::site::Site;
use crate::platform::create_private;

/// How long the first address lasts.
const FIRST: TimeDelta = TimeDelta::hours(24);

/// Where the first address is remembered: its hash, and when it ends.
const FIRST_KEY: &str = "first_login";

/// The file that the first address stands in, in the data folder.
pub const FIRST_FILE: &str = "首次登录.txt";

/// Where nobody can log in yet: makes a one-time address, which lasts a day,
/// and lays it into the data folder for whoever may read there. Gives what
/// stands after the page's own address; none where there are accounts.
///
/// # Errors
/// The database or the data folder can't be written.
pub async fn first_address(site: &Site, page: &str) -> anyhow::Result<Option<String>> {
    let file = site.options.data.join(FIRST_FILE);
    if site.store.has_accounts().await? {
        std::fs::remove_file(&file).ok();
        return Ok(None);
    }
    let (token, ends) = (Token::fresh()?, site.clock.utc() + FIRST);
    let path = format!("/first/{}", token.as_str());
    std::fs::remove_file(&file).ok();
    let mut lying = create_private(&file).with_context(|| format!("{} 写不了", file.display()))?;
    std::io::Write::write_all(
        &mut lying,
        format!("打开这个地址，建立第一个用户（24小时内有效，用过即失效）：\n{page}{path}\n").as_bytes(),
    )?;
    let known = format!(
        "{} {}",
        Sha256::of(["first", token.as_str()]),
        ends.timestamp_millis()
    );
    site.store.set_meta(FIRST_KEY, &known).await?;
    Ok(Some(path))
}

/// Whether a one-time address is the one that was given, and lasts.
///
/// # Errors
/// The database can't be read.
pub async fn knows_first(site: &Site, token: &str) -> anyhow::Result<bool> {
    let known = site.store.meta(FIRST_KEY).await?.unwrap_or_default();
    let Some((own, ends)) = known.split_once(' ') else {
        return Ok(false);
    };
    let lasts = ends
        .parse()
        .is_ok_and(|ends: i64| site.clock.utc().timestamp_millis() < ends);
    let asked =
        Token::sent(token).is_some_and(|token| Sha256::of(["first", token.as_str()]).to_string() == own);
    Ok(lasts && asked && !site.store.has_accounts().await?)
}

/// The first account is made: the address is over.
pub(super) async fn is_used(site: &Site) -> anyhow::Result<()> {
    site.store.set_meta(FIRST_KEY, "").await?;
    std::fs::remove_file(site.options.data.join(FIRST_FILE)).ok();
    Ok(())
}
