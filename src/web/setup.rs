//! Setting up in the browser: seven steps, each kept, back and later possible.

mod mail;
mod steps;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::{CONNECTION, SET_COOKIE};
use axum::response::Response;
use axum::routing::get;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::{Wrong, see};
use super::body::Posted;
use super::who::{Who, keep};
use crate::desk::Misuse;
use crate::desk::setup::{Answers, Setup, Step, enter, finish};

type Answer = Result<Response, Wrong>;

/// All pages of setting up.
pub(super) fn pages() -> Router<Arc<App>> {
    Router::new()
        .route("/setup", get(first))
        .route("/setup/in/{token}", get(door).post(come_in))
        .route("/setup/where", get(steps::places).post(steps::keep_places))
        .route("/setup/what", get(steps::programs).post(steps::keep_programs))
        .route("/setup/who", get(steps::office).post(steps::keep_office))
        .route("/setup/roster", get(steps::rosters).post(steps::keep_rosters))
        .route("/setup/when", get(steps::dates).post(steps::keep_dates))
        .route("/setup/notify", get(mail::ways).post(mail::keep_way))
        .route("/setup/look", get(steps::look).post(make))
        .route("/login", get(outside))
}

/// What stands around each step.
#[derive(Serialize)]
struct Around<T: Serialize> {
    step: Step,
    /// The steps, each with whether it is done.
    steps: Vec<(Step, bool)>,
    answers: Shown,
    wrong: String,
    #[serde(flatten)]
    own: T,
}

/// What was answered, without what nobody needs to see.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    answers: Answers,
    /// The first user's password is kept.
    has_password: bool,
}

/// A step that shows nothing but what was answered.
#[derive(Serialize)]
struct Plain {}

/// The setting up that goes on; elsewhere there is no such page.
fn setup(app: &App) -> Result<&Arc<Setup>, Wrong> {
    app.setup.as_ref().ok_or_else(Wrong::not_found)
}

/// The page of a step, with what was wrong with what was typed.
fn page<T: Serialize>(app: &App, who: &Who, step: Step, own: T, wrong: Option<String>) -> Answer {
    let answers = setup(app)?.answers();
    shown(app, who, (step, answers), own, wrong)
}

/// The same with answers that aren't kept.
fn shown<T: Serialize>(
    app: &App,
    who: &Who,
    (step, mut answers): (Step, Answers),
    own: T,
    wrong: Option<String>,
) -> Answer {
    let steps = Step::ALL.map(|own| (own, answers.done.contains(&own)));
    let status = match wrong {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    // Who was typed but not taken has no password that could stay.
    let has_password = answers.person.as_ref().is_some_and(|own| !own.secret.is_empty());
    if let Some(person) = &mut answers.person {
        person.secret.clear();
    }
    let own = Around {
        step,
        steps: steps.into(),
        answers: Shown {
            answers,
            has_password,
        },
        wrong: wrong.unwrap_or_default(),
        own,
    };
    let name = match step {
        Step::Where => "setup-where.html",
        Step::What => "setup-what.html",
        Step::Who => "setup-who.html",
        Step::Roster => "setup-roster.html",
        Step::When => "setup-when.html",
        Step::Notify => "setup-notify.html",
        Step::Look => "setup-look.html",
    };
    let mut response = app.pages.page(app, Some(who), name, &own)?;
    *response.status_mut() = status;
    Ok(response)
}

/// On to the next step.
fn on(step: Step) -> Response {
    let next = step.next().unwrap_or(Step::Look);
    see(&format!("/setup/{}", next.as_str()))
}

/// `GET /setup`: where it was left.
async fn first(State(app): State<Arc<App>>, _who: Who) -> Answer {
    let done = setup(&app)?.answers().done;
    let step = Step::ALL.into_iter().find(|own| !done.contains(own));
    Ok(see(&format!("/setup/{}", step.unwrap_or(Step::Look).as_str())))
}

#[derive(Serialize)]
struct Door {
    to: String,
}

/// `GET /setup/in/{token}`.
async fn door(State(app): State<Arc<App>>, Path(token): Path<String>) -> Answer {
    if !setup(&app)?.knows(&token) {
        return Err(Wrong::told(StatusCode::NOT_FOUND, ELSEWHERE));
    }
    let to = format!("/setup/in/{token}");
    app.pages.page(&app, None, "setup-in.html", &Door { to })
}

/// `POST /setup/in/{token}`.
async fn come_in(State(app): State<Arc<App>>, Path(token): Path<String>) -> Answer {
    let session = enter(&app.site, setup(&app)?, &token).await?;
    let mut response = see("/setup");
    response
        .headers_mut()
        .insert(SET_COOKIE, keep(&app, Some(&session)));
    Ok(response)
}

const ELSEWHERE: (&str, &str) = (
    "站点正在建立。请打开启动程序的窗口里给出的地址；用过的地址失效了，\
     就按 Ctrl-C 停下再运行一次，已经填的都在",
    "The site is being set up. Open the address in the window in which the program was started; \
     if it was used, stop the program with Ctrl-C and run it again: what was filled in stays",
);

/// `GET /login`: nobody has a name yet.
async fn outside() -> Wrong {
    Wrong::told(StatusCode::UNAUTHORIZED, ELSEWHERE)
}

#[derive(Deserialize)]
struct Begun {
    token: String,
    #[serde(default)]
    trial: bool,
}

/// `POST /setup/look`: the site is made, and the program goes on with it.
async fn make(State(app): State<Arc<App>>, who: Who, Posted(form): Posted<Begun>) -> Answer {
    who.made(&form.token)?;
    match finish(setup(&app)?, &app.site, form.trial).await {
        Ok(session) => {
            // The same socket is served by the site from now on, on new connections.
            let mut response = see("/today");
            let headers = response.headers_mut();
            headers.insert(SET_COOKIE, keep(&app, Some(&session)));
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
            Ok(response)
        }
        Err(error) if error.is::<Misuse>() => steps::looked(&app, &who, Some(error.to_string())).await,
        Err(error) => Err(error.into()),
    }
}
