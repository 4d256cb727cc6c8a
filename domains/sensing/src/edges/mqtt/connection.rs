//! One MQTT connection: a task that reads, hands on, and answers what has become durable.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use yiwang_kernel::{Timestamp, micros};
use yiwang_mqtt::packet::{Connect, Publish, Qos, Subscribe, Will};
use yiwang_mqtt::{
    Acl, Attachment, Connection, Event, Message as Published, Outcome, Reason, SessionId, Sessions,
    Token, Unfinished, Welcome,
};

use super::broker::{Broker, Outbox};
use super::client::Client;
use super::publish::{Meaning, read};
use crate::edges::Budget;
use crate::edges::accept::Caller;
use crate::intake::{Ack, Kept, Mailbox, Stopping, Unoffered};
use crate::protocol::Protocol;
use crate::reading::{Message, Refused};
use crate::sensorthings::Topic;
use crate::service::SensingService;
use crate::slot;

/// A client that takes nothing for so long is let go.
const WRITE_TIMEOUT: Duration = Duration::from_secs(20);
/// Bytes read at once.
const READ_BYTES: usize = 32 * 1_024;

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
    let client = match Client::of(&service, &connect, &remote.to_string(), now).await {
        Ok(client) => client,
        Err(reason) => {
            refuse(&service, &connect, remote, reason);
            connection.refuse(reason);
            let _gone = write(&mut socket, connection.take_output()).await;
            see_off(&mut socket).await;
            return;
        }
    };
    let Some(mut link) = Link::open(service, broker, acl, connection, client, &connect, remote)
    else {
        return;
    };
    let ending = link.talk(&mut socket, stop).await;
    link.close(&mut socket, ending).await;
    drop(place);
}

/// Reads until the CONNECT is there; its time is limited.
async fn first_packet(
    service: &SensingService,
    connection: &mut Connection,
    socket: &mut TcpStream,
    stop: &CancellationToken,
) -> Option<Box<Connect>> {
    let wait = Duration::from_secs(10);
    let deadline = tokio::time::Instant::now() + wait;
    let mut events = Vec::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => return None,
            () = tokio::time::sleep_until(deadline) => return None,
            ready = socket.readable() => ready.ok()?,
        }
        let bytes = match try_read(socket) {
            Read::Bytes(bytes) => bytes,
            Read::Nothing => continue,
            Read::End => return None,
        };
        connection.receive(bytes, service.intake.clock.now(), &mut events);
        match events.pop() {
            Some(Event::Connect(connect)) => return Some(connect),
            Some(_) => {
                let _gone = write(socket, connection.take_output()).await;
                return None;
            }
            None => {}
        }
    }
}

/// A client that is not let in is counted, and who it said it is kept.
fn refuse(service: &SensingService, connect: &Connect, remote: SocketAddr, reason: Reason) {
    let claimed = connect.user_name.as_deref().unwrap_or(&connect.client_id);
    let remote = remote.to_string();
    let kept = Kept {
        edge: Protocol::Mqtt,
        slot: None,
        claimed,
        remote: &remote,
        bytes: &[],
        at: service.intake.now(),
    };
    let message = format!("the client {claimed} is not let in: {reason}");
    service
        .intake
        .refuse_whole(kept, &Refused::new("not_let_in", message));
}

enum Read {
    Bytes(Bytes),
    Nothing,
    End,
}

thread_local! {
    /// Shared by all connections of a thread: an idle one holds no buffer.
    static BUFFER: std::cell::RefCell<Box<[u8]>> = std::cell::RefCell::new(vec![0; READ_BYTES].into());
}

fn try_read(socket: &TcpStream) -> Read {
    BUFFER.with_borrow_mut(|buffer| match socket.try_read(buffer) {
        Ok(0) => Read::End,
        Ok(count) => Read::Bytes(Bytes::copy_from_slice(buffer.get(..count).unwrap_or(&[]))),
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => Read::Nothing,
        Err(_) => Read::End,
    })
}

async fn write(socket: &mut TcpStream, bytes: Bytes) -> bool {
    if bytes.is_empty() {
        return true;
    }
    // Most of the time the socket takes it at once, without a timer.
    let at_once = match socket.try_write(&bytes) {
        Ok(count) if count == bytes.len() => return true,
        Ok(count) => count,
        Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => 0,
        Err(_) => return false,
    };
    let rest = bytes.slice(at_once..);
    let written = tokio::time::timeout(WRITE_TIMEOUT, socket.write_all(&rest)).await;
    matches!(written, Ok(Ok(())))
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
        service: Arc<SensingService>,
        broker: Arc<Broker>,
        acl: Arc<Acl>,
        mut connection: Connection,
        client: Client,
        connect: &Connect,
        remote: SocketAddr,
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
            let shown = slot::Connection {
                edge: Protocol::Mqtt,
                remote: remote.to_string(),
                since: micros(now),
            };
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

    fn session(&self) -> SessionId {
        self.attachment.session
    }

    fn now(&self) -> Timestamp {
        self.service.intake.clock.now()
    }

    async fn talk(&mut self, socket: &mut TcpStream, stop: CancellationToken) -> Ending {
        let mut events = Vec::new();
        self.connection.pump(self.now(), &mut events);
        loop {
            if let Some(ending) = self.handle(&mut events) {
                return ending;
            }
            if !write(socket, self.connection.take_output()).await {
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
                () = self.end.cancelled() => return Ending::told("revoked", Reason::AdministrativeAction),
                () = self.mailbox.wait() => self.acknowledge(),
                () = self.outbox.came.notified(), if self.connection.has_room() => {}
                () = self.service.intake.room(), if !self.backlog.is_empty() => {
                    if self.try_backlog().is_err() {
                        return Ending::told("stopping", Reason::ServerShuttingDown);
                    }
                }
                () = rest(rests_until) => self.rests_until = None,
                ready = socket.readable(), if wants_input && rests_until.is_none() => {
                    if ready.is_err() {
                        return Ending::lost("broken");
                    }
                    match try_read(socket) {
                        Read::Bytes(bytes) => self.connection.receive(bytes, self.now(), &mut events),
                        Read::Nothing => {}
                        Read::End => return Ending::lost("link_lost"),
                    }
                }
                () = until(self.connection.expires_at(), self.now()) => {
                    if self.connection.expires_at().is_some_and(|at| at <= self.now()) {
                        return Ending::told("keep_alive", Reason::KeepAliveTimeout);
                    }
                }
            }
            self.deliver();
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

    fn kept<'a>(&self, slot: Option<&'a slot::Slot>, bytes: &'a [u8]) -> Kept<'a> {
        Kept {
            edge: Protocol::Mqtt,
            slot,
            claimed: "",
            remote: "",
            bytes,
            at: self.service.intake.now(),
        }
    }

    /// The device that a publish speaks for; where there is none it is refused.
    fn speaker(&self, publish: &Publish, now: Timestamp) -> Option<Arc<slot::Slot>> {
        let topic = &publish.topic;
        let speaks_for = self.client.speaks_for(&self.service, &self.acl, topic, now);
        if speaks_for.is_none() {
            let own = match &self.client {
                Client::Device(slot) => Some(Arc::clone(slot)),
                Client::Account(_) => None,
            };
            let kept = self.kept(own.as_deref(), &publish.payload);
            let message = format!("nothing may be sent to `{topic}` here");
            let refused = Refused::new("topic_not_allowed", message);
            self.service.intake.refuse_whole(kept, &refused);
        }
        speaks_for
    }

    /// Takes one published message in.
    fn take(&mut self, publish: Publish, token: Option<Token>) -> Result<(), Stopping> {
        let now = self.now();
        let received = micros(now);
        let Some(slot) = self.speaker(&publish, now) else {
            self.answer(token, Outcome::NotAuthorized);
            return Ok(());
        };
        let zone = self.service.settings.zone;
        match read(&slot, &publish.topic, &publish.payload, received, zone) {
            Err(refused) => {
                let kept = self.kept(Some(&slot), &publish.payload);
                self.service.intake.refuse_whole(kept, &refused);
                self.answer(token, Outcome::PayloadInvalid);
                Ok(())
            }
            Ok(Meaning::HandedOn) => {
                slot.keep_frame(Protocol::Mqtt, &publish.payload, None, received);
                let message = Published::published(publish, now);
                self.broker.publish(message, Some(self.session()), now);
                self.answer(token, Outcome::Stored);
                Ok(())
            }
            Ok(Meaning::Readings(decoded)) => {
                slot.keep_frame(Protocol::Mqtt, &publish.payload, None, received);
                for refused in &decoded.refused {
                    let kept = self.kept(Some(&slot), &publish.payload);
                    self.service.intake.refuse_whole(kept, refused);
                }
                let readings = decoded.sorted().readings;
                let is_empty = readings.is_empty();
                let mut message = Message {
                    slot,
                    edge: Protocol::Mqtt,
                    received,
                    readings,
                    ack: Ack::None,
                };
                // What comes by a topic of SensorThings is told in full once it is durable.
                let routed =
                    self.broker.wants(publish.retain) && Topic::parse(&publish.topic).is_none();
                let Some(token) = token else {
                    if routed {
                        let message = Published::published(publish, now).detached();
                        self.broker.publish(message, Some(self.session()), now);
                    }
                    return if is_empty {
                        Ok(())
                    } else {
                        self.service.intake.offer_or_shed(message)
                    };
                };
                if is_empty {
                    self.answer(Some(token), Outcome::PayloadInvalid);
                    return Ok(());
                }
                if routed {
                    self.held
                        .insert(token.0, Published::published(publish, now).detached());
                }
                message.ack = Ack::Link(Arc::clone(&self.mailbox), token.0);
                self.offer(message)
            }
        }
    }

    /// Into the hall, behind what waits already.
    fn offer(&mut self, message: Message) -> Result<(), Stopping> {
        match self.service.intake.try_offer(message) {
            Ok(()) => Ok(()),
            Err(Unoffered::Stopping) => Err(Stopping),
            Err(Unoffered::Full(message)) => {
                self.backlog.push_back(*message);
                Ok(())
            }
        }
    }

    fn try_backlog(&mut self) -> Result<(), Stopping> {
        while let Some(message) = self.backlog.pop_front() {
            match self.service.intake.try_again(message) {
                Ok(()) => {}
                Err(Unoffered::Stopping) => return Err(Stopping),
                Err(Unoffered::Full(message)) => {
                    self.backlog.push_front(*message);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn answer(&mut self, token: Option<Token>, outcome: Outcome) {
        if let Some(token) = token {
            self.connection.publish_ack(token, outcome);
        }
    }

    /// Answers what has become durable, and hands it on.
    fn acknowledge(&mut self) {
        let mut tokens = Vec::new();
        self.mailbox.take(&mut tokens);
        let now = self.now();
        for token in &tokens {
            if let Some(message) = self.held.remove(token) {
                self.broker.publish(message, Some(self.session()), now);
            }
        }
        let outcomes = tokens
            .into_iter()
            .map(|token| (Token(token), Outcome::Stored));
        self.connection.publish_acks(outcomes);
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

    async fn close(mut self, socket: &mut TcpStream, ending: Ending) {
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
        let _gone = write(socket, self.connection.take_output()).await;
        see_off(socket).await;
        let will = self
            .will
            .take()
            .filter(|_| ending.publishes_will)
            .map(|will| *will);
        let unfinished: Unfinished = self.connection.take_unfinished();
        let left: Vec<_> = std::iter::from_fn(|| self.outbox.take())
            .filter(|(_, delivery)| delivery.qos != Qos::AtMostOnce)
            .collect();
        let expiry = ending.session_expiry_seconds;
        self.broker
            .close(self.attachment, unfinished, left, will, expiry, now);
        tracing::debug!(remote = %self.remote, why = ending.why, "an MQTT client has gone");
    }
}

/// Says that nothing more comes and reads what is still under way for a moment: a socket that is closed with bytes
/// unread resets the connection, and the client never sees the last packet.
async fn see_off(socket: &mut TcpStream) {
    const LINGER: Duration = Duration::from_secs(2);
    let _gone = socket.shutdown().await;
    let drain = async {
        while !matches!(try_read(socket), Read::End) {
            if socket.readable().await.is_err() {
                return;
            }
        }
    };
    let _long_enough = tokio::time::timeout(LINGER, drain).await;
}

/// Waits until the budget allows reading again; for ever when there is nothing to wait for.
async fn rest(until: Option<tokio::time::Instant>) {
    match until {
        Some(until) => tokio::time::sleep_until(until).await,
        None => std::future::pending().await,
    }
}

async fn until(at: Option<Timestamp>, now: Timestamp) {
    match at {
        Some(at) => {
            let wait = Duration::try_from(at.duration_since(now)).unwrap_or_default();
            tokio::time::sleep(wait).await;
        }
        None => std::future::pending().await,
    }
}
