//! One pass over the letters: walk, send, word what waits.

use std::sync::Arc;

use super::compose::word_new;
use super::send::send;
use super::settled::drop_settled;
use super::walk::{Walked, walk};
use crate::domain::letters::Hold;
use crate::jobs::site::Site;

/// What a pass did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reminded {
    /// What the walk brought out.
    pub walked: Walked,
    /// Letters that went out.
    pub sent: usize,
}

/// Walks the ladder, sends what may go, words what waits. Can be done again
/// at any time: what was recorded is not recorded twice, what was sent is not
/// sent again.
///
/// # Errors
/// The database can't be read or written: the next round goes on where this one
/// ended. A template is faulty: say which; its letters wait until it is mended.
pub async fn remind(site: &Arc<Site>, hold: Hold) -> anyhow::Result<Reminded> {
    let walked = walk(site, hold).await?;
    let sent = if hold.clock_fault { 0 } else { send(site).await? };
    drop_settled(site).await?;
    // What went out was worded then; the rest is worded for people to see.
    word_new(site).await?;
    Ok(Reminded { walked, sent })
}
