//! The end of a trial.

use anyhow::Context as _;

use crate::domain::actor::Actor;
use crate::domain::ids::ProgramId;
use crate::domain::letters::LetterState;
use crate::domain::program::with_trial;
use crate::jobs::kept_files::{self, Replacing};
use crate::jobs::programs;
use crate::jobs::refusal::refuse;
use crate::jobs::rosters;
use crate::jobs::site::Site;

/// Drafts that were made on a programme's trial.
pub(super) async fn trial_drafts(site: &Site, id: &ProgramId) -> anyhow::Result<usize> {
    let Some(began) = site.store.trial_began(id).await? else {
        return Ok(0);
    };
    let mut letters = site.store.letters(&[LetterState::Draft]).await?;
    letters.retain(|letter| letter.created >= began);
    let ids: Vec<_> = letters.iter().map(|letter| letter.id).collect();
    let notices = site.store.notices_of_all(&ids).await?;
    let own = |id_of: &&_| {
        notices
            .get(id_of)
            .is_some_and(|all| all.iter().any(|own| own.key.program == *id))
    };
    Ok(ids.iter().filter(own).count())
}

/// Writes into the definition that the trial is over; nothing else of it changes.
pub(super) async fn end_trial(
    site: &Site,
    change: &mut crate::store::Change,
    by: &Actor,
    id: &ProgramId,
) -> anyhow::Result<()> {
    let folder = rosters::folder(site, id).context("方案的文件夹不在了")?;
    let path = folder.join("program.toml");
    let bytes = programs::bytes(&path).context("program.toml 读不出来")?;
    let text = String::from_utf8(bytes.clone()).context("program.toml 不是UTF-8编码")?;
    let (mark, body) = match text.strip_prefix('\u{feff}') {
        Some(body) => ("\u{feff}", body),
        None => ("", text.as_str()),
    };
    let Some(body) = with_trial(body, false) else {
        refuse!(
            site.language(),
            "program.toml 里没有 trial 这一项，请直接改文件",
            "program.toml has no entry trial; change the file itself"
        );
    };
    let (key, fresh) = (format!("{id}/program.toml"), format!("{mark}{body}"));
    let replacing = Replacing {
        path: &path,
        key: &key,
        seen: crate::platform::durable::sha256(&bytes).into(),
        bytes: fresh.as_bytes(),
    };
    kept_files::replace(site, change, by.name(), replacing).await?;
    Ok(())
}
