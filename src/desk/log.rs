//! The journal: who did what when.

mod asked;
mod export;
mod kinds;
mod letters;
mod line;
mod search;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::times::instant;
use crate::domain::account::Account;
use crate::domain::actor::Via;
use crate::domain::ids::{LetterId, SubmissionId};
use crate::domain::language::Language;
use crate::jobs::notes::period_label;
use crate::jobs::site::Site;
use crate::store::JournalLine;
use letters::{Letters, about, detail};

pub use export::{Export, export};
pub use kinds::labels;
pub use line::in_json;
pub use search::{LogPage, Search, search};

/// What is done, as the journal and as people call it in Chinese and in English.
const KINDS: [(&str, &str, &str); 52] = [
    ("accepted", "审核通过", "accepted"),
    ("accepted_with_warnings", "审核通过", "accepted"),
    ("returned", "退回修改", "returned"),
    ("unclaimed", "待确认", "to be confirmed"),
    ("unreadable", "无法读取", "unreadable"),
    ("quarantined", "已隔离", "quarantined"),
    ("duplicate", "与已报送文件相同", "the same as before"),
    ("ignored", "未收取", "not taken"),
    ("attachment", "附件", "attachment"),
    ("draft", "草稿", "draft"),
    ("claimed", "认领", "claimed"),
    ("moved", "改归别处", "moved elsewhere"),
    ("accepted-by-office", "按原样接收", "accepted as it is"),
    ("withdrawn", "撤回报送", "withdrawn"),
    ("rejected", "退回材料", "document returned"),
    ("rechecked", "重新审核", "checked again"),
    ("exempted", "免报", "exempted"),
    ("exemption-undone", "取消免报", "exemption undone"),
    ("extended", "延期", "extended"),
    ("assigned", "明确牵头单位", "lead unit named"),
    ("roster-changed", "改名册", "roster changed"),
    ("contact-changed", "改联系方式", "contact changed"),
    ("alias-taken", "记为别名", "alias taken"),
    ("alias-dismissed", "不是别名", "not an alias"),
    ("program-live", "正式运行", "gone live"),
    ("program-on", "启用方案", "switched on"),
    ("program-off", "停用方案", "switched off"),
    ("mail-tried", "试发邮件", "test letter"),
    ("account-changed", "改用户的角色", "role changed"),
    ("account-added", "增加用户", "user added"),
    ("account-reset", "重置密码", "password reset"),
    ("account-disabled", "停用用户", "user disabled"),
    ("nudged", "另行提醒", "reminded"),
    ("letter", "信函", "letter"),
    ("letter-approved", "核准信函", "letter approved"),
    ("letter-discarded", "信函不发", "letter discarded"),
    ("letter-retried", "重发信函", "letter sent again"),
    ("letter-withdrawn", "撤销信函", "letter withdrawn"),
    ("letter-done", "信函已送达", "letter delivered"),
    ("master", "汇总台账", "master"),
    ("master-edited", "汇总台账被人工改动", "master edited by hand"),
    ("remark", "批示和办理情况", "remarks"),
    ("clock-accepted", "认可本机时间", "clock accepted"),
    ("holidays-imported", "导入放假安排", "holidays imported"),
    ("recovered", "恢复", "recovered"),
    ("recovered-submission", "恢复的报送", "submission recovered"),
    ("trial-ended", "试运行结束", "trial ended"),
    ("tried-again", "重新处理", "tried again"),
    ("folder-made-again", "重建文件夹", "folder made again"),
    ("rows-left-out", "同时送来的另有未计入的行", "rows left out"),
    ("share-taken-over", "接管共享文件夹", "share taken over"),
    ("sentinel-repaired", "改回标志文件", "sentinel repaired"),
];

fn label(what: &str, language: Language) -> &str {
    let known = KINDS.iter().find(|(own, ..)| *own == what);
    known.map_or(what, |(_, chinese, english)| language.either(chinese, english))
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
/// There is no such programme, unit, period or kind ([`Misuse`](super::Misuse)); the database
/// can't be read.
pub async fn log(site: &Site, asked: &Asked) -> anyhow::Result<Answer> {
    let sought = asked::sought(site, asked)?;
    let most = asked.last.unwrap_or(usize::MAX);
    let mut lines = site.store.journal_sought(&sought, most, usize::MAX).await?.lines;
    let left_out = if lines.len() < most {
        0
    } else {
        site.store.count_sought(&sought).await? - lines.len()
    };
    lines.reverse();
    Ok(Answer {
        lines: in_words(site, &lines).await?,
        left_out,
    })
}

/// What the journal says of one submission, oldest first.
///
/// # Errors
/// The database can't be read.
pub(super) async fn of_submission(site: &Site, id: SubmissionId) -> anyhow::Result<Vec<LineAnswer>> {
    in_words(site, &site.store.journal_of(id).await?).await
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
    in_words(site, &lines).await
}

async fn in_words(site: &Site, lines: &[JournalLine]) -> anyhow::Result<Vec<LineAnswer>> {
    let letters = Letters::of(site, lines).await?;
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
        label: label(&line.what, site.language()).to_owned(),
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
        letter: line.letter,
        detail: detail(site, letters, line),
    }
}
