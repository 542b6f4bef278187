//! Programmes on trial: files are judged where they lie, nothing on the share
//! is touched, and what would have happened stands in the office's output.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::action::Action;
use super::consolidate::MasterFolder;
use super::faults::Area;
use super::notes::{moment, period_label};
use super::site::Site;
use crate::domain::actor::PROGRAM;
use crate::domain::codes::Severity;
use crate::domain::finding::{Finding, Verdict};
use crate::domain::ids::{LetterId, NoticeId, ProgramId};
use crate::domain::language::Language;
use crate::domain::ledger::mask_identity_numbers;
use crate::domain::letters::{LetterState, LetterText, NoticeState, Progress};
use crate::domain::period::Period;
use crate::domain::placement::{self, Beside, Case, Place, Zone};
use crate::domain::program::Program;
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use crate::domain::submission::Record;
use crate::domain::text::printable;
use crate::domain::words::FolderWords;
use crate::platform::durable::{hex, sha256, write_whole};
use crate::store::{Entry, Role};
use crate::workbook::trial::{TrialBook, write_trial};

/// Records which programmes have begun or ended their trial. The first run
/// without trial is the go-live; drafts of the trial are discarded then.
///
/// # Errors
/// The database can't be read: give this round up; the next one asks again.
pub async fn follow(site: &Site) -> anyhow::Result<()> {
    let programs = site.programs();
    let now: BTreeMap<ProgramId, bool> = programs
        .iter()
        .map(|program| (program.id.clone(), program.ladder.trial))
        .collect();
    if site.trials.are_as_known(&now) {
        return Ok(());
    }
    for program in &programs {
        let began = site.store.trial_began(&program.id).await?;
        match (program.ladder.trial, began) {
            (true, None) => site.store.begin_trial(&program.id, site.clock.utc()).await?,
            (true, Some(_)) => {}
            (false, None) => {
                site.store.go_live(&program.id, site.clock.utc()).await?;
            }
            (false, Some(began)) => end(site, program, began).await?,
        }
    }
    site.trials.remember(now);
    Ok(())
}

/// Ends a programme's trial: it goes live, and nobody approves a draft that
/// was made for practice.
async fn end(site: &Site, program: &Program, began: DateTime<Utc>) -> anyhow::Result<()> {
    let now = site.clock.utc();
    let mut drafts = site.store.letters(&[LetterState::Draft]).await?;
    // What was written before it began is real.
    drafts.retain(|letter| letter.created >= began);
    let ids: Vec<LetterId> = drafts.iter().map(|letter| letter.id).collect();
    let notices = site.store.notices_of_all(&ids).await?;
    let mut change = site.store.begin().await?;
    let mut discarded = 0;
    for letter in &drafts {
        let own = notices.get(&letter.id).map_or(&[][..], Vec::as_slice);
        let void: Vec<NoticeId> = own
            .iter()
            .filter(|notice| notice.key.program == program.id && notice.state == NoticeState::Waiting)
            .map(|notice| notice.id)
            .collect();
        if void.is_empty() {
            continue;
        }
        site.store.void_notices(&mut change, &void).await?;
        if own.iter().all(|notice| notice.key.program == program.id) {
            let over = Progress {
                error: Some("试运行结束，试运行期间的草稿不发"),
                ..Progress::to(LetterState::Discarded)
            };
            site.store
                .set_letter(&mut change, (letter.id, letter.state), &over)
                .await?;
            discarded += 1;
        } else {
            let unworded = LetterText::default();
            site.store
                .set_letter_text(&mut change, letter.id, &unworded, false)
                .await?;
        }
    }
    site.store.end_trial(&mut change, &program.id, now).await?;
    let entry = Entry {
        by: PROGRAM,
        what: "trial-ended",
        program: Some(&program.id),
        detail: format!("不发的草稿：{discarded}封").into(),
        ..Entry::default()
    };
    site.store.log(&mut change, now, &entry).await?;
    change.commit().await?;
    tracing::info!(program = program.id.as_str(), discarded, "试运行结束，正式运行");
    Ok(())
}

/// What of a step on the share is done: all of it, or for a programme on trial
/// no more than remembering the file where it lies.
#[must_use]
pub fn allowed(site: &Site, action: &Action) -> Option<Action> {
    let on_trial = |path: &str| {
        let folder = path.split('/').next().unwrap_or_default();
        site.programs()
            .iter()
            .any(|program| program.ladder.trial && program.folder == folder)
    };
    let by_id = |id: &str| site.program(id).is_some_and(|program| program.ladder.trial);
    let keep = |path: &SharePath, stat, sha256: Sha256, role| Action::Keep {
        path: path.clone(),
        stat,
        sha256,
        role,
    };
    match action {
        Action::Move {
            from,
            stat,
            sha256,
            role,
            ..
        } if on_trial(from) => Some(keep(from, *stat, *sha256, *role)),
        Action::MoveOut {
            from, stat, sha256, ..
        } if on_trial(from) => Some(keep(from, *stat, *sha256, Role::Original)),
        Action::Put { folder, .. } | Action::Restore { folder, .. } | Action::Forget { folder, .. }
            if on_trial(folder) =>
        {
            None
        }
        Action::Form { program, .. } | Action::Receipt { program, .. } | Action::Status { program, .. }
            if by_id(program) =>
        {
            None
        }
        _ => Some(action.clone()),
    }
}

/// Writes 试运行审核意见 of every programme on trial anew, where anything came.
/// A file that can't be written now is named and left for the next time.
pub async fn write(site: &Arc<Site>) {
    for program in site.programs().iter().filter(|program| program.ladder.trial) {
        if let Err(error) = write_of(site, program).await {
            site.name_fault(Area::Output, "试运行审核意见没有写成", &error);
        }
    }
}

async fn write_of(site: &Arc<Site>, program: &Arc<Program>) -> anyhow::Result<()> {
    let Some(began) = site.store.trial_began(&program.id).await? else {
        return Ok(());
    };
    let now = site.clock.now();
    let open = program.open_period(&site.calendar(), now);
    let mut periods: BTreeMap<String, (Period, Vec<Record>)> = BTreeMap::new();
    for record in site.store.submissions_since(&program.id, began).await? {
        let Some(period) = record.period.clone().or_else(|| open.clone()) else {
            continue;
        };
        let (_, records) = periods
            .entry(period.to_string())
            .or_insert_with(|| (period, Vec::new()));
        records.push(record);
    }
    for (period, records) in periods.into_values() {
        let book = book(site, program, &period, &records, now).await?;
        let bytes = write_trial(program.language, &book)?;
        let name = match program.language {
            Language::Chinese => "试运行审核意见",
            Language::English => "trial review",
        };
        put(site, &MasterFolder::of(site, program, &period), name, &bytes).await?;
    }
    Ok(())
}

/// Puts the workbook into the office's folder; one in which a person has
/// written is set aside first.
async fn put(site: &Site, folder: &MasterFolder, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let path = folder.path.join(format!("{name}.xlsx"));
    let key = format!("trial-file/{}", path.display());
    let written = site.store.meta(&key).await?;
    if let Ok(found) = std::fs::read(&path)
        && written.is_none_or(|written| hex(&sha256(&found)) != written)
    {
        let aside = folder.free_aside(name, site.clock.now());
        std::fs::rename(&path, &aside).with_context(|| format!("{} 改不了名", path.display()))?;
    }
    std::fs::create_dir_all(&folder.path).with_context(|| format!("{} 建不了", folder.path.display()))?;
    write_whole(&path, bytes).with_context(|| format!("{} 写不进去", path.display()))?;
    Ok(site.store.set_meta(&key, &hex(&sha256(bytes))).await?)
}

async fn book(
    site: &Site,
    program: &Program,
    period: &Period,
    records: &[Record],
    now: DateTime<Tz>,
) -> anyhow::Result<TrialBook> {
    let language = program.language;
    let label = period_label(program, period);
    let mut book = match language {
        Language::Chinese => TrialBook {
            title: format!("{label}{}试运行审核意见", program.matter),
            note: format!(
                "试运行期间，文件留在原处，不移动、不退回，也不向各单位文件夹放任何文件；信函只写成草稿。\
                 下面是正式运行时会作的处理。截至{}。",
                moment(language, now)
            ),
            ..TrialBook::default()
        },
        Language::English => TrialBook {
            title: format!("Trial review: {}, {label}", program.matter),
            note: format!(
                "On trial no file is moved or returned and nothing is laid into the units' folders; \
                 letters are drafts. Below stands what would be done. As of {}.",
                moment(language, now)
            ),
            ..TrialBook::default()
        },
    };
    let messages = site.messages(language);
    for record in records {
        let findings = site.store.findings(record.id).await?;
        let unit = record.unit.as_deref().map_or_else(
            || "—".to_owned(),
            |id| {
                program
                    .roster
                    .unit(id)
                    .map_or(id, |unit| &unit.display_name)
                    .to_owned()
            },
        );
        let count = |fits: &dyn Fn(&Finding) -> bool| -> String {
            let all = findings.iter().filter(|finding| fits(finding));
            all.map(Finding::count).sum::<u32>().to_string()
        };
        let file = printable(&record.file_name);
        let received = moment(language, record.arrival.seen.with_timezone(&now.timezone()));
        let of =
            |severity| count(&move |finding: &Finding| finding.severity() == severity && !finding.explained);
        book.files.push([
            unit.clone(),
            file.clone(),
            received,
            messages.verdict(record.verdict).to_owned(),
            would(program, record),
            of(Severity::Error),
            of(Severity::Query),
            of(Severity::Warning),
        ]);
        for finding in findings.iter().filter(|own| own.severity() >= Severity::Warning) {
            book.findings.push([
                unit.clone(),
                file.clone(),
                finding.sheet.clone().unwrap_or_default(),
                finding.cells().unwrap_or_default(),
                mask_identity_numbers(&finding.message),
                mask_identity_numbers(&finding.hint),
                messages.severity(finding.severity()).to_owned(),
            ]);
        }
    }
    Ok(book)
}

/// What would be done with a file that was dropped, outside of a trial.
fn would(program: &Program, record: &Record) -> String {
    let words = FolderWords::of(program.language);
    let (accepted, returned, unclaimed) = (words.accepted, words.returned, words.unclaimed);
    let chinese = program.language == Language::Chinese;
    let say = |chinese_words: String, english: String| if chinese { chinese_words } else { english };
    if record.verdict == Verdict::Ignored {
        return say("不收取".to_owned(), "passed over".to_owned());
    }
    let case = Case {
        verdict: record.verdict,
        zone: Zone::Drop,
        has_unit: record.unit.is_some(),
        before: None,
        untouched: false,
        trial: false,
    };
    match placement::place(&case) {
        (_, Some(Beside::Unreadable)) => say(
            "放在一边，写明为什么读不了、怎么办".to_owned(),
            "put aside with a note of why".to_owned(),
        ),
        (_, Some(Beside::Quarantined)) => say(
            "移出共享文件夹，隔离".to_owned(),
            "moved off the share".to_owned(),
        ),
        (_, Some(Beside::Duplicate)) => say(
            "不再计一次，写明与已报送的文件相同".to_owned(),
            "not counted again, with a note".to_owned(),
        ),
        (_, Some(Beside::Unclaimed)) => say(
            format!("移到“{unclaimed}”文件夹，由办公室确认归谁"),
            format!("moved to “{unclaimed}”; the office says whose it is"),
        ),
        (Place::Accepted, None) => say(
            format!("移到单位的“{accepted}”文件夹，写回执，计入汇总台账"),
            format!("moved to the unit's folder “{accepted}”, receipt written, merged into the master"),
        ),
        (_, None) => say(
            format!("移到单位的“{returned}”文件夹，附标色的审核意见，发退回更正通知"),
            format!("moved to the unit's folder “{returned}” with a marked copy, letter sent"),
        ),
    }
}
