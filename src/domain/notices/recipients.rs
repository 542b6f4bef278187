//! From roles to people.

use serde::{Deserialize, Serialize};

use crate::domain::ladder::{Kind, Role};
use crate::domain::language::Language;
use crate::domain::posts::ends_with_post;
use crate::domain::program::{Office, Program};
use crate::domain::roster::{Contact, Leader, Unit};
use crate::domain::text::name_key;

/// A person or desk that a letter goes to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Recipient {
    /// As whom.
    pub role: Role,
    /// Whom the salutation names: ××同志, ××主任, or the post where the roster
    /// has no name.
    pub name: String,
    /// The unit's display name, for who stands for a unit; empty for others and
    /// in records of earlier versions.
    #[serde(default)]
    pub unit: String,
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
        let is_leader = matches!(self.role, Role::Leader | Role::Coordinating | Role::GroupHead);
        (&self.key, if is_leader { &self.id } else { "" })
    }

    /// The name together with the unit: 规划办李晓同志.
    #[must_use]
    pub fn called(&self, language: Language) -> String {
        if self.unit.is_empty() || self.name.contains(&self.unit) {
            return self.name.clone();
        }
        match language {
            Language::Chinese => format!("{}{}", self.unit, self.name),
            Language::English => format!("{} ({})", self.name, self.unit),
        }
    }

    /// Who it is, for whoever has to find that person: 规划办李晓同志（联络员）.
    #[must_use]
    pub fn described(&self, language: Language) -> String {
        let called = self.called(language);
        let post = match self.role {
            Role::Liaison | Role::Head | Role::Leader | Role::Coordinating | Role::GroupHead => {
                self.role.short(language)
            }
            Role::Office | Role::OfficeHead | Role::Supervision | Role::AllUnits => "",
        };
        if post.is_empty() || called.to_lowercase().contains(post) {
            return called;
        }
        match language {
            Language::Chinese => format!("{called}（{post}）"),
            Language::English => format!("{called}, {post}"),
        }
    }
}

/// Whether somebody is written to for a unit of higher rank than the office:
/// a person looks at such a letter before it goes.
#[must_use]
pub fn reaches_superior(program: &Program, to: &[Recipient]) -> bool {
    let of_unit = to.iter().filter(|own| !own.unit.is_empty());
    let mut units = of_unit.filter_map(|own| program.roster.addressee(&own.id));
    units.any(|unit| unit.superior)
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
        (Role::Liaison | Role::Head | Role::Leader, None) | (Role::GroupHead, _) => Vec::new(),
    }
}

/// Who heads groups of a register's items, by the groups' names; a group
/// without a head has nobody.
#[must_use]
pub fn group_heads(program: &Program, groups: &[String]) -> Vec<Recipient> {
    let items = program.material.items();
    let all = items.iter().flat_map(|items| &items.groups);
    let named = all.filter(|group| groups.iter().any(|name| name_key(name) == name_key(&group.name)));
    named
        .filter(|group| !group.head.name.is_empty())
        .map(|group| {
            let name = address(program.language, &group.head, String::new());
            let by_hand = ByHand("group-head", program);
            recipient(Role::GroupHead, &group.name, &name, &group.head, by_hand)
        })
        .collect()
}

/// Every address that a programme's letters may go to: as whom, whose, and the
/// address itself. Who has none is left out.
pub fn addresses(program: &Program) -> impl Iterator<Item = (Role, &str, &str)> {
    let roster = &program.roster;
    let units = roster.units.iter().chain(&roster.senders).flat_map(|unit| {
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
    let groups = program
        .material
        .items()
        .into_iter()
        .flat_map(|items| &items.groups);
    let heads = groups.map(|group| (Role::GroupHead, group.head.name.as_str(), &group.head.mail));
    units
        .chain(leaders)
        .chain(heads)
        .chain(desks)
        .map(|(role, name, mail)| (role, name, mail.trim()))
        .filter(|(_, _, mail)| !mail.is_empty())
}

fn of_unit(program: &Program, role: Role, unit: &Unit) -> Recipient {
    let by_hand = ByHand("liaison", program);
    let post = match (role, program.language) {
        // All units together are written to as such.
        (Role::AllUnits, _) => return recipient(role, &unit.id, &unit.display_name, &unit.liaison, by_hand),
        (_, Language::Chinese) => format!("{}联络员", unit.display_name),
        (_, Language::English) => format!("Liaison of {}", unit.display_name),
    };
    Recipient {
        unit: unit.display_name.clone(),
        ..recipient(
            role,
            &unit.id,
            &address(program.language, &unit.liaison, post),
            &unit.liaison,
            by_hand,
        )
    }
}

/// How a person is addressed: by the name of the roster, else by the post.
fn address(language: Language, contact: &Contact, post: String) -> String {
    match (contact.name.trim(), language) {
        ("", _) => post,
        (name, Language::English) => name.to_owned(),
        (name, Language::Chinese) if ends_with_post(name) => name.to_owned(),
        (name, Language::Chinese) => format!("{name}同志"),
    }
}

fn of_head(program: &Program, unit: &Unit) -> Recipient {
    let post = match program.language {
        Language::Chinese => format!("{}负责人", unit.display_name),
        Language::English => format!("Head of {}", unit.display_name),
    };
    let name = address(program.language, &unit.head, post);
    Recipient {
        unit: unit.display_name.clone(),
        ..recipient(Role::Head, &unit.id, &name, &unit.head, ByHand("head", program))
    }
}

fn of_leader(program: &Program, role: Role, leader: &Leader) -> Recipient {
    let name = match program.language {
        Language::Chinese if ends_with_post(&leader.name) => leader.name.clone(),
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
        unit: String::new(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language::{Chinese, English};

    #[test]
    fn people_are_addressed_by_name_and_told_apart_by_unit() {
        let contact = |name: &str| Contact {
            name: name.into(),
            mail: String::new(),
        };
        for (name, language, called) in [
            ("王建国主任", Chinese, "王建国主任"),
            (" 李晓 ", Chinese, "李晓同志"),
            ("李晓同志", Chinese, "李晓同志"),
            ("", Chinese, "规划办负责人"),
            ("Ann Cole", English, "Ann Cole"),
        ] {
            assert_eq!(address(language, &contact(name), "规划办负责人".into()), called);
        }
        let of = |role, name: &str, unit: &str| {
            let own = Recipient {
                role,
                name: name.into(),
                unit: unit.into(),
                person: String::new(),
                address: String::new(),
                key: String::new(),
                id: String::new(),
            };
            (own.called(Chinese), own.described(Chinese))
        };
        let both = |called: &str, described: &str| (called.to_owned(), described.to_owned());
        assert_eq!(
            of(Role::Head, "王建国主任", "规划办"),
            both("规划办王建国主任", "规划办王建国主任（负责人）")
        );
        assert_eq!(
            of(Role::Liaison, "规划办联络员", "规划办"),
            both("规划办联络员", "规划办联络员")
        );
        assert_eq!(
            of(Role::Leader, "林强同志", ""),
            both("林强同志", "林强同志（挂点领导）")
        );
        assert_eq!(
            of(Role::Office, "指挥部办公室", ""),
            both("指挥部办公室", "指挥部办公室")
        );
    }
}
