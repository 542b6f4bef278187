//! `doctor`: what is well, what is worth knowing, what is wrong and what to do.

mod backups;
mod clock;
mod definitions;
mod mail;
mod places;
mod send_test;
mod share;

use std::path::Path;

use chrono::DateTime;
use chrono_tz::Tz;
use serde::Serialize;

use crate::domain::letters::LetterState;
use crate::domain::text::printable;
use crate::inbox::{SENTINEL, ScanError, scan};
use crate::jobs::consolidate::kept_aside;
use crate::jobs::holidays::coming_provisional;
use crate::jobs::notes::{moment, period_label};
use crate::jobs::options::Options;
use crate::jobs::pass::become_the_one;
use crate::jobs::running::PUT_ASIDE;
use crate::jobs::site::Site;
use crate::mail::MailOptions;
use crate::platform;

/// What to do about a year without data.
const IMPORT: &str = "国务院办公厅的通知发布后，请运行 taizhang holidays import 文件";

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// It is well.
    Well,
    /// It is worth knowing.
    Note,
    /// It is wrong, and the words say what to do.
    Fail,
}

/// What is said about one thing.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// How it is.
    pub health: Health,
    /// What it is.
    pub about: &'static str,
    /// What there is to say, and to do.
    pub words: String,
}

/// That the configuration can be read: whoever asks has read it.
#[must_use]
pub fn configured(config: &Path) -> Line {
    well("配置", format!("{} 可用", config.display()))
}

/// What can be told of a site that can't be opened, and why it can't.
#[must_use]
pub fn unopened(options: &Options, zone: Tz, error: &anyhow::Error) -> Vec<Line> {
    let mut lines = places::told_by_daemon(options, zone);
    lines.extend(places::folders(options, None));
    lines.push(fail("站点", places::with_remedy(error)));
    lines
}

/// Sends a letter to an address and tells what became of it.
pub async fn send_test(options: &MailOptions, now: DateTime<Tz>, address: &str) -> Line {
    send_test::send(options, now, address).await
}

/// Looks at everything.
///
/// # Errors
/// Who holds the share, or what is known of the clock, can't be read.
pub async fn doctor(site: &Site) -> anyhow::Result<Vec<Line>> {
    let mut lines = places::told_by_daemon(&site.options, site.clock.zone());
    lines.extend(definitions::lines(site));
    // A site that has looked at its share must find it.
    let has_run = site.store.last_scan().await.ok().flatten().is_some();
    lines.extend(folders(site, has_run));
    lines.extend(share::owner(site).await?);
    lines.push(share::private(site));
    lines.extend(or_fault("数据库", database(site).await));
    lines.extend(or_fault("备份", backups::lines(site).await));
    lines.extend(mail::lines(site).await);
    lines.extend(clock::lines(site).await?);
    lines.extend(calendar(site));
    lines.extend(letters(site));
    lines.extend(or_fault("数据库", waiting(site).await));
    lines.push(match become_the_one(&site.options) {
        Ok(Some(_)) => note("运行", "目前没有在运行；用 taizhang run 启动".into()),
        Ok(None) => well("运行", "正在运行".into()),
        Err(error) => fail("运行", places::with_remedy(&error)),
    });
    Ok(lines)
}

/// What a part found out, or in its place why it couldn't.
fn or_fault(about: &'static str, outcome: anyhow::Result<Vec<Line>>) -> Vec<Line> {
    outcome.unwrap_or_else(|error| vec![fail(about, places::with_remedy(&error))])
}

fn well(about: &'static str, words: String) -> Line {
    Line {
        health: Health::Well,
        about,
        words,
    }
}

fn note(about: &'static str, words: String) -> Line {
    Line {
        health: Health::Note,
        about,
        words,
    }
}

fn fail(about: &'static str, words: String) -> Line {
    Line {
        health: Health::Fail,
        about,
        words,
    }
}

fn folders(site: &Site, has_run: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    let options = &site.options;
    match scan(&options.watch, &site.layout()) {
        Ok(seen) => {
            let kind = if platform::is_network_file_system(&options.watch) {
                "网络文件夹，定时扫描"
            } else {
                "本地文件夹"
            };
            lines.push(well(
                "共享文件夹",
                format!(
                    "{}（{kind}），{} 个文件",
                    options.watch.display(),
                    seen.found.len()
                ),
            ));
            if !seen.at_root.is_empty() {
                lines.push(note(
                    "共享文件夹",
                    format!(
                        "最外层有文件没有收取，请移到所属台账的文件夹：{}",
                        seen.at_root.join("、")
                    ),
                ));
            }
            if !seen.unknown_folders.is_empty() {
                lines.push(note(
                    "共享文件夹",
                    format!("不属于任何方案的文件夹：{}", seen.unknown_folders.join("、")),
                ));
            }
            lines.extend(share::folders(site, &seen));
            for refused in seen.refused {
                lines.push(note("共享文件夹", format!("链接或特殊文件，不予收取：{refused}")));
            }
            for (path, reason) in seen.unreadable {
                lines.push(fail(
                    "共享文件夹",
                    format!("{path} 打不开（{reason}），请检查权限"),
                ));
            }
        }
        Err(error)
            if matches!(error, ScanError::OddSentinel(..))
                || options.watch.join(SENTINEL).exists()
                || site.share_is_there() =>
        {
            lines.push(fail("共享文件夹", error.to_string()));
        }
        Err(error) if has_run => lines.push(fail(
            "共享文件夹",
            format!("{error}；以前收过台账的，请检查网络、挂载和权限，恢复后自动继续"),
        )),
        Err(error) if options.watch.exists() => {
            lines.push(fail("共享文件夹", format!("{error}；请移走或改名")));
        }
        Err(error) => lines.push(note("共享文件夹", format!("{error}；第一次运行时会自动建好"))),
    }
    lines.extend(places::folders(options, Some(&site.tried_on_share())));
    if let Some(parent) = options.database.parent()
        && platform::is_network_file_system(parent)
    {
        lines.push(fail(
            "数据库",
            format!(
                "{} 在网络文件夹上，会损坏；请移到本机硬盘",
                options.database.display()
            ),
        ));
    }
    lines
}

async fn database(site: &Site) -> anyhow::Result<Vec<Line>> {
    let path = site.options.database.display();
    // Reading may go well where nothing can be written.
    if let Err(error) = site.store.probe(site.clock.utc()).await {
        let why = places::with_remedy(&error.into());
        return Ok(vec![fail("数据库", format!("{path} 写不进去：{why}"))]);
    }
    let (backlog, error) = site.store.delivery_backlog().await?;
    let mut lines = vec![match site.store.integrity().await? {
        None => well("数据库", format!("{path}")),
        Some(fault) => fail("数据库", backups::damaged(&path, fault)),
    }];
    if let (true, Some(error)) = (backlog > 0, error) {
        lines.push(note(
            "共享文件夹",
            format!("有 {backlog} 项操作等待完成：{error}"),
        ));
    }
    Ok(lines)
}

/// Whether this year's arrangement is known, and which coming deadlines hang on a year without data.
fn calendar(site: &Site) -> Vec<Line> {
    use chrono::Datelike;
    let now = site.clock.now();
    let calendar = site.calendar();
    let year = now.year();
    let mut lines = vec![if calendar.knows(year) {
        well("日历", format!("{year}年放假安排已有"))
    } else {
        note(
            "日历",
            format!("{year}年放假安排还没有，涉及的截止日均为暂定；{IMPORT}"),
        )
    }];
    let coming = coming_provisional(site);
    let years: std::collections::BTreeSet<i32> = coming
        .iter()
        .flat_map(|(_, _, due)| due.unknown_years(&calendar))
        .collect();
    if !years.is_empty() {
        let dates: Vec<String> = coming
            .iter()
            .map(|(program, period, due)| {
                let period = period_label(program, period);
                let (what, at) = if due.provisional {
                    ("截止", due.at)
                } else {
                    ("关期", due.close)
                };
                let at = moment(crate::domain::language::Language::Chinese, at);
                format!("{} {period} {at}{what}", program.matter)
            })
            .collect();
        let years: Vec<String> = years.iter().map(ToString::to_string).collect();
        lines.push(note(
            "日历",
            format!(
                "{}年放假安排还没有，这些时间是暂定的：{}。{IMPORT}",
                years.join("、"),
                dates.join("；")
            ),
        ));
    }
    lines
}

fn letters(site: &Site) -> Vec<Line> {
    let problems = site.letters.lint();
    if problems.is_empty() {
        return vec![well("信函", "各种信函的模板可用".into())];
    }
    problems
        .into_iter()
        .map(|problem| fail("信函", problem))
        .collect()
}

async fn waiting(site: &Site) -> anyhow::Result<Vec<Line>> {
    let mut lines = Vec::new();
    let waiting = site.store.waiting().await?;
    let aside = site.store.put_aside_submissions().await?;
    for record in waiting.iter().filter(|record| aside.contains(&record.id)) {
        let path = printable(record.placed.as_deref().unwrap_or(&record.origin));
        lines.push(note("待处理", format!("{path}：{PUT_ASIDE}")));
    }
    if !waiting.is_empty() {
        let files = waiting.len();
        lines.push(note(
            "待处理",
            format!("{files} 个文件待确认、读不了或已隔离，见 taizhang status"),
        ));
    }
    for path in kept_aside(site).await? {
        lines.push(note("待处理", format!("汇总台账被人工改动过，另存在 {path}")));
    }
    let (counts, _) = site.store.letter_counts().await?;
    let states = [
        (LetterState::Queued, "待发"),
        (LetterState::Draft, "草稿待核准"),
        (LetterState::ByHand, "需人工送达"),
        (LetterState::Failed, "发送失败"),
        (LetterState::Uncertain, "结果不明、没有重发"),
    ];
    let letters: Vec<String> = states
        .iter()
        .filter_map(|(state, words)| Some(format!("{words} {} 封", counts.get(state)?)))
        .collect();
    if !letters.is_empty() {
        lines.push(note(
            "待处理",
            format!("信函：{}，见 taizhang letters list", letters.join("，")),
        ));
    }
    Ok(lines)
}
