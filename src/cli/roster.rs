//! `roster`: who reports and where to write to, taken home and written back.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;

use super::args::{Alias, Common, ExportRoster, ImportRoster, Rosters, SetContact};
use super::{Exit, Misuse, output, site};
use crate::desk::named;
use crate::desk::rosters::{self, ChangesAnswer, Fault};
use crate::domain::ids::ProgramId;
use crate::domain::program::RosterTable;
use crate::jobs::site::Site;
use crate::platform::durable::write_whole;

/// Carries out the command.
///
/// # Errors
/// Unknown programme, unit or file, or the site can't be opened or written.
pub async fn run(common: &Common, command: &Rosters) -> anyhow::Result<Exit> {
    match command {
        Rosters::Export(options) => export(common, options).await,
        Rosters::Import(options) => import(common, options).await,
        Rosters::Contact(options) => contact(common, options).await,
        Rosters::Alias(options) => alias(common, options).await,
    }
}

fn of(site: &Site, named: Option<&str>) -> anyhow::Result<ProgramId> {
    Ok(named::program(site, named)?.id.clone())
}

fn none(id: &ProgramId, table: RosterTable) -> Misuse {
    Misuse(format!("{id} 没有“{}”这张表", table.label()))
}

async fn export(common: &Common, options: &ExportRoster) -> anyhow::Result<Exit> {
    let (site, _scratch) = site::open_to_look(common).await?;
    let id = of(&site, options.program.as_deref())?;
    let table = options.table.into();
    let (_, bytes) = rosters::download(&site, &id, table)?.ok_or_else(|| none(&id, table))?;
    let file = &options.file;
    if file.exists() {
        return Err(Misuse(format!("{} 已存在，请换一个文件名", file.display())).into());
    }
    write_whole(file, &bytes).with_context(|| format!("{} 写不进去", file.display()))?;
    say!("已写：{}", file.display());
    say!(
        "改好以后：taizhang roster import {} --program {id}",
        file.display()
    );
    Ok(Exit::Well)
}

async fn import(common: &Common, options: &ImportRoster) -> anyhow::Result<Exit> {
    if !options.file.is_file() {
        return Err(Misuse(format!("没有文件 {}", options.file.display())).into());
    }
    let (site, by) = site::open_to_act(common).await?;
    let id = of(&site, options.program.as_deref())?;
    let table = options.table.into();
    let until = options.until.unwrap_or_else(|| site.clock.now().date_naive());
    let file: &Path = &options.file;
    let proposed = rosters::propose(&site, &id, table, file, until).await?;
    let proposed = proposed.ok_or_else(|| none(&id, table))?;
    let shown = rosters::changes(&site, &proposed, 1);
    if !shown.faults.is_empty() {
        tell_faults(&shown.faults);
        say!("共{}处要改，没有写入。", shown.faults.len() + shown.further);
        return Ok(Exit::NotWell);
    }
    if shown.same {
        say!("和现在的名册一样，没有要改的。");
        return Ok(Exit::Well);
    }
    tell(&shown);
    if !options.apply {
        say!("还没有写入；确认后加 --apply。");
        return Ok(Exit::Well);
    }
    let kept = rosters::apply(&site, &by, &proposed, (shown.seen, options.sure)).await?;
    say!("已写入 {}。", shown.file);
    if let Some(kept) = kept {
        say!("原来的另存为 {kept}，在同一个文件夹。");
    }
    Ok(Exit::Well)
}

fn tell_faults(faults: &[Fault]) {
    for fault in faults {
        let line = fault
            .line
            .map_or_else(String::new, |line| format!("第{line}行："));
        let file = if fault.file.is_empty() {
            String::new()
        } else {
            format!("{} ", fault.file)
        };
        say!("{file}{line}{}{}", fault.message, fault.remedy);
    }
}

fn tell(shown: &ChangesAnswer) {
    use crate::domain::roster_change::ChangeKind;
    let word = |kind: ChangeKind| match kind {
        ChangeKind::Added => "新增",
        ChangeKind::Ended => "停报",
        ChangeKind::Removed => "删去",
        ChangeKind::Renamed => "改名",
        ChangeKind::Contact => "改联系方式",
        ChangeKind::Other => "改其他",
    };
    let counts = shown
        .counts
        .iter()
        .map(|(kind, count)| format!("{}{count}", word(*kind)));
    say!("{}：{}", shown.label, counts.collect::<Vec<_>>().join("，"));
    let rows: Vec<Vec<String>> = shown
        .changes
        .iter()
        .map(|own| {
            let cells = own.cells.iter().map(|own| match own.before.as_str() {
                "" => format!("{}：{}", own.column, own.after),
                before => format!("{}：{before} → {}", own.column, own.after),
            });
            let cells = cells.collect::<Vec<_>>().join("；");
            vec![word(own.kind).to_owned(), own.id.clone(), own.name.clone(), cells]
        })
        .collect();
    output::table(&["类别", "编号", "名称", "改了什么"], &rows);
    let (part, parts) = shown.parts;
    if part < parts {
        say!("……共{parts}页，这里是第1页");
    }
    if shown.stale {
        say!("写出这张表以后，名册又有人改过，请核对会不会把别人的改动改回去。");
    }
    if shown.doubtful {
        say!("原来的单位多半不在这张表里，或者改了名称，请核对是不是拿错了表（核对后加 --sure）。");
    }
    if let (until, Some(period)) = &shown.until
        && shown.counts.iter().any(|(kind, _)| *kind == ChangeKind::Ended)
    {
        say!("停报的，最后有效的一天是{until}，最后一期应报：{period}。");
    }
}

async fn contact(common: &Common, options: &SetContact) -> anyhow::Result<Exit> {
    let (site, by) = site::open_to_act(common).await?;
    let id = of(&site, options.program.as_deref())?;
    let (table, given) = if let Some(mail) = &options.leader_mail {
        (RosterTable::Leaders, vec![("mail", mail.clone())])
    } else {
        let fields = [
            ("liaison", &options.liaison),
            ("liaison_mail", &options.liaison_mail),
            ("head", &options.head),
            ("head_mail", &options.head_mail),
        ];
        let given = fields.into_iter();
        let given = given.filter_map(|(key, own)| Some((key, own.clone()?)));
        (RosterTable::Units, given.collect())
    };
    if given.is_empty() {
        let words = "没有写要改什么：--liaison、--liaison-mail、--head、--head-mail 或 --leader-mail";
        return Err(Misuse(words.into()).into());
    }
    let row = rosters::row(&site, &id, table, &options.row)?;
    let row = row.ok_or_else(|| Misuse(format!("{}名册里没有“{}”", table.label(), options.row)))?;
    match rosters::set_row(&site, &by, (&id, table, &row.id), &given, None).await? {
        Ok(true) => say!("{}的联系方式已改。", row.called),
        Ok(false) => say!("没有改动。"),
        Err(faults) => {
            tell_faults(&faults);
            return Ok(Exit::NotWell);
        }
    }
    Ok(Exit::Well)
}

async fn alias(common: &Common, options: &Alias) -> anyhow::Result<Exit> {
    let (site, by) = site::open_to_act(common).await?;
    let program = named::program(&site, options.program.as_deref())?;
    match (&options.name, &options.unit) {
        (Some(name), Some(unit)) => {
            let unit = named::unit(&program, unit)?;
            rosters::take_up(&site, &by, (&program, name), &unit.id, None).await?;
            say!("“{name}”已记为{}的别名。", unit.name);
        }
        (Some(name), None) if options.dismiss => {
            rosters::dismiss(&site, &by, &program.id, name).await?;
            say!("“{name}”不再提示。");
        }
        (Some(_), None) => {
            return Err(Misuse("请写 --unit 单位，或 --dismiss（不是别名）".into()).into());
        }
        (None, _) => list(&site, &program).await?,
    }
    Ok(Exit::Well)
}

async fn list(site: &Arc<Site>, program: &crate::domain::program::Program) -> anyhow::Result<()> {
    let found = rosters::offers(site, program).await?;
    if found.offers.is_empty() {
        say!("没有待定的名称。");
    }
    for own in &found.offers {
        let whose = own.unit.as_ref().map_or_else(
            || "名册里没有".to_owned(),
            |(id, name)| format!("按{name} {id} 收了"),
        );
        say!("{}（{whose}）", own.name);
    }
    if found.further {
        say!("……还有别的，办完这些再列");
    }
    Ok(())
}
