//! `/healthz`: whether the service is well, for whatever watches it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use super::App;
use crate::desk::health::failing;

/// `GET /healthz`: `ok`, or the names of what fails in one line.
pub(super) async fn page(State(app): State<Arc<App>>) -> Response {
    match failing(&app.site).await.as_slice() {
        [] => "ok\n".into_response(),
        names => (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", names.join("、"))).into_response(),
    }
}
