//! 情况概览: one page that says how the period stands.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::pen::{Cell, Pen, number, text};
use super::style::Look;
use super::words::Words;
use super::{MasterWriter, small_table};
use crate::domain::consolidate::Lamp;
use crate::domain::consolidate::{Summary, VisitSummary};
use crate::domain::obligation::State;
use crate::domain::program::{Program, TargetScope};
use crate::domain::targets::Light;

pub(super) fn write(
    writer: &mut MasterWriter<'_>,
    book: &mut Workbook,
    summary: &Summary,
) -> Result<(), XlsxError> {
    let words = writer.words;
    let program = writer.source.program;
    let title = words.small_title(program, writer.source.period, words.overview);
    let [item, value, note] = words.overview_columns;
    let sheet = book.worksheet_from_index(writer.overview)?;
    let columns = [(item, 30.0), (value, 40.0), (note, 74.0)];
    let print = small_table(sheet, &writer.styles, &title, &columns, "", |pen| {
        reporting(pen, words, program, summary)?;
        if let Some(visits) = &summary.visits {
            section(pen, words.sections[1])?;
            figures(pen, words, program, visits)?;
        }
        section(pen, words.sections[2])?;
        let basis = &program.basis;
        let number = words.bracketed(&basis.number);
        let document = format!("{}{number}{}", basis.title, basis.clause);
        pen.parts(&[(1, Look::Body, words.basis), (2, Look::Body, &document)])?;
        if summary.visits.is_some() {
            pen.paragraph(3, Look::Body, words.counting_note)?;
        }
        Ok(())
    })?;
    book.worksheet_from_index(writer.overview)?
        .set_print_fit_to_pages(1, 1);
    writer.finished.push((writer.overview, print));
    Ok(())
}

fn section(pen: &mut Pen<'_>, words: &str) -> Result<(), XlsxError> {
    pen.merged(24.0, 3, Look::Section, words)
}

fn line(pen: &mut Pen<'_>, item: &str, value: Cell<'_>, note: &str) -> Result<(), XlsxError> {
    pen.line(&[text(Look::Body, item), value, text(Look::Body, note)])
}

fn reporting(
    pen: &mut Pen<'_>,
    words: &Words,
    program: &Program,
    summary: &Summary,
) -> Result<(), XlsxError> {
    let tally = &summary.tally;
    let names = |states: &[State]| {
        let units = summary.units.iter().filter(|unit| states.contains(&unit.state));
        let names: Vec<&str> = units.map(|unit| unit.name.as_str()).collect();
        names.join(words.list)
    };
    section(pen, words.sections[0])?;
    let nil = u32::try_from(
        summary
            .units
            .iter()
            .filter(|unit| unit.state == State::Nil)
            .count(),
    );
    let late: Vec<&str> = summary
        .units
        .iter()
        .filter(|unit| unit.late && unit.expected)
        .map(|unit| unit.name.as_str())
        .collect();
    let unconfirmed = match tally.unconfirmed {
        0 => String::new(),
        some => words.unconfirmed.replace("{}", &some.to_string()),
    };
    for (item, value, note) in [
        (words.expected, tally.expected, String::new()),
        (words.received, tally.received, String::new()),
        (words.on_time, tally.on_time, String::new()),
        (words.late, tally.late, late.join(words.list)),
        (words.returned, tally.returned, names(&[State::Returned])),
        (
            words.missing,
            tally.missing,
            names(&[State::Upcoming, State::Due, State::Overdue]) + unconfirmed.as_str(),
        ),
        (words.nil, nil.unwrap_or(u32::MAX), names(&[State::Nil])),
        (words.exempt, tally.exempt, names(&[State::Exempt])),
    ] {
        line(pen, item, number(Look::Centre, value), &note)?;
    }
    for ([item, note], part) in [
        (words.completeness, tally.received),
        (words.timeliness, tally.on_time),
    ] {
        // A trial has no rates.
        let rate = if program.ladder.trial {
            "—".to_owned()
        } else {
            percent(part, tally.expected)
        };
        line(pen, item, text(Look::Centre, rate), note)?;
    }
    let due = &summary.due;
    let mut notes = Vec::new();
    if let Some(why) = &due.moved_because {
        notes.push(words.moved(due, why));
    }
    if due.provisional {
        notes.push(words.provisional.to_owned());
    }
    let closing = |key: &String| key.starts_with("deadline.close");
    let is_due =
        |key: &String| key.starts_with("deadline") && !closing(key) && !key.starts_with("deadline.grace");
    if let Some(why) = &due.extended_because {
        notes.push(words.extended(due, why));
    } else if program.assumed.iter().any(is_due) {
        notes.push(words.assumed.to_owned());
    }
    line(
        pen,
        words.due,
        text(Look::Centre, words.perhaps(due.at, due.provisional)),
        &notes.join(words.parting()),
    )?;
    let mut close = Vec::new();
    if due.close_provisional && !due.provisional {
        close.push(words.provisional);
    }
    if program.assumed.iter().any(closing) {
        close.push(words.assumed);
    }
    line(
        pen,
        words.close,
        text(Look::Centre, words.perhaps(due.close, due.close_provisional)),
        &close.join(words.parting()),
    )?;
    line(pen, words.rows, number(Look::Centre, summary.rows), "")
}

fn figures(
    pen: &mut Pen<'_>,
    words: &Words,
    program: &Program,
    visits: &VisitSummary,
) -> Result<(), XlsxError> {
    for (when, count) in [(words.this_period, visits.period), (words.this_year, visits.year)] {
        for (item, value) in [
            (words.visits, u64::from(count.visits)),
            (words.days, u64::from(count.days)),
            (words.solved, count.solved),
        ] {
            let value = f64::from(u32::try_from(value).unwrap_or(u32::MAX));
            let item = words.of_time(when, item);
            line(pen, &item, number(Look::Centre, value), "")?;
        }
    }
    let joint: Vec<String> = visits
        .joint
        .iter()
        .map(|joint| {
            format!(
                "{} {}（{}）",
                words.date(joint.from),
                joint.place,
                joint.leaders.join(words.list)
            )
        })
        .collect();
    let count = u32::try_from(visits.joint.len()).unwrap_or(u32::MAX);
    let shown = joint
        .iter()
        .take(20)
        .cloned()
        .collect::<Vec<_>>()
        .join(words.parting());
    line(pen, words.joint, number(Look::Centre, count), &shown)?;
    let Some(targets) = program.material.targets() else {
        return Ok(());
    };
    let mut notes = Vec::new();
    if targets.soft {
        notes.push(words.soft.to_owned());
    }
    if program.assumed.iter().any(|key| key.starts_with("targets")) {
        notes.push(words.assumed.to_owned());
    }
    let scope = match targets.scope {
        TargetScope::Leader => words.leader,
        TargetScope::LeaderVillage => words.place,
    };
    let target = words.pair(targets.visits, targets.days) + words.each(scope).as_str();
    line(
        pen,
        words.year_target,
        text(Look::Centre, target),
        &notes.join(words.parting()),
    )?;
    let pace = visits.pace.map_or_else(
        || words.no_target.to_owned(),
        |pace| words.pair(pace.visits, pace.days),
    );
    line(pen, words.pace, text(Look::Centre, pace), "")?;
    for (light, look) in [
        (Light::Green, Look::Green),
        (Light::Yellow, Look::Yellow),
        (Light::Red, Look::Red),
    ] {
        let count = visits
            .leaders
            .iter()
            .filter(|line| line.lamp.light() == Some(light))
            .count();
        let value = number(look, u32::try_from(count).unwrap_or(u32::MAX));
        let meaning = words.lamp(Lamp::Lit(light));
        let meaning = if light == Light::Red {
            format!("{meaning}{}{}", words.parting(), words.lamp(Lamp::Overdue))
        } else {
            meaning.to_owned()
        };
        line(pen, words.light_name(light), value, &meaning)?;
    }
    Ok(())
}

/// A share with one decimal, as text: 92.3%.
fn percent(part: u32, whole: u32) -> String {
    if whole == 0 {
        return "—".into();
    }
    let mills = (u64::from(part) * 2000 + u64::from(whole)) / (u64::from(whole) * 2);
    if mills % 10 == 0 {
        format!("{}%", mills / 10)
    } else {
        format!("{}.{}%", mills / 10, mills % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn shares_are_rounded_to_a_tenth() {
        assert_eq!(percent(12, 13), "92.3%");
        assert_eq!(percent(13, 13), "100%");
        assert_eq!(percent(1, 8), "12.5%");
        assert_eq!(percent(0, 0), "—");
    }
}
