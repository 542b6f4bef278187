//! The unit and period that a file is given to.

use std::sync::Arc;

use crate::domain::ids::UnitId;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::domain::submission::Record;
use crate::jobs::notes::period_label;
use crate::jobs::refusal::{refuse, refuse_unless};
use crate::jobs::site::Site;

/// The unit and period that a file is given to.
pub(super) struct Target<'a> {
    pub(super) program: &'a Arc<Program>,
    pub(super) unit: &'a UnitId,
    pub(super) period: &'a Period,
}

impl Target<'_> {
    /// Whether a submission counts, or was returned, there already.
    pub(super) fn holds(&self, record: &Record) -> bool {
        record.program == self.program.id
            && record.unit.as_ref() == Some(self.unit)
            && record.period.as_ref() == Some(self.period)
    }

    /// As people read it.
    pub(super) fn words(&self) -> String {
        words(self.program, self.unit, self.period)
    }
}

/// Unit and period as people read them.
pub(super) fn words(program: &Program, unit: &UnitId, period: &Period) -> String {
    let name = program
        .roster
        .unit(unit)
        .map_or(unit.as_str(), |unit| &unit.display_name);
    format!("{name}{}", period_label(program, period))
}

/// Refuses a period that hasn't begun, or in which the unit isn't on the roster.
pub(super) fn owes(site: &Site, program: &Program, unit: &UnitId, period: &Period) -> anyhow::Result<()> {
    let Some(span) = program.cycle.span(period) else {
        refuse!(
            site.language(),
            "方案 {} 没有报告期{period}",
            "the programme {} has no period {period}",
            program.id
        )
    };
    refuse_unless!(
        span.0 <= site.clock.now().date_naive(),
        site.language(),
        "{}还没有开始，不能认领；请核对报告期",
        "{} hasn't begun and nothing can be claimed for it; check the period",
        period_label(program, period)
    );
    refuse_unless!(
        program.roster.units_in(span).any(|own| own.id == *unit),
        site.language(),
        "{}当时不在名册内，不用报送；请核对单位和报告期",
        "{}: the unit wasn't on the roster then and owes nothing; check unit and period",
        words(program, unit, period)
    );
    Ok(())
}
