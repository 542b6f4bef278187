//! A mail server that fails where it is told to.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// Where it may fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    Greeting,
    Hello,
    Login,
    Sender,
    Recipient,
    Data,
    /// While the letter comes in, before its final dot.
    Body,
    /// After the final dot.
    End,
}

/// How it may fail.
#[derive(Debug, Clone)]
pub enum Fault {
    /// With this reply, as bytes, as servers don't always answer in UTF-8.
    Reply(Vec<u8>),
    /// By saying nothing more.
    Stall,
    /// By hanging up.
    Cut,
}

/// A server on a port of this machine, until it is dropped.
pub struct FaultServer {
    pub port: u16,
    seen: Arc<Mutex<Seen>>,
    task: tokio::task::JoinHandle<()>,
}

/// What came.
#[derive(Debug, Default, Clone)]
pub struct Seen {
    pub connections: usize,
    /// Every command.
    pub commands: Vec<String>,
    /// Letters that came whole, without the doubled dots.
    pub letters: Vec<String>,
}

struct Plan {
    fault: Option<(At, Fault)>,
    /// Hang up silently after so many letters over one connection.
    letters_per_connection: Option<usize>,
}

impl FaultServer {
    /// One that takes everything.
    pub async fn well() -> Self {
        Self::start(Plan {
            fault: None,
            letters_per_connection: None,
        })
        .await
    }

    /// One that fails.
    pub async fn failing(at: At, fault: Fault) -> Self {
        Self::start(Plan {
            fault: Some((at, fault)),
            letters_per_connection: None,
        })
        .await
    }

    /// One that hangs up without a word after so many letters.
    pub async fn tiring_after(letters: usize) -> Self {
        Self::start(Plan {
            fault: None,
            letters_per_connection: Some(letters),
        })
        .await
    }

    pub fn seen(&self) -> Seen {
        self.seen.lock().unwrap().clone()
    }

    async fn start(plan: Plan) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let plan = Arc::new(plan);
        let shared = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.lock().unwrap().connections += 1;
                let (plan, seen) = (Arc::clone(&plan), Arc::clone(&shared));
                tokio::spawn(async move { Talk::new(stream, &plan, &seen).run().await });
            }
        });
        Self { port, seen, task }
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Talk<'a> {
    lines: Lines<BufReader<OwnedReadHalf>>,
    out: OwnedWriteHalf,
    plan: &'a Plan,
    seen: &'a Mutex<Seen>,
}

impl<'a> Talk<'a> {
    fn new(stream: TcpStream, plan: &'a Plan, seen: &'a Mutex<Seen>) -> Self {
        stream.set_nodelay(true).unwrap();
        let (read, out) = stream.into_split();
        Self {
            lines: BufReader::new(read).lines(),
            out,
            plan,
            seen,
        }
    }

    /// Talks until one side has enough; none: it hung up.
    async fn run(&mut self) -> Option<()> {
        self.say(At::Greeting, "220 ready").await?;
        let mut letters = 0;
        loop {
            let line = self.lines.next_line().await.ok()??;
            self.seen.lock().unwrap().commands.push(line.clone());
            match line.split(' ').next().unwrap_or_default() {
                "EHLO" => {
                    self.say(At::Hello, "250-fault\r\n250-SIZE 1000000\r\n250 AUTH PLAIN LOGIN")
                        .await?;
                }
                "AUTH" => self.say(At::Login, "235 in").await?,
                "MAIL" => self.say(At::Sender, "250 ok").await?,
                "RCPT" => self.say(At::Recipient, "250 ok").await?,
                "DATA" => {
                    self.say(At::Data, "354 go").await?;
                    let letter = self.letter().await?;
                    self.seen.lock().unwrap().letters.push(letter);
                    self.say(At::End, "250 taken").await?;
                    letters += 1;
                    if self.plan.letters_per_connection == Some(letters) {
                        return None;
                    }
                }
                "QUIT" => {
                    let _ = self.out.write_all(b"221 bye\r\n").await;
                    return None;
                }
                _ => self.out.write_all(b"500 what\r\n").await.ok()?,
            }
        }
    }

    async fn letter(&mut self) -> Option<String> {
        let mut letter = String::new();
        loop {
            let line = self.lines.next_line().await.ok()??;
            if line == "." {
                return Some(letter);
            }
            letter.push_str(line.strip_prefix('.').unwrap_or(&line));
            letter.push_str("\r\n");
            if matches!(self.plan.fault, Some((At::Body, _))) {
                self.fail().await?;
            }
        }
    }

    /// Answers, or fails here.
    async fn say(&mut self, at: At, words: &str) -> Option<()> {
        if matches!(self.plan.fault, Some((own, _)) if own == at) {
            return self.fail().await;
        }
        self.out.write_all(format!("{words}\r\n").as_bytes()).await.ok()
    }

    async fn fail(&mut self) -> Option<()> {
        match &self.plan.fault.as_ref()?.1 {
            Fault::Reply(bytes) => self.out.write_all(bytes).await.ok(),
            Fault::Stall => std::future::pending().await,
            Fault::Cut => None,
        }
    }
}
