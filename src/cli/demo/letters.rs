//! The demo's second half: time goes on to the due date and beyond.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::DateTime;

use crate::domain::ids::LetterId;
use crate::domain::ladder::Kind;
use crate::domain::language::Language;
use crate::domain::letters::{Letter, LetterState};
use crate::jobs::pass;
use crate::jobs::progress::Progress;
use crate::jobs::site::Site;

/// On the due date; one, three and five working days after it; when the period closes.
const DAYS: [(&str, &str); 5] = [
    ("2024-12-05T09:00:00+08:00", "12月5日9:00，截止当日"),
    ("2024-12-06T09:00:00+08:00", "12月6日9:00，逾期1个工作日"),
    ("2024-12-10T09:00:00+08:00", "12月10日9:00，逾期3个工作日"),
    ("2024-12-12T09:00:00+08:00", "12月12日9:00，逾期5个工作日"),
    ("2024-12-16T17:30:00+08:00", "12月16日17:30，本期关期"),
];

/// The last of the days, for the commands that the demo proposes.
pub const LAST: &str = DAYS[DAYS.len() - 1].0;

/// Lets the days pass and tells which letters were written.
///
/// # Errors
/// The database or the disk can't take it: say so; the demo is made anew.
pub async fn run(site: &Arc<Site>) -> anyhow::Result<()> {
    let mut known = None;
    let letters = site.store.letters(&[]).await?;
    tell(&letters, &mut known, "到12月4日为止");
    for (at, words) in DAYS {
        site.clock.set(DateTime::parse_from_rfc3339(at)?.to_utc());
        pass::once(site, &Progress::default()).await?;
        let letters = site.store.letters(&[]).await?;
        tell(&letters, &mut known, words);
    }
    Ok(())
}

/// Prints the letters with a number above the last one told.
fn tell(letters: &[Letter], known: &mut Option<LetterId>, when: &str) {
    let mut of_kind: BTreeMap<(Kind, &str), Vec<&str>> = BTreeMap::new();
    for letter in letters.iter().filter(|letter| Some(letter.id) > *known) {
        let names = of_kind.entry((letter.kind, state(letter.state))).or_default();
        names.extend(letter.addressed.to.iter().map(|to| to.name.as_str()));
    }
    *known = letters.iter().map(|letter| letter.id).max().or(*known);
    if of_kind.is_empty() {
        return;
    }
    say!("  {when}");
    for ((kind, state), names) in of_kind {
        let shown = match names.as_slice() {
            [first, second, third, _, ..] => format!("{first}、{second}、{third}等{}个收件人", names.len()),
            few => few.join("、"),
        };
        say!("    {}{state}：{shown}", kind.label(Language::Chinese));
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
