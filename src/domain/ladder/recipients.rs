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
    /// What tells the recipient from all others: the address, or role and id.
    pub key: String,
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
        (Role::Liaison, Some(unit)) => vec![of_unit(role, unit, &unit.liaison)],
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
            .map(|unit| of_unit(role, unit, &unit.liaison))
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

fn of_unit(role: Role, unit: &Unit, contact: &Contact) -> Recipient {
    recipient(role, &unit.display_name, contact, || {
        format!("{role:?}:{}", unit.id)
    })
}

fn of_head(program: &Program, unit: &Unit) -> Recipient {
    let name = match program.language {
        Language::Chinese => format!("{}负责人", unit.display_name),
        Language::English => format!("Head of {}", unit.display_name),
    };
    recipient(Role::Head, &name, &unit.head, || format!("head:{}", unit.id))
}

fn of_leader(program: &Program, role: Role, leader: &Leader) -> Recipient {
    let name = match program.language {
        Language::Chinese => format!("{}同志", leader.name),
        Language::English => leader.name.clone(),
    };
    recipient(role, &name, &leader.contact, || format!("leader:{}", leader.id))
}

fn of_office(program: &Program, role: Role, office: &Office) -> Recipient {
    let contact = Contact {
        name: office.contact.clone(),
        mail: office.mail.clone(),
    };
    recipient(role, &office.name, &contact, || {
        let own = if *office == program.office {
            "office"
        } else {
            "supervision"
        };
        format!("{own}:{}", program.id)
    })
}

fn recipient(role: Role, name: &str, contact: &Contact, by_hand: impl Fn() -> String) -> Recipient {
    let address = contact.mail.trim().to_owned();
    Recipient {
        role,
        name: name.to_owned(),
        person: contact.name.clone(),
        key: if address.is_empty() {
            by_hand().to_lowercase()
        } else {
            address.to_ascii_lowercase()
        },
        address,
    }
}
