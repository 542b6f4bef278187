//! How long a round of a running daemon takes where nothing is new, on a site
//! that is there: `cargo run --release --example rounds FOLDER NOW`, NOW like
//! `2020-07-08T10:30:00+08:00`. Median of twenty, after a first one.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use chrono::DateTime;
use taizhang::config::Config;
use taizhang::domain::letters::Hold;
use taizhang::jobs::clock::Clock;
use taizhang::jobs::ingest::{Intake, Look};
use taizhang::jobs::site::Site;
use taizhang::jobs::{consolidate, pass, remind};

const TIMES: usize = 20;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().context("which folder?")?);
    let now = DateTime::parse_from_rfc3339(&arguments.next().context("when?")?)?;
    let config = Config::load(&folder.join("config.toml"))?;
    let mut options = taizhang::daemon::options(&config);
    options.settle = Duration::ZERO;
    let clock = Clock::standing(config.site.zone, now.to_utc());
    let site = Arc::new(Site::open(options, clock).await?);
    pass::prepare(&site).await?.await?;
    let mut intake = Intake::new(&site, false);
    let (mut looks, mut walks, mut masters) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..=TIMES {
        let began = Instant::now();
        pass::take(&site, &mut intake, Look::All).await?;
        looks.push(began.elapsed());
        let began = Instant::now();
        remind::remind(&site, Hold::default()).await?;
        walks.push(began.elapsed());
        let began = Instant::now();
        consolidate::all(&site).await?;
        masters.push(began.elapsed());
    }
    say("a look at the whole share", &looks);
    say("a walk along all ladders (once a minute)", &walks);
    say("all masters compared (once an hour, and after news)", &masters);
    Ok(())
}

fn say(what: &str, taken: &[Duration]) {
    let mut later: Vec<f64> = taken
        .iter()
        .skip(1)
        .map(|own| own.as_secs_f64() * 1000.0)
        .collect();
    later.sort_by(f64::total_cmp);
    let (low, high) = (later[0], later[later.len() - 1]);
    println!("{what}: {:.0} ms ({low:.0}–{high:.0})", later[later.len() / 2]);
}
