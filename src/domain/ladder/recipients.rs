//! From roles to people.

use serde::{Deserialize, Serialize};

use super::{Kind, Role};
use crate::domain::program::{Language, Office, Program};
use crate::domain::roster::{Contact, Leader, Unit};

/// A person or desk that a letter goes to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Recipient {
    /// As whom.
    pub role: Role,
    /// Whom the salutation names: a unit's display name, ××同志.
    pub name: String,
    /// The person's own name, where the roster has it; it stands in the address only.
    pub person: String,
    /// Mail address; empty: reached by hand.
    pub address: String,
    /// Where it is received: the address, or for who has none role, programme
    /// and id. Letters to one key on one day are one letter.
    pub key: String,
    /// Leader id, unit id, or for desks the programme's; empty in records of
    /// earlier versions.
    #[serde(default)]
    pub id: String,
}

impl Recipient {
    /// What tells the recipient from all others: leaders who share a mailbox
    /// are told apart, other desks behind one address are one recipient.
    #[must_use]
    pub fn identity(&self) -> (&str, &str) {
        let is_leader = matches!(self.role, Role::Leader | Role::Coordinating);
        (&self.key, if is_leader { &self.id } else { "" })
    }
}

/// Who a role is for a unit (none: for a whole period), the excepted left out.
/// Exceptions bind recipients, not duties: a coordinating leader is never
/// written to about a shortfall.
#[must_use]
pub fn who(program: &Program, role: Role, unit: Option<&Unit>, kind: Kind) -> Vec<Recipient> {
    let roster = &program.roster;
    let leaders_of =
        |unit: &Unit| -> Vec<&Leader> { unit.leaders.iter().filter_map(|id| roster.leader(id)).collect() };
    match (role, unit) {
        (Role::Liaison, Some(unit)) => vec![of_unit(program, role, unit)],
        (Role::Head, Some(unit)) => vec![of_head(program, unit)],
        (Role::Leader, Some(unit)) => leaders_of(unit)
            .into_iter()
            .filter(|leader| !(leader.coordinating && kind.is_shortfall()))
            .map(|leader| of_leader(program, role, leader))
            .collect(),
        (Role::Coordinating, _) => roster
            .leaders
            .iter()
            .filter(|leader| leader.coordinating && !kind.is_shortfall())
            .map(|leader| of_leader(program, role, leader))
            .collect(),
        (Role::Office | Role::OfficeHead, _) => vec![of_office(program, role, &program.office)],
        (Role::Supervision, _) => {
            let desk = program.supervision.as_ref().unwrap_or(&program.office);
            vec![of_office(program, role, desk)]
        }
        (Role::AllUnits, _) => roster
            .units
            .iter()
            .map(|unit| of_unit(program, role, unit))
            .collect(),
        (Role::Liaison | Role::Head | Role::Leader, None) => Vec::new(),
    }
}

/// Every address that a programme's letters may go to: as whom, whose, and the
/// address itself. Who has none is left out.
pub fn addresses(program: &Program) -> impl Iterator<Item = (Role, &str, &str)> {
    let roster = &program.roster;
    let units = roster.units.iter().flat_map(|unit| {
        let name = unit.display_name.as_str();
        [
            (Role::Liaison, name, &unit.liaison.mail),
            (Role::Head, name, &unit.head.mail),
        ]
    });
    let leaders = roster.leaders.iter();
    let leaders = leaders.map(|leader| (Role::Leader, leader.name.as_str(), &leader.contact.mail));
    let desks = [
        (Role::Office, Some(&program.office)),
        (Role::Supervision, program.supervision.as_ref()),
    ];
    let desks = desks.into_iter().filter_map(|(role, desk)| {
        let desk = desk?;
        Some((role, desk.name.as_str(), &desk.mail))
    });
    units
        .chain(leaders)
        .chain(desks)
        .map(|(role, name, mail)| (role, name, mail.trim()))
        .filter(|(_, _, mail)| !mail.is_empty())
}

fn of_unit(program: &Program, role: Role, unit: &Unit) -> Recipient {
    let by_hand = ByHand("liaison", program);
    recipient(role, &unit.id, &unit.display_name, &unit.liaison, by_hand)
}

fn of_head(program: &Program, unit: &Unit) -> Recipient {
    let name = match program.language {
        Language::Chinese => format!("{}负责人", unit.display_name),
        Language::English => format!("Head of {}", unit.display_name),
    };
    recipient(Role::Head, &unit.id, &name, &unit.head, ByHand("head", program))
}

fn of_leader(program: &Program, role: Role, leader: &Leader) -> Recipient {
    let name = match program.language {
        Language::Chinese => format!("{}同志", leader.name),
        Language::English => leader.name.clone(),
    };
    let by_hand = ByHand("leader", program);
    recipient(role, &leader.id, &name, &leader.contact, by_hand)
}

fn of_office(program: &Program, role: Role, office: &Office) -> Recipient {
    let contact = Contact {
        name: office.contact.clone(),
        mail: office.mail.clone(),
    };
    let desk = if *office == program.office {
        "office"
    } else {
        "supervision"
    };
    recipient(role, &program.id, &office.name, &contact, ByHand(desk, program))
}

/// As what, and for which programme, somebody without an address is reached.
#[derive(Clone, Copy)]
struct ByHand<'a>(&'static str, &'a Program);

fn recipient(role: Role, id: &str, name: &str, contact: &Contact, by_hand: ByHand<'_>) -> Recipient {
    let address = contact.mail.trim().to_owned();
    let ByHand(desk, program) = by_hand;
    Recipient {
        role,
        name: name.to_owned(),
        person: contact.name.clone(),
        key: if address.is_empty() {
            format!("{desk}:{}/{id}", program.id)
        } else {
            address.to_ascii_lowercase()
        },
        address,
        id: id.to_owned(),
    }
}
