//! What goes back when it isn't the page that was asked for.

use axum::http::header::{CONTENT_LENGTH, LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use crate::desk::{Misuse, is_fault, is_refused};
use crate::domain::language::Language;

/// Why there is no page.
pub(super) enum Wrong {
    /// Somewhere else.
    See(&'static str),
    /// Something to be told.
    Told(StatusCode, Sentence),
}

/// A sentence on a page of its own.
#[derive(Debug, Clone)]
pub(super) enum Sentence {
    /// In the language of the site already.
    Said(String),
    /// In Chinese and in English.
    Either(&'static str, &'static str),
}

impl Sentence {
    pub fn of(self, language: Language) -> String {
        match self {
            Self::Said(words) => words,
            Self::Either(chinese, english) => language.either(chinese, english).to_owned(),
        }
    }
}

impl From<String> for Sentence {
    fn from(words: String) -> Self {
        Self::Said(words)
    }
}

impl From<(&'static str, &'static str)> for Sentence {
    fn from((chinese, english): (&'static str, &'static str)) -> Self {
        Self::Either(chinese, english)
    }
}

impl Wrong {
    pub fn told(status: StatusCode, words: impl Into<Sentence>) -> Self {
        Self::Told(status, words.into())
    }

    /// The same for what isn't there and for what is none of the account's.
    pub fn not_found() -> Self {
        Self::told(StatusCode::NOT_FOUND, ("没有这一页", "There is no such page"))
    }
}

impl From<anyhow::Error> for Wrong {
    fn from(error: anyhow::Error) -> Self {
        if error.is::<Misuse>() {
            return Self::told(StatusCode::UNPROCESSABLE_ENTITY, error.to_string());
        }
        if is_refused(&error) {
            return Self::told(StatusCode::CONFLICT, error.to_string());
        }
        if is_fault(&error) {
            tracing::warn!("网页没有答成：{error:#}");
            return Self::told(
                StatusCode::SERVICE_UNAVAILABLE,
                (
                    "数据库暂时不可用，稍后自动恢复。收文不受影响，急件请放入共享文件夹",
                    "The database is away and comes back by itself. Ledgers are taken all the same: put urgent ones into the shared folder",
                ),
            );
        }
        tracing::error!("网页没有答成：{error:#}");
        Self::told(
            StatusCode::INTERNAL_SERVER_ERROR,
            (
                "出错了，已记入日志",
                "Something went wrong; it is in the program's log",
            ),
        )
    }
}

impl IntoResponse for Wrong {
    fn into_response(self) -> Response {
        match self {
            Self::See(path) => see(path),
            Self::Told(status, words) => {
                let text = bare(Language::Chinese, words.clone());
                let mut response = (status, Html(text)).into_response();
                response.extensions_mut().insert(Alone(words));
                if status == StatusCode::SERVICE_UNAVAILABLE {
                    response
                        .headers_mut()
                        .insert(RETRY_AFTER, HeaderValue::from_static("10"));
                }
                response
            }
        }
    }
}

/// The sentence of a page that has nothing else.
#[derive(Debug, Clone)]
struct Alone(Sentence);

/// An answer in the language of the site, where it is a sentence alone: what
/// gave it may not have known the site.
pub(super) fn in_language(language: Language, answer: Response) -> Response {
    let Some(Alone(words)) = answer.extensions().get::<Alone>().cloned() else {
        return answer;
    };
    if language == Language::Chinese {
        return answer;
    }
    let (mut head, _) = answer.into_parts();
    head.headers.remove(CONTENT_LENGTH);
    Response::from_parts(head, bare(language, words).into())
}

/// A page with one sentence: it needs no template that could be at fault.
fn bare(language: Language, words: Sentence) -> String {
    let words = super::render::escaped(&words.of(language));
    let tag = language.as_str();
    let (title, back) = (
        language.either("台账", "Ledgers"),
        language.either("回到首页", "Back to the first page"),
    );
    format!(
        "<!doctype html><html lang=\"{tag}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <link rel=\"stylesheet\" href=\"/assets/style.css\"></head>\
         <body><main id=\"main\"><h1>{words}</h1><p><a href=\"/\">{back}</a></p></main></body></html>"
    )
}

/// Another page, to be asked for by GET.
pub(super) fn see(path: &str) -> Response {
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}
