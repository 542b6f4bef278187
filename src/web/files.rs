//! The workbooks of a period: masters as they lie in the office's folder, and
//! blank forms. Each is asked for by what it is, never by where it lies.

use std::io::ErrorKind;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::Wrong;
use super::attachment::{WORKBOOK, attachment, stream};
use super::who::Who;
use crate::desk::files::{Master, Which, blank_form, masters, place, units};
use crate::desk::period::{label, program};
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::period::Period;
use crate::domain::program::Program;

/// Forms on one page.
const AT_ONCE: usize = 200;

/// A master that is to be had.
#[derive(Serialize)]
pub(super) struct Had {
    /// Which one, a name among the words.
    which: &'static str,
    written: String,
    /// In thousands of bytes.
    kilobytes: u64,
}

/// The masters of a period for a page: none where the office's folder doesn't answer.
pub(super) async fn to_be_had(app: &App, program: &Program, period: &Period) -> Option<Vec<Had>> {
    let had = |own: Master| Had {
        which: own.which.as_str(),
        written: own.written.to_rfc3339(),
        kilobytes: own.size.div_ceil(1000),
    };
    let found = masters(&app.site, program, period).await?;
    Some(found.into_iter().map(had).collect())
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    page: usize,
}

#[derive(Serialize)]
struct Page<'a> {
    program: &'a ProgramId,
    name: &'a str,
    period: &'a Period,
    label: String,
    /// The programme collects rows: there are masters.
    has_rows: bool,
    masters: Option<Vec<Had>>,
    forms: Vec<Form<'a>>,
    at: usize,
    parts: usize,
}

#[derive(Serialize)]
struct Form<'a> {
    id: &'a UnitId,
    name: &'a str,
}

fn found(app: &App, who: &Who, id: &str, named: &str) -> Result<(Arc<Program>, Period), Wrong> {
    let program = program(&app.site, &who.account, id).ok_or_else(Wrong::not_found)?;
    let period: Period = named.parse().map_err(|_| Wrong::not_found())?;
    let known = program.cycle.span(&period).is_some();
    known.then_some((program, period)).ok_or_else(Wrong::not_found)
}

/// `GET /p/{program}/{period}/files`.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    who: Who,
    Path((id, named)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Wrong> {
    let (program, period) = found(&app, &who, &id, &named)?;
    let units = units(&app.site, &program, &period).await?;
    let parts = units.len().div_ceil(AT_ONCE).max(1);
    let at = asked.page.clamp(1, parts);
    let shown = units.into_iter().skip((at - 1) * AT_ONCE).take(AT_ONCE);
    let page = Page {
        program: &program.id,
        name: &program.name,
        label: label(&program, &period),
        has_rows: program.material.has_rows(),
        masters: to_be_had(&app, &program, &period).await,
        forms: shown
            .map(|unit| Form {
                id: &unit.id,
                name: &unit.name,
            })
            .collect(),
        period: &period,
        at,
        parts,
    };
    app.pages.page(&app, Some(&who), "files.html", &page)
}

/// `GET /p/{program}/{period}/files/{which}`: a master as it lies there.
pub(super) async fn master(
    State(app): State<Arc<App>>,
    who: Who,
    Path((id, named, which)): Path<(String, String, String)>,
) -> Result<Response, Wrong> {
    let (program, period) = found(&app, &who, &id, &named)?;
    let which = Which::parse(&which).filter(|_| program.material.has_rows());
    let which = which.ok_or_else(Wrong::not_found)?;
    let (path, name) = place(&app.site, &program, &period, which);
    match stream(&path).await {
        Ok(body) => Ok(attachment(&name, WORKBOOK, body)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let words = (
                "这份表还没有写成，稍后再来",
                "This workbook isn't written yet; come back in a while",
            );
            Err(Wrong::told(StatusCode::NOT_FOUND, words))
        }
        Err(error) => {
            tracing::warn!(%error, "汇总台账没有读成");
            Err(Wrong::told(
                StatusCode::SERVICE_UNAVAILABLE,
                (
                    "这份表现在读不出来，稍后再试，或到输出目录里打开",
                    "This workbook can't be read now; try again in a while, or open it in the output folder",
                ),
            ))
        }
    }
}

/// `GET /p/{program}/{period}/forms/{unit}`: a unit's blank form.
pub(super) async fn form(
    State(app): State<Arc<App>>,
    who: Who,
    Path((id, named, unit)): Path<(String, String, String)>,
) -> Result<Response, Wrong> {
    let (program, period) = found(&app, &who, &id, &named)?;
    let written = blank_form(&app.site, &program, &period, &unit).await?;
    let (name, bytes) = written.ok_or_else(Wrong::not_found)?;
    Ok(attachment(&name, WORKBOOK, bytes.into()))
}
