//! Pages from their templates. What strangers wrote is escaped by the engine;
//! nothing here or in a template can switch that off.

use std::fmt::Write as _;

use axum::response::{Html, IntoResponse as _, Response};
use chrono::{DateTime, NaiveDate};
use minijinja::value::{Kwargs, Serde};
use minijinja::{Environment, Error, UndefinedBehavior, Value, context};
use serde::Serialize;

use super::App;
use super::answer::Wrong;
use super::who::{Known, Who};
use super::words::{fill, of_site};
use crate::desk::Site;
use crate::desk::period::programs;
use crate::domain::account::Right;
use crate::domain::language::Language;

/// The templates, by name.
const TEMPLATES: &[(&str, &str)] = &[
    ("base.html", include_str!("pages/base.html")),
    ("files.html", include_str!("pages/files.html")),
    ("letter.html", include_str!("pages/letter.html")),
    ("people.html", include_str!("pages/people.html")),
    ("paper.html", include_str!("pages/paper.html")),
    ("letters.html", include_str!("pages/letters.html")),
    ("letters_outbox.html", include_str!("pages/letters_outbox.html")),
    (
        "letters_calendar.html",
        include_str!("pages/letters_calendar.html"),
    ),
    ("letters_done.html", include_str!("pages/letters_done.html")),
    ("recall.html", include_str!("pages/recall.html")),
    ("log.html", include_str!("pages/log.html")),
    ("login.html", include_str!("pages/login.html")),
    ("first.html", include_str!("pages/first.html")),
    ("password.html", include_str!("pages/password.html")),
    ("submission.html", include_str!("pages/submission.html")),
    ("today.html", include_str!("pages/today.html")),
    ("consequence.html", include_str!("pages/consequence.html")),
    ("handle.html", include_str!("pages/handle.html")),
    ("extend.html", include_str!("pages/extend.html")),
    ("assign.html", include_str!("pages/assign.html")),
    ("versions.html", include_str!("pages/versions.html")),
    ("exempt.html", include_str!("pages/exempt.html")),
    ("nudge.html", include_str!("pages/nudge.html")),
    ("period.html", include_str!("pages/period.html")),
    ("trend.html", include_str!("pages/trend.html")),
    ("setup-base.html", include_str!("pages/setup-base.html")),
    ("setup-in.html", include_str!("pages/setup-in.html")),
    ("setup-where.html", include_str!("pages/setup-where.html")),
    ("setup-what.html", include_str!("pages/setup-what.html")),
    ("setup-who.html", include_str!("pages/setup-who.html")),
    ("setup-roster.html", include_str!("pages/setup-roster.html")),
    ("setup-when.html", include_str!("pages/setup-when.html")),
    ("setup-notify.html", include_str!("pages/setup-notify.html")),
    ("setup-look.html", include_str!("pages/setup-look.html")),
    ("grid.html", include_str!("pages/grid.html")),
    ("settings-base.html", include_str!("pages/settings-base.html")),
    ("settings.html", include_str!("pages/settings.html")),
    ("settings-rights.html", include_str!("pages/settings-rights.html")),
    (
        "settings-program.html",
        include_str!("pages/settings-program.html"),
    ),
    ("settings-switch.html", include_str!("pages/settings-switch.html")),
    ("settings-roster.html", include_str!("pages/settings-roster.html")),
    (
        "settings-changes.html",
        include_str!("pages/settings-changes.html"),
    ),
    ("settings-row.html", include_str!("pages/settings-row.html")),
    (
        "settings-aliases.html",
        include_str!("pages/settings-aliases.html"),
    ),
    (
        "settings-holidays.html",
        include_str!("pages/settings-holidays.html"),
    ),
    ("settings-users.html", include_str!("pages/settings-users.html")),
    ("settings-user.html", include_str!("pages/settings-user.html")),
    ("settings-mail.html", include_str!("pages/settings-mail.html")),
    (
        "settings-service.html",
        include_str!("pages/settings-service.html"),
    ),
];

/// The pages of a site.
pub(super) struct Pages {
    templates: Environment<'static>,
    locale: &'static str,
    words: Value,
}

impl Pages {
    /// With the site's own words.
    pub fn of(site: &Site) -> Self {
        let language = site.language();
        let (own, wrong) = of_site(&site.options.templates, language);
        for line in wrong {
            tracing::warn!("{line}");
        }
        Self {
            templates: environment(language),
            locale: language.as_str(),
            words: Value::from(Serde(own)),
        }
    }

    /// A page, for somebody who is logged in or for nobody.
    ///
    /// # Errors
    /// The template asks for something that isn't there.
    pub fn page(
        &self,
        app: &App,
        who: Option<&Who>,
        name: &str,
        own: &impl Serialize,
    ) -> Result<Response, Wrong> {
        let text = self.text(app, who, name, own).map_err(anyhow::Error::from)?;
        let mut response = Html(text).into_response();
        if let Some(who) = who {
            response.extensions_mut().insert(Known(who.account.id));
        }
        Ok(response)
    }

    fn text(&self, app: &App, who: Option<&Who>, name: &str, own: &impl Serialize) -> Result<String, Error> {
        let user = who.map(|who| {
            context! {
                shown => who.account.shown.as_str(),
                role => who.account.role.words(app.site.language()),
                decides => who.account.role.gives(Right::Decide),
                reviews => who.account.role.gives(Right::Review),
                all => who.account.programs.is_empty(),
            }
        });
        // For the head of every page.
        let all = who
            .map(|who| programs(&app.site, &who.account))
            .unwrap_or_default();
        let all: Vec<(&str, &str)> = all
            .iter()
            .map(|own| (own.id.as_str(), own.name.as_str()))
            .collect();
        self.templates.get_template(name)?.render(context! {
            programs => Value::from(Serde(all)),
            w => self.words.clone(),
            locale => self.locale,
            page => name.trim_end_matches(".html"),
            site => app.options.name.as_str(),
            plain => app.options.is_exposed(),
            setting_up => app.setup.is_some(),
            user,
            token => who.map(Who::for_forms).unwrap_or_default(),
            own => Value::from(Serde(own)),
        })
    }
}

fn environment(language: Language) -> Environment<'static> {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates.add_filter("fill", |text: &str, values: Kwargs| -> Result<String, Error> {
        let names: Vec<String> = values.args().map(str::to_owned).collect();
        let values = names
            .into_iter()
            .map(|name| {
                let value: Value = values.get(&name)?;
                Ok((name, value))
            })
            .collect::<Result<Vec<_>, Error>>()?;
        Ok(fill(text, &values))
    });
    templates.add_filter("moment", move |text: &str| short(language, text, true));
    templates.add_filter("day", move |text: &str| short(language, text, false));
    templates.add_filter("time", |text: &str| {
        let at = DateTime::parse_from_rfc3339(text);
        at.map_or_else(|_| text.to_owned(), |at| at.format("%H:%M").to_string())
    });
    templates.add_filter("encoded", encoded);
    for &(name, text) in TEMPLATES {
        #[allow(clippy::expect_used, reason = "a test compiles the same texts")]
        templates.add_template(name, text).expect("a page's template");
    }
    templates
}

/// `12月6日 10:32`, `6 Dec 10:32`, of an instant or a date as JSON has them.
fn short(language: Language, text: &str, with_time: bool) -> String {
    let day = language.either("%-m月%-d日", "%-d %b");
    if let Ok(date) = text.parse::<NaiveDate>() {
        return date.format(day).to_string();
    }
    let Ok(at) = DateTime::parse_from_rfc3339(text) else {
        return text.to_owned();
    };
    let mut short = at.format(day).to_string();
    if with_time {
        let _ = write!(short, " {}", at.format("%H:%M"));
    }
    short
}

/// A text as a value in an address.
pub(super) fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    text.bytes().fold(String::new(), |mut encoded, byte| {
        if plain(byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

/// A text as HTML shows it.
pub(super) fn escaped(text: &str) -> String {
    minijinja::HtmlEscape(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_compiles_and_finds_its_words() {
        let _ = environment(Language::Chinese);
        let shipped = super::super::words::shipped_words(Language::Chinese);
        let mut used = std::collections::BTreeSet::new();
        for &(name, text) in TEMPLATES {
            let own = |at: &usize| !text[..*at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
            for at in text.match_indices("w.").map(|(at, _)| at).filter(own) {
                let part = &text[at + 2..];
                let key: String = part
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
                    .collect();
                let Some((section, own)) = key.split_once('.') else {
                    // All of a section, by a name that the page is given.
                    let names = shipped.get(&key).unwrap_or_else(|| panic!("{name}: {key}"));
                    used.extend(names.keys().map(|own| (key.clone(), own.clone())));
                    continue;
                };
                assert!(
                    shipped.get(section).is_some_and(|names| names.contains_key(own)),
                    "{name}: {key}"
                );
                used.insert((section.to_owned(), own.to_owned()));
            }
        }
        for (section, names) in shipped {
            for own in names.keys() {
                assert!(
                    used.contains(&(section.clone(), own.clone())),
                    "nobody says {section}.{own}"
                );
            }
        }
    }

    #[test]
    fn what_strangers_write_is_text() {
        let mut templates = environment(Language::Chinese);
        templates
            .add_template("x.html", "{{ own }}|{{ '{a}' | fill(a=own) }}")
            .unwrap();
        let shown = templates.get_template("x.html").unwrap();
        let shown = shown.render(context! { own => "<script>\"'&" }).unwrap();
        assert!(!shown.contains('<') && !shown.contains('"'), "{shown}");
    }

    #[test]
    fn instants_are_short() {
        let zh = Language::Chinese;
        assert_eq!(short(zh, "2024-12-06T09:05:00+08:00", true), "12月6日 09:05");
        assert_eq!(short(zh, "2024-12-06T09:05:00+08:00", false), "12月6日");
        assert_eq!(short(zh, "2024-12-06", false), "12月6日");
        assert_eq!(short(zh, "昨天", true), "昨天");
        let en = Language::English;
        assert_eq!(short(en, "2024-12-06T09:05:00+08:00", true), "6 Dec 09:05");
        assert_eq!(short(en, "2024-12-06", false), "6 Dec");
    }
}
