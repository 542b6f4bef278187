//! A new register from a document's text or table.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::domain::import::{Columns, Imported, Task, from_table, from_text};
use crate::domain::text::file_name_part;
use crate::jobs::programs;
use crate::jobs::site::Site;

/// Begins of names that stand for nobody in particular.
const CLASSES: [&str; 6] = ["各", "有关", "相关", "其他", "其它", "以及"];

/// What to make of a file.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Which columns of a table hold what.
    pub columns: Columns,
    /// Where units aren't labelled the first of them leads.
    pub first_leads: bool,
    /// The new programme's id.
    pub id: String,
}

/// Reads the items of a file: text (txt, md) or a table (csv, xlsx, xls, ods, et).
///
/// # Errors
/// It can't be read, or holds no items: what to do.
pub fn read(site: &Site, file: &Path, wanted: &Wanted) -> anyhow::Result<Imported> {
    let name = || file.display().to_string();
    let extension = file
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let mut imported = match extension.as_str() {
        "txt" | "md" | "text" => {
            let bytes = std::fs::read(file).with_context(|| format!("{} 读不出来", name()))?;
            from_text(&programs::decoded(&bytes).with_context(name)?)
        }
        "doc" | "docx" | "wps" | "pdf" | "ofd" => bail!(
            "{} 是文档：请在WPS里另存为纯文本（.txt）再导入；任务在表格里的，把表格复制到一张工作表，存为xlsx",
            name()
        ),
        _ => {
            let table = programs::table_of(file, &|path: &Path| site.read_table(path)).with_context(name)?;
            from_table(&table, &wanted.columns).map_err(|error| anyhow::anyhow!("{}：{error}", name()))?
        }
    };
    if wanted.first_leads {
        for units in imported.tasks.iter_mut().map(|task| &mut task.units) {
            if units.leads.is_empty() && !units.unlabelled.is_empty() && !units.cut_off {
                let mut named = std::mem::take(&mut units.unlabelled);
                units.leads.push(named.remove(0));
                units.assists.extend(named);
            }
        }
    }
    if imported.tasks.is_empty() {
        bail!(
            "{} 里没有认出任务：文本里每项要有序号和“（牵头单位：…）”这样的话，表格要有任务和单位的列",
            name()
        );
    }
    Ok(imported)
}

/// Writes a new programme's folder: its items, the units that they name, and a
/// definition to be gone through. Gives the files.
///
/// # Errors
/// The folder holds a definition already, or can't be written.
pub fn write(folder: &Path, imported: &Imported, wanted: &Wanted) -> anyhow::Result<Vec<PathBuf>> {
    let definition = folder.join("program.toml");
    if definition.exists() {
        bail!("{} 已经有了，没有改动；请换一个 --out", definition.display());
    }
    std::fs::create_dir_all(folder).with_context(|| format!("{} 建不了", folder.display()))?;
    let (classes, units): (Vec<&str>, Vec<&str>) = imported
        .units()
        .into_iter()
        .partition(|name| CLASSES.iter().any(|class| name.starts_with(class)));
    let mut written = Vec::new();
    for (name, text) in [
        ("tasks.csv", tasks(&imported.tasks)?),
        ("roster.csv", roster(&units)?),
        ("program.toml", program(&wanted.id, &classes).into_bytes()),
    ] {
        let path = folder.join(name);
        std::fs::write(&path, text).with_context(|| format!("{} 写不了", path.display()))?;
        written.push(path);
    }
    Ok(written)
}

fn tasks(tasks: &[Task]) -> anyhow::Result<Vec<u8>> {
    let mut header: Vec<&str> = vec![
        "编号",
        "序号",
        "标星",
        "分组",
        "任务",
        "内容",
        "牵头单位",
        "配合单位",
        "责任单位原文",
    ];
    let further: Vec<&str> = tasks.first().map_or_else(Vec::new, |task| {
        task.further.iter().map(|(header, _)| header.as_str()).collect()
    });
    header.extend(&further);
    let rows = tasks.iter().map(|task| {
        let mut row = vec![
            task.id.clone(),
            task.number.clone(),
            if task.starred { "*" } else { "" }.to_owned(),
            task.section.clone(),
            task.name.clone(),
            task.content.clone(),
            task.units.leads.join("、"),
            task.units.assists.join("、"),
            task.printed.clone(),
        ];
        row.extend(task.further.iter().map(|(_, cell)| cell.clone()));
        row
    });
    table(&header, rows)
}

fn roster(units: &[&str]) -> anyhow::Result<Vec<u8>> {
    let header = [
        "编号",
        "名称",
        "显示名称",
        "别名",
        "曾用名",
        "生效日期",
        "联络员",
        "联络员邮箱",
        "负责人",
        "负责人邮箱",
    ];
    let rows = units.iter().enumerate().map(|(place, name)| {
        let mut row = vec![format!("U{:02}", place + 1), (*name).to_owned()];
        row.resize(header.len(), String::new());
        row
    });
    table(&header, rows)
}

/// CSV as WPS and Excel open it: with a byte order mark.
fn table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> anyhow::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))
}

/// The definition to begin with: a quarterly register on trial.
fn program(id: &str, classes: &[&str]) -> String {
    let nobody: Vec<String> = classes.iter().map(|name| format!("{name:?}")).collect();
    SKELETON
        .replace("{id}", &file_name_part(id))
        .replace("{nobody}", &nobody.join(", "))
}

/// How a new programme is called that its file says nothing of.
#[must_use]
pub fn default_id(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let id: String = stem
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect();
    if id.is_empty() {
        "new-register".to_owned()
    } else {
        id.to_lowercase()
    }
}

const SKELETON: &str = include_str!("import/program.toml");
