//! First period and due day, where the document leaves them open: one value of
//! the programme's definition each, all else of it stays letter by letter.

use std::sync::Arc;

use anyhow::Context as _;

use super::Answers;
use super::plan::{chosen, day_of};
use crate::desk::{Misuse, misuse};
use crate::domain::definition::{quoted, with_value};
use crate::jobs::site::Site;
use crate::platform::durable::write_whole;

/// What was typed for a programme.
#[derive(Debug, Clone)]
pub struct Redated {
    /// Its id.
    pub program: String,
    /// The first period, as definitions write it.
    pub first: String,
    /// The due day.
    pub day: String,
}

/// Takes first periods and due days, where they may be changed.
///
/// # Errors
/// One can't be; those before it were taken ([`Misuse`]). A definition can't be written.
pub async fn redate(site: &Arc<Site>, answers: &Answers, typed: &[Redated]) -> anyhow::Result<()> {
    for program in chosen(site, answers) {
        let Some(own) = typed.iter().find(|own| program.id == *own.program) else {
            continue;
        };
        let folder = site.options.templates.join("programs").join(program.id.as_str());
        let file = folder.join("program.toml");
        let before = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let mut text = before.clone();
        let first = own.first.trim();
        if program.is_assumed("cycle.first") && !first.is_empty() {
            text = with_value(&text, &["cycle", "first"], &quoted(first)).unwrap_or(text);
        }
        if day_of(&program).is_some() && !own.day.trim().is_empty() {
            let Ok(day) = own.day.trim().parse::<u32>() else {
                misuse!(
                    site.language(),
                    "{}：截止日“{}”不是数",
                    "{}: the due day “{}” isn't a number",
                    program.name,
                    own.day.trim()
                )
            };
            text = with_value(&text, &["deadline", "day"], &day.to_string()).unwrap_or(text);
        }
        if text == before {
            continue;
        }
        let blocked = || format!("{} 写不了", file.display());
        write_whole(&file, text.as_bytes()).with_context(blocked)?;
        if let Err(problems) = site.read_program(&folder) {
            write_whole(&file, before.as_bytes()).with_context(blocked)?;
            let words = problems
                .first()
                .map(|own| format!("{}{}", own.message, own.remedy));
            return Err(Misuse(format!("{}：{}", program.name, words.unwrap_or_default())).into());
        }
    }
    let site = Arc::clone(site);
    tokio::task::spawn_blocking(move || site.reload()).await?;
    Ok(())
}
