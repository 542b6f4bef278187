//! `/api/v1`: the commands' JSON, read only, for programs on this machine that
//! hold the site's key. For everybody else there is nothing here.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, RawQuery, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::App;
use super::answer::Wrong;
use super::guard::{Address, is_loopback};
use super::serve::Peer;
use crate::desk::api::{ahead, is_key, journal, programs, show};
use crate::desk::{letters, log, status};
use crate::domain::language::Language;

/// Lines of the journal where none are said; as the command has it.
const LAST: usize = 200;

/// What a proxy adds to what it passes on.
const PASSED_ON: [&str; 5] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-real-ip",
];

/// A program on this machine that holds the key.
pub(super) struct Machine;

impl FromRequestParts<Arc<App>> for Machine {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        if !is_here(parts) {
            return Err(Wrong::not_found().into_response());
        }
        let key = bearer(&parts.headers);
        if !key.is_some_and(|key| is_key(&app.site, key)) {
            let mut response = Failed::told(StatusCode::UNAUTHORIZED, "密钥不对").into_response();
            let scheme = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(WWW_AUTHENTICATE, scheme);
            return Err(response);
        }
        Ok(Self)
    }
}

/// Whether a request was made on this machine, by nobody for somebody else.
fn is_here(parts: &Parts) -> bool {
    let here = |address: IpAddr| address.to_canonical().is_loopback();
    let peer = parts.extensions.get::<Peer>().is_some_and(|own| here(own.0));
    let told = parts.extensions.get::<Address>().is_some_and(|own| here(own.0));
    let host = parts.headers.get(HOST).and_then(|own| own.to_str().ok());
    let passed_on = PASSED_ON.iter().any(|name| parts.headers.contains_key(*name));
    peer && told && !passed_on && host.is_some_and(is_loopback)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let own = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = own.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(key.trim())
}

/// Why there is no answer, as JSON.
pub(super) struct Failed(StatusCode, String);

impl Failed {
    fn told(status: StatusCode, words: &str) -> Self {
        Self(status, words.to_owned())
    }
}

impl From<anyhow::Error> for Failed {
    fn from(error: anyhow::Error) -> Self {
        match Wrong::from(error) {
            Wrong::Told(status, words) => Self(status, words.of(Language::Chinese)),
            Wrong::See(_) => Self::told(StatusCode::INTERNAL_SERVER_ERROR, "出错了，已记入日志"),
        }
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        let body = serde_json::json!({ "error": self.1 }).to_string();
        (self.0, said(body)).into_response()
    }
}

type Answer = Result<Response, Failed>;

fn said(text: String) -> Response {
    let kind = HeaderValue::from_static("application/json; charset=utf-8");
    ([(CONTENT_TYPE, kind)], text).into_response()
}

/// What stands behind the question mark; a name that nobody knows is said.
fn asked<T: DeserializeOwned>(query: Option<&str>) -> Result<T, Failed> {
    let read = serde_html_form::from_str(query.unwrap_or_default());
    read.map_err(|error| Failed(StatusCode::UNPROCESSABLE_ENTITY, format!("参数不对：{error}")))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfPeriod {
    program: Option<String>,
    period: Option<String>,
}

/// `GET /api/v1/status`.
pub(super) async fn status(_: Machine, State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Answer {
    let own: OfPeriod = asked(query.as_deref())?;
    let own = status::Asked {
        program: own.program,
        period: own.period,
    };
    let _turn = app.exporting.lock().await;
    Ok(said(status::in_json(&app.site, &own).await?))
}

/// `GET /api/v1/programs`.
pub(super) async fn programs_on(_: Machine, State(app): State<Arc<App>>) -> Answer {
    let site = app.site.clone();
    let read = tokio::task::spawn_blocking(move || programs(&site)).await;
    Ok(said(read.map_err(anyhow::Error::from)??))
}

/// `GET /api/v1/show/{id}`.
pub(super) async fn one(_: Machine, State(app): State<Arc<App>>, Path(id): Path<String>) -> Answer {
    let none = || Failed::told(StatusCode::NOT_FOUND, "没有这份报送");
    let id: i64 = id.parse().map_err(|_| none())?;
    let found = show(&app.site, id).await?;
    Ok(said(found.ok_or_else(none)?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ahead {
    program: Option<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
}

/// `GET /api/v1/schedule`.
pub(super) async fn schedule(_: Machine, State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Answer {
    let own: Ahead = asked(query.as_deref())?;
    let _turn = app.exporting.lock().await;
    let text = ahead(&app.site, own.program.as_deref(), (own.from, own.to)).await?;
    Ok(said(text))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfLetters {
    #[serde(default)]
    state: Vec<String>,
    #[serde(default)]
    kind: Vec<String>,
    program: Option<String>,
    period: Option<String>,
    unit: Option<String>,
}

/// `GET /api/v1/letters`.
pub(super) async fn letters_on(_: Machine, State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Answer {
    let own: OfLetters = asked(query.as_deref())?;
    let own = letters::Asked {
        states: own.state,
        kinds: own.kind,
        program: own.program,
        period: own.period,
        unit: own.unit,
    };
    let _turn = app.exporting.lock().await;
    Ok(said(letters::in_json(&app.site, &own).await?))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfLog {
    program: Option<String>,
    unit: Option<String>,
    period: Option<String>,
    #[serde(default)]
    kind: Vec<String>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    last: Option<usize>,
}

/// `GET /api/v1/log`.
pub(super) async fn log_on(_: Machine, State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Answer {
    let own: OfLog = asked(query.as_deref())?;
    let own = log::Asked {
        program: own.program,
        unit: own.unit,
        period: own.period,
        kinds: own.kind,
        from: own.from,
        to: own.to,
        // As the command has it, 0 is all of it.
        last: Some(own.last.unwrap_or(LAST)).filter(|last| *last > 0),
    };
    let _turn = app.exporting.lock().await;
    Ok(said(journal(&app.site, &own).await?))
}

/// Whatever else is asked for below `/api/v1`.
pub(super) async fn nothing(_: Machine) -> Failed {
    Failed::told(StatusCode::NOT_FOUND, "没有这个接口")
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn asked(peer: &str, told: &str, host: &str) -> bool {
        let request = Request::get("/api/v1/status")
            .header(HOST, host)
            .body(())
            .unwrap();
        let (mut parts, ()) = request.into_parts();
        parts.extensions.insert(Peer(peer.parse().unwrap()));
        parts.extensions.insert(Address(told.parse().unwrap()));
        is_here(&parts)
    }

    #[test]
    fn only_this_machine_is_here() {
        for (peer, told, host, here) in [
            ("127.0.0.1", "127.0.0.1", "127.0.0.1:8460", true),
            ("127.0.0.9", "127.0.0.9", "localhost:8460", true),
            ("::1", "::1", "[::1]:8460", true),
            ("::ffff:127.0.0.1", "::ffff:127.0.0.1", "localhost", true),
            ("192.168.1.5", "192.168.1.5", "127.0.0.1:8460", false),
            ("::ffff:192.168.1.5", "::ffff:192.168.1.5", "localhost", false),
            // A proxy that is trusted says for whom it asks, or for whom it would like to.
            ("127.0.0.1", "192.168.1.5", "127.0.0.1:8460", false),
            ("192.168.1.5", "127.0.0.1", "127.0.0.1:8460", false),
            ("127.0.0.1", "127.0.0.1", "taizhang.example", false),
        ] {
            assert_eq!(asked(peer, told, host), here, "{peer} {told} {host}");
        }
    }

    #[test]
    fn a_key_comes_behind_its_scheme() {
        for (text, key) in [
            ("Bearer abc", Some("abc")),
            ("bearer  abc ", Some("abc")),
            ("Basic abc", None),
            ("Bearer", None),
            ("abc", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, text.parse().unwrap());
            assert_eq!(bearer(&headers), key, "{text}");
        }
    }
}
