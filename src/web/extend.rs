//! 缓报、延期: a later deadline, for some units or for all of them.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::Wrong;
use super::body::{Asked, Posted};
use super::exempt::ticked;
use super::period::decided;
use super::reason::checked;
use super::who::Who;
use crate::desk::exempting::Outcome;
use crate::desk::extending::{Before, Which, before, decide};
use crate::desk::{Misuse, is_refused};
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::language::{Language, worded};
use crate::domain::period::Period;
use crate::domain::program::Program;

/// Whose deadline, and the day.
#[derive(Deserialize)]
pub(super) struct Question {
    #[serde(default)]
    unit: Vec<String>,
    /// All units are meant, not those that are ticked.
    #[serde(default)]
    all: bool,
    #[serde(default)]
    to: String,
}

#[derive(Deserialize)]
pub(super) struct Decision {
    token: String,
    #[serde(default)]
    unit: Vec<String>,
    #[serde(default)]
    all: bool,
    seen: u32,
    /// The day whose consequences were shown.
    #[serde(default)]
    shown: String,
    #[serde(default)]
    reason: String,
}

#[derive(Serialize)]
struct Page<'a> {
    program: &'a ProgramId,
    name: &'a str,
    period: &'a Period,
    all: bool,
    to: &'a str,
    before: Option<Before>,
    outcomes: Vec<Outcome>,
    reason: &'a str,
    wrong: String,
}

/// The page before: with what is wrong with what was written, if anything is.
struct Draft<'a> {
    program: &'a Arc<Program>,
    period: &'a Period,
    units: &'a [UnitId],
    to: &'a str,
    reason: &'a str,
    wrong: String,
}

fn day(language: Language, text: &str) -> Result<Option<NaiveDate>, String> {
    match text.trim() {
        "" => Ok(None),
        text => match text.parse() {
            Ok(day) => Ok(Some(day)),
            Err(_) => Err(worded!(
                language,
                "“{text}”不是日期，请写成2024-12-10这样",
                "“{text}” isn't a date; write it as in 2024-12-10"
            )),
        },
    }
}

impl Draft<'_> {
    async fn page(self, app: &App, who: &Who) -> Result<Response, Wrong> {
        let which = Which {
            program: self.program,
            period: self.period,
            units: self.units,
        };
        let mut wrong = self.wrong;
        let to = day(app.site.language(), self.to).unwrap_or_else(|said| {
            wrong = said;
            None
        });
        let seen = match before(&app.site, which, to).await {
            Ok(seen) => seen,
            Err(error) if is_refused(&error) => {
                if wrong.is_empty() {
                    wrong = error.to_string();
                }
                before(&app.site, which, None).await?
            }
            Err(error) if error.is::<Misuse>() => return Err(Wrong::not_found()),
            Err(error) => return Err(error.into()),
        };
        let is_wrong = !wrong.is_empty();
        let page = Page {
            program: &self.program.id,
            name: &self.program.name,
            period: self.period,
            all: self.units.is_empty(),
            to: self.to,
            before: Some(seen),
            outcomes: Vec::new(),
            reason: self.reason,
            wrong,
        };
        let mut response = app.pages.page(app, Some(who), "extend.html", &page)?;
        if is_wrong {
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        }
        Ok(response)
    }
}

fn units(program: &Program, all: bool, named: &[String]) -> Result<Vec<UnitId>, Wrong> {
    if all {
        Ok(Vec::new())
    } else {
        ticked(program, named)
    }
}

/// `GET /p/{program}/{period}/extend?unit=…&to=…`.
pub(super) async fn ask(
    State(app): State<Arc<App>>,
    who: Who,
    Path((id, named)): Path<(String, String)>,
    Asked(question): Asked<Question>,
) -> Result<Response, Wrong> {
    let (program, period) = decided(&app, &who, (&id, &named), None)?;
    let units = units(&program, question.all, &question.unit)?;
    let draft = Draft {
        program: &program,
        period: &period,
        units: &units,
        to: &question.to,
        reason: "",
        wrong: String::new(),
    };
    draft.page(&app, &who).await
}

/// `POST /p/{program}/{period}/extend`.
pub(super) async fn act(
    State(app): State<Arc<App>>,
    who: Who,
    Path((id, named)): Path<(String, String)>,
    Posted(decision): Posted<Decision>,
) -> Result<Response, Wrong> {
    let (program, period) = decided(&app, &who, (&id, &named), Some(&decision.token))?;
    let units = units(&program, decision.all, &decision.unit)?;
    let reason = decision.reason.trim();
    let wrong = |wrong: &str| Draft {
        program: &program,
        period: &period,
        units: &units,
        to: &decision.shown,
        reason,
        wrong: wrong.to_owned(),
    };
    if let Err(words) = checked(app.site.language(), reason) {
        return wrong(words).page(&app, &who).await;
    }
    let language = app.site.language();
    let Ok(Some(to)) = day(language, &decision.shown) else {
        let words = language.either("请写延到哪一天", "Please write the new day");
        return wrong(words).page(&app, &who).await;
    };
    let which = Which {
        program: &program,
        period: &period,
        units: &units,
    };
    let by = who.actor()?;
    let outcomes = decide(&app.site, &by, which, (to, reason), decision.seen).await?;
    let page = Page {
        program: &program.id,
        name: &program.name,
        period: &period,
        all: units.is_empty(),
        to: &decision.shown,
        before: None,
        outcomes,
        reason,
        wrong: String::new(),
    };
    app.pages.page(&app, Some(&who), "extend.html", &page)
}
