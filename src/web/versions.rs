//! What changed since the version before.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;

use super::App;
use super::answer::Wrong;
use super::submission::visible;
use super::who::Who;
use crate::desk::submission::SubmissionAnswer;
use crate::desk::versions::{VersionChanges, changes};

#[derive(Serialize)]
struct Page {
    one: SubmissionAnswer,
    changes: VersionChanges,
}

/// `GET /s/{id}/changes`.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Wrong> {
    let one = visible(&app, &who, &id).await?;
    let found = changes(&app.site, one.id).await?.ok_or_else(Wrong::not_found)?;
    let page = Page { one, changes: found };
    app.pages.page(&app, Some(&who), "versions.html", &page)
}
