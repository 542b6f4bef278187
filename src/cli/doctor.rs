//! `doctor`: what is well, what is worth knowing, what is wrong and what to do.

use super::args::{Common, Doctor};
use super::{Exit, site};
use crate::desk::accounts::{FIRST_FILE, users};
use crate::desk::doctor::{Health, Line, configured, doctor, send_test, unopened};
use crate::jobs::site::Site;
use crate::web::faulty_words;

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
        return Ok(tell(&[send_test(&site, address).await]));
    }
    lines.extend(doctor(&site).await?);
    lines.extend(page(common, &site).await?);
    Ok(tell(&lines))
}

/// Where the office's page is, who may log in, and what is wrong with its words.
///
/// # Errors
/// The configuration is wrong, or the database can't be read.
async fn page(common: &Common, site: &Site) -> anyhow::Result<Vec<Line>> {
    let page = site::page_options(common)?;
    let mut lines = Vec::new();
    let line = |health, words| Line {
        health,
        about: "网页",
        words,
    };
    match page.listen {
        None => lines.push(line(Health::Well, "不开（[web] listen 是空的）".to_owned())),
        Some(listen) => {
            let own = page.address(listen);
            let users = users(site).await?.iter().filter(|own| !own.disabled).count();
            lines.push(match users {
                0 => {
                    let file = site.options.data.join(FIRST_FILE);
                    let words = format!(
                        "{own}，还没有用户；运行后按 {} 里的地址建立第一个",
                        file.display()
                    );
                    line(Health::Note, words)
                }
                users => line(Health::Well, format!("{own}，{users}个用户")),
            });
            if page.is_exposed() {
                let words =
                    "没有加密，密码和台账在网上明文传送；在 [web] 里配上 tls_cert 和 tls_key".to_owned();
                lines.push(line(Health::Note, words));
            }
        }
    }
    let wrong = faulty_words(&site.options.templates);
    lines.extend(wrong.into_iter().map(|words| line(Health::Fail, words)));
    Ok(lines)
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
