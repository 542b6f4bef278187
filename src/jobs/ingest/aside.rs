//! Files over which the process died again and again: left as and where they
//! are, archived, named; tried again when their bytes or the program change.

use std::sync::Arc;

use super::accepted::Accepted;
use super::examine::context;
use super::look::{Looked, Sight};
use crate::domain::actor::PROGRAM;
use crate::domain::check;
use crate::domain::codes::Code;
use crate::domain::identify::Origin;
use crate::domain::ids::UnitId;
use crate::domain::language::Language;
use crate::domain::period::Period;
use crate::domain::program::Program;
use crate::inbox::{Marks, Ready, Staged};
use crate::jobs::action::Action;
use crate::jobs::queue::add_all;
use crate::jobs::site::Site;
use crate::store::Entry;

/// What is said of a file that is put aside: whose it is by folder and name, no more.
pub(super) fn put_aside(
    site: &Site,
    standing: &Accepted,
    ready: Ready,
    staged: Staged,
    program: Arc<Program>,
) -> Looked {
    tracing::error!(
        file = ready.found.path.as_str(),
        "程序三次处理到这个文件时都中断了，已搁置：原文件未动，已存档"
    );
    let nothing = |_: &UnitId, _: &Period| Vec::new();
    let no_past = |_: &_| std::sync::Arc::default();
    let calendar = site.calendar();
    let origin = Origin {
        file_name: ready.found.name.clone(),
        folder_unit: ready.found.place.unit.clone(),
        ..Origin::default()
    };
    let reason = match program.language {
        Language::Chinese => "系统三次处理到它时都中断了，已搁置，文件留在原处",
        Language::English => {
            "the system broke off over it three times; it was put aside and left where it lies"
        }
    };
    let context = context(site, &calendar, &program, &origin, standing, (&nothing, &no_past));
    let examination = check::refuse(&context, Code::TooLarge, reason);
    Looked {
        ready,
        staged,
        program,
        sight: Sight::Ledger(Box::new(examination)),
        marked: None,
        content: String::new(),
        untouched: true,
        held: None,
    }
}

/// Has files tried again that another version of the program put aside, each
/// alone; takes away the notes that say otherwise.
///
/// # Errors
/// The database can't take it: nothing was done; the next round does it again.
pub async fn try_again(site: &Site, marks: &mut Marks) -> anyhow::Result<()> {
    let mut change = site.store.begin().await?;
    let files = site.store.try_again(&mut change).await?;
    if files.is_empty() {
        return Ok(());
    }
    for file in &files {
        let forget = Action::Forget {
            submission: file.submission,
            folder: file.path.folder(),
        };
        add_all(site, &mut change, Some(file.submission), &[forget]).await?;
        let entry = Entry {
            by: PROGRAM,
            what: "tried-again",
            program: Some(&file.program),
            unit: file.unit.as_ref(),
            submission: Some(file.submission),
            detail: file.path.as_str().into(),
            ..Entry::default()
        };
        site.store.log(&mut change, site.clock.utc(), &entry).await?;
        if let Some(stat) = site.share.stat(&file.path) {
            marks.suspect(&file.path, stat);
        }
    }
    change.commit().await?;
    Ok(())
}
