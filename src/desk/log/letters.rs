//! What lines of the journal say of letters, and other details, in words.

use std::collections::{BTreeSet, HashMap};

use crate::domain::finding::Verdict;
use crate::domain::ids::{LetterId, ProgramId, UnitId};
use crate::domain::language::worded;
use crate::domain::letters::{LetterState, NoticeRecord};
use crate::domain::period::Period;
use crate::jobs::remind::number_of;
use crate::jobs::site::Site;
use crate::store::{JournalLine, LetterTitle};

/// The letters that lines speak of, with what stands in them.
pub(super) struct Letters {
    titles: HashMap<LetterId, LetterTitle>,
    /// Of letters about several programmes; the others' lines say it themselves.
    notices: HashMap<LetterId, Vec<NoticeRecord>>,
}

impl Letters {
    /// Asks the database.
    ///
    /// # Errors
    /// The database can't be read.
    pub async fn of(site: &Site, lines: &[JournalLine]) -> anyhow::Result<Self> {
        let of = |lines: Vec<&JournalLine>| -> Vec<LetterId> {
            let ids: BTreeSet<LetterId> = lines.into_iter().filter_map(|line| line.letter).collect();
            ids.into_iter().collect()
        };
        let titles = site.store.letter_titles(&of(lines.iter().collect())).await?;
        let several = lines.iter().filter(|line| line.program.is_none()).collect();
        let notices = site.store.notices_of_all(&of(several)).await?;
        Ok(Self { titles, notices })
    }

    fn notices(&self, line: &JournalLine) -> &[NoticeRecord] {
        let own = line.letter.and_then(|id| self.notices.get(&id));
        own.map_or(&[], Vec::as_slice)
    }

    fn title(&self, line: &JournalLine) -> Option<&LetterTitle> {
        self.titles.get(&line.letter?)
    }
}

/// Programme, unit and period; of a letter's line those that all of it is about.
pub(super) fn about(
    letters: &Letters,
    line: &JournalLine,
) -> (Option<ProgramId>, Option<UnitId>, Option<Period>) {
    let notices = letters.notices(line);
    (
        line.program
            .clone()
            .or_else(|| shared(notices, |own| Some(&own.key.program))),
        line.unit
            .clone()
            .or_else(|| shared(notices, |own| own.unit.as_ref())),
        line.period
            .clone()
            .or_else(|| shared(notices, |own| Some(&own.key.period))),
    )
}

/// What all notices have in common.
fn shared<T: Clone + PartialEq>(
    notices: &[NoticeRecord],
    of: impl Fn(&NoticeRecord) -> Option<&T>,
) -> Option<T> {
    let (first, rest) = notices.split_first()?;
    let own = of(first);
    own.filter(|_| rest.iter().all(|other| of(other) == own)).cloned()
}

/// What else there is to say, in words.
pub(super) fn detail(site: &Site, letters: &Letters, line: &JournalLine) -> String {
    let language = site.language();
    let messages = site.messages(language);
    if let Some(title) = letters.title(line) {
        let said = line.detail.split(' ').nth(1).and_then(LetterState::parse);
        let comma = language.either("，", ", ");
        let state = said.map(|state| format!("{comma}{}", state.words(language)));
        let state = state.unwrap_or_default();
        return worded!(
            language,
            "{}“{}”{state}",
            "{} “{}”{state}",
            number_of(title.id, title.created, site.clock.zone()),
            title.subject
        );
    }
    if line.what == "rechecked"
        && let Some((before, rest)) = line.detail.split_once(" -> ")
    {
        let (after, why) = rest.split_once('：').unwrap_or((rest, ""));
        let word = |code: &str| {
            Verdict::parse(code)
                .map_or_else(|| code.to_owned(), |verdict| messages.verdict(verdict).to_owned())
        };
        let why = if why.is_empty() {
            String::new()
        } else {
            worded!(language, "：{why}", ": {why}")
        };
        return format!("{}→{}{why}", word(before), word(after));
    }
    let version = line.detail.strip_prefix('v').and_then(|rest| {
        let (number, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let number: u32 = number.parse().ok()?;
        // Which submissions a master has is for programs.
        let rest = if line.what == "master" { "" } else { rest };
        let words = worded!(language, "第{number}版 {rest}", "version {number} {rest}");
        Some(words.trim_end().to_owned())
    });
    version.unwrap_or_else(|| line.detail.clone())
}
