//! From one instant at which something is due to the next, and the post that
//! this made as a page to read.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use taizhang::domain::language::Language;
use taizhang::domain::letters::{Letter, NoticeRecord};
use taizhang::domain::notices::Recipient;
use taizhang::domain::period::Period;
use taizhang::domain::program::Program;
use taizhang::domain::table::Workbook;
use taizhang::jobs::levels;
use taizhang::jobs::obligations::Supposed;
use taizhang::jobs::remind::forecast;

use crate::harness::{TestSite, live, read};

/// The units that play their parts, by their names.
#[derive(Debug, Clone, Copy)]
pub struct Units {
    /// Reports nothing.
    pub silent: &'static str,
    /// Reports the worst.
    pub worst: &'static str,
    /// Reports all that is asked.
    pub best: &'static str,
}

impl Units {
    fn all(self) -> [&'static str; 3] {
        [self.silent, self.worst, self.best]
    }
}

/// A programme on its way through a period.
pub struct Walk {
    pub own: TestSite,
    pub units: Units,
    program: String,
}

impl Walk {
    /// A site with programmes that are no trial, the first of which is walked,
    /// with its forms laid.
    pub async fn begin(programs: &[&str], below: &'static str, now: &str, units: Units) -> Self {
        let own = TestSite::shipped(programs, below, now, |root| {
            for id in programs {
                live(root, id);
            }
        })
        .await;
        let walk = Self {
            own,
            units,
            program: programs[0].to_owned(),
        };
        walk.round().await;
        walk.round().await;
        walk
    }

    /// A round, with how far those are that others wait for.
    async fn round(&self) {
        levels::take_up(&self.own.site).await.unwrap();
        self.own.run().await;
    }

    pub fn program(&self) -> Arc<Program> {
        self.own.site.program(&self.program).expect("it runs")
    }

    /// The form of a period that lies ready for a unit.
    pub fn form(&self, unit: &str, period: &Period) -> Workbook {
        let names = self.own.names(&format!("{unit}/本期填报表"));
        let label = period.label();
        let is_form = |name: &&String| name.starts_with(&label) && name.ends_with("）.xlsx");
        let name = names.iter().find(is_form);
        let name = name.unwrap_or_else(|| panic!("{unit} {label}: {names:?}"));
        read(&self.own.share(&format!("{unit}/本期填报表/{name}")))
    }

    /// A unit hands in a file, which is accepted.
    pub async fn accepted(&self, unit: &str, name: &str, bytes: &[u8]) {
        self.hand_in(unit, name, bytes).await;
        let verdict = self.own.verdict(name).await;
        assert!(
            verdict.is_accepted(),
            "{unit}: {verdict:?} {:?}",
            self.own.codes().await
        );
    }

    /// A unit hands in a file, whatever comes of it.
    pub async fn hand_in(&self, unit: &str, name: &str, bytes: &[u8]) {
        self.own.drop_file(&format!("{unit}/{name}"), bytes);
        self.own.run().await;
    }

    /// Goes on to an instant, with a round at each at which something is due on
    /// the way there and one at the end.
    pub async fn to(&self, until: &str) -> &Self {
        let end = DateTime::parse_from_rfc3339(until).unwrap().to_utc();
        while let Some(at) = self.next(end).await {
            self.own.site.clock.set(at);
            self.round().await;
        }
        self.own.at(until);
        self.round().await;
        self
    }

    /// The next instant before an end at which something is due.
    async fn next(&self, end: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let site = &self.own.site;
        let day = end.with_timezone(&site.clock.zone()).date_naive();
        let now = site.clock.utc();
        let mut next = site.store.next_letter().await.unwrap().filter(|at| *at > now);
        for program in site.programs() {
            let notices = forecast(site, &program, day, &Supposed::default()).await.unwrap();
            let due = notices.iter().map(|own| own.at.to_utc()).find(|at| *at > now);
            next = [next, due].into_iter().flatten().min();
        }
        next.filter(|at| *at < end)
    }

    /// All letters with what they are about, as a page: a line for each, alike
    /// ones to others together; and in full those in which the three play a part.
    pub async fn page(&self) -> String {
        let site = &self.own.site;
        let letters = site.store.letters(&[]).await.unwrap();
        let mut notices = BTreeMap::new();
        for letter in &letters {
            notices.insert(letter.id, site.store.notices_of(letter.id).await.unwrap());
        }
        let mut page = format!("封数：{}\n", letters.len());
        let mut shown = String::new();
        let mut others: Vec<(String, Vec<String>)> = Vec::new();
        let mut seen = Vec::new();
        let flush = |page: &mut String, others: &mut Vec<(String, Vec<String>)>| {
            for (line, names) in others.drain(..) {
                writeln!(page, "{line} → 另{}封：{}", names.len(), names.join("、")).unwrap();
            }
        };
        for letter in &letters {
            let about = &notices[&letter.id];
            let head = self.head(letter, about);
            let to = letter.addressed.to.first();
            if self.concerns(letter, about) {
                flush(&mut page, &mut others);
                let line = format!("{head} → {}", named(&letter.addressed.to));
                writeln!(page, "{line} {}", letter.text.subject).unwrap();
                // Of later periods alike ones stand in the list alone.
                let steps: Vec<&str> = about.iter().map(|own| own.key.step.as_str()).collect();
                let again = (
                    letter.kind,
                    to.map(|to| to.key.clone()),
                    subjects(about),
                    steps.join(" "),
                );
                if seen.contains(&again) {
                    continue;
                }
                seen.push(again);
                writeln!(shown, "──── {line}").unwrap();
                if !letter.addressed.cc.is_empty() {
                    writeln!(shown, "抄送：{}", named(&letter.addressed.cc)).unwrap();
                }
                writeln!(
                    shown,
                    "主题：{}\n\n{}",
                    letter.text.subject,
                    letter.text.text.trim_end()
                )
                .unwrap();
                shown.push('\n');
            } else {
                let name = to.map(|to| to.called(Language::Chinese)).unwrap_or_default();
                match others.iter_mut().find(|own| own.0 == head) {
                    Some(own) => own.1.push(name),
                    None => others.push((head, vec![name])),
                }
            }
        }
        flush(&mut page, &mut others);
        format!("{page}\n{shown}")
    }

    /// When, what, in which state, by which steps.
    fn head(&self, letter: &Letter, about: &[NoticeRecord]) -> String {
        let zone = self.own.site.clock.zone();
        let at = letter.sent.unwrap_or(letter.created).with_timezone(&zone);
        let mut steps: Vec<String> = about
            .iter()
            .map(|own| format!("{} {}", own.key.period, own.key.step))
            .collect();
        steps.sort();
        steps.dedup();
        format!(
            "{} {} {}（{}）",
            at.format("%Y-%m-%d %H:%M"),
            letter.kind.as_str(),
            letter.state.label(),
            steps.join("，")
        )
    }

    /// Whether one of the three is told or told of, or the whole period is.
    fn concerns(&self, letter: &Letter, about: &[NoticeRecord]) -> bool {
        let units = self.units.all();
        let is_one = |name: &str| {
            let roster = self.own.site.programs();
            roster.iter().any(|program| {
                let unit = program.roster.find(name);
                unit.is_some_and(|unit| {
                    about
                        .iter()
                        .any(|own| own.key.program == program.id && own.unit.as_ref() == Some(&unit.id))
                })
            })
        };
        let other = about.iter().any(|own| *own.key.program != *self.program);
        let whole = about
            .iter()
            .any(|own| own.unit.is_none() && own.body.leader.is_none());
        whole || other || about.is_empty() || letter.about.is_some() || units.into_iter().any(is_one)
    }
}

/// The units that a letter is about.
fn subjects(about: &[NoticeRecord]) -> Vec<String> {
    about.iter().map(|own| own.key.subject.clone()).collect()
}

/// To whom; of many the first two.
fn named(recipients: &[Recipient]) -> String {
    let described = |own: &Recipient| format!("{}<{}>", own.described(Language::Chinese), own.address);
    let first: Vec<String> = recipients.iter().take(2).map(described).collect();
    match recipients.len() {
        0..=2 => first.join("、"),
        more => format!("{}等{more}个", first.join("、")),
    }
}
