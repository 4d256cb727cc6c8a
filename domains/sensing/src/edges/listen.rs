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
use super::{link, mqtt};
use crate::protocol::Protocol;
use crate::service::SensingService;

/// Where each edge listens; an edge without an address is closed.
#[derive(Debug, Clone, Default)]
pub struct EdgeAddresses {
    pub mqtt: Option<SocketAddr>,
    pub hj212: Option<SocketAddr>,
    pub sl651: Option<SocketAddr>,
    pub jt808: Option<SocketAddr>,
    pub gb26875: Option<SocketAddr>,
    /// Connections of one edge.
    pub connections_max: usize,
}

/// Opens the edges and serves them until the node stops; answers where they listen.
pub(crate) async fn listen(
    service: &Arc<SensingService>,
    platform: &Platform,
    addresses: &EdgeAddresses,
) -> std::io::Result<Vec<(Protocol, SocketAddr)>> {
    let edges = [
        (Protocol::Mqtt, addresses.mqtt),
        (Protocol::Hj212, addresses.hj212),
        (Protocol::Sl651, addresses.sl651),
        (Protocol::Jt808, addresses.jt808),
        (Protocol::Gb26875, addresses.gb26875),
    ];
    let mut open = Vec::new();
    for (protocol, address) in edges {
        let Some(address) = address else {
            continue;
        };
        let listener = TcpListener::bind(address).await.map_err(|error| {
            let words = format!("{} cannot listen on {address}: {error}", protocol.as_str());
            std::io::Error::new(error.kind(), words)
        })?;
        open.push((protocol, listener.local_addr()?));
        let edge = Edge {
            service: Arc::clone(service),
            gate: Gate::new(protocol, addresses.connections_max, &platform.counters),
            clock: Arc::clone(&platform.clock),
            stop: platform.tasks.stop_token(),
        };
        let name = format!("edge {}", protocol.as_str());
        platform.tasks.spawn(name, edge.serve(protocol, listener));
    }
    Ok(open)
}

/// One listener and what its connections need.
struct Edge {
    service: Arc<SensingService>,
    gate: Gate,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
}

impl Edge {
    async fn serve(self, protocol: Protocol, listener: TcpListener) {
        let dialects = self.service.settings.dialects.clone();
        match protocol {
            Protocol::Mqtt => self.serve_mqtt(listener).await,
            Protocol::Hj212 => {
                self.speak(listener, || Hj212::new(dialects.hj212.clone()))
                    .await;
            }
            Protocol::Jt808 => {
                self.speak(listener, || Jt808::new(dialects.jt808.clone()))
                    .await;
            }
            Protocol::Gb26875 => {
                self.speak(listener, || Gb26875::new(dialects.gb26875.clone()))
                    .await;
            }
            Protocol::Sl651 => {
                self.speak(listener, || Sl651::new(dialects.sl651.clone()))
                    .await;
            }
            Protocol::Http | Protocol::Sensorthings => {}
        }
    }

    /// Serves connections that speak one of the standards.
    async fn speak<D: Dialect>(self, listener: TcpListener, dialect: impl Fn() -> D) {
        let links = TaskTracker::new();
        let (service, stop, edge) = (self.service, self.stop.clone(), self.gate.edge);
        accept(
            listener,
            self.gate,
            self.clock,
            self.stop,
            |socket, remote, place| {
                let link = Caller {
                    edge,
                    socket,
                    remote,
                    place,
                };
                links.spawn(link::run(
                    Arc::clone(&service),
                    dialect(),
                    link,
                    stop.clone(),
                ));
            },
        )
        .await;
        links.close();
        links.wait().await;
    }

    async fn serve_mqtt(self, listener: TcpListener) {
        let links = TaskTracker::new();
        let (service, stop) = (self.service, self.stop.clone());
        let acl = Arc::new(Acl::default());
        accept(
            listener,
            self.gate,
            self.clock,
            self.stop,
            |socket, remote, place| {
                let caller = Caller {
                    edge: Protocol::Mqtt,
                    socket,
                    remote,
                    place,
                };
                links.spawn(mqtt::run(
                    Arc::clone(&service),
                    Arc::clone(&acl),
                    caller,
                    stop.clone(),
                ));
            },
        )
        .await;
        links.close();
        links.wait().await;
    }
}
