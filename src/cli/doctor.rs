//! `doctor`: what is well, what is worth knowing, what is wrong and what to do.

use super::args::{Common, Doctor};
use super::{Exit, site};
use crate::desk::doctor::{Health, Line, configured, doctor, unopened};
use crate::desk::mailing::try_out;
use crate::jobs::site::Site;
use crate::web::health_lines;

/// Checks everything.
///
/// # Errors
/// The configuration is wrong, or the site can't be opened at all.
pub async fn run(common: &Common, wanted: &Doctor) -> anyhow::Result<Exit> {
    let (options, clock) = site::options(common)?;
    let zone = clock.zone();
    let mut lines = vec![configured(&common.config)];
    let site = match Site::open(options.clone(), clock).await {
        Ok(site) => site::opened(site),
        // The rest can't be looked at, but just now what is known must be said.
        Err(error) => {
            lines.extend(unopened(&options, zone, &error));
            return Ok(tell(&lines));
        }
    };
    if let Some(address) = &wanted.send_test {
        return Ok(tell(&[try_out(&site, &site::actor(common)?, address).await?]));
    }
    lines.extend(doctor(&site).await?);
    lines.extend(health_lines(&site::page_options(common)?, &site).await?);
    Ok(tell(&lines))
}

/// Prints the lines; whether all is well.
fn tell(lines: &[Line]) -> Exit {
    let mut failed = false;
    for line in lines {
        let word = match line.health {
            Health::Well => "正常",
            Health::Note => "提示",
            Health::Fail => {
                failed = true;
                "问题"
            }
        };
        say!("[{word}] {}：{}", line.about, line.words);
    }
    if failed { Exit::NotWell } else { Exit::Well }
}
