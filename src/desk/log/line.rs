//! Lines of the journal as JSON.

use serde::Serialize;

use super::LineAnswer;
use crate::desk::json::Array;
use crate::domain::ids::{LetterId, SubmissionId};

/// Lines as JSON.
///
/// # Errors
/// They can't be said in JSON.
pub fn in_json(lines: Vec<LineAnswer>) -> anyhow::Result<String> {
    let mut array = Array::default();
    for line in lines {
        array.add(&Line::of(line))?;
    }
    Ok(array.text())
}

/// A line as JSON.
#[derive(Debug, Serialize)]
struct Line {
    at: String,
    by: String,
    via: &'static str,
    what: String,
    label: String,
    program: Option<String>,
    unit: Option<String>,
    period: Option<String>,
    submission: Option<SubmissionId>,
    letter: Option<LetterId>,
    detail: String,
}

impl Line {
    fn of(own: LineAnswer) -> Self {
        Self {
            at: own.at.to_rfc3339(),
            by: own.by,
            via: own.via.as_str(),
            what: own.what,
            label: own.label,
            program: own.program,
            unit: own.unit,
            period: own.period,
            submission: own.submission,
            letter: own.letter,
            detail: own.detail,
        }
    }
}
