//! The page's certificate; one that was renewed is taken up without a restart.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use anyhow::Context as _;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// The certificate as it lies on the disk.
pub(super) struct Certificates {
    files: (PathBuf, PathBuf),
    state: Mutex<(TlsAcceptor, Changed)>,
}

/// When the files were changed last.
type Changed = (Option<SystemTime>, Option<SystemTime>);

impl Certificates {
    /// Reads certificate and key.
    ///
    /// # Errors
    /// One of them can't be read, or they don't belong together.
    pub fn read(files: &(PathBuf, PathBuf)) -> anyhow::Result<Self> {
        Ok(Self {
            state: Mutex::new((acceptor(files)?, changed(files))),
            files: files.clone(),
        })
    }

    /// What speaks with the next guest. A pair that can't be used leaves the
    /// one before at work.
    pub fn acceptor(&self) -> TlsAcceptor {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = changed(&self.files);
        if now != state.1 {
            state.1 = now;
            match acceptor(&self.files) {
                Ok(fresh) => state.0 = fresh,
                Err(error) => tracing::error!("新的证书用不了，仍用原来的：{error:#}"),
            }
        }
        state.0.clone()
    }
}

fn changed((certificate, key): &(PathBuf, PathBuf)) -> Changed {
    let at = |path: &Path| std::fs::metadata(path).and_then(|own| own.modified()).ok();
    (at(certificate), at(key))
}

fn acceptor((certificate, key): &(PathBuf, PathBuf)) -> anyhow::Result<TlsAcceptor> {
    let cannot = |path: &Path| format!("证书文件 {} 读不了", path.display());
    let chain = CertificateDer::pem_file_iter(certificate)
        .with_context(|| cannot(certificate))?
        .collect::<Result<Vec<_>, _>>()
        .with_context(|| cannot(certificate))?;
    let own = PrivateKeyDer::from_pem_file(key).with_context(|| cannot(key))?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, own)
        .context("证书和私钥对不上")?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
