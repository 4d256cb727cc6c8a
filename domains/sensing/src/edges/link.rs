//! One connection of a standard's edge.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio_util::sync::CancellationToken;
use yiwang_kernel::micros;

use super::accept::Caller;
use super::socket::{Read, Socket};
use super::{Budget, Dialect, Inbound};
use crate::certificate::Certificate;
use crate::intake::{Ack, Kept, Mailbox, Stopping};
use crate::protocol::Protocol;
use crate::reading::{Message, Refused};
use crate::service::SensingService;
use crate::slot::{Connection, Proof, Slot};

/// Messages of one connection that wait to be durable; more wait at the device.
const PENDING_MAX: usize = 256;
/// A connection on which nothing comes for so long is let go.
const IDLE_MAX: Duration = Duration::from_hours(2);
/// How often waiting parts are looked at.
const TICK: Duration = Duration::from_secs(5);
/// Devices of one connection: a platform of a vendor speaks for many.
const DEVICES_MAX: usize = 10_000;

/// Why a connection ended; shown at the device.
type Ending = &'static str;

struct Link<D> {
    service: Arc<SensingService>,
    edge: Protocol,
    dialect: D,
    remote: SocketAddr,
    number: u64,
    mailbox: Arc<Mailbox>,
    /// Answers that wait for their message to be durable.
    pending: HashMap<u64, Option<Vec<u8>>>,
    next: u64,
    out: Vec<u8>,
    attached: Vec<Arc<Slot>>,
    is_secure: bool,
    /// The device whose certificate was shown: no other is spoken for.
    proven: Option<Arc<Slot>>,
    budget: Budget,
    revoked: CancellationToken,
}

/// Speaks with a device until one of the two has enough.
pub(crate) async fn run<D: Dialect>(
    service: Arc<SensingService>,
    dialect: D,
    caller: Caller,
    stop: CancellationToken,
) {
    static NUMBERS: AtomicU64 = AtomicU64::new(1);
    let now = service.intake.now();
    let settings = &service.settings;
    let mut link = Link {
        budget: Budget::new(settings.messages_per_second, settings.messages_burst, now),
        service: Arc::clone(&service),
        edge: caller.edge,
        dialect,
        remote: caller.remote,
        number: NUMBERS.fetch_add(1, Ordering::Relaxed),
        mailbox: Arc::default(),
        pending: HashMap::new(),
        next: 0,
        out: Vec::new(),
        attached: Vec::new(),
        is_secure: caller.socket.is_secure(),
        proven: None,
        revoked: CancellationToken::new(),
    };
    if let Some(certificate) = caller.certificate {
        link.prove(&certificate);
    }
    let mut socket = caller.socket;
    let ending = link.talk(&mut socket, stop).await;
    link.take_rest().await;
    link.detach(ending);
    if link.is_secure {
        // Without a goodbye within TLS the other side takes the end for an attack.
        socket.see_off().await;
    }
    drop(caller.place);
}

impl<D: Dialect> Link<D> {
    /// Takes note of whose certificate was shown; one that no device has proves nothing, and harms nothing.
    fn prove(&mut self, certificate: &Certificate) {
        let Some(slot) = self.service.registry.by_certificate(&certificate.digest) else {
            return;
        };
        self.proven = Some(Arc::clone(&slot));
        self.attach(&slot, self.service.intake.now());
        // It may have been taken away meanwhile, unseen by whoever took it.
        if slot.binding().device.certificate != Some(certificate.digest) {
            self.revoked.cancel();
        }
    }

    async fn talk(&mut self, socket: &mut Socket, stop: CancellationToken) -> Ending {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut idle_from = tokio::time::Instant::now();
        let mut tokens = Vec::new();
        loop {
            let may_read = self.pending.len() < PENDING_MAX;
            let came = tokio::select! {
                biased;
                () = stop.cancelled() => return "stopping",
                () = self.revoked.cancelled() => return "revoked",
                () = self.mailbox.wait() => {
                    self.answer_durable(&mut tokens);
                    Came::Nothing
                }
                read = socket.read(), if may_read => match read {
                    Read::Bytes(bytes) => Came::Bytes(bytes),
                    Read::End => return "closed",
                    Read::Broken => return "broken",
                },
                _ = ticks.tick() => Came::Tick,
            };
            let taken = match came {
                Came::Nothing => Ok(0),
                Came::Bytes(bytes) => {
                    idle_from = tokio::time::Instant::now();
                    self.take(&bytes).await
                }
                Came::Tick if idle_from.elapsed() > IDLE_MAX => return "idle",
                Came::Tick => self.take(&[]).await,
            };
            let Ok(taken) = taken else {
                return "stopping";
            };
            if !self.flush(socket).await {
                return "takes_no_answers";
            }
            self.keep_to_budget(taken).await;
        }
    }

    /// Decodes and hands on; answers how many messages came.
    async fn take(&mut self, bytes: &[u8]) -> Result<u32, Stopping> {
        let now = self.service.intake.clock.now();
        let inbound = self.dialect.receive(bytes, now, &self.service.registry);
        let count = inbound.len() as u32;
        for each in inbound {
            self.one(each, micros(now)).await?;
        }
        Ok(count)
    }

    /// What came in and was no whole frame when the connection ended is refused, and kept.
    async fn take_rest(&mut self) {
        let now = self.service.intake.clock.now();
        for each in self.dialect.close(now, &self.service.registry) {
            if self.one(each, micros(now)).await.is_err() {
                return;
            }
        }
    }

    /// What is said for another device than the one whose certificate was shown is refused, and not answered.
    fn own(&self, inbound: Inbound) -> Inbound {
        let (Some(proven), Some(slot)) = (&self.proven, inbound.slot()) else {
            return inbound;
        };
        if Arc::ptr_eq(proven, slot) {
            return inbound;
        }
        let code = |slot: &Slot| slot.binding().device.code.clone();
        let (certificate, claimed) = (code(proven), code(slot));
        let message = format!(
            "the certificate is that of the device {certificate}, the frame is one of the device {claimed}"
        );
        Inbound::Refused {
            slot: Some(Arc::clone(proven)),
            claimed,
            raw: inbound.into_raw(),
            refused: Refused::new("other_certificate", message),
            reply: None,
        }
    }

    async fn one(&mut self, inbound: Inbound, received: i64) -> Result<(), Stopping> {
        match self.own(inbound) {
            Inbound::Readings {
                slot,
                raw,
                decoded,
                stored,
            } => self.readings(slot, &raw, decoded, stored, received).await,
            Inbound::Signal { slot, raw, reply } => {
                if let Some(slot) = slot {
                    self.attach(&slot, received);
                    slot.keep_frame(self.edge, &raw, None, received);
                    let mut live = slot.live();
                    live.heard = live.heard.max(Some(received));
                }
                self.out.extend(reply.unwrap_or_default());
                Ok(())
            }
            Inbound::Refused {
                slot,
                claimed,
                raw,
                refused,
                reply,
            } => {
                let remote = self.remote.to_string();
                let kept = Kept {
                    edge: self.edge,
                    slot: slot.as_deref(),
                    claimed: &claimed,
                    remote: &remote,
                    bytes: &raw,
                    at: received,
                };
                self.service.intake.refuse_whole(kept, &refused);
                self.out.extend(reply.unwrap_or_default());
                Ok(())
            }
        }
    }

    async fn readings(
        &mut self,
        slot: Arc<Slot>,
        raw: &[u8],
        decoded: crate::payload::Decoded,
        stored: Option<Vec<u8>>,
        received: i64,
    ) -> Result<(), Stopping> {
        self.attach(&slot, received);
        slot.keep_frame(self.edge, raw, None, received);
        for refused in &decoded.refused {
            let kept = Kept::of_slot(self.edge, &slot, raw, received);
            self.service.intake.refuse_whole(kept, refused);
        }
        let readings = decoded.sorted().readings;
        if readings.is_empty() {
            // There is nothing to make durable, and what was refused is kept: the device need not send it again.
            self.out.extend(stored.unwrap_or_default());
            return Ok(());
        }
        let token = self.next;
        self.next += 1;
        self.pending.insert(token, stored);
        let message = Message {
            slot,
            edge: self.edge,
            received,
            readings,
            ack: Ack::Link(Arc::clone(&self.mailbox), token),
        };
        self.service.intake.offer(message).await
    }

    /// Answers to what has become durable.
    fn answer_durable(&mut self, tokens: &mut Vec<u64>) {
        self.mailbox.take(tokens);
        for token in tokens.drain(..) {
            if let Some(Some(reply)) = self.pending.remove(&token) {
                self.out.extend(reply);
            }
        }
    }

    async fn flush(&mut self, socket: &mut Socket) -> bool {
        socket
            .send(Bytes::from(std::mem::take(&mut self.out)))
            .await
    }

    /// Reads no further until the budget allows it; the device waits at its side of the connection.
    async fn keep_to_budget(&mut self, taken: u32) {
        if taken == 0 {
            return;
        }
        let wait = self.budget.take(taken, self.service.intake.now());
        if wait > 0 {
            tokio::time::sleep(Duration::from_micros(wait.unsigned_abs())).await;
        }
    }

    fn attach(&mut self, slot: &Arc<Slot>, now: i64) {
        let is_known = self.attached.iter().any(|known| Arc::ptr_eq(known, slot));
        if is_known || self.attached.len() >= DEVICES_MAX {
            return;
        }
        self.attached.push(Arc::clone(slot));
        let is_proven = self.proven.is_some();
        let connection = Connection {
            edge: self.edge,
            remote: self.remote.to_string(),
            is_secure: self.is_secure,
            proof: is_proven.then_some(Proof::Certificate),
            since: now,
        };
        slot.connect(self.number, connection, self.revoked.clone());
    }

    fn detach(&mut self, ending: Ending) {
        let now = self.service.intake.now();
        for slot in self.attached.drain(..) {
            slot.disconnect(self.number, ending, now);
        }
    }
}

enum Came {
    Nothing,
    Bytes(Bytes),
    Tick,
}
