//! Which letters were asked for.

use std::collections::BTreeSet;

use super::Asked;
use crate::desk::Misuse;
use crate::desk::named::{self, among};
use crate::domain::ids::{ProgramId, UnitId};
use crate::domain::ladder::Kind;
use crate::domain::language::{Language, worded};
use crate::domain::letters::{Letter, NoticeRecord};
use crate::domain::period::Period;
use crate::jobs::site::Site;

/// Programme, period, kind and unit, each only if it was named.
pub(super) struct Wanted {
    program: Option<ProgramId>,
    /// Programme and period.
    periods: Option<BTreeSet<(ProgramId, Period)>>,
    kinds: Vec<Kind>,
    /// Programme and unit.
    units: Option<BTreeSet<(ProgramId, UnitId)>>,
}

impl Wanted {
    /// What was named.
    ///
    /// # Errors
    /// There is no such programme, period, kind or unit.
    pub(super) fn of(site: &Site, asked: &Asked) -> anyhow::Result<Self> {
        let program = asked
            .program
            .as_deref()
            .map(|named| named::program(site, Some(named)))
            .transpose()?;
        let language = site.language();
        let mut kinds = Vec::new();
        for word in &asked.kinds {
            let named = Kind::ALL
                .into_iter()
                .find(|kind| kind.label(Language::Chinese) == word || kind.label(language) == word);
            kinds.push(Kind::parse(word).or(named).ok_or_else(|| {
                let all: Vec<String> = Kind::ALL
                    .iter()
                    .map(|kind| {
                        let label = kind.label(language);
                        worded!(language, "{label}（{}）", "{label} ({})", kind.as_str())
                    })
                    .collect();
                Misuse(worded!(
                    language,
                    "没有“{word}”这种信函；可以写：{}",
                    "there is no kind of letter “{word}”; there are: {}",
                    all.join(language.either("、", ", "))
                ))
            })?);
        }
        let named = program.as_deref();
        Ok(Self {
            periods: asked
                .period
                .as_deref()
                .map(|text| named::periods_called(site, named, text))
                .transpose()?,
            units: asked
                .unit
                .as_deref()
                .map(|text| named::units_called(site, named, text))
                .transpose()?,
            program: program.map(|program| program.id.clone()),
            kinds,
        })
    }

    /// Whether a letter is among them, by what stands in it.
    pub(super) fn fits(&self, letter: &Letter, notices: Option<&Vec<NoticeRecord>>) -> bool {
        let all = notices.map_or(&[][..], Vec::as_slice);
        let kinds = self.kinds.is_empty()
            || self.kinds.contains(&letter.kind)
            || all.iter().any(|own| self.kinds.contains(&own.kind));
        let about = self.program.is_some() || self.periods.is_some() || self.units.is_some();
        kinds
            && (!about
                || all.iter().any(|own| {
                    let key = &own.key;
                    self.program
                        .as_ref()
                        .is_none_or(|program| key.program == *program)
                        && among(self.periods.as_ref(), Some(&key.program), Some(&key.period))
                        && among(self.units.as_ref(), Some(&key.program), own.unit.as_ref())
                }))
    }
}
