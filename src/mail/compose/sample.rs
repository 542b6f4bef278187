//! Sample facts of every kind: what the lint writes letters from, and what a
//! person looks at after a change of wording.

mod period;
mod tongue;

use crate::domain::ladder::Kind;
use crate::mail::{
    ExpiryFacts, FaultFacts, ItemFacts, LetterFacts, OfficeFacts, PeriodFacts, TargetFacts, WithdrawnFacts,
};
use period::period;
use tongue::{CHINESE, ENGLISH, Tongue};

/// Every kind in every language: with full facts to a liaison, to a head and
/// to a leader, missing and returned, with several items; and with sparse
/// facts, in which all that may be empty is empty.
#[must_use]
pub fn samples() -> Vec<LetterFacts> {
    let mut all = Vec::new();
    for tongue in [&CHINESE, &ENGLISH] {
        for kind in Kind::ALL {
            all.extend(of_kind(kind, tongue));
        }
    }
    all
}

fn of_kind(kind: Kind, tongue: &Tongue) -> [LetterFacts; 5] {
    let full = full(kind, tongue);
    let mut returned = full.clone();
    returned.role = "head".into();
    returned.recipients = vec![tongue.head.into()];
    returned.called.clone_from(&returned.recipients);
    returned.items = vec![returned_item(kind, tongue)];
    for item in &mut returned.items {
        item.moved = tongue.moved.into();
        item.provisional = true;
    }
    returned.trial = true;
    if let Some(period) = returned.period.as_mut().filter(|_| kind == Kind::Standing) {
        period.not_due = true;
    }
    let mut several = full.clone();
    several.items = vec![
        item(kind, tongue),
        other_matter(kind, tongue),
        ItemFacts {
            period: tongue.earlier_period.into(),
            ..returned_item(kind, tongue)
        },
    ];
    let mut leader = full.clone();
    leader.role = "leader".into();
    leader.recipients = vec![tongue.leader_address.into()];
    leader.called.clone_from(&leader.recipients);
    leader.items = seven_units(kind, tongue);
    leader.attachments.truncate(1);
    [full, returned, several, leader, sparse(kind, tongue)]
}

fn full(kind: Kind, tongue: &Tongue) -> LetterFacts {
    let [unit, ..] = tongue.units;
    let recipients: Vec<String> = match kind {
        Kind::Report => tongue.coordinating.map(str::to_owned).to_vec(),
        Kind::Consolidated | Kind::OwnDuty | Kind::Standing | Kind::Unconfirmed => {
            vec![tongue.office.into()]
        }
        Kind::Talk | Kind::Criticism => vec![tongue.supervision.into()],
        Kind::SecondChase | Kind::Cleared => vec![tongue.head.into()],
        Kind::Escalation => vec![tongue.leader_address.into()],
        _ => vec![tongue.liaison.into()],
    };
    let called = match (kind, tongue.tag) {
        (
            Kind::Report
            | Kind::Consolidated
            | Kind::OwnDuty
            | Kind::Standing
            | Kind::Unconfirmed
            | Kind::Talk
            | Kind::Criticism
            | Kind::Escalation
            | Kind::SecondChase
            | Kind::Cleared,
            _,
        ) => recipients.clone(),
        (_, "en") => vec![format!("{} ({unit})", tongue.liaison)],
        _ => vec![format!("{unit}{}", tongue.liaison)],
    };
    let (date, as_of) = tongue.days[match kind {
        Kind::Reminder => 0,
        Kind::DueToday => 1,
        Kind::SecondChase => 3,
        Kind::Escalation | Kind::Cleared => 4,
        Kind::Report | Kind::Bulletin | Kind::Talk | Kind::Criticism | Kind::Consolidated | Kind::Target => 5,
        _ => 2,
    }];
    let role = match kind {
        Kind::Report => "coordinating",
        Kind::Consolidated | Kind::OwnDuty | Kind::Standing | Kind::Unconfirmed => "office",
        Kind::Bulletin => "all-units",
        Kind::Talk | Kind::Criticism => "supervision",
        Kind::SecondChase | Kind::Cleared => "head",
        Kind::Escalation => "leader",
        _ => "liaison",
    };
    LetterFacts {
        kind: kind.as_str().into(),
        number: "2024-0012".into(),
        language: tongue.tag.into(),
        recipients,
        called,
        role: role.into(),
        why: tongue.why.into(),
        date: date.into(),
        as_of: as_of.into(),
        office: OfficeFacts {
            name: tongue.office.into(),
            contact: tongue.contact.into(),
            phone: "0759-7780000".into(),
        },
        items: vec![item(kind, tongue)],
        period: Some(period(kind, tongue)),
        attachments: tongue.attachments.map(str::to_owned).to_vec(),
        withdrawn: Some(WithdrawnFacts {
            number: "2024-0009".into(),
            date: tongue.withdrawn_date.into(),
            subject: tongue.withdrawn_subject.into(),
            reason: tongue.reason.into(),
        }),
        trial: false,
    }
}

fn sparse(kind: Kind, tongue: &Tongue) -> LetterFacts {
    let full = full(kind, tongue);
    let item = item(kind, tongue);
    let bare = ItemFacts {
        kind: item.kind,
        matter: item.matter,
        period: item.period,
        unit: item.unit,
        due: item.due,
        state: item.state,
        place: item.place,
        target: item.target.map(|_| TargetFacts::default()),
        decision: decision(kind, "owed-again"),
        ..ItemFacts::default()
    };
    LetterFacts {
        office: OfficeFacts {
            name: full.office.name,
            ..OfficeFacts::default()
        },
        items: vec![bare],
        period: Some(PeriodFacts {
            matter: tongue.matter.into(),
            period: tongue.period.into(),
            due: tongue.due.into(),
            ..PeriodFacts::default()
        }),
        withdrawn: Some(WithdrawnFacts {
            reason: String::new(),
            ..full.withdrawn.unwrap_or_default()
        }),
        why: String::new(),
        attachments: Vec::new(),
        ..full
    }
}

fn item(kind: Kind, tongue: &Tongue) -> ItemFacts {
    let [unit, ..] = tongue.units;
    let [first, second] = tongue.history;
    let before_due = matches!(
        kind,
        Kind::Reminder | Kind::DueToday | Kind::Expiry | Kind::Target
    );
    let settled = matches!(kind, Kind::Receipt | Kind::Cleared | Kind::Praise);
    let history = match kind {
        Kind::SecondChase => vec![first.to_owned()],
        Kind::Escalation | Kind::Talk | Kind::Criticism | Kind::Cleared => {
            vec![first.to_owned(), second.to_owned()]
        }
        _ => Vec::new(),
    };
    ItemFacts {
        kind: kind.as_str().into(),
        basis: tongue.basis.into(),
        basis_number: tongue.basis_number.into(),
        clause: tongue.clause.into(),
        matter: tongue.matter.into(),
        period: tongue.period.into(),
        unit: unit.into(),
        leader: tongue.leader.into(),
        due: tongue.due.into(),
        state: match kind {
            Kind::Returned => "returned",
            _ if settled => "accepted",
            _ => "missing",
        }
        .into(),
        faults: if kind == Kind::Returned { 3 } else { 0 },
        fault_list: if kind == Kind::Returned {
            faults(tongue)
        } else {
            Vec::new()
        },
        material: "log".into(),
        without_rows: false,
        draft_rows: (kind == Kind::FirstChase).then_some(3),
        draft_faults: u32::from(kind == Kind::FirstChase),
        overdue_days: match kind {
            Kind::FirstChase | Kind::Nudge => 1,
            Kind::SecondChase => 3,
            Kind::Escalation => 5,
            _ => 0,
        },
        reply_by: match kind {
            _ if before_due => "",
            Kind::FirstChase => tongue.reply_today,
            _ => tongue.reply_by,
        }
        .into(),
        place: tongue.place.into(),
        history,
        received: if settled || kind == Kind::Returned {
            tongue.received.into()
        } else {
            String::new()
        },
        version: 1,
        file_name: if settled || kind == Kind::Returned {
            tongue.file_name.into()
        } else {
            String::new()
        },
        rows: 4,
        target: (kind == Kind::Target).then(|| target(tongue)),
        lagging: if kind == Kind::Criticism {
            tongue.lagging.map(str::to_owned).to_vec()
        } else {
            Vec::new()
        },
        missed: if kind == Kind::Talk { 2 } else { 0 },
        expiry: (kind == Kind::Expiry).then(|| ExpiryFacts {
            sent: false,
            what: tongue.expiring[0].into(),
            end: tongue.expiring[1].into(),
            ask: tongue.expiring[2].into(),
            rows: vec![(tongue.contract_number.into(), tongue.expires.into())],
        }),
        due_before: if kind == Kind::Notice {
            tongue.due_before.into()
        } else {
            String::new()
        },
        decision_reason: if kind == Kind::Notice {
            tongue.decision.into()
        } else {
            String::new()
        },
        decision: decision(kind, "extended"),
        ..ItemFacts::default()
    }
}

fn decision(kind: Kind, own: &str) -> String {
    if kind == Kind::Notice {
        own.into()
    } else {
        String::new()
    }
}

fn returned_item(kind: Kind, tongue: &Tongue) -> ItemFacts {
    ItemFacts {
        state: "returned".into(),
        faults: 12,
        fault_list: faults(tongue),
        material: "log".into(),
        without_rows: false,
        draft_rows: None,
        reopened: if kind == Kind::Returned {
            tongue.decision.into()
        } else {
            String::new()
        },
        decision: decision(kind, "taken-back"),
        ..item(kind, tongue)
    }
}

fn other_matter(kind: Kind, tongue: &Tongue) -> ItemFacts {
    ItemFacts {
        kind: match kind {
            Kind::FirstChase => "reminder".into(),
            _ => kind.as_str().into(),
        },
        matter: tongue.other_matter.into(),
        basis: tongue.other_basis.into(),
        basis_number: String::new(),
        clause: String::new(),
        moved: tongue.moved.into(),
        decision: decision(kind, "exempted"),
        ..item(kind, tongue)
    }
}

fn seven_units(kind: Kind, tongue: &Tongue) -> Vec<ItemFacts> {
    let of = |(at, unit): (usize, &&str)| ItemFacts {
        unit: (*unit).into(),
        ..if at == 2 {
            returned_item(kind, tongue)
        } else {
            item(kind, tongue)
        }
    };
    tongue.units.iter().enumerate().map(of).collect()
}

fn faults(tongue: &Tongue) -> Vec<FaultFacts> {
    let of = |(cell, message, hint): &(&str, &str, &str)| FaultFacts {
        cell: (*cell).into(),
        message: (*message).into(),
        hint: (*hint).into(),
    };
    tongue.faults.iter().map(of).collect()
}

fn target(tongue: &Tongue) -> TargetFacts {
    TargetFacts {
        visits: 3,
        days: 3,
        visits_by_now: 4,
        days_by_now: 4,
        visits_year: 5,
        days_year: 5,
        unvisited: tongue.unvisited.map(str::to_owned).to_vec(),
        last: true,
        soft: true,
    }
}
