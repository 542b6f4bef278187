//! From `[mail]` to what the mail adapter is run with.

use crate::config::{Config, MailPassword, MailSecurity, MailTransport};
use crate::mail::{MailOptions, Password, Security, SmtpOptions, TransportKind};

/// The adapter's options; letters as files lie below the data folder.
pub fn options(config: &Config) -> MailOptions {
    let mail = &config.mail;
    MailOptions {
        transport: match mail.transport {
            MailTransport::File => TransportKind::File,
            MailTransport::Smtp => TransportKind::Smtp,
            MailTransport::ByHand => TransportKind::ByHand,
        },
        folder: config.paths.data.join("mail"),
        smtp: SmtpOptions {
            host: mail.host.clone(),
            port: mail.port,
            security: match mail.security {
                MailSecurity::StartTls => Security::StartTls,
                MailSecurity::Tls => Security::Tls,
                MailSecurity::Plain => Security::Plain,
            },
            plaintext: mail.plaintext,
            ca_file: mail.ca_file.clone(),
            user: mail.user.clone(),
            password: match &mail.password {
                MailPassword::None => Password::None,
                MailPassword::File(path) => Password::File(path.clone()),
                MailPassword::Environment(name) => Password::Environment(name.clone()),
                MailPassword::Credential(name) => Password::Credential(name.clone()),
            },
            timeout: mail.timeout,
        },
        from_name: mail.from_name.clone(),
        from_address: mail.from_address.clone(),
        rate_per_minute: mail.rate_per_minute,
        rate_per_day: mail.rate_per_day,
        allow_domains: mail.allow_domains.clone(),
    }
}
