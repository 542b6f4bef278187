//! The workbooks of a period: its masters as they lie in the office's folder,
//! and blank forms.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use chrono_tz::Tz;

use super::{Misuse, named};
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::roster::Unit;
use crate::jobs::consolidate::MasterFolder;
use crate::jobs::forms::form_name;
use crate::jobs::register;
use crate::jobs::site::Site;
use crate::workbook::form::{form_context, write_form};

/// How long the office's folder may keep a page waiting: it may lie on a
/// machine that is off.
const WAIT: Duration = Duration::from_secs(2);

/// One of the masters of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// As it stands.
    Current,
    /// As it stands, beside one that somebody has open.
    Waiting,
    /// 定稿: as it stood at the close.
    Settled,
    /// 更正稿: with what came after the close.
    Corrected,
}

impl Which {
    /// All of them, the one first that is asked for most.
    pub const ALL: [Self; 4] = [Self::Current, Self::Waiting, Self::Settled, Self::Corrected];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Waiting => "waiting",
            Self::Settled => "settled",
            Self::Corrected => "corrected",
        }
    }

    /// Which one a word stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|own| own.as_str() == word)
    }
}

/// A master that lies there.
#[derive(Debug, Clone)]
pub struct Master {
    /// Which one.
    pub which: Which,
    /// When it was written, by us or by somebody who saved it.
    pub written: DateTime<Tz>,
    /// Its size in bytes.
    pub size: u64,
}

/// Where a master lies, and how a copy of it is called.
#[must_use]
pub fn place(site: &Site, program: &Program, period: &Period, which: Which) -> (PathBuf, String) {
    let folder = MasterFolder::of(site, program, period);
    let name = match which {
        Which::Current => folder.current(),
        Which::Waiting => folder.waiting(),
        Which::Settled => folder.settled(),
        Which::Corrected => folder.corrected(),
    };
    let copy = format!("{} {period} {name}", program.folder);
    (folder.file(&name), copy)
}

/// The masters of a period that lie in the office's folder. None where nothing
/// answers there in time.
#[must_use]
pub async fn masters(site: &Arc<Site>, program: &Program, period: &Period) -> Option<Vec<Master>> {
    if !program.material.has_rows() {
        return Some(Vec::new());
    }
    let zone = site.clock.zone();
    let paths = Which::ALL.map(|which| (which, place(site, program, period, which).0));
    let look = tokio::task::spawn_blocking(move || {
        let found = paths.into_iter().filter_map(|(which, path)| {
            let known = std::fs::symlink_metadata(path)
                .ok()
                .filter(std::fs::Metadata::is_file)?;
            Some(Master {
                which,
                written: DateTime::<chrono::Utc>::from(known.modified().ok()?).with_timezone(&zone),
                size: known.len(),
            })
        });
        found.collect()
    });
    tokio::time::timeout(WAIT, look).await.ok()?.ok()
}

/// The units that get a form for a period, in the order of the roster.
fn with_forms<'a>(program: &'a Program, period: &Period, asked: &register::Asked) -> Vec<&'a Unit> {
    let span = program.cycle.span(period).unwrap_or_default();
    let given = program.material.items().is_some();
    let all = program.roster.units_in(span);
    all.filter(|unit| !given || asked.duties.owes(&unit.id)).collect()
}

/// The units that get a form for a period, in the order of the roster; none
/// where the programme has no form, or the period isn't asked for.
///
/// # Errors
/// The database can't be read.
pub async fn units<'a>(site: &Site, program: &'a Program, period: &Period) -> anyhow::Result<Vec<&'a Unit>> {
    if program.form(Some(period)).is_none() || !is_asked(site, program, period) {
        return Ok(Vec::new());
    }
    let asked = register::Asked::of(site, program, period).await?;
    Ok(with_forms(program, period, &asked))
}

/// A unit's blank form: its name, and its bytes. None where it gets none.
///
/// # Errors
/// The database can't be read, or the form can't be written.
pub async fn blank_form(
    site: &Site,
    program: &Arc<Program>,
    period: &Period,
    unit: &str,
) -> anyhow::Result<Option<(String, Vec<u8>)>> {
    if !is_asked(site, program, period) {
        return Ok(None);
    }
    let forms = Forms::of(site, program.clone(), period.clone()).await?;
    let Some(unit) = forms.units().into_iter().find(|own| own.id == *unit) else {
        return Ok(None);
    };
    let name = form_name(program, unit, period);
    let unit = unit.clone();
    let written = tokio::task::spawn_blocking(move || forms.write(&unit)).await?;
    Ok(written?.map(|bytes| (name, bytes)))
}

/// Whether a period is one that the programme asks for, not too far ahead.
fn is_asked(site: &Site, program: &Program, period: &Period) -> bool {
    named::owed_period(site, program, Some(&period.to_string())).is_ok_and(|own| own == *period)
}

/// The blank forms of a period, written one by one.
pub struct Forms {
    program: Arc<Program>,
    period: Period,
    asked: register::Asked,
}

impl Forms {
    /// Of a programme and period.
    ///
    /// # Errors
    /// The database can't be read.
    pub async fn of(site: &Site, program: Arc<Program>, period: Period) -> anyhow::Result<Self> {
        let asked = register::Asked::with_lists(site, &program, &period).await?;
        Ok(Self {
            program,
            period,
            asked,
        })
    }

    /// The units that get one, in the order of the roster.
    #[must_use]
    pub fn units(&self) -> Vec<&Unit> {
        with_forms(&self.program, &self.period, &self.asked)
    }

    /// A unit's form; none where the programme has none.
    ///
    /// # Errors
    /// It can't be written.
    pub fn write(&self, unit: &Unit) -> anyhow::Result<Option<Vec<u8>>> {
        let Some(mut context) = form_context(&self.program, Some(unit), &self.period) else {
            return Ok(None);
        };
        context.ready = self.asked.ready(&self.program, &self.period, &unit.id, None);
        Ok(Some(write_form(&context)?))
    }

    /// The same, where the programme has to have one.
    ///
    /// # Errors
    /// It has none ([`Misuse`]), or the form can't be written.
    pub fn written(&self, unit: &Unit) -> anyhow::Result<Vec<u8>> {
        let none = || Misuse(format!("方案 {} 没有表样", self.program.id));
        Ok(self.write(unit)?.ok_or_else(none)?)
    }
}
