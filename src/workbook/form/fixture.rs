//! A form of the visits of Wutang, for tests.

use crate::domain::fixture;
use crate::domain::language::Language;
use crate::domain::period::Period;
use crate::domain::program::{Column, ColumnKind, Form, Material, Program};
use crate::domain::roster::Unit;

use super::FormContext;

pub(crate) use crate::domain::fixture::form;

/// A column with an example.
pub fn column(key: &str, header: &str, kind: ColumnKind, width: f64, example: &str) -> Column {
    Column {
        example: example.into(),
        ..fixture::column(key, header, kind, width)
    }
}

/// The shipped programme with this form, for people who read `language`.
pub fn program(language: Language, form: Form) -> Program {
    let mut program = fixture::wutang();
    program.language = language;
    if let Material::Log(log) = &mut program.material {
        log.forms = vec![form];
    }
    program
}

/// The unit of the leader with seven villages.
pub fn unit() -> Unit {
    fixture::wutang().roster.unit("U09").unwrap().clone()
}

/// Seven villages.
pub const PLACES: [&str; 7] = [
    "南庄村",
    "泉水村",
    "坡仔村",
    "龙马村",
    "乌塘岭村",
    "边宜塘村",
    "边草塘村",
];

/// November 2024.
pub const PERIOD: Period = Period::Month(2024, 11);

/// A form for that leader and month.
pub fn context<'a>(program: &'a Program, unit: &'a Unit) -> FormContext<'a> {
    FormContext {
        program,
        form: &program.material.forms()[0],
        unit: Some(unit),
        period: &PERIOD,
        places: PLACES.to_vec(),
        leader_names: "黄景连".into(),
        fill: vec![("phone".into(), "0759-7712345".into())],
        ready: Vec::new(),
        empty_rows: 20,
    }
}
