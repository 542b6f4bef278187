//! Who asks.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};

use super::App;
use super::answer::Wrong;
use crate::desk::accounts::Token;
use crate::desk::outbox::MAY_NOT;
use crate::domain::account::{Account, Right};
use crate::domain::actor::Actor;
use crate::domain::ids::AccountId;

/// The account that an answer went to, for the access log.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known(pub AccountId);

/// Somebody who is logged in.
pub(super) struct Who {
    pub account: Account,
    pub token: Token,
}

impl Who {
    /// What the forms of this session carry.
    pub fn for_forms(&self) -> String {
        self.token.for_forms()
    }

    /// Whether a form was made for this session.
    ///
    /// # Errors
    /// It wasn't.
    pub fn made(&self, token: &str) -> Result<(), Wrong> {
        // Both are hashes: how far they agree tells nothing of either.
        (self.for_forms() == token).then_some(()).ok_or_else(|| {
            let words = (
                "页面已经过期，请返回刷新后再试",
                "The page is out of date; go back, refresh and try again",
            );
            Wrong::told(StatusCode::FORBIDDEN, words)
        })
    }

    /// Whether the account's role gives a right.
    ///
    /// # Errors
    /// It doesn't.
    pub fn may(&self, right: Right) -> Result<(), Wrong> {
        let given = self.account.role.gives(right);
        given
            .then_some(())
            .ok_or_else(|| Wrong::told(StatusCode::FORBIDDEN, MAY_NOT))
    }

    /// Who decides.
    ///
    /// # Errors
    /// The account has no name that could stand in the journal.
    pub fn actor(&self) -> Result<Actor, Wrong> {
        self.account.actor().ok_or_else(|| {
            Wrong::told(
                StatusCode::FORBIDDEN,
                ("您的用户没有姓名", "Your user has no name"),
            )
        })
    }
}

impl FromRequestParts<Arc<App>> for Who {
    type Rejection = Wrong;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Wrong> {
        let token = cookie(app, &parts.headers).ok_or(Wrong::See("/login"))?;
        let session = app.gate.session(&app.site, &token).await?;
        let session = session.ok_or(Wrong::See("/login"))?;
        let own = Self {
            account: session.account,
            token,
        };
        if own.account.must_change && !["/password", "/logout"].contains(&parts.uri.path()) {
            return Err(Wrong::See("/password"));
        }
        Ok(own)
    }
}

/// The cookie's name: one with this prefix no neighbouring site can set.
fn name(app: &App) -> &'static str {
    if app.options.is_encrypted() {
        "__Host-taizhang"
    } else {
        "taizhang"
    }
}

/// The session that a browser sent.
pub(super) fn cookie(app: &App, headers: &HeaderMap) -> Option<Token> {
    let own = name(app);
    let all = headers.get_all(COOKIE).iter();
    let pairs = all
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'));
    let mut values = pairs.filter_map(|pair| {
        let (name, value) = pair.trim().split_once('=')?;
        (name == own).then_some(value)
    });
    values.next().and_then(Token::sent)
}

/// Has the browser keep a session, or forget it.
pub(super) fn keep(app: &App, token: Option<&Token>) -> HeaderValue {
    let secure = if app.options.is_encrypted() {
        "; Secure"
    } else {
        ""
    };
    let (value, age) = token.map_or(("", "; Max-Age=0"), |token| (token.as_str(), ""));
    let text = format!(
        "{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}",
        name(app)
    );
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
