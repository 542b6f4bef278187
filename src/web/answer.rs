//! What goes back when it isn't the page that was asked for.

use axum::http::header::{LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};

use crate::desk::{Misuse, is_fault, is_refused};

/// Why there is no page.
pub(super) enum Wrong {
    /// Somewhere else.
    See(&'static str),
    /// Something to be told.
    Told(StatusCode, String),
}

impl Wrong {
    pub fn told(status: StatusCode, words: &str) -> Self {
        Self::Told(status, words.to_owned())
    }

    /// The same for what isn't there and for what is none of the account's.
    pub fn not_found() -> Self {
        Self::told(StatusCode::NOT_FOUND, "没有这一页")
    }
}

impl From<anyhow::Error> for Wrong {
    fn from(error: anyhow::Error) -> Self {
        if error.is::<Misuse>() {
            return Self::Told(StatusCode::UNPROCESSABLE_ENTITY, error.to_string());
        }
        if is_refused(&error) {
            return Self::Told(StatusCode::CONFLICT, error.to_string());
        }
        if is_fault(&error) {
            tracing::warn!("网页没有答成：{error:#}");
            return Self::told(
                StatusCode::SERVICE_UNAVAILABLE,
                "数据库暂时不可用，稍后自动恢复。收文不受影响，急件请放入共享文件夹",
            );
        }
        tracing::error!("网页没有答成：{error:#}");
        Self::told(StatusCode::INTERNAL_SERVER_ERROR, "出错了，已记入日志")
    }
}

impl IntoResponse for Wrong {
    fn into_response(self) -> Response {
        match self {
            Self::See(path) => see(path),
            Self::Told(status, words) => {
                let mut response = (status, Html(bare(&words))).into_response();
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

/// A page with one sentence: it needs no template that could be at fault.
fn bare(words: &str) -> String {
    let words = super::render::escaped(words);
    format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>台账</title>\
         <link rel=\"stylesheet\" href=\"/assets/style.css\"></head>\
         <body><main id=\"main\"><h1>{words}</h1><p><a href=\"/\">回到首页</a></p></main></body></html>"
    )
}

/// Another page, to be asked for by GET.
pub(super) fn see(path: &str) -> Response {
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}
