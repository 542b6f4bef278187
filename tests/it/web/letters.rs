//! 信函: lists that hold what they count, texts to be handed over, drafts whose
//! words are changed, and letters that are taken back.

mod by_hand;
mod calendar;
mod deciding;
mod drafting;
mod lists;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use taizhang::desk::schedule::{Supposed, schedule};
use taizhang::domain::ids::LetterId;
use taizhang::domain::ladder::{Kind, Role as As};
use taizhang::domain::letters::decide::Decision;
use taizhang::domain::letters::{Addressed, Letter, LetterState, LetterText, NewLetter, Progress};
use taizhang::domain::notices::Recipient;
use taizhang::jobs::remind::decide;
use taizhang::mail::{MemoryTransport, Transport};

use super::*;

const FIRST_CHASE: &str = "2024-12-06T09:00:00+08:00";
const CLOSED: &str = "2024-12-17T09:30:00+08:00";
const CANARY: &str = "<img src=x onerror=alert(1)>";

/// A site whose letters stay in memory, at an instant, with its files changed before.
async fn site(now: &str, change: impl FnOnce(&std::path::Path)) -> TestSite {
    let mut site = TestSite::with(change).await;
    Arc::get_mut(&mut site.site).unwrap().transport = Transport::Memory(MemoryTransport::new());
    site.at(now).run().await;
    site
}

/// Changes the rosters: each text that is named becomes another.
fn roster<'a>(changes: &'a [(&'a str, &'a str)]) -> impl FnOnce(&std::path::Path) + 'a {
    move |root| {
        for file in ["roster.csv", "leaders.csv"] {
            let path = root.join("templates/programs").join(PROGRAM).join(file);
            let mut text = std::fs::read_to_string(&path).unwrap();
            for (from, to) in changes {
                text = text.replace(from, to);
            }
            std::fs::write(path, text).unwrap();
        }
    }
}

/// The period has closed: report and bulletin are drafts.
async fn closed() -> Page {
    Page::of(site(CLOSED, |_| {}).await, options()).await
}

fn person(name: &str, address: &str) -> Recipient {
    Recipient {
        role: As::Liaison,
        name: name.into(),
        unit: String::new(),
        person: String::new(),
        address: address.into(),
        key: format!("{name}{address}"),
        id: name.into(),
    }
}

/// A letter as if it had been made, with its words.
async fn made(page: &Page, state: LetterState, programs: &[&str], name: &str) -> LetterId {
    let store = &page.own().store;
    let now = page.own().clock.now();
    let new = NewLetter {
        kind: Kind::FirstChase,
        state,
        addressed: Addressed {
            to: vec![person(name, "a@wutang.example")],
            cc: Vec::new(),
        },
        day: now.date_naive(),
        created: now.to_utc(),
        not_before: now.to_utc(),
        about: None,
        reason: None,
        programs: programs.iter().map(|id| id.parse().unwrap()).collect(),
    };
    let text = LetterText {
        subject: format!("致{name}"),
        text: format!("{name}：请报送。"),
        html: format!("<p>{name}：</p>"),
        chat: format!("{name}，请报送。"),
    };
    let mut change = store.begin().await.unwrap();
    let id = store.add_letter(&mut change, &new).await.unwrap();
    store
        .set_letter_text(&mut change, id, &text, false)
        .await
        .unwrap();
    change.commit().await.unwrap();
    id
}

async fn letters(page: &Page, state: LetterState) -> Vec<Letter> {
    page.own().store.letters(&[state]).await.unwrap()
}

async fn letter(page: &Page, id: LetterId) -> Letter {
    page.own().store.letter(id).await.unwrap().unwrap()
}

async fn draft(page: &Page, kind: Kind) -> Letter {
    let all = letters(page, LetterState::Draft).await;
    all.into_iter().find(|own| own.kind == kind).unwrap()
}

/// What escapes hide.
fn plain(text: &str) -> String {
    let marks = [
        ("&#x2f;", "/"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&amp;", "&"),
    ];
    let plain = |text: String, (mark, sign): (&str, &str)| text.replace(mark, sign);
    marks.into_iter().fold(text.to_owned(), plain)
}

/// The values of all fields of a name, hidden ones and ticks.
fn values(answer: &Answer, name: &str) -> Vec<String> {
    let own = format!("name=\"{name}\" value=\"");
    let parts = answer.text.split(&own).skip(1);
    parts.map(|part| plain(part.split('"').next().unwrap())).collect()
}

/// What stands in a field of several lines.
fn area(answer: &Answer, name: &str) -> String {
    let (_, rest) = answer
        .text
        .split_once(&format!("<textarea name=\"{name}\""))
        .unwrap_or_else(|| panic!("no {name}: {}", answer.text));
    let (_, rest) = rest.split_once(">\n").unwrap();
    plain(rest.split("</textarea>").next().unwrap())
}

/// The form of a draft as a browser sends it.
struct Form {
    path: String,
    token: String,
    seen: String,
    offered: String,
    subject: String,
    body: String,
    chat: String,
}

impl Form {
    async fn of(browser: &mut Browser, id: LetterId) -> Self {
        let path = format!("/letters/{id}");
        let answer = browser.get(&path).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        Self::on(&answer, path)
    }

    fn on(answer: &Answer, path: String) -> Self {
        let one = |name: &str| {
            values(answer, name)
                .pop()
                .unwrap_or_else(|| panic!("{name}: {}", answer.text))
        };
        Self {
            path,
            token: one("token"),
            seen: one("seen"),
            offered: one("offered"),
            subject: one("subject"),
            body: area(answer, "body"),
            chat: area(answer, "chat"),
        }
    }

    async fn send(&self, browser: &mut Browser, decision: &str) -> Answer {
        // A browser ends lines in its own way.
        let (body, chat) = (self.body.replace('\n', "\r\n"), self.chat.replace('\n', "\r\n"));
        let fields = [
            ("token", self.token.as_str()),
            ("seen", &self.seen),
            ("offered", &self.offered),
            ("subject", &self.subject),
            ("body", &body),
            ("chat", &chat),
            ("decision", decision),
        ];
        browser.post(&self.path, &fields).await
    }
}

/// Ticks letters of a list and presses a button.
async fn press(browser: &mut Browser, part: &str, ticked: &[String], decision: &str) -> Answer {
    let token = browser.token().await;
    let mut fields = vec![("token", token.as_str()), ("part", part), ("decision", decision)];
    fields.extend(ticked.iter().map(|own| ("letter", own.as_str())));
    browser.post("/letters", &fields).await
}

/// The numbers beside the parts, and beside the states of the outbox.
fn count(answer: &Answer, name: &str) -> usize {
    let words = answer.words();
    let (_, rest) = words
        .split_once(&format!(" {name} "))
        .unwrap_or_else(|| panic!("{name}: {words}"));
    rest.split(' ').next().unwrap().parse().unwrap()
}

/// Rows of a table.
fn rows(answer: &Answer, id: &str) -> usize {
    let Some((_, rest)) = answer.text.split_once(&format!("id=\"{id}\"")) else {
        return 0;
    };
    let table = rest.split("</table>").next().unwrap();
    table.matches("<tr").count() - 1
}
