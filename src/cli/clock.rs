//! `clock accept`: the machine's clock is right again, on the record.

use super::args::{Clock, Common};
use super::{Exit, Misuse, site};
use crate::desk::decide;
use crate::domain::language::Language;
use crate::jobs::notes::moment;

/// Ends the hold after a clock that ran ahead was put right.
///
/// # Errors
/// Nothing is held, `--now` was given, or the database is gone.
pub async fn run(common: &Common, command: &Clock) -> anyhow::Result<Exit> {
    let Clock::Accept(options) = command;
    if common.now.is_some() {
        return Err(Misuse("clock accept 认可的是本机现在的时间，不能与 --now 同用".into()).into());
    }
    let site = site::open(common).await?;
    let accepted = decide::accept_clock(&site, &site::actor(common)?, &options.reason).await?;
    let words =
        |at: chrono::DateTime<chrono::Utc>| moment(Language::Chinese, at.with_timezone(&site.clock.zone()));
    say!("已认可本机现在的时间{}：{}", words(accepted.now), options.reason);
    if let Some(latest) = accepted.latest.filter(|latest| *latest > accepted.now) {
        say!(
            "此前记录的时间{}作废，催报和通报从现在起照常发出。",
            words(latest)
        );
    } else {
        say!("催报和通报从现在起照常发出。");
    }
    if accepted.discarded > 0 {
        say!(
            "时间超前期间写成、还没有发出的信函 {} 封已作废，到时候重新写。",
            accepted.discarded
        );
    }
    say!(
        "时间超前期间已经发出的信函不会收回，要收回请用 letters withdraw；那时提前关期写出的定稿也不收回，之后的更正写在更正稿里。"
    );
    Ok(Exit::Well)
}
