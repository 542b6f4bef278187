//! `program`: which programmes there are, and whether a definition is right.

use anyhow::Context as _;

use super::args::{
    CheckProgram, Common, ImportTasks, ListPrograms, ProgramCommand, SwitchProgram, TableFormat,
};
use super::{Exit, Misuse, output, site};
use crate::desk::import::{self, Wanted};
use crate::desk::programs::{ProgramLine, cycle, is_over, kind, list, register_count};
use crate::desk::switching::{Switch, switch};
use crate::domain::ids::ProgramId;
use crate::domain::import::{Columns, Imported};
use crate::domain::program::Program;
use crate::jobs::site::Site;

/// Carries out the command.
///
/// # Errors
/// The site can't be opened, or there is no such folder.
pub async fn run(common: &Common, command: &ProgramCommand) -> anyhow::Result<Exit> {
    let switch = match command {
        ProgramCommand::On(options) => Some((Switch::On, options)),
        ProgramCommand::Off(options) => Some((Switch::Off, options)),
        ProgramCommand::Live(options) => Some((Switch::Live, options)),
        _ => None,
    };
    if let Some((to, options)) = switch {
        return switched(common, to, options).await;
    }
    let (site, _scratch) = site::open_to_look(common).await?;
    match command {
        ProgramCommand::On(_) | ProgramCommand::Off(_) | ProgramCommand::Live(_) => Ok(Exit::Well),
        ProgramCommand::List(options) => listed(&site, options),
        ProgramCommand::Check(options) => check(&site, options),
        ProgramCommand::ImportTasks(options) => import(&site, options),
    }
}

async fn switched(common: &Common, to: Switch, options: &SwitchProgram) -> anyhow::Result<Exit> {
    let (site, by) = site::open_to_act(common).await?;
    let id: ProgramId = options
        .program
        .parse()
        .map_err(|error| Misuse(format!("{error}")))?;
    switch(&site, &by, (&id, to), &options.reason, None).await?;
    let words = match to {
        Switch::On => "已启用，运行中的程序十秒内开始收",
        Switch::Off => "已停用，不再收，不再发信；收到的都留着",
        Switch::Live => "已转为正式运行，program.toml 里改成了 trial = false",
    };
    say!("{id}：{words}");
    Ok(Exit::Well)
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
    say!(
        "{}：{}（{}）",
        program.id,
        program.name,
        kind(site.language(), &program)
    );
    let (first, last) = (&program.cycle.first, &program.cycle.last);
    let label = |period: &Option<crate::domain::period::Period>| {
        period
            .as_ref()
            .map_or_else(|| "不限".to_owned(), crate::domain::period::Period::label)
    };
    if program.cycle.milestones.is_empty() {
        say!(
            "  周期：{}，从{}到{}",
            cycle(site.language(), &program.cycle),
            label(first),
            label(last)
        );
    } else {
        let dates = program.cycle.milestones.iter();
        let dates: Vec<String> = dates.map(|own| format!("{}（{}）", own.name, own.date)).collect();
        say!(
            "  周期：{}：{}",
            cycle(site.language(), &program.cycle),
            dates.join("、")
        );
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

/// Reads the items of a document, says what they come to, and writes a new
/// programme where one is asked for.
fn import(site: &Site, options: &ImportTasks) -> anyhow::Result<Exit> {
    let column = |own: &Option<String>| own.clone().unwrap_or_default();
    let folder_name = options.out.as_ref().and_then(|out| out.file_name());
    let id = options
        .id
        .clone()
        .or_else(|| folder_name.map(|name| name.to_string_lossy().into_owned()));
    let wanted = Wanted {
        columns: Columns {
            number: column(&options.number),
            name: column(&options.task),
            content: column(&options.content),
            units: column(&options.units),
            lead: column(&options.lead),
            assist: column(&options.assist),
            section: column(&options.group),
        },
        first_leads: options.first_leads,
        id: id.unwrap_or_else(|| import::default_id(&options.file)),
    };
    let imported =
        import::read(site, &options.file, &wanted).map_err(|error| Misuse(format!("{error:#}")))?;
    match options.format {
        TableFormat::Json => output::json(&imported)?,
        TableFormat::Table => told(&imported),
    }
    if let Some(folder) = &options.out {
        let written =
            import::write(folder, &imported, &wanted).map_err(|error| Misuse(format!("{error:#}")))?;
        for path in written {
            say!("已写：{}", path.display());
        }
        say!(
            "下一步：核对 tasks.csv、roster.csv，改 program.toml，再运行 taizhang program check {}",
            folder.display()
        );
    }
    Ok(Exit::Well)
}

fn told(imported: &Imported) {
    let undecided = imported.tasks.iter().filter(|task| task.units.leads.is_empty());
    let undecided: Vec<&str> = undecided.map(|task| task.id.as_str()).collect();
    say!(
        "读出{}项：牵头合计{}，配合合计{}，涉及{}个单位",
        imported.tasks.len(),
        imported.leads(),
        imported.assists(),
        imported.units().len()
    );
    if !undecided.is_empty() {
        say!(
            "没有标明牵头的{}项：第{}项",
            undecided.len(),
            undecided.join("、")
        );
    }
    for task in &imported.tasks {
        say!(
            "  {:<5}{}（牵头：{}；配合：{}）",
            task.id,
            task.name,
            task.units.leads.join("、"),
            task.units.assists.join("、")
        );
    }
    if !imported.odd.is_empty() {
        say!("请核对：");
    }
    for odd in &imported.odd {
        say!("  {odd}");
    }
}
