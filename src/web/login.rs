//! Logging in and out, the first account, the own password.

use std::sync::Arc;

use axum::extract::{Extension, Path, State};
use axum::http::StatusCode;
use axum::http::header::{RETRY_AFTER, SET_COOKIE};
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::{Wrong, see};
use super::body::Posted;
use super::guard::Address;
use super::who::{Who, keep};
use crate::desk::Misuse;
use crate::desk::accounts::{NotIn, Token, knows_first};
use crate::domain::language::worded;

type Answer = Result<Response, Wrong>;

/// What stands on a page with a form: what was typed, and what was wrong with it.
#[derive(Debug, Default, Serialize)]
struct Form<'a> {
    name: &'a str,
    shown: &'a str,
    wrong: String,
    /// The password has to be changed before anything else.
    must: bool,
    /// Where the form goes.
    to: String,
}

#[derive(Deserialize)]
pub(super) struct LogIn {
    name: String,
    password: String,
}

#[derive(Deserialize)]
pub(super) struct First {
    name: String,
    shown: String,
    password: String,
    again: String,
}

#[derive(Deserialize)]
pub(super) struct Passwords {
    token: String,
    old: String,
    password: String,
    again: String,
}

#[derive(Deserialize)]
pub(super) struct LogOut {
    token: String,
}

/// `GET /login`.
pub(super) async fn page(State(app): State<Arc<App>>) -> Answer {
    app.pages.page(&app, None, "login.html", &Form::default())
}

/// `POST /login`.
pub(super) async fn log_in(
    State(app): State<Arc<App>>,
    Extension(address): Extension<Address>,
    Posted(form): Posted<LogIn>,
) -> Answer {
    let outcome = app
        .gate
        .log_in(&app.site, (&form.name, &form.password), address.0)
        .await?;
    let language = app.site.language();
    let (status, wrong, wait) = match outcome {
        Ok((token, account)) => {
            let to = if account.must_change {
                "/password"
            } else {
                "/today"
            };
            return Ok(with_session(&app, to, &token));
        }
        Err(NotIn::Wrong) => {
            let words = language.either("登录名或密码不对", "Wrong login name or password");
            (StatusCode::FORBIDDEN, words.to_owned(), None)
        }
        Err(NotIn::Wait(seconds)) => (
            StatusCode::TOO_MANY_REQUESTS,
            worded!(
                language,
                "试得太多，请{seconds}秒后再试",
                "Too many tries; please try again in {seconds} seconds"
            ),
            Some(seconds),
        ),
    };
    let form = Form {
        name: &form.name,
        wrong,
        ..Form::default()
    };
    let mut response = app.pages.page(&app, None, "login.html", &form)?;
    *response.status_mut() = status;
    if let Some(seconds) = wait {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    Ok(response)
}

fn with_session(app: &App, to: &str, token: &Token) -> Response {
    let mut response = see(to);
    response.headers_mut().insert(SET_COOKIE, keep(app, Some(token)));
    response
}

/// `POST /logout`.
pub(super) async fn log_out(State(app): State<Arc<App>>, who: Who, Posted(form): Posted<LogOut>) -> Answer {
    who.made(&form.token)?;
    app.gate.log_out(&app.site, &who.token).await?;
    let mut response = see("/login");
    response.headers_mut().insert(SET_COOKIE, keep(&app, None));
    Ok(response)
}

/// `GET /first/{token}`.
pub(super) async fn first(State(app): State<Arc<App>>, Path(token): Path<String>) -> Answer {
    if !knows_first(&app.site, &token).await? {
        return Err(Wrong::not_found());
    }
    let form = Form {
        to: format!("/first/{token}"),
        ..Form::default()
    };
    app.pages.page(&app, None, "first.html", &form)
}

/// `POST /first/{token}`.
pub(super) async fn make_first(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    Posted(form): Posted<First>,
) -> Answer {
    if !knows_first(&app.site, &token).await? {
        return Err(Wrong::not_found());
    }
    let outcome = if form.password == form.again {
        let who = (form.name.as_str(), form.shown.as_str(), form.password.as_str());
        app.gate.make_first(&app.site, &token, who).await
    } else {
        Err(differ(&app).into())
    };
    match outcome {
        Ok((session, _)) => Ok(with_session(&app, "/today", &session)),
        Err(error) => {
            let form = Form {
                name: &form.name,
                shown: &form.shown,
                wrong: said(error)?,
                to: format!("/first/{token}"),
                ..Form::default()
            };
            wrong(app.pages.page(&app, None, "first.html", &form))
        }
    }
}

/// `GET /password`.
pub(super) async fn password(State(app): State<Arc<App>>, who: Who) -> Answer {
    let form = Form {
        must: who.account.must_change,
        ..Form::default()
    };
    app.pages.page(&app, Some(&who), "password.html", &form)
}

/// `POST /password`.
pub(super) async fn change_password(
    State(app): State<Arc<App>>,
    who: Who,
    Extension(address): Extension<Address>,
    Posted(form): Posted<Passwords>,
) -> Answer {
    who.made(&form.token)?;
    let outcome = if form.password == form.again {
        let passwords = (form.old.as_str(), form.password.as_str());
        app.gate
            .change_password(&app.site, &who.account, passwords, address.0)
            .await
    } else {
        Err(differ(&app).into())
    };
    match outcome {
        Ok(token) => Ok(with_session(&app, "/today", &token)),
        Err(error) => {
            let form = Form {
                wrong: said(error)?,
                must: who.account.must_change,
                ..Form::default()
            };
            wrong(app.pages.page(&app, Some(&who), "password.html", &form))
        }
    }
}

/// Two passwords that should be the same aren't.
fn differ(app: &App) -> Misuse {
    let words = ("两次输入的密码不一样", "The two passwords differ");
    Misuse(app.site.language().either(words.0, words.1).into())
}

/// What was wrong with what was typed; what else went wrong is told otherwise.
fn said(error: anyhow::Error) -> Result<String, Wrong> {
    if error.is::<Misuse>() {
        Ok(error.to_string())
    } else {
        Err(error.into())
    }
}

fn wrong(page: Answer) -> Answer {
    let mut response = page?;
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}
