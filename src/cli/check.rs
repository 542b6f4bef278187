//! `check`: verdict and findings without submitting.

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;

use super::args::{Check, Common, TextFormat};
use super::{Exit, Misuse, output, site};
use crate::desk::named;
use crate::domain::check::Examination;
use crate::domain::codes::Severity;
use crate::domain::evidence::{Evidence, Source};
use crate::domain::finding::{Finding, Verdict};
use crate::domain::identify::Origin;
use crate::domain::ids::UnitId;
use crate::domain::language::Language;
use crate::domain::ledger::mask_identity_numbers;
use crate::domain::program::Program;
use crate::inbox::is_temporary_name;
use crate::jobs::decide::read_archived;
use crate::jobs::ingest;
use crate::jobs::site::Site;
use crate::workbook::read::{Sniffed, sniff};

#[derive(Debug, Serialize)]
struct Checked {
    file: String,
    verdict: Verdict,
    program: Option<String>,
    unit: Option<String>,
    period: Option<String>,
    rows: Option<usize>,
    findings: Vec<CheckedFinding>,
    /// Why unit and period are what they are; for people only.
    #[serde(skip)]
    evidence: Vec<Evidence>,
}

#[derive(Debug, Serialize)]
struct CheckedFinding {
    code: &'static str,
    severity: Severity,
    sheet: Option<String>,
    cell: Option<String>,
    /// The cell, or the block of cells; for people only.
    #[serde(skip)]
    cells: Option<String>,
    message: String,
    hint: String,
}

/// Checks files.
///
/// # Errors
/// A file isn't there, or the configuration is wrong.
pub async fn run(common: &Common, options: &Check) -> anyhow::Result<Exit> {
    for file in &options.files {
        if !file.is_file() {
            return Err(Misuse(format!("没有文件 {}", file.display())).into());
        }
    }
    let (site, _scratch) = site::open_to_look(common).await?;
    let mut checked = Vec::new();
    for file in &options.files {
        checked.push(one(&site, options, file).await?);
    }
    let well = checked
        .iter()
        .all(|one| one.verdict.is_accepted() || one.verdict == Verdict::Ignored);
    match options.format {
        TextFormat::Json => output::json(&checked)?,
        TextFormat::Text => checked.iter().for_each(|one| print(&site, one)),
    }
    Ok(if well { Exit::Well } else { Exit::NotWell })
}

async fn one(site: &Arc<Site>, options: &Check, file: &Path) -> anyhow::Result<Checked> {
    let name = file
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    if is_temporary_name(&name) {
        return Ok(checked(file, Verdict::Ignored, None, None));
    }
    let read = read_archived(site, file).await?;
    let placed = place(site, file);
    let named = options
        .program
        .as_deref()
        .or(placed.as_ref().map(|(program, _)| program.id.as_str()));
    let program = match named {
        Some(named) => named::program(site, Some(named))?,
        None => ingest::guess_program(&site.programs(), read.as_ref().ok(), file)
            .ok_or_else(|| Misuse("没有可用的方案".into()))?,
    };
    let unit = options
        .unit
        .as_deref()
        .map(|named| named::unit(&program, named))
        .transpose()?;
    let origin = Origin {
        file_name: name,
        folder_unit: placed.and_then(|(_, unit)| unit),
        claimed_unit: unit.map(|unit| unit.id.clone()),
        claimed_period: options
            .period
            .as_deref()
            .map(|named| named::period(site, &program, Some(named)))
            .transpose()?,
        placed_by_hand: false,
        folder_period: None,
        arrival: None,
    };
    let standing = ingest::standing(site, &program.id).await?;
    if read.is_err()
        && matches!(
            sniff(file)?,
            Sniffed::Attachment(_) | Sniffed::Empty | Sniffed::Damaged(_)
        )
        && let Some(nil) = ingest::declare_nil(site, &program, &origin, &standing)
    {
        return Ok(checked(file, nil.verdict, Some(&program), Some(&nil)));
    }
    let (examination, _) = ingest::examine(
        site,
        &program,
        &origin,
        &standing,
        (read, ingest::Keep::Nothing),
        None,
    )
    .await?;
    Ok(checked(
        file,
        examination.verdict,
        Some(&program),
        Some(&examination),
    ))
}

/// Programme and unit by the folder that a file lies in, if that is on the share.
fn place(site: &Site, file: &Path) -> Option<(Arc<Program>, Option<UnitId>)> {
    let relative = named::relative_to_share(site, file)?;
    if !site.options.watch.join(&relative).exists() {
        return None;
    }
    let layout = site.layout();
    let mut parts = relative.split('/');
    let folders = layout.programs.get(parts.next()?)?;
    let unit = parts.find_map(|part| folders.units.get(part).cloned());
    Some((site.program(&folders.program)?, unit))
}

fn checked(
    file: &Path,
    verdict: Verdict,
    program: Option<&Arc<Program>>,
    examination: Option<&Examination>,
) -> Checked {
    let findings = examination.map_or(&[][..], |examination| &examination.findings);
    let unit = examination.and_then(|examination| examination.unit.clone());
    Checked {
        file: file.display().to_string(),
        verdict,
        program: program.map(|program| program.id.to_string()),
        unit: unit.and_then(|id| Some(program?.roster.unit(&id)?.name.clone())),
        period: examination.and_then(|examination| examination.period.as_ref().map(ToString::to_string)),
        rows: examination.and_then(|examination| examination.row_count),
        findings: findings.iter().map(shown).collect(),
        evidence: examination
            .map(|examination| examination.evidence.clone())
            .unwrap_or_default(),
    }
}

fn shown(finding: &Finding) -> CheckedFinding {
    CheckedFinding {
        code: finding.code.as_str(),
        severity: finding.severity(),
        sheet: finding.sheet.clone(),
        cell: finding.cell(),
        cells: finding.cells(),
        message: mask_identity_numbers(&finding.message),
        hint: mask_identity_numbers(&finding.hint),
    }
}

fn print(site: &Site, one: &Checked) {
    let messages = site.messages(Language::Chinese);
    say!("{}", one.file);
    let mut facts = vec![messages.verdict(one.verdict).to_owned()];
    facts.extend(one.unit.clone());
    facts.extend(one.period.clone());
    facts.extend(one.rows.map(|rows| format!("{rows}行")));
    say!("  {}", facts.join("  "));
    for (about, word) in [("unit", "单位"), ("period", "报告期")] {
        let clues: Vec<String> = one
            .evidence
            .iter()
            .filter(|clue| clue.about == about)
            .map(|clue| clue_words(site, one, clue))
            .collect();
        if !clues.is_empty() {
            say!("  {word}依据：{}", clues.join("；"));
        }
    }
    for finding in one
        .findings
        .iter()
        .filter(|finding| finding.severity > Severity::Info)
    {
        let place = match (&finding.sheet, &finding.cells) {
            (Some(sheet), Some(cell)) => format!("{sheet}!{cell} "),
            (Some(sheet), None) => format!("{sheet} "),
            _ => String::new(),
        };
        say!(
            "  [{}] {place}{}{}",
            messages.severity(finding.severity),
            finding.message,
            finding.hint
        );
    }
}

/// A clue in words: where it stood, what it says, how much it weighs.
fn clue_words(site: &Site, one: &Checked, clue: &Evidence) -> String {
    let source = match clue.source {
        Source::Claim => "经办人指定",
        Source::Folder => "所在文件夹",
        Source::FillLine => "填报行",
        Source::Title => "标题",
        Source::FileName => "文件名",
        Source::SheetName => "工作表名",
        Source::Stamp => "表样标记",
        Source::Content => "表内数据",
        Source::OpenPeriod => "当前报送期",
    };
    let program = one.program.as_deref().and_then(|id| site.program(id));
    let says = clue.says.as_deref().map_or("无法对应", |says| {
        program
            .as_ref()
            .and_then(|program| program.roster.unit(says))
            .map_or(says, |unit| unit.name.as_str())
    });
    let found = match (clue.source, clue.about.as_str()) {
        (Source::Content, "period") => format!("日期（{}行）", clue.found),
        _ => mask_identity_numbers(&clue.found),
    };
    format!("{source}“{found}”→{says}（权重{}）", clue.weight)
}
