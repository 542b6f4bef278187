//! 联系方式: one unit's, or one leader's, in a form of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::refused;
use crate::desk::is_refused;
use crate::desk::rosters::{Fault, RowAnswer, given, row, set_row};
use crate::domain::program::RosterTable;
use crate::domain::sha256::Sha256;
use crate::web::App;
use crate::web::answer::Wrong;
use crate::web::body::{Asked, Posted};
use crate::web::who::Who;

#[derive(Deserialize)]
pub(super) struct Which {
    table: RosterTable,
    #[serde(default)]
    id: String,
}

#[derive(Deserialize)]
pub(super) struct Saved {
    token: String,
    table: RosterTable,
    id: String,
    seen: Sha256,
    #[serde(flatten)]
    fields: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Page {
    row: RowAnswer,
    saved: bool,
    same: bool,
    faults: Vec<Fault>,
    wrong: String,
}

impl Page {
    fn of(row: RowAnswer) -> Self {
        Self {
            row,
            saved: false,
            same: false,
            faults: Vec::new(),
            wrong: String::new(),
        }
    }
}

/// `GET /settings/programs/{program}/row?table=…&id=…`: by its id, or by the
/// name that somebody typed.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    who: Who,
    Path(program): Path<String>,
    Asked(which): Asked<Which>,
) -> Result<Response, Wrong> {
    let (program, _) = super::kept(&app, &who, &program)?;
    let found = row(&app.site, &program, which.table, &which.id)?;
    let words = (
        "名册里没有这一个，请核对名称或编号",
        "The roster has none such; check name or id",
    );
    let found = found.ok_or_else(|| Wrong::told(StatusCode::NOT_FOUND, words))?;
    app.pages
        .page(&app, Some(&who), "settings-row.html", &Page::of(found))
}

/// `POST /settings/programs/{program}/row`.
pub(super) async fn save(
    State(app): State<Arc<App>>,
    who: Who,
    Path(program): Path<String>,
    Posted(saved): Posted<Saved>,
) -> Result<Response, Wrong> {
    let (program, _) = super::kept(&app, &who, &program)?;
    who.made(&saved.token)?;
    let found = row(&app.site, &program, saved.table, &saved.id)?;
    let Some(found) = found.filter(|own| own.id == saved.id) else {
        return Err(Wrong::not_found());
    };
    let texts: Vec<(String, String)> = saved.fields.into_iter().collect();
    let given = given(saved.table, &texts);
    let by = who.actor()?;
    let own = (&program, saved.table, saved.id.as_str());
    let outcome = set_row(&app.site, &by, own, &given, Some(saved.seen)).await;
    let mut page = Page::of(found);
    let status = match outcome {
        Ok(Ok(changed)) => {
            // As it stands now.
            if let Some(now) = row(&app.site, &program, saved.table, &saved.id)? {
                page.row = now;
            }
            (page.saved, page.same) = (changed, !changed);
            return app.pages.page(&app, Some(&who), "settings-row.html", &page);
        }
        Ok(Err(faults)) => {
            page.faults = faults;
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(error) if is_refused(&error) => {
            page.wrong = error.to_string();
            StatusCode::CONFLICT
        }
        Err(error) => return Err(error.into()),
    };
    // What was typed stays.
    for field in &mut page.row.fields {
        if let Some((_, text)) = given.iter().find(|(key, _)| *key == field.key) {
            field.typed = Some(text.clone());
        }
    }
    refused(&app, &who, "settings-row.html", &page, status)
}
