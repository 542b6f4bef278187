//! 方案: which there are, whether each is right, on and off, from trial to work.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::refused;
use crate::desk::is_refused;
use crate::desk::switching::{self, ProgramAnswer, Switch, SwitchAnswer};
use crate::domain::account::Right;
use crate::domain::ids::ProgramId;
use crate::domain::program::RosterTable;
use crate::domain::sha256::Sha256;
use crate::web::App;
use crate::web::answer::{Wrong, see};
use crate::web::body::{Asked, Posted};
use crate::web::reason::checked;
use crate::web::who::Who;

#[derive(Serialize)]
struct All {
    programs: Vec<ProgramAnswer>,
}

#[derive(Serialize)]
struct One {
    one: ProgramAnswer,
    tables: Vec<(RosterTable, &'static str)>,
}

#[derive(Deserialize)]
pub(super) struct To {
    to: Switch,
}

#[derive(Deserialize)]
pub(super) struct Decision {
    token: String,
    to: Switch,
    seen: Sha256,
    #[serde(default)]
    reason: String,
}

#[derive(Serialize)]
struct Page<'a> {
    before: SwitchAnswer,
    reason: &'a str,
    wrong: String,
}

/// `GET /settings`.
pub(super) async fn all(State(app): State<Arc<App>>, who: Who) -> Result<Response, Wrong> {
    who.may(Right::Decide)?;
    let (site, account) = (app.site.clone(), who.account.clone());
    // All definitions are read.
    let programs = tokio::task::spawn_blocking(move || switching::all(&site, &account)).await;
    let programs = programs.map_err(anyhow::Error::from)?;
    app.pages
        .page(&app, Some(&who), "settings.html", &All { programs })
}

/// `GET /settings/programs/{program}`.
pub(super) async fn one(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Wrong> {
    let one = switching::one(&app.site, &who.account, &id).ok_or_else(Wrong::not_found)?;
    let (_, tables) = super::kept(&app, &who, &id)?;
    let page = One {
        one,
        tables: tables
            .into_iter()
            .map(|own| (own, own.words(app.site.language())))
            .collect(),
    };
    app.pages.page(&app, Some(&who), "settings-program.html", &page)
}

/// `GET /settings/programs/{program}/switch?to=…`.
pub(super) async fn ask(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    Asked(asked): Asked<To>,
) -> Result<Response, Wrong> {
    let (id, _) = super::kept(&app, &who, &id)?;
    let page = Page {
        before: switching::before(&app.site, &id, asked.to).await?,
        reason: "",
        wrong: String::new(),
    };
    app.pages.page(&app, Some(&who), "settings-switch.html", &page)
}

/// `POST /settings/programs/{program}/switch`.
pub(super) async fn act(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    Posted(decision): Posted<Decision>,
) -> Result<Response, Wrong> {
    let (id, _): (ProgramId, _) = super::kept(&app, &who, &id)?;
    who.made(&decision.token)?;
    let reason = decision.reason.trim();
    let again = async |wrong: String, status| {
        let page = Page {
            before: switching::before(&app.site, &id, decision.to).await?,
            reason,
            wrong,
        };
        refused(&app, &who, "settings-switch.html", &page, status)
    };
    if let Err(wrong) = checked(app.site.language(), reason) {
        return again(wrong.to_owned(), StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let by = who.actor()?;
    let own = (&id, decision.to);
    match switching::switch(&app.site, &by, own, reason, Some(decision.seen)).await {
        Ok(()) => Ok(see(&format!("/settings/programs/{id}"))),
        Err(error) if is_refused(&error) => again(error.to_string(), StatusCode::CONFLICT).await,
        Err(error) => Err(error.into()),
    }
}
