//! 用户: who may log in, with which role and which programmes.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::{of_the_site, refused};
use crate::desk::accounts::{AccountAnswer, Keeping, account, add_typed, keep, some_accounts};
use crate::desk::{Misuse, is_refused};
use crate::domain::account::{Right, Role};
use crate::domain::ids::{AccountId, ProgramId};
use crate::domain::language::Language;
use crate::domain::sha256::Sha256;
use crate::web::App;
use crate::web::answer::{Wrong, see};
use crate::web::body::{Asked, Posted};
use crate::web::who::Who;

#[derive(Deserialize)]
pub(super) struct Part {
    #[serde(default)]
    page: u32,
}

/// Which programmes are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Scope {
    All,
    Some,
}

#[derive(Deserialize)]
pub(super) struct Added {
    token: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    shown: String,
    role: Role,
    scope: Scope,
    #[serde(default)]
    program: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Button {
    Change,
    Reset,
    Disable,
}

#[derive(Deserialize)]
pub(super) struct Kept {
    token: String,
    seen: Sha256,
    decision: Button,
    role: Role,
    scope: Scope,
    #[serde(default)]
    program: Vec<String>,
}

/// A programme that can be ticked.
#[derive(Serialize)]
struct Choice {
    id: ProgramId,
    name: String,
    ticked: bool,
}

#[derive(Serialize)]
struct List<'a> {
    users: Vec<AccountAnswer>,
    part: u32,
    further: bool,
    /// What was typed.
    name: &'a str,
    shown: &'a str,
    role: Role,
    scope: Scope,
    roles: Vec<(Role, &'static str)>,
    choices: Vec<Choice>,
    wrong: String,
}

#[derive(Serialize)]
struct One {
    user: AccountAnswer,
    seen: Sha256,
    /// It is one's own.
    own: bool,
    role: Role,
    scope: Scope,
    roles: Vec<(Role, &'static str)>,
    choices: Vec<Choice>,
    /// The password that was set just now; shown this once.
    password: Option<String>,
    wrong: String,
}

fn roles(language: Language) -> Vec<(Role, &'static str)> {
    Role::ALL.map(|own| (own, own.words(language))).into()
}

/// The programmes that run, and those that the account has beside them.
fn choices(app: &App, ticked: &[ProgramId]) -> Vec<Choice> {
    let running = app.site.programs();
    let others = ticked
        .iter()
        .filter(|id| running.iter().all(|own| own.id != **id));
    let all = running.iter().map(|own| (own.id.clone(), own.name.clone()));
    all.chain(others.map(|id| (id.clone(), id.to_string())))
        .map(|(id, name)| Choice {
            ticked: ticked.contains(&id),
            id,
            name,
        })
        .collect()
}

/// The programmes that are meant; none ticked, where some were to be, is a slip.
fn programs(language: Language, scope: Scope, named: &[String]) -> Result<BTreeSet<ProgramId>, Misuse> {
    if scope == Scope::All {
        return Ok(BTreeSet::new());
    }
    let ids: Result<BTreeSet<ProgramId>, _> = named.iter().map(|id| id.parse()).collect();
    let ids = ids.map_err(|_| Misuse(language.either("没有这项台账", "There is no such ledger").into()))?;
    if ids.is_empty() {
        let words = (
            "请勾选管哪些台账，或选“全部台账”",
            "Tick some ledgers, or choose “All ledgers”",
        );
        return Err(Misuse(language.either(words.0, words.1).into()));
    }
    Ok(ids)
}

async fn list<'a>(app: &App, part: u32) -> Result<List<'a>, Wrong> {
    let (users, further) = some_accounts(&app.site, part).await?;
    Ok(List {
        users,
        part: part.max(1),
        further,
        name: "",
        shown: "",
        role: Role::Office,
        scope: Scope::All,
        roles: roles(app.site.language()),
        choices: choices(app, &[]),
        wrong: String::new(),
    })
}

/// `GET /settings/users`.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    who: Who,
    Asked(part): Asked<Part>,
) -> Result<Response, Wrong> {
    of_the_site(&who, Right::KeepAccounts)?;
    let page = list(&app, part.page).await?;
    app.pages.page(&app, Some(&who), "settings-users.html", &page)
}

/// `POST /settings/users`.
pub(super) async fn add(
    State(app): State<Arc<App>>,
    who: Who,
    Posted(added): Posted<Added>,
) -> Result<Response, Wrong> {
    of_the_site(&who, Right::KeepAccounts)?;
    who.made(&added.token)?;
    let by = who.actor()?;
    let (name, shown) = (added.name.trim(), added.shown.trim());
    let outcome = match programs(app.site.language(), added.scope, &added.program) {
        Ok(programs) => add_typed(&app.site, &by, (name, shown), added.role, &programs).await,
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok((id, password)) => one_page(&app, &who, id, Some(password)).await,
        Err(error) if error.is::<Misuse>() => {
            let ticked: Vec<ProgramId> = added.program.iter().filter_map(|id| id.parse().ok()).collect();
            let page = List {
                name,
                shown,
                role: added.role,
                scope: added.scope,
                choices: choices(&app, &ticked),
                wrong: error.to_string(),
                ..list(&app, 1).await?
            };
            refused(
                &app,
                &who,
                "settings-users.html",
                &page,
                StatusCode::UNPROCESSABLE_ENTITY,
            )
        }
        Err(error) => Err(error.into()),
    }
}

fn number(id: &str) -> Result<AccountId, Wrong> {
    let number: i64 = id.parse().map_err(|_| Wrong::not_found())?;
    Ok(AccountId::new(number))
}

async fn of(app: &App, who: &Who, id: AccountId) -> Result<One, Wrong> {
    let (user, seen) = account(&app.site, id).await?.ok_or_else(Wrong::not_found)?;
    Ok(One {
        seen,
        own: who.account.id == id,
        role: user.role,
        scope: if user.programs.is_empty() {
            Scope::All
        } else {
            Scope::Some
        },
        roles: roles(app.site.language()),
        choices: choices(
            app,
            &user.programs.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>(),
        ),
        password: None,
        wrong: String::new(),
        user,
    })
}

async fn one_page(app: &App, who: &Who, id: AccountId, password: Option<String>) -> Result<Response, Wrong> {
    let page = One {
        password,
        ..of(app, who, id).await?
    };
    app.pages.page(app, Some(who), "settings-user.html", &page)
}

/// `GET /settings/users/{id}`.
pub(super) async fn one(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
) -> Result<Response, Wrong> {
    of_the_site(&who, Right::KeepAccounts)?;
    one_page(&app, &who, number(&id)?, None).await
}

/// `POST /settings/users/{id}`.
pub(super) async fn act(
    State(app): State<Arc<App>>,
    who: Who,
    Path(id): Path<String>,
    Posted(kept): Posted<Kept>,
) -> Result<Response, Wrong> {
    of_the_site(&who, Right::KeepAccounts)?;
    who.made(&kept.token)?;
    let id = number(&id)?;
    let by = who.actor()?;
    let what = match kept.decision {
        Button::Change => programs(app.site.language(), kept.scope, &kept.program)
            .map(|own| Keeping::Change(kept.role, own)),
        Button::Reset => Ok(Keeping::Reset),
        Button::Disable => Ok(Keeping::Disable),
    };
    let outcome = match what {
        Ok(what) => keep(&app.site, &by, Some(who.account.id), (id, Some(kept.seen)), &what).await,
        Err(error) => Err(error.into()),
    };
    let (status, wrong) = match outcome {
        Ok(Some(password)) => return one_page(&app, &who, id, Some(password)).await,
        Ok(None) => return Ok(see("/settings/users")),
        Err(error) if is_refused(&error) => (StatusCode::CONFLICT, error.to_string()),
        Err(error) if error.is::<Misuse>() => (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()),
        Err(error) => return Err(error.into()),
    };
    let ticked: Vec<ProgramId> = kept.program.iter().filter_map(|id| id.parse().ok()).collect();
    let page = One {
        role: kept.role,
        scope: kept.scope,
        choices: choices(&app, &ticked),
        wrong,
        ..of(&app, &who, id).await?
    };
    refused(&app, &who, "settings-user.html", &page, status)
}
