//! 今天: what needs a person.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use super::App;
use super::answer::Wrong;
use super::who::Who;
use crate::desk::today::{About, Today, today};
use crate::domain::account::Right;
use crate::domain::finding::Verdict;
use crate::domain::letters::LetterState;

#[derive(Serialize)]
struct Page {
    today: Today,
    lines: Vec<Line>,
}

/// A thing to do with where it is done.
#[derive(Serialize)]
struct Line {
    /// The kind of thing, a name among the words.
    kind: &'static str,
    since: Option<String>,
    what: String,
    to: Option<String>,
}

/// `GET /today`.
pub(super) async fn page(State(app): State<Arc<App>>, who: Who) -> Result<Response, Wrong> {
    let today = today(&app.site, &app.board, &who.account).await?;
    let decides = who.account.role.gives(Right::Decide);
    let lines = today.matters.iter().map(|matter| {
        let program = matter.programs.first();
        let (kind, to) = match &matter.about {
            About::Letter(id, state) => (
                match state {
                    LetterState::Draft => "draft",
                    LetterState::ByHand => "by_hand",
                    _ => "stuck",
                },
                // Texts to be handed over stand one below the other, each with its copy.
                Some(match state {
                    LetterState::ByHand => format!("/letters?part=by_hand#l{id}"),
                    _ => format!("/letters/{id}"),
                }),
            ),
            About::Submission(id, Verdict::Unclaimed) if decides => {
                ("unclaimed", Some(format!("/s/{id}/claim")))
            }
            About::Submission(id, _) => ("held", Some(format!("/s/{id}"))),
            About::Alias(_) => (
                "alias",
                program.map(|program| format!("/settings/programs/{program}/aliases")),
            ),
            About::Items(period) => (
                "items",
                program.map(|program| format!("/p/{program}/{period}?by=items")),
            ),
            About::Service => ("service", Some("/settings/service".to_owned())),
        };
        // Settings are kept by those who decide alone.
        let to = to.filter(|to| decides || !to.starts_with("/settings"));
        Line {
            kind,
            since: matter.since.map(|at| at.to_rfc3339()),
            what: matter.what.clone(),
            to,
        }
    });
    let page = Page {
        lines: lines.collect(),
        today,
    };
    app.pages.page(&app, Some(&who), "today.html", &page)
}
