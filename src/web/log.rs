//! 日志: who did what when, by which way; searched by a form, and exported.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::App;
use super::answer::Wrong;
use super::attachment::{WORKBOOK, attachment};
use super::body::Asked;
use super::routes::Typed;
use super::who::Who;
use crate::desk::Misuse;
use crate::desk::log::{LineAnswer, LogPage, Search, export, labels, search};
use crate::desk::period::{program, programs};
use crate::domain::actor::Via;
use crate::domain::language::Language;

/// What is looked for, as the form sends it.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Form {
    program: String,
    unit: String,
    period: String,
    kind: String,
    via: String,
    by: String,
    from: String,
    to: String,
    words: String,
    /// Older than this line.
    before: Option<i64>,
}

impl Form {
    /// What is looked for; another's programme is none.
    fn search(&self, app: &App, who: &Who) -> Result<Search, Wrong> {
        let own = match self.program.as_str() {
            "" => None,
            id => Some(program(&app.site, &who.account, id).ok_or_else(Wrong::not_found)?),
        };
        let via = match self.via.as_str() {
            "" => None,
            word => Some(Via::parse(word).ok_or_else(Wrong::not_found)?),
        };
        Ok(Search {
            program: own,
            unit: self.unit.clone(),
            period: self.period.clone(),
            kind: self.kind.clone(),
            via,
            by: self.by.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            words: self.words.clone(),
        })
    }

    /// The same as it stands behind a question mark; empty where nothing is looked for.
    fn query(&self) -> String {
        let fields = [
            ("program", &self.program),
            ("unit", &self.unit),
            ("period", &self.period),
            ("kind", &self.kind),
            ("via", &self.via),
            ("by", &self.by),
            ("from", &self.from),
            ("to", &self.to),
            ("words", &self.words),
        ];
        let filled: Vec<_> = fields.into_iter().filter(|(_, text)| !text.is_empty()).collect();
        serde_html_form::to_string(filled).unwrap_or_default()
    }
}

#[derive(Serialize)]
struct Page<'a> {
    form: &'a Form,
    /// The same, to be put behind a question mark.
    query: String,
    programs: Vec<(String, String)>,
    kinds: Vec<&'static str>,
    ways: Vec<(&'static str, &'static str)>,
    lines: Vec<Line>,
    older: Option<i64>,
    looked_at: Option<usize>,
    wrong: String,
}

/// A line with how it is shown.
#[derive(Serialize)]
struct Line {
    at: String,
    who: String,
    way: &'static str,
    label: String,
    to: Option<String>,
    /// The programme, in a word.
    program: String,
    unit: Option<String>,
    period: Option<String>,
    detail: String,
}

fn line(language: Language, programs: &[(String, String)], own: LineAnswer) -> Line {
    let id = own.program.unwrap_or_default();
    let known = programs.iter().find(|(known, _)| *known == id);
    Line {
        at: own.at.format("%Y-%m-%d %H:%M").to_string(),
        who: if own.by_itself { String::new() } else { own.by },
        way: own.via.words(language),
        label: own.label,
        to: match (own.submission, own.letter) {
            (Some(id), _) => Some(format!("/s/{id}")),
            (None, Some(id)) => Some(format!("/letters/{id}")),
            (None, None) => None,
        },
        program: known.map_or(id, |(_, name)| name.clone()),
        unit: own.unit_shown,
        period: own.period_label,
        detail: own.detail,
    }
}

/// `GET /log`.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    who: Who,
    Asked(form): Asked<Form>,
) -> Result<Response, Wrong> {
    let asked = form.search(&app, &who)?;
    let (found, wrong) = match search(&app.site, &who.account, &asked, form.before).await {
        Ok(found) => (found, String::new()),
        Err(error) if error.is::<Misuse>() => (LogPage::default(), error.to_string()),
        Err(error) => return Err(error.into()),
    };
    let programs: Vec<(String, String)> = programs(&app.site, &who.account)
        .iter()
        .map(|own| (own.id.to_string(), own.folder.clone()))
        .collect();
    let (query, language) = (form.query(), app.site.language());
    let page = Page {
        lines: found
            .lines
            .into_iter()
            .map(|own| line(language, &programs, own))
            .collect(),
        programs,
        kinds: labels(language),
        ways: Via::ALL.map(|via| (via.as_str(), via.words(language))).to_vec(),
        older: found.older,
        looked_at: found.looked_at,
        wrong,
        form: &form,
        query,
    };
    let mut response = app.pages.page(&app, Some(&who), "log.html", &page)?;
    if !page.wrong.is_empty() {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    if !page.query.is_empty() {
        response.extensions_mut().insert(Typed);
    }
    Ok(response)
}

/// `GET /log.xlsx`.
pub(super) async fn workbook(
    State(app): State<Arc<App>>,
    who: Who,
    Asked(form): Asked<Form>,
) -> Result<Response, Wrong> {
    let asked = form.search(&app, &who)?;
    // Twenty thousand rows are set at a time, not several times as many.
    let _turn = app.exporting.lock().await;
    let own = export(&app.site, &who.account, &asked).await?;
    Ok(attachment(&own.name, WORKBOOK, own.bytes.into()))
}
