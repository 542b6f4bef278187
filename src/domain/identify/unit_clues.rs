//! Whose ledger it is.

use crate::domain::stamp;
use chrono::NaiveDate;

use super::evidence::clue;
use super::names::{Named, mentioned_unit, similar_units, unit_of_places};
use super::statements::{Statement, form_says, statements, union, unknown_name};
use super::{Clues, Evidence, NameReading, Source};
use crate::domain::codes::Code;
use crate::domain::finding::Finding;
use crate::domain::ledger::Parsed;

/// Whose it is, and why.
#[derive(Debug, Default)]
pub(super) struct UnitChoice {
    pub(super) unit: Option<String>,
    pub(super) candidates: Vec<String>,
    pub(super) unknown_name: Option<String>,
    pub(super) mismatch: bool,
    pub(super) held: bool,
    pub(super) evidence: Vec<Evidence>,
    pub(super) findings: Vec<Finding>,
}

/// A clue that tells the unit only by what else is known of it.
struct Hint {
    source: Source,
    unit: String,
    basis: String,
}

/// Claim > folder > fill line > title > file name > sheet name > stamp > content.
pub(super) fn decide(clues: &Clues<'_>, name: &NameReading, span: (NaiveDate, NaiveDate)) -> UnitChoice {
    let origin = clues.origin;
    let statements = statements(clues);
    let form = form_says(&statements);
    let sheets = sheet_names(clues);
    let stamp = stamp(clues);
    let content = unit_of_places(&places(clues), &clues.program.roster, span);
    let mut choice = UnitChoice {
        evidence: account(clues, &statements, name, &sheets, stamp.as_ref(), &content),
        unknown_name: unknown_name(&statements),
        ..UnitChoice::default()
    };

    if let Some(unit) = &origin.claimed_unit {
        choice.unit = Some(unit.clone());
    } else if let Some(folder) = &origin.folder_unit {
        choice.unit = Some(folder.clone());
        if let Some(other) = form.iter().find(|statement| !statement.units.contains(folder)) {
            choice.mismatch = true;
            choice.candidates = union([folder].into_iter().chain(&other.units));
            choice.findings.push(mismatch(clues, Some(folder), None, other));
        }
    } else if let Some(first) = form.first() {
        decide_by_form(clues, &mut choice, first, &form, name);
    } else if name.inferred_from.is_none() && name.unit.is_some() {
        choice.unit.clone_from(&name.unit);
    } else if sheets.unit.is_some() {
        choice.unit = sheets.unit;
    } else {
        decide_by_hints(clues, &mut choice, name, stamp, &content);
    }
    choice
}

/// `unit-not-in-roster` for a name.
pub(super) fn not_in_roster(clues: &Clues<'_>, name: &str, similar: &[String]) -> Finding {
    let office = &clues.program.office;
    let contact = [&office.name, &office.contact, &office.phone]
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ");
    Finding::new(Code::UnitNotInRoster)
        .with("unit", name)
        .with("similar", display(clues, similar))
        .with("contact", contact)
}

/// No folder: the form decides, unless it or the file name contradicts it.
fn decide_by_form(
    clues: &Clues<'_>,
    choice: &mut UnitChoice,
    first: &Statement<'_>,
    form: &[&Statement<'_>],
    name: &NameReading,
) {
    let common: Vec<&String> = first
        .units
        .iter()
        .filter(|unit| form.iter().all(|statement| statement.units.contains(unit)))
        .collect();
    let by_name = name.unit.as_ref().filter(|_| name.inferred_from.is_none());
    let contradicted = by_name.is_some_and(|unit| !common.contains(&unit));
    match (common.as_slice(), by_name) {
        ([_, _, ..], Some(unit)) if !contradicted => choice.unit = Some(unit.clone()),
        ([unit], _) if !contradicted => choice.unit = Some((*unit).clone()),
        ([_, _, ..], None) => {
            choice.held = true;
            choice.candidates = union(common.iter().copied());
            choice.findings.push(unknown(clues, &choice.candidates));
        }
        _ => {
            choice.held = true;
            choice.candidates = union(form.iter().flat_map(|statement| &statement.units).chain(by_name));
            choice.findings.push(mismatch(clues, None, by_name, first));
        }
    }
}

/// Nothing names the unit: stamp, places in the file name and in the rows may
/// tell it, if they don't speak against one another.
fn decide_by_hints(
    clues: &Clues<'_>,
    choice: &mut UnitChoice,
    name: &NameReading,
    stamp: Option<Hint>,
    content: &Named,
) {
    let mut hints: Vec<Hint> = stamp.into_iter().collect();
    hints.extend(name.unit.clone().map(|unit| Hint {
        source: Source::FileName,
        unit,
        basis: name.inferred_from.clone().unwrap_or_default(),
    }));
    hints.extend(content.unit.clone().map(|unit| Hint {
        source: Source::Content,
        unit,
        basis: content.places.join("、"),
    }));
    let open = [&name.candidates, &content.candidates];
    let borne_out = |unit: &String| {
        hints.iter().all(|hint| hint.unit == *unit)
            && open
                .iter()
                .all(|candidates| candidates.is_empty() || candidates.contains(unit))
    };
    if let Some(hint) = hints.first().filter(|hint| borne_out(&hint.unit)) {
        choice.unit = Some(hint.unit.clone());
        let source = match hint.source {
            Source::Stamp => "stamp",
            Source::FileName => "file-name",
            _ => "content",
        };
        choice.findings.push(
            Finding::new(Code::UnitInferred)
                .with("unit", display(clues, std::slice::from_ref(&hint.unit)))
                .with("basis", &hint.basis)
                .with("source", source),
        );
        return;
    }
    choice.held = true;
    choice.candidates = union(
        hints
            .iter()
            .map(|hint| &hint.unit)
            .chain(open.into_iter().flatten()),
    );
    let Some(unknown_name) = choice.unknown_name.clone() else {
        choice.findings.push(unknown(clues, &choice.candidates));
        return;
    };
    let similar = similar_units(&clues.program.roster, &unknown_name);
    let mut finding = not_in_roster(clues, &unknown_name, &similar);
    let fill = clues.reading.and_then(|reading| {
        let mut lines = reading.fill.iter();
        lines.find(|fill| fill.value == unknown_name)
    });
    if let Some(fill) = fill {
        finding = finding.at(&fill.sheet, fill.pos);
    }
    choice.findings.push(finding);
    if choice.candidates.is_empty() {
        choice.candidates = similar;
    }
}

fn sheet_names(clues: &Clues<'_>) -> Named {
    let Some(reading) = clues.reading else {
        return Named::default();
    };
    let names: Vec<&str> = reading.sheets.iter().map(|sheet| sheet.sheet.as_str()).collect();
    mentioned_unit(&names.join("\n"), &clues.program.roster)
}

fn stamp(clues: &Clues<'_>) -> Option<Hint> {
    let stamp = clues.workbook?.properties.get(stamp::UNIT)?;
    let roster = &clues.program.roster;
    let unit = roster.unit(stamp).or_else(|| roster.find(stamp))?;
    Some(Hint {
        source: Source::Stamp,
        unit: unit.id.clone(),
        basis: unit.name.clone(),
    })
}

/// The places that the rows name, each once.
fn places(clues: &Clues<'_>) -> Vec<String> {
    let mut places: Vec<String> = Vec::new();
    let sheets = clues.reading.map_or(&[][..], |reading| reading.sheets.as_slice());
    for field in sheets
        .iter()
        .flat_map(|sheet| &sheet.rows)
        .flat_map(|row| &row.fields)
    {
        let Parsed::Places(found) = &field.parsed else {
            continue;
        };
        for place in found.iter().filter_map(|found| found.place.as_ref()) {
            if !places.contains(place) {
                places.push(place.clone());
            }
        }
    }
    places
}

fn account(
    clues: &Clues<'_>,
    statements: &[Statement<'_>],
    name: &NameReading,
    sheets: &Named,
    stamp: Option<&Hint>,
    content: &Named,
) -> Vec<Evidence> {
    let origin = clues.origin;
    let unit = |source, found: &str, says: Option<String>| clue("unit", source, found, says);
    let mut evidence = Vec::new();
    evidence.extend(
        origin
            .claimed_unit
            .clone()
            .map(|id| unit(Source::Claim, &id, Some(id.clone()))),
    );
    evidence.extend(
        origin
            .folder_unit
            .clone()
            .map(|id| unit(Source::Folder, &id, Some(id.clone()))),
    );
    for own in statements {
        let source = if own.fill.is_some() {
            Source::FillLine
        } else {
            Source::Title
        };
        evidence.push(unit(source, &own.text, sole(&own.units)));
    }
    if name.unit.is_some() || name.unit_unclear {
        let mut found = unit(Source::FileName, &origin.file_name, name.unit.clone());
        if name.inferred_from.is_some() {
            found.weight /= 2;
        }
        evidence.push(found);
    }
    if let Some(id) = &sheets.unit {
        evidence.push(unit(Source::SheetName, id, Some(id.clone())));
    }
    if let Some(stamp) = stamp {
        evidence.push(unit(Source::Stamp, &stamp.basis, Some(stamp.unit.clone())));
    }
    if !content.places.is_empty() {
        evidence.push(unit(
            Source::Content,
            &content.places.join("、"),
            content.unit.clone(),
        ));
    }
    evidence
}

fn mismatch(
    clues: &Clues<'_>,
    folder: Option<&String>,
    by_name: Option<&String>,
    form: &Statement<'_>,
) -> Finding {
    let name =
        |unit: Option<&String>| unit.map_or_else(String::new, |id| display(clues, std::slice::from_ref(id)));
    let finding = Finding::new(Code::UnitMismatch)
        .with("unit", name(folder))
        .with("folder_unit", name(folder))
        .with("name_unit", name(by_name))
        .with("form_unit", display(clues, &form.units))
        .with("found", &form.text);
    match form.fill {
        Some(fill) => finding.at(&fill.sheet, fill.pos),
        None => finding,
    }
}

fn unknown(clues: &Clues<'_>, candidates: &[String]) -> Finding {
    Finding::new(Code::UnitUnknown).with("candidates", display(clues, candidates))
}

/// Units by name, as people read them.
fn display(clues: &Clues<'_>, units: &[String]) -> String {
    let roster = &clues.program.roster;
    let names: Vec<&str> = units
        .iter()
        .map(|id| roster.unit(id).map_or(id.as_str(), |unit| unit.name.as_str()))
        .collect();
    names.join("、")
}

fn sole(units: &[String]) -> Option<String> {
    match units {
        [unit] => Some(unit.clone()),
        _ => None,
    }
}
