//! output/恢复情况.txt: what was rebuilt, and what nobody can tell any more.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

use super::evidence::Evidence;
use super::masters::Master;
use super::record::Whole;
use super::write::Written;
use crate::domain::ids::{Duty, ProgramId};
use crate::domain::language::Language;
use crate::domain::recover::Doubt;
use crate::domain::text::printable;
use crate::jobs::notes::moment;
use crate::jobs::remind;
use crate::jobs::site::Site;
use crate::platform::durable::write_whole;

/// What was done, for people.
#[derive(Debug)]
pub struct Report {
    /// Where it is written.
    pub path: PathBuf,
    /// What it says.
    pub text: String,
    /// Submissions that were added.
    pub added: usize,
}

#[derive(Debug, Default, Serialize)]
struct Values {
    now: String,
    added: usize,
    changed: usize,
    remarks: usize,
    resting: usize,
    began: Vec<String>,
    held: Vec<String>,
    letters: usize,
    letters_from: Option<String>,
    letters_to: Option<String>,
    gone: Vec<String>,
    arrivals: Vec<String>,
    lateness: Vec<String>,
    numbers: Vec<String>,
    without_note: Vec<String>,
    against_checks: Vec<String>,
    rows: Vec<String>,
    by_office: Vec<String>,
    withdrawn: Vec<String>,
    unclaimed: Vec<String>,
    aside: Vec<String>,
    unplaced: Vec<String>,
    loose: Vec<String>,
    loose_unknown: usize,
    waiting: usize,
    quarantined: usize,
    masters: Vec<String>,
}

/// Writes the report. One that is there already is kept under the time of this
/// one, for what it lists may still have to be cleared up; where nothing was
/// missing it stays as it is.
///
/// # Errors
/// The output folder can't be written, the template is faulty.
pub(super) async fn write(
    site: &Arc<Site>,
    evidence: &Evidence,
    whole: &Whole,
    masters: &[Master],
    written: Written,
) -> anyhow::Result<Report> {
    let values = values(site, evidence, whole, masters, written).await?;
    let text = site.notes.render("zh-CN/recovered.txt.j2", &values)?;
    fs::create_dir_all(&site.options.output)?;
    let path = site.options.output.join("恢复情况.txt");
    let before = fs::read(&path).ok();
    if written.is_anything() || before.is_none() {
        if let Some(before) = before {
            let time = site.clock.now().format("%Y-%m-%d-%H%M%S");
            let older = site.options.output.join(format!("恢复情况（{time}以前）.txt"));
            write_whole(&older, &before)?;
        }
        write_whole(&path, text.as_bytes())?;
    }
    Ok(Report {
        path,
        text: text.trim_start_matches('\u{feff}').replace("\r\n", "\n"),
        added: written.added,
    })
}

async fn values(
    site: &Site,
    evidence: &Evidence,
    whole: &Whole,
    masters: &[Master],
    written: Written,
) -> anyhow::Result<Values> {
    let zone = site.clock.zone();
    let word = |at: chrono::DateTime<chrono::Utc>| moment(Language::Chinese, at.with_timezone(&zone));
    let name = |program: &ProgramId| {
        site.program(program)
            .map_or_else(|| program.to_string(), |own| own.name.clone())
    };
    let letters = letters(site);
    let mut values = Values {
        now: word(site.clock.utc()),
        added: written.added,
        changed: written.changed,
        remarks: written.remarks,
        resting: written.resting,
        began: whole
            .began
            .iter()
            .map(|(program, at)| format!("{}：{}", name(program), word(*at)))
            .collect(),
        held: remind::held(site)
            .await?
            .iter()
            .map(|(program, until)| format!("{}：{}", name(program), word(*until)))
            .collect(),
        letters: letters.len(),
        letters_from: letters.first().cloned(),
        letters_to: letters.last().cloned(),
        unclaimed: whole
            .unclaimed
            .iter()
            .map(|own| printable(&own.taken.origin))
            .collect(),
        aside: whole
            .aside
            .iter()
            .map(|own| printable(&own.taken.origin))
            .collect(),
        unplaced: evidence.unplaced.iter().map(|path| printable(path)).collect(),
        loose: whole.loose.clone(),
        loose_unknown: evidence.loose.len().saturating_sub(whole.loose.len()),
        waiting: files_in(&site.waiting_folder()),
        quarantined: files_in(&site.archive.quarantine()),
        masters: masters.iter().flat_map(|own| own.unreadable.clone()).collect(),
        ..Values::default()
    };
    for (key, share) in &whole.shares {
        let about = whose(site, key);
        for doubt in &share.doubts {
            list(&mut values, &about, doubt, &word);
        }
    }
    Ok(values)
}

/// Unit and period in words.
pub(super) fn whose(
    site: &Site,
    Duty {
        program,
        unit,
        period,
    }: &Duty,
) -> String {
    let program = site.program(program);
    let unit = program
        .as_ref()
        .and_then(|program| program.roster.unit(unit))
        .map_or(unit.as_str(), |unit| unit.name.as_str());
    format!("{unit} {period}")
}

fn list(
    values: &mut Values,
    whose: &str,
    doubt: &Doubt,
    word: &dyn Fn(chrono::DateTime<chrono::Utc>) -> String,
) {
    let file = |file: &str| format!("{whose}：{}", printable(file));
    match doubt {
        Doubt::Arrival { file: own, at } => values.arrivals.push(format!("{}（按{}）", file(own), word(*at))),
        Doubt::Lateness { file: own, at } => {
            values
                .lateness
                .push(format!("{}（{}才看到）", file(own), word(*at)));
        }
        Doubt::VersionGone { version, file: own } => {
            let own = own
                .as_deref()
                .map_or_else(String::new, |own| format!("（{}）", printable(own)));
            values.gone.push(format!("{whose}：第{version}版{own}"));
        }
        Doubt::NoNote => values.without_note.push(whose.to_owned()),
        Doubt::Number { file: own, version } => {
            values.numbers.push(format!("{}（按第{version}版）", file(own)));
        }
        Doubt::AcceptedAgainstChecks { file: own } | Doubt::ReturnedAgainstChecks { file: own } => {
            values.against_checks.push(file(own));
        }
        Doubt::AcceptedByOffice { file: own, reason } => {
            values
                .by_office
                .push(format!("{}（{}）", file(own), printable(reason)));
        }
        Doubt::Rows {
            file: own,
            noted,
            found,
        } => values
            .rows
            .push(format!("{}（原记{noted}行，现读出{found}行）", file(own))),
        Doubt::Withdrawn { file: own } => values.withdrawn.push(file(own)),
    }
}

/// The days of the letters that lie there as files, one each.
fn letters(site: &Site) -> Vec<String> {
    let folders = fs::read_dir(&site.options.mail.folder)
        .into_iter()
        .flatten()
        .flatten();
    let mut days = Vec::new();
    for folder in folders {
        let letters = fs::read_dir(folder.path()).into_iter().flatten().flatten();
        let letters = letters.filter(|entry| entry.path().extension().is_some_and(|ending| ending == "eml"));
        days.extend(letters.map(|_| folder.file_name().to_string_lossy().into_owned()));
    }
    days.sort_unstable();
    days
}

fn files_in(folder: &std::path::Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()))
        .filter(|entry| entry.path().extension().is_none_or(|ending| ending != "txt"))
        .count()
}
