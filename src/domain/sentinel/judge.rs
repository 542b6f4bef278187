//! What a site may do on a share, by what the sentinel says.

use chrono::{DateTime, Utc};

use super::{Said, Sentinel};

/// The site that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// Its id.
    pub site: String,
    /// The machine that it runs on.
    pub host: String,
    /// Its data folder, absolute.
    pub data: String,
    /// The shared folder, absolute.
    pub watch: String,
    /// This process, a random word.
    pub process: String,
    /// The heartbeat that this process wrote last, if it wrote one.
    pub wrote: Option<DateTime<Utc>>,
    /// Whether the share was this site's when it last looked, also before a restart.
    pub held: bool,
    /// Whether the file is known to be a copy of one that stands elsewhere on
    /// this machine: then the whole site was copied, share and all.
    pub copied: bool,
}

/// From whom a share is taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Predecessor {
    /// Nobody was named.
    Nobody,
    /// Another site, or this one at another place, which has ended its work.
    Stopped(Sentinel),
    /// The same, but it has only fallen silent.
    Silent(Sentinel),
    /// The same place with another id: its database was made anew. The lock
    /// in the data folder proves that nobody else works there.
    SamePlace(Sentinel),
    /// The site that this one, with its share, is a copy of.
    Original(Sentinel),
}

/// What a site may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// The share is ours.
    Owned,
    /// It may be taken over.
    TakeOver {
        /// From whom.
        from: Predecessor,
    },
    /// Somebody else works there.
    RefusedBecause(Sentinel),
    /// The file isn't as a program wrote it.
    ChangedByHand {
        /// What is wrong with it, in words.
        reason: String,
        /// It may be written anew: the share is ours. Otherwise it names
        /// another site, or nobody knows whose it is, and a person must say.
        repair: bool,
    },
}

/// Judges what the sentinel says at `now`, by this machine's own clock.
#[must_use]
pub fn judge(said: &Said, own: &Own, now: DateTime<Utc>) -> Judgement {
    match said {
        Said::Nobody => Judgement::TakeOver {
            from: Predecessor::Nobody,
        },
        Said::Odd {
            site,
            process,
            reason,
        } => Judgement::ChangedByHand {
            reason: reason.clone(),
            repair: match site {
                // Nobody but this process knows its word.
                _ if own.wrote.is_some() && process.as_ref() == Some(&own.process) => true,
                Some(site) => *site == own.site,
                None => own.held,
            },
        },
        Said::Owner(sentinel) => of_owner(sentinel, own, now),
    }
}

fn of_owner(sentinel: &Sentinel, own: &Own, now: DateTime<Utc>) -> Judgement {
    // Nobody but this process knows its word.
    if own.wrote.is_some() && sentinel.process == own.process {
        return Judgement::Owned;
    }
    if own.copied {
        let from = Predecessor::Original(sentinel.clone());
        return Judgement::TakeOver { from };
    }
    // Another process writes while this one works: not the one before it, which
    // has ended, but a twin on a cloned machine.
    let twin = own.wrote.is_some();
    if sentinel.is_at(own) && !twin {
        if sentinel.site == own.site {
            return Judgement::Owned;
        }
        let from = Predecessor::SamePlace(sentinel.clone());
        return Judgement::TakeOver { from };
    }
    if sentinel.is_young(now) {
        return Judgement::RefusedBecause(sentinel.clone());
    }
    let from = if sentinel.stopped {
        Predecessor::Stopped(sentinel.clone())
    } else {
        Predecessor::Silent(sentinel.clone())
    };
    Judgement::TakeOver { from }
}
