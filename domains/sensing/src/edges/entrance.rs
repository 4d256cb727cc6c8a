//! The way in with TLS: the handshake of one connection, within its place, and what is told when it fails.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use yiwang_http::Metrics;

use super::accept::{Caller, Place};
use super::tls::{Failed, Tls};
use crate::intake::Kept;
use crate::protocol::Protocol;
use crate::service::SensingService;

/// One listener with TLS.
pub(super) struct Entrance {
    pub tls: Arc<Tls>,
    pub service: Arc<SensingService>,
    pub edge: Protocol,
    /// As it is called in the settings.
    pub name: &'static str,
    pub metrics: Metrics,
    pub stop: CancellationToken,
}

const METRIC: &str = "sensing_tls_handshakes_total";

impl Entrance {
    pub(super) fn describe(metrics: &Metrics) {
        metrics.describe(
            METRIC,
            "Handshakes with devices, by edge and outcome: done, or why not.",
        );
    }

    /// The caller behind its handshake; `None` when there was none.
    pub(super) async fn enter(
        &self,
        stream: TcpStream,
        remote: SocketAddr,
        place: Place,
    ) -> Option<Caller> {
        let hands = tokio::select! {
            () = self.stop.cancelled() => return None,
            hands = self.tls.shake_hands(stream) => hands,
        };
        match hands {
            Ok((socket, certificate)) => {
                self.count("done");
                Some(Caller {
                    edge: self.edge,
                    socket,
                    remote,
                    certificate: certificate.map(Box::new),
                    place,
                })
            }
            Err(failed) => {
                self.refuse(&failed, remote);
                if let Some(mut socket) = failed.socket {
                    socket.see_off().await;
                }
                None
            }
        }
    }

    fn refuse(&self, failed: &Failed, remote: SocketAddr) {
        self.count(failed.refused.code);
        let registry = &self.service.registry;
        let slot = failed
            .presented
            .and_then(|digest| registry.by_certificate(&digest));
        // Without its port, which is another with each attempt: what one sender does is kept within bounds.
        let remote = remote.ip().to_string();
        let kept = Kept {
            edge: self.edge,
            slot: slot.as_deref(),
            claimed: "",
            remote: &remote,
            bytes: &[],
            at: self.service.intake.now(),
        };
        self.service.intake.refuse_whole(kept, &failed.refused);
    }

    fn count(&self, outcome: &'static str) {
        let labels = [("edge", self.name), ("outcome", outcome)];
        self.metrics.counter(METRIC, &labels).increment();
    }
}
