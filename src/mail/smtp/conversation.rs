//! A conversation with a server, command by command (RFC 5321). Before each
//! command its step is noted where the caller sees it, so that a break or a
//! timeout is known to have happened there.

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};

use super::failure::{Fault, Refusal, Step};
use super::reply::Reply;

/// Where bytes go and come: plain or under TLS.
pub trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// Who writes to whom, as the server is told. Addresses are known to be well-formed.
pub struct Envelope<'a> {
    pub sender: &'a str,
    pub recipients: Vec<&'a str>,
}

/// A conversation after its greeting.
pub struct Conversation {
    wire: BufReader<Box<dyn Wire>>,
    /// What the server can do, one line each, in capitals.
    abilities: Vec<String>,
}

// What was said is nobody's business in a log.
impl std::fmt::Debug for Conversation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Conversation").finish_non_exhaustive()
    }
}

impl Conversation {
    /// A conversation over a wire on which nothing was said yet.
    pub fn over(wire: Box<dyn Wire>) -> Self {
        Self {
            wire: BufReader::new(wire),
            abilities: Vec::new(),
        }
    }

    /// Gives the wire back, to be put under TLS.
    ///
    /// # Errors
    /// The server, or somebody between, has said more than was asked: under
    /// TLS it would pass for the server's word (STARTTLS injection).
    pub fn into_wire(self) -> Result<Box<dyn Wire>, Fault> {
        if self.wire.buffer().is_empty() {
            Ok(self.wire.into_inner())
        } else {
            Err(Fault::Gibberish("STARTTLS 之后还有未加密的内容".into()))
        }
    }

    /// Waits for the greeting.
    pub async fn greeting(&mut self) -> Result<(), Fault> {
        yes(Reply::read(&mut self.wire).await?)
    }

    /// Introduces us, and learns what the server can do.
    pub async fn hello(&mut self, name: &str) -> Result<(), Fault> {
        let reply = self.ask(&format!("EHLO {name}")).await?;
        self.abilities = reply.lines.iter().map(|line| line.to_ascii_uppercase()).collect();
        yes(reply)
    }

    /// Whether the server offers TLS.
    pub fn offers_tls(&self) -> bool {
        self.abilities.iter().any(|line| line == "STARTTLS")
    }

    /// Whether the server offers a way to log in; `AUTH=` is how old servers say it.
    pub fn offers_login(&self, way: &str) -> bool {
        self.abilities
            .iter()
            .filter_map(|line| {
                line.strip_prefix("AUTH")
                    .filter(|rest| rest.starts_with([' ', '=']))
            })
            .any(|ways| ways.split([' ', '=']).any(|own| own == way))
    }

    /// A command that is answered with yes.
    pub async fn command(&mut self, line: &str) -> Result<(), Fault> {
        yes(self.ask(line).await?)
    }

    /// A command that is answered with a request for more.
    pub async fn opening(&mut self, line: &str) -> Result<(), Fault> {
        let reply = self.ask(line).await?;
        if reply.asks_for_more() {
            Ok(())
        } else {
            Err(Fault::Refused(vec![Refusal::of(reply)]))
        }
    }

    /// Hands a letter over.
    pub async fn send(&mut self, envelope: &Envelope<'_>, mail: &[u8], step: &mut Step) -> Result<(), Fault> {
        *step = Step::Sender;
        self.command(&self.sender(envelope.sender, mail.len())).await?;
        *step = Step::Recipient;
        let mut refusals = Vec::new();
        for address in &envelope.recipients {
            let reply = self.ask(&format!("RCPT TO:<{address}>")).await?;
            if !reply.is_yes() {
                refusals.push(Refusal {
                    address: Some((*address).to_owned()),
                    reply,
                });
            }
        }
        // All or nobody: who is named in a letter must not have to guess who got it.
        if !refusals.is_empty() {
            return Err(Fault::Refused(refusals));
        }
        *step = Step::Data;
        self.opening("DATA").await?;
        *step = Step::Body;
        self.write(&stuffed(mail)).await?;
        // From here on the server may have the letter.
        *step = Step::End;
        self.command(".").await
    }

    /// Takes leave.
    pub async fn quit(&mut self) -> Result<(), Fault> {
        self.command("QUIT").await
    }

    fn sender(&self, address: &str, size: usize) -> String {
        let sized = self
            .abilities
            .iter()
            .any(|line| line == "SIZE" || line.starts_with("SIZE "));
        if sized {
            format!("MAIL FROM:<{address}> SIZE={size}")
        } else {
            format!("MAIL FROM:<{address}>")
        }
    }

    async fn ask(&mut self, line: &str) -> Result<Reply, Fault> {
        self.write(format!("{line}\r\n").as_bytes()).await?;
        Reply::read(&mut self.wire).await
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        self.wire.write_all(bytes).await?;
        self.wire.flush().await?;
        Ok(())
    }
}

fn yes(reply: Reply) -> Result<(), Fault> {
    if reply.is_yes() {
        Ok(())
    } else {
        Err(Fault::Refused(vec![Refusal::of(reply)]))
    }
}

/// The letter as it goes over the wire: a dot at the start of a line is
/// doubled (RFC 5321, 4.5.2), and the last line is ended.
fn stuffed(mail: &[u8]) -> Vec<u8> {
    let mut stuffed = Vec::with_capacity(mail.len() + 64);
    for line in mail.split_inclusive(|byte| *byte == b'\n') {
        if line.starts_with(b".") {
            stuffed.push(b'.');
        }
        stuffed.extend_from_slice(line);
    }
    if !stuffed.ends_with(b"\r\n") {
        stuffed.extend_from_slice(b"\r\n");
    }
    stuffed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_at_the_start_of_lines_are_doubled() {
        for (mail, wire) in [
            ("a\r\nb\r\n", "a\r\nb\r\n"),
            (".\r\n", "..\r\n"),
            ("a\r\n.b\r\n..\r\nc.", "a\r\n..b\r\n...\r\nc.\r\n"),
            ("", "\r\n"),
        ] {
            assert_eq!(stuffed(mail.as_bytes()), wire.as_bytes(), "{mail:?}");
        }
    }

    #[tokio::test]
    async fn abilities_are_read_in_every_spelling() {
        let (ours, mut theirs) = tokio::io::duplex(1024);
        let mut conversation = Conversation::over(Box::new(ours));
        theirs
            .write_all(
                b"250-mail\r\n250-starttls\r\n250-size 100\r\n250-AUTH=LOGIN\r\n250 AUTH GSSAPI PLAIN\r\n",
            )
            .await
            .unwrap();
        conversation.hello("x").await.unwrap();
        assert!(conversation.offers_tls());
        assert!(conversation.offers_login("PLAIN") && conversation.offers_login("LOGIN"));
        assert!(!conversation.offers_login("XOAUTH2"));
        assert_eq!(conversation.sender("a@b.cn", 7), "MAIL FROM:<a@b.cn> SIZE=7");
    }

    #[tokio::test]
    async fn nothing_said_in_the_clear_passes_for_protected() {
        let (ours, mut theirs) = tokio::io::duplex(1024);
        let mut conversation = Conversation::over(Box::new(ours));
        theirs.write_all(b"220 go\r\n250 AUTH PLAIN\r\n").await.unwrap();
        conversation.command("STARTTLS").await.unwrap();
        assert!(conversation.into_wire().is_err());
    }
}
