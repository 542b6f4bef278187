//! What a roster that was handed in changes: shown, then taken or dropped.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::refused;
use crate::desk::rosters::{ChangesAnswer, Proposed, apply, changes, propose};
use crate::desk::uploads::{Upload, decided, find};
use crate::desk::{Misuse, is_refused};
use crate::domain::sha256::Sha256;
use crate::web::App;
use crate::web::answer::{Wrong, see};
use crate::web::body::{Asked, Posted};
use crate::web::who::Who;

#[derive(Deserialize)]
pub(super) struct Part {
    #[serde(default)]
    page: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Button {
    Write,
    Drop,
}

#[derive(Deserialize)]
pub(super) struct Decision {
    token: String,
    seen: Sha256,
    #[serde(rename = "decision")]
    button: Button,
    #[serde(default)]
    sure: bool,
}

#[derive(Serialize)]
struct Page<'a> {
    changes: ChangesAnswer,
    /// What the file that was handed in is known by.
    upload: &'a str,
    /// It was written, and where the table before lies now.
    written: bool,
    kept: Option<String>,
    wrong: String,
}

fn found(app: &App, who: &Who, id: &str, key: &str) -> Result<Upload, Wrong> {
    let (id, _) = super::kept(app, who, id)?;
    let upload = find(&app.site, who.account.id, key).filter(|own| own.purpose.program == id);
    upload.ok_or_else(|| {
        Wrong::told(
            StatusCode::NOT_FOUND,
            (
                "没有这个文件：可能已经处理过，也可能超过一小时没有确认。要改请重新上传",
                "There is no such file: it was dealt with, or nobody confirmed it within an hour. Upload it again",
            ),
        )
    })
}

async fn proposed(app: &App, upload: &Upload) -> Result<Proposed, Wrong> {
    let own = &upload.purpose;
    let proposed = propose(&app.site, &own.program, own.table, &upload.path, own.until).await?;
    proposed.ok_or_else(Wrong::not_found)
}

/// `GET /settings/programs/{program}/changes/{upload}`.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    who: Who,
    Path((id, key)): Path<(String, String)>,
    Asked(part): Asked<Part>,
) -> Result<Response, Wrong> {
    let upload = found(&app, &who, &id, &key)?;
    let proposed = proposed(&app, &upload).await?;
    let page = Page {
        changes: changes(&app.site, &proposed, part.page),
        upload: &key,
        written: false,
        kept: None,
        wrong: String::new(),
    };
    app.pages.page(&app, Some(&who), "settings-changes.html", &page)
}

/// `POST /settings/programs/{program}/changes/{upload}`.
pub(super) async fn decide(
    State(app): State<Arc<App>>,
    who: Who,
    Path((id, key)): Path<(String, String)>,
    Posted(decision): Posted<Decision>,
) -> Result<Response, Wrong> {
    let upload = found(&app, &who, &id, &key)?;
    who.made(&decision.token)?;
    let own = &upload.purpose;
    if decision.button == Button::Drop {
        decided(&upload);
        let table = own.table.as_str();
        return Ok(see(&format!(
            "/settings/programs/{}/roster?table={table}",
            own.program
        )));
    }
    let proposed = proposed(&app, &upload).await?;
    let by = who.actor()?;
    let outcome = apply(&app.site, &by, &proposed, (decision.seen, decision.sure)).await;
    let mut page = Page {
        changes: changes(&app.site, &proposed, 1),
        upload: &key,
        written: false,
        kept: None,
        wrong: String::new(),
    };
    let status = match outcome {
        Ok(kept) => {
            decided(&upload);
            (page.written, page.kept) = (true, kept);
            StatusCode::OK
        }
        Err(error) if is_refused(&error) => {
            page.wrong = error.to_string();
            StatusCode::CONFLICT
        }
        Err(error) if error.is::<Misuse>() => {
            page.wrong = error.to_string();
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(error) => return Err(error.into()),
    };
    refused(&app, &who, "settings-changes.html", &page, status)
}
