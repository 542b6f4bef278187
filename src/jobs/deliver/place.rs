//! What we left in one place of the share, as far as steps there ask for it.

use std::collections::HashMap;

use crate::domain::check_code::is_whole;
use crate::domain::sha256::Sha256;
use crate::domain::share_path::SharePath;
use crate::jobs::site::Site;
use crate::platform::durable::sha256;
use crate::store::{Placed, Role};

/// A unit's folder, or another folder of a programme, while steps work in it.
pub(super) struct Place<'a> {
    pub(super) site: &'a Site,
    /// What lay below each folder when it was first asked for.
    below: HashMap<SharePath, Vec<Placed>>,
}

impl<'a> Place<'a> {
    /// `below`: what lies below folders that are known to be asked for.
    pub(super) fn new(site: &'a Site, below: HashMap<SharePath, Vec<Placed>>) -> Self {
        Self { site, below }
    }

    /// SHA-256 of what we last put at a path, if anything; what a person put
    /// there and we only remember isn't ours.
    pub(super) async fn ours(&mut self, path: &str) -> anyhow::Result<Vec<Sha256>> {
        let below = self.below(path).await?;
        let at = below
            .iter()
            .filter(|placed| placed.path == path && !matches!(placed.role, Role::Kept | Role::Attachment));
        Ok(at.map(|placed| placed.sha256).collect())
    }

    /// As [`Place::ours`], of a note: also one that lies there as we wrote it
    /// without being remembered, after a crash, a renamed folder or a restored
    /// backup. Its successor replaces it instead of piling up beside it.
    pub(super) async fn our_note(&mut self, path: &str) -> anyhow::Result<Vec<Sha256>> {
        let mut ours = self.ours(path).await?;
        let Ok(bytes) = std::fs::read(self.site.share.path(path)) else {
            return Ok(ours);
        };
        let sha256 = sha256(&bytes).into();
        if ours.contains(&sha256) {
            return Ok(ours);
        }
        let whole = str::from_utf8(&bytes).is_ok_and(is_whole);
        let known = self.site.store.placed_with(sha256).await?;
        if whole
            || known
                .iter()
                .any(|own| matches!(own.role, Role::Note | Role::Status))
        {
            ours.push(sha256);
        }
        Ok(ours)
    }

    /// As [`Place::ours`], of one role: what a person wrote and we kept isn't ours.
    pub(super) async fn ours_as(&mut self, path: &str, role: Role) -> anyhow::Result<Vec<Sha256>> {
        let below = self.below(path).await?;
        let at = below
            .iter()
            .filter(|placed| placed.path == path && placed.role == role);
        Ok(at.map(|placed| placed.sha256).collect())
    }

    /// Files of a role whose paths begin so.
    pub(super) async fn beginning(&mut self, start: &str, role: Role) -> anyhow::Result<Vec<Placed>> {
        let below = self.below(start).await?;
        let found = below
            .iter()
            .filter(|placed| placed.role == role && placed.path.starts_with(start));
        Ok(found.cloned().collect())
    }

    /// What we left in the folder of the programme that a path lies in.
    async fn below(&mut self, path: &str) -> anyhow::Result<&[Placed]> {
        let folder = folder_of(path);
        if !self.below.contains_key(&folder) {
            let found = self.site.store.placed_below(&folder).await?;
            self.below.insert(folder.clone(), found);
        }
        Ok(&self.below[&folder])
    }
}

/// The folder of a programme that a path lies in: a unit's, or one for all.
pub(in crate::jobs) fn folder_of(path: &str) -> SharePath {
    let parts = path.split('/').take(2);
    parts.fold(SharePath::root(), |folder, part| folder.join(part))
}
