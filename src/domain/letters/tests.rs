//! Tables of cases: what goes into which letter, what still holds, what a
//! decision comes to, when it is tried again.

mod deciding;
mod grouping;
mod holding;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rstest::rstest;

use super::decide::{Decision, divided};
use super::group::{Desk, grouped};
use super::holds::{returned_version, still_true};
use super::overtaken::{Overtaken, overtaken};
use super::*;
use crate::domain::calendar::Calendar;
use crate::domain::finding::Verdict;
use crate::domain::fixture;
use crate::domain::ids::{LetterId, NoticeId};
use crate::domain::ladder::{Kind, Mode, Role, Trigger};
use crate::domain::notices::{NoticeKey, Reason, Recipient};
use crate::domain::obligation::standing::{Known, Standing};
use crate::domain::obligation::{Exemption, Undone};
use crate::domain::program::Program;
use crate::domain::submission::Submission;

const OTHER: &str = "wutang-again";

/// Somebody; without an address where it is empty.
fn person(role: Role, id: &str, address: &str) -> Recipient {
    Recipient {
        role,
        name: format!("{id}同志"),
        unit: String::new(),
        person: String::new(),
        address: address.into(),
        key: if address.is_empty() {
            format!("{role:?} {id}")
        } else {
            address.into()
        },
        id: id.into(),
    }
}

fn clerk(id: &str) -> Recipient {
    person(Role::Liaison, id, &format!("{id}@wutang.example"))
}

fn notice(program: &str, unit: &str, kind: Kind, to: Option<Recipient>) -> NoticeRecord {
    let at = fixture::instant("2024-12-06T01:00:00Z");
    NoticeRecord {
        id: NoticeId::UNRECORDED,
        key: NoticeKey {
            program: program.into(),
            subject: unit.into(),
            period: "2024-11".parse().unwrap(),
            revision: 0,
            step: format!("{kind:?}"),
            version: 0,
        },
        unit: Some(unit.into()),
        kind,
        mode: if kind.is_document() {
            Mode::Draft
        } else {
            Mode::Auto
        },
        state: NoticeState::Waiting,
        at,
        created: at,
        letter: None,
        body: NoticeBody {
            to,
            cc: Vec::new(),
            reason: Reason {
                trigger: Trigger::Days(1),
                state: None,
                held: false,
                all_excepted: false,
                provisional: false,
                decision: String::new(),
            },
            leader: None,
        },
    }
}

fn letter(state: LetterState, to: Vec<Recipient>, last_error: Option<&str>) -> Letter {
    let at = fixture::instant("2024-12-06T01:00:00Z");
    Letter {
        id: LetterId::new(1),
        kind: Kind::FirstChase,
        state,
        addressed: Addressed { to, cc: Vec::new() },
        day: NaiveDate::MIN,
        text: LetterText::default(),
        edited: false,
        created: at,
        not_before: at,
        sent: None,
        attempts: 0,
        last_error: last_error.map(Into::into),
        message_id: String::new(),
        about: None,
        decided_by: None,
        reason: None,
        programs: BTreeSet::new(),
    }
}
