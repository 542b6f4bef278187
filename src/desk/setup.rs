//! Setting up a site: what is asked, step by step, and kept until all of it is
//! looked at once more; only then is anything made, and nobody is written to
//! before that.

mod answers;
mod enter;
mod finish;
mod places;
mod plan;
mod redate;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use tokio::sync::watch;

use super::accounts::Token;
use crate::domain::sha256::Sha256;
use crate::jobs::options::Options;
use crate::platform::durable::write_private;

pub use answers::{Answers, Mail, Office, Person, Places, Security, Step, Way};
pub use enter::{enter, person};
pub use finish::finish;
pub use places::{Place, looked_at};
pub use plan::{Choice, Dates, FirstForm, Making, choices, dates, first_form, making};
pub use redate::{Redated, redate};

/// The folder beside the site's own files that setting up keeps its own in.
pub const FOLDER: &str = ".setup";

/// The file of answers.
const ANSWERS: &str = "answers.json";

/// The file of the mail account's password, as long as it is set up.
const PASSWORD: &str = "mail.password";

/// What setting up needs of whoever starts it: the configuration is none of the desk's.
pub trait Composer: Send + Sync {
    /// What a site with these answers is run with.
    ///
    /// # Errors
    /// In words: what of them can't be.
    fn options(&self, answers: &Answers) -> Result<Options, String>;

    /// Writes the configuration; from then on the site is there.
    ///
    /// # Errors
    /// It can't be written.
    fn write(&self, answers: &Answers) -> anyhow::Result<()>;
}

/// A site that is being set up.
pub struct Setup {
    dir: PathBuf,
    answers: Mutex<Answers>,
    composer: Box<dyn Composer>,
    /// What the one-time address is known by; none once it was used.
    entrance: Mutex<Option<Sha256>>,
    /// Held while it is finished.
    finishing: tokio::sync::Mutex<bool>,
    finished: watch::Sender<bool>,
}

impl Setup {
    /// Begins, or goes on where it ended; gives the secret part of the one-time address.
    ///
    /// # Errors
    /// What was answered before can't be read; the system gives no random numbers.
    pub fn begin(dir: &Path, composer: Box<dyn Composer>) -> anyhow::Result<(Self, Token)> {
        let file = dir.join(FOLDER).join(ANSWERS);
        let answers = match std::fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .with_context(|| format!("{} 读不懂。要从头开始，请删去它", file.display()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Answers::default(),
            Err(error) => return Err(error).with_context(|| file.display().to_string()),
        };
        let token = Token::fresh()?;
        let own = Self {
            dir: dir.to_owned(),
            answers: Mutex::new(answers),
            composer,
            entrance: Mutex::new(Some(entrance(&token))),
            finishing: tokio::sync::Mutex::new(false),
            finished: watch::Sender::new(false),
        };
        Ok((own, token))
    }

    /// The folder of the site.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What was answered.
    #[must_use]
    pub fn answers(&self) -> Answers {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.clone()
    }

    /// Keeps what a step was answered with.
    ///
    /// # Errors
    /// It can't be written; then it is as it was.
    pub fn keep(&self, change: impl FnOnce(&mut Answers)) -> anyhow::Result<()> {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = answers.clone();
        change(&mut next);
        let text = serde_json::to_vec_pretty(&next)?;
        write_private(&self.dir.join(FOLDER).join(ANSWERS), &text).context("填写的内容没有存下来")?;
        *answers = next;
        Ok(())
    }

    /// Keeps the mail account's password in a file of its own.
    ///
    /// # Errors
    /// It can't be written.
    pub fn keep_password(&self, password: &str) -> anyhow::Result<()> {
        write_private(&self.password_file(), password.as_bytes()).context("邮箱密码没有存下来")
    }

    /// Where the mail account's password lies meanwhile.
    fn password_file(&self) -> PathBuf {
        self.dir.join(FOLDER).join(PASSWORD)
    }

    /// What a site with these answers is run with; the password is read from
    /// where it lies as long as the site isn't made.
    ///
    /// # Errors
    /// In words: what of them can't be.
    pub fn options(&self, answers: &Answers) -> Result<Options, String> {
        let mut options = self.composer.options(answers)?;
        if answers.mail.has_password {
            options.mail.smtp.password = crate::mail::Password::File(self.password_file());
        }
        Ok(options)
    }

    /// Waits until the site is made.
    pub async fn is_finished(&self) {
        // The sender is ours: it doesn't end before.
        let _ = self.finished.subscribe().wait_for(|finished| *finished).await;
    }

    /// Whether a token is the one of the address, which is used up by it.
    fn lets_in(&self, token: &str) -> bool {
        let mut own = self.entrance.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = Token::sent(token).is_some_and(|token| *own == Some(entrance(&token)));
        if fits {
            *own = None;
        }
        fits
    }

    /// Whether a token is the one of the address, which still holds.
    #[must_use]
    pub fn knows(&self, token: &str) -> bool {
        let own = self.entrance.lock().unwrap_or_else(PoisonError::into_inner);
        Token::sent(token).is_some_and(|token| *own == Some(entrance(&token)))
    }
}

fn entrance(token: &Token) -> Sha256 {
    Sha256::of(["setup", token.as_str()])
}
