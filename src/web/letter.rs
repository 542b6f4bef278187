//! A letter as it will go, what a person decides about it, and with which words.

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
use crate::desk::board::revisions;
use crate::desk::decide::{Decision, letter_as_seen};
use crate::desk::drafting::{Drafted, SheetAnswer, Typed, approve, as_sent, preview};
use crate::desk::letters::{LetterAnswer, shown};
use crate::desk::withdrawing::{may_be_withdrawn, withdrawal_of};
use crate::desk::{Misuse, is_refused};
use crate::domain::account::Right;
use crate::domain::ids::LetterId;
use crate::domain::letters::LetterState;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Button {
    Preview,
    Approve,
    Discard,
    Done,
    Retry,
}

/// What can be decided about a letter, in the order of the buttons.
fn possible(letter: &LetterAnswer) -> &'static [Button] {
    match letter.state {
        LetterState::Draft => &[Button::Approve, Button::Discard],
        LetterState::Queued if letter.last_error.is_some() => &[Button::Retry, Button::Discard],
        LetterState::Queued => &[Button::Discard],
        LetterState::ByHand => &[Button::Done, Button::Discard],
        LetterState::Failed => &[Button::Retry, Button::Discard],
        LetterState::Uncertain => &[Button::Done, Button::Retry],
        _ => &[],
    }
}

impl Button {
    /// None for what decides nothing.
    fn decision(self) -> Option<Decision> {
        Some(match self {
            Self::Preview => return None,
            Self::Approve => Decision::Approve(None),
            Self::Discard => Decision::Discard,
            Self::Done => Decision::Done,
            Self::Retry => Decision::Retry,
        })
    }

    fn right(self, state: LetterState) -> Right {
        self.decision()
            .map_or(Right::Review, |decision| decision.right(state))
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
    /// The words of a draft, for who may approve it.
    drafted: Option<Drafted>,
    /// The letter as it goes or went; none that isn't worded yet.
    sheet: Option<SheetAnswer>,
    /// The sheet has the words that were typed; nothing of them is kept yet.
    previewed: bool,
    /// Words that were typed for what is no draft any more.
    kept: Option<Typed>,
    /// It may be taken back.
    withdrawable: bool,
    /// The letter that takes it back.
    withdrawn: Option<LetterId>,
    wrong: String,
}

#[derive(Deserialize)]
pub(super) struct Decided {
    token: String,
    seen: String,
    decision: Button,
    /// What tells the words that the form came with.
    #[serde(default)]
    offered: String,
    /// None where a letter is decided about without touching its words.
    subject: Option<String>,
    #[serde(default)]
    body: String,
    #[serde(default)]
    chat: String,
}

/// What is said on the page beside the letter.
#[derive(Default)]
struct Said {
    status: StatusCode,
    wrong: String,
    /// What was typed, with what tells the words that were offered.
    typed: Option<(Typed, String)>,
    /// The letter with it.
    sheet: Option<SheetAnswer>,
}

pub(super) fn number(id: &str) -> Result<LetterId, Wrong> {
    let number: i64 = id.parse().map_err(|_| Wrong::not_found())?;
    Ok(LetterId::new(number))
}

async fn answer(app: &App, who: &Who, id: LetterId, said: Said) -> Result<Response, Wrong> {
    let found = shown(&app.site, &who.account, id).await?;
    let (letter, seen) = found.ok_or_else(Wrong::not_found)?;
    let given = |button: &Button| who.account.role.gives(button.right(letter.state));
    let edits = letter.state == LetterState::Draft && who.account.role.gives(Right::Review);
    let mut wrong = said.wrong;
    let mut draft = None;
    if edits {
        let revisions = revisions(&app.site).await?;
        match app.board.drafted(&app.site, id, &revisions).await {
            Ok(found) => draft = Some(Drafted::clone(&found)),
            Err(error) if error.is::<Misuse>() && wrong.is_empty() => wrong = error.to_string(),
            Err(error) if error.is::<Misuse>() => {}
            Err(error) => return Err(error.into()),
        }
    }
    let previewed = said.sheet.is_some();
    let worded = !letter.text.text.is_empty();
    let own = draft.as_mut().map(|draft| std::mem::take(&mut draft.sheet));
    let sheet = said
        .sheet
        .or(own)
        .or_else(|| worded.then(|| as_sent(&letter.text)));
    let mut kept = None;
    match (said.typed, &mut draft) {
        (Some((typed, offered)), Some(draft)) => (draft.typed, draft.offered) = (typed, offered),
        (Some((typed, _)), None) => kept = Some(typed),
        (None, _) => {}
    }
    let went = may_be_withdrawn(&letter);
    let withdrawn = if went {
        withdrawal_of(&app.site, id).await?
    } else {
        None
    };
    let page = Page {
        kind: letter.kind.label(app.site.language()),
        state: letter.state.words(app.site.language()),
        buttons: possible(&letter).iter().copied().filter(given).collect(),
        reasons: letter.matters.iter().map(|own| own.reason.clone()).collect(),
        withdrawable: went && withdrawn.is_none() && who.account.role.gives(Right::Decide),
        drafted: draft,
        seen,
        sheet,
        previewed,
        kept,
        withdrawn,
        wrong,
        letter,
    };
    let mut response = app.pages.page(app, Some(who), "letter.html", &page)?;
    *response.status_mut() = said.status;
    Ok(response)
}

/// `GET /letters/{id}`.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Wrong> {
    answer(&app, &who, number(&id)?, Said::default()).await
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
    let is_as_seen = decided.seen == now;
    who.may(if is_as_seen {
        decided.decision.right(letter.state)
    } else {
        Right::Review
    })?;
    let seen = if is_as_seen { now.as_str() } else { "" };
    let with_words = decided.subject.is_some();
    // Browsers end the lines of a form in their own way.
    let lines = |text: &str| text.replace("\r\n", "\n");
    let typed = Typed {
        subject: decided.subject.unwrap_or_default(),
        body: lines(&decided.body),
        chat: lines(&decided.chat),
    };
    let by = who.actor()?;
    let outcome = match decided.decision.decision() {
        None if letter.state == LetterState::Draft => match preview(&app.site, id, &typed).await {
            Ok(sheet) => {
                let said = Said {
                    sheet: Some(sheet),
                    typed: Some((typed, decided.offered)),
                    ..Said::default()
                };
                return answer(&app, &who, id, said).await;
            }
            Err(error) => Err(error),
        },
        // It is a draft no more: who wanted to see it as one is told what it is.
        None => letter_as_seen(&app.site, &by, id, &Decision::Approve(None), "").await,
        Some(Decision::Approve(_)) if with_words => {
            approve(&app.site, &by, id, (&typed, &decided.offered), seen).await
        }
        Some(decision) => letter_as_seen(&app.site, &by, id, &decision, seen).await,
    };
    let Err(error) = outcome else {
        return Ok(see(&format!("/letters/{id}")));
    };
    let status = match &error {
        error if is_refused(error) => StatusCode::CONFLICT,
        error if error.is::<Misuse>() => StatusCode::UNPROCESSABLE_ENTITY,
        _ => return Err(error.into()),
    };
    let said = Said {
        status,
        wrong: error.to_string(),
        typed: with_words.then_some((typed, decided.offered)),
        sheet: None,
    };
    answer(&app, &who, id, said).await
}
