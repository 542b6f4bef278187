//! 免报: what follows first, then the decision, then what became of it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::Wrong;
use super::body::{Asked, Posted};
use super::period::decided;
use super::reason::checked;
use super::who::Who;
use crate::desk::exempting::{Before, Outcome, Which, before, decide};
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::period::Period;
use crate::domain::program::Program;

/// Units that are ticked.
#[derive(Deserialize)]
pub(super) struct Ticked {
    #[serde(default)]
    unit: Vec<String>,
    /// The exemption is undone.
    #[serde(default)]
    undo: bool,
}

#[derive(Deserialize)]
pub(super) struct Decision {
    token: String,
    #[serde(default)]
    unit: Vec<String>,
    /// How each stood when it was shown.
    #[serde(default)]
    seen: Vec<String>,
    #[serde(default)]
    undo: bool,
    #[serde(default)]
    reason: String,
}

#[derive(Serialize)]
struct Page<'a> {
    program: &'a ProgramId,
    name: &'a str,
    period: &'a Period,
    undo: bool,
    before: Option<Before>,
    outcomes: Vec<Outcome>,
    reason: &'a str,
    wrong: &'a str,
}

impl<'a> Page<'a> {
    fn of(program: &'a Program, period: &'a Period, undo: bool) -> Self {
        Self {
            program: &program.id,
            name: &program.name,
            period,
            undo,
            before: None,
            outcomes: Vec::new(),
            reason: "",
            wrong: "",
        }
    }
}

pub(super) fn ticked(program: &Program, named: &[String]) -> Result<Vec<UnitId>, Wrong> {
    let known = |id: &String| program.roster.unit(id).map(|unit| unit.id.clone());
    let found: Option<Vec<UnitId>> = named.iter().map(known).collect();
    found.filter(|found| !found.is_empty()).ok_or_else(|| {
        let words = ("请先勾选单位", "Please tick some units first");
        Wrong::told(StatusCode::UNPROCESSABLE_ENTITY, words)
    })
}

/// `GET /p/{program}/{period}/exempt?unit=…`.
pub(super) async fn ask(
    State(app): State<Arc<App>>,
    who: Who,
    Path((id, named)): Path<(String, String)>,
    Asked(ticked): Asked<Ticked>,
) -> Result<Response, Wrong> {
    let (program, period) = decided(&app, &who, (&id, &named), None)?;
    let units = self::ticked(&program, &ticked.unit)?;
    let which = Which {
        program: &program,
        period: &period,
        undo: ticked.undo,
    };
    let mut page = Page::of(&program, &period, ticked.undo);
    page.before = Some(before(&app.site, which, &units).await?);
    app.pages.page(&app, Some(&who), "exempt.html", &page)
}

/// `POST /p/{program}/{period}/exempt`.
pub(super) async fn act(
    State(app): State<Arc<App>>,
    who: Who,
    Path((id, named)): Path<(String, String)>,
    Posted(decision): Posted<Decision>,
) -> Result<Response, Wrong> {
    let (program, period) = decided(&app, &who, (&id, &named), Some(&decision.token))?;
    let which = Which {
        program: &program,
        period: &period,
        undo: decision.undo,
    };
    let units = ticked(&program, &decision.unit)?;
    let reason = decision.reason.trim();
    let mut page = Page::of(&program, &period, decision.undo);
    let wrong = checked(app.site.language(), reason).err().unwrap_or_default();
    if !wrong.is_empty() || units.len() != decision.seen.len() {
        page.before = Some(before(&app.site, which, &units).await?);
        page.reason = reason;
        page.wrong = if wrong.is_empty() {
            let words = ("页面不完整，请重新勾选", "The page isn't complete; tick again");
            app.site.language().either(words.0, words.1)
        } else {
            wrong
        };
        let mut response = app.pages.page(&app, Some(&who), "exempt.html", &page)?;
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    }
    let by = who.actor()?;
    let units: Vec<(UnitId, String)> = units.into_iter().zip(decision.seen).collect();
    page.outcomes = decide(&app.site, &by, which, &units, reason).await?;
    page.reason = reason;
    app.pages.page(&app, Some(&who), "exempt.html", &page)
}
