//! What steps are to publish, written beside its place before any of it gets
//! its name: so the disk is waited for once, not once a file.

use std::io;

use super::form;
use crate::domain::ids::Duty;
use crate::inbox::Fresh;
use crate::jobs::action::Action;
use crate::jobs::faults::Area;
use crate::jobs::notes::{self, Known, Note};
use crate::jobs::site::Site;
use crate::platform::FileSystem;
use crate::store::Role;

/// What a step is to publish.
#[derive(Debug)]
pub(super) enum Laid {
    /// Nothing: it moves or removes, or what it would say isn't so any more.
    Nothing,
    /// A prepared file.
    Prepared(Fresh),
    /// A receipt or status note.
    Note(Note, Fresh),
    /// A unit's form and what lies beside it, by name.
    Forms(Vec<(String, Fresh, Role)>),
}

impl Laid {
    /// Sees to it that the bytes are on disk.
    ///
    /// # Errors
    /// The disk is full or can't be written.
    pub(super) fn flush(&self) -> io::Result<()> {
        match self {
            Self::Nothing => Ok(()),
            Self::Prepared(file) | Self::Note(_, file) => file.flush(),
            Self::Forms(files) => files.iter().try_for_each(|(_, file, _)| file.flush()),
        }
    }
}

/// Writes what a step is to publish; on disk when this returns, unless it lies
/// on `later`, a file system that is made to last afterwards.
pub(super) fn lay(
    site: &Site,
    known: &Known,
    action: &Action,
    later: Option<&FileSystem>,
) -> anyhow::Result<Laid> {
    let note = match action {
        Action::Put { sha256, folder, .. } => {
            return match std::fs::read(site.archive.prepared(*sha256)) {
                Ok(bytes) => Ok(Laid::Prepared(site.share.write(folder, &bytes, later)?)),
                // It was published before the crash that brought us here.
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Laid::Nothing),
                Err(error) => Err(anyhow::Error::new(error).context(Area::Data)),
            };
        }
        Action::Form {
            program,
            unit,
            period,
        } => return form::lay(site, known, &Duty::of(program, unit, period), later),
        Action::Receipt {
            program,
            unit,
            period,
        } => notes::receipt(site, known, &Duty::of(program, unit, period))?,
        Action::Status {
            program,
            unit,
            period,
        } => notes::status(site, known, &Duty::of(program, unit, period))?,
        Action::Move { .. }
        | Action::MoveOut { .. }
        | Action::Keep { .. }
        | Action::Restore { .. }
        | Action::Note { .. }
        | Action::TakeAway { .. }
        | Action::Forget { .. } => None,
    };
    let Some(note) = note else {
        return Ok(Laid::Nothing);
    };
    let file = site.share.write(&note.folder, note.text.as_bytes(), later)?;
    Ok(Laid::Note(note, file))
}
