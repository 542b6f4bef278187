//! What pages about letters show, kept as the rest of the board is.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;

use super::shelf::Now;
use super::{Board, midnight};
use crate::desk::ahead::{Ahead, ahead};
use crate::desk::drafting::{Drafted, drafted};
use crate::desk::outbox::{Copies, Counts};
use crate::domain::ids::LetterId;
use crate::domain::program::Program;
use crate::jobs::site::Site;
use crate::store::Revisions;

/// How long a draft may say that it stands as of an instant that has passed.
const AS_OF: TimeDelta = TimeDelta::minutes(10);

impl Board {
    /// How many letters there are, of all programmes.
    ///
    /// # Errors
    /// The database can't be read.
    pub async fn letter_counts(
        &self,
        site: &Arc<Site>,
        revisions: &Revisions,
    ) -> anyhow::Result<Arc<Counts>> {
        let now = Now {
            revision: revisions.of_letters(),
            ..Now::of_all(site, &[], revisions)
        };
        let end = midnight(now.at);
        let fresh = async { Ok((Counts::of(site).await?, end)) };
        self.counts.sure((), now, fresh).await
    }

    /// Copies that a person hands on, of all programmes.
    ///
    /// # Errors
    /// The database can't be read.
    pub async fn copies(&self, site: &Arc<Site>, revisions: &Revisions) -> anyhow::Result<Arc<Copies>> {
        let programs = site.programs();
        let now = Now::of_all(site, &programs, revisions);
        let at = now.at;
        let fresh = Box::pin(async {
            let copies = Copies::of(site).await?;
            let until = before_midnight(copies.until, at);
            Ok((copies, until))
        });
        self.copies.sure((), now, fresh).await
    }

    /// A draft as the program words it now; it says as of when.
    ///
    /// # Errors
    /// See [`drafted`].
    pub async fn drafted(
        &self,
        site: &Arc<Site>,
        id: LetterId,
        revisions: &Revisions,
    ) -> anyhow::Result<Arc<Drafted>> {
        let programs = site.programs();
        let now = Now::of_all(site, &programs, revisions);
        let until = before_midnight(Some(now.at + AS_OF), now.at);
        let fresh = Box::pin(async { Ok((drafted(site, id).await?, until)) });
        self.drafted.sure(id, now, fresh).await
    }

    /// What of a programme goes within thirty days.
    ///
    /// # Errors
    /// The database can't be read.
    pub async fn ahead(
        &self,
        site: &Arc<Site>,
        program: &Arc<Program>,
        revisions: &Revisions,
    ) -> anyhow::Result<Arc<Ahead>> {
        let now = Now::of(site, program, revisions);
        let at = now.at;
        let fresh = Box::pin(async {
            let made = ahead(site, program).await?;
            let until = before_midnight(made.first_after(at), at);
            Ok((made, until))
        });
        self.ahead.sure(program.id.clone(), now, fresh).await
    }
}

/// An instant, or the end of the day where that comes first.
fn before_midnight(until: Option<DateTime<Tz>>, at: DateTime<Tz>) -> DateTime<Tz> {
    let end = midnight(at);
    until.map_or(end, |until| until.min(end))
}
