//! What is done with a submission: what follows first, then the decision.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::{Wrong, see};
use super::body::{Asked, Posted};
use super::reason::{LONGEST, checked};
use super::submission::visible;
use super::who::Who;
use crate::desk::handling::{Before, Deed, Offered, Wanted, act as carry_out, before, meant, offered};
use crate::desk::period::program;
use crate::desk::submission::SubmissionAnswer;
use crate::desk::{Misuse, is_refused};
use crate::domain::ids::{Duty, ProgramId};

/// To whom a file is given, as it is typed.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
pub(super) struct Given {
    #[serde(default)]
    program: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    period: String,
}

#[derive(Deserialize)]
pub(super) struct Decision {
    token: String,
    seen: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    program: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    period: String,
}

#[derive(Serialize)]
struct Page {
    one: SubmissionAnswer,
    deed: Deed,
    needs_reason: bool,
    before: Option<Before>,
    /// Of a file that is to be claimed.
    offered: Option<Offered>,
    given: Given,
    /// The programmes that it may be given to.
    programs: Vec<(ProgramId, String)>,
    reason: String,
    longest: usize,
    wrong: String,
}

/// What is asked: the submission that the account has to do with, and what is
/// to be done with it.
struct Question {
    one: SubmissionAnswer,
    deed: Deed,
    given: Given,
}

impl Question {
    async fn of(app: &App, who: &Who, (id, deed): (&str, &str), given: Given) -> Result<Self, Wrong> {
        let deed = Deed::parse(deed).ok_or_else(Wrong::not_found)?;
        let one = visible(app, who, id).await?;
        Ok(Self { one, deed, given })
    }

    /// The programme that it is given to; its own where none is named.
    fn program(&self) -> &str {
        match self.given.program.as_str() {
            "" => self.one.program.as_str(),
            named => named,
        }
    }

    /// To whom it is given; none where that isn't said yet.
    fn duty(&self, app: &App, who: &Who) -> Result<Option<Duty>, Wrong> {
        if self.deed != Deed::Claim || self.given.unit.trim().is_empty() || self.given.period.is_empty() {
            return Ok(None);
        }
        let program = program(&app.site, &who.account, self.program()).ok_or_else(Wrong::not_found)?;
        Ok(Some(meant(
            &app.site,
            &program,
            &self.given.unit,
            &self.given.period,
        )?))
    }

    fn wanted(&self, duty: Option<Duty>) -> Wanted {
        Wanted {
            deed: self.deed,
            id: self.one.id,
            duty,
        }
    }

    /// The page, with what somebody wrote and what is wrong with it.
    async fn page(
        self,
        app: &App,
        who: &Who,
        (status, wrong): (StatusCode, String),
        reason: &str,
    ) -> Result<Response, Wrong> {
        let mut wrong = wrong;
        let mut status = status;
        let mut told = |error: anyhow::Error| -> Result<(), Wrong> {
            if !is_refused(&error) && !error.is::<Misuse>() {
                return Err(error.into());
            }
            if wrong.is_empty() {
                wrong = error.to_string();
                status = StatusCode::CONFLICT;
            }
            Ok(())
        };
        let duty = match self.duty(app, who) {
            Ok(duty) => duty,
            Err(Wrong::Told(_, words)) => {
                told(Misuse(words.of(app.site.language())).into())?;
                None
            }
            Err(other) => return Err(other),
        };
        let asked = self.deed != Deed::Claim || duty.is_some();
        let mut seen = None;
        if asked {
            match before(&app.site, &self.wanted(duty)).await {
                Ok(before) => seen = Some(before),
                Err(error) => told(error)?,
            }
        }
        let all = crate::desk::period::programs(&app.site, &who.account);
        let claimed = match program(&app.site, &who.account, self.program()) {
            Some(own) if self.deed == Deed::Claim => Some(offered(&app.site, &own, self.one.id).await?),
            _ => None,
        };
        let page = Page {
            needs_reason: self.deed.needs_reason(),
            deed: self.deed,
            before: seen,
            offered: claimed,
            programs: all.iter().map(|own| (own.id.clone(), own.name.clone())).collect(),
            given: Given {
                program: self.program().to_owned(),
                ..self.given
            },
            one: self.one,
            reason: reason.to_owned(),
            longest: LONGEST,
            wrong,
        };
        let mut response = app.pages.page(app, Some(who), "handle.html", &page)?;
        *response.status_mut() = status;
        Ok(response)
    }
}

/// `GET /s/{id}/{deed}`.
pub(super) async fn ask(
    State(app): State<Arc<App>>,
    who: Who,
    Path((id, deed)): Path<(String, String)>,
    Asked(given): Asked<Given>,
) -> Result<Response, Wrong> {
    let question = Question::of(&app, &who, (&id, &deed), given).await?;
    who.may(question.deed.right())?;
    question
        .page(&app, &who, (StatusCode::OK, String::new()), "")
        .await
}

/// `POST /s/{id}/{deed}`.
pub(super) async fn act(
    State(app): State<Arc<App>>,
    who: Who,
    Path((id, deed)): Path<(String, String)>,
    Posted(decision): Posted<Decision>,
) -> Result<Response, Wrong> {
    let given = Given {
        program: decision.program,
        unit: decision.unit,
        period: decision.period,
    };
    let question = Question::of(&app, &who, (&id, &deed), given).await?;
    who.made(&decision.token)?;
    who.may(question.deed.right())?;
    let reason = decision.reason.trim();
    let refused = |wrong: &str| (StatusCode::UNPROCESSABLE_ENTITY, wrong.to_owned());
    if question.deed.needs_reason()
        && let Err(wrong) = checked(app.site.language(), reason)
    {
        return question.page(&app, &who, refused(wrong), reason).await;
    }
    let duty = match question.duty(&app, &who) {
        Ok(duty) => duty,
        Err(Wrong::Told(..)) => return question.page(&app, &who, refused(""), reason).await,
        Err(other) => return Err(other),
    };
    if question.deed == Deed::Claim && duty.is_none() {
        let words = ("请写明归哪个单位、哪一期", "Say which unit and period it is of");
        let words = app.site.language().either(words.0, words.1);
        return question.page(&app, &who, refused(words), reason).await;
    }
    let by = who.actor()?;
    let wanted = question.wanted(duty);
    match carry_out(&app.site, &by, &wanted, (reason, &decision.seen)).await {
        Ok(id) => Ok(see(&format!("/s/{id}?done={}", wanted.deed.as_str()))),
        Err(error) if is_refused(&error) || error.is::<Misuse>() => {
            let told = (StatusCode::CONFLICT, error.to_string());
            question.page(&app, &who, told, reason).await
        }
        Err(error) => Err(error.into()),
    }
}
