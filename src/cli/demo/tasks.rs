//! Hengli's tasks through two quarters, on the forms that are laid for its units.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;

use super::filling::Table;
use super::{Names, letters, marked_copies, opened, set_clock, standing, tell};
use crate::cli::output;
use crate::domain::ids::{LetterId, SubmissionId};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::roster::Unit;
use crate::domain::share_path::SharePath;
use crate::embedded;
use crate::jobs::forms::{form_name, unit_forms};
use crate::jobs::progress::Progress;
use crate::jobs::site::Site;
use crate::jobs::{consolidate, pass, sentinel};

/// A working Saturday before the first quarter ends: the forms are laid.
const LAID: &str = "2018-12-29T09:00:00+08:00";

/// The last of the letters' days, for the commands that are proposed.
const LAST: &str = "2019-04-22T09:00:00+08:00";

/// What a unit writes in place of a number to say that nothing changed.
const UNCHANGED: &str = "本期无变化";

/// A row that a unit fills in: the item's number, then headers and texts.
struct Row {
    unit: String,
    number: String,
    cells: Vec<(String, String)>,
}

/// The story as it goes on.
struct Story {
    site: Arc<Site>,
    program: Arc<Program>,
    period: Period,
    seen: SubmissionId,
    letters: Option<LetterId>,
}

/// Runs the two quarters and tells what happened.
///
/// # Errors
/// The folder can't be written.
pub async fn run(dir: &Path) -> anyhow::Result<()> {
    let (site, program) = opened(dir, "hengli-tasks", LAID).await?;
    pass::prepare(&site).await?;
    say!("演示之二：{}，连着两个季度", program.name);
    say!("站点在 {}，所填内容、姓名电话均为虚构。", dir.display());
    say!();
    let mut story = Story {
        site,
        program,
        period: "2018-Q4".parse()?,
        seen: SubmissionId::UNRECORDED,
        letters: None,
    };
    let first = story.first_quarter().await?;
    story.period = "2019-Q1".parse()?;
    let (form, second) = story.second_quarter().await?;
    sentinel::release(&story.site).await;
    say!("八、请看（汇总台账里有任务清单、分组进度和呈镇委、镇政府的呈报表）：");
    for master in [first, second] {
        say!("  汇总台账      {}", master.display());
    }
    say!("  本期填报表    {}", form.display());
    say!("  信函          {}", letters::folder(&story.site).display());
    say!();
    say!("九、接着试试：");
    let (me, config) = (output::own_name(), dir.join("config.toml"));
    let config = config.display();
    say!("  {me} --config {config} --now {LAST} status --period 2019-Q1");
    say!("  {me} --config {config} --now {LAST} letters list");
    Ok(())
}

impl Story {
    /// Laid, filled in, corrected and chased; gives the master.
    async fn first_quarter(&mut self) -> anyhow::Result<PathBuf> {
        let spinner = output::spinner("正在下发填报表");
        self.pass(LAID).await?;
        self.pass("2019-01-02T09:00:00+08:00").await?;
        spinner.finish_and_clear();
        say!(
            "一、2018年12月29日9:00，填报表已放进各单位的“本期填报表”。1月3日10:00，各单位填好保存，旅游办没有填："
        );
        self.fill("2019-01-03T10:00:00+08:00", "2018-Q4.csv").await?;
        say!("二、1月4日10:30，公用事业服务中心在退回的审核意见里改好：");
        self.correct("2019-01-04T10:30:00+08:00", "2018-Q4更正.csv")
            .await?;
        say!("三、时间往后走，写出的信函：");
        let days = [
            ("2019-01-07T09:00:00+08:00", "1月7日9:00，截止当日"),
            ("2019-01-08T09:00:00+08:00", "1月8日9:00，逾期1个工作日"),
            ("2019-01-10T09:00:00+08:00", "1月10日9:00，逾期3个工作日"),
            ("2019-01-16T17:30:00+08:00", "1月16日17:30，本期关期"),
            ("2019-01-21T09:00:00+08:00", "1月21日9:00，关期后3个工作日"),
        ];
        self.letters("到1月4日为止", &days).await?;
        self.master().await
    }

    /// What was said last stands on the form; gives one form and the master.
    async fn second_quarter(&mut self) -> anyhow::Result<(PathBuf, PathBuf)> {
        self.pass("2019-04-02T09:00:00+08:00").await?;
        let mut units = self.program.roster.units.iter();
        let unit = units.find(|unit| unit.name == "公用事业服务中心");
        let form = self.path(&self.form(unit.context("名册里没有公用事业服务中心")?));
        let given = Table::of(fs::read(&form)?)?;
        say!("四、2019年第一季度的填报表里，上季度的情况已写好，如公用事业服务中心第22项：");
        say!("    上季度进展：{}", given.text("22", "上季度进展"));
        say!("    上季度状态：{}", given.text("22", "上季度状态"));
        say!();
        say!("五、4月3日10:00，各单位填好保存，农资办只在“本期无变化”填了“是”，旅游办还是没有填：");
        self.fill("2019-04-03T10:00:00+08:00", "2019-Q1.csv").await?;
        say!("六、时间往后走，写出的信函：");
        let days = [
            ("2019-04-08T09:00:00+08:00", "4月8日9:00，截止当日"),
            ("2019-04-09T09:00:00+08:00", "4月9日9:00，逾期1个工作日"),
        ];
        self.letters("到4月3日为止", &days).await?;
        say!("七、4月9日15:00，旅游办补报：");
        self.fill("2019-04-09T15:00:00+08:00", "2019-Q1补报.csv").await?;
        let days = [
            ("2019-04-17T17:30:00+08:00", "4月17日17:30，本期关期"),
            (LAST, "4月22日9:00，关期后3个工作日"),
        ];
        self.letters("4月9日15:00，补报以后", &days).await?;
        Ok((form, self.master().await?))
    }

    async fn pass(&self, now: &str) -> anyhow::Result<()> {
        set_clock(&self.site, now)?;
        pass::once(&self.site, &Progress::default()).await?;
        Ok(())
    }

    /// Each unit of the shipped table fills in its form where it lies.
    async fn fill(&mut self, now: &str, table: &str) -> anyhow::Result<()> {
        let rows = rows(table)?;
        for (place, unit) in self.program.roster.units.iter().enumerate() {
            let own: Vec<&Row> = rows.iter().filter(|row| row.unit == unit.name).collect();
            if !own.is_empty() {
                let path = self.path(&self.form(unit));
                fs::write(&path, filled(fs::read(&path)?, &own, &person(place))?)?;
            }
        }
        self.told(now).await
    }

    /// Each unit of the shipped table corrects the marked-up copy where it lies.
    async fn correct(&mut self, now: &str, table: &str) -> anyhow::Result<()> {
        let rows = rows(table)?;
        for copy in marked_copies(&self.site).await? {
            let own = rows.iter().filter(|row| copy.as_str().contains(&row.unit));
            let own: Vec<&Row> = own.collect();
            let path = self.path(&copy);
            fs::write(&path, filled(fs::read(&path)?, &own, &[])?)?;
        }
        self.told(now).await
    }

    async fn told(&mut self, now: &str) -> anyhow::Result<()> {
        let spinner = output::spinner("正在收文、审核、汇总");
        self.pass(now).await?;
        spinner.finish_and_clear();
        self.seen = tell(&self.site, &self.program, self.seen, Names::Few).await?;
        standing(&self.site, &self.program, &self.period).await
    }

    async fn letters(&mut self, so_far: &str, days: &[(&str, &str)]) -> anyhow::Result<()> {
        letters::run(&self.site, &mut self.letters, so_far, days).await?;
        say!();
        Ok(())
    }

    async fn master(&self) -> anyhow::Result<PathBuf> {
        consolidate::write_now(&self.site, &self.program, &self.period).await
    }

    fn form(&self, unit: &Unit) -> SharePath {
        let folder = unit_forms(&self.site, &self.program, &unit.id);
        folder.join(&form_name(&self.program, unit, &self.period))
    }

    fn path(&self, path: &SharePath) -> PathBuf {
        self.site.options.watch.join(path.as_str())
    }
}

/// The rows of a shipped table.
fn rows(name: &str) -> anyhow::Result<Vec<Row>> {
    let shipped = embedded::demo("hengli");
    let (_, bytes) = shipped
        .iter()
        .find(|(path, _)| *path == Path::new(name))
        .context("演示的表没有装上")?;
    let mut reader = csv::Reader::from_reader(*bytes);
    let headers = reader.headers()?.clone();
    let mut rows = Vec::new();
    for line in reader.records() {
        let line = line?;
        let cells = headers
            .iter()
            .zip(&line)
            .skip(2)
            .filter(|(_, text)| !text.is_empty());
        rows.push(Row {
            unit: line[0].to_owned(),
            number: line[1].to_owned(),
            cells: cells
                .map(|(header, text)| (header.to_owned(), text.to_owned()))
                .collect(),
        });
    }
    Ok(rows)
}

/// A workbook of ours with a unit's rows and what stands beside its labels.
fn filled(bytes: Vec<u8>, rows: &[&Row], person: &[(&str, String)]) -> anyhow::Result<Vec<u8>> {
    let mut beside: Vec<(&str, &str)> = person
        .iter()
        .map(|(label, text)| (*label, text.as_str()))
        .collect();
    beside.extend(
        rows.iter()
            .filter(|row| row.number == UNCHANGED)
            .map(|_| (UNCHANGED, "是")),
    );
    let texts: Vec<(&str, &str, &str)> = rows
        .iter()
        .flat_map(|row| {
            row.cells
                .iter()
                .map(|(header, text)| (row.number.as_str(), header.as_str(), text.as_str()))
        })
        .collect();
    Table::of(bytes)?.filled(&texts, &beside)
}

/// Who fills in a unit's form.
fn person(place: usize) -> [(&'static str, String); 2] {
    const NAMES: [&str; 7] = [
        "李敏仪",
        "陈志辉",
        "黄婉婷",
        "梁伟强",
        "叶少芬",
        "张锦超",
        "何淑贞",
    ];
    let phone = format!("0769-8337{:04}", 1200 + 37 * place);
    [
        ("填报人", NAMES[place % NAMES.len()].to_owned()),
        ("联系电话", phone),
    ]
}
