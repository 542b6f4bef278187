//! Two who decide at once: the first one's word stands, the other is told who
//! it was, when, and how things stand now.

use std::fmt::Debug;

use crate::domain::finding::Verdict;
use crate::domain::language::{Language, worded};
use crate::domain::sha256::Sha256;
use crate::domain::submission::Record;
use crate::jobs::notes::{moment, period_label};
use crate::jobs::refusal::{Refusal, overtaken};
use crate::jobs::site::Site;
use crate::store::{Change, JournalLine};

/// Makes sure that a submission still stands as it did when somebody looked at
/// it and decided.
///
/// # Errors
/// It doesn't; the words say who came first and what stands now. Or the
/// database can't be read: tell the person, who may ask again.
pub async fn unchanged(site: &Site, change: &mut Change, seen: &Record) -> anyhow::Result<()> {
    let now = site.store.submission_within(change, seen.id).await?;
    if now.as_ref().is_some_and(|now| decided(now) == decided(seen)) {
        return Ok(());
    }
    told(site, change, seen, now.as_ref()).await
}

/// Says who came first and what stands now.
async fn told(site: &Site, change: &mut Change, seen: &Record, now: Option<&Record>) -> anyhow::Result<()> {
    let last = site.store.last_about(change, seen.id).await?;
    let language = site.language();
    let stands = now.map_or_else(
        || {
            language
                .either("记录已不在", "it is on record no more")
                .to_owned()
        },
        |now| stands(site, now),
    );
    overtaken!(
        language,
        "{}{}现在{stands}。本次没有作任何更改，请核对后再决定",
        "{}: {}now {stands}. Nothing was changed; please look again and decide anew",
        named(language, seen),
        who(site, last.as_ref())
    )
}

/// A file and the number of its submission: “三连镇11月.xlsx”（报送编号 12）.
pub(super) fn named(language: Language, record: &Record) -> String {
    worded!(
        language,
        "“{}”（报送编号 {}）",
        "“{}” (submission {})",
        record.file_name,
        record.id
    )
}

/// Somebody was quicker, within the same instant.
pub(super) fn just_handled(language: Language, named: &str) -> anyhow::Error {
    let words = worded!(
        language,
        "{named}刚才有人处理过，本次没有作任何更改，请核对后再决定",
        "somebody has just decided about {named}; nothing was changed; please look again and decide anew"
    );
    Refusal::Overtaken(words).into()
}

/// The definition of a submission's programme is gone or faulty.
pub(super) fn unreadable(site: &Site, record: &Record) -> anyhow::Error {
    let words = worded!(
        site.language(),
        "方案 {} 现在读不出来",
        "the programme {} can't be read at present",
        record.program
    );
    Refusal::Impossible(words).into()
}

/// What tells how submissions stood when somebody saw them.
#[must_use]
pub fn as_seen<'a>(records: impl IntoIterator<Item = &'a Record>) -> String {
    let of = |record: &Record| format!("{:?} {:?}", record.id, decided(record));
    let all: Vec<String> = records.into_iter().map(of).collect();
    Sha256::of(all.iter().map(String::as_str)).to_string()
}

/// Makes sure that a submission stands as somebody saw it at a page, before
/// anything else is said of it.
///
/// # Errors
/// See [`unchanged`].
pub async fn still(site: &Site, record: &Record, seen: Option<&str>) -> anyhow::Result<()> {
    if seen.is_none_or(|seen| seen == as_seen([record])) {
        return Ok(());
    }
    let mut change = site.store.begin().await?;
    told(site, &mut change, record, Some(record)).await
}

/// What decisions about a submission rest on.
fn decided(record: &Record) -> impl PartialEq + Debug + '_ {
    (
        (record.verdict, &record.unit, &record.period, record.version),
        (&record.accepted_by_office, &record.withdrawn),
        (&record.content, &record.program_hash),
    )
}

/// “刚才已由甲于2024年12月2日9:00撤回：报错了；”.
pub fn who(site: &Site, line: Option<&JournalLine>) -> String {
    let language = site.language();
    let Some(line) = line else {
        return language
            .either("刚才已有人改动；", "somebody has just changed it; ")
            .to_owned();
    };
    let at = moment(language, line.at.with_timezone(&site.clock.zone()));
    let (chinese, english) = match line.what.as_str() {
        "accepted-by-office" => ("按原样接收", "accepted as it is"),
        "withdrawn" => ("撤回", "withdrawn"),
        "rejected" => ("退回", "returned"),
        "claimed" => ("认领", "claimed"),
        "moved" => ("改归别处", "moved elsewhere"),
        "rechecked" => ("重新审核", "checked again"),
        "exempted" => ("定为免报", "exempted"),
        "exemption-undone" => ("取消免报", "exempted no more"),
        "extended" => ("延期", "extended"),
        "assigned" => ("明确牵头单位", "given a lead unit"),
        _ => ("处理", "handled"),
    };
    let what = language.either(chinese, english);
    let detail = match line.detail.as_str() {
        "" => String::new(),
        detail => worded!(language, "（{detail}）", " ({detail})"),
    };
    worded!(
        language,
        "刚才已由{}于{at}{what}{detail}；",
        "just {what} by {} on {at}{detail}; ",
        line.by
    )
}

/// How a submission stands, in words: “归甲组2024年11月，第1版，审核通过”.
#[must_use]
pub fn stands(site: &Site, record: &Record) -> String {
    let program = site.program(&record.program);
    let language = site.language();
    let unit = record.unit.as_deref().map(|id| {
        let unit = program.as_ref().and_then(|program| program.roster.unit(id));
        unit.map_or(id, |unit| unit.display_name.as_str()).to_owned()
    });
    let period = record.period.as_ref().map(|period| {
        program
            .as_ref()
            .map_or_else(|| period.to_string(), |program| period_label(program, period))
    });

    let verdict = site.messages(language).verdict(record.verdict).to_owned();
    let state = match (&record.withdrawn, &record.accepted_by_office) {
        (Some((by, why)), _) => worded!(language, "已由{by}撤回（{why}）", "withdrawn by {by} ({why})"),
        (None, Some((by, why))) => worded!(
            language,
            "已由{by}按原样接收（{why}）",
            "accepted as it is by {by} ({why})"
        ),
        (None, None) if record.verdict == Verdict::Unclaimed => {
            return language.either("仍待确认", "still to be confirmed").to_owned();
        }
        (None, None) => verdict,
    };
    match (unit, period, record.version) {
        (Some(unit), Some(period), Some(version)) => worded!(
            language,
            "归{unit}{period}，第{version}版，{state}",
            "{unit} {period}, version {version}, {state}"
        ),
        (Some(unit), _, _) => worded!(language, "归{unit}，{state}", "{unit}, {state}"),
        _ => state,
    }
}
