//! One MQTT connection: a task that reads, hands on, and answers what has become durable.

mod take;
mod wait;

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use yiwang_kernel::{Timestamp, micros};
use yiwang_mqtt::packet::{Connect, Subscribe, Will};
use yiwang_mqtt::{
    Acl, Attachment, Connection, Event, Message as Published, Reason, SessionId, Sessions,
    Unfinished, Welcome,
};

use super::broker::{Broker, Outbox};
use super::client::{Asking, Client, Denied};
use crate::edges::Budget;
use crate::edges::accept::Caller;
use crate::edges::socket::{Read, Socket};
use crate::intake::{Kept, Mailbox};
use crate::protocol::Protocol;
use crate::reading::{Message, Refused};
use crate::service::SensingService;
use crate::slot::{self, Proof};
use wait::{rest, until};

static NUMBERS: AtomicU64 = AtomicU64::new(1);

/// Serves one client until one of the two has enough.
pub(crate) async fn run(
    service: Arc<SensingService>,
    acl: Arc<Acl>,
    caller: Caller,
    stop: CancellationToken,
) {
    let (mut socket, remote, place) = (caller.socket, caller.remote, caller.place);
    let broker = Arc::clone(&service.broker);
    let now = service.intake.clock.now();
    let mut connection = Connection::new(Arc::clone(&broker.limits), now);
    let Some(connect) = first_packet(&service, &mut connection, &mut socket, &stop).await else {
        return;
    };
    let now = service.intake.clock.now();
    let from = remote.to_string();
    let asking = Asking {
        connect: &connect,
        certificate: caller.certificate.as_deref(),
        remote: &from,
    };
    let (client, proof) = match Client::of(&service, &asking, now).await {
        Ok(let_in) => let_in,
        Err(denied) => {
            refuse(&service, &asking, &denied);
            connection.refuse(denied.reason);
            let _gone = socket.send(connection.take_output()).await;
            socket.see_off().await;
            return;
        }
    };
    let shown = slot::Connection {
        edge: Protocol::Mqtt,
        remote: from.clone(),
        is_secure: socket.is_secure(),
        proof,
        since: micros(now),
    };
    let parts = (service, broker, acl);
    let Some(mut link) = Link::open(parts, connection, client, &connect, (remote, shown)) else {
        return;
    };
    link.end_if_denied(&asking, proof);
    drop((connect, from, caller.certificate));
    let ending = link.talk(&mut socket, stop).await;
    link.close(&mut socket, ending).await;
    drop(place);
}

/// Reads until the CONNECT is there; its time is limited.
async fn first_packet(
    service: &SensingService,
    connection: &mut Connection,
    socket: &mut Socket,
    stop: &CancellationToken,
) -> Option<Box<Connect>> {
    let wait = Duration::from_secs(10);
    let deadline = tokio::time::Instant::now() + wait;
    let mut events = Vec::new();
    loop {
        let read = tokio::select! {
            () = stop.cancelled() => return None,
            () = tokio::time::sleep_until(deadline) => return None,
            read = socket.read() => read,
        };
        let Read::Bytes(bytes) = read else {
            return None;
        };
        connection.receive(bytes, service.intake.clock.now(), &mut events);
        match events.pop() {
            Some(Event::Connect(connect)) => return Some(connect),
            Some(_) => {
                let _gone = socket.send(connection.take_output()).await;
                return None;
            }
            None => {}
        }
    }
}

/// A client that is not let in is counted, and who it said it is kept.
fn refuse(service: &SensingService, asking: &Asking<'_>, denied: &Denied) {
    let connect = asking.connect;
    let kept = Kept {
        edge: Protocol::Mqtt,
        slot: denied.slot.as_deref(),
        claimed: connect.user_name.as_deref().unwrap_or(&connect.client_id),
        remote: asking.remote,
        bytes: &[],
        at: service.intake.now(),
    };
    service.intake.refuse_whole(kept, &denied.refused);
}

/// Why a connection ended.
#[derive(Clone, Copy)]
struct Ending {
    /// Shown at the device.
    why: &'static str,
    /// What an MQTT 5 client is told.
    reason: Option<Reason>,
    publishes_will: bool,
    session_expiry_seconds: Option<u32>,
}

impl Ending {
    fn lost(why: &'static str) -> Self {
        Self {
            why,
            reason: None,
            publishes_will: true,
            session_expiry_seconds: None,
        }
    }

    fn told(why: &'static str, reason: Reason) -> Self {
        Self {
            reason: Some(reason),
            ..Self::lost(why)
        }
    }
}

struct Link {
    service: Arc<SensingService>,
    broker: Arc<Broker>,
    acl: Arc<Acl>,
    connection: Connection,
    client: Client,
    remote: SocketAddr,
    number: u64,
    attachment: Attachment,
    will: Option<Box<Will>>,
    mailbox: Arc<Mailbox>,
    outbox: Arc<Outbox>,
    /// Taken over or revoked.
    end: CancellationToken,
    /// Messages for subscribers, that go on once they are durable.
    held: HashMap<u64, Published>,
    budget: Budget,
    /// Messages that found no room in the hall; no more of them than may be unanswered.
    backlog: VecDeque<Message>,
    /// Nothing is read before.
    rests_until: Option<tokio::time::Instant>,
}

impl Link {
    fn open(
        (service, broker, acl): (Arc<SensingService>, Arc<Broker>, Arc<Acl>),
        mut connection: Connection,
        client: Client,
        connect: &Connect,
        (remote, shown): (SocketAddr, slot::Connection),
    ) -> Option<Self> {
        let (outbox, end) = (Arc::<Outbox>::default(), CancellationToken::new());
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let assigned = connect.client_id.is_empty();
        let assigned = assigned.then(|| Sessions::assigned_client_id("yw-", number));
        let client_id = assigned.as_ref().unwrap_or(&connect.client_id);
        let clock = Arc::clone(&service.intake.clock);
        let now = clock.now();
        let name = client.session_name(client_id);
        let expiry = connect.session_expiry_seconds;
        let opened = broker.open(&name, connect.clean_start, expiry, &outbox, &end, now)?;
        connection.accept(Welcome {
            session_present: opened.present,
            assigned_client_id: assigned,
            session_expiry_seconds: None,
        });
        connection.resume(opened.unfinished, now);
        outbox.came.notify_one();
        if let Client::Device(slot) = &client {
            slot.connect(number, shown, end.clone());
        }
        let settings = &service.settings;
        Some(Self {
            budget: Budget::new(
                settings.messages_per_second,
                settings.messages_burst,
                micros(now),
            ),
            will: connect.will.clone(),
            service,
            broker,
            acl,
            connection,
            client,
            remote,
            number,
            attachment: opened.attachment,
            mailbox: Arc::default(),
            outbox,
            end,
            held: HashMap::new(),
            backlog: VecDeque::new(),
            rests_until: None,
        })
    }

    /// Ends at once if the device's access was taken away while it was being let in, unseen by whoever took it.
    fn end_if_denied(&self, asking: &Asking<'_>, proof: Option<Proof>) {
        if let (Client::Device(slot), Some(proof)) = (&self.client, proof)
            && !asking.still_fits(&slot.binding().device, proof)
        {
            self.end.cancel();
        }
    }

    fn session(&self) -> SessionId {
        self.attachment.session
    }

    fn now(&self) -> Timestamp {
        self.service.intake.clock.now()
    }

    async fn talk(&mut self, socket: &mut Socket, stop: CancellationToken) -> Ending {
        let mut events = Vec::new();
        self.connection.pump(self.now(), &mut events);
        loop {
            if let Some(ending) = self.handle(&mut events) {
                return ending;
            }
            if !socket.send(self.connection.take_output()).await {
                return Ending::lost("takes_nothing");
            }
            if self.connection.wants_pump() {
                self.connection.pump(self.now(), &mut events);
                if !events.is_empty() {
                    continue;
                }
            }
            let wants_input = self.connection.wants_input();
            let rests_until = self.rests_until;
            tokio::select! {
                biased;
                () = stop.cancelled() => return Ending::told("stopping", Reason::ServerShuttingDown),
                () = self.end.cancelled() => return self.ended(),
                () = self.mailbox.wait() => self.acknowledge(),
                () = self.outbox.came.notified(), if self.connection.has_room() => {}
                () = self.service.intake.room(), if !self.backlog.is_empty() => {
                    if self.try_backlog().is_err() {
                        return Ending::told("stopping", Reason::ServerShuttingDown);
                    }
                }
                () = rest(rests_until) => self.rests_until = None,
                read = socket.read(), if wants_input && rests_until.is_none() => match read {
                    Read::Bytes(bytes) => self.connection.receive(bytes, self.now(), &mut events),
                    Read::End | Read::Broken => return Ending::lost("link_lost"),
                },
                () = until(self.connection.expires_at(), self.now()) => {
                    if self.connection.expires_at().is_some_and(|at| at <= self.now()) {
                        return Ending::told("keep_alive", Reason::KeepAliveTimeout);
                    }
                }
            }
            self.deliver();
        }
    }

    /// Somebody ended it: the same client by another connection, or whoever may revoke the device's access.
    fn ended(&self) -> Ending {
        if self.broker.is_attached(self.attachment) {
            Ending::told("revoked", Reason::AdministrativeAction)
        } else {
            Ending::told("taken_over", Reason::SessionTakenOver)
        }
    }

    fn handle(&mut self, events: &mut Vec<Event>) -> Option<Ending> {
        let mut publishes = 0;
        for event in events.drain(..) {
            match event {
                Event::Publish { publish, token } => {
                    publishes += 1;
                    if self.take(publish, token).is_err() {
                        return Some(Ending::told("stopping", Reason::ServerShuttingDown));
                    }
                }
                Event::Subscribe(subscribe) => self.subscribe(&subscribe),
                Event::Unsubscribe(unsubscribe) => {
                    let filters = unsubscribe.filters.iter();
                    let reasons = filters.map(|each| self.broker.unsubscribe(self.session(), each));
                    let reasons = reasons.collect();
                    self.connection.unsuback(unsubscribe.packet_id, reasons);
                }
                Event::Connect(_) | Event::Delivered { .. } => {}
                Event::Disconnect {
                    publishes_will,
                    session_expiry_seconds,
                    ..
                } => {
                    return Some(Ending {
                        why: if publishes_will {
                            "will"
                        } else {
                            "said_goodbye"
                        },
                        reason: None,
                        publishes_will,
                        session_expiry_seconds,
                    });
                }
                Event::Fault(fault) => {
                    let kept = self.kept(None, &[]);
                    let message = format!("the client broke the rules of MQTT: {fault}");
                    let refused = Refused::new("protocol", message);
                    self.service.intake.refuse_whole(kept, &refused);
                    return Some(Ending::lost("protocol"));
                }
            }
        }
        if publishes > 0 {
            let wait = self.budget.take(publishes, self.service.intake.now());
            let until = Duration::from_micros(wait.unsigned_abs());
            self.rests_until = (wait > 0).then(|| tokio::time::Instant::now() + until);
        }
        None
    }

    fn subscribe(&mut self, subscribe: &Subscribe) {
        let now = self.now();
        let session = self.session();
        let reasons = subscribe.filters.iter().map(|request| {
            let filter = &*request.filter;
            if self
                .client
                .may_subscribe(&self.service, &self.acl, filter, now)
            {
                self.broker
                    .subscribe(session, request, subscribe.subscription_id, now)
            } else {
                Reason::NotAuthorized
            }
        });
        let reasons = reasons.collect();
        self.connection.suback(subscribe.packet_id, reasons);
    }

    /// Sends what waits for the client, as much as it takes.
    fn deliver(&mut self) {
        let now = self.now();
        while self.connection.has_room() {
            let next = self.outbox.take().or_else(|| {
                let waiting = self.broker.next(self.session(), now)?;
                Some((waiting.message, waiting.delivery))
            });
            let Some((message, delivery)) = next else {
                return;
            };
            // There is room, so it is written, or it is too old or too large for this client.
            let _settled = self.connection.deliver(&message, &delivery, now);
        }
        // The rest is looked at again when there is room.
        self.outbox.came.notify_one();
    }

    async fn close(mut self, socket: &mut Socket, ending: Ending) {
        let now = self.now();
        if let Client::Device(slot) = &self.client {
            let has_will = ending.publishes_will && self.will.is_some();
            let why = if has_will && ending.why == "link_lost" {
                "will"
            } else {
                ending.why
            };
            slot.disconnect(self.number, why, micros(now));
        }
        if let Some(reason) = ending.reason {
            self.connection.close(reason);
        }
        let _gone = socket.send(self.connection.take_output()).await;
        socket.see_off().await;
        let will = self
            .will
            .take()
            .filter(|_| ending.publishes_will)
            .map(|will| *will);
        let unfinished: Unfinished = self.connection.take_unfinished();
        let expiry = ending.session_expiry_seconds;
        self.broker
            .close(self.attachment, unfinished, will, expiry, now);
        tracing::debug!(remote = %self.remote, why = ending.why, "an MQTT client has gone");
    }
}
