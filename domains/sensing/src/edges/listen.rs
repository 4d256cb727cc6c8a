//! Which edge listens where.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use yiwang_kernel::Clock;
use yiwang_mqtt::Acl;
use yiwang_runtime::Platform;

use super::accept::{Caller, Gate, accept};
use super::dialect::{Dialect, Gb26875, Hj212, Jt808, Sl651};
use super::entrance::Entrance;
use super::socket::Socket;
use super::tls::{Tls, TlsFault, TlsFiles};
use super::{link, mqtt};
use crate::protocol::Protocol;
use crate::service::SensingService;

/// Where each edge listens, and where it does with TLS; an edge without an address is closed.
#[derive(Debug, Clone, Default)]
pub struct EdgeAddresses {
    pub mqtt: Option<SocketAddr>,
    pub hj212: Option<SocketAddr>,
    pub sl651: Option<SocketAddr>,
    pub jt808: Option<SocketAddr>,
    pub gb26875: Option<SocketAddr>,
    pub mqtts: Option<SocketAddr>,
    pub hj212s: Option<SocketAddr>,
    pub sl651s: Option<SocketAddr>,
    pub jt808s: Option<SocketAddr>,
    pub gb26875s: Option<SocketAddr>,
    /// Needed where an edge listens with TLS.
    pub tls: Option<TlsFiles>,
    /// Connections of one listener.
    pub connections_max: usize,
}

/// A listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenEdge {
    pub protocol: Protocol,
    /// Is it TLS that is spoken there?
    pub is_secure: bool,
    pub address: SocketAddr,
}

impl OpenEdge {
    /// As it is called in the settings.
    pub fn name(&self) -> &'static str {
        name(self.protocol, self.is_secure)
    }
}

fn name(protocol: Protocol, is_secure: bool) -> &'static str {
    match protocol {
        Protocol::Mqtt if is_secure => "mqtts",
        Protocol::Hj212 if is_secure => "hj212s",
        Protocol::Sl651 if is_secure => "sl651s",
        Protocol::Jt808 if is_secure => "jt808s",
        Protocol::Gb26875 if is_secure => "gb26875s",
        other => other.as_str(),
    }
}

/// Why the edges do not open.
#[derive(Debug, thiserror::Error)]
pub enum ListenFault {
    #[error("sensing.{edge} cannot listen on {address}")]
    Address {
        edge: &'static str,
        address: SocketAddr,
        source: std::io::Error,
    },
    #[error(
        "sensing.{0} needs sensing.tls.certificate and sensing.tls.key: the files of the node's certificate and its key"
    )]
    NoCertificate(&'static str),
    #[error(transparent)]
    Tls(#[from] TlsFault),
}

impl EdgeAddresses {
    /// Every edge that is to listen, and whether with TLS.
    fn wanted(&self) -> impl Iterator<Item = (Protocol, bool, SocketAddr)> {
        let all = [
            (Protocol::Mqtt, self.mqtt, self.mqtts),
            (Protocol::Hj212, self.hj212, self.hj212s),
            (Protocol::Sl651, self.sl651, self.sl651s),
            (Protocol::Jt808, self.jt808, self.jt808s),
            (Protocol::Gb26875, self.gb26875, self.gb26875s),
        ];
        all.into_iter().flat_map(|(protocol, plain, secure)| {
            let each = [(false, plain), (true, secure)].into_iter();
            each.filter_map(move |(is_secure, address)| Some((protocol, is_secure, address?)))
        })
    }
}

/// Opens the edges and serves them until the node stops; answers where they listen.
pub(crate) async fn listen(
    service: &Arc<SensingService>,
    platform: &Platform,
    addresses: &EdgeAddresses,
) -> Result<Vec<OpenEdge>, ListenFault> {
    let tls = open_tls(service, platform, addresses).await?;
    let mut open = Vec::new();
    for (protocol, is_secure, address) in addresses.wanted() {
        let edge = name(protocol, is_secure);
        let fault = |source| ListenFault::Address {
            edge,
            address,
            source,
        };
        let listener = TcpListener::bind(address).await.map_err(fault)?;
        let address = listener.local_addr().map_err(fault)?;
        open.push(OpenEdge {
            protocol,
            is_secure,
            address,
        });
        let stop = platform.tasks.stop_token();
        let entrance = tls.as_ref().filter(|_| is_secure).map(|tls| Entrance {
            tls: Arc::clone(tls),
            service: Arc::clone(service),
            edge: protocol,
            name: edge,
            metrics: platform.counters.clone(),
            stop: stop.clone(),
        });
        let task = format!("edge {edge}");
        let edge = Edge {
            service: Arc::clone(service),
            protocol,
            gate: Gate::new(edge, addresses.connections_max, &platform.counters),
            entrance: entrance.map(Arc::new),
            clock: Arc::clone(&platform.clock),
            stop,
        };
        platform.tasks.spawn(task, edge.serve(listener));
    }
    Ok(open)
}

/// The certificate, where an edge needs one.
async fn open_tls(
    service: &SensingService,
    platform: &Platform,
    addresses: &EdgeAddresses,
) -> Result<Option<Arc<Tls>>, ListenFault> {
    let first = addresses.wanted().find(|(_, is_secure, _)| *is_secure);
    let Some((protocol, ..)) = first else {
        return Ok(None);
    };
    let files = addresses.tls.clone();
    let files = files.ok_or_else(|| ListenFault::NoCertificate(name(protocol, true)))?;
    Entrance::describe(&platform.counters);
    let clock = Arc::clone(&platform.clock);
    let tls = Arc::new(Tls::open(files, clock, &platform.counters).await?);
    let _only_the_first_listens = service.tls.set(Arc::clone(&tls));
    Ok(Some(tls))
}

/// One listener and what its connections need.
struct Edge {
    service: Arc<SensingService>,
    protocol: Protocol,
    gate: Gate,
    /// What a connection passes first, where the edge has TLS.
    entrance: Option<Arc<Entrance>>,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
}

impl Edge {
    async fn serve(self, listener: TcpListener) {
        let dialects = self.service.settings.dialects.clone();
        match self.protocol {
            Protocol::Mqtt => self.serve_mqtt(listener).await,
            Protocol::Hj212 => {
                let dialect = move || Hj212::new(dialects.hj212.clone());
                self.speak(listener, dialect).await;
            }
            Protocol::Jt808 => {
                let dialect = move || Jt808::new(dialects.jt808.clone());
                self.speak(listener, dialect).await;
            }
            Protocol::Gb26875 => {
                let dialect = move || Gb26875::new(dialects.gb26875.clone());
                self.speak(listener, dialect).await;
            }
            Protocol::Sl651 => {
                let dialect = move || Sl651::new(dialects.sl651.clone());
                self.speak(listener, dialect).await;
            }
            Protocol::Http | Protocol::Sensorthings => {}
        }
    }

    /// Serves connections that speak one of the standards.
    async fn speak<D: Dialect>(
        self,
        listener: TcpListener,
        dialect: impl Fn() -> D + Send + Sync + 'static,
    ) {
        let (service, stop) = (Arc::clone(&self.service), self.stop.clone());
        let serve = move |caller| link::run(Arc::clone(&service), dialect(), caller, stop.clone());
        self.let_in(listener, serve).await;
    }

    async fn serve_mqtt(self, listener: TcpListener) {
        let (service, stop) = (Arc::clone(&self.service), self.stop.clone());
        let acl = Arc::new(Acl::default());
        let serve =
            move |caller| mqtt::run(Arc::clone(&service), Arc::clone(&acl), caller, stop.clone());
        self.let_in(listener, serve).await;
    }

    /// Accepts connections and serves each in a task of its own, so that none waits for another's handshake.
    async fn let_in<F>(
        self,
        listener: TcpListener,
        serve: impl Fn(Caller) -> F + Send + Sync + 'static,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        let links = TaskTracker::new();
        let (edge, serve) = (self.protocol, Arc::new(serve));
        accept(
            listener,
            self.gate,
            self.clock,
            self.stop,
            |stream, remote, place| {
                let Some(entrance) = &self.entrance else {
                    links.spawn(serve(Caller {
                        edge,
                        socket: Socket::Plain(stream),
                        remote,
                        certificate: None,
                        place,
                    }));
                    return;
                };
                let (entrance, serve) = (Arc::clone(entrance), Arc::clone(&serve));
                links.spawn(async move {
                    // Apart, so that what the handshake needs goes when it is over.
                    let entering = Box::pin(entrance.enter(stream, remote, place));
                    if let Some(caller) = entering.await {
                        serve(caller).await;
                    }
                });
            },
        )
        .await;
        links.close();
        links.wait().await;
    }
}
