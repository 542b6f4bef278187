//! Who leads and assists an item: names as the document writes them, and whom they stand for.

use super::super::table::{Tables, split};
use crate::domain::definition::{Section, nearest};
use crate::domain::program::Party;
use crate::domain::roster::{Roster, Unit};
use crate::domain::text::name_key;

/// How names become parties.
pub struct Parties<'r> {
    roster: &'r Roster,
    /// Names that stand for nobody (村委会、相关单位).
    nobody: Vec<String>,
    /// Names that an office has to confirm before they stand for a unit.
    to_confirm: Vec<String>,
    /// Groups whose members owe rows of what they assist.
    also: Vec<Party>,
}

impl<'r> Parties<'r> {
    /// Reads `nobody`, `to_confirm` and `also`.
    pub fn read(section: &Section<'_>, roster: &'r Roster) -> Self {
        let keys = |key: &str| -> Vec<String> {
            let names = section.texts(key).unwrap_or_default();
            names.iter().map(|name| name_key(name)).collect()
        };
        let mut also = Vec::new();
        for name in section.texts("also").unwrap_or_default() {
            match roster.group_called(&name) {
                Some(group) => also.push(Party::Group(group.clone())),
                None => section.report(
                    "also",
                    format!("没有群组“{name}”。"),
                    "应为 [roster] groups 表里的名称。",
                ),
            }
        }
        Self {
            roster,
            nobody: keys("nobody"),
            to_confirm: keys("to_confirm"),
            also,
        }
    }

    /// The parties that a cell names as leads; nobody where it is empty, or
    /// where the office has to confirm who is meant.
    pub fn leads(&self, text: &str, (file, line): (&str, usize), tables: &mut Tables<'_>) -> Vec<Party> {
        let mut found = Vec::new();
        for name in split(text) {
            if let Some(party) = self.party(&name) {
                if !found.contains(&party) {
                    found.push(party);
                }
                continue;
            }
            let key = name_key(&name);
            if self.nobody.contains(&key) || self.to_confirm.contains(&key) || self.roster.units.is_empty() {
                continue;
            }
            let names: Vec<&str> = self.roster.units.iter().flat_map(Unit::names).collect();
            let remedy = nearest(&name, names).map_or_else(
                || "把它加进单位名册，或作为某单位的别名。".to_owned(),
                |near| format!("是不是“{near}”？"),
            );
            let remedy = format!("{remedy}还不能确定是谁的，写进 [register] 的 to_confirm。");
            tables.report(file, Some(line), format!("名册里没有牵头单位“{name}”。"), remedy);
        }
        found
    }

    /// The parties among those that assist which owe rows of their own.
    pub fn also(&self, text: &str) -> Vec<Party> {
        let belongs = |party: &Party| match party {
            Party::Group(_) => self.also.contains(party),
            Party::Unit(unit) => {
                let mut members = self.roster.members.iter();
                members.any(|member| {
                    member.unit == *unit && self.also.contains(&Party::Group(member.group.clone()))
                })
            }
        };
        let parties = split(text);
        let parties = parties.iter().filter_map(|name| self.party(name));
        parties.filter(belongs).collect()
    }

    fn party(&self, name: &str) -> Option<Party> {
        let unit = self.roster.find(name).or_else(|| self.roster.unit(name));
        let unit = unit.map(|unit| Party::Unit(unit.id.clone()));
        unit.or_else(|| self.roster.group_called(name).cloned().map(Party::Group))
    }
}
