//! 信函: what waits for approval, what is handed over by a person, what goes
//! and went, and what goes within thirty days.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::Wrong;
use super::body::{Asked, Posted};
use super::who::Who;
use crate::desk::ahead::{self, AheadPage};
use crate::desk::board::revisions;
use crate::desk::outbox::{
    AT_ONCE, CopyAnswer, Counts, Decision, ListedLetter, Outcome, Part, WaitingLetter, decide_several,
    outbox, waiting_letters,
};
use crate::desk::period::programs;
use crate::domain::account::Right;
use crate::domain::ids::LetterId;
use crate::domain::language::Language;
use crate::domain::letters::LetterState;

/// A part of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PartName {
    Drafts,
    ByHand,
    Outbox,
    Calendar,
}

impl PartName {
    const ALL: [Self; 4] = [Self::Drafts, Self::ByHand, Self::Outbox, Self::Calendar];

    fn word(self) -> &'static str {
        match self {
            Self::Drafts => "drafts",
            Self::ByHand => "by_hand",
            Self::Outbox => "outbox",
            Self::Calendar => "calendar",
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    part: String,
    #[serde(default)]
    state: String,
    /// The list goes on beyond this letter.
    beyond: Option<i64>,
    #[serde(default)]
    page: usize,
}

/// A part of the page as the navigation names it.
#[derive(Serialize)]
struct Tab {
    part: PartName,
    /// How much stands there; not counted before it is asked for where that takes long.
    count: Option<usize>,
}

/// A state that the outbox can be cut to.
#[derive(Serialize)]
struct Filter {
    /// All of them where there is none.
    state: Option<LetterState>,
    label: Option<&'static str>,
    count: usize,
}

#[derive(Serialize)]
struct Page<'a> {
    part: PartName,
    tabs: Vec<Tab>,
    waiting: Option<Part<WaitingLetter>>,
    copies: Vec<&'a CopyAnswer>,
    outbox: Option<Part<ListedLetter>>,
    filters: Vec<Filter>,
    filter: Option<LetterState>,
    /// The list was asked for from somewhere within.
    within: bool,
    ahead: Option<AheadPage<'a>>,
}

/// `GET /letters`.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    who: Who,
    Asked(asked): Asked<Wanted>,
) -> Result<Response, Wrong> {
    let (site, account) = (&app.site, &who.account);
    let revisions = revisions(site).await?;
    let counts = app.board.letter_counts(site, &revisions).await?;
    let copies = app.board.copies(site, &revisions).await?;
    let count = |states: &[LetterState]| counts.letters(account, states);
    let drafts = count(&[LetterState::Draft]);
    let by_hand = count(&[LetterState::ByHand]) + copies.of_account(account).count();
    let named = PartName::ALL.into_iter().find(|own| own.word() == asked.part);
    let part = named.unwrap_or(match (drafts, by_hand) {
        (0, 0) => PartName::Outbox,
        (0, _) => PartName::ByHand,
        _ => PartName::Drafts,
    });
    let tab = |part| Tab {
        part,
        count: match part {
            PartName::Drafts => Some(drafts),
            PartName::ByHand => Some(by_hand),
            PartName::Outbox => Some(count(&[])),
            PartName::Calendar => None,
        },
    };
    let beyond = asked.beyond.map(LetterId::new);
    let mut page = Page {
        part,
        tabs: PartName::ALL.map(tab).into(),
        waiting: None,
        copies: Vec::new(),
        outbox: None,
        filters: Vec::new(),
        filter: None,
        within: beyond.is_some(),
        ahead: None,
    };
    let mut planned = Vec::new();
    match part {
        PartName::Drafts => {
            let found = waiting_letters(site, &counts, account, LetterState::Draft, beyond).await?;
            page.waiting = Some(found);
        }
        PartName::ByHand => {
            let found = waiting_letters(site, &counts, account, LetterState::ByHand, beyond).await?;
            // What is handed on stands after the last of the letters.
            if found.rest.is_none() {
                page.copies = copies.of_account(account).collect();
            }
            page.waiting = Some(found);
        }
        PartName::Outbox => {
            page.filter = LetterState::parse(&asked.state);
            page.filters = filters(site.language(), &counts, &who, page.filter);
            let states = page.filter.as_slice();
            page.outbox = Some(outbox(site, &counts, account, states, beyond).await?);
        }
        PartName::Calendar => {
            for program in programs(site, account) {
                planned.push(app.board.ahead(site, &program, &revisions).await?);
            }
            let now = site.clock.now();
            page.ahead = Some(ahead::page(
                site.language(),
                &site.calendar(),
                now,
                &planned,
                asked.page,
            ));
        }
    }
    app.pages.page(&app, Some(&who), "letters.html", &page)
}

/// The states that there are letters in, and how many.
fn filters(language: Language, counts: &Counts, who: &Who, chosen: Option<LetterState>) -> Vec<Filter> {
    let filter = |state: Option<LetterState>| Filter {
        state,
        label: state.map(|own| own.words(language)),
        count: counts.letters(&who.account, state.as_slice()),
    };
    let states = LetterState::ALL.into_iter().map(|state| filter(Some(state)));
    let mut filters: Vec<Filter> = states.collect();
    filters.retain(|own| own.count > 0 || own.state == chosen);
    filters.insert(0, filter(None));
    filters
}

/// What is decided about all that are ticked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Button {
    Approve,
    Discard,
    Done,
}

impl Button {
    /// What somebody needs for it at least; of each letter it is asked again.
    fn right(self) -> Right {
        match self {
            Self::Approve | Self::Discard => Right::Review,
            Self::Done => Right::Decide,
        }
    }

    fn decision(self) -> Decision {
        match self {
            Self::Approve => Decision::Approve(None),
            Self::Discard => Decision::Discard,
            Self::Done => Decision::Done,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Several {
    token: String,
    part: PartName,
    decision: Button,
    /// Number and what was seen of each that is ticked, a colon between them.
    #[serde(default)]
    letter: Vec<String>,
}

#[derive(Serialize)]
struct Done {
    part: PartName,
    decision: Button,
    outcomes: Vec<Outcome>,
    /// How many were decided so.
    decided: usize,
}

/// `POST /letters`.
pub(super) async fn decide(
    State(app): State<Arc<App>>,
    who: Who,
    Posted(several): Posted<Several>,
) -> Result<Response, Wrong> {
    who.made(&several.token)?;
    who.may(several.decision.right())?;
    let wrong = |words| Wrong::told(StatusCode::UNPROCESSABLE_ENTITY, words);
    let ticked: Option<Vec<(LetterId, String)>> = several.letter.iter().map(|own| ticked(own)).collect();
    let ticked = ticked.ok_or_else(|| {
        wrong((
            "页面不完整，请返回刷新后再勾选",
            "The page isn't complete; refresh it and tick again",
        ))
    })?;
    if ticked.is_empty() {
        return Err(wrong(("请先勾选信函", "Please tick some letters first")));
    }
    if ticked.len() > AT_ONCE {
        return Err(wrong(("一次最多勾选200封", "200 letters at once at most")));
    }
    let by = who.actor()?;
    let decision = several.decision.decision();
    let outcomes = decide_several(&app.site, &who.account, &by, &decision, &ticked).await?;
    let outcomes = outcomes.ok_or_else(Wrong::not_found)?;
    let page = Done {
        part: several.part,
        decision: several.decision,
        decided: outcomes.iter().filter(|own| own.refused.is_none()).count(),
        outcomes,
    };
    app.pages.page(&app, Some(&who), "letters_done.html", &page)
}

fn ticked(text: &str) -> Option<(LetterId, String)> {
    let (id, seen) = text.split_once(':')?;
    Some((LetterId::new(id.parse().ok()?), seen.to_owned()))
}
