//! The two ends against each other.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::packet::SubscriptionOptions;
use crate::{Connection, Event, Limits, Outcome, Token, Unfinished, Welcome, grant};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// A client with a server that keeps what it is sent.
struct Pair {
    client: Client,
    server: Connection,
    stored: Vec<Bytes>,
    waiting: Vec<Token>,
    heard: Vec<ClientEvent>,
    unfinished: Unfinished,
    version: Version,
}

impl Pair {
    fn new(connect: Connect, window_max: u16, limits: Limits) -> Self {
        let version = connect.version;
        let mut pair = Self {
            client: Client::new(connect, window_max, NOW),
            server: Connection::new(limits.into(), NOW),
            stored: Vec::new(),
            waiting: Vec::new(),
            heard: Vec::new(),
            unfinished: Unfinished::default(),
            version,
        };
        pair.client.connect(NOW);
        pair
    }

    fn up(&mut self) {
        let mut events = Vec::new();
        self.server
            .receive(self.client.take_output(), NOW, &mut events);
        loop {
            for event in std::mem::take(&mut events) {
                match event {
                    Event::Connect(_) => {
                        self.server.accept(Welcome {
                            session_present: !self.unfinished.deliveries.is_empty(),
                            ..Welcome::default()
                        });
                        let unfinished = std::mem::take(&mut self.unfinished);
                        self.server.resume(unfinished, NOW);
                    }
                    Event::Publish { publish, token } => {
                        self.stored.push(publish.payload);
                        self.waiting.extend(token);
                    }
                    Event::Subscribe(subscribe) => {
                        let options = subscribe.filters.iter().map(|one| one.options);
                        let reasons = options.map(|options| grant(options.qos)).collect();
                        self.server.suback(subscribe.packet_id, reasons);
                    }
                    Event::Unsubscribe(unsubscribe) => {
                        let reasons = vec![Reason::Success; unsubscribe.filters.len()];
                        self.server.unsuback(unsubscribe.packet_id, reasons);
                    }
                    Event::Fault(fault) => panic!("{fault}"),
                    Event::Delivered { .. } | Event::Disconnect { .. } => {}
                }
            }
            if !self.server.wants_pump() {
                return;
            }
            self.server.pump(NOW, &mut events);
        }
    }

    fn answer(&mut self) {
        for token in std::mem::take(&mut self.waiting) {
            self.server.publish_ack(token, Outcome::Stored);
        }
    }

    fn down(&mut self) {
        let output = self.server.take_output();
        self.client.receive(output, NOW, &mut self.heard);
    }

    fn exchange(&mut self) {
        self.up();
        self.answer();
        self.down();
    }

    /// The network goes; what was on its way is lost.
    fn reconnect(&mut self) {
        self.unfinished = self.server.take_unfinished();
        self.server = Connection::new(Limits::default().into(), NOW);
        self.waiting.clear();
        self.client.connect(NOW);
    }
}

fn message(number: usize) -> Arc<Message> {
    Arc::new(Message::new(
        "yw/v1/dust/d/up/props",
        number.to_string(),
        Qos::AtLeastOnce,
    ))
}

const VERSIONS: [Version; 2] = [Version::V3, Version::V5];

#[test]
fn publishes_are_pipelined_and_acknowledged() {
    for version in VERSIONS {
        let mut pair = Pair::new(Connect::new(version, "d"), 50, Limits::default());
        assert_eq!(pair.client.publish(&message(0), NOW), Published::NotOpen);
        pair.exchange();
        assert!(matches!(pair.heard[..], [ClientEvent::Connected(_)]));
        pair.heard.clear();
        for number in 0..50 {
            let sent = pair.client.publish(&message(number), NOW);
            assert!(matches!(sent, Published::Written(Some(_))));
        }
        assert_eq!(
            pair.client.publish(&message(50), NOW),
            Published::WindowFull
        );
        assert!(!pair.client.has_room());
        pair.exchange();
        assert_eq!(pair.heard.len(), 50);
        assert_eq!(pair.stored.len(), 50);
        assert!(pair.heard.iter().enumerate().all(|(at, event)| matches!(
            event,
            ClientEvent::Acknowledged { message, reason: Reason::Success, .. }
                if message.payload == at.to_string()
        )));
        assert_eq!(pair.client.unacknowledged(), 0);
    }
}

#[test]
fn the_window_is_the_smaller_of_the_two() {
    let limits = Limits {
        publishes_max: 3.try_into().unwrap(),
        ..Limits::default()
    };
    let mut pair = Pair::new(Connect::new(Version::V5, "d"), 50, limits);
    pair.exchange();
    let sent: Vec<bool> = (0..5)
        .map(|number| pair.client.publish(&message(number), NOW) == Published::WindowFull)
        .collect();
    assert_eq!(sent, [false, false, false, true, true]);
}

#[test]
fn subscribing_receiving_and_pings() {
    for version in VERSIONS {
        let mut pair = Pair::new(Connect::new(version, "d"), 5, Limits::default());
        pair.exchange();
        pair.heard.clear();
        let filters = vec![FilterRequest {
            filter: "a/#".into(),
            options: SubscriptionOptions::plain(Qos::ExactlyOnce),
        }];
        let first = pair.client.subscribe(filters, None, NOW);
        let second = pair.client.unsubscribe(vec!["b".into()], NOW);
        assert_ne!(first, second);
        pair.exchange();
        match &pair.heard[..] {
            [
                ClientEvent::Subscribed(subscribed),
                ClientEvent::Unsubscribed(unsubscribed),
            ] => {
                assert_eq!(subscribed.packet_id, first);
                assert_eq!(subscribed.reasons, [Reason::GrantedQos1]);
                assert_eq!(unsubscribed.packet_id, second);
            }
            other => panic!("{other:?}"),
        }
        pair.heard.clear();
        let delivery = Delivery {
            qos: Qos::AtLeastOnce,
            ..Delivery::default()
        };
        let _ = pair.server.deliver(&message(1), &delivery, NOW);
        pair.down();
        assert!(matches!(pair.heard[..], [ClientEvent::Message(_)]));
        assert_eq!(pair.server.deliveries_waiting(), 1);
        pair.up();
        assert_eq!(pair.server.deliveries_waiting(), 0);

        let at = pair.client.ping_at().unwrap();
        assert_eq!(at, NOW + SignedDuration::from_secs(60));
        pair.client.ping(at);
        assert_eq!(pair.client.ping_at(), None);
        let late = at + SignedDuration::from_secs(60);
        assert_eq!(pair.client.expires_at(), Some(late));
        pair.exchange();
        assert_eq!(pair.client.expires_at(), None);
        pair.client.disconnect(Reason::Success);
        assert!(pair.client.is_closed());
        pair.up();
        assert!(pair.server.is_closed());
    }
}

#[test]
fn refusals_and_farewells_are_heard() {
    for version in VERSIONS {
        let mut client = Client::new(Connect::new(version, "d"), 5, NOW);
        let mut server = Connection::new(Limits::default().into(), NOW);
        client.connect(NOW);
        server.receive(client.take_output(), NOW, &mut Vec::new());
        server.refuse(Reason::NotAuthorized);
        let mut heard = Vec::new();
        client.receive(server.take_output(), NOW, &mut heard);
        assert_eq!(heard, [ClientEvent::Refused(Reason::NotAuthorized)]);
        assert!(client.is_closed());
    }
    let mut pair = Pair::new(Connect::new(Version::V5, "d"), 5, Limits::default());
    pair.exchange();
    pair.heard.clear();
    pair.server.close(Reason::ServerShuttingDown);
    pair.down();
    assert_eq!(
        pair.heard,
        [ClientEvent::Disconnected(Reason::ServerShuttingDown)]
    );
}

#[test]
fn a_message_of_qos_2_from_elsewhere_is_taken_once() {
    let mut client = Client::new(Connect::new(Version::V3, "d"), 5, NOW);
    client.connect(NOW);
    client.take_output();
    let mut heard = Vec::new();
    let bytes = b"\x20\x02\0\0\x34\x06\0\x01a\0\x09x\x3c\x06\0\x01a\0\x09x\x62\x02\0\x09";
    client.receive(Bytes::from_static(bytes), NOW, &mut heard);
    assert_eq!(heard.len(), 2);
    assert_eq!(
        client.take_output(),
        &b"\x50\x02\0\x09\x50\x02\0\x09\x70\x02\0\x09"[..]
    );
}

#[test]
fn a_password_is_not_printed() {
    let mut connect = Connect::new(Version::V5, "d");
    connect.password = Some("s3cret".into());
    connect.authentication = Some("s3cret".into());
    assert!(!format!("{connect:?}").contains("s3cret"));
}

#[derive(Debug, Clone)]
enum Step {
    Publish,
    Up,
    Answer,
    Down,
    Reconnect,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => Just(Step::Publish),
        2 => Just(Step::Up),
        2 => Just(Step::Answer),
        2 => Just(Step::Down),
        1 => Just(Step::Reconnect),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_bytes_are_a_panic(
        version in prop::sample::select(VERSIONS.to_vec()),
        pieces in vec(vec(any::<u8>(), 0..40), 0..6),
    ) {
        let mut client = Client::new(Connect::new(version, "d"), 5, NOW);
        client.connect(NOW);
        let connack: &[u8] = match version {
            Version::V3 => b"\x20\x02\0\0",
            Version::V5 => b"\x20\x03\0\0\0",
        };
        let mut heard = Vec::new();
        client.receive(Bytes::copy_from_slice(connack), NOW, &mut heard);
        prop_assert!(client.is_open());
        for piece in pieces {
            client.receive(piece.into(), NOW, &mut heard);
        }
    }

    #[test]
    fn nothing_is_lost_over_lost_connections(
        version in prop::sample::select(VERSIONS.to_vec()),
        window_max in 1..8_u16,
        steps in vec(step(), 0..120),
    ) {
        let mut pair = Pair::new(Connect::new(version, "d"), window_max, Limits::default());
        let mut published = 0;
        for step in steps {
            match step {
                Step::Publish => {
                    if let Published::Written(_) = pair.client.publish(&message(published), NOW) {
                        published += 1;
                    }
                }
                Step::Up => pair.up(),
                Step::Answer => pair.answer(),
                Step::Down => pair.down(),
                Step::Reconnect => pair.reconnect(),
            }
            let lost: Vec<&ClientEvent> =
                pair.heard.iter().filter(|one| matches!(one, ClientEvent::Fault(_))).collect();
            prop_assert!(lost.is_empty(), "{:?}", lost);
        }
        for _ in 0..10 {
            pair.exchange();
        }
        prop_assert_eq!(pair.version, version);
        prop_assert_eq!(pair.client.unacknowledged(), 0);
        let acknowledged = pair
            .heard
            .iter()
            .filter(|one| matches!(one, ClientEvent::Acknowledged { .. }))
            .count();
        prop_assert_eq!(acknowledged, published);
        // Each is stored, and what is stored first comes in order.
        let mut next = 0;
        for payload in &pair.stored {
            if *payload == next.to_string() {
                next += 1;
            }
        }
        prop_assert_eq!(next, published);
    }
}
