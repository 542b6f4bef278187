//! 信函: a letter as it will go, and what a person decides about it.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::{Wrong, see};
use super::body::Posted;
use super::who::Who;
use crate::desk::decide::{Decision, letter_as_seen};
use crate::desk::letters::{LetterAnswer, shown};
use crate::domain::account::Right;
use crate::domain::ids::LetterId;
use crate::domain::language::Language;
use crate::domain::letters::LetterState;

/// What can be decided about a letter in a state, in the order of the buttons.
fn possible(state: LetterState) -> &'static [Button] {
    match state {
        LetterState::Draft => &[Button::Approve, Button::Discard],
        LetterState::ByHand => &[Button::Done, Button::Discard],
        LetterState::Failed => &[Button::Retry, Button::Discard],
        LetterState::Uncertain => &[Button::Done, Button::Retry],
        _ => &[],
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Button {
    Approve,
    Discard,
    Done,
    Retry,
}

impl Button {
    fn right(self, state: LetterState) -> Right {
        match (self, state) {
            (Self::Approve | Self::Discard, LetterState::Draft) => Right::Review,
            _ => Right::Decide,
        }
    }

    fn decision(self) -> Decision {
        match self {
            Self::Approve => Decision::Approve(None),
            Self::Discard => Decision::Discard,
            Self::Done => Decision::Done,
            Self::Retry => Decision::Retry,
        }
    }
}

#[derive(Serialize)]
struct Page {
    letter: LetterAnswer,
    kind: &'static str,
    state: &'static str,
    /// Why it is written, each once.
    reasons: BTreeSet<String>,
    seen: String,
    buttons: Vec<Button>,
    wrong: String,
}

#[derive(Deserialize)]
pub(super) struct Decided {
    token: String,
    seen: String,
    decision: Button,
}

fn number(id: &str) -> Result<LetterId, Wrong> {
    let number: i64 = id.parse().map_err(|_| Wrong::not_found())?;
    Ok(LetterId::new(number))
}

async fn answer(app: &App, who: &Who, id: LetterId, wrong: String) -> Result<Response, Wrong> {
    let found = shown(&app.site, &who.account, id).await?;
    let (letter, seen) = found.ok_or_else(Wrong::not_found)?;
    let given = |button: &Button| who.account.role.gives(button.right(letter.state));
    let page = Page {
        kind: letter.kind.label(Language::Chinese),
        state: letter.state.label(),
        buttons: possible(letter.state).iter().copied().filter(given).collect(),
        reasons: letter.matters.iter().map(|own| own.reason.clone()).collect(),
        seen,
        wrong,
        letter,
    };
    let refused = !page.wrong.is_empty();
    let mut response = app.pages.page(app, Some(who), "letter.html", &page)?;
    if refused {
        *response.status_mut() = StatusCode::CONFLICT;
    }
    Ok(response)
}

/// `GET /letters/{id}`.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Wrong> {
    answer(&app, &who, number(&id)?, String::new()).await
}

/// `POST /letters/{id}`.
pub(super) async fn decide(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    Posted(decided): Posted<Decided>,
) -> Result<Response, Wrong> {
    who.made(&decided.token)?;
    let id = number(&id)?;
    let found = shown(&app.site, &who.account, id).await?;
    let (letter, now) = found.ok_or_else(Wrong::not_found)?;
    // Who decides about what is no more is told so, whatever it has become.
    let seen = if decided.seen == now {
        who.may(decided.decision.right(letter.state))?;
        now.as_str()
    } else {
        who.may(Right::Review)?;
        ""
    };
    let by = who.actor()?;
    let decision = decided.decision.decision();
    match letter_as_seen(&app.site, &by, id, &decision, seen).await {
        Ok(_) => Ok(see(&format!("/letters/{id}"))),
        Err(error) if crate::desk::is_refused(&error) => answer(&app, &who, id, error.to_string()).await,
        Err(error) => Err(error.into()),
    }
}
