//! 节假日: what is known, a notice that is pasted, day by day, then taken.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::{of_the_site, refused};
use crate::desk::holidays::{HolidaysAnswer, LONGEST, NoticeAnswer, known, read, take};
use crate::desk::is_refused;
use crate::domain::account::Right;
use crate::domain::language::worded;
use crate::domain::sha256::Sha256;
use crate::web::App;
use crate::web::answer::Wrong;
use crate::web::body::Posted;
use crate::web::who::Who;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    Look,
    Take,
}

#[derive(Deserialize)]
pub(super) struct Pasted {
    token: String,
    #[serde(default)]
    text: String,
    step: Step,
    seen: Option<Sha256>,
}

#[derive(Serialize)]
struct Page<'a> {
    known: HolidaysAnswer,
    notice: Option<NoticeAnswer>,
    taken: bool,
    text: &'a str,
    faults: Vec<String>,
    wrong: String,
}

impl<'a> Page<'a> {
    fn of(app: &App, text: &'a str) -> Self {
        Self {
            known: known(&app.site),
            notice: None,
            taken: false,
            text,
            faults: Vec::new(),
            wrong: String::new(),
        }
    }
}

const PAGE: &str = "settings-holidays.html";

/// `GET /settings/holidays`.
pub(super) async fn page(State(app): State<Arc<App>>, who: Who) -> Result<Response, Wrong> {
    of_the_site(&who, Right::Decide)?;
    app.pages.page(&app, Some(&who), PAGE, &Page::of(&app, ""))
}

/// `POST /settings/holidays`.
pub(super) async fn act(
    State(app): State<Arc<App>>,
    who: Who,
    Posted(pasted): Posted<Pasted>,
) -> Result<Response, Wrong> {
    of_the_site(&who, Right::Decide)?;
    who.made(&pasted.token)?;
    let text = pasted.text.trim();
    let mut page = Page::of(&app, text);
    let language = app.site.language();
    if text.is_empty() || text.chars().count() > LONGEST {
        page.wrong = if text.is_empty() {
            language
                .either("请粘贴通知", "Please paste the notice")
                .to_owned()
        } else {
            worded!(
                language,
                "粘贴的内容超过{LONGEST}个字，请只粘贴通知本身",
                "It has more than {LONGEST} characters; paste nothing but the notice"
            )
        };
        return refused(&app, &who, PAGE, &page, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let outcome = match (pasted.step, pasted.seen) {
        (Step::Take, Some(seen)) => take(&app.site, &who.actor()?, text, seen).await,
        _ => read(&app.site, text).await,
    };
    match outcome {
        Ok(Ok(notice)) => {
            page.taken = notice.changed && pasted.step == Step::Take && pasted.seen.is_some();
            if page.taken {
                page.known = known(&app.site);
            }
            page.notice = Some(notice);
            app.pages.page(&app, Some(&who), PAGE, &page)
        }
        Ok(Err(faults)) => {
            page.faults = faults;
            refused(&app, &who, PAGE, &page, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(error) if is_refused(&error) => {
            page.wrong = error.to_string();
            // As it is by now.
            page.notice = read(&app.site, text).await?.ok();
            refused(&app, &who, PAGE, &page, StatusCode::CONFLICT)
        }
        Err(error) => Err(error.into()),
    }
}
