//! 单位别名: names that units write and the roster doesn't know.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::refused;
use crate::desk::named::unit;
use crate::desk::period::program;
use crate::desk::rosters::{Offers, dismiss, offers, take_up};
use crate::desk::{Misuse, is_refused};
use crate::domain::account::Right;
use crate::domain::language::{Language, worded};
use crate::domain::sha256::Sha256;
use crate::web::App;
use crate::web::answer::{Wrong, see};
use crate::web::body::Posted;
use crate::web::who::Who;

#[derive(Deserialize)]
pub(super) struct Decision {
    token: String,
    seen: Sha256,
    /// The names on the page, and the unit beside each.
    #[serde(default)]
    name: Vec<String>,
    #[serde(default)]
    unit: Vec<String>,
    /// Which of them is taken up, or is nobody's alias.
    take: Option<usize>,
    drop: Option<usize>,
}

#[derive(Serialize)]
struct Page {
    offers: Offers,
    /// What was typed beside a name that wasn't taken up.
    typed: Option<(String, String)>,
    wrong: String,
}

/// `GET /settings/programs/{program}/aliases`.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Wrong> {
    let program = program(&app.site, &who.account, &id).ok_or_else(Wrong::not_found)?;
    who.may(Right::Decide)?;
    let page = Page {
        offers: offers(&app.site, &program).await?,
        typed: None,
        wrong: String::new(),
    };
    app.pages.page(&app, Some(&who), "settings-aliases.html", &page)
}

/// `POST /settings/programs/{program}/aliases`.
pub(super) async fn decide(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    Posted(decision): Posted<Decision>,
) -> Result<Response, Wrong> {
    let program = program(&app.site, &who.account, &id).ok_or_else(Wrong::not_found)?;
    who.made(&decision.token)?;
    who.may(Right::Decide)?;
    let incomplete = || {
        Wrong::told(
            StatusCode::UNPROCESSABLE_ENTITY,
            (
                "页面不完整，请返回上一页重新打开",
                "The page isn't complete; go back and open it anew",
            ),
        )
    };
    let place = decision.take.or(decision.drop).ok_or_else(incomplete)?;
    let name = decision.name.get(place).ok_or_else(incomplete)?;
    let by = who.actor()?;
    let typed = decision.unit.get(place).map_or("", |text| text.trim());
    let outcome = if decision.take.is_some() {
        match named(app.site.language(), &program, typed) {
            Ok(unit) => take_up(&app.site, &by, (&program, name), &unit, Some(decision.seen)).await,
            Err(error) => Err(error),
        }
    } else {
        dismiss(&app.site, &by, &program.id, name).await
    };
    let (status, wrong) = match outcome {
        Ok(()) => return Ok(see(&format!("/settings/programs/{}/aliases", program.id))),
        Err(error) if is_refused(&error) => (StatusCode::CONFLICT, error.to_string()),
        Err(error) if error.is::<Misuse>() => (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()),
        Err(error) => return Err(error.into()),
    };
    let page = Page {
        offers: offers(&app.site, &program).await?,
        typed: Some((name.clone(), typed.to_owned())),
        wrong,
    };
    refused(&app, &who, "settings-aliases.html", &page, status)
}

/// The unit that somebody means: its id, or a name of the roster.
fn named(
    language: Language,
    program: &crate::domain::program::Program,
    typed: &str,
) -> anyhow::Result<crate::domain::ids::UnitId> {
    if typed.is_empty() {
        return Err(Misuse(
            language
                .either("请填写是哪个单位", "Please write which unit")
                .into(),
        )
        .into());
    }
    let unknown = |_| {
        Misuse(worded!(
            language,
            "名册里没有单位“{typed}”，请从列表里选",
            "The roster has no unit “{typed}”; choose one from the list"
        ))
    };
    Ok(unit(program, typed).map_err(unknown)?.id.clone())
}
