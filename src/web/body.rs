//! Forms as they come in: small, whole within a time, and with the token of
//! the session that they were made for.

use std::sync::Arc;
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::App;
use super::answer::Wrong;

/// Largest form, in bytes: ticks of a thousand units and a reason.
const MOST: usize = 256 << 10;

/// The longest that a form takes to come, and the slowest that it may.
const LONGEST: Duration = Duration::from_mins(2);
const BYTES_A_SECOND: u64 = 2_000;

/// A form's fields.
pub(super) struct Posted<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Posted<T> {
    type Rejection = Wrong;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<Self, Wrong> {
        let (is_form, length) = of_head(request.headers());
        if !is_form {
            return Err(Wrong::told(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                ("这个网页只收表单", "This page takes forms only"),
            ));
        }
        if length > MOST as u64 {
            return Err(Wrong::told(
                StatusCode::PAYLOAD_TOO_LARGE,
                ("填写的内容太多", "The form is too long"),
            ));
        }
        let within = within(length);
        let body = request.into_body();
        let bytes = timeout(within, to_bytes(body, MOST)).await;
        let bytes = match bytes {
            Err(_) => {
                return Err(Wrong::told(
                    StatusCode::REQUEST_TIMEOUT,
                    ("没有收完，请重试", "It didn't come whole; try again"),
                ));
            }
            Ok(Err(_)) => {
                return Err(Wrong::told(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    (
                        "填写的内容太多或没有收完",
                        "The form is too long or didn't come whole",
                    ),
                ));
            }
            Ok(Ok(bytes)) => bytes,
        };
        let fields = serde_html_form::from_bytes(&bytes);
        fields.map(Self).map_err(|_| {
            Wrong::told(
                StatusCode::UNPROCESSABLE_ENTITY,
                (
                    "表单不完整，请返回上一页重新打开",
                    "The form isn't complete; go back and open it anew",
                ),
            )
        })
    }
}

/// What stands behind the question mark, with names that come several times.
pub(super) struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Arc<App>> for Asked<T> {
    type Rejection = Wrong;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Wrong> {
        let query = parts.uri.query().unwrap_or_default();
        serde_html_form::from_str(query)
            .map(Self)
            .map_err(|_| Wrong::not_found())
    }
}

/// The longest that so many bytes may take.
fn within(length: u64) -> Duration {
    Duration::from_secs(10 + length / BYTES_A_SECOND).min(LONGEST)
}

/// The longest that what follows a head may take.
pub(super) fn time_for(headers: &HeaderMap) -> Duration {
    match of_head(headers).1 {
        // Nobody said how much comes.
        0 => LONGEST,
        length => within(length),
    }
}

/// Whether it is a form, and how long it is said to be.
fn of_head(headers: &HeaderMap) -> (bool, u64) {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let kind = text(CONTENT_TYPE).unwrap_or_default();
    let length = text(CONTENT_LENGTH).and_then(|text| text.parse().ok());
    (
        kind.starts_with("application/x-www-form-urlencoded"),
        length.unwrap_or(0),
    )
}
