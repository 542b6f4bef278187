//! `demo`: the Wutang month of November 2024 through the real pipeline, on
//! sample ledgers that the binary carries, and the letters that follow.

mod letters;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use chrono::DateTime;

use super::args::{Common, Demo};
use super::{Exit, Misuse, output};
use crate::config::Config;
use crate::domain::finding::Verdict;
use crate::domain::identify::read_file_name;
use crate::domain::ids::SubmissionId;
use crate::domain::obligation::tally;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::share_path::SharePath;
use crate::domain::submission::Record;
use crate::embedded;
use crate::inbox::is_temporary_name;
use crate::jobs::clock::Clock;
use crate::jobs::progress::Progress;
use crate::jobs::site::Site;
use crate::jobs::{consolidate, obligations, pass, sentinel};

/// Marks a folder as ours, to be made anew.
const MARK: &str = ".taizhang-demo";

/// Monday after the month, at nine.
const MORNING: &str = "2024-12-02T09:00:00+08:00";

/// Two days later the correction comes.
const CORRECTION: &str = "2024-12-04T10:30:00+08:00";

/// Runs the month and tells what happened.
///
/// # Errors
/// The folder exists and isn't a demo, or can't be written.
pub async fn run(_: &Common, options: &Demo) -> anyhow::Result<Exit> {
    let dir = fresh(&options.dir)?;
    embedded::write_site(&dir, &["wutang-visits".to_owned()])?;
    let config = Config::load(&dir.join("config.toml")).map_err(|error| Misuse(error.to_string()))?;
    let mut site_options = crate::daemon::options(&config);
    site_options.settle = Duration::from_millis(200);
    let clock = Clock::standing(config.site.zone, DateTime::parse_from_rfc3339(MORNING)?.to_utc());
    let site = super::site::opened(Site::open(site_options, clock).await?);
    let program = site.program("wutang-visits").context("演示方案没有装上")?;
    let period: Period = "2024-11".parse()?;
    pass::prepare(&site).await?;

    say!("演示：{}", program.name);
    say!("站点在 {}，用的是自带样例，姓名电话均为虚构。", dir.display());
    say!();
    let spinner = output::spinner("正在收文、审核、汇总");
    let dropped = drop_samples(&site, &program, "")?;
    pass::once(&site, &Progress::default()).await?;
    spinner.finish_and_clear();
    say!(
        "一、2024年12月2日9:00，共享文件夹里放进 {} 个文件，结果：",
        dropped.len()
    );
    let seen = tell(&site, &program, SubmissionId::UNRECORDED).await?;
    let ignored: Vec<&String> = dropped.iter().filter(|name| is_temporary_name(name)).collect();
    say!("  不予理会（{}），办公软件打开文件时自己留下的", ignored.len());
    for name in ignored {
        say!("    {name}");
    }
    say!();
    standing(&site, &program, &period).await?;

    site.clock.set(DateTime::parse_from_rfc3339(CORRECTION)?.to_utc());
    drop_samples(&site, &program, "更正")?;
    pass::once(&site, &Progress::default()).await?;
    say!("二、12月4日10:30，罗养挂点组放进更正后的台账，结果：");
    tell(&site, &program, seen).await?;
    say!();
    standing(&site, &program, &period).await?;

    say!("三、时间往后走，写出的信函：");
    letters::run(&site).await?;
    say!();

    sentinel::release(&site).await;
    let master = consolidate::write_now(&site, &program, &period).await?;
    let share = &site.options.watch;
    say!("四、请看：");
    say!("  汇总台账      {}", master.display());
    for path in marked_copies(&site).await? {
        say!("  退回的台账    {}", share.join(path.as_str()).display());
    }
    say!(
        "  待确认的文件  {}",
        share.join(site.unclaimed_folder(&program).as_str()).display()
    );
    say!("  读不了的文件  {}", site.waiting_folder().display());
    say!(
        "  信函          {}（按日期，.html 可以直接打开看）",
        letters::folder(&site).display()
    );
    say!(
        "  运行情况      {}",
        site.options.output.join("运行情况.txt").display()
    );
    say!();
    say!("五、接着试试：");
    let config = dir.join("config.toml");
    let config = config.display();
    let me = output::own_name();
    let now = letters::LAST;
    say!("  {me} --config {config} --now {now} status --period 2024-11");
    say!("  {me} --config {config} --now {now} letters list");
    say!(
        "  {me} --config {config} --now {now} letters list --state draft    （再用 letters show 编号、letters approve 编号）"
    );
    say!("  {me} --config {config} --now {now} schedule --from 2024-12-30 --to 2025-01-10");
    say!(
        "  {me} --config {config} --now {now} claim \"新建 Microsoft Excel 工作表.xlsx\" --unit 林强 --period 2024-11"
    );
    say!("  用 WPS 打开一份带“（审核意见）”的文件，改好标色的格子保存，再运行：");
    say!("  {me} --config {config} --now {now} run --once");
    Ok(Exit::Well)
}

/// Makes the folder anew; one that isn't a demo of ours is left alone.
fn fresh(dir: &Path) -> anyhow::Result<PathBuf> {
    if dir.exists() {
        let empty = fs::read_dir(dir)
            .map_err(|error| Misuse(format!("{} 打不开：{error}", dir.display())))?
            .next()
            .is_none();
        if !empty && !dir.join(MARK).exists() {
            return Err(Misuse(format!(
                "{} 不是演示文件夹，里面已有文件，请换一个",
                dir.display()
            ))
            .into());
        }
        if !empty {
            fs::remove_dir_all(dir).with_context(|| format!("{} 清不掉", dir.display()))?;
        }
    }
    fs::create_dir_all(dir)?;
    fs::write(dir.join(MARK), "")?;
    Ok(dir.to_owned())
}

/// Puts the samples where units would: into the unit's folder where the name
/// tells it, straight into the programme's folder otherwise. Gives their names.
fn drop_samples(site: &Site, program: &Program, below: &str) -> anyhow::Result<Vec<String>> {
    let mut dropped = Vec::new();
    for (path, bytes) in embedded::demo("wutang-2024-11") {
        let within = path.parent().is_some_and(|parent| parent == Path::new(below));
        let listed = path.extension().is_none_or(|ending| ending != "json");
        let Some(name) = path
            .file_name()
            .and_then(|name| name.to_str())
            .filter(|_| within && listed)
        else {
            continue;
        };
        let named = read_file_name(
            name,
            &program.roster,
            &program.cycle,
            site.clock.now().date_naive(),
        );
        let folder = match &named.unit {
            Some(unit) => site.unit_folder(program, unit),
            None => SharePath::root().join(&program.folder),
        };
        fs::write(site.options.watch.join(folder.join(name).as_str()), bytes)?;
        dropped.push(name.to_owned());
    }
    Ok(dropped)
}

/// Prints what became of the files after a submission; gives the last one's number.
async fn tell(site: &Site, program: &Program, after: SubmissionId) -> anyhow::Result<SubmissionId> {
    let records: Vec<Record> = site
        .store
        .all_submissions()
        .await?
        .into_iter()
        .filter(|record| record.id > after)
        .collect();
    let messages = site.messages(program.language);
    for verdict in [
        Verdict::Accepted,
        Verdict::AcceptedWithWarnings,
        Verdict::Returned,
        Verdict::Duplicate,
        Verdict::Unclaimed,
        Verdict::Unreadable,
        Verdict::Quarantined,
    ] {
        let of: Vec<&Record> = records
            .iter()
            .filter(|record| record.verdict == verdict)
            .collect();
        if of.is_empty() {
            continue;
        }
        say!("  {}（{}）", messages.verdict(verdict), of.len());
        for record in of {
            say!("    {}", record.file_name);
            for finding in site.store.findings(record.id).await? {
                if finding.returns_ledger() {
                    let place = finding.cells().map(|cell| format!("{cell} ")).unwrap_or_default();
                    say!("      {place}{}", finding.message);
                }
            }
        }
    }
    Ok(records.last().map_or(after, |record| record.id))
}

async fn standing(site: &Site, program: &Program, period: &Period) -> anyhow::Result<()> {
    let Some(standing) = obligations::standing(site, program, period).await? else {
        return Ok(());
    };
    let tally = tally(&standing.obligations);
    say!(
        "  应报{} 已报{}，其中按时通过{}、退回待更正{}；未报{}。",
        tally.expected,
        tally.received,
        tally.on_time,
        tally.returned,
        tally.missing
    );
    say!();
    Ok(())
}

/// Paths of the marked-up copies on the share.
async fn marked_copies(site: &Site) -> anyhow::Result<Vec<SharePath>> {
    let mut paths: Vec<SharePath> = site
        .store
        .placed()
        .await?
        .into_iter()
        .filter(|placed| placed.role == crate::store::Role::Marked && site.share.stat(&placed.path).is_some())
        .map(|placed| placed.path)
        .collect();
    paths.sort();
    Ok(paths)
}
