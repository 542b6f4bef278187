//! What went wrong at which step, and what that makes of the letter.

use std::fmt;
use std::io;
use std::time::Duration;

use super::reply::Reply;
use crate::mail::Outcome;

/// How far the conversation had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Reaching the server.
    Connect,
    /// Going over to TLS.
    Tls,
    /// Greeting and introduction.
    Hello,
    /// Logging in.
    Login,
    /// Naming the sender.
    Sender,
    /// Naming recipients.
    Recipient,
    /// Asking to hand over.
    Data,
    /// Handing over.
    Body,
    /// The final dot: from here on the server may have the letter.
    End,
}

/// A reply that was not the one wanted.
#[derive(Debug)]
pub struct Refusal {
    /// The recipient that it is about.
    pub address: Option<String>,
    /// What the server said.
    pub reply: Reply,
}

/// What went wrong.
#[derive(Debug)]
pub enum Fault {
    /// The server said no.
    Refused(Vec<Refusal>),
    /// The network broke.
    Broken(io::Error),
    /// The server hung up.
    Closed,
    /// What came is no SMTP.
    Gibberish(String),
    /// The time was up.
    TookTooLong(Duration),
    /// The server lacks something, or we do; whole words.
    Unusable(String),
}

/// A failed attempt.
#[derive(Debug)]
pub struct Failure {
    /// Host and port.
    pub server: String,
    /// Where.
    pub step: Step,
    /// What.
    pub fault: Fault,
}

impl Refusal {
    /// A refusal that is about no recipient.
    pub fn of(reply: Reply) -> Self {
        Self { address: None, reply }
    }
}

impl Fault {
    /// Whether the connection is of no more use.
    pub fn is_of_connection(&self) -> bool {
        match self {
            // 421: the server closes the connection.
            Self::Refused(refusals) => refusals.iter().any(|refusal| refusal.reply.code == 421),
            _ => true,
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Closed,
            _ => Self::Broken(error),
        }
    }
}

impl Failure {
    /// What became of the letter.
    pub fn outcome(&self) -> Outcome {
        let words = self.to_string();
        match &self.fault {
            Fault::Refused(refusals) if refusals.iter().any(|refusal| self.is_final(&refusal.reply)) => {
                Outcome::Permanent(words)
            }
            // After the final dot a clear no is still a no; an answer that is neither is not.
            Fault::Refused(refusals) if refusals.iter().all(|refusal| refusal.reply.code >= 400) => {
                Outcome::Temporary(words)
            }
            _ if self.step == Step::End => Outcome::Uncertain(words),
            _ => Outcome::Temporary(words),
        }
    }

    /// Whether a reply says that this letter will never be taken. Until the
    /// sender is named the server doesn't know the letter at all, and what is
    /// said of login and pace afterwards isn't about it either.
    fn is_final(&self, reply: &Reply) -> bool {
        let of_the_letter = matches!(
            self.step,
            Step::Sender | Step::Recipient | Step::Data | Step::Body | Step::End
        );
        of_the_letter && reply.is_permanent() && !self.is_about_login(reply) && !is_about_pace(reply)
    }

    fn is_about_login(&self, reply: &Reply) -> bool {
        let text = reply.lines.join(" ").to_ascii_lowercase();
        // QQ: “501 mail from address must be same as authorization user”; 163: “553 Mail from must equal authorized user”.
        let sender_differs = ["must be same as", "must equal", "authoriz", "authentic"];
        self.step == Step::Login
            || matches!(reply.code, 530 | 534 | 535 | 538)
            || (self.step == Step::Sender && sender_differs.iter().any(|words| text.contains(words)))
    }
}

/// Some servers say “too fast” with 5xx, QQ for one: “550 Connection frequency limited”.
fn is_about_pace(reply: &Reply) -> bool {
    let text = reply.lines.join(" ").to_ascii_lowercase();
    [
        "frequency limit",
        "rate limit",
        "too many messages",
        "sending quota",
    ]
    .iter()
    .any(|words| text.contains(words))
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let server = &self.server;
        match (&self.fault, self.step) {
            (Fault::Refused(refusals), _) => self.refused(f, refusals),
            (Fault::Unusable(words), _) => write!(f, "邮件服务器 {server}：{words}"),
            (Fault::Broken(error), Step::Connect) => write!(
                f,
                "连接不上邮件服务器 {server}（{error}），请检查网络、服务器地址和端口"
            ),
            (Fault::Broken(error), Step::Tls) => {
                write!(
                    f,
                    "与邮件服务器 {server} 建立不了加密连接（{error}）{}",
                    tls_hint(error)
                )
            }
            (fault, Step::End) => write!(
                f,
                "信已交给邮件服务器 {server}，没有等到答复（{}）：对方可能已收到，不会自动重发，请核实",
                cause(fault)
            ),
            (fault, step) => write!(
                f,
                "邮件服务器 {server} 在{}时中断（{}），信没有发出",
                named(step),
                cause(fault)
            ),
        }
    }
}

impl Failure {
    fn refused(&self, f: &mut fmt::Formatter<'_>, refusals: &[Refusal]) -> fmt::Result {
        let server = &self.server;
        for (at, Refusal { address, reply }) in refusals.iter().enumerate() {
            if at > 0 {
                f.write_str("；")?;
            }
            if let Some(address) = address {
                write!(f, "收件邮箱“{address}”被邮件服务器 {server} 拒绝（{reply}）")?;
            } else if self.is_about_login(reply) {
                write!(
                    f,
                    "邮件服务器 {server} 不让登录（{reply}）：请核对 user、密码和发件邮箱；QQ、163等邮箱的密码要用授权码"
                )?;
            } else {
                write!(f, "邮件服务器 {server} 在{}时拒绝（{reply}）", named(self.step))?;
            }
            if is_about_pace(reply) {
                f.write_str("：发得太快或太多，请调低 rate_per_minute 或 rate_per_day")?;
            }
        }
        Ok(())
    }
}

fn named(step: Step) -> &'static str {
    match step {
        Step::Connect => "连接",
        Step::Tls => "建立加密连接",
        Step::Hello => "问候",
        Step::Login => "登录",
        Step::Sender => "核对发件邮箱",
        Step::Recipient => "核对收件邮箱",
        Step::Data | Step::Body => "接收信件",
        Step::End => "收下信件",
    }
}

fn cause(fault: &Fault) -> String {
    match fault {
        Fault::Broken(error) => error.to_string(),
        Fault::Closed => "对方挂断".into(),
        Fault::Gibberish(text) => format!("答复看不懂：{text}"),
        Fault::TookTooLong(limit) => format!("超过{}秒", limit.as_secs_f32()),
        Fault::Unusable(words) => words.clone(),
        Fault::Refused(refusals) => refusals.iter().map(|refusal| refusal.reply.to_string()).collect(),
    }
}

fn tls_hint(error: &io::Error) -> &'static str {
    use tokio_rustls::rustls::{CertificateError as Certificate, Error};
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    match inner {
        Some(Error::InvalidCertificate(Certificate::UnknownIssuer)) => {
            "：证书不是公认机构签发的，单位自建的服务器请把签发证书写进 ca_file"
        }
        Some(Error::InvalidCertificate(
            Certificate::NotValidForName | Certificate::NotValidForNameContext { .. },
        )) => "：证书不是发给这个地址的，请核对 host",
        Some(Error::InvalidCertificate(
            Certificate::Expired
            | Certificate::ExpiredContext { .. }
            | Certificate::NotValidYet
            | Certificate::NotValidYetContext { .. },
        )) => "：证书不在有效期内，请核对本机时间，或请管理员更换证书",
        Some(Error::InvalidMessage(_)) => "：对方不是从一开始就加密，security 也许应写 \"starttls\"",
        _ => "",
    }
}

#[cfg(test)]
mod tests;
