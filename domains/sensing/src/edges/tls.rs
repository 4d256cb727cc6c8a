//! TLS at the edges: the node shows its certificate, a device may show one of its own. A handshake has a time limit
//! and a place like any connection; one that fails is counted with its reason. The node's files are looked at again
//! and again, so that a new certificate is taken up without a restart.

mod files;
mod refusal;
mod verify;

use std::cell::Cell;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::server::TlsStream;
use yiwang_http::{Gauge, Metrics};
use yiwang_kernel::{Clock, Digest, Timestamp};

use self::files::{Contents, Loaded};
use self::verify::PRESENTED;
use super::socket::Socket;
use crate::certificate::Certificate;
use crate::reading::Refused;

/// How long a handshake may take.
const HANDSHAKE_MAX: Duration = Duration::from_secs(10);

/// Where the node's certificate and key are, and the authority of its devices; all of them PEM.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    pub certificate: PathBuf,
    pub key: PathBuf,
    /// Where it is named, certificates of devices must be signed by it.
    pub client_ca: Option<PathBuf>,
    pub handshake_max: Duration,
}

impl TlsFiles {
    pub fn new(certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        Self {
            certificate: certificate.into(),
            key: key.into(),
            client_ca: None,
            handshake_max: HANDSHAKE_MAX,
        }
    }
}

/// Why the files cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsFault {
    #[error("sensing.tls.{setting}: {} cannot be read; is the path right, and may this process read it", path.display())]
    Unreadable {
        setting: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
    #[error(
        "sensing.tls.{setting}: there is no certificate in {}; it must be PEM (-----BEGIN CERTIFICATE-----), the node's \
         own first, those that signed it after it", path.display()
    )]
    NoCertificate {
        setting: &'static str,
        path: PathBuf,
    },
    #[error(
        "sensing.tls.key: there is no private key in {}; it must be PEM and not be encrypted: \
         `openssl pkey -in KEY -out PLAIN` takes the password away", path.display()
    )]
    NoKey { path: PathBuf },
    #[error(
        "sensing.tls.key: {} is not the key of the certificate in {}; put the two of one pair there",
        key.display(), certificate.display()
    )]
    OtherKey { key: PathBuf, certificate: PathBuf },
    #[error("sensing.tls: what is in {} cannot be used", path.display())]
    Unusable {
        path: PathBuf,
        source: Box<rustls::Error>,
    },
    #[error(
        "sensing.tls.certificate: the time of the certificate in {} was over at {not_after}; put a new one there, it is \
         taken up by itself", path.display()
    )]
    Over { path: PathBuf, not_after: Timestamp },
}

/// A handshake that came to nothing.
pub(super) struct Failed {
    pub refused: Refused,
    /// The certificate that was shown.
    pub presented: Option<Digest>,
    /// To be seen off, where it is still there.
    pub socket: Option<Socket>,
}

/// What the listeners with TLS share.
pub(crate) struct Tls {
    files: TlsFiles,
    clock: Arc<dyn Clock>,
    provider: Arc<CryptoProvider>,
    loaded: RwLock<Loaded>,
    left: Gauge,
}

impl Tls {
    pub(super) async fn open(
        files: TlsFiles,
        clock: Arc<dyn Clock>,
        metrics: &Metrics,
    ) -> Result<Self, TlsFault> {
        metrics.describe(
            "sensing_tls_certificate_seconds_left",
            "How long the certificate that devices are shown is still good.",
        );
        let provider = Arc::new(ring::default_provider());
        let loaded = Contents::read(&files)
            .await?
            .load(&files, &provider, &clock)?;
        let tls = Self {
            files,
            provider,
            loaded: RwLock::new(loaded),
            left: metrics.gauge("sensing_tls_certificate_seconds_left", &[]),
            clock,
        };
        // A city starts with a certificate whose time is over: plain edges and tokens do not need it.
        if let Err(over) = tls.is_in_time(tls.clock.now()) {
            tracing::warn!("{over}");
        }
        Ok(tls)
    }

    /// Looks at the files; takes them up when they are others than before, and says whether it did. What cannot be
    /// used is not taken up: what was there before stays.
    pub(crate) async fn look(&self, now: Timestamp) -> Result<bool, TlsFault> {
        let renewed = self.renew(now).await;
        self.is_in_time(now)?;
        renewed
    }

    async fn renew(&self, now: Timestamp) -> Result<bool, TlsFault> {
        let contents = Contents::read(&self.files).await?;
        if contents.digest() == self.with_loaded(|loaded| loaded.digest) {
            return Ok(false);
        }
        let loaded = contents.load(&self.files, &self.provider, &self.clock)?;
        if loaded.not_after < now {
            return Err(self.over(loaded.not_after));
        }
        tracing::info!(not_after = %loaded.not_after, "devices are shown the new certificate");
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = loaded;
        Ok(true)
    }

    /// Tells how long the certificate is still good.
    fn is_in_time(&self, now: Timestamp) -> Result<(), TlsFault> {
        let not_after = self.with_loaded(|loaded| loaded.not_after);
        self.left.set(not_after.duration_since(now).as_secs_f64());
        if not_after < now {
            return Err(self.over(not_after));
        }
        Ok(())
    }

    fn over(&self, not_after: Timestamp) -> TlsFault {
        TlsFault::Over {
            path: self.files.certificate.clone(),
            not_after,
        }
    }

    fn with_loaded<T>(&self, get: impl FnOnce(&Loaded) -> T) -> T {
        get(&self.loaded.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Speaks TLS with whoever connected; answers the certificate that was shown, if one was.
    pub(super) async fn shake_hands(
        &self,
        stream: TcpStream,
    ) -> Result<(Socket, Option<Certificate>), Failed> {
        let acceptor = TlsAcceptor::from(self.with_loaded(|loaded| Arc::clone(&loaded.config)));
        let limit = self.files.handshake_max;
        let shaking = PRESENTED.scope(Cell::new(None), async {
            let accept = acceptor.accept(stream).into_fallible();
            let accepted = tokio::time::timeout(limit, accept).await;
            (accepted, PRESENTED.with(Cell::get))
        });
        let (accepted, presented) = shaking.await;
        let failed = |refused, socket| Failed {
            refused,
            presented,
            socket,
        };
        match accepted {
            Err(_too_slow) => Err(failed(refusal::too_slow(limit), None)),
            Ok(Err((error, stream))) => {
                let socket = Some(Socket::Plain(stream));
                Err(failed(refusal::broken(&error), socket))
            }
            Ok(Ok(stream)) => {
                let certificate = shown(&stream);
                Ok((Socket::Secure(Box::new(stream)), certificate))
            }
        }
    }
}

fn shown(stream: &TlsStream<TcpStream>) -> Option<Certificate> {
    let (_, connection) = stream.get_ref();
    Certificate::read(connection.peer_certificates()?.first()?)
}
