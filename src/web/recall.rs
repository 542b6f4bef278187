//! 撤回: who would be told first, then the decision, then the number of the withdrawal.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::{Wrong, see};
use super::body::Posted;
use super::letter::number;
use super::reason::checked;
use super::who::Who;
use crate::desk::is_refused;
use crate::desk::letters::{LetterAnswer, shown};
use crate::desk::withdrawing::{Before, before, withdraw};
use crate::domain::account::Right;
use crate::domain::ids::LetterId;
use crate::domain::language::Language;

#[derive(Serialize)]
struct Page<'a> {
    before: Before,
    kind: &'static str,
    /// The letter that withdraws it, once it is there.
    made: Option<LetterAnswer>,
    reason: &'a str,
    wrong: &'a str,
}

impl Page<'_> {
    fn of(language: Language, before: Before) -> Self {
        Self {
            kind: before.letter.kind.label(language),
            before,
            made: None,
            reason: "",
            wrong: "",
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Decided {
    token: String,
    seen: String,
    #[serde(default)]
    reason: String,
}

async fn asked(app: &App, who: &Who, id: LetterId) -> Result<Before, Wrong> {
    let found = before(&app.site, &who.account, id).await?;
    found.ok_or_else(Wrong::not_found)
}

/// `GET /letters/{id}/withdraw`.
pub(super) async fn ask(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Wrong> {
    let before = asked(&app, &who, number(&id)?).await?;
    who.may(Right::Decide)?;
    app.pages.page(
        &app,
        Some(&who),
        "recall.html",
        &Page::of(app.site.language(), before),
    )
}

/// `POST /letters/{id}/withdraw`.
pub(super) async fn act(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    Posted(decided): Posted<Decided>,
) -> Result<Response, Wrong> {
    let id = number(&id)?;
    let found = asked(&app, &who, id).await?;
    who.made(&decided.token)?;
    who.may(Right::Decide)?;
    let reason = decided.reason.trim();
    let mut page = Page::of(app.site.language(), found);
    page.reason = reason;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    page.wrong = checked(app.site.language(), reason).err().unwrap_or_default();
    let told;
    if page.wrong.is_empty() {
        let by = who.actor()?;
        match withdraw(&app.site, &by, id, reason, &decided.seen).await {
            Ok(Some(made)) => {
                status = StatusCode::OK;
                let found = shown(&app.site, &who.account, made).await?;
                page.made = found.map(|(letter, _)| letter);
            }
            // It hadn't gone yet and simply doesn't go.
            Ok(None) => return Ok(see(&format!("/letters/{id}"))),
            Err(error) if is_refused(&error) => {
                status = StatusCode::CONFLICT;
                told = error.to_string();
                page.before = asked(&app, &who, id).await?;
                page.wrong = &told;
            }
            Err(error) => return Err(error.into()),
        }
    }
    let mut response = app.pages.page(&app, Some(&who), "recall.html", &page)?;
    *response.status_mut() = status;
    Ok(response)
}
