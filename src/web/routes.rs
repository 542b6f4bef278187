//! Which address is which page. A table, so that a test can ask each of them
//! without a session, with the wrong role, and from elsewhere.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;
use tower_http::compression::CompressionLevel;
use tower_http::csrf::CsrfLayer;

use super::answer::{Wrong, see};
use super::{
    App, assets, assign, exempt, extend, guard, handle, letter, login, period, submission, today, versions,
};

/// All of them.
pub(super) fn router(app: &Arc<App>) -> Router {
    let gzip = CompressionLayer::new().quality(CompressionLevel::Precise(4));
    let read = Router::new()
        .route("/", get(|| async { see("/today") }))
        .route("/today", get(today::page))
        .route("/go", get(period::go))
        .route("/p/{program}", get(period::latest))
        .route("/p/{program}/{period}", get(period::page))
        .route("/s/{id}", get(submission::page))
        .route("/s/{id}/changes", get(versions::page))
        .route("/assets/{name}", get(assets::asset))
        .layer(gzip);
    // Pages that hold a token beside what a stranger typed aren't compressed.
    let typed = Router::new()
        .route("/letters/{id}", get(letter::page).post(letter::decide))
        .route("/p/{program}/{period}/exempt", get(exempt::ask).post(exempt::act))
        .route("/p/{program}/{period}/extend", get(extend::ask).post(extend::act))
        .route("/p/{program}/{period}/assign", get(assign::ask).post(assign::act))
        .route("/s/{id}/{deed}", get(handle::ask).post(handle::act))
        .route("/login", get(login::page).post(login::log_in))
        .route("/first/{token}", get(login::first).post(login::make_first))
        .route("/password", get(login::password).post(login::change_password))
        .route("/logout", post(login::log_out))
        .route("/healthz", get(|| async { "ok\n" }));
    read.merge(typed)
        .fallback(|| async { Wrong::not_found() })
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(app.clone(), guard::guard))
        .with_state(app.clone())
}
