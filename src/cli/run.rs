//! `run`: the daemon, or one pass with `--once`.

mod rehearsal;

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

use super::args::{Common, Run};
use super::{Exit, Misuse, output, site};
use crate::daemon::{self, Terminate};
use crate::jobs::clock::Clock;
use crate::jobs::pass;
use crate::jobs::site::Site;
use crate::store::{in_words, may_pass, remedy};
use crate::web::{self, Handed};

/// How long to wait before a site that couldn't be opened is tried again.
const BETWEEN_TRIES: Duration = Duration::from_secs(5);

/// Runs.
///
/// # Errors
/// Wrong configuration, another daemon on the same data, or the database is gone.
pub async fn run(common: &Common, options: &Run) -> anyhow::Result<Exit> {
    run_with(common, options, Handed::default()).await
}

/// The same, with a socket for the page that is open already.
///
/// # Errors
/// See [`run`].
pub async fn run_with(common: &Common, options: &Run, handed: Handed) -> anyhow::Result<Exit> {
    if common.now.is_some() && !options.once {
        return Err(Misuse("--now 只用于演练，请与 --once 同用".into()).into());
    }
    let site = if options.rehearse {
        rehearsal::open(common).await?
    } else if options.once {
        site::open(common).await?
    } else {
        open_patiently(common).await?
    };
    if !options.rehearse && site.transport.sends_for_real() && is_off(common, &site) {
        return Err(Misuse(
            "邮件会真的寄出，--now 不能与现在相差十分钟以上。演练请加 --rehearse：在副本上处理，信函只写成文件".into(),
        )
        .into());
    }
    for problem in site.problems() {
        eprintln!("{problem}");
    }
    if site.programs().is_empty() {
        return Err(Misuse("没有可用的方案，不启动".into()).into());
    }
    let Some(_running) = pass::become_the_one(&site.options)? else {
        return Err(Misuse(format!(
            "已有一个 taizhang 在使用数据目录 {}，不能再启动一个",
            site.options.data.display()
        ))
        .into());
    };
    // Whoever is told to stop once the share is ours gives it back first.
    let mut terminate = (!options.once).then(Terminate::new).transpose()?;
    match take_hold(&site, terminate.as_mut()).await? {
        Hold::Ours => {}
        Hold::Refused(reason) => return Err(Misuse(format!("{reason}。不启动")).into()),
        Hold::Stopped => return Ok(Exit::Well),
    }
    if let Some(terminate) = terminate {
        let page = web::Options {
            handed,
            ..site::page_options(common)?
        };
        daemon::run(site, page, terminate).await?;
        return Ok(Exit::Well);
    }
    let bar = output::bar("收文");
    // The share stays ours until the next pass: from cron it is no end of work.
    let (round, reminded) = pass::once(&site, &output::progress(&bar)).await?;
    bar.finish_and_clear();
    if let Some(away) = round.away {
        eprintln!("{away}");
        return Ok(Exit::NotWell);
    }
    let drafts = match round.drafts {
        0 => String::new(),
        drafts => format!("，审核草稿 {drafts} 份"),
    };
    say!(
        "收文 {} 个{drafts}，新写信函 {} 封，发出 {} 封。运行情况见 {}",
        round.taken,
        reminded.walked.letters,
        reminded.sent,
        site.options.output.join("运行情况.txt").display()
    );
    Ok(if site.problems().is_empty() {
        Exit::Well
    } else {
        Exit::NotWell
    })
}

/// What came of taking hold of the share.
enum Hold {
    Ours,
    /// Why it isn't to be had.
    Refused(String),
    /// Told to stop before that.
    Stopped,
}

/// Takes hold of the share. On a disk that is full or fails the daemon, which
/// may be told to stop, waits.
async fn take_hold(site: &Arc<Site>, mut terminate: Option<&mut Terminate>) -> anyhow::Result<Hold> {
    let mut said = false;
    loop {
        let error = match pass::take_hold(site).await {
            Ok(None) => return Ok(Hold::Ours),
            Ok(Some(reason)) => return Ok(Hold::Refused(reason)),
            Err(error) => error,
        };
        let Some(terminate) = terminate.as_deref_mut().filter(|_| may_pass(&error)) else {
            return Err(error);
        };
        if !std::mem::replace(&mut said, true) {
            let todo = remedy(&error).unwrap_or_default();
            tracing::error!(error = in_words(&error), "还不能开始，每隔几秒再试：{todo}");
        }
        tokio::select! {
            () = tokio::time::sleep(BETWEEN_TRIES) => {}
            () = terminate.wait() => return Ok(Hold::Stopped),
        }
    }
}

/// Opens the site for the daemon. On a disk that is full or fails, which it may
/// have come back to after a power cut, it waits: nobody is there to start it again.
async fn open_patiently(common: &Common) -> anyhow::Result<Arc<Site>> {
    let mut said = false;
    loop {
        match site::open(common).await {
            Err(error) if may_pass(&error) => {
                if !std::mem::replace(&mut said, true) {
                    let todo = remedy(&error).unwrap_or_default();
                    tracing::error!(error = in_words(&error), "还打不开，每隔几秒再试：{todo}");
                }
                tokio::time::sleep(BETWEEN_TRIES).await;
            }
            outcome => return outcome,
        }
    }
}

/// Whether the time given lies more than ten minutes off the machine's clock.
fn is_off(common: &Common, site: &Site) -> bool {
    let machine = Clock::system(chrono_tz::UTC).utc();
    common
        .now
        .is_some_and(|now| (now.instant(site.clock.zone()) - machine).abs() > TimeDelta::minutes(10))
}
