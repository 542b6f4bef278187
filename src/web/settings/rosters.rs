//! 名册: a table of a roster, and the same to take home.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::desk::rosters::{RosterAnswer, download as workbook, shown};
use crate::domain::program::RosterTable;
use crate::web::App;
use crate::web::answer::Wrong;
use crate::web::attachment::{WORKBOOK, attachment};
use crate::web::body::Asked;
use crate::web::who::{Known, Who};

#[derive(Deserialize)]
pub(super) struct Which {
    #[serde(default = "units")]
    table: RosterTable,
    #[serde(default)]
    page: usize,
}

fn units() -> RosterTable {
    RosterTable::Units
}

#[derive(Serialize)]
struct Page {
    roster: RosterAnswer,
    today: NaiveDate,
}

/// `GET /settings/programs/{program}/roster?table=…&page=…`.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    Asked(which): Asked<Which>,
) -> Result<Response, Wrong> {
    let (id, tables) = super::kept(&app, &who, &id)?;
    let roster = shown(&app.site, (&id, &tables), which.table, which.page)?;
    let page = Page {
        roster: roster.ok_or_else(Wrong::not_found)?,
        today: app.site.clock.now().date_naive(),
    };
    app.pages.page(&app, Some(&who), "settings-roster.html", &page)
}

/// `GET /settings/programs/{program}/roster.xlsx?table=…`.
pub(super) async fn download(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    Asked(which): Asked<Which>,
) -> Result<Response, Wrong> {
    let (id, _) = super::kept(&app, &who, &id)?;
    let site = app.site.clone();
    let made = tokio::task::spawn_blocking(move || workbook(&site, &id, which.table)).await;
    let made = made.map_err(anyhow::Error::from)??;
    let (name, bytes) = made.ok_or_else(Wrong::not_found)?;
    let mut response = attachment(&name, WORKBOOK, bytes.into());
    response.extensions_mut().insert(Known(who.account.id));
    Ok(response)
}
