//! Everything but intake that is due now, piece by piece: what fails for one
//! place stops nothing that goes on elsewhere.

use std::time::Instant;

use chrono::DateTime;
use chrono_tz::Tz;

use super::{AFTER_FAULT, CATCH_UP, COMMANDS, DEFINITIONS, Daemon, HOURLY};
use crate::domain::letters::Hold;
use crate::jobs::deliver::deliver;
use crate::jobs::faults::{Area, area_of};
use crate::jobs::ingest::Round;
use crate::jobs::remind::{self as letters, Reminded, remind};
use crate::jobs::{consolidate, holidays, levels, pass, running, sentinel};

/// 运行情况.txt: what it says, and when it may be tried again.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// It has to be written.
    wanted: bool,
    /// The faults that it speaks of, by the count of their changes.
    faults: u64,
    not_before: Option<Instant>,
}

impl Page {
    /// Has it written at once, whether or not it would say something else.
    pub(super) fn again(&mut self) {
        self.wanted = true;
        self.not_before = None;
    }
}

impl Daemon {
    /// Everything but intake that is due now.
    pub(super) async fn attend(&mut self, round: &Round) {
        self.site.pulse.beat(self.away);
        let hour = self.hour.is_none_or(|last| last.elapsed() >= HOURLY);
        if hour {
            self.hour = Some(Instant::now());
            self.page.wanted = true;
        }
        let definitions = self.definitions.elapsed() >= DEFINITIONS;
        let (mut well, mut lost) = (true, false);
        for piece in [Piece::Told, Piece::Share, Piece::Masters, Piece::Letters] {
            let (area, what) = piece.about();
            let outcome = match piece {
                Piece::Told => self.hear(definitions).await,
                Piece::Share => self.work_on_the_share(definitions, round).await,
                Piece::Masters => self.bring_masters_up_to_date(hour, round).await,
                Piece::Letters => self.remind().await,
            };
            if let Err(error) = outcome {
                well = false;
                self.merge.put_off(AFTER_FAULT);
                lost = self.site.name_fault(area, what, &error) == Some(Area::Database);
                if lost {
                    // Nothing goes on without the database.
                    break;
                }
            }
        }
        // What was told is acted on once, or again when the database is back.
        self.told &= lost;
        self.write_page(round).await;
        self.confirm();
        self.site.faults.keep();
        self.write_page(round).await;
        if !well {
            tokio::time::sleep(COMMANDS).await;
        }
    }

    /// What people have changed by commands and in the definitions.
    async fn hear(&mut self, definitions: bool) -> anyhow::Result<()> {
        let site = &self.site;
        sentinel::still_held(site).await?;
        let count = site.store.change_count().await?;
        self.told |= std::mem::replace(&mut self.seen, count) != count;
        // What is delivered next may name a due date.
        if (self.told || definitions) && holidays::refresh(site).await? {
            self.merge.mark();
        }
        Ok(())
    }

    async fn work_on_the_share(&mut self, definitions: bool, round: &Round) -> anyhow::Result<()> {
        let site = &self.site;
        if definitions {
            self.definitions = Instant::now();
            site.reload();
        }
        if (self.told || definitions) && levels::take_up(site).await? {
            self.merge.mark();
        }
        // Also where the page has read them again.
        let read = site.definitions();
        if std::mem::replace(&mut self.read, read) != read && round.away.is_none() {
            self.mending.unready = true;
            self.merge.mark();
        }
        let waiting = site.store.next_delivery().await?;
        if self.told || waiting.is_some_and(|at| at <= site.clock.utc()) {
            deliver(site).await?;
        }
        if self.told {
            self.merge.mark();
        }
        if self.mending.unready && (definitions || self.mending.trying) {
            pass::make_share(site).await?;
            self.mending.unready = false;
        }
        Ok(())
    }

    async fn bring_masters_up_to_date(&mut self, hour: bool, round: &Round) -> anyhow::Result<()> {
        if hour {
            self.merge.hasten();
        }
        if let Some(outcome) = self.masters.back().await
            && outcome?
        {
            self.merge.put_off(AFTER_FAULT);
        }
        if self.merge.is_due() && round.away.is_none() && !self.masters.is_out() {
            self.merge.done();
            let site = self.site.clone();
            self.masters
                .set_out(move || async move { consolidate::all(&site).await });
        }
        Ok(())
    }

    async fn remind(&mut self) -> anyhow::Result<()> {
        let outcome = self.letters.back().await;
        if let Some(outcome) = outcome {
            // Without the database nothing was walked; a faulty template is no
            // better at once.
            self.taken |= outcome
                .as_ref()
                .is_err_and(|error| area_of(error, Area::Data) == Some(Area::Database));
            let reminded = outcome?;
            if reminded.walked.letters > 0 || reminded.sent > 0 {
                tracing::info!(letters = reminded.walked.letters, sent = reminded.sent, "信函");
            }
            if reminded.walked.held > 0 {
                tracing::warn!(held = reminded.walked.held, "催报暂停");
            }
        }
        // Letters speak of masters: those being written come first.
        if self.is_catching_up() || self.masters.is_out() || self.letters.is_out() {
            // Nobody is chased whose ledger lies there and has yet to settle.
            self.taken |= self.told;
            return Ok(());
        }
        let site = self.site.clone();
        let before = self.hold;
        let turned = before.share_away != self.away;
        if self.told || self.taken || turned || self.is_walk_due(site.clock.now()) {
            let fault = self.clock_watch.fault(&site, Instant::now()).await?;
            if let (Some(fault), false) = (&fault, self.hold.clock_fault) {
                tracing::error!(fault, "本机时间不对，催报暂停");
            }
            self.hold = Hold {
                share_away: self.away,
                clock_fault: fault.is_some(),
            };
            // That chases are held, and no longer, is said at once.
            self.page.wanted |= self.hold != before;
            self.walked = Some(site.clock.now());
            self.walk_at = site.options.times.walk.after(site.clock.now());
            self.taken = false;
            let hold = self.hold;
            self.letters
                .set_out(move || async move { remind(&site, hold).await });
        } else if !site.unrecorded.is_empty()
            || !self.hold.clock_fault
                && letters::next(&site)
                    .await?
                    .is_some_and(|at| at <= site.clock.utc())
        {
            self.letters.set_out(move || async move {
                let sent = letters::send(&site).await?;
                Ok(Reminded {
                    sent,
                    ..Reminded::default()
                })
            });
        }
        Ok(())
    }

    /// Waits for what is under way, before the end.
    pub(super) async fn come_home(&mut self) {
        if self.masters.is_out() {
            self.masters.ended().await;
        }
        if self.letters.is_out() {
            self.letters.ended().await;
        }
    }

    /// Writes 运行情况.txt, if it would say something else by now.
    async fn write_page(&mut self, round: &Round) {
        let changes = self.site.faults.changes();
        self.page.wanted |= self.site.holding.take_news();
        let soon = self.page.not_before.is_some_and(|at| Instant::now() < at);
        if soon || !self.page.wanted && self.page.faults == changes {
            return;
        }
        match running::write(&self.site, round, Some(self.started), self.hold).await {
            Ok(()) => {
                self.page = Page {
                    faults: changes,
                    ..Page::default()
                }
            }
            Err(error) => {
                self.page.not_before = Some(Instant::now() + AFTER_FAULT);
                self.site.name_fault(Area::Output, "运行情况没有写成", &error);
            }
        }
    }

    /// Whether something that may have come while nobody looked has yet to be taken.
    fn is_catching_up(&self) -> bool {
        self.intake.is_waiting() && self.back.elapsed() < CATCH_UP
    }

    /// Whether the ladder is walked at an instant: when its time has come, or
    /// when the clock was set back, for then that time may be far ahead.
    fn is_walk_due(&self, now: DateTime<Tz>) -> bool {
        self.walk_at.is_none_or(|at| at <= now) || self.walked.is_some_and(|walked| now < walked)
    }
}

/// A piece of what is due.
#[derive(Debug, Clone, Copy)]
enum Piece {
    Told,
    Share,
    Masters,
    Letters,
}

impl Piece {
    /// Where it writes, and what is said when it fails.
    fn about(self) -> (Area, &'static str) {
        match self {
            Self::Told => (Area::Database, "没有看到有没有新的命令，稍后再试"),
            Self::Share => (Area::Share, "共享文件夹中的工作没有完成，稍后再试"),
            Self::Masters => (Area::Output, "汇总台账没有更新，稍后再试"),
            Self::Letters => (Area::Data, "信函没有处理完，稍后再试"),
        }
    }
}
