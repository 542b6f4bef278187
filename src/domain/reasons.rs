//! The wording of reasons: `templates/reasons.toml`. How a due date came
//! about, and why an obligation stands where it stands.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use chrono_tz::Tz;
use minijinja::{Environment, UndefinedBehavior, Value};

use super::calendar::{Calendar, Day};
use super::dates::{day, day_after, moment, weekday};
use super::obligation::{Arrived, Why};
use super::program::{Due, DueRule, Program};
use super::submission::Arrival;
use crate::domain::language::Language;

/// Shorter intervals of arrival are one look at the share: only its end is named.
const ONE_LOOK: TimeDelta = TimeDelta::minutes(15);

/// Values by name, for a text.
macro_rules! values {
    ($($name:ident $(=> $value:expr)?),* $(,)?) => {
        vec![$((stringify!($name), values!(@value $name $(, $value)?))),*]
    };
    (@value $name:ident) => { Value::from($name) };
    (@value $name:ident, $value:expr) => { Value::from($value) };
}

/// Every text that the file must hold, by section.
const TEXTS: [(&str, &[&str]); 3] = [
    (
        "due",
        &[
            "after-period",
            "in-period",
            "on-date",
            "of-year",
            "first-list",
            "after-program",
            "working",
            "make-up",
            "postponed",
            "advanced",
            "stays",
            "extended",
            "weekend",
            "holiday",
            "provisional",
            "assumed",
        ],
    ),
    (
        "why",
        &[
            "exempt",
            "historic",
            "running",
            "awaited",
            "missing",
            "arrived-in-time",
            "arrived-in-doubt",
            "arrived-late",
            "after-close",
            "returned",
            "correction-open",
            "correction-passed",
            "corrected-in-time",
            "corrected-late",
            "accepted",
            "accepted-by-office",
            "nil-by-name",
            "nil-in-form",
            "unconfirmed",
            "unconfirmed-correction",
            "withdrawn",
        ],
    ),
    ("arrival", &["seen", "between"]),
];

/// The words for reasons in one language. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Reasons {
    language: Language,
    templates: Arc<Environment<'static>>,
    /// Texts that only have values put in: years of obligations are worded at
    /// once, and most of them by these.
    plain: Arc<BTreeMap<String, Vec<Piece>>>,
    holidays: Arc<BTreeMap<String, String>>,
}

/// A part of a text without conditions.
#[derive(Debug, Clone)]
enum Piece {
    /// It stands as it is.
    Words(String),
    /// The value of this name.
    Value(String),
}

/// The parts of a text that has nothing but values to be put in; none for any other.
fn pieces(text: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        let inner = rest[at..].strip_prefix("{{")?;
        let end = inner.find("}}")?;
        let name = inner[..end].trim();
        let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
        if name.is_empty() || !name.chars().all(is_name) {
            return None;
        }
        pieces.push(Piece::Words(rest[..at].to_owned()));
        pieces.push(Piece::Value(name.to_owned()));
        rest = &inner[end + 2..];
    }
    // The engine drops a line break at the end.
    if text.ends_with('\n') {
        return None;
    }
    pieces.push(Piece::Words(rest.to_owned()));
    Some(pieces)
}

/// Language → section → name → text.
type File = BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>;

impl Reasons {
    /// Reads the text of `templates/reasons.toml`, all languages in it.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn all(text: &str) -> Result<Vec<Self>, String> {
        let mut file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        [Language::Chinese, Language::English]
            .into_iter()
            .map(|language| Self::take(&mut file, language))
            .collect()
    }

    /// The same, one language of it.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn parse(text: &str, language: Language) -> Result<Self, String> {
        let mut file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        Self::take(&mut file, language)
    }

    /// The language.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    fn take(file: &mut File, language: Language) -> Result<Self, String> {
        let tag = match language {
            Language::Chinese => "zh-CN",
            Language::English => "en",
        };
        let mut sections = file.remove(tag).ok_or_else(|| format!("缺少语言“{tag}”的一节"))?;
        let holidays = sections.remove("holidays").unwrap_or_default();
        let mut templates = Environment::new();
        templates.set_undefined_behavior(UndefinedBehavior::Strict);
        let mut plain = BTreeMap::new();
        for (section, names) in TEXTS {
            let mut texts = sections.remove(section).unwrap_or_default();
            for name in names {
                let text = texts
                    .remove(*name)
                    .ok_or_else(|| format!("[{tag}.{section}] 缺少 {name}"))?;
                if let Some(pieces) = pieces(&text) {
                    plain.insert(format!("{section}/{name}"), pieces);
                }
                templates
                    .add_template_owned(format!("{section}/{name}"), text)
                    .map_err(|error| format!("[{tag}.{section}] 的 {name} 写法有误：{error}"))?;
            }
            if let Some(unknown) = texts.keys().next() {
                return Err(format!("[{tag}.{section}] 没有“{unknown}”这一项"));
            }
        }
        if let Some(unknown) = sections.keys().next() {
            return Err(format!("没有 [{tag}.{unknown}] 这一节"));
        }
        Ok(Self {
            language,
            templates: Arc::new(templates),
            plain: Arc::new(plain),
            holidays: Arc::new(holidays),
        })
    }

    /// How a due date came about: its nominal date and rule, what moved it, and
    /// whether it is provisional. One line without a full stop.
    #[must_use]
    pub fn due(&self, program: &Program, due: &Due, calendar: &Calendar) -> String {
        let date = due.at.date_naive();
        let (rule, number) = match program.deadline.rule {
            DueRule::DayAfterPeriod(day) => ("after-period", day),
            DueRule::DayInPeriod(day) => ("in-period", day),
            DueRule::OnDate => ("on-date", 0),
            DueRule::AfterProgram(days) => ("after-program", days),
            DueRule::DayOfYear(day) if due.nominal.ordinal() == day => ("of-year", 0),
            DueRule::DayOfYear(_) => ("first-list", program.deadline.first_within),
        };
        let kind = calendar.day(due.nominal);
        let name = match kind {
            _ if due.extended_because.is_some() => "extended",
            Day::Working => "working",
            Day::MakeUp(_) => "make-up",
            _ if date == due.nominal => "stays",
            _ if date > due.nominal => "postponed",
            _ => "advanced",
        };
        let holiday = match kind {
            Day::MakeUp(name) => self.holiday(name),
            Day::Holiday(name) => self.text("due/holiday", values! { name => self.holiday(name) }),
            Day::Weekend | Day::Working => self.text("due/weekend", values! {}),
        };
        let mut words = self.text(
            &format!("due/{name}"),
            values! {
                nominal => day(self.language, due.nominal),
                weekday => weekday(self.language, due.nominal),
                rule => self.text(&format!("due/{rule}"), values! { day => number }),
                due => day_after(self.language, due.nominal, date),
                due_weekday => weekday(self.language, date),
                holiday,
                reason => due.extended_because.clone(),
            },
        );
        if due.provisional {
            let years = due.unknown_years(calendar).map(|year| year.to_string());
            let years = years.collect::<Vec<_>>().join(self.comma());
            words += self.parting();
            words += &self.text("due/provisional", values! { years });
        }
        if program.is_assumed("deadline.day") {
            words += self.parting();
            words += &self.text("due/assumed", values! {});
        }
        words
    }

    /// The reasons for a state, as one text without a full stop.
    #[must_use]
    pub fn why(&self, reasons: &[Why], zone: Tz) -> String {
        let words: Vec<String> = reasons.iter().map(|reason| self.reason(reason, zone)).collect();
        words.join(self.parting())
    }

    /// One reason.
    fn reason(&self, reason: &Why, zone: Tz) -> String {
        let time = |at: &DateTime<Utc>| moment(self.language, at.with_timezone(&zone));
        let arrival = |arrival: &Arrival, doubt: bool| self.arrival(arrival, doubt, zone);
        let (name, values) = match reason {
            Why::Exempt { reason, by } => ("exempt", values! { reason, by }),
            Why::Historic { due, go_live } => {
                ("historic", values! { due => time(due), go_live => time(go_live) })
            }
            Why::Running { until } => ("running", values! { until => day(self.language, *until) }),
            Why::Awaited { due } => ("awaited", values! { due => time(due) }),
            Why::Missing { due } => ("missing", values! { due => time(due) }),
            Why::FirstArrival {
                arrival: came,
                arrived,
                due,
            } => (
                match arrived {
                    Arrived::InTime => "arrived-in-time",
                    Arrived::InDoubt => "arrived-in-doubt",
                    Arrived::Late => "arrived-late",
                },
                values! { arrival => arrival(came, *arrived == Arrived::InDoubt), due => time(due) },
            ),
            Why::AfterClose { close } => ("after-close", values! { close => time(close) }),
            Why::Returned { at, times } => ("returned", values! { at => time(at), times }),
            Why::CorrectionOpen { until, provisional } => {
                ("correction-open", values! { until => time(until), provisional })
            }
            Why::CorrectionPassed { until } => ("correction-passed", values! { until => time(until) }),
            Why::Corrected {
                arrival: came,
                until,
                in_time,
            } => (
                if *in_time {
                    "corrected-in-time"
                } else {
                    "corrected-late"
                },
                values! { arrival => arrival(came, false), until => time(until) },
            ),
            Why::Accepted { version, at } => ("accepted", values! { version, at => time(at) }),
            Why::AcceptedByOffice { version, by, reason } => {
                ("accepted-by-office", values! { version, by, reason })
            }
            Why::Nil { file, by_name: true } => ("nil-by-name", values! { file }),
            Why::Nil { file, .. } => ("nil-in-form", values! { file }),
            Why::Unconfirmed {
                reason,
                returned: false,
            } => ("unconfirmed", values! { reason }),
            Why::Unconfirmed { reason, .. } => ("unconfirmed-correction", values! { reason }),
            Why::Withdrawn { versions } => {
                let versions: Vec<String> = versions.iter().map(ToString::to_string).collect();
                ("withdrawn", values! { versions => versions.join(self.comma()) })
            }
        };
        self.text(&format!("why/{name}"), values)
    }

    /// When a file came: an interval where nobody looked for long, or where it decides.
    fn arrival(&self, arrival: &Arrival, in_doubt: bool, zone: Tz) -> String {
        let time = |at: DateTime<Utc>| moment(self.language, at.with_timezone(&zone));
        let seen = time(arrival.seen);
        match arrival.after {
            Some(after) if in_doubt || arrival.seen - after > ONE_LOOK => {
                self.text("arrival/between", values! { after => time(after), seen })
            }
            _ => self.text("arrival/seen", values! { seen }),
        }
    }

    /// A holiday's name in this language; empty where it has none.
    fn holiday(&self, name: &str) -> String {
        match (self.holidays.get(name), self.language) {
            (Some(known), _) => known.clone(),
            (None, Language::Chinese) => name.to_owned(),
            (None, Language::English) => String::new(),
        }
    }

    /// A value that the wording asks for and that isn't given leaves the bare
    /// name, so that nothing is lost.
    fn text(&self, name: &str, values: Vec<(&'static str, Value)>) -> String {
        if let Some(text) = self.plain.get(name).and_then(|pieces| put_in(pieces, &values)) {
            return text;
        }
        self.templates
            .get_template(name)
            .and_then(|template| template.render(Value::from_pairs(values)))
            .unwrap_or_else(|_| name.to_owned())
    }

    fn parting(&self) -> &'static str {
        match self.language {
            Language::Chinese => "；",
            Language::English => "; ",
        }
    }

    fn comma(&self) -> &'static str {
        match self.language {
            Language::Chinese => "、",
            Language::English => ", ",
        }
    }
}

/// The text with its values; none if one isn't given.
fn put_in(pieces: &[Piece], values: &[(&'static str, Value)]) -> Option<String> {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Words(words) => text.push_str(words),
            Piece::Value(name) => {
                let (_, value) = values.iter().find(|(own, _)| own == name)?;
                match value.as_str() {
                    Some(words) => text.push_str(words),
                    None if value.is_undefined() || value.is_none() => return None,
                    None => write!(text, "{value}").ok()?,
                }
            }
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests;
