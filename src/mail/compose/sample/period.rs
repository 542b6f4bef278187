//! Facts of a whole period.

use super::tongue::Tongue;
use crate::domain::ladder::Kind;
use crate::mail::{PeriodFacts, RunningFacts, UnitFacts, WaitingFacts};

/// A period with seven units, each of which stands otherwise.
pub(super) fn period(kind: Kind, tongue: &Tongue) -> PeriodFacts {
    let ranked = kind == Kind::Bulletin;
    let unit = |(at, unit): (usize, &&str)| {
        let number = u32::try_from(at).unwrap_or_default() + 1;
        // The second is late, the third returned, the sixth missing; the others were in time.
        let received = u32::from(number != 6);
        UnitFacts {
            number,
            unit: (*unit).into(),
            expected: 1,
            received,
            on_time: u32::from(!matches!(number, 2 | 3 | 6)),
            late: u32::from(number == 2),
            returned: u32::from(number == 3),
            missing: 1 - received,
            times_returned: u32::from(number == 3) * 2,
            first_received: if received == 1 {
                tongue.as_of.into()
            } else {
                String::new()
            },
            accepted_at: if matches!(number, 3 | 6) {
                String::new()
            } else {
                tongue.as_of.into()
            },
            state: tongue.states[match number {
                2 => 1,
                3 => 2,
                6 => 3,
                _ => 0,
            }]
            .into(),
            rank: match number {
                _ if !ranked => None,
                1 | 6 => None,
                4 | 5 => Some(2),
                7 => Some(1),
                other => Some(other + 2),
            },
            remark: if number == 6 {
                tongue.remark.into()
            } else {
                String::new()
            },
        }
    };
    PeriodFacts {
        material: "log".into(),
        not_due: false,
        running: if kind == Kind::Standing {
            vec![RunningFacts {
                period: tongue.next_period.into(),
                due: tongue.next_due.into(),
                expected: 7,
                received: 1,
            }]
        } else {
            Vec::new()
        },
        matter: tongue.matter.into(),
        period: tongue.period.into(),
        due: tongue.due.into(),
        expected: 7,
        received: 6,
        on_time: 4,
        late: 1,
        returned: 1,
        missing: 1,
        unconfirmed: 0,
        waiting: if kind == Kind::Unconfirmed {
            vec![WaitingFacts {
                file_name: "台账.xlsx".into(),
                received: tongue.due.into(),
                units: tongue.units[0].into(),
                reason: tongue.decision.into(),
            }]
        } else {
            Vec::new()
        },
        exempt: 1,
        exempt_units: vec![tongue.exempt.into()],
        passed_at_once: "83.3%".into(),
        completeness: "85.7%".into(),
        timeliness: "57.1%".into(),
        units: tongue.units.iter().enumerate().map(unit).collect(),
        items: None,
        presented_to: if kind == Kind::OwnDuty {
            tongue.leader.into()
        } else {
            String::new()
        },
        own_duty: false,
        master: tongue.master.into(),
        praise: ranked,
        behind: vec![(tongue.leader.into(), 3, 3)],
        basis: tongue.basis.into(),
        basis_number: tongue.basis_number.into(),
        clause: tongue.clause.into(),
    }
}
