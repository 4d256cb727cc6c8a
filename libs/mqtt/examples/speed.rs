//! What a publish costs in time, and what a client costs in memory. Run it in release.

#![expect(clippy::print_stdout, reason = "it is run by hand")]
#![expect(clippy::disallowed_methods, reason = "the clock is an example's own")]
#![expect(unsafe_code, reason = "an allocator that counts")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use jiff::Timestamp;
use yiwang_mqtt::packet::{Connect, Publish, SubscriptionOptions};
use yiwang_mqtt::{
    Client, ClientEvent, Connection, Delivery, Event, Filter, Limits, Message, Outcome, Packet,
    PacketId, Publication, Published, Qos, SessionLimits, Sessions, Subscriber, Subscription,
    TopicLimits, Topics, TopicsLimits, Version, Welcome,
};

struct Counting;

static BYTES: AtomicUsize = AtomicUsize::new(0);
static BLOCKS: AtomicUsize = AtomicUsize::new(0);
static CALLS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        BYTES.fetch_add(layout.size(), Relaxed);
        BLOCKS.fetch_add(1, Relaxed);
        CALLS.fetch_add(1, Relaxed);
        // SAFETY: as the caller promised.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        BYTES.fetch_sub(layout.size(), Relaxed);
        BLOCKS.fetch_sub(1, Relaxed);
        // SAFETY: as the caller promised.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const CLIENTS: u64 = 200_000;
/// Each is measured so often, and the best counts: others work on the machine too.
const REPEATS: usize = 40;
const ROUNDS: usize = 200;
const BATCH: u16 = 128;

/// Nanoseconds of one of `count` in the best of the repeats.
fn best(count: usize, mut work: impl FnMut()) -> f64 {
    let repeats = (0..REPEATS).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed().as_nanos()
    });
    repeats.min().unwrap_or_default() as f64 / count as f64
}

fn publish(id: u16) -> Packet {
    Packet::Publish(Publish {
        dup: false,
        qos: Qos::AtLeastOnce,
        retain: false,
        topic: "yw/v1/dust/320281000123/up/props".into(),
        packet_id: PacketId::new(id),
        topic_alias: None,
        subscription_ids: Vec::new(),
        properties: None,
        payload: Bytes::from(vec![b'7'; 200]),
    })
}

fn open(version: Version, limits: &Arc<Limits>, client_id: &str) -> Connection {
    let mut connection = Connection::new(Arc::clone(limits), Timestamp::UNIX_EPOCH);
    let mut bytes = BytesMut::new();
    let connect = Packet::Connect(Box::new(Connect::new(version, client_id.to_owned())));
    connect.encode(version, &mut bytes).expect("a small packet");
    let mut events = Vec::new();
    connection.receive(bytes.freeze(), Timestamp::UNIX_EPOCH, &mut events);
    connection.accept(Welcome::default());
    connection.take_output();
    connection
}

/// Publishes of one client, `pieces` of them in each piece that is read.
fn decode_and_acknowledge(version: Version, pieces: u16) {
    let limits = Arc::new(Limits::default());
    let mut connection = open(version, &limits, "320281000123");
    let mut stream = Vec::new();
    for piece in (1..=BATCH).collect::<Vec<_>>().chunks(usize::from(pieces)) {
        let mut bytes = BytesMut::new();
        for id in piece {
            publish(*id)
                .encode(version, &mut bytes)
                .expect("a small packet");
        }
        stream.push(bytes.freeze());
    }
    let calls = CALLS.load(Relaxed);
    let mut events = Vec::new();
    let count = ROUNDS * usize::from(BATCH);
    let each = best(count, || {
        for piece in stream.iter().cycle().take(ROUNDS * stream.len()) {
            connection.receive(piece.clone(), Timestamp::UNIX_EPOCH, &mut events);
            let mut last = None;
            for event in events.drain(..) {
                if let Event::Publish { publish, token } = event {
                    black_box(publish);
                    last = token;
                }
            }
            if let Some(last) = last {
                connection.publish_ack_through(last, Outcome::Stored);
            }
            black_box(connection.take_output());
        }
    });
    let allocations = (CALLS.load(Relaxed) - calls) as f64 / (count * REPEATS) as f64;
    println!(
        "publish of QoS 1, 200 bytes, {version}, {pieces} at a time: \
         {each:.0} ns decoded and acknowledged, {allocations:.2} allocations"
    );
}

/// The client's side: written, and its answers read.
fn client(version: Version) {
    let now = Timestamp::UNIX_EPOCH;
    let limits = Arc::new(Limits::default());
    let mut server = Connection::new(limits, now);
    let mut client = Client::new(Connect::new(version, "c"), BATCH, now);
    client.connect(now);
    server.receive(client.take_output(), now, &mut Vec::new());
    server.accept(Welcome::default());
    let mut heard = Vec::new();
    client.receive(server.take_output(), now, &mut heard);
    let mut answers = BytesMut::new();
    let payload = Bytes::from(vec![b'7'; 200]);
    let mut acknowledged = 0;
    let count = ROUNDS * usize::from(BATCH);
    let each = best(count, || {
        for _ in 0..ROUNDS {
            for _ in 0..BATCH {
                let message = Message::new(
                    "yw/v1/dust/320281000123/up/props",
                    payload.clone(),
                    Qos::AtLeastOnce,
                );
                if let Published::Written(Some(id)) = client.publish(&Arc::new(message), now) {
                    let [high, low] = id.get().to_be_bytes();
                    answers.extend_from_slice(&[0x40, 2, high, low]);
                }
            }
            black_box(client.take_output());
            heard.clear();
            client.receive(answers.split().freeze(), now, &mut heard);
            acknowledged += heard
                .iter()
                .filter(|one| matches!(one, ClientEvent::Acknowledged { .. }))
                .count();
        }
    });
    assert_eq!(acknowledged, REPEATS * count);
    let size = size_of::<Client>();
    println!(
        "client, {version}: {each:.0} ns published and acknowledged, {size} bytes of it itself"
    );
}

fn deliver(version: Version) {
    let now = Timestamp::UNIX_EPOCH;
    let limits = Arc::new(Limits::default());
    let mut connection = open(version, &limits, "d");
    let message = Message::new("yw/v1/dust/d/down/cmd", vec![b'7'; 200], Qos::AtLeastOnce);
    let message = Arc::new(message);
    let delivery = Delivery {
        qos: Qos::AtLeastOnce,
        ..Delivery::default()
    };
    let mut events = Vec::new();
    let each = best(ROUNDS, || {
        for _ in 0..ROUNDS {
            let _ = connection.deliver(&message, &delivery, now);
            black_box(connection.take_output());
            connection.receive(Bytes::from_static(b"\x40\x02\0\x01"), now, &mut events);
            events.clear();
        }
    });
    println!("delivery of QoS 1, 200 bytes, {version}: {each:.0} ns with its answer");
}

/// Bytes and blocks of memory that something takes, for each of so many.
fn memory<T>(what: &str, count: u64, make: impl FnOnce() -> T) -> T {
    let (bytes, blocks) = (BYTES.load(Relaxed), BLOCKS.load(Relaxed));
    let made = make();
    let bytes = BYTES.load(Relaxed) - bytes;
    let blocks = BLOCKS.load(Relaxed) - blocks;
    println!(
        "{what}: {} bytes and {:.1} blocks each, {} MiB in all",
        bytes as u64 / count,
        blocks as f64 / count as f64,
        bytes >> 20
    );
    made
}

fn connections(version: Version, used: bool) {
    let limits = Arc::new(Limits::default());
    let what = format!(
        "idle connection, {version}, {} ({} bytes of it itself)",
        if used { "used before" } else { "never used" },
        size_of::<Connection>()
    );
    let all = memory(&what, CLIENTS, || {
        let mut all = Vec::with_capacity(CLIENTS as usize);
        for number in 0..CLIENTS {
            let mut connection = open(version, &limits, &format!("{number:012}"));
            if used {
                converse(&mut connection, version);
            }
            all.push(connection);
        }
        all
    });
    drop(all);
}

/// Everything a device does: a subscription, a publish, a delivery, half a packet and its end.
fn converse(connection: &mut Connection, version: Version) {
    let now = Timestamp::UNIX_EPOCH;
    let mut events = Vec::new();
    let mut bytes = BytesMut::new();
    for id in 1..=5 {
        publish(id)
            .encode(version, &mut bytes)
            .expect("a small packet");
    }
    let bytes = bytes.freeze();
    connection.receive(bytes.slice(..100), now, &mut events);
    connection.receive(bytes.slice(100..), now, &mut events);
    if let Some(Event::Publish {
        token: Some(last), ..
    }) = events.last()
    {
        connection.publish_ack_through(*last, Outcome::Stored);
    }
    let message = Arc::new(Message::new("a", "b", Qos::AtLeastOnce));
    let delivery = Delivery {
        qos: Qos::AtLeastOnce,
        ..Delivery::default()
    };
    let _ = connection.deliver(&message, &delivery, now);
    connection.take_output();
    connection.receive(Bytes::from_static(b"\x40\x02\0\x01"), now, &mut events);
}

fn topics() {
    let limits = TopicLimits::default();
    let mut topics = Topics::new(TopicsLimits::default());
    let start = Instant::now();
    let topics = memory("subscription of its own", CLIENTS, || {
        for number in 0..CLIENTS {
            let text = format!("yw/v1/dust/{number:012}/down/#");
            let filter = Filter::parse(&text, &limits).expect("a filter");
            let subscription = Subscription {
                subscriber: Subscriber(number),
                id: None,
                options: SubscriptionOptions::plain(Qos::AtLeastOnce),
            };
            topics.subscribe(&filter, subscription).expect("room");
        }
        topics
    });
    let each = start.elapsed().as_nanos() as f64 / CLIENTS as f64;
    println!("subscribing: {each:.0} ns; {} nodes", topics.nodes());
    let names: Vec<String> = (0..CLIENTS)
        .map(|number| format!("yw/v1/dust/{:012}/down/cmd", (number * 7_919) % CLIENTS))
        .collect();
    let mut routes = Vec::new();
    let mut names = names.chunks(CLIENTS as usize / REPEATS);
    let each = best(CLIENTS as usize / REPEATS, || {
        for topic in names.next().into_iter().flatten() {
            let publication = Publication {
                topic,
                qos: Qos::AtLeastOnce,
                retain: false,
                publisher: None,
                turn: 0,
            };
            routes.clear();
            topics.route(&publication, &mut routes);
            assert_eq!(routes.len(), 1);
        }
    });
    println!("routing to 1 of {CLIENTS}: {each:.0} ns");
}

fn sessions() {
    let mut sessions = Sessions::new(SessionLimits::default());
    let sessions = memory("session", CLIENTS, || {
        for number in 0..CLIENTS {
            let opened = sessions.open(&format!("{number:012}"), true, 3_600);
            opened.expect("room");
        }
        sessions
    });
    black_box(sessions.counts());
}

fn main() {
    for version in [Version::V3, Version::V5] {
        for pieces in [BATCH, 8, 1] {
            decode_and_acknowledge(version, pieces);
        }
        client(version);
        deliver(version);
    }
    for version in [Version::V3, Version::V5] {
        connections(version, false);
        connections(version, true);
    }
    topics();
    sessions();
}
