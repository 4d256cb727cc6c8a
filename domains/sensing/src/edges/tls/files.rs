//! What the node proves itself with, and the authority of its devices: read from files, checked whole before it is
//! used.

use std::path::Path;
use std::sync::Arc;

use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::AsyncReadExt as _;
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::server::NoServerSessionStorage;
use tokio_rustls::rustls::sign::{CertifiedKey, SingleCertAndKey};
use tokio_rustls::rustls::{Error, InconsistentKeys, RootCertStore, ServerConfig};
use yiwang_kernel::{Clock, Digest, Timestamp, sha256};

use super::verify::{DeviceCertificates, Watch};
use super::{TlsFault, TlsFiles};
use crate::certificate::Certificate;

/// The largest file that is read.
const FILE_BYTES_MAX: u64 = 1 << 20;

/// The files' bytes at one moment.
pub(super) struct Contents {
    certificate: Vec<u8>,
    key: Vec<u8>,
    client_ca: Option<Vec<u8>>,
}

/// What handshakes are made with.
pub(super) struct Loaded {
    pub config: Arc<ServerConfig>,
    /// Of the node's own certificate.
    pub not_after: Timestamp,
    /// Of the files that it was made of.
    pub digest: Digest,
}

impl Contents {
    pub(super) async fn read(files: &TlsFiles) -> Result<Self, TlsFault> {
        let client_ca = match &files.client_ca {
            Some(path) => Some(read("client_ca", path).await?),
            None => None,
        };
        Ok(Self {
            certificate: read("certificate", &files.certificate).await?,
            key: read("key", &files.key).await?,
            client_ca,
        })
    }

    pub(super) fn digest(&self) -> Digest {
        let parts = [
            Some(sha256(&self.certificate)),
            Some(sha256(&self.key)),
            self.client_ca.as_deref().map(sha256),
        ];
        sha256(&parts.into_iter().flatten().flatten().collect::<Vec<u8>>())
    }

    /// Everything checked and put together.
    pub(super) fn load(
        self,
        files: &TlsFiles,
        provider: &Arc<CryptoProvider>,
        clock: &Arc<dyn Clock>,
    ) -> Result<Loaded, TlsFault> {
        let digest = self.digest();
        let path = &files.certificate;
        let chain = certificates("certificate", path, &self.certificate)?;
        let own = chain.first().and_then(|own| Certificate::read(own));
        let own = own.ok_or_else(|| TlsFault::NoCertificate {
            setting: "certificate",
            path: path.clone(),
        })?;
        let key = PrivateKeyDer::from_pem_slice(&self.key).map_err(|_no_pem| TlsFault::NoKey {
            path: files.key.clone(),
        })?;
        let key = CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
            Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => TlsFault::OtherKey {
                key: files.key.clone(),
                certificate: path.clone(),
            },
            error => unusable(path)(error),
        })?;
        let authority = match (&files.client_ca, &self.client_ca) {
            (Some(path), Some(pem)) => Some(authority(path, pem)?),
            _ => None,
        };
        let devices = DeviceCertificates::new(Arc::clone(clock), provider, authority)
            .map_err(|error| unusable(path)(Error::General(error.to_string())))?;
        let watch = Arc::new(Watch(Arc::clone(clock)));
        let mut config = ServerConfig::builder_with_details(Arc::clone(provider), watch)
            .with_safe_default_protocol_versions()
            .map_err(unusable(path))?
            .with_client_cert_verifier(Arc::new(devices))
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(key)));
        // Each connection proves anew who it is, and nothing is kept of those that have gone.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok(Loaded {
            config: Arc::new(config),
            not_after: own.not_after,
            digest,
        })
    }
}

async fn read(setting: &'static str, path: &Path) -> Result<Vec<u8>, TlsFault> {
    let unreadable = |source| TlsFault::Unreadable {
        setting,
        path: path.to_owned(),
        source,
    };
    let file = tokio::fs::File::open(path).await.map_err(unreadable)?;
    let mut bytes = Vec::new();
    let mut bounded = file.take(FILE_BYTES_MAX);
    bounded.read_to_end(&mut bytes).await.map_err(unreadable)?;
    Ok(bytes)
}

fn certificates(
    setting: &'static str,
    path: &Path,
    pem: &[u8],
) -> Result<Vec<CertificateDer<'static>>, TlsFault> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    all.ok()
        .filter(|all| !all.is_empty())
        .ok_or_else(|| TlsFault::NoCertificate {
            setting,
            path: path.to_owned(),
        })
}

fn authority(path: &Path, pem: &[u8]) -> Result<RootCertStore, TlsFault> {
    let mut roots = RootCertStore::empty();
    for each in certificates("client_ca", path, pem)? {
        roots.add(each).map_err(unusable(path))?;
    }
    Ok(roots)
}

fn unusable(path: &Path) -> impl Fn(Error) -> TlsFault {
    move |source| TlsFault::Unusable {
        path: path.to_owned(),
        source: Box::new(source),
    }
}
