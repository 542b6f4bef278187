//! Time goes on to the due date and beyond, and letters are written.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::set_clock;
use crate::domain::ids::LetterId;
use crate::domain::ladder::Kind;
use crate::domain::language::Language;
use crate::domain::letters::{Letter, LetterState};
use crate::jobs::pass;
use crate::jobs::progress::Progress;
use crate::jobs::site::Site;

/// Tells which letters were written so far, lets days pass and tells what each brings.
///
/// # Errors
/// The database or the disk can't take it: say so; the demo is made anew.
pub async fn run(
    site: &Arc<Site>,
    known: &mut Option<LetterId>,
    so_far: &str,
    days: &[(&str, &str)],
) -> anyhow::Result<()> {
    tell(&site.store.letters(&[]).await?, known, so_far);
    for (at, words) in days {
        set_clock(site, at)?;
        pass::once(site, &Progress::default()).await?;
        tell(&site.store.letters(&[]).await?, known, words);
    }
    Ok(())
}

/// Prints the letters with a number above the last one told.
fn tell(letters: &[Letter], known: &mut Option<LetterId>, when: &str) {
    let mut of_kind: BTreeMap<(Kind, &str, &str), Vec<&str>> = BTreeMap::new();
    for letter in letters.iter().filter(|letter| Some(letter.id) > *known) {
        let key = (letter.kind, label(letter), state(letter.state));
        let names = of_kind.entry(key).or_default();
        names.extend(letter.addressed.to.iter().map(|to| to.name.as_str()));
    }
    *known = letters.iter().map(|letter| letter.id).max().or(*known);
    if of_kind.is_empty() {
        return;
    }
    say!("  {when}");
    for ((_, label, state), names) in of_kind {
        let shown = match names.as_slice() {
            [first, second, third, _, ..] => format!("{first}、{second}、{third}等{}个收件人", names.len()),
            few => few.join("、"),
        };
        say!("    {label}{state}：{shown}");
    }
}

/// What a letter is called; what is overdue and what lags are reported alike, under titles of their own.
fn label(letter: &Letter) -> &str {
    let title = letter.text.subject.trim_start_matches('【').split('】').next();
    match letter.kind {
        Kind::Escalation => title.unwrap_or_default(),
        kind => kind.label(Language::Chinese),
    }
}

fn state(state: LetterState) -> &'static str {
    match state {
        LetterState::Draft => "（草稿，待核准）",
        LetterState::Discarded => "（发出前已报送，没有发）",
        _ => "",
    }
}

/// Where the letters lie.
#[must_use]
pub fn folder(site: &Site) -> PathBuf {
    site.options.mail.folder.clone()
}
