//! The words of the letters: facts and templates make subject, text, HTML and chat.
//!
//! Each kind has a folder in each language: `subject.txt.j2`, `body.txt.j2`,
//! `chat.txt.j2`, and `item.txt.j2` where a letter speaks of duties. What all
//! letters have in common lies in `shared`. The HTML is made of the text's
//! paragraphs, so that whoever changes one text file has changed both.

mod edit;
mod lint;
mod paragraphs;
mod sample;
mod shape;
mod templates;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeSet;

use anyhow::Context as _;
use minijinja::Environment;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::{Composed, LetterFacts};
use paragraphs::{Paragraph, one_line, paragraphs, tidy};

pub use edit::{LONGEST, Words};
pub use lint::LintProblem;
pub use sample::samples;
pub use templates::site_templates;

/// All letter templates, compiled.
#[derive(Debug, Clone)]
pub struct Letters {
    environment: Environment<'static>,
    /// Names of the templates that the site wrote itself and that are in use.
    own: BTreeSet<String>,
    /// What is wrong with those that are not in use.
    refused: Vec<LintProblem>,
}

impl Letters {
    /// Compiles the built-in templates and, in their places, those of the
    /// site: by name relative to `templates/mail` (`zh-CN/first-chase/item.txt.j2`)
    /// and text, later ones before earlier ones.
    ///
    /// One that can't be used stops no letter: the built-in one stays in its
    /// place, and [`Letters::lint`] names it.
    ///
    /// # Errors
    /// A built-in template is faulty.
    pub fn new(templates: &[(String, String)]) -> anyhow::Result<Self> {
        let mut letters = Self {
            environment: templates::built_in().context("随附的信函模板有错")?,
            own: BTreeSet::new(),
            refused: Vec::new(),
        };
        letters.take(templates);
        Ok(letters)
    }

    /// Writes a letter.
    ///
    /// # Errors
    /// The facts lack what the kind speaks of, or a template is faulty: by name and line.
    pub fn compose(&self, facts: &LetterFacts) -> anyhow::Result<Composed> {
        Ok(self.write(facts)?)
    }

    /// The words of a letter in a file for a person to change them.
    ///
    /// # Errors
    /// See [`Letters::compose`].
    pub fn to_edit(&self, facts: &LetterFacts) -> anyhow::Result<String> {
        let page = self.page(facts)?;
        let (sheet, chat) = page.sheet()?;
        Ok(edit::to_file(&sheet, &Words::of(&sheet, &chat), &facts.number))
    }

    /// A letter with the words of a file that [`Letters::to_edit`] wrote and a
    /// person changed: everything else is as without them. None if nothing was
    /// changed.
    ///
    /// # Errors
    /// The file lacks what the letter needs, in words; or see [`Letters::compose`].
    pub fn edited(&self, facts: &LetterFacts, file: &str) -> anyhow::Result<Option<Composed>> {
        let page = self.page(facts)?;
        let (sheet, chat) = page.sheet()?;
        let own = Words::of(&sheet, &chat);
        let words = edit::from_file(file, &sheet, &own, &facts.number).map_err(anyhow::Error::msg)?;
        if words == own {
            return Ok(None);
        }
        Ok(Some(page.with_words(sheet, &words)?))
    }

    /// A letter as it is worded now, with the words that a person may change
    /// and what stands fast.
    ///
    /// # Errors
    /// See [`Letters::compose`].
    pub fn offered(&self, facts: &LetterFacts) -> anyhow::Result<Offered> {
        let page = self.page(facts)?;
        let (sheet, chat) = page.sheet()?;
        let words = Words::of(&sheet, &chat);
        Ok(Offered {
            fixed: edit::fixed(&sheet, &words, &facts.number),
            words,
            composed: page.set(sheet, chat)?,
        })
    }

    /// A letter with words of a person's own: everything else is as without them.
    ///
    /// # Errors
    /// See [`Letters::compose`].
    pub fn with_words(&self, facts: &LetterFacts, words: &Words) -> anyhow::Result<Composed> {
        let page = self.page(facts)?;
        let (sheet, _) = page.sheet()?;
        Ok(page.with_words(sheet, words)?)
    }

    fn write(&self, facts: &LetterFacts) -> Result<Composed, LintProblem> {
        let page = self.page(facts)?;
        let (sheet, chat) = page.sheet()?;
        page.set(sheet, chat)
    }

    fn page<'a>(&'a self, facts: &'a LetterFacts) -> Result<Page<'a>, LintProblem> {
        let locale = match facts.language.as_str() {
            known @ ("zh-CN" | "en") => known,
            other => return Err(LintProblem::of(&facts.kind, format!("没有语言“{other}”的信函"))),
        };
        words::check(facts)?;
        Ok(Page {
            letters: self,
            locale,
            kind: &facts.kind,
            values: words::values(facts, locale),
        })
    }

    fn render(&self, name: &str, values: Value) -> Result<String, LintProblem> {
        self.environment
            .get_template(name)
            .and_then(|template| template.render(values))
            .map_err(|error| LintProblem::from_error(&self.environment, name, &error))
    }
}

/// A letter as it is worded now, before a person changes its words.
#[derive(Debug, Clone)]
pub struct Offered {
    /// The letter.
    pub composed: Composed,
    /// What may be changed.
    pub words: Words,
    /// What can't be changed, by name.
    pub fixed: Vec<(&'static str, String)>,
}

/// One letter on its way into words.
struct Page<'a> {
    letters: &'a Letters,
    locale: &'a str,
    kind: &'a str,
    values: Value,
}

/// The parts of a letter, each in words, for the sheets to put in their places.
#[derive(Debug, Serialize)]
struct Sheet {
    subject: String,
    title: String,
    trial: String,
    salutation: String,
    body: Vec<Paragraph>,
    /// The body in HTML of its own, where a site wrote `body.html.j2`; else empty.
    html: String,
    contact: String,
    attachments: String,
    sign_off: Vec<String>,
    note: String,
    /// Whether the table of units stands below.
    table: bool,
}

impl Page<'_> {
    /// On trial nobody may take subject or chat for real, wherever they are pasted.
    fn mark(&self) -> Result<String, LintProblem> {
        Ok(one_line(&self.shared("trial-mark.txt.j2")?))
    }

    /// The parts in words, and the short text.
    fn sheet(&self) -> Result<(Sheet, String), LintProblem> {
        let name = format!("{}/{}/subject.txt.j2", self.locale, self.kind);
        let subject = self.own("subject.txt.j2")?;
        if subject.is_empty() {
            return Err(LintProblem::of(&name, "写出的主题是空的".into()));
        }
        if subject.contains(['\n', '\r']) {
            return Err(LintProblem::of(&name, "主题只能有一行，现在分成了几行".into()));
        }
        let mark = self.mark()?;
        let sheet = Sheet {
            subject: format!("{mark}{}", one_line(&subject)),
            trial: one_line(&self.shared("trial.txt.j2")?),
            title: one_line(&self.shared("title.txt.j2")?),
            salutation: one_line(&self.shared("salutation.txt.j2")?),
            body: paragraphs(&self.own("body.txt.j2")?),
            html: self.html_body()?,
            contact: one_line(&self.shared("contact.txt.j2")?),
            attachments: one_line(&self.shared("attachments.txt.j2")?),
            sign_off: self.shared("sign-off.txt.j2")?.lines().map(one_line).collect(),
            note: one_line(&self.shared("note.txt.j2")?),
            table: matches!(self.kind, "report" | "bulletin" | "standing"),
        };
        let chat = format!("{mark}{}", one_line(&self.own("chat.txt.j2")?));
        Ok((sheet, chat))
    }

    /// Sets the parts in their places.
    fn set(&self, sheet: Sheet, chat: String) -> Result<Composed, LintProblem> {
        let subject = sheet.subject.clone();
        let values = minijinja::context! { sheet => Value::from(Serde(sheet)), ..self.values.clone() };
        let sheet = |file: &str| {
            let name = format!("{}/shared/{file}", self.locale);
            self.letters.render(&name, values.clone())
        };
        Ok(Composed {
            subject,
            text: tidy(&sheet("sheet.txt.j2")?),
            html: sheet("sheet.html.j2")?,
            chat,
        })
    }

    /// Sets a person's words in their places, marked where a trial has to be seen.
    fn with_words(&self, mut sheet: Sheet, words: &Words) -> Result<Composed, LintProblem> {
        let mark = self.mark()?;
        let marked = |text: &str| match text.strip_prefix(mark.as_str()) {
            Some(_) => text.to_owned(),
            None => format!("{mark}{text}"),
        };
        sheet.subject = marked(&words.subject);
        sheet.body = words.paragraphs();
        sheet.html = String::new();
        self.set(sheet, marked(&words.chat))
    }

    fn html_body(&self) -> Result<String, LintProblem> {
        let name = format!("{}/{}/body.html.j2", self.locale, self.kind);
        if !self.letters.own.contains(&name) {
            return Ok(String::new());
        }
        self.letters.render(&name, self.values.clone())
    }

    fn own(&self, file: &str) -> Result<String, LintProblem> {
        self.part(self.kind, file)
    }

    fn shared(&self, file: &str) -> Result<String, LintProblem> {
        self.part("shared", file)
    }

    fn part(&self, folder: &str, file: &str) -> Result<String, LintProblem> {
        let name = format!("{}/{folder}/{file}", self.locale);
        let text = self.letters.render(&name, self.values.clone())?;
        Ok(text.trim().to_owned())
    }
}
