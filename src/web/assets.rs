//! The style and the few lines of script, kept by browsers under a name that
//! changes with them.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};

use super::answer::Wrong;

const STYLE: &str = include_str!("assets/style.css");
const SCRIPT: &str = include_str!("assets/page.js");

/// `/assets/{name}`.
pub(super) async fn asset(Path(name): Path<String>) -> Result<Response, Wrong> {
    let (kind, text) = match name.as_str() {
        "style.css" => ("text/css; charset=utf-8", STYLE),
        "page.js" => ("text/javascript; charset=utf-8", SCRIPT),
        _ => return Err(Wrong::not_found()),
    };
    Ok((
        [(CONTENT_TYPE, kind), (CACHE_CONTROL, "private, max-age=600")],
        text,
    )
        .into_response())
}
