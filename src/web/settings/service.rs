//! 运行: what fails and what to do, the clock, and everything looked at on demand.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::{of_the_site, refused};
use crate::desk::decide::accept_clock as accept;
use crate::desk::doctor::{Line, doctor};
use crate::desk::is_refused;
use crate::desk::service::{ServiceAnswer, service};
use crate::domain::account::Right;
use crate::web::App;
use crate::web::answer::{Wrong, see};
use crate::web::body::Posted;
use crate::web::condition;
use crate::web::reason::checked;
use crate::web::who::Who;

/// The longest that somebody waits for everything to be looked at.
const LONGEST: Duration = Duration::from_secs(90);

#[derive(Deserialize)]
pub(super) struct Asked {
    token: String,
}

#[derive(Deserialize)]
pub(super) struct Accepted {
    token: String,
    #[serde(default)]
    reason: String,
}

#[derive(Serialize)]
struct Page<'a> {
    service: ServiceAnswer,
    lines: Option<Vec<Line>>,
    reason: &'a str,
    wrong: String,
}

const PAGE: &str = "settings-service.html";

async fn of<'a>(app: &App) -> Result<Page<'a>, Wrong> {
    Ok(Page {
        service: service(&app.site).await?,
        lines: None,
        reason: "",
        wrong: String::new(),
    })
}

/// `GET /settings/service`.
pub(super) async fn page(State(app): State<Arc<App>>, who: Who) -> Result<Response, Wrong> {
    of_the_site(&who, Right::Decide)?;
    let page = of(&app).await?;
    app.pages.page(&app, Some(&who), PAGE, &page)
}

/// `POST /settings/service`: everything is looked at, as by `doctor`.
pub(super) async fn examine(
    State(app): State<Arc<App>>,
    who: Who,
    Posted(asked): Posted<Asked>,
) -> Result<Response, Wrong> {
    of_the_site(&who, Right::Decide)?;
    who.made(&asked.token)?;
    let mut page = of(&app).await?;
    let language = app.site.language();
    let Ok(turn) = app.busy.doctor.clone().try_acquire_owned() else {
        let words = (
            "正在检查，请等这一次检查完",
            "It is being examined; wait until that is done",
        );
        page.wrong.push_str(language.either(words.0, words.1));
        return refused(&app, &who, PAGE, &page, StatusCode::CONFLICT);
    };
    // It goes through the share and the database, and asks the mail server: on
    // a thread of its own, so that nobody else waits.
    let (site, runtime) = (app.site.clone(), Handle::current());
    let looking = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        runtime.block_on(doctor(&site))
    });
    let Ok(looked) = timeout(LONGEST, looking).await else {
        let words = (
            "检查了一分半钟还没有完，请稍后再来，或在这台机器上运行 taizhang doctor",
            "It isn't done after a minute and a half; come back later, or run taizhang doctor on this machine",
        );
        page.wrong.push_str(language.either(words.0, words.1));
        return refused(&app, &who, PAGE, &page, StatusCode::GATEWAY_TIMEOUT);
    };
    let mut lines = looked.map_err(anyhow::Error::from)??;
    lines.extend(condition::lines(&app.options, &app.site).await?);
    // What is wrong comes first.
    lines.sort_by_key(|line| std::cmp::Reverse(line.health));
    page.lines = Some(lines);
    app.pages.page(&app, Some(&who), PAGE, &page)
}

/// `POST /settings/clock`.
pub(super) async fn accept_clock(
    State(app): State<Arc<App>>,
    who: Who,
    Posted(accepted): Posted<Accepted>,
) -> Result<Response, Wrong> {
    of_the_site(&who, Right::Decide)?;
    who.made(&accepted.token)?;
    let reason = accepted.reason.trim();
    let (status, wrong) = match checked(app.site.language(), reason) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong.to_owned()),
        Ok(()) => match accept(&app.site, &who.actor()?, reason).await {
            Ok(_) => return Ok(see("/settings/service")),
            Err(error) if is_refused(&error) => (StatusCode::CONFLICT, error.to_string()),
            Err(error) => return Err(error.into()),
        },
    };
    let page = Page {
        reason,
        wrong,
        ..of(&app).await?
    };
    refused(&app, &who, PAGE, &page, status)
}
