//! 情况概览: one page that says how the period stands.

use super::{Cell, Line, Print, Subject, Table, Tone, count, number, text};
use crate::domain::consolidate::{Lamp, Summary, VisitSummary};
use crate::domain::obligation::State;
use crate::domain::program::TargetScope;
use crate::domain::targets::Light;

pub(super) fn table(of: Subject<'_>, summary: &Summary) -> Table {
    let (words, program) = (of.words, of.program);
    let columns = words.overview_columns.into_iter().zip([30.0, 40.0, 74.0]);
    let mut table = of.table(words.overview, words.overview, columns);
    table.print = Print::OnePage;
    reporting(&mut table, of, summary);
    if let Some(visits) = &summary.visits {
        table.heading(words.sections[1]);
        figures(&mut table, of, visits);
    }
    // Where nothing is counted as visits, the second section is missing.
    let last = if summary.visits.is_some() {
        words.sections[2]
    } else {
        words.basis_second
    };
    table.heading(last);
    let basis = &program.basis;
    let number = words.bracketed(&basis.number);
    let document = format!("{}{number}{}", basis.title, basis.clause);
    table
        .lines
        .push(Line::Spans(vec![(1, words.basis.to_owned()), (2, document)]));
    if !basis.disclosure.is_empty() {
        let disclosure = vec![(1, words.disclosure.to_owned()), (2, basis.disclosure.clone())];
        table.lines.push(Line::Spans(disclosure));
    }
    if summary.visits.is_some() {
        table
            .lines
            .push(Line::Spans(vec![(3, words.counting_note.to_owned())]));
    }
    table
}

impl Table {
    fn heading(&mut self, words: &str) {
        self.lines.push(Line::Heading(words.to_owned()));
    }

    fn item(&mut self, item: &str, value: Cell, note: &str) {
        self.line([text(Tone::Body, item), value, text(Tone::Body, note)]);
    }
}

fn reporting(table: &mut Table, of: Subject<'_>, summary: &Summary) {
    let (words, program) = (of.words, of.program);
    let tally = &summary.tally;
    let names = |states: &[State]| {
        let units = summary.units.iter().filter(|unit| states.contains(&unit.state));
        let names: Vec<&str> = units.map(|unit| unit.name.as_str()).collect();
        names.join(words.list)
    };
    table.heading(words.sections[0]);
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
        table.item(item, number(Tone::Centre, value), &note);
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
        table.item(item, text(Tone::Centre, rate), note);
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
    table.item(
        words.due,
        text(Tone::Centre, words.perhaps(due.at, due.provisional)),
        &notes.join(words.parting()),
    );
    let mut close = Vec::new();
    if due.close_provisional && !due.provisional {
        close.push(words.provisional);
    }
    if program.assumed.iter().any(closing) {
        close.push(words.assumed);
    }
    table.item(
        words.close,
        text(Tone::Centre, words.perhaps(due.close, due.close_provisional)),
        &close.join(words.parting()),
    );
    table.item(words.rows, number(Tone::Centre, summary.rows), "");
}

fn figures(table: &mut Table, of: Subject<'_>, visits: &VisitSummary) {
    let (words, program) = (of.words, of.program);
    for (when, done) in [(words.this_period, visits.period), (words.this_year, visits.year)] {
        for (item, value) in [
            (words.visits, u64::from(done.visits)),
            (words.days, u64::from(done.days)),
            (words.solved, done.solved),
        ] {
            let item = words.of_time(when, item);
            table.item(&item, count(value), "");
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
    let shown = joint
        .iter()
        .take(20)
        .cloned()
        .collect::<Vec<_>>()
        .join(words.parting());
    table.item(words.joint, count(visits.joint.len() as u64), &shown);
    let Some(targets) = program.material.targets() else {
        return;
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
    table.item(
        words.year_target,
        text(Tone::Centre, target),
        &notes.join(words.parting()),
    );
    let pace = visits.pace.map_or_else(
        || words.no_target.to_owned(),
        |pace| words.pair(pace.visits, pace.days),
    );
    table.item(words.pace, text(Tone::Centre, pace), "");
    for light in [Light::Green, Light::Yellow, Light::Red] {
        let lit = visits
            .leaders
            .iter()
            .filter(|line| line.lamp.light() == Some(light))
            .count();
        let value = number(Tone::of_light(light), u32::try_from(lit).unwrap_or(u32::MAX));
        let meaning = words.lamp(Lamp::Lit(light));
        let meaning = if light == Light::Red {
            format!("{meaning}{}{}", words.parting(), words.lamp(Lamp::Overdue))
        } else {
            meaning.to_owned()
        };
        table.item(words.light_name(light), value, &meaning);
    }
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
