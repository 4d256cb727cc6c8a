//! Certificates, keys and clients with them.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::time_provider::TimeProvider;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use yiwang_kernel::Clock as _;

use crate::TlsFiles;

/// A certificate and its key, PEM.
pub(super) struct Paper {
    pub certificate: String,
    pub key: String,
}

fn params(name: &str, years: (i32, i32)) -> CertificateParams {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(years.0, 1, 1);
    params.not_after = date_time_ymd(years.1, 1, 1);
    params
}

impl Paper {
    /// Signed by its own key, good from the first day of a year to that of another.
    pub(super) fn own(name: &str, years: (i32, i32)) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = params(name, years).self_signed(&key).unwrap();
        Self {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        }
    }
}

/// The clients' time: when the node's clock stands still, too.
#[derive(Debug)]
struct Then;

impl TimeProvider for Then {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(yiwang_testkit::clock().now().as_second()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

/// Who signs.
pub(super) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub certificate: String,
}

impl Authority {
    pub(super) fn new(name: &str) -> Self {
        let mut params = params(name, (2020, 2060));
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().pem();
        Self {
            issuer: Issuer::new(params, key),
            certificate,
        }
    }

    pub(super) fn signs(&self, name: &str, years: (i32, i32)) -> Paper {
        let key = KeyPair::generate().unwrap();
        let certificate = params(name, years).signed_by(&key, &self.issuer).unwrap();
        Paper {
            certificate: certificate.pem(),
            key: key.serialize_pem(),
        }
    }

    /// A client that knows this authority, and shows `paper`.
    pub(super) fn client(&self, paper: Option<&Paper>, is_old: bool) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        let own = CertificateDer::from_pem_slice(self.certificate.as_bytes()).unwrap();
        roots.add(own).unwrap();
        let versions = if is_old { [&TLS12] } else { [&TLS13] };
        let config =
            ClientConfig::builder_with_details(Arc::new(ring::default_provider()), Arc::new(Then))
                .with_protocol_versions(&versions)
                .unwrap()
                .with_root_certificates(roots);
        let config = match paper {
            None => config.with_no_client_auth(),
            Some(paper) => {
                let chain = CertificateDer::pem_slice_iter(paper.certificate.as_bytes());
                let chain = chain.map(Result::unwrap).collect();
                let key = PrivateKeyDer::from_pem_slice(paper.key.as_bytes()).unwrap();
                config.with_client_auth_cert(chain, key).unwrap()
            }
        };
        TlsConnector::from(Arc::new(config))
    }
}

pub(super) async fn connect(
    client: &TlsConnector,
    address: SocketAddr,
) -> std::io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    let name = ServerName::try_from("city.example").unwrap();
    client.connect(name, stream).await
}

/// Puts a node's certificate and key where it looks for them.
pub(super) fn lay(paper: &Paper, folder: &Path) -> TlsFiles {
    let files = TlsFiles::new(folder.join("city.pem"), folder.join("city.key"));
    std::fs::write(&files.certificate, &paper.certificate).unwrap();
    std::fs::write(&files.key, &paper.key).unwrap();
    files
}
