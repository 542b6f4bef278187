//! The Wutang month of November 2024 on sample ledgers.

use std::fs;
use std::path::Path;

use super::{Names, letters, marked_copies, opened, set_clock, standing, tell};
use crate::cli::output;
use crate::domain::identify::read_file_name;
use crate::domain::ids::SubmissionId;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::share_path::SharePath;
use crate::embedded;
use crate::inbox::is_temporary_name;
use crate::jobs::progress::Progress;
use crate::jobs::site::Site;
use crate::jobs::{consolidate, pass, sentinel};

/// Monday after the month, at nine.
const MORNING: &str = "2024-12-02T09:00:00+08:00";

/// Two days later the correction comes.
const CORRECTION: &str = "2024-12-04T10:30:00+08:00";

/// On the due date; one, three and five working days after it; when the period closes.
const DAYS: [(&str, &str); 5] = [
    ("2024-12-05T09:00:00+08:00", "12月5日9:00，截止当日"),
    ("2024-12-06T09:00:00+08:00", "12月6日9:00，逾期1个工作日"),
    ("2024-12-10T09:00:00+08:00", "12月10日9:00，逾期3个工作日"),
    ("2024-12-12T09:00:00+08:00", "12月12日9:00，逾期5个工作日"),
    ("2024-12-16T17:30:00+08:00", "12月16日17:30，本期关期"),
];

/// Runs the month and tells what happened.
///
/// # Errors
/// The folder can't be written.
pub async fn run(dir: &Path) -> anyhow::Result<()> {
    let (site, program) = opened(dir, "wutang-visits", MORNING).await?;
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
    let seen = tell(&site, &program, SubmissionId::UNRECORDED, Names::All).await?;
    let ignored: Vec<&String> = dropped.iter().filter(|name| is_temporary_name(name)).collect();
    say!("  不予理会（{}），办公软件打开文件时自己留下的", ignored.len());
    for name in ignored {
        say!("    {name}");
    }
    say!();
    standing(&site, &program, &period).await?;

    set_clock(&site, CORRECTION)?;
    drop_samples(&site, &program, "更正")?;
    pass::once(&site, &Progress::default()).await?;
    say!("二、12月4日10:30，罗养挂点组放进更正后的台账，结果：");
    tell(&site, &program, seen, Names::All).await?;
    say!();
    standing(&site, &program, &period).await?;

    say!("三、时间往后走，写出的信函：");
    letters::run(&site, &mut None, "到12月4日为止", &DAYS).await?;
    say!();

    sentinel::release(&site).await;
    let master = consolidate::write_now(&site, &program, &period).await?;
    say!("四、请看：");
    say!("  汇总台账      {}", master.display());
    to_see(&site, &program).await?;
    to_try(dir);
    Ok(())
}

/// Says where what became of the files lies.
async fn to_see(site: &Site, program: &Program) -> anyhow::Result<()> {
    let share = &site.options.watch;
    for path in marked_copies(site).await? {
        say!("  退回的台账    {}", share.join(path.as_str()).display());
    }
    say!(
        "  待确认的文件  {}",
        share.join(site.unclaimed_folder(program).as_str()).display()
    );
    say!("  读不了的文件  {}", site.waiting_folder().display());
    say!(
        "  信函          {}（按日期，.html 可以直接打开看）",
        letters::folder(site).display()
    );
    say!(
        "  运行情况      {}",
        site.options.output.join("运行情况.txt").display()
    );
    say!();
    Ok(())
}

/// Proposes commands.
fn to_try(dir: &Path) {
    say!("五、接着试试：");
    let config = dir.join("config.toml");
    let config = config.display();
    let me = output::own_name();
    let (now, _) = DAYS[DAYS.len() - 1];
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
