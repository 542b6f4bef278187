//! 邮件: what is configured, and a letter to try it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::{of_the_site, refused};
use crate::desk::doctor::Line;
use crate::desk::mailing::{MailAnswer, configured, try_out};
use crate::domain::account::Right;
use crate::web::App;
use crate::web::answer::Wrong;
use crate::web::body::Posted;
use crate::web::who::Who;

#[derive(Deserialize)]
pub(super) struct Tried {
    token: String,
    #[serde(default)]
    address: String,
}

#[derive(Serialize)]
struct Page<'a> {
    mail: MailAnswer,
    address: &'a str,
    outcome: Option<Line>,
    wrong: &'static str,
}

const PAGE: &str = "settings-mail.html";

/// `GET /settings/mail`.
pub(super) async fn page(State(app): State<Arc<App>>, who: Who) -> Result<Response, Wrong> {
    of_the_site(&who, Right::Decide)?;
    let page = Page {
        mail: configured(&app.site),
        address: "",
        outcome: None,
        wrong: "",
    };
    app.pages.page(&app, Some(&who), PAGE, &page)
}

/// `POST /settings/mail`.
pub(super) async fn act(
    State(app): State<Arc<App>>,
    who: Who,
    Posted(tried): Posted<Tried>,
) -> Result<Response, Wrong> {
    of_the_site(&who, Right::Decide)?;
    who.made(&tried.token)?;
    let address = tried.address.trim();
    let mut page = Page {
        mail: configured(&app.site),
        address,
        outcome: None,
        wrong: "",
    };
    let language = app.site.language();
    if address.is_empty() {
        page.wrong = language.either("请填写收件邮箱", "Please fill in the mail address");
        return refused(&app, &who, PAGE, &page, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let Ok(_turn) = app.busy.mail.try_acquire() else {
        page.wrong = language.either(
            "有人正在试发，请等他试完再试",
            "Somebody is sending a test letter; wait until that is done",
        );
        return refused(&app, &who, PAGE, &page, StatusCode::CONFLICT);
    };
    let line = try_out(&app.site, &who.actor()?, address).await?;
    page.outcome = Some(line);
    app.pages.page(&app, Some(&who), PAGE, &page)
}
