//! What `doctor` says about the page itself.

use super::{Options, faulty_words};
use crate::desk::Site;
use crate::desk::accounts::{FIRST_FILE, users};
use crate::desk::doctor::{Health, Line};

/// Where the page is, who may log in, and what is wrong with its words.
///
/// # Errors
/// The database can't be read.
pub async fn lines(options: &Options, site: &Site) -> anyhow::Result<Vec<Line>> {
    let mut lines = Vec::new();
    let line = |health, words| Line {
        health,
        about: "网页",
        words,
    };
    match options.listen {
        None => lines.push(line(Health::Well, "不开（[web] listen 是空的）".to_owned())),
        Some(listen) => {
            let own = options.address(listen);
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
            if options.is_exposed() {
                let words =
                    "没有加密，密码和台账在网上明文传送；在 [web] 里配上 tls_cert 和 tls_key".to_owned();
                lines.push(line(Health::Note, words));
            }
        }
    }
    let wrong = faulty_words(&site.options.templates, site.language());
    lines.extend(wrong.into_iter().map(|words| line(Health::Fail, words)));
    Ok(lines)
}
