//! Which address is which page. A table, so that a test can ask each of them
//! without a session, with the wrong role, and from elsewhere.

use std::sync::Arc;

use axum::Router;
use axum::http::{Extensions, HeaderMap, StatusCode, Version};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use tower_http::compression::CompressionLayer;
use tower_http::compression::CompressionLevel;
use tower_http::compression::predicate::{DefaultPredicate, Predicate as _};
use tower_http::csrf::CsrfLayer;

use super::answer::{Wrong, see};
use super::{
    App, api, assets, assign, exempt, extend, files, guard, handle, health, letter, letters, log, login,
    nudge, period, recall, settings, setup, submission, today, trend, versions,
};

/// Marks an answer in which stands what somebody typed, beside the session's
/// token: it isn't compressed, or its length would tell of the token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Typed;

fn is_not_typed(_: StatusCode, _: Version, _: &HeaderMap, own: &Extensions) -> bool {
    own.get::<Typed>().is_none()
}

/// All of them.
pub(super) fn router(app: &Arc<App>) -> Router {
    let gzip = CompressionLayer::new()
        .quality(CompressionLevel::Precise(4))
        .compress_when(DefaultPredicate::new().and(is_not_typed));
    let read = Router::new()
        .route("/", get(|| async { see("/today") }))
        .route("/today", get(today::page))
        .route("/go", get(period::go))
        .route("/p/{program}", get(period::latest))
        .route("/p/{program}/trend", get(trend::page))
        .route("/p/{program}/{period}", get(period::page))
        .route("/p/{program}/{period}/files", get(files::page))
        .route("/s/{id}", get(submission::page))
        .route("/s/{id}/changes", get(versions::page))
        .route("/log", get(log::page))
        .route("/letters", get(letters::page))
        .route("/letters/{id}", get(letter::page))
        .route("/assets/{name}", get(assets::asset))
        .merge(settings::read())
        .layer(gzip);
    // Pages that hold a token beside what a stranger typed aren't compressed.
    let typed = Router::new()
        .route("/log.xlsx", get(log::workbook))
        .route("/p/{program}/{period}/files/{which}", get(files::master))
        .route("/p/{program}/{period}/forms/{unit}", get(files::form))
        .route("/s/{id}/original", get(submission::original))
        .route("/letters", post(letters::decide))
        .route("/letters/{id}/withdraw", get(recall::ask).post(recall::act))
        .route("/letters/{id}", post(letter::decide))
        .route("/p/{program}/{period}/exempt", get(exempt::ask).post(exempt::act))
        .route("/p/{program}/{period}/nudge", get(nudge::ask).post(nudge::act))
        .route("/p/{program}/{period}/extend", get(extend::ask).post(extend::act))
        .route("/p/{program}/{period}/assign", get(assign::ask).post(assign::act))
        .route("/s/{id}/{deed}", get(handle::ask).post(handle::act))
        .route("/login", get(login::page).post(login::log_in))
        .route("/first/{token}", get(login::first).post(login::make_first))
        .route("/password", get(login::password).post(login::change_password))
        .route("/logout", post(login::log_out))
        .route("/healthz", get(health::page));
    // For programs on this machine, which hold a key instead of a session.
    let machines = Router::new()
        .route("/api/v1/status", get(api::status))
        .route("/api/v1/programs", get(api::programs_on))
        .route("/api/v1/show/{id}", get(api::one))
        .route("/api/v1/schedule", get(api::schedule))
        .route("/api/v1/letters", get(api::letters_on))
        .route("/api/v1/log", get(api::log_on))
        .route("/api/v1/{*rest}", get(api::nothing));
    read.merge(typed)
        .merge(machines)
        .merge(settings::typed())
        .fallback(|| async { Wrong::not_found() })
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(app.clone(), guard::guard))
        .with_state(app.clone())
}

/// Those by which a site is set up; all else leads there.
pub(super) fn setting_up(app: &Arc<App>) -> Router {
    setup::pages()
        .route("/assets/{name}", get(assets::asset))
        .merge(settings::of_setup())
        .fallback(|| async { see("/setup") })
        .layer(CsrfLayer::new())
        .layer(from_fn_with_state(app.clone(), guard::guard))
        .with_state(app.clone())
}
