//! Which edge listens where.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;
use yiwang_mqtt::Acl;
use yiwang_runtime::Platform;

use super::accept::{Gate, accept};
use super::mqtt;
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
    let mut open = Vec::new();
    if let Some(address) = addresses.mqtt {
        let listener = TcpListener::bind(address).await?;
        open.push((Protocol::Mqtt, listener.local_addr()?));
        serve_mqtt(service, platform, listener, addresses.connections_max);
    }
    Ok(open)
}

fn serve_mqtt(
    service: &Arc<SensingService>,
    platform: &Platform,
    listener: TcpListener,
    connections_max: usize,
) {
    let gate = Gate::new(Protocol::Mqtt, connections_max, &platform.counters);
    let (clock, stop) = (Arc::clone(&platform.clock), platform.tasks.stop_token());
    let (service, acl) = (Arc::clone(service), Arc::new(Acl::default()));
    platform.tasks.spawn("edge mqtt", async move {
        let links = TaskTracker::new();
        accept(
            listener,
            gate,
            clock,
            stop.clone(),
            |socket, remote, place| {
                let (service, broker) = (Arc::clone(&service), Arc::clone(&service.broker));
                let (acl, stop) = (Arc::clone(&acl), stop.clone());
                links.spawn(mqtt::run(service, broker, acl, socket, remote, place, stop));
            },
        )
        .await;
        links.close();
        links.wait().await;
    });
}
