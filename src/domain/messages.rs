//! The wording of findings: `templates/messages.toml`, one engine for all texts.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::{Environment, UndefinedBehavior};
use serde::Deserialize;

use super::codes::{Code, Severity};
use super::finding::{Finding, Verdict};
use super::text::{folded, without_spaces};
use crate::domain::language::Language;

/// The words for every finding in one language. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// The language.
    pub language: Language,
    templates: Arc<Environment<'static>>,
    labels: Arc<Labels>,
}

/// The value of a query whose row holds an explanation that explains nothing.
pub const NO_ANSWER: &str = "no_answer";

/// Longest list of stock phrases, and the longest phrase in characters.
const MOST_PHRASES: usize = 500;
const LONGEST_PHRASE: usize = 30;

/// A text as explanations are compared: folded, in lower case, without spaces.
#[must_use]
pub fn comparable(text: &str) -> String {
    without_spaces(&folded(text)).to_lowercase()
}

impl Catalogue {
    /// Phrases that explain nothing (情况属实), the longest first, as
    /// [`comparable`] has them.
    #[must_use]
    pub fn stock_phrases(&self) -> &[String] {
        &self.labels.stock_phrases
    }

    /// Reads the text of `templates/messages.toml`, all languages in it.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place: the file's line, or
    /// language and code.
    pub fn all(text: &str) -> Result<Vec<Self>, String> {
        let mut file: BTreeMap<String, Words> = toml::from_str(text).map_err(|error| error.to_string())?;
        for (tag, words) in &mut file {
            words.labels.check(tag)?;
            for phrase in &mut words.labels.stock_phrases {
                *phrase = comparable(phrase);
            }
            words
                .labels
                .stock_phrases
                .sort_by_key(|phrase| std::cmp::Reverse(phrase.chars().count()));
        }
        let mut all = Vec::new();
        for language in [Language::Chinese, Language::English] {
            let tag = language.as_str();
            let words = file.remove(tag).ok_or_else(|| format!("缺少语言“{tag}”的一节"))?;
            all.push(Self {
                language,
                templates: Arc::new(compile(tag, &words)?),
                labels: Arc::new(words.labels),
            });
        }
        Ok(all)
    }

    /// The same, one language of it.
    ///
    /// # Errors
    /// See [`Self::all`].
    pub fn parse(text: &str, language: Language) -> Result<Self, String> {
        let mut all = Self::all(text)?;
        all.retain(|own| own.language == language);
        all.pop()
            .ok_or_else(|| format!("缺少语言“{}”的一节", language.as_str()))
    }

    /// Fills in message and hint. A value that the wording asks for and the
    /// finding doesn't have leaves the bare code, so that nothing is lost.
    pub fn word(&self, finding: &mut Finding) {
        let (mut message, mut hint) = self
            .render(finding)
            .unwrap_or_else(|_| (finding.code.as_str().to_owned(), String::new()));
        if let Some(said) = finding.args.get(NO_ANSWER) {
            hint += &self.labels.no_answer.replace("{{ said }}", said);
        }
        if finding.further > 0 {
            message = self.further(finding.further, &message);
            hint.clear();
        }
        finding.message = message;
        finding.hint = hint;
    }

    /// Message and hint of a finding.
    ///
    /// # Errors
    /// A value that the wording asks for is missing.
    pub fn render(&self, finding: &Finding) -> Result<(String, String), minijinja::Error> {
        let render = |part| {
            let template = self.templates.get_template(&name(finding.code.as_str(), part))?;
            template.render(&finding.args)
        };
        Ok((render("message")?, render("hint")?))
    }

    /// What stands for findings that aren't listed one by one, after the message of the first.
    fn further(&self, n: u32, message: &str) -> String {
        let values = BTreeMap::from([("n", n.to_string()), ("message", message.to_owned())]);
        let template = self.templates.get_template(FURTHER);
        let worded = template.and_then(|template| template.render(&values));
        worded.unwrap_or_else(|_| format!("+{n} {message}"))
    }

    /// The word for a severity: 必须更正, 请核实, 提示.
    #[must_use]
    pub fn severity(&self, severity: Severity) -> &str {
        self.labels.severity.get(&severity).map_or("", String::as_str)
    }

    /// The word for a verdict: 审核通过, 退回修改.
    #[must_use]
    pub fn verdict(&self, verdict: Verdict) -> &str {
        self.labels.verdict.get(&verdict).map_or("", String::as_str)
    }
}

/// One language's section of the file.
#[derive(Debug, Deserialize)]
struct Words {
    #[serde(flatten)]
    labels: Labels,
    #[serde(flatten)]
    codes: BTreeMap<String, Wording>,
}

#[derive(Debug, Deserialize)]
struct Labels {
    /// For findings that aren't listed one by one: `n`, and the `message` of the first.
    further: String,
    /// Said of an explanation that explains nothing: `said`.
    no_answer: String,
    /// What explains no query, however long.
    stock_phrases: Vec<String>,
    severity: BTreeMap<Severity, String>,
    verdict: BTreeMap<Verdict, String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wording {
    message: String,
    #[serde(default)]
    hint: String,
}

impl Labels {
    fn check(&self, language: &str) -> Result<(), String> {
        let severities = [
            Severity::Info,
            Severity::Warning,
            Severity::Query,
            Severity::Error,
        ];
        let verdicts = [
            Verdict::Ignored,
            Verdict::Quarantined,
            Verdict::Unreadable,
            Verdict::Duplicate,
            Verdict::Unclaimed,
            Verdict::Returned,
            Verdict::AcceptedWithWarnings,
            Verdict::Accepted,
        ];
        if severities.iter().any(|one| !self.severity.contains_key(one)) {
            return Err(format!(
                "[{language}.severity] 应写齐 error、query、warning、info"
            ));
        }
        let empty = |phrase: &&String| {
            let length = phrase.trim().chars().count();
            length == 0 || length > LONGEST_PHRASE
        };
        if self.stock_phrases.len() > MOST_PHRASES || self.stock_phrases.iter().any(|phrase| empty(&phrase)) {
            return Err(format!(
                "[{language}] 的 stock_phrases 最多{MOST_PHRASES}条，每条1至{LONGEST_PHRASE}个字"
            ));
        }
        match verdicts.iter().find(|one| !self.verdict.contains_key(one)) {
            Some(missing) => Err(format!("[{language}.verdict] 缺少 {}", missing.as_str())),
            None => Ok(()),
        }
    }
}

fn name(code: &str, part: &str) -> String {
    format!("{code}/{part}")
}

/// The name of the template for findings that aren't listed one by one.
const FURTHER: &str = "further";

fn compile(language: &str, words: &Words) -> Result<Environment<'static>, String> {
    let codes = &words.codes;
    if let Some(unknown) = codes.keys().find(|code| Code::parse(code).is_none()) {
        return Err(format!("[{language}.{unknown}] 没有这个代码"));
    }
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates
        .add_template_owned(FURTHER, words.labels.further.clone())
        .map_err(|error| format!("[{language}] 的 further 写法有误：{error}"))?;
    for code in Code::ALL {
        let code = code.as_str();
        let wording = codes
            .get(code)
            .ok_or_else(|| format!("缺少 [{language}.{code}]"))?;
        for (part, text) in [("message", &wording.message), ("hint", &wording.hint)] {
            templates
                .add_template_owned(name(code, part), text.clone())
                .map_err(|error| format!("[{language}.{code}] 的 {part} 写法有误：{error}"))?;
        }
    }
    Ok(templates)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../templates/messages.toml");

    #[test]
    fn the_shipped_catalogue_words_every_code_in_both_languages() {
        for language in [Language::Chinese, Language::English] {
            let catalogue = Catalogue::parse(SHIPPED, language).unwrap();
            assert_eq!(catalogue.language, language);
        }
    }

    /// The values of findings that other parts of the house give: identification,
    /// intake, consolidation, registers. Those of the checks of a ledger are
    /// worded strictly in each check's own test.
    const GIVEN_ELSEWHERE: &[(Code, &[&str])] = &[
        (Code::UnitUnknown, &["candidates"]),
        (Code::UnitNotInRoster, &["unit", "similar", "contact"]),
        (Code::UnitInferred, &["unit", "basis", "source", "unknown"]),
        (
            Code::UnitMismatch,
            &[
                "unit",
                "folder_unit",
                "name_unit",
                "form_unit",
                "found",
                "label",
                "other_label",
                "other_unit",
            ],
        ),
        (Code::PeriodUnclear, &["found", "open", "nil", "conflict"]),
        (
            Code::PeriodMismatch,
            &["found", "said", "first", "year_slip", "open", "counted"],
        ),
        (Code::Ignored, &[]),
        (Code::StillArriving, &[]),
        (Code::Resubmission, &["n", "time", "other", "lost"]),
        (Code::OlderVersion, &["n", "time", "other_time"]),
        (Code::DuplicateFile, &[]),
        (Code::ItemUnknown, &["value"]),
        (Code::ItemNotYours, &["value", "others"]),
        (Code::ItemNameMismatch, &["value", "name"]),
        (Code::ItemMissing, &["count", "missing"]),
        (Code::BelowLastPeriod, &["value", "last"]),
        (Code::StatusContradiction, &["status", "value"]),
        (Code::ScoreOverMaximum, &["maximum", "value"]),
        (Code::NegativeItemHit, &["value"]),
        (Code::JointVisit, &["date", "place", "units"]),
        (Code::ReportedTwice, &["unit", "other_row"]),
        (Code::CheckFailed, &["rule", "reason"]),
        (Code::OtherProgram, &["reason"]),
        (Code::CoLeadsDisagree, &["reports"]),
        (Code::Reopened, &["status", "value", "period"]),
    ];

    #[test]
    fn what_others_give_is_enough_for_the_wording() {
        for language in [Language::Chinese, Language::English] {
            let catalogue = Catalogue::parse(SHIPPED, language).unwrap();
            for (code, names) in GIVEN_ELSEWHERE {
                for value in ["", "某值"] {
                    let finding = names
                        .iter()
                        .fold(Finding::new(*code), |finding, name| finding.with(name, value));
                    let worded = catalogue.render(&finding);
                    assert!(
                        worded.is_ok_and(|(message, _)| !message.is_empty()),
                        "{}",
                        code.as_str()
                    );
                }
            }
        }
    }

    #[test]
    fn labels_are_words() {
        let catalogue = Catalogue::parse(SHIPPED, Language::Chinese).unwrap();
        assert_eq!(catalogue.severity(Severity::Query), "请核实");
        assert_eq!(catalogue.verdict(Verdict::Returned), "退回修改");
        let english = Catalogue::parse(SHIPPED, Language::English).unwrap();
        assert_eq!(english.severity(Severity::Error), "Must be corrected");
    }

    #[test]
    fn mistakes_are_named_with_language_and_code() {
        for (from, to, named) in [
            ("[zh-CN.required]", "[zh-CN.reqired]", "[zh-CN.reqired]"),
            (
                "“{{ column }}”不能为空",
                "“{{ column ”不能为空",
                "[zh-CN.required]",
            ),
            ("\nerror = \"必须更正\"", "", "[zh-CN.severity]"),
            ("hint = \"请据实填写。\"", "hnt = \"请据实填写。\"", "hnt"),
            (
                "[en.required]\nmessage = \"“{{ column }}” must not be empty{% if when is defined %} where {{ when }}{% endif %}.\"\nhint = \"Please fill it in.\"\n",
                "",
                "[en.required]",
            ),
        ] {
            assert!(SHIPPED.contains(from), "{from}");
            let problem = Catalogue::parse(&SHIPPED.replacen(from, to, 1), Language::Chinese).unwrap_err();
            assert!(problem.contains(named), "{problem}");
        }
        let only_english = &SHIPPED[SHIPPED.find("[en]").unwrap()..];
        assert!(
            Catalogue::parse(only_english, Language::Chinese)
                .unwrap_err()
                .contains("zh-CN")
        );
    }

    #[test]
    fn a_finding_without_its_values_keeps_its_code() {
        let catalogue = Catalogue::parse(SHIPPED, Language::Chinese).unwrap();
        let mut finding = Finding::new(Code::Required);
        assert!(catalogue.render(&finding).is_err());
        catalogue.word(&mut finding);
        assert_eq!(finding.message, "required");
        finding = finding.with("column", "调研时间");
        catalogue.word(&mut finding);
        assert_eq!(
            (finding.message.as_str(), finding.hint.as_str()),
            ("“调研时间”不能为空。", "请填写。")
        );
    }

    #[test]
    fn what_is_not_listed_is_counted_in_words() {
        let catalogue = Catalogue::parse(SHIPPED, Language::Chinese).unwrap();
        let mut finding = Finding::new(Code::Required).with("column", "调研时间");
        finding.further = 1234;
        catalogue.word(&mut finding);
        assert_eq!(finding.message, "另有1234处同类问题：“调研时间”不能为空。");
        assert_eq!(finding.hint, "");
    }

    #[test]
    fn text_from_a_cell_is_never_a_template() {
        let catalogue = Catalogue::parse(SHIPPED, Language::Chinese).unwrap();
        let finding = Finding::new(Code::Placeholder)
            .with("column", "{{ 1 + 1 }}")
            .with("value", "<b>&{% if x %}");
        let (message, _) = catalogue.render(&finding).unwrap();
        assert_eq!(message, "“{{ 1 + 1 }}”仍有模板占位符“<b>&{% if x %}”。");
    }
}
