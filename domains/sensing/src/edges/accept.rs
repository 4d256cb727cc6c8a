//! Accepting connections: as many as there is room for, and no faster than they can be looked at, so that a city
//! that comes back after a power cut does not knock the door in.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use yiwang_http::{Counter, Gauge, Metrics};
use yiwang_kernel::{Clock, micros};

use super::Budget;
use super::socket::Socket;
use crate::certificate::Certificate;
use crate::protocol::Protocol;

/// Connections a second that are accepted, and how many at once.
const ACCEPTS_PER_SECOND: f64 = 2_000.0;
const ACCEPTS_BURST: f64 = 4_000.0;
/// After the system could give no connection.
const PAUSE: Duration = Duration::from_millis(200);

/// How many connections an edge may have.
pub(crate) struct Gate {
    edge: &'static str,
    room: Arc<Semaphore>,
    open: Gauge,
    accepted: Counter,
}

/// A connection as it was accepted.
pub(crate) struct Caller {
    pub edge: Protocol,
    pub socket: Socket,
    pub remote: SocketAddr,
    /// What it showed in the handshake, having its key.
    pub certificate: Option<Box<Certificate>>,
    pub place: Place,
}

/// A connection's place; gives it back when dropped.
pub(crate) struct Place {
    _permit: OwnedSemaphorePermit,
    open: Gauge,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.open.add(-1.0);
    }
}

impl Gate {
    pub(crate) fn new(edge: &'static str, connections_max: usize, metrics: &Metrics) -> Self {
        metrics.describe("sensing_connections", "Connections of devices, by edge.");
        metrics.describe(
            "sensing_connections_accepted_total",
            "Connections of devices that were accepted, by edge.",
        );
        let labels = [("edge", edge)];
        Self {
            edge,
            room: Arc::new(Semaphore::new(connections_max)),
            open: metrics.gauge("sensing_connections", &labels),
            accepted: metrics.counter("sensing_connections_accepted_total", &labels),
        }
    }

    async fn place(&self) -> Option<Place> {
        let permit = Arc::clone(&self.room).acquire_owned().await.ok()?;
        self.open.add(1.0);
        self.accepted.increment();
        Some(Place {
            _permit: permit,
            open: self.open.clone(),
        })
    }
}

/// Accepts until told to stop, and hands each connection with its place to `each`.
pub(crate) async fn accept(
    listener: TcpListener,
    gate: Gate,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
    each: impl Fn(TcpStream, SocketAddr, Place),
) {
    let mut budget = Budget::new(ACCEPTS_PER_SECOND, ACCEPTS_BURST, micros(clock.now()));
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = async {
                let place = gate.place().await;
                (listener.accept().await, place)
            } => accepted,
        };
        match accepted {
            (Ok((socket, remote)), Some(place)) => {
                let _small_answers_go_at_once = socket.set_nodelay(true);
                each(socket, remote, place);
            }
            (Ok(_), None) => return,
            (Err(error), _) => {
                tracing::warn!(%error, edge = gate.edge, "a connection could not be accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
        let wait = budget.take(1, micros(clock.now()));
        if wait > 0 {
            tokio::time::sleep(Duration::from_micros(wait.unsigned_abs())).await;
        }
    }
}
