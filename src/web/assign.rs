//! 明确牵头单位: who leads an item of a register, from a period on.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::{Wrong, see};
use super::body::{Asked, Posted};
use super::period::decided;
use super::reason::checked;
use super::who::Who;
use crate::desk::assigning::{Before, Which, before, decide, leads};
use crate::desk::{Misuse, is_refused};
use crate::domain::ids::{ItemId, ProgramId, UnitId};
use crate::domain::period::Period;
use crate::domain::program::Program;

#[derive(Deserialize)]
pub(super) struct Question {
    item: String,
    #[serde(default)]
    lead: String,
}

#[derive(Deserialize)]
pub(super) struct Decision {
    token: String,
    item: String,
    #[serde(default)]
    lead: String,
    seen: usize,
    #[serde(default)]
    reason: String,
}

#[derive(Serialize)]
struct Page<'a> {
    program: &'a ProgramId,
    name: &'a str,
    period: &'a Period,
    item: &'a str,
    lead: &'a str,
    before: Before,
    reason: &'a str,
    wrong: String,
}

/// What is asked, with what is wrong with what was written.
struct Draft<'a> {
    program: &'a Arc<Program>,
    period: &'a Period,
    item: &'a str,
    lead: &'a str,
    reason: &'a str,
}

impl Draft<'_> {
    fn units(&self) -> Result<Vec<UnitId>, anyhow::Error> {
        leads(self.program, self.lead)
    }

    async fn page(&self, app: &App, who: &Who, wrong: String) -> Result<Response, Wrong> {
        let id: ItemId = self.item.parse().map_err(|_| Wrong::not_found())?;
        let which = Which {
            program: self.program,
            from: self.period,
            item: &id,
        };
        let mut wrong = wrong;
        let units = self.units().unwrap_or_else(|error| {
            wrong = error.to_string();
            Vec::new()
        });
        let seen = match before(&app.site, which, &units).await {
            Ok(seen) => seen,
            Err(error) if is_refused(&error) => {
                wrong = error.to_string();
                before(&app.site, which, &[]).await?
            }
            Err(error) if error.is::<Misuse>() => return Err(Wrong::not_found()),
            Err(error) => return Err(error.into()),
        };
        let is_wrong = !wrong.is_empty();
        let page = Page {
            program: &self.program.id,
            name: &self.program.name,
            period: self.period,
            item: self.item,
            lead: self.lead,
            before: seen,
            reason: self.reason,
            wrong,
        };
        let mut response = app.pages.page(app, Some(who), "assign.html", &page)?;
        if is_wrong {
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        }
        Ok(response)
    }
}

/// `GET /p/{program}/{period}/assign?item=…`.
pub(super) async fn ask(
    State(app): State<Arc<App>>,
    who: Who,
    Path((id, named)): Path<(String, String)>,
    Asked(question): Asked<Question>,
) -> Result<Response, Wrong> {
    let (program, period) = decided(&app, &who, (&id, &named), None)?;
    let draft = Draft {
        program: &program,
        period: &period,
        item: &question.item,
        lead: &question.lead,
        reason: "",
    };
    draft.page(&app, &who, String::new()).await
}

/// `POST /p/{program}/{period}/assign`.
pub(super) async fn act(
    State(app): State<Arc<App>>,
    who: Who,
    Path((id, named)): Path<(String, String)>,
    Posted(decision): Posted<Decision>,
) -> Result<Response, Wrong> {
    let (program, period) = decided(&app, &who, (&id, &named), Some(&decision.token))?;
    let reason = decision.reason.trim();
    let draft = Draft {
        program: &program,
        period: &period,
        item: &decision.item,
        lead: &decision.lead,
        reason,
    };
    if let Err(words) = checked(app.site.language(), reason) {
        return draft.page(&app, &who, words.to_owned()).await;
    }
    let units = match draft.units() {
        Ok(units) if !units.is_empty() => units,
        Ok(_) => {
            let words = ("请写牵头单位", "Please write the lead unit");
            let words = app.site.language().either(words.0, words.1);
            return draft.page(&app, &who, words.to_owned()).await;
        }
        Err(error) => return draft.page(&app, &who, error.to_string()).await,
    };
    let item: ItemId = decision.item.parse().map_err(|_| Wrong::not_found())?;
    let which = Which {
        program: &program,
        from: &period,
        item: &item,
    };
    let by = who.actor()?;
    match decide(&app.site, &by, which, (&units, reason), decision.seen).await {
        Ok(()) => Ok(see(&format!("/p/{}/{period}?by=items", program.id))),
        Err(error) if is_refused(&error) => draft.page(&app, &who, error.to_string()).await,
        Err(error) => Err(error.into()),
    }
}
