//! How people are told: into files, by mail with a letter to try it, by hand.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use super::{Answer, on, page, setup, shown};
use crate::desk::doctor::Line;
use crate::desk::mailing::trial;
use crate::desk::setup::{Answers, Mail, Security, Step, Way};
use crate::domain::language::{Language, worded};
use crate::domain::mail_address::fault;
use crate::web::App;
use crate::web::answer::Wrong;
use crate::web::body::Posted;
use crate::web::who::Who;

#[derive(Serialize)]
struct Tried {
    /// What became of the letter that was tried.
    tried: Option<Line>,
    /// To whom.
    to: String,
}

/// `GET /setup/notify`.
pub(super) async fn ways(State(app): State<Arc<App>>, who: Who) -> Answer {
    let own = Tried {
        tried: None,
        to: setup(&app)?.answers().office.mail,
    };
    page(&app, &who, Step::Notify, own, None)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Button {
    Keep,
    Try,
}

#[derive(Deserialize)]
pub(super) struct Form {
    token: String,
    decision: Button,
    way: Way,
    #[serde(default)]
    host: String,
    #[serde(default)]
    port: String,
    #[serde(default)]
    security: Security,
    #[serde(default)]
    user: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    to: String,
}

impl Form {
    /// What was typed; or what is wrong with it.
    fn mail(&self, language: Language, before: &Mail) -> (Mail, Option<String>) {
        let text = |text: &str| text.trim().to_owned();
        let port = self.port.trim();
        let mail = Mail {
            way: self.way,
            host: text(&self.host),
            port: port.parse().unwrap_or(0),
            security: self.security,
            user: text(&self.user),
            from: text(&self.from),
            has_password: before.has_password || !self.password.is_empty(),
        };
        let wrong = if self.way != Way::Smtp {
            None
        } else if mail.host.is_empty() {
            let words = ("邮件服务器没有填写", "The mail server isn't filled in");
            Some(language.either(words.0, words.1).to_owned())
        } else if !port.is_empty() && port.parse::<u16>().is_err() {
            Some(worded!(
                language,
                "端口“{port}”不对，应是1到65535的数；不知道的空着",
                "The port “{port}” is wrong: a number from 1 to 65535, or empty if you don't know"
            ))
        } else if let Some(fault) = fault(&mail.from) {
            Some(worded!(
                language,
                "发件邮箱{fault}",
                "The sender's address isn't a mail address"
            ))
        } else if !mail.user.is_empty() && !mail.has_password {
            let words = (
                "有登录账号，密码没有填写；QQ、163等邮箱要用授权码",
                "There is an account, but no password; QQ and 163 mail need an authorisation code",
            );
            Some(language.either(words.0, words.1).to_owned())
        } else {
            None
        };
        (mail, wrong)
    }
}

/// `POST /setup/notify`.
pub(super) async fn keep_way(State(app): State<Arc<App>>, who: Who, Posted(form): Posted<Form>) -> Answer {
    who.made(&form.token)?;
    let setup = setup(&app)?;
    let mut answers = setup.answers();
    let (mail, wrong) = form.mail(app.site.language(), &answers.mail);
    answers.mail = mail.clone();
    let to = form.to.trim().to_owned();
    let wrong = wrong.or_else(|| setup.options(&answers).err());
    if let Some(wrong) = wrong {
        return shown(
            &app,
            &who,
            (Step::Notify, answers),
            Tried { tried: None, to },
            Some(wrong),
        );
    }
    if !form.password.is_empty() {
        setup.keep_password(&form.password)?;
    }
    setup.keep(|own| {
        own.mail = mail;
        own.done.insert(Step::Notify);
    })?;
    if form.decision == Button::Keep {
        return Ok(on(Step::Notify));
    }
    let tried = Some(tried(&app, &answers, &to).await?);
    shown(&app, &who, (Step::Notify, answers), Tried { tried, to }, None)
}

/// One letter to an address, and how it went.
async fn tried(app: &App, answers: &Answers, to: &str) -> Result<Line, Wrong> {
    let options = setup(app)?
        .options(answers)
        .map_err(|words| Wrong::told(StatusCode::UNPROCESSABLE_ENTITY, words))?;
    Ok(trial(app.site.language(), &options.mail, app.site.clock.now(), to).await)
}
