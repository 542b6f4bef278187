//! The visits of Wutang with offices of other programmes beside its units, and
//! a department that works for two leaders.

use crate::domain::fixture;
use crate::domain::ids::UnitId;
use crate::domain::program::Program;
use crate::domain::roster::{Roster, Unit};

const OFFICES: [&str; 9] = [
    "农业农村办",
    "规划办",
    "公共服务办",
    "环保分局",
    "农林水务局",
    "市委宣传部",
    "大鳌镇",
    "应急办",
    "党建办",
];

/// The shipped roster and nine offices without places.
pub(crate) fn roster() -> Roster {
    program().roster
}

/// The shipped programme with [`roster`].
pub(crate) fn program() -> Program {
    let mut program = fixture::wutang();
    let roster = &mut program.roster;
    for unit in &mut roster.units {
        unit.department = department(&unit.name).into();
    }
    roster.units.extend(OFFICES.map(|name| Unit {
        id: name.into(),
        name: name.into(),
        ..Unit::default()
    }));
    program
}

/// The id of the unit with this name.
pub(crate) fn id(name: &str) -> UnitId {
    let units = program().roster.units;
    let found = units.into_iter().find(|unit| unit.name == name);
    found.unwrap_or_else(|| panic!("no unit {name}")).id
}

/// The name of the unit with this id.
pub(crate) fn name(id: impl AsRef<str>) -> String {
    roster().unit(id.as_ref()).unwrap().name.clone()
}

/// The names of these units.
pub(crate) fn names<I: AsRef<str>>(ids: &[I]) -> Vec<String> {
    ids.iter().map(name).collect()
}

/// One department works for two leaders, another for one.
fn department(leader: &str) -> &'static str {
    match leader {
        "林强" | "袁庆" => "党政办",
        "罗养" => "财政所",
        _ => "",
    }
}
