//! The journal: who did what when.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::named::among;
use super::times::instant;
use super::{Misuse, named};
use crate::domain::account::Account;
use crate::domain::actor::Via;
use crate::domain::dates::civil;
use crate::domain::finding::Verdict;
use crate::domain::ids::{LetterId, ProgramId, SubmissionId, UnitId};
use crate::domain::language::Language;
use crate::domain::letters::{Letter, LetterState, NoticeRecord};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::jobs::notes::period_label;
use crate::jobs::remind::number;
use crate::jobs::site::Site;
use crate::store::JournalLine;

/// What is done, as the journal and as people call it.
const KINDS: [(&str, &str); 42] = [
    ("accepted", "审核通过"),
    ("accepted_with_warnings", "审核通过"),
    ("returned", "退回修改"),
    ("unclaimed", "待确认"),
    ("unreadable", "无法读取"),
    ("quarantined", "已隔离"),
    ("duplicate", "与已报送文件相同"),
    ("ignored", "未收取"),
    ("attachment", "附件"),
    ("draft", "草稿"),
    ("claimed", "认领"),
    ("moved", "改归别处"),
    ("accepted-by-office", "按原样接收"),
    ("withdrawn", "撤回报送"),
    ("rejected", "退回材料"),
    ("rechecked", "重新审核"),
    ("exempted", "免报"),
    ("exemption-undone", "取消免报"),
    ("extended", "延期"),
    ("assigned", "明确牵头单位"),
    ("account-added", "增加用户"),
    ("account-reset", "重置密码"),
    ("account-disabled", "停用用户"),
    ("letter", "信函"),
    ("letter-approved", "核准信函"),
    ("letter-discarded", "信函不发"),
    ("letter-retried", "重发信函"),
    ("letter-withdrawn", "撤销信函"),
    ("letter-done", "信函已送达"),
    ("master", "汇总台账"),
    ("master-edited", "汇总台账被人工改动"),
    ("remark", "批示和办理情况"),
    ("clock-accepted", "认可本机时间"),
    ("holidays-imported", "导入放假安排"),
    ("recovered", "恢复"),
    ("recovered-submission", "恢复的报送"),
    ("trial-ended", "试运行结束"),
    ("tried-again", "重新处理"),
    ("folder-made-again", "重建文件夹"),
    ("rows-left-out", "同时送来的另有未计入的行"),
    ("share-taken-over", "接管共享文件夹"),
    ("sentinel-repaired", "改回标志文件"),
];

fn label(what: &str) -> &str {
    let known = KINDS.iter().find(|(own, _)| *own == what);
    known.map_or(what, |(_, label)| label)
}

/// Which lines are asked for, as people say it; what isn't named is no matter.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Programme.
    pub program: Option<String>,
    /// Unit.
    pub unit: Option<String>,
    /// Period.
    pub period: Option<String>,
    /// What was done, as the journal or as people call it.
    pub kinds: Vec<String>,
    /// From this day on.
    pub from: Option<NaiveDate>,
    /// Up to and with this day.
    pub to: Option<NaiveDate>,
    /// The last so many; all where none is said.
    pub last: Option<usize>,
}

/// What the journal says.
#[derive(Debug, Clone, Serialize)]
pub struct Answer {
    /// The lines, oldest first.
    pub lines: Vec<LineAnswer>,
    /// How many older ones are asked for too.
    pub left_out: usize,
}

/// A line of the journal.
#[derive(Debug, Clone, Serialize)]
pub struct LineAnswer {
    /// When.
    #[serde(serialize_with = "instant")]
    pub at: DateTime<Tz>,
    /// Who.
    pub by: String,
    /// By which way.
    pub via: Via,
    /// The program did it by itself.
    pub by_itself: bool,
    /// What, in one word.
    pub what: String,
    /// What, as people call it.
    pub label: String,
    /// Programme id.
    pub program: Option<String>,
    /// Unit: its name in the roster, or its id where it has left.
    pub unit: Option<String>,
    /// Unit: its display name, or its id where it has left.
    pub unit_shown: Option<String>,
    /// Period.
    pub period: Option<String>,
    /// Period as people say it.
    pub period_label: Option<String>,
    /// Submission.
    pub submission: Option<SubmissionId>,
    /// Letter.
    pub letter: Option<LetterId>,
    /// What else there is to say.
    pub detail: String,
}

/// What the journal says of what is asked for.
///
/// # Errors
/// There is no such programme, unit, period or kind ([`Misuse`]); the database
/// can't be read.
pub async fn log(site: &Site, asked: &Asked) -> anyhow::Result<Answer> {
    let wanted = Wanted::of(site, asked)?;
    let zone = site.clock.zone();
    let midnight = |day: NaiveDate| civil(zone, day, NaiveTime::MIN).to_utc();
    let after = asked.to.and_then(|day| day.checked_add_days(Days::new(1)));
    let lines = site
        .store
        .journal_between(asked.from.map(midnight), after.map(midnight))
        .await?;
    let letters = Letters::of(site, &lines).await?;
    let mut lines: Vec<JournalLine> = lines
        .into_iter()
        .filter(|line| wanted.fits(line, letters.notices(line)))
        .collect();
    let left_out = asked.last.map_or(0, |last| lines.len().saturating_sub(last));
    lines.drain(..left_out);
    Ok(Answer {
        lines: lines.iter().map(|line| answer(site, &letters, line)).collect(),
        left_out,
    })
}

/// What the journal says of one submission, oldest first.
///
/// # Errors
/// The database can't be read.
pub(super) async fn of_submission(site: &Site, id: SubmissionId) -> anyhow::Result<Vec<LineAnswer>> {
    let lines = site.store.journal_of(id).await?;
    let letters = Letters::of(site, &lines).await?;
    Ok(lines.iter().map(|line| answer(site, &letters, line)).collect())
}

/// The last lines since an instant, cut to an account's programmes, oldest first.
///
/// # Errors
/// The database can't be read.
pub(super) async fn since(
    site: &Site,
    account: &Account,
    at: DateTime<Utc>,
    most: usize,
) -> anyhow::Result<Vec<LineAnswer>> {
    let mut lines = site.store.journal_since(at, most).await?;
    lines.retain(|line| match &line.program {
        Some(program) => account.has(program),
        // What is about the whole site is for those who have to do with all of it.
        None => account.programs.is_empty(),
    });
    let letters = Letters::of(site, &lines).await?;
    Ok(lines.iter().map(|line| answer(site, &letters, line)).collect())
}

fn answer(site: &Site, letters: &Letters, line: &JournalLine) -> LineAnswer {
    let (program, unit, period) = about(letters, line);
    let found = program.as_deref().and_then(|id| site.program(id));
    let own = unit.as_deref().and_then(|id| found.as_ref()?.roster.unit(id));
    LineAnswer {
        at: line.at.with_timezone(&site.clock.zone()),
        by: line.by.clone(),
        via: line.via,
        by_itself: line.via == Via::Program,
        what: line.what.clone(),
        label: label(&line.what).to_owned(),
        unit_shown: own
            .map(|own| own.display_name.clone())
            .or_else(|| unit.clone().map(String::from)),
        unit: own.map(|own| own.name.clone()).or(unit.map(String::from)),
        program: program.map(String::from),
        period_label: period.as_ref().map(|period| match &found {
            Some(program) => period_label(program, period),
            None => period.to_string(),
        }),
        period: period.map(|period| period.to_string()),
        submission: line.submission,
        letter: letter_of(line),
        detail: detail(site, letters, line),
    }
}

/// What was asked for.
struct Wanted {
    program: Option<Arc<Program>>,
    /// Programme and unit.
    units: Option<BTreeSet<(ProgramId, UnitId)>>,
    /// Programme and period.
    periods: Option<BTreeSet<(ProgramId, Period)>>,
    kinds: BTreeSet<&'static str>,
}

impl Wanted {
    fn of(site: &Site, asked: &Asked) -> anyhow::Result<Self> {
        let program = asked
            .program
            .as_deref()
            .map(|named| named::program(site, Some(named)))
            .transpose()?;
        let named = program.as_deref();
        let units = asked.unit.as_deref();
        let units = units
            .map(|text| named::units_called(site, named, text))
            .transpose()?;
        let periods = asked.period.as_deref();
        let periods = periods
            .map(|text| named::periods_called(site, named, text))
            .transpose()?;
        let mut kinds = BTreeSet::new();
        for word in &asked.kinds {
            let found = KINDS.iter().filter(|(own, label)| own == word || label == word);
            let before = kinds.len();
            kinds.extend(found.map(|(own, _)| *own));
            if kinds.len() == before {
                let known: Vec<String> = KINDS
                    .iter()
                    .map(|(own, label)| format!("{label}（{own}）"))
                    .collect();
                return Err(Misuse(format!("没有“{word}”这一类记录，可用：{}", known.join("、"))).into());
            }
        }
        Ok(Self {
            program,
            units,
            periods,
            kinds,
        })
    }

    /// Whether a line is asked for; a letter's is about all that its letter speaks of.
    fn fits(&self, line: &JournalLine, notices: &[NoticeRecord]) -> bool {
        if !self.kinds.is_empty() && !self.kinds.contains(line.what.as_str()) {
            return false;
        }
        let fits = |program: Option<&ProgramId>, unit: Option<&UnitId>, period: Option<&Period>| {
            self.program.as_ref().is_none_or(|own| Some(&own.id) == program)
                && among(self.units.as_ref(), program, unit)
                && among(self.periods.as_ref(), program, period)
        };
        let told = |own: &NoticeRecord| {
            let key = &own.key;
            fits(Some(&key.program), own.unit.as_ref(), Some(&key.period))
        };
        fits(line.program.as_ref(), line.unit.as_ref(), line.period.as_ref()) || notices.iter().any(told)
    }
}

/// The letters that lines speak of, with what stands in them.
struct Letters {
    letters: BTreeMap<LetterId, Letter>,
    notices: HashMap<LetterId, Vec<NoticeRecord>>,
}

impl Letters {
    async fn of(site: &Site, lines: &[JournalLine]) -> anyhow::Result<Self> {
        let ids: BTreeSet<LetterId> = lines.iter().filter_map(letter_of).collect();
        let all = site.store.letters(&[]).await?;
        let letters: BTreeMap<LetterId, Letter> = all
            .into_iter()
            .filter(|letter| ids.contains(&letter.id))
            .map(|letter| (letter.id, letter))
            .collect();
        let ids: Vec<LetterId> = ids.into_iter().collect();
        let notices = site.store.notices_of_all(&ids).await?;
        Ok(Self { letters, notices })
    }

    fn notices(&self, line: &JournalLine) -> &[NoticeRecord] {
        let own = letter_of(line).and_then(|id| self.notices.get(&id));
        own.map_or(&[], Vec::as_slice)
    }

    fn letter(&self, line: &JournalLine) -> Option<&Letter> {
        self.letters.get(&letter_of(line)?)
    }
}

/// The letter that a line is about: its number begins the line's detail.
fn letter_of(line: &JournalLine) -> Option<LetterId> {
    line.what
        .starts_with("letter")
        .then(|| line.detail.split(' ').next()?.parse().ok())
        .flatten()
}

/// Programme, unit and period; of a letter's line those that all of it is about.
fn about(letters: &Letters, line: &JournalLine) -> (Option<ProgramId>, Option<UnitId>, Option<Period>) {
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
fn detail(site: &Site, letters: &Letters, line: &JournalLine) -> String {
    let messages = site.messages(Language::Chinese);
    if let Some(letter) = letters.letter(line) {
        let said = line.detail.split(' ').nth(1).and_then(LetterState::parse);
        let state = said.map(|state| format!("，{}", state.label()));
        let state = state.unwrap_or_default();
        return format!(
            "{}“{}”{state}",
            number(letter, site.clock.zone()),
            letter.text.subject
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
            format!("：{why}")
        };
        return format!("{}→{}{why}", word(before), word(after));
    }
    let version = line.detail.strip_prefix('v').and_then(|rest| {
        let (number, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let number: u32 = number.parse().ok()?;
        // Which submissions a master has is for programs.
        let rest = if line.what == "master" { "" } else { rest };
        Some(format!("第{number}版 {rest}").trim_end().to_owned())
    });
    version.unwrap_or_else(|| line.detail.clone())
}
