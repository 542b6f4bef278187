//! One step on the share. Each can be carried out again after a crash and
//! then does no more than is missing.

use std::io;

use anyhow::Context as _;

use super::form;
use super::lay::Laid;
use super::place::Place;
use super::strayed::strayed;
use crate::domain::ids::{Duty, SubmissionId};
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use crate::inbox::{Left, Stat};
use crate::jobs::action::{Action, Outside};
use crate::jobs::faults::Area;
use crate::jobs::notes;
use crate::jobs::site::Site;
use crate::store::Role;

/// What a step left behind.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) left: Vec<(Left, Role)>,
    pub(super) gone: Vec<SharePath>,
    pub(super) submission_lies_at: Option<SharePath>,
    pub(super) prepared: Option<Sha256>,
}

impl Outcome {
    fn left(left: Left, role: Role) -> Self {
        Self {
            left: vec![(left, role)],
            ..Self::default()
        }
    }
}

/// Carries a step of a submission out; `laid` is what it has to publish.
pub(super) async fn carry_out(
    place: &mut Place<'_>,
    submission: Option<SubmissionId>,
    action: Action,
    laid: Laid,
) -> anyhow::Result<Outcome> {
    let site = place.site;
    match action {
        Action::Move {
            from,
            stat,
            sha256,
            folder,
            name,
            role,
        } => {
            let step = Original {
                submission,
                stat,
                sha256,
                folder,
                name,
                role,
            };
            move_original(site, from, &step).await
        }
        Action::MoveOut {
            from,
            stat,
            sha256,
            to,
            name,
        } => move_away(site, from, stat, sha256, to, &name),
        Action::Keep {
            path,
            stat,
            sha256,
            role,
        } => {
            let left = Left {
                path: path.clone(),
                sha256,
                stat,
            };
            Ok(Outcome {
                submission_lies_at: Some(path),
                ..Outcome::left(left, role)
            })
        }
        Action::Put {
            sha256,
            folder,
            name,
            role,
        } => put(place, sha256, &folder, &name, role, laid).await,
        Action::Form {
            program,
            unit,
            period,
        } => match laid {
            Laid::Forms(files) => form::lay_ready(place, &Duty::of(&program, &unit, &period), files).await,
            _ => Ok(Outcome::default()),
        },
        Action::Restore { sha256, folder, name } => {
            let left = match site.share.find(&folder, &name, sha256) {
                Some(left) => left,
                None => publish_archived(site, sha256, &folder, &name)?,
            };
            Ok(Outcome::left(left, Role::Original))
        }
        Action::Note { name, text } => {
            lay_note(site, &name, &text).context(Area::Output)?;
            Ok(Outcome::default())
        }
        Action::Receipt {
            program,
            unit,
            period,
        } => receipt(place, &Duty::of(&program, &unit, &period), laid).await,
        Action::Forget { submission, .. } => {
            let notes = site.store.notes_of(submission).await?;
            take_away(place, notes.into_iter().map(|note| note.path).collect()).await
        }
        Action::TakeAway { path } => take_away(place, vec![path]).await,
        Action::Status {
            program,
            unit,
            period,
        } => status(place, &Duty::of(&program, &unit, &period), laid).await,
    }
}

/// Moves a file off the share.
fn move_away(
    site: &Site,
    from: SharePath,
    stat: Stat,
    sha256: Sha256,
    to: Outside,
    name: &str,
) -> anyhow::Result<Outcome> {
    let (folder, area) = match to {
        Outside::Quarantine => (site.archive.quarantine(), Area::Data),
        Outside::Waiting => (site.waiting_folder(), Area::Output),
    };
    let moved = match site.share.move_out(&from, stat, &folder, name).context(area)? {
        Some(moved) => Some(moved),
        // It was moved before the crash that brought us here.
        None => find_outside(&folder, name, sha256),
    };
    if let (Outside::Quarantine, Some(moved)) = (to, &moved) {
        // On the share others could read it.
        crate::platform::make_private(moved)?;
    }
    Ok(Outcome {
        gone: vec![from],
        submission_lies_at: moved.map(|path| path.display().to_string().parse()).transpose()?,
        ..Outcome::default()
    })
}

/// Puts the receipt into place, or takes it away when nothing counts any more.
async fn receipt(place: &mut Place<'_>, about: &Duty, laid: Laid) -> anyhow::Result<Outcome> {
    let Laid::Note(note, file) = laid else {
        // Nothing counts any more: a receipt would say what isn't so.
        let path = notes::receipt_path(place.site, about);
        return take_away(place, path.into_iter().collect()).await;
    };
    let ours = place.our_note(&note.folder.join(&note.name)).await?;
    let left = place.site.share.publish(&note.folder, &note.name, file, &ours)?;
    Ok(Outcome::left(left, Role::Note))
}

/// Removes notes of ours that nobody has changed.
async fn take_away(place: &mut Place<'_>, paths: Vec<SharePath>) -> anyhow::Result<Outcome> {
    for path in &paths {
        for sha256 in place.ours(path).await? {
            place.site.share.remove_ours(path, sha256);
        }
    }
    Ok(Outcome {
        gone: paths,
        ..Outcome::default()
    })
}

/// Publishes a prepared file.
async fn put(
    place: &mut Place<'_>,
    sha256: Sha256,
    folder: &SharePath,
    name: &str,
    role: Role,
    laid: Laid,
) -> anyhow::Result<Outcome> {
    let share = &place.site.share;
    let left = if let Laid::Prepared(file) = laid {
        let path = folder.join(name);
        let ours = match role {
            Role::Note => place.our_note(&path).await?,
            _ => place.ours(&path).await?,
        };
        share.publish(folder, name, file, &ours)?
    } else {
        // It was published before the crash that brought us here.
        match share.find(folder, name, sha256) {
            Some(left) => left,
            None => return Ok(Outcome::default()),
        }
    };
    Ok(Outcome {
        prepared: Some(sha256),
        ..Outcome::left(left, role)
    })
}

/// Puts a note into the office's own folder, unless it lies there already.
fn lay_note(site: &Site, name: &str, text: &str) -> io::Result<()> {
    let folder = site.waiting_folder();
    std::fs::create_dir_all(&folder)?;
    let target = folder.join(name);
    if std::fs::read_to_string(&target).ok().as_deref() == Some(text) {
        return Ok(());
    }
    crate::platform::durable::write_whole(&target, text.as_bytes())
}

/// An original that is to be moved.
struct Original {
    submission: Option<SubmissionId>,
    stat: Stat,
    sha256: Sha256,
    folder: SharePath,
    name: String,
    role: Role,
}

/// Moves an original. If it was moved before a crash, finds it; if a claim
/// that was overtaken had moved it elsewhere, fetches it from there; if a
/// person changed or removed it meanwhile, puts the archived copy there and
/// leaves theirs alone.
async fn move_original(site: &Site, from: SharePath, original: &Original) -> anyhow::Result<Outcome> {
    let Original {
        submission,
        stat,
        sha256,
        folder,
        name,
        role,
    } = original;
    let share = &site.share;
    let mut gone = vec![from];
    let mut moved = share.move_into(&gone[0], *stat, *sha256, folder, name)?;
    if moved.is_none() {
        moved = share.find(folder, name, *sha256);
    }
    if let (None, Some(id)) = (&moved, submission)
        && let Some(there) = strayed(site, *id, *sha256).await?
    {
        moved = share.move_into(&there.path, there.stat, *sha256, folder, name)?;
        gone.push(there.path);
    }
    let left = match moved {
        Some(left) => left,
        None => publish_archived(site, *sha256, folder, name)?,
    };
    gone.retain(|path| *path != left.path);
    Ok(Outcome {
        gone,
        submission_lies_at: Some(left.path.clone()),
        ..Outcome::left(left, *role)
    })
}

/// Publishes a copy of an archived original.
fn publish_archived(site: &Site, sha256: Sha256, folder: &SharePath, name: &str) -> io::Result<Left> {
    let bytes = std::fs::read(site.archive.path_of(sha256))?;
    let file = site.share.write(folder, &bytes, None)?;
    site.share.publish(folder, name, file, &[])
}

/// A file outside the share that has this content, under `name` or a name beside it.
fn find_outside(folder: &std::path::Path, name: &str, sha256: Sha256) -> Option<std::path::PathBuf> {
    crate::inbox::free_names(name)
        .map(|name| folder.join(name))
        .take_while(|path| path.exists())
        .find(|path| {
            std::fs::read(path).is_ok_and(|bytes| sha256 == crate::platform::durable::sha256(&bytes))
        })
}

/// Puts the status note into place and removes those that it replaces.
async fn status(place: &mut Place<'_>, about: &Duty, laid: Laid) -> anyhow::Result<Outcome> {
    let share = &place.site.share;
    let Laid::Note(note, file) = laid else {
        // Nothing was handed in, and no draft lies there any more.
        let Some(start) = notes::status_start(place.site, about) else {
            return Ok(Outcome::default());
        };
        let old = place.beginning(&start, Role::Status).await?;
        return take_away(place, old.into_iter().map(|old| old.path).collect()).await;
    };
    let ours = place.our_note(&note.folder.join(&note.name)).await?;
    let left = share.publish(&note.folder, &note.name, file, &ours)?;
    let mut gone = Vec::new();
    let replaced = note.folder.join(&note.prefix);
    for old in place.beginning(&replaced, Role::Status).await? {
        if old.path != left.path {
            share.remove_ours(&old.path, old.sha256);
            gone.push(old.path);
        }
    }
    if let Some(folder) = &note.settles {
        for old in place.beginning(folder, Role::Marked).await? {
            let name = old.path.name();
            if !share.is_locked(folder, name) {
                share.remove_ours(&old.path, old.sha256);
                gone.push(old.path);
            }
        }
    }
    Ok(Outcome {
        gone,
        ..Outcome::left(left, Role::Status)
    })
}
