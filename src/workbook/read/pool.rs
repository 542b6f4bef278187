//! The parent's side: a few reading children, kept as long as they behave.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

use super::failure::ReadFailure;
use super::limits::Limits;
use super::protocol::{self, Answer, GREETING, Job};
use crate::domain::table::Workbook;
use crate::platform::{self, Stopped, stopped_by};

/// Time to start a child and to hear that its limits are set.
const STARTING: Duration = Duration::from_secs(10);

/// Reads files in child processes, each under [`Limits`], so that no file can
/// take the program down with it.
///
/// A child reads one file at a time and is replaced when it fails, runs out of
/// time or dies. Children start when they are first needed and end with the pool.
#[derive(Debug)]
pub struct ReaderPool {
    exe: PathBuf,
    limits: Limits,
    /// One permit for each child that may work at the same time.
    turns: Semaphore,
    idle: Mutex<Vec<Reader>>,
    asked: AtomicU64,
}

impl ReaderPool {
    /// Makes a pool of up to `size` children (at least one) that run
    /// `exe read-workbook`. Starts none yet.
    #[must_use]
    pub fn new(exe: PathBuf, limits: Limits, size: usize) -> Self {
        let turns = Semaphore::new(size.clamp(1, Semaphore::MAX_PERMITS));
        Self {
            exe,
            limits,
            turns,
            idle: Mutex::default(),
            asked: AtomicU64::new(0),
        }
    }

    /// How often a file was given to the pool to read.
    #[must_use]
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Reads a file. Waits for a free child first; [`Limits::wall`] counts from
    /// then on. Dropping the future ends the child.
    ///
    /// The inner result is the verdict on the file.
    ///
    /// # Errors
    /// The outer error says nothing about the file: a child could not be
    /// started, was killed from outside, or the file could not be got at. The
    /// caller may try again later.
    pub async fn read(&self, path: &Path) -> anyhow::Result<Result<Workbook, ReadFailure>> {
        let _turn = self.turns.acquire().await?;
        self.asked.fetch_add(1, Ordering::Relaxed);
        let deadline = Instant::now() + self.limits.wall;
        // A child that has read before may be short of memory through no fault
        // of this file: it gets its verdict from a fresh one.
        if let Some(used) = self.take_idle()
            && let Outcome::Answered(verdict) = self.read_with(used, path, deadline).await?
        {
            return Ok(verdict);
        }
        let fresh = Reader::start(&self.exe, &self.limits).await?;
        match self.read_with(fresh, path, deadline).await? {
            Outcome::Answered(verdict) => Ok(verdict),
            Outcome::Died(Stopped::Cpu) => Ok(Err(self.out_of_time())),
            Outcome::Died(Stopped::Aborted) => Ok(Err(ReadFailure::TooLarge(
                "文件结构异常，解析所需内存超出限额".into(),
            ))),
            Outcome::Died(Stopped::Other) => {
                bail!(
                    "reading {}: the reading process was ended from outside",
                    path.display()
                )
            }
        }
    }

    /// Lets one child work on a file and keeps it if it may go on.
    async fn read_with(&self, mut reader: Reader, path: &Path, deadline: Instant) -> anyhow::Result<Outcome> {
        let job = Job {
            path: path.as_os_str().to_owned(),
        };
        let Ok(exchanged) = timeout_at(deadline, reader.ask(&job)).await else {
            // Dropping the reader kills it.
            return Ok(Outcome::Answered(Err(self.out_of_time())));
        };
        match exchanged? {
            Some(Answer::Done(verdict)) => {
                self.idle
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(reader);
                Ok(Outcome::Answered(verdict))
            }
            Some(Answer::Spent) => Ok(Outcome::Answered(Err(ReadFailure::damaged()))),
            Some(Answer::NotReached(reason)) => bail!("reading {}: {reason}", path.display()),
            None => Ok(Outcome::Died(stopped_by(reader.process.wait().await?))),
        }
    }

    fn take_idle(&self) -> Option<Reader> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn out_of_time(&self) -> ReadFailure {
        ReadFailure::TooLarge(format!("{}秒内没有读完", self.limits.wall.as_secs()))
    }
}

/// How a child's work on a file ended.
enum Outcome {
    Answered(Result<Workbook, ReadFailure>),
    Died(Stopped),
}

/// Answers up to so many bytes are decoded where they arrive.
const DECODED_AT_ONCE: usize = 1 << 20;

/// Bytes that the pipe from a child holds, so that an answer is written without
/// waiting for us.
const PIPE: usize = 512 << 10;

/// A child process that waits for files. Dropping it kills the process.
#[derive(Debug)]
struct Reader {
    process: Child,
    input: ChildStdin,
    output: ChildStdout,
}

impl Reader {
    async fn start(exe: &Path, limits: &Limits) -> anyhow::Result<Self> {
        let mut process = Command::new(exe)
            .arg("read-workbook")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("starting {} to read workbooks", exe.display()))?;
        let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
            bail!("the reading process has no pipes");
        };
        platform::widen_pipe(&output, PIPE);
        let mut reader = Self {
            process,
            input,
            output,
        };
        let greeting: anyhow::Result<Option<String>> =
            timeout_at(Instant::now() + STARTING, reader.ask(limits))
                .await
                .context("the reading process doesn't answer")?;
        match greeting? {
            Some(words) if words == GREETING => Ok(reader),
            Some(words) => bail!("{} now is another program, {words:?}; restart", exe.display()),
            None => bail!(
                "the reading process ended before it could read: {}",
                reader.process.wait().await?
            ),
        }
    }

    /// Sends a message and waits for the answer; none if the child ends instead.
    async fn ask<A>(&mut self, message: &impl serde::Serialize) -> anyhow::Result<Option<A>>
    where
        A: serde::de::DeserializeOwned + Send + 'static,
    {
        let bytes = protocol::frame(message)?.context("the message is too long")?;
        let mut prefix = [0; 4];
        // Whether the child died before or after the message arrived makes no difference.
        if self.input.write_all(&bytes).await.is_err() || self.output.read_exact(&mut prefix).await.is_err() {
            return Ok(None);
        }
        let length = protocol::frame_length(prefix)?;
        let mut answer = Vec::with_capacity(length.min(1 << 20));
        (&mut self.output)
            .take(length as u64)
            .read_to_end(&mut answer)
            .await?;
        if answer.len() < length {
            return Ok(None);
        }
        if length <= DECODED_AT_ONCE {
            return Ok(Some(protocol::decode(&answer)?));
        }
        // Large workbooks take long enough to hold up other tasks.
        Ok(Some(
            tokio::task::spawn_blocking(move || protocol::decode(&answer)).await??,
        ))
    }
}
