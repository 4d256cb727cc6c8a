//! Connections to sources, plain or with TLS.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::future::BoxFuture;
use hyper::Uri;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Opens connections.
#[derive(Clone)]
pub(super) struct Connector {
    tls: Arc<ClientConfig>,
}

/// What bytes go through.
pub(super) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<W: AsyncRead + AsyncWrite + Send + Unpin> Wire for W {}

impl Connection for Box<dyn Wire> {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl Connector {
    /// Believes those whom browsers believe, and those in the file, if one is named.
    pub(super) fn new(authorities: &Path) -> Self {
        let mut roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        if !authorities.as_os_str().is_empty() {
            match CertificateDer::pem_file_iter(authorities) {
                Ok(certificates) => {
                    let (taken, left) = roots.add_parsable_certificates(certificates.flatten());
                    tracing::info!(
                        taken,
                        left,
                        "certificates that sources of basemaps are believed by"
                    );
                }
                Err(error) => {
                    let file = authorities.display();
                    tracing::error!(%file, %error, "basemap.certificate_authorities cannot be read");
                }
            }
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring has ciphers for both versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self {
            tls: Arc::new(config),
        }
    }

    async fn connect(self, uri: Uri) -> io::Result<TokioIo<Box<dyn Wire>>> {
        let bad = |what: &str| io::Error::new(io::ErrorKind::InvalidInput, what.to_owned());
        let host = uri.host().ok_or_else(|| bad("no host"))?;
        let host = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let is_tls = uri.scheme_str() == Some("https");
        let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let plain = TcpStream::connect((host.as_str(), port)).await?;
        plain.set_nodelay(true)?;
        if !is_tls {
            return Ok(TokioIo::new(Box::new(plain)));
        }
        let name = ServerName::try_from(host).map_err(|_error| bad("this is no name of a host"))?;
        let stream = TlsConnector::from(self.tls).connect(name, plain).await?;
        Ok(TokioIo::new(Box::new(stream)))
    }
}

impl tower::Service<Uri> for Connector {
    type Response = TokioIo<Box<dyn Wire>>;
    type Error = io::Error;
    type Future = BoxFuture<'static, io::Result<Self::Response>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}
