//! 一份: a submission, what was found in it, its other versions and what was
//! done with it.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::Wrong;
use super::attachment::{attachment, stream};
use super::who::Who;
use crate::desk::Misuse;
use crate::desk::handling::{Deed, possible};
use crate::desk::sheet::{Part, SheetAnswer, sheet};
use crate::desk::submission::{self as desk, SubmissionAnswer, submission};
use crate::domain::account::Right;
use crate::domain::finding::Verdict;
use crate::domain::ids::SubmissionId;

#[derive(Deserialize)]
pub(super) struct Asked {
    /// What was just done with it.
    #[serde(default)]
    done: String,
    /// The sheet that is shown, from 0.
    #[serde(default)]
    sheet: usize,
    /// The first row, by its place; none: the beginning, as it was kept.
    from: Option<usize>,
}

#[allow(clippy::struct_excessive_bools, reason = "each is shown or not by itself")]
#[derive(Serialize)]
struct Page {
    one: SubmissionAnswer,
    /// Nothing of it is shown but whose it is.
    hidden: bool,
    /// The original may be taken along.
    original: bool,
    deeds: Vec<Deed>,
    done: Option<Deed>,
    sheet: Option<SheetAnswer>,
    /// There is an earlier version.
    has_before: bool,
    /// Rows further back are shown than those that were kept.
    read: bool,
}

/// A submission that an account has to do with.
///
/// # Errors
/// There is none such, or it is none of the account's.
pub(super) async fn visible(app: &App, who: &Who, id: &str) -> Result<SubmissionAnswer, Wrong> {
    let id: i64 = id.parse().map_err(|_| Wrong::not_found())?;
    let one = match submission(&app.site, SubmissionId::new(id)).await {
        Ok(one) => one,
        Err(error) if error.is::<Misuse>() => return Err(Wrong::not_found()),
        Err(error) => return Err(error.into()),
    };
    if who.account.has(&one.program) {
        Ok(one)
    } else {
        Err(Wrong::not_found())
    }
}

/// `GET /s/{id}/original`: the file as it came, for those who review.
pub(super) async fn original(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Wrong> {
    let one = visible(&app, &who, &id).await?;
    who.may(Right::Review)?;
    let path = desk::original(&app.site, one.id)
        .await?
        .ok_or_else(Wrong::not_found)?;
    let body = stream(&path)
        .await
        .map_err(|error| anyhow::anyhow!("原件读不出来：{error}"))?;
    Ok(attachment(&one.file_name, "application/octet-stream", body))
}

/// `GET /s/{id}`.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Wrong> {
    let one = visible(&app, &who, &id).await?;
    let part = Part {
        sheet: asked.sheet,
        from: asked.from,
    };
    let page = Page {
        hidden: one.verdict == Verdict::Quarantined,
        original: who.account.role.gives(Right::Review) && desk::original(&app.site, one.id).await?.is_some(),
        deeds: possible(&app.site, &who.account, one.id).await?,
        done: Deed::parse(&asked.done),
        sheet: sheet(&app.site, one.id, part).await?,
        read: asked.from.is_some(),
        has_before: one
            .versions
            .iter()
            .any(|own| one.version.is_some_and(|version| own.version < version)),
        one,
    };
    app.pages.page(&app, Some(&who), "submission.html", &page)
}
