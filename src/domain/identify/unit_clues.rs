//! Whose ledger it is.

use crate::domain::ids::UnitId;
use crate::domain::language::Language;
use crate::domain::stamp;
use chrono::NaiveDate;

use super::evidence::clue;
use super::names::{Named, mentioned_unit, similar_units, unit_of_places};
use super::statements::{FormSays, Statement, form_says, statements, union, unknown_name, unknown_person};
use super::{Clues, NameReading};
use crate::domain::codes::Code;
use crate::domain::evidence::{Evidence, Source};
use crate::domain::finding::Finding;
use crate::domain::ledger::Parsed;

/// Whose it is, and why.
#[derive(Debug, Default)]
pub(super) struct UnitChoice {
    pub(super) unit: Option<UnitId>,
    pub(super) candidates: Vec<UnitId>,
    pub(super) unknown_name: Option<String>,
    pub(super) mismatch: bool,
    pub(super) held: bool,
    pub(super) evidence: Vec<Evidence>,
    pub(super) findings: Vec<Finding>,
}

/// A clue that tells the unit only by what else is known of it.
struct Hint {
    source: Source,
    unit: UnitId,
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
        unknown_name: unknown_name(&statements).map(|own| own.text.clone()),
        ..UnitChoice::default()
    };

    if let Some(unit) = &origin.claimed_unit {
        choice.unit = Some(unit.clone());
    } else if let Some(folder) = &origin.folder_unit {
        decide_by_folder(clues, &mut choice, folder, &form);
    } else if !form.counted.is_empty() {
        decide_by_form(clues, &mut choice, &form, name);
        choice
            .findings
            .extend(leader_unknown(clues, &choice, &statements));
    } else if name.inferred_from.is_none() && name.unit.is_some() {
        choice.unit.clone_from(&name.unit);
    } else if sheets.unit.is_some() {
        choice.unit = sheets.unit;
    } else {
        decide_by_hints(clues, &mut choice, &statements, name, stamp, &content);
    }
    choice
}

/// `unit-not-in-roster` for a name.
pub(super) fn not_in_roster(clues: &Clues<'_>, name: &str, similar: &[UnitId]) -> Finding {
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

/// The folder decides; the form may speak against it, or against itself.
fn decide_by_folder(clues: &Clues<'_>, choice: &mut UnitChoice, folder: &UnitId, form: &FormSays<'_, '_>) {
    choice.unit = Some(folder.clone());
    if let Some((first, second)) = form.contradiction {
        let of_folder = [first, second].iter().any(|said| said.units.contains(folder));
        if of_folder {
            let basis = said(clues, &[first, second]);
            let inferred = inferred(clues, folder, &basis, "folder");
            choice.findings.push(placed(inferred, second));
            return;
        }
    }
    let against = form.counted.iter().find(|said| !said.units.contains(folder));
    if let Some(other) = against {
        choice.mismatch = true;
        choice.candidates = union([folder].into_iter().chain(&other.units));
        choice.findings.push(mismatch(clues, Some(folder), None, other));
    }
}

/// No folder: the form decides, unless it or the file name contradicts it.
fn decide_by_form(clues: &Clues<'_>, choice: &mut UnitChoice, form: &FormSays<'_, '_>, name: &NameReading) {
    let Some(first) = form.counted.first() else {
        return;
    };
    if let Some((one, other)) = form.contradiction {
        choice.held = true;
        choice.candidates = union(one.units.iter().chain(&other.units));
        let finding = mismatch(clues, None, None, other)
            .with("other_label", one.label.as_deref().unwrap_or_default())
            .with("other_unit", display(clues, &one.units));
        choice.findings.push(finding);
        return;
    }
    let form = &form.counted;
    let common: Vec<&UnitId> = first
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

/// A leader's line that names somebody unknown beside a unit that is known.
fn leader_unknown(clues: &Clues<'_>, choice: &UnitChoice, statements: &[Statement<'_>]) -> Option<Finding> {
    let unit = choice.unit.as_ref()?;
    let unknown = unknown_person(statements).filter(|own| own.leader)?;
    let by = statements.iter().find(|own| own.units.contains(unit))?;
    let basis = by.label.as_deref().unwrap_or(&by.text);
    let finding = inferred(clues, unit, basis, "form").with("unknown", &unknown.text);
    Some(placed(finding, unknown))
}

/// Nothing names the unit: stamp, places in the file name and in the rows may
/// tell it, if they don't speak against one another.
fn decide_by_hints(
    clues: &Clues<'_>,
    choice: &mut UnitChoice,
    statements: &[Statement<'_>],
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
    let borne_out = |unit: &UnitId| {
        hints.iter().all(|hint| hint.unit == *unit)
            && open
                .iter()
                .all(|candidates| candidates.is_empty() || candidates.contains(unit))
    };
    let unknown_person = unknown_person(statements);
    // Villages don't overrule a person that the form names; our own stamp does.
    let decides = |hint: &&Hint| hint.source == Source::Stamp || unknown_person.is_none();
    let first = hints.first().filter(decides);
    if let Some(hint) = first.filter(|hint| borne_out(&hint.unit)) {
        choice.unit = Some(hint.unit.clone());
        let source = match hint.source {
            Source::Stamp => "stamp",
            Source::FileName => "file-name",
            _ => "content",
        };
        let finding = inferred(clues, &hint.unit, &hint.basis, source);
        choice.findings.push(match unknown_name(statements) {
            Some(unknown) => placed(finding.with("unknown", &unknown.text), unknown),
            None => finding,
        });
        return;
    }
    choice.held = true;
    choice.candidates = union(
        hints
            .iter()
            .map(|hint| &hint.unit)
            .chain(open.into_iter().flatten()),
    );
    let Some(named) = unknown_person.or_else(|| unknown_name(statements)) else {
        choice.findings.push(unknown(clues, &choice.candidates));
        return;
    };
    let similar = similar_units(&clues.program.roster, &named.text);
    let finding = not_in_roster(clues, &named.text, &similar);
    choice.findings.push(placed(finding, named));
    choice.unknown_name = Some(named.text.clone());
    choice.candidates = union(similar.iter().chain(&choice.candidates));
}

/// `unit-inferred`, with what tells the unit.
fn inferred(clues: &Clues<'_>, unit: &UnitId, basis: &str, source: &str) -> Finding {
    Finding::new(Code::UnitInferred)
        .with("unit", display(clues, std::slice::from_ref(unit)))
        .with("basis", basis)
        .with("source", source)
        .with("unknown", "")
}

/// The finding at the cell where something is said.
fn placed(finding: Finding, said: &Statement<'_>) -> Finding {
    match said.pos {
        Some(pos) => finding.at(said.sheet, pos),
        None => finding,
    }
}

/// What two statements say: 挂点领导：林强，填报单位：袁庆挂点组.
fn said(clues: &Clues<'_>, statements: &[&Statement<'_>]) -> String {
    let colon = match clues.program.language {
        Language::Chinese => ("：", "，"),
        Language::English => (": ", ", "),
    };
    let said: Vec<String> = statements
        .iter()
        .map(|own| match &own.label {
            Some(label) => format!("{label}{}{}", colon.0, own.text),
            None => own.text.clone(),
        })
        .collect();
    said.join(colon.1)
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
    let unit =
        |source, found: &str, says: Option<UnitId>| clue("unit", source, found, says.map(String::from));
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
        let source = if own.label.is_some() {
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
    folder: Option<&UnitId>,
    by_name: Option<&UnitId>,
    form: &Statement<'_>,
) -> Finding {
    let name =
        |unit: Option<&UnitId>| unit.map_or_else(String::new, |id| display(clues, std::slice::from_ref(id)));
    let finding = Finding::new(Code::UnitMismatch)
        .with("unit", name(folder))
        .with("folder_unit", name(folder))
        .with("name_unit", name(by_name))
        .with("form_unit", display(clues, &form.units))
        .with("label", form.label.as_deref().unwrap_or_default())
        .with("other_label", "")
        .with("other_unit", "")
        .with("found", &form.text);
    placed(finding, form)
}

fn unknown(clues: &Clues<'_>, candidates: &[UnitId]) -> Finding {
    Finding::new(Code::UnitUnknown).with("candidates", display(clues, candidates))
}

/// Units by name, as people read them.
fn display(clues: &Clues<'_>, units: &[UnitId]) -> String {
    let roster = &clues.program.roster;
    let names: Vec<&str> = units
        .iter()
        .map(|id| roster.unit(id).map_or(id.as_str(), |unit| unit.name.as_str()))
        .collect();
    names.join("、")
}

fn sole(units: &[UnitId]) -> Option<UnitId> {
    match units {
        [unit] => Some(unit.clone()),
        _ => None,
    }
}
