//! Letters to a mail server.
//!
//! The conversation is our own rather than the composing library's. What
//! became of a letter hangs on *where* a connection broke: before the final
//! dot nothing was taken, after it nobody knows. The library doesn't tell the
//! two apart; it also fails on the GBK replies of Chinese servers, and its
//! two small writes a letter wait for each other (Nagle), which holds a local
//! server to 25 letters a second.

mod connect;
mod conversation;
mod failure;
mod password;
mod reply;

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tokio::time::timeout;
use tokio_rustls::rustls::ClientConfig;

use super::{MailOptions, Message, Outcome, SmtpOptions, mime, recipients};
use connect::connect;
use conversation::{Conversation, Envelope};
use failure::{Fault, Step};

pub use failure::Failure;

/// Letters over one connection. Servers limit it; 163.com answers `MI:DMC` above some tens.
const LETTERS_PER_CONNECTION: u32 = 50;

/// A connection that lay idle for longer may have been given up by the server.
const IDLE: Duration = Duration::from_secs(20);

/// Connections kept for the next letters.
const KEPT: usize = 4;

/// How long a server gets to take our leave.
const FAREWELL: Duration = Duration::from_secs(1);

/// Sends letters to a server; may be asked several at a time.
#[derive(Debug)]
pub struct SmtpTransport {
    options: MailOptions,
    tls: Arc<ClientConfig>,
    kept: Mutex<Vec<Kept>>,
}

/// A connection between two letters.
#[derive(Debug)]
struct Kept {
    conversation: Conversation,
    letters: u32,
    since: Instant,
}

impl SmtpTransport {
    /// A transport to the options' server.
    ///
    /// # Errors
    /// `ca_file` can't be read or holds no certificate.
    pub fn new(options: &MailOptions) -> anyhow::Result<Self> {
        let ca_file = options.smtp.ca_file.as_deref();
        let tls = connect::tls(ca_file).with_context(|| {
            format!(
                "证书文件（ca_file）{} 用不了",
                ca_file.unwrap_or("".as_ref()).display()
            )
        })?;
        Ok(Self {
            options: options.clone(),
            tls: Arc::new(tls),
            kept: Mutex::default(),
        })
    }

    /// Sends a letter, in no more than the configured time.
    pub async fn send(&self, message: &Message) -> Outcome {
        if let Err(refused) = recipients::check(message, &self.options) {
            return Outcome::Permanent(refused);
        }
        let mail = match mime::compose(message) {
            Ok(mail) => mail,
            Err(refused) => return Outcome::Permanent(refused),
        };
        let envelope = Envelope {
            sender: &message.from.address,
            recipients: message.recipients().map(|to| to.address.as_str()).collect(),
        };
        let mut step = Step::Connect;
        let attempt = self.attempt(&envelope, &mail, &mut step);
        match limited(self.server().timeout, attempt).await {
            Ok(()) => Outcome::Sent,
            Err(fault) => self.failure(step, fault).outcome(),
        }
    }

    /// Connects, logs in and takes leave.
    ///
    /// # Errors
    /// What is in the way, in words for the office.
    pub async fn probe(&self, limit: Duration) -> Result<(), String> {
        let mut step = Step::Connect;
        let connected = limited(limit, connect(self.server(), &self.tls, &mut step)).await;
        let conversation = connected.map_err(|fault| self.failure(step, fault).to_string())?;
        farewell(conversation).await;
        Ok(())
    }

    async fn attempt(&self, envelope: &Envelope<'_>, mail: &[u8], step: &mut Step) -> Result<(), Fault> {
        if let Some(kept) = self.take_kept() {
            match self.over(kept, envelope, mail, step).await {
                // The server gave the connection up while it lay idle. It has
                // seen nothing of this letter, so a new connection doubles nothing.
                Err(fault) if *step == Step::Sender && fault.is_of_connection() => {}
                done => return done,
            }
        }
        *step = Step::Connect;
        let kept = Kept {
            conversation: connect(self.server(), &self.tls, step).await?,
            letters: 0,
            since: Instant::now(),
        };
        self.over(kept, envelope, mail, step).await
    }

    async fn over(
        &self,
        mut kept: Kept,
        envelope: &Envelope<'_>,
        mail: &[u8],
        step: &mut Step,
    ) -> Result<(), Fault> {
        let sent = kept.conversation.send(envelope, mail, step).await;
        kept.letters += 1;
        kept.since = Instant::now();
        match &sent {
            Ok(()) if kept.letters < LETTERS_PER_CONNECTION => self.keep(kept),
            // What is known of the letter must not wait for the farewell, whose time is not the letter's.
            Ok(()) => drop(tokio::spawn(farewell(kept.conversation))),
            Err(fault) if !fault.is_of_connection() => drop(tokio::spawn(farewell(kept.conversation))),
            Err(_) => {}
        }
        sent
    }

    fn take_kept(&self) -> Option<Kept> {
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|kept| kept.since.elapsed() < IDLE);
        all.pop()
    }

    fn keep(&self, kept: Kept) {
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() < KEPT {
            all.push(kept);
        }
    }

    fn server(&self) -> &SmtpOptions {
        &self.options.smtp
    }

    fn failure(&self, step: Step, fault: Fault) -> Failure {
        Failure {
            server: self.server().server(),
            step,
            fault,
        }
    }
}

/// The outer limit around everything that waits for a server.
async fn limited<T>(limit: Duration, work: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    timeout(limit, work)
        .await
        .unwrap_or(Err(Fault::TookTooLong(limit)))
}

async fn farewell(mut conversation: Conversation) {
    let _ = timeout(FAREWELL, conversation.quit()).await;
}
