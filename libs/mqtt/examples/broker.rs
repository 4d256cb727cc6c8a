//! A broker in memory on 127.0.0.1, to try clients against: `broker [PORT] [ACK_MILLISECONDS]`.
//! Every publish of QoS 1 and 2 is acknowledged some milliseconds later, as after an fsync, while
//! its connection goes on. It shows how the parts fit together; it stores nothing and lets in
//! everybody but the user `nobody`.

#![expect(clippy::print_stdout, reason = "it is run by hand")]
#![expect(clippy::disallowed_methods, reason = "the clock is an example's own")]

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use jiff::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::{LocalSet, spawn_local};
use yiwang_mqtt::packet::{Connect, RetainHandling, Subscribe, Will};
use yiwang_mqtt::{
    Attachment, Connection, Delivery, Event, Filter, Lapsed, Limits, Message, Outcome, Publication,
    Qos, Reason, Retained, RetainedLimits, Sent, SessionId, SessionLimits, Sessions, Subscribed,
    Subscriber, Subscription, Token, TopicLimits, Topics, TopicsLimits, Version, Welcome, grant,
};

/// One connection, reached by its own task and by whoever delivers to it.
struct Peer {
    connection: RefCell<Connection>,
    /// The last publish that waits for the disk.
    last: RefCell<Option<Token>>,
    wake: Notify,
}

struct Broker {
    topics: Topics,
    retained: Retained,
    sessions: Sessions,
    peers: HashMap<SessionId, (Attachment, Rc<Peer>)>,
    turn: u64,
    acknowledge_after: Duration,
}

type Shared = Rc<RefCell<Broker>>;

/// What a client's task keeps from its CONNECT.
struct Guest {
    attachment: Attachment,
    will: Option<Will>,
}

impl Broker {
    /// Routes a message to all who want it.
    fn publish(
        &mut self,
        message: &Message,
        publisher: Option<Subscriber>,
        now: Timestamp,
    ) -> bool {
        if message.retain
            && let Err(refused) = self.retained.put(message, now)
        {
            println!("not retained: {refused}");
        }
        let mut routes = Vec::new();
        self.turn += 1;
        let publication = Publication {
            topic: &message.topic,
            qos: message.qos,
            retain: message.retain,
            publisher,
            turn: self.turn,
        };
        self.topics.route(&publication, &mut routes);
        let message = Arc::new(message.detached());
        for (subscriber, delivery) in &routes {
            self.send((*subscriber).into(), &message, delivery, now);
        }
        !routes.is_empty()
    }

    /// Delivers now if the client is there and has room, and lets it wait otherwise.
    fn send(&mut self, id: SessionId, message: &Arc<Message>, delivery: &Delivery, now: Timestamp) {
        let peer = self.peers.get(&id).map(|(_, peer)| Rc::clone(peer));
        let has_waiting = delivery.qos > Qos::AtMostOnce && self.sessions.has_waiting(id);
        if let Some(peer) = peer.filter(|_| !has_waiting) {
            let sent = peer.connection.borrow_mut().deliver(message, delivery, now);
            peer.wake.notify_one();
            if !matches!(sent, Sent::WindowFull | Sent::OutputFull | Sent::Closed) {
                return;
            }
        }
        if let Err(why) = self
            .sessions
            .queue(id, Arc::clone(message), delivery.clone())
        {
            println!("not queued: {why}");
        }
    }

    /// Sends what waits, as far as there is room.
    fn drain(&mut self, id: SessionId, connection: &mut Connection, now: Timestamp) {
        while connection.has_room()
            && let Some(waiting) = self.sessions.next(id, now)
        {
            let sent = connection.deliver(&waiting.message, &waiting.delivery, now);
            if matches!(sent, Sent::WindowFull | Sent::OutputFull | Sent::Closed) {
                let _ = self.sessions.put_back(id, waiting);
                return;
            }
        }
    }

    fn connect(&mut self, connect: Connect, peer: &Rc<Peer>, now: Timestamp) -> Option<Guest> {
        let mut connection = peer.connection.borrow_mut();
        if connect.user_name.as_deref() == Some("nobody") {
            connection.refuse(Reason::BadCredentials);
            return None;
        }
        self.turn += 1;
        let assigned = connect
            .client_id
            .is_empty()
            .then(|| Sessions::assigned_client_id("auto-", self.turn));
        let client_id = assigned.clone().unwrap_or(connect.client_id);
        let expiry = match connect.version {
            Version::V5 => connect.session_expiry_seconds,
            Version::V3 if connect.clean_start => 0,
            Version::V3 => u32::MAX,
        };
        let opened = match self.sessions.open(&client_id, connect.clean_start, expiry) {
            Ok(opened) => opened,
            Err(full) => {
                println!("{client_id}: {full}");
                connection.refuse(Reason::QuotaExceeded);
                return None;
            }
        };
        connection.accept(Welcome {
            session_present: opened.present,
            assigned_client_id: assigned,
            session_expiry_seconds: None,
        });
        let id = opened.attachment.session;
        connection.resume(opened.unfinished, now);
        self.drain(id, &mut connection, now);
        drop(connection);
        if let Some(earlier) = opened.taken_over
            && let Some((_, other)) = self.peers.remove(&earlier.session)
        {
            other
                .connection
                .borrow_mut()
                .close(Reason::SessionTakenOver);
            other.wake.notify_one();
        }
        if let Some(ended) = opened.ended {
            self.topics.unsubscribe_all(ended.into());
        }
        if let Some(will) = opened.will {
            self.publish(&Message::will(will, now), None, now);
        }
        self.peers.insert(id, (opened.attachment, Rc::clone(peer)));
        Some(Guest {
            attachment: opened.attachment,
            will: connect.will.map(|will| *will),
        })
    }

    fn subscribe(
        &mut self,
        id: SessionId,
        subscribe: &Subscribe,
        connection: &mut Connection,
        now: Timestamp,
    ) {
        let mut reasons = Vec::new();
        let mut retained = Vec::new();
        for request in &subscribe.filters {
            let Ok(filter) = Filter::parse(&request.filter, &TopicLimits::default()) else {
                reasons.push(Reason::TopicFilterInvalid);
                continue;
            };
            let subscription = Subscription {
                subscriber: id.into(),
                id: subscribe.subscription_id,
                options: request.options,
            };
            let Ok(outcome) = self.topics.subscribe(&filter, subscription) else {
                reasons.push(Reason::QuotaExceeded);
                continue;
            };
            reasons.push(grant(request.options.qos));
            let sends = match request.options.retain_handling {
                RetainHandling::Send => true,
                RetainHandling::SendIfNew => outcome == Subscribed::New,
                RetainHandling::Skip => false,
            };
            if sends {
                self.retained.matches(&filter, now, |message| {
                    let delivery = Delivery {
                        qos: message.qos.min(request.options.qos),
                        retain: true,
                        subscription_ids: subscribe.subscription_id.into_iter().collect(),
                    };
                    retained.push((Arc::clone(message), delivery));
                    ControlFlow::Continue(())
                });
            }
        }
        connection.suback(subscribe.packet_id, reasons);
        for (message, delivery) in retained {
            if connection.deliver(&message, &delivery, now) != Sent::Written {
                let _ = self.sessions.queue(id, message, delivery);
            }
        }
    }
}

/// Handles what a client said; answers its guest once it is let in.
fn handle(broker: &Shared, peer: &Rc<Peer>, guest: &mut Option<Guest>, events: Vec<Event>) {
    let now = Timestamp::now();
    for event in events {
        let id = guest.as_ref().map(|guest| guest.attachment.session);
        match (event, id) {
            (Event::Connect(connect), _) => {
                *guest = broker.borrow_mut().connect(*connect, peer, now);
            }
            (Event::Publish { publish, token }, Some(id)) => {
                let message = Message::published(publish, now);
                broker.borrow_mut().publish(&message, Some(id.into()), now);
                if let Some(token) = token {
                    acknowledge_later(broker, peer, token);
                }
            }
            (Event::Subscribe(subscribe), Some(id)) => {
                let mut connection = peer.connection.borrow_mut();
                let mut broker = broker.borrow_mut();
                broker.subscribe(id, &subscribe, &mut connection, now);
            }
            (Event::Unsubscribe(unsubscribe), Some(id)) => {
                let topics = &mut broker.borrow_mut().topics;
                let reasons = unsubscribe.filters.iter().map(|text| {
                    match Filter::parse(text, &TopicLimits::default()) {
                        Ok(filter) if topics.unsubscribe(&filter, id.into()) => Reason::Success,
                        Ok(_) => Reason::NoSubscriptionExisted,
                        Err(_) => Reason::TopicFilterInvalid,
                    }
                });
                let reasons = reasons.collect();
                let mut connection = peer.connection.borrow_mut();
                connection.unsuback(unsubscribe.packet_id, reasons);
            }
            (Event::Delivered { .. }, Some(id)) => {
                let mut connection = peer.connection.borrow_mut();
                broker.borrow_mut().drain(id, &mut connection, now);
            }
            (
                Event::Disconnect {
                    publishes_will,
                    session_expiry_seconds,
                    ..
                },
                Some(_),
            ) => {
                if let Some(mut guest) = guest.take() {
                    guest.will = guest.will.filter(|_| publishes_will);
                    leave(broker, peer, guest, session_expiry_seconds);
                }
            }
            (Event::Fault(fault), _) => println!("{fault}"),
            (_, None) => {}
        }
    }
}

/// All publishes up to the last one that came meanwhile are acknowledged together.
fn acknowledge_later(broker: &Shared, peer: &Rc<Peer>, token: Token) {
    if peer.last.borrow_mut().replace(token).is_some() {
        return;
    }
    let wait = broker.borrow().acknowledge_after;
    let peer = Rc::clone(peer);
    spawn_local(async move {
        tokio::time::sleep(wait).await;
        if let Some(last) = peer.last.borrow_mut().take() {
            let mut connection = peer.connection.borrow_mut();
            connection.publish_ack_through(last, Outcome::Stored);
        }
        peer.wake.notify_one();
    });
}

fn leave(broker: &Shared, peer: &Peer, guest: Guest, expiry_seconds: Option<u32>) {
    let now = Timestamp::now();
    let unfinished = peer.connection.borrow_mut().take_unfinished();
    let mut broker = broker.borrow_mut();
    let attachment = guest.attachment;
    if broker
        .peers
        .get(&attachment.session)
        .is_some_and(|(own, _)| *own == attachment)
    {
        broker.peers.remove(&attachment.session);
    }
    let closed = broker
        .sessions
        .close(attachment, unfinished, guest.will, expiry_seconds, now);
    if let Some(ended) = closed.ended {
        broker.topics.unsubscribe_all(ended.into());
    }
    if let Some(will) = closed.will {
        broker.publish(&Message::will(will, now), None, now);
    }
}

async fn serve(mut stream: TcpStream, limits: Arc<Limits>, broker: Shared) {
    let peer = Rc::new(Peer {
        connection: RefCell::new(Connection::new(limits, Timestamp::now())),
        last: RefCell::new(None),
        wake: Notify::new(),
    });
    let mut guest = None;
    let mut buffer = BytesMut::new();
    while step(&mut stream, &mut buffer, &peer, &mut guest, &broker).await {}
    peer.connection.borrow_mut().close(Reason::Unspecified);
    if let Some(guest) = guest {
        leave(&broker, &peer, guest, None);
    }
    // Closing a socket with something unread in it resets the connection, and the client would not
    // see why.
    let _ = stream.shutdown().await;
    let rest = async {
        while matches!(stream.read_buf(&mut buffer).await, Ok(1..)) {
            buffer.clear();
        }
    };
    let _ = tokio::time::timeout(Duration::from_millis(500), rest).await;
}

/// Reads, or is woken, or gives up; then writes. False at the end.
async fn step(
    stream: &mut TcpStream,
    buffer: &mut BytesMut,
    peer: &Rc<Peer>,
    guest: &mut Option<Guest>,
    broker: &Shared,
) -> bool {
    let (reads, pumps, expires_at) = {
        let connection = peer.connection.borrow();
        (
            connection.wants_input(),
            connection.wants_pump(),
            connection.expires_at(),
        )
    };
    let mut events = Vec::new();
    let patience = expires_at.map_or(Duration::from_hours(1), |at| {
        Duration::try_from(at.duration_since(Timestamp::now())).unwrap_or_default()
    });
    if pumps {
        let mut connection = peer.connection.borrow_mut();
        connection.pump(Timestamp::now(), &mut events);
    } else {
        tokio::select! {
            ready = stream.readable(), if reads => {
                if ready.is_err() {
                    return false;
                }
                buffer.reserve(16 << 10);
                match stream.try_read_buf(buffer) {
                    Ok(0) => return false,
                    Ok(_) => {
                        let mut connection = peer.connection.borrow_mut();
                        let input = buffer.split().freeze();
                        connection.receive(input, Timestamp::now(), &mut events);
                    }
                    Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                    Err(_) => return false,
                }
            }
            () = peer.wake.notified() => {}
            () = tokio::time::sleep(patience) => {
                if expires_at.is_some_and(|at| at <= Timestamp::now()) {
                    peer.connection.borrow_mut().close(Reason::KeepAliveTimeout);
                }
            }
        }
    }
    handle(broker, peer, guest, events);
    let (output, closed) = {
        let mut connection = peer.connection.borrow_mut();
        (connection.take_output(), connection.is_closed())
    };
    if !output.is_empty() && stream.write_all(&output).await.is_err() {
        return false;
    }
    !closed
}

async fn sweep(broker: Shared) {
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let now = Timestamp::now();
        let mut broker = broker.borrow_mut();
        let mut lapsed = Vec::new();
        broker.sessions.sweep(now, &mut lapsed);
        broker.retained.sweep(now);
        for one in lapsed {
            match one {
                Lapsed::Will(will) => {
                    broker.publish(&Message::will(will, now), None, now);
                }
                Lapsed::Ended(id) => {
                    broker.topics.unsubscribe_all(id.into());
                }
            }
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u64>());
    let port = arguments.next().and_then(Result::ok).unwrap_or(1883);
    let wait = arguments.next().and_then(Result::ok).unwrap_or(5);
    let listener = TcpListener::bind(("127.0.0.1", port as u16)).await?;
    println!("listening on {}", listener.local_addr()?);
    let broker = Rc::new(RefCell::new(Broker {
        topics: Topics::new(TopicsLimits::default()),
        retained: Retained::new(RetainedLimits::default()),
        sessions: Sessions::new(SessionLimits {
            queued_each_max: 100_000,
            queued_bytes_each_max: 64 << 20,
            ..SessionLimits::default()
        }),
        peers: HashMap::new(),
        turn: 0,
        acknowledge_after: Duration::from_millis(wait),
    }));
    let limits = Arc::new(Limits::default());
    LocalSet::new()
        .run_until(async move {
            spawn_local(sweep(Rc::clone(&broker)));
            loop {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                spawn_local(serve(stream, Arc::clone(&limits), Rc::clone(&broker)));
            }
        })
        .await
}
