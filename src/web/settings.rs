//! 设置: rosters, days off, programmes, users, mail, the service.

mod aliases;
mod changes;
mod holidays;
mod mail;
mod programs;
mod rosters;
mod row;
mod service;
mod upload;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Serialize;
use tokio::sync::Semaphore;

use super::App;
use super::answer::Wrong;
use super::who::Who;
use crate::desk::rosters::tables;
use crate::domain::account::Right;
use crate::domain::ids::ProgramId;
use crate::domain::program::RosterTable;

/// What takes its time and is done for one person at a time.
pub(super) struct Busy {
    mail: Semaphore,
    doctor: Arc<Semaphore>,
}

impl Default for Busy {
    fn default() -> Self {
        Self {
            mail: Semaphore::new(1),
            doctor: Arc::new(Semaphore::new(1)),
        }
    }
}

/// The longest form with a file that is listened to, in bytes. Of its file less
/// is taken ([`crate::desk::uploads::MOST_BYTES`]).
const LONGEST_FORM: usize = 32 << 20;

/// Pages that only read: they are compressed.
pub(super) fn read() -> Router<Arc<App>> {
    Router::new()
        .route("/settings", get(programs::all))
        .route("/settings/programs/{program}", get(programs::one))
        .route("/settings/programs/{program}/roster", get(rosters::page))
}

/// Those that are of use before the site is made: rosters and days off.
pub(super) fn of_setup() -> Router<Arc<App>> {
    Router::new()
        .route("/settings/programs/{program}/roster", get(rosters::page))
        .merge(rosters_and_days())
}

/// Rosters and days off, as they are changed.
fn rosters_and_days() -> Router<Arc<App>> {
    Router::new()
        .route("/settings/programs/{program}/roster.xlsx", get(rosters::download))
        .route(
            "/settings/programs/{program}/upload",
            post(upload::take).layer(DefaultBodyLimit::max(LONGEST_FORM)),
        )
        .route(
            "/settings/programs/{program}/changes/{upload}",
            get(changes::page).post(changes::decide),
        )
        .route("/settings/programs/{program}/row", get(row::page).post(row::save))
        .route("/settings/holidays", get(holidays::page).post(holidays::act))
}

/// Pages that hold what somebody typed, and those that change something.
pub(super) fn typed() -> Router<Arc<App>> {
    Router::new()
        .route(
            "/settings/programs/{program}/switch",
            get(programs::ask).post(programs::act),
        )
        .route(
            "/settings/programs/{program}/aliases",
            get(aliases::page).post(aliases::decide),
        )
        .route("/settings/users", get(users::page).post(users::add))
        .route("/settings/users/{id}", get(users::one).post(users::act))
        .route("/settings/mail", get(mail::page).post(mail::act))
        .route("/settings/service", get(service::page).post(service::examine))
        .route("/settings/clock", post(service::accept_clock))
        .merge(rosters_and_days())
}

/// Whether somebody may change what is the whole site's.
fn of_the_site(who: &Who, right: Right) -> Result<(), Wrong> {
    who.may(right)?;
    let words = (
        "您的用户只管部分台账，全站的设置请找管全部台账的经办人",
        "Your user has some ledgers only; for what is the whole site's ask an office user who has all",
    );
    let all = who.account.programs.is_empty();
    all.then_some(())
        .ok_or_else(|| Wrong::told(StatusCode::FORBIDDEN, words))
}

/// A programme whose roster somebody may keep, with the tables that it has.
fn kept(app: &App, who: &Who, id: &str) -> Result<(ProgramId, Vec<RosterTable>), Wrong> {
    let found = tables(&app.site, &who.account, id).ok_or_else(Wrong::not_found)?;
    who.may(Right::Decide)?;
    Ok(found)
}

/// A page that says what is wrong with what was sent.
fn refused(
    app: &App,
    who: &Who,
    name: &str,
    own: &impl Serialize,
    status: StatusCode,
) -> Result<Response, Wrong> {
    let mut response = app.pages.page(app, Some(who), name, own)?;
    *response.status_mut() = status;
    Ok(response)
}
