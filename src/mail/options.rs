//! What the adapter is run with; composed from `[mail]` of `config.toml`.

use std::path::PathBuf;
use std::time::Duration;

use super::Mailbox;

/// The address in letters of a site that has not set one: the file transport
/// works without any configuration.
const PLACEHOLDER_SENDER: &str = "taizhang@taizhang.example";

/// Which way letters go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TransportKind {
    /// Into a folder.
    #[default]
    File,
    /// To a mail server.
    Smtp,
    /// Nowhere: a person hands the texts over.
    ByHand,
}

/// How the way to the server is protected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Security {
    /// Begins in the clear and goes over to TLS before anything is said (port 587).
    /// A server that doesn't offer it gets nothing.
    #[default]
    StartTls,
    /// TLS from the first byte (port 465).
    Tls,
    /// None (port 25).
    Plain,
}

/// Where the password comes from. The password itself is in no option, so it
/// is in no log and no debug output either.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Password {
    /// Nowhere: the server takes letters without.
    #[default]
    None,
    /// The only line of a file.
    File(PathBuf),
    /// An environment variable.
    Environment(String),
    /// A file of that name in `$CREDENTIALS_DIRECTORY`, where systemd puts what
    /// a unit's `LoadCredential` names.
    Credential(String),
}

/// The mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmtpOptions {
    /// Its name or address.
    pub host: String,
    /// Its port; 0: the usual one for the security.
    pub port: u16,
    /// How the way there is protected.
    pub security: Security,
    /// Whether letters may go unprotected to a server that is not this machine.
    pub plaintext: bool,
    /// Certificates (PEM) trusted beside those of the public authorities.
    pub ca_file: Option<PathBuf>,
    /// Who logs in; empty: nobody does.
    pub user: String,
    /// The password.
    pub password: Password,
    /// The longest that one letter may take, connecting included.
    pub timeout: Duration,
}

/// What mail is run with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailOptions {
    /// Which way letters go.
    pub transport: TransportKind,
    /// Where the file transport puts them.
    pub folder: PathBuf,
    /// The mail server; used with [`TransportKind::Smtp`] only.
    pub smtp: SmtpOptions,
    /// The sender's name.
    pub from_name: String,
    /// The sender's address; empty with the file transport only.
    pub from_address: String,
    /// Most letters a minute.
    pub rate_per_minute: u32,
    /// Most letters a day.
    pub rate_per_day: u32,
    /// Domains that may be written to, each with all below it; empty: all.
    pub allow_domains: Vec<String>,
}

impl MailOptions {
    /// Options that put letters into a folder.
    #[must_use]
    pub fn to_folder(folder: PathBuf) -> Self {
        Self {
            transport: TransportKind::File,
            folder,
            smtp: SmtpOptions::default(),
            from_name: String::new(),
            from_address: String::new(),
            rate_per_minute: 12,
            rate_per_day: 90,
            allow_domains: Vec::new(),
        }
    }

    /// Who writes.
    #[must_use]
    pub fn sender(&self) -> Mailbox {
        Mailbox {
            name: self.from_name.clone(),
            address: if self.from_address.is_empty() {
                PLACEHOLDER_SENDER.into()
            } else {
                self.from_address.clone()
            },
        }
    }
}

impl SmtpOptions {
    /// The port that is connected to.
    #[must_use]
    pub fn port(&self) -> u16 {
        match (self.port, self.security) {
            (0, Security::StartTls) => 587,
            (0, Security::Tls) => 465,
            (0, Security::Plain) => 25,
            (set, _) => set,
        }
    }

    /// Host and port, as people read them.
    #[must_use]
    pub fn server(&self) -> String {
        format!("{}:{}", self.host, self.port())
    }
}

impl Default for SmtpOptions {
    fn default() -> Self {
        Self {
            host: String::new(),
            port: 0,
            security: Security::StartTls,
            plaintext: false,
            ca_file: None,
            user: String::new(),
            password: Password::None,
            timeout: Duration::from_mins(2),
        }
    }
}
