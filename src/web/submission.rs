//! 一份: a submission, what was found in it, its other versions and what was
//! done with it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use serde::Serialize;

use super::App;
use super::answer::Wrong;
use super::who::Who;
use crate::desk::Misuse;
use crate::desk::submission::{SubmissionAnswer, submission};
use crate::domain::finding::Verdict;
use crate::domain::ids::SubmissionId;

#[derive(Serialize)]
struct Page {
    one: SubmissionAnswer,
    /// Nothing of it is shown but whose it is.
    hidden: bool,
}

/// `GET /s/{id}`.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Wrong> {
    let id: i64 = id.parse().map_err(|_| Wrong::not_found())?;
    let found = submission(&app.site, SubmissionId::new(id)).await;
    let one = match found {
        Ok(one) => one,
        Err(error) if error.is::<Misuse>() => return Err(Wrong::not_found()),
        Err(error) => return Err(error.into()),
    };
    if !who.account.has(&one.program) {
        return Err(Wrong::not_found());
    }
    let page = Page {
        hidden: one.verdict == Verdict::Quarantined,
        one,
    };
    app.pages.page(&app, Some(&who), "submission.html", &page)
}
