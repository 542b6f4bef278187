//! From nothing to a conversation that takes letters: TCP, TLS, introduction, login.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::conversation::{Conversation, Wire};
use super::failure::{Fault, Step};
use crate::mail::{Security, SmtpOptions};
use crate::platform;

/// How TLS is done: the public authorities, and those of `ca_file`.
///
/// # Errors
/// The file can't be read or holds no certificate.
pub fn tls(ca_file: Option<&Path>) -> anyhow::Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(path) = ca_file {
        let pem = fs::read(path)?;
        let mut found = false;
        for certificate in CertificateDer::pem_slice_iter(&pem) {
            roots.add(certificate?)?;
            found = true;
        }
        anyhow::ensure!(
            found,
            "里面没有证书（应是 PEM，-----BEGIN CERTIFICATE----- 开头）"
        );
    }
    Ok(
        ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth(),
    )
}

/// Connects and logs in.
///
/// # Errors
/// What went wrong; `step` says where.
pub async fn connect(
    options: &SmtpOptions,
    tls: &Arc<ClientConfig>,
    step: &mut Step,
) -> Result<Conversation, Fault> {
    *step = Step::Connect;
    if options.security == Security::Plain && !options.plaintext && !is_this_machine(&options.host) {
        return Err(Fault::Unusable(
            "security = \"none\" 只用于本机的服务器；确实要不加密发往别的机器，请写 plaintext = true".into(),
        ));
    }
    let stream = TcpStream::connect((options.host.as_str(), options.port())).await?;
    // The final dot is a small write of its own; it must not wait for the body's acknowledgement.
    stream.set_nodelay(true)?;
    let mut conversation = match options.security {
        Security::Tls => {
            *step = Step::Tls;
            Conversation::over(protected(Box::new(stream), options, tls).await?)
        }
        Security::StartTls | Security::Plain => Conversation::over(Box::new(stream)),
    };
    *step = Step::Hello;
    let name = own_name();
    conversation.greeting().await?;
    conversation.hello(&name).await?;
    if options.security == Security::StartTls {
        conversation = after_starttls(conversation, options, tls, step).await?;
        *step = Step::Hello;
        conversation.hello(&name).await?;
    }
    if !options.user.is_empty() {
        *step = Step::Login;
        login(&mut conversation, options).await?;
    }
    Ok(conversation)
}

async fn after_starttls(
    mut conversation: Conversation,
    options: &SmtpOptions,
    tls: &Arc<ClientConfig>,
    step: &mut Step,
) -> Result<Conversation, Fault> {
    *step = Step::Tls;
    // Going on in the clear would hand password and letters to whoever cut the offer out.
    if !conversation.offers_tls() {
        return Err(Fault::Unusable(
            "不支持 STARTTLS，信没有发出；请向管理员问清该用的端口和 security".into(),
        ));
    }
    conversation.command("STARTTLS").await?;
    let wire = protected(conversation.into_wire()?, options, tls).await?;
    Ok(Conversation::over(wire))
}

async fn protected(
    wire: Box<dyn Wire>,
    options: &SmtpOptions,
    tls: &Arc<ClientConfig>,
) -> Result<Box<dyn Wire>, Fault> {
    let name = ServerName::try_from(options.host.clone())
        .map_err(|_| Fault::Unusable(format!("“{}”不是服务器的名称或地址", options.host)))?;
    let connector = TlsConnector::from(Arc::clone(tls));
    let stream = connector.connect(name, wire).await.map_err(Fault::Broken)?;
    Ok(Box::new(stream))
}

async fn login(conversation: &mut Conversation, options: &SmtpOptions) -> Result<(), Fault> {
    let password = options.password.read().map_err(Fault::Unusable)?;
    let user = &options.user;
    if conversation.offers_login("PLAIN") {
        let both = STANDARD.encode(format!("\0{user}\0{password}"));
        conversation.command(&format!("AUTH PLAIN {both}")).await
    } else if conversation.offers_login("LOGIN") {
        conversation.opening("AUTH LOGIN").await?;
        conversation.opening(&STANDARD.encode(user)).await?;
        conversation.command(&STANDARD.encode(password)).await
    } else {
        Err(Fault::Unusable(
            "不提供 PLAIN 或 LOGIN 登录；不需要登录的服务器，请让 user 空着".into(),
        ))
    }
}

/// How we introduce ourselves: the machine's name if a server can read it.
fn own_name() -> String {
    platform::host_name()
        .filter(|name| {
            name.chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.')
        })
        .unwrap_or_else(|| "[127.0.0.1]".into())
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
