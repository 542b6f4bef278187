//! `log`: who did what when.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{Days, NaiveDate, NaiveTime};
use serde::Serialize;

use super::args::{Common, Log, TextFormat};
use super::{Exit, Misuse, output, site};
use crate::desk::named;
use crate::domain::actor::PROGRAM;
use crate::domain::finding::Verdict;
use crate::domain::ids::{LetterId, ProgramId, SubmissionId, UnitId};
use crate::domain::period::Period;
use crate::domain::program::{Language, Program, civil};
use crate::jobs::notes::period_label;
use crate::jobs::remind::number;
use crate::jobs::site::Site;
use crate::store::{JournalLine, Letter, LetterState, NoticeRecord};

/// What is done, as the journal and as people call it.
const KINDS: [(&str, &str); 37] = [
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
    ("rechecked", "重新审核"),
    ("exempted", "免报"),
    ("exemption-undone", "取消免报"),
    ("extended", "延期"),
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

/// Prints the journal.
///
/// # Errors
/// An unknown programme, unit, period or kind, or the database is gone.
pub async fn run(common: &Common, options: &Log) -> anyhow::Result<Exit> {
    let (site, _scratch) = site::open_to_look(common).await?;
    let wanted = Wanted::of(&site, options)?;
    let zone = site.clock.zone();
    let midnight = |day: NaiveDate| civil(zone, day, NaiveTime::MIN).to_utc();
    let after = options.to.and_then(|day| day.checked_add_days(Days::new(1)));
    let lines = site
        .store
        .journal_between(options.from.map(midnight), after.map(midnight))
        .await?;
    let letters = Letters::of(&site, &lines).await?;
    let mut lines: Vec<JournalLine> = lines
        .into_iter()
        .filter(|line| wanted.fits(line, letters.notices(line)))
        .collect();
    let left_out = lines.len().saturating_sub(options.last);
    lines.drain(..left_out);
    if options.format == TextFormat::Json {
        let all: Vec<Shown> = lines.iter().map(|line| shown(&site, &letters, line)).collect();
        output::json(&all)?;
        return Ok(Exit::Well);
    }
    if lines.is_empty() {
        say!("没有这样的记录。");
        return Ok(Exit::Well);
    }
    let rows: Vec<Vec<String>> = lines.iter().map(|line| row(&site, &letters, line)).collect();
    output::table(
        &["时间", "谁", "做了什么", "单位", "报告期", "编号", "说明"],
        &rows,
    );
    if left_out > 0 {
        say!("前面还有{left_out}条；要看全部，加 --last 0，或者用 --from、--to 限定日期。");
    }
    Ok(Exit::Well)
}

/// What was asked for.
struct Wanted {
    program: Option<Arc<Program>>,
    /// Programme and unit.
    units: Option<BTreeSet<(ProgramId, UnitId)>>,
    /// Programme and period.
    periods: Option<BTreeSet<(ProgramId, String)>>,
    kinds: BTreeSet<&'static str>,
}

impl Wanted {
    fn of(site: &Site, options: &Log) -> anyhow::Result<Self> {
        let program = options
            .program
            .as_deref()
            .map(|named| named::program(site, Some(named)))
            .transpose()?;
        let named = program.as_deref();
        let units = options.unit.as_deref();
        let units = units
            .map(|text| named::units_called(site, named, text))
            .transpose()?;
        let periods = options.period.as_deref();
        let periods = periods
            .map(|text| named::periods_called(site, named, text))
            .transpose()?;
        let mut kinds = BTreeSet::new();
        for word in &options.kind {
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
        let fits = |program: Option<&str>, unit: Option<&str>, period: Option<&str>| {
            self.program
                .as_ref()
                .is_none_or(|own| Some(own.id.as_str()) == program)
                && among(self.units.as_ref(), program, unit)
                && among(self.periods.as_ref(), program, period)
        };
        let told =
            |own: &NoticeRecord| fits(Some(&own.key.program), own.unit.as_deref(), Some(&own.key.period));
        fits(
            line.program.as_deref(),
            line.unit.as_deref(),
            line.period.as_deref(),
        ) || notices.iter().any(told)
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

/// A line as JSON.
#[derive(Debug, Serialize)]
struct Shown {
    at: String,
    by: String,
    what: String,
    label: String,
    program: Option<String>,
    unit: Option<String>,
    period: Option<String>,
    submission: Option<SubmissionId>,
    letter: Option<LetterId>,
    detail: String,
}

fn shown(site: &Site, letters: &Letters, line: &JournalLine) -> Shown {
    let (program, unit, period) = about(letters, line);
    let found = program.as_deref().and_then(|id| site.program(id));
    Shown {
        at: line.at.with_timezone(&site.clock.zone()).to_rfc3339(),
        by: line.by.clone(),
        what: line.what.clone(),
        label: label(&line.what).to_owned(),
        unit: unit.map(|id| {
            let unit = found.as_ref().and_then(|program| program.roster.unit(&id));
            unit.map_or_else(|| id.clone(), |unit| unit.name.clone())
        }),
        program,
        period,
        submission: line.submission,
        letter: letter_of(line),
        detail: detail(site, letters, line),
    }
}

/// Whether one of a programme is among those asked for; all are where none was named.
pub(super) fn among<I: Borrow<str>>(
    all: Option<&BTreeSet<(ProgramId, I)>>,
    program: Option<&str>,
    own: Option<&str>,
) -> bool {
    all.is_none_or(|all| {
        let is = |(of, one): &(ProgramId, I)| Some(of.as_str()) == program && Some(one.borrow()) == own;
        all.iter().any(is)
    })
}

/// Programme, unit and period; of a letter's line those that all of it is about.
fn about(letters: &Letters, line: &JournalLine) -> (Option<String>, Option<String>, Option<String>) {
    let notices = letters.notices(line);
    let one = |of: &dyn Fn(&NoticeRecord) -> Option<String>| {
        let all: BTreeSet<Option<String>> = notices.iter().map(of).collect();
        all.into_iter().next().filter(|_| all_same(notices, of)).flatten()
    };
    (
        line.program
            .clone()
            .or_else(|| one(&|own| Some(own.key.program.to_string()))),
        line.unit
            .clone()
            .map(String::from)
            .or_else(|| one(&|own| own.unit.clone().map(String::from))),
        line.period
            .clone()
            .or_else(|| one(&|own| Some(own.key.period.clone()))),
    )
}

fn all_same(notices: &[NoticeRecord], of: &dyn Fn(&NoticeRecord) -> Option<String>) -> bool {
    notices.windows(2).all(|pair| of(&pair[0]) == of(&pair[1]))
}

fn row(site: &Site, letters: &Letters, line: &JournalLine) -> Vec<String> {
    let (program, unit, period) = about(letters, line);
    let found = program.as_deref().and_then(|id| site.program(id));
    let unit = unit.map(|id| {
        let unit = found.as_ref().and_then(|program| program.roster.unit(&id));
        unit.map_or_else(|| id.clone(), |unit| unit.display_name.clone())
    });
    let period = period.map(|text| match (&found, text.parse::<Period>()) {
        (Some(program), Ok(period)) => period_label(program, &period),
        _ => text,
    });
    let at = line.at.with_timezone(&site.clock.zone());
    vec![
        at.format("%Y-%m-%d %H:%M").to_string(),
        if line.by == PROGRAM {
            "程序".to_owned()
        } else {
            line.by.clone()
        },
        label(&line.what).to_owned(),
        unit.unwrap_or_default(),
        period.unwrap_or_default(),
        line.submission.map(|id| format!("#{id}")).unwrap_or_default(),
        detail(site, letters, line),
    ]
}

/// What else there is to say, in words.
fn detail(site: &Site, letters: &Letters, line: &JournalLine) -> String {
    let messages = site.messages(Language::Chinese);
    if let Some(letter) = letters.letter(line) {
        let said = line.detail.split(' ').nth(1).and_then(LetterState::parse);
        let state = said.map(|state| format!("，{}", super::letters::label(state)));
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
