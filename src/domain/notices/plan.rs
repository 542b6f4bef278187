//! A period's notices, past and to come, as if nothing more came in.

mod instants;

use std::collections::HashSet;

use chrono::DateTime;
use chrono_tz::Tz;

use super::recipients::{Recipient, group_heads, reaches_superior, who};
use super::{
    Behind, DutyFacts, Hours, Notice, PeriodFacts, Reason, Run, is_missed, is_praiseworthy, is_unmet,
};
use crate::domain::calendar::Calendar;
use crate::domain::ids::LeaderId;
use crate::domain::ladder::{Approval, Kind, Ladder, Mode, Role, Step, Trigger};
use crate::domain::obligation::{Obligation, State};
use crate::domain::program::{Due, Program};
use crate::domain::roster::Unit;

/// Every notice of the ladder for a period with the time at which it comes due,
/// in order of time. Duties that are met make none, so that the answer at a
/// later time is shorter. Steps that come at `until` or later are left out.
#[must_use]
pub fn plan(
    program: &Program,
    ladder: &Ladder,
    hours: &Hours,
    calendar: &Calendar,
    facts: &PeriodFacts<'_>,
    (now, until): (DateTime<Tz>, Option<DateTime<Tz>>),
) -> Vec<Notice> {
    let planner = Planner {
        program,
        ladder,
        hours,
        calendar,
        facts,
        due: facts.due,
        revision: facts.revision,
        only: None,
        now,
        until,
    };
    let mut notices = planner.all();
    // Who has more time than the others is told by that date.
    let mut apart = false;
    for duty in &facts.duties {
        let Some(due) = duty.due else { continue };
        apart = true;
        let own = Planner {
            due,
            revision: due.revision,
            only: Some(duty),
            ..planner
        };
        notices.extend(own.all());
    }
    if apart {
        notices.sort_by_key(|own| own.at);
    }
    notices
}

#[derive(Clone, Copy)]
struct Planner<'a> {
    program: &'a Program,
    ladder: &'a Ladder,
    hours: &'a Hours,
    calendar: &'a Calendar,
    facts: &'a PeriodFacts<'a>,
    /// The date that steps are counted from, and its revision.
    due: &'a Due,
    revision: u32,
    /// The only duty that is planned: one with a date of its own.
    only: Option<&'a DutyFacts<'a>>,
    now: DateTime<Tz>,
    /// What comes then or later isn't asked for; none: all is.
    until: Option<DateTime<Tz>>,
}

impl Planner<'_> {
    fn all(&self) -> Vec<Notice> {
        // All notices of a step come at one time, so that only the steps need sorting.
        let mut steps: Vec<(DateTime<Tz>, &Step)> = self
            .ladder
            .steps
            .iter()
            .filter_map(|step| Some((self.instant(step)?, step)))
            // A grace makes a step later, never sooner.
            .filter(|(at, _)| self.until.is_none_or(|until| *at < until))
            .collect();
        steps.sort_by_key(|(at, _)| *at);
        let mut notices: Vec<Notice> = Vec::new();
        for (at, step) in steps {
            self.step(step, at, &mut notices);
        }
        notices
    }

    fn step(&self, step: &Step, at: DateTime<Tz>, notices: &mut Vec<Notice>) {
        if let Some(duty) = self.only {
            let of_period = step.trigger == Trigger::Close && step.to.iter().all(|role| is_of_period(*role));
            let apart = step.trigger != Trigger::Targets && (step.kind == Kind::Praise || !of_period);
            if apart && self.concerns(step.kind, &step.trigger, duty) {
                notices.extend(self.notice(step, at, Some(duty), None));
            }
            return;
        }
        match &step.trigger {
            Trigger::Close if step.kind != Kind::Praise && step.to.iter().all(|role| is_of_period(*role)) => {
                let historic = |duty: &DutyFacts<'_>| duty.obligation.state == State::Historic;
                if !self.facts.duties.iter().all(historic) {
                    notices.extend(self.notice(step, at, None, None));
                }
            }
            Trigger::Targets => {
                for behind in &self.facts.behind {
                    notices.extend(self.target(step, at, behind));
                }
            }
            trigger => {
                let due = self
                    .facts
                    .duties
                    .iter()
                    .filter(|duty| duty.due.is_none() && self.concerns(step.kind, trigger, duty));
                notices.extend(due.filter_map(|duty| self.notice(step, at, Some(duty), None)));
            }
        }
    }

    /// Whether a step speaks of a duty.
    fn concerns(&self, kind: Kind, trigger: &Trigger, duty: &DutyFacts<'_>) -> bool {
        let obligation: &Obligation = duty.obligation;
        match trigger {
            // Whose work lags isn't praised for a report that says so in time.
            Trigger::Close if kind == Kind::Praise => {
                is_praiseworthy(obligation.state) && duty.lagging.is_empty()
            }
            Trigger::Days(_) | Trigger::Calendar(_) | Trigger::Close => is_unmet(obligation.state),
            Trigger::Missed(periods) => {
                // Before the close it is what would be, if nothing came in.
                let missed = is_missed(obligation, self.due, self.now)
                    || (self.now < self.due.close && is_unmet(obligation.state));
                missed && duty.missed_before + 1 >= *periods
            }
            Trigger::Value { column, value } => duty
                .values
                .iter()
                .any(|said| said.column == *column && said.value == *value),
            Trigger::Lagging {
                column,
                value,
                periods,
            } => {
                let own = |run: &Run| run.column == *column && run.value == *value;
                let long = |run: &Run| own(run) && run.periods >= *periods;
                duty.lagging
                    .iter()
                    .any(|run| long(run) && !self.is_graver(run, *periods))
            }
            Trigger::Targets | Trigger::Event | Trigger::Asked | Trigger::Expiry { .. } => false,
        }
    }

    /// Whether a run is so long that a step for more periods speaks of it (通报批评
    /// after three, and not once more 约谈 after two).
    fn is_graver(&self, run: &Run, than: u32) -> bool {
        self.ladder.steps.iter().any(|step| match &step.trigger {
            Trigger::Lagging {
                column,
                value,
                periods,
            } => *column == run.column && *value == run.value && (than + 1..=run.periods).contains(periods),
            _ => false,
        })
    }

    fn notice(
        &self,
        step: &Step,
        at: DateTime<Tz>,
        duty: Option<&DutyFacts<'_>>,
        leader: Option<&LeaderId>,
    ) -> Option<Notice> {
        let from = duty.and_then(|duty| duty.reopened);
        if from.is_some_and(|from| !self.goes_on(step, at, from)) {
            return None;
        }
        let unit = duty.map(|duty| duty.unit);
        let mut to = self.recipients(&step.to, unit, step.kind);
        to.extend(self.group_heads(&step.to, &step.trigger, duty));
        if let Some(id) = leader {
            to.retain(|recipient| recipient.role != Role::Leader || recipient.id == id.as_str());
        }
        let all_excepted = to.is_empty();
        if all_excepted && step.kind == Kind::Report {
            // An office doesn't report to itself.
            let desk = self.program.supervision.as_ref();
            if desk.is_none_or(|desk| *desk == self.program.office) {
                return None;
            }
            to = who(self.program, Role::Supervision, unit, step.kind);
        } else if step.kind == Kind::Bulletin && self.is_office_alone(&to) {
            return None;
        } else if all_excepted {
            to = who(self.program, Role::OfficeHead, unit, step.kind);
        }
        let mut cc = self.recipients(&step.cc, unit, step.kind);
        cc.extend(self.group_heads(&step.cc, &step.trigger, duty));
        if step.kind == Kind::Reminder && self.still_runs(at) {
            to.retain(|own| !is_leader(own.role));
            cc.retain(|own| !is_leader(own.role));
        }
        if !cc.is_empty() {
            let to: HashSet<(&str, &str)> = to.iter().map(Recipient::identity).collect();
            cc.retain(|copy| !to.contains(&copy.identity()));
        }
        let held = duty.is_some_and(|duty| duty.held);
        let by_ladder = matches!(step.trigger, Trigger::Days(_));
        let grace = duty.and_then(|duty| duty.grace);
        let unconfirmed = duty.and_then(|duty| self.unconfirmed_until(step, duty));
        let waits = grace.max(unconfirmed).filter(|_| by_ladder);
        Some(Notice {
            program: self.program.id.clone(),
            unit: unit.map(|unit| unit.id.clone()),
            leader: leader.cloned(),
            period: self.facts.period.clone(),
            // A value in a row has nothing to do with the date by which it came.
            revision: match step.trigger {
                Trigger::Value { .. } => 0,
                _ => self.revision,
            },
            step: step.id.clone(),
            version: duty.and_then(|duty| duty.returned),
            kind: step.kind,
            mode: mode(
                self.ladder,
                (step.mode, step.kind),
                &to,
                held || reaches_superior(self.program, &to),
            ),
            at: waits.map_or(at, |until| self.after_grace(step, at, until)),
            step_at: at,
            to,
            cc,
            reason: Reason {
                trigger: step.trigger.clone(),
                state: duty.map(|duty| duty.obligation.state),
                held,
                all_excepted,
                provisional: self.due.provisional,
                decision: String::new(),
            },
        })
    }

    /// Whether nobody but the office itself is written to: what it owes itself
    /// (区级报告) it needn't publish.
    fn is_office_alone(&self, to: &[Recipient]) -> bool {
        let office = self.program.office.mail.trim();
        !office.is_empty() && !to.is_empty() && to.iter().all(|own| own.address == office)
    }

    /// Until when a unit isn't chased because a file of it waits for the office;
    /// what went before the file came isn't sent again.
    fn unconfirmed_until(&self, step: &Step, duty: &DutyFacts<'_>) -> Option<DateTime<Tz>> {
        let own = duty.obligation.unconfirmed.as_ref()?;
        let zone = self.due.at.timezone();
        step.kind.is_chase().then(|| own.until(self.calendar, zone))
    }

    /// Whether a step goes for a duty that is open again since `from`: none that
    /// lay before, and none once the period was closed.
    fn goes_on(&self, step: &Step, at: DateTime<Tz>, from: DateTime<Tz>) -> bool {
        match step.trigger {
            Trigger::Days(_) | Trigger::Calendar(_) | Trigger::Close | Trigger::Missed(_) => {
                at > from && from < self.due.close
            }
            Trigger::Value { .. }
            | Trigger::Lagging { .. }
            | Trigger::Targets
            | Trigger::Event
            | Trigger::Asked
            | Trigger::Expiry { .. } => true,
        }
    }

    /// The letter about a leader's target: to that leader, not to others whom
    /// the unit reports for as well.
    fn target(&self, step: &Step, at: DateTime<Tz>, behind: &Behind) -> Option<Notice> {
        let duty = self
            .facts
            .duties
            .iter()
            .find(|duty| duty.unit.id == behind.unit)?;
        self.notice(step, at, Some(duty), Some(&behind.leader))
    }

    /// Heads of the groups that a step concerns: those of the rows that said the
    /// value it speaks of, else of all items that the unit owes.
    fn group_heads(&self, roles: &[Role], trigger: &Trigger, duty: Option<&DutyFacts<'_>>) -> Vec<Recipient> {
        let (true, Some(duty)) = (roles.contains(&Role::GroupHead), duty) else {
            return Vec::new();
        };
        let groups = match trigger {
            Trigger::Value { column, value } => {
                let said = duty
                    .values
                    .iter()
                    .filter(|own| own.column == *column && own.value == *value);
                said.map(|own| own.group.clone()).collect()
            }
            _ => duty.groups.clone(),
        };
        group_heads(self.program, &groups)
    }

    fn recipients(&self, roles: &[Role], unit: Option<&Unit>, kind: Kind) -> Vec<Recipient> {
        let mut found: Vec<Recipient> = Vec::new();
        for role in roles {
            let of_role = who(self.program, *role, unit, kind);
            if *role != Role::AllUnits {
                for recipient in of_role {
                    if found.iter().all(|own| own.identity() != recipient.identity()) {
                        found.push(recipient);
                    }
                }
                continue;
            }
            // A unit that owes nothing gets no letter, not even one to all.
            let owing: HashSet<&str> = self.facts.duties.iter().map(|own| own.unit.id.as_str()).collect();
            let mut known: HashSet<(String, String)> = found.iter().map(identity).collect();
            let owing = of_role.into_iter().filter(|own| owing.contains(own.id.as_str()));
            found.extend(owing.filter(|own| known.insert(identity(own))));
        }
        found
    }
}

/// How a letter goes out, by what its step says and whom it reaches.
pub(super) fn mode(ladder: &Ladder, (own, kind): (Mode, Kind), to: &[Recipient], held: bool) -> Mode {
    let leader = |recipient: &Recipient| is_leader(recipient.role);
    let asked = match ladder.approval {
        Approval::None => false,
        Approval::Leaders => to.iter().any(leader),
        Approval::All => true,
    };
    match own {
        Mode::Never => Mode::Never,
        _ if kind.is_document() || ladder.trial || held || asked => Mode::Draft,
        mode => mode,
    }
}

fn is_leader(role: Role) -> bool {
    matches!(role, Role::Leader | Role::Coordinating)
}

fn identity(recipient: &Recipient) -> (String, String) {
    let (key, id) = recipient.identity();
    (key.to_owned(), id.to_owned())
}

/// Whether a role is somebody for a whole period, not for a unit.
fn is_of_period(role: Role) -> bool {
    !matches!(role, Role::Liaison | Role::Head | Role::Leader)
}
