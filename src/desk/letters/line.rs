//! Letters as JSON.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use super::wanted::Wanted;
use super::{Asked, LetterAnswer, answer, states};
use crate::desk::json::Array;
use crate::domain::ids::LetterId;
use crate::domain::language::Language;
use crate::domain::notices::Recipient;
use crate::jobs::site::Site;

/// Letters that are put into JSON at a time.
const PART: usize = 500;

/// The letters that are asked for as JSON: a part of them at a time, without
/// their texts. New ones stand there without a subject until they are worded.
///
/// # Errors
/// There is no such state, programme, period, kind or unit
/// ([`Misuse`](crate::desk::Misuse)); the database can't be read.
pub async fn in_json(site: &Arc<Site>, asked: &Asked) -> anyhow::Result<String> {
    let states = states(site.language(), &asked.states)?;
    let wanted = Wanted::of(site, asked)?;
    let mut letters = site.store.letters_without_texts(&states).await?;
    let mut array = Array::default();
    while !letters.is_empty() {
        let rest = letters.split_off(letters.len().min(PART));
        let ids: Vec<LetterId> = letters.iter().map(|letter| letter.id).collect();
        let mut notices = site.store.notices_of_all(&ids).await?;
        for letter in std::mem::replace(&mut letters, rest) {
            if wanted.fits(&letter, notices.get(&letter.id)) {
                let own = notices.remove(&letter.id).unwrap_or_default();
                array.add(&Line::of(&answer(site, letter, &own)))?;
            }
        }
    }
    Ok(array.text())
}

/// A letter as JSON.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    id: LetterId,
    state: &'static str,
    kind: &'static str,
    to: Vec<String>,
    cc: Vec<String>,
    /// Who of them has no address and has to be told by somebody.
    cc_by_hand: Vec<String>,
    subject: String,
    /// The programme, for a letter about one; of a letter about several, the first.
    program: Option<String>,
    /// All programmes that it speaks of.
    programs: BTreeSet<String>,
    periods: BTreeSet<String>,
    units: BTreeSet<String>,
    created: String,
    sent: Option<String>,
    attempts: u32,
    last_error: Option<String>,
}

impl Line {
    pub(super) fn of(letter: &LetterAnswer) -> Self {
        let names = |people: &[Recipient]| {
            let all = people.iter().map(|own| match own.address.as_str() {
                "" => own.described(Language::Chinese),
                address => format!("{} <{address}>", own.described(Language::Chinese)),
            });
            all.collect()
        };
        let by_hand = letter.cc.iter().filter(|own| own.address.is_empty());
        let matters = &letter.matters;
        let programs = || matters.iter().map(|own| own.program.to_string());
        Self {
            id: letter.id,
            state: letter.state.as_str(),
            kind: letter.kind.as_str(),
            to: names(&letter.to),
            cc: names(&letter.cc),
            cc_by_hand: by_hand.map(|own| own.described(Language::Chinese)).collect(),
            subject: letter.text.subject.clone(),
            program: programs().next(),
            programs: programs().collect(),
            periods: matters.iter().map(|own| own.period.clone()).collect(),
            units: matters.iter().filter_map(|own| own.unit_name.clone()).collect(),
            created: letter.created.to_rfc3339(),
            sent: letter.sent.map(|at| at.to_rfc3339()),
            attempts: letter.attempts,
            last_error: letter.last_error.clone(),
        }
    }
}
