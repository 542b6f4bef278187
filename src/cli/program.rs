//! `program`: which programmes there are, and whether a definition is right.

use anyhow::Context as _;

use super::args::{CheckProgram, Common, ListPrograms, ProgramCommand, TableFormat};
use super::{Exit, Misuse, output, site};
use crate::desk::programs::{ProgramLine, cycle, is_over, kind, list, register_count};
use crate::domain::program::Program;
use crate::jobs::site::Site;

/// Carries out the command.
///
/// # Errors
/// The site can't be opened, or there is no such folder.
pub async fn run(common: &Common, command: &ProgramCommand) -> anyhow::Result<Exit> {
    let (site, _scratch) = site::open_to_look(common).await?;
    match command {
        ProgramCommand::List(options) => listed(&site, options),
        ProgramCommand::Check(options) => check(&site, options),
    }
}

fn listed(site: &Site, options: &ListPrograms) -> anyhow::Result<Exit> {
    let (lines, problems) = list(site);
    match options.format {
        TableFormat::Json => output::json(&lines)?,
        TableFormat::Table => table(&lines),
    }
    for problem in &problems {
        eprintln!("{problem}");
    }
    Ok(if problems.is_empty() {
        Exit::Well
    } else {
        Exit::NotWell
    })
}

/// What `init` says of the programmes that it wrote.
pub fn offer(site: &Site) {
    let (lines, _) = list(site);
    if lines.len() > 1 {
        say!("报送制度（启用哪些写在 config.toml 的 [programs] enabled）：");
        table(&lines);
    }
}

fn table(lines: &[ProgramLine]) {
    let yes = |yes: bool| if yes { "是" } else { "" };
    let rows: Vec<Vec<String>> = lines
        .iter()
        .map(|line| {
            vec![
                format!("  {}", line.id),
                line.kind.to_owned(),
                line.cycle.to_owned(),
                line.owers.to_string(),
                if line.on { "启用" } else { "未启用" }.to_owned(),
                yes(line.trial).to_owned(),
                if line.ordered { "文件" } else { "约定" }.to_owned(),
                if line.over {
                    format!("{}（各期已过，不再要谁报）", line.name)
                } else {
                    line.name.clone()
                },
            ]
        })
        .collect();
    let header = ["  编号", "类别", "周期", "应报", "状态", "试运行", "依据", "名称"];
    output::text(&output::table_text(&header, &rows));
    let over: Vec<&str> = lines
        .iter()
        .filter(|line| line.on && line.over)
        .map(|line| line.id.as_str())
        .collect();
    if !over.is_empty() {
        say!(
            "  {} 的各期都已过去，不会要谁报：要接着报，改它的 [cycle] 里的 first 和 last（按日期的改 date）。",
            over.join("、")
        );
    }
}

fn check(site: &Site, options: &CheckProgram) -> anyhow::Result<Exit> {
    let folder = options.folder.canonicalize();
    let folder = folder.with_context(|| format!("没有文件夹 {}", options.folder.display()));
    let folder = folder.map_err(|error| Misuse(format!("{error:#}")))?;
    let program = match site.read_program(&folder) {
        Ok(program) => program,
        Err(problems) => {
            for problem in &problems {
                say!("{problem}");
            }
            say!("共{}处要改。", problems.len());
            return Ok(Exit::NotWell);
        }
    };
    say!("{}：{}（{}）", program.id, program.name, kind(&program));
    let (first, last) = (&program.cycle.first, &program.cycle.last);
    let label = |period: &Option<crate::domain::period::Period>| {
        period
            .as_ref()
            .map_or_else(|| "不限".to_owned(), crate::domain::period::Period::label)
    };
    if program.cycle.milestones.is_empty() {
        say!(
            "  周期：{}，从{}到{}",
            cycle(&program.cycle),
            label(first),
            label(last)
        );
    } else {
        let dates = program.cycle.milestones.iter();
        let dates: Vec<String> = dates.map(|own| format!("{}（{}）", own.name, own.date)).collect();
        say!("  周期：{}：{}", cycle(&program.cycle), dates.join("、"));
    }
    if is_over(&program, site.clock.now().date_naive()) {
        say!(
            "  各期都已过去，不会要谁报：要接着报，改 [cycle] 里的 {}。",
            moves(&program)
        );
    }
    say!(
        "  名册：{}个单位，{}位领导",
        program.roster.units.len(),
        program.roster.leaders.len()
    );
    if let Some(count) = register_count(&program) {
        say!(
            "  登记项：{}项，{}行；牵头合计{}",
            count.items,
            count.rows,
            count.leads
        );
        say!("  第一期应填：{}行", count.due);
        if !count.undecided.is_empty() {
            say!(
                "  待明确{}项：第{}项",
                count.undecided.len(),
                count.undecided.join("、")
            );
        }
    }
    let assumed: Vec<&str> = program.assumed.iter().map(String::as_str).collect();
    say!(
        "  默认、文件没有规定的{}项：{}",
        assumed.len(),
        assumed.join("、")
    );
    say!("写法没有问题。");
    Ok(Exit::Well)
}

/// The keys that move the periods of a programme.
fn moves(program: &Program) -> &'static str {
    if program.cycle.milestones.is_empty() {
        "first 和 last 两行"
    } else {
        "date"
    }
}
