//! What the client is sent: 3.3.4, 4.3, 4.4, 4.9.

use std::num::{NonZeroU16, NonZeroU32};

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::Unfinished;
use crate::message::{MessageProperties, later};

fn delivered(packets: &[Packet]) -> Vec<&Publish> {
    let publishes = packets.iter().map(|packet| match packet {
        Packet::Publish(publish) => publish,
        other => panic!("{other:?}"),
    });
    publishes.collect()
}

fn payloads(packets: &[Packet]) -> Vec<&[u8]> {
    delivered(packets)
        .iter()
        .map(|one| &one.payload[..])
        .collect()
}

fn wanting(receive_maximum: u16) -> Connect {
    let mut connect = Connect::new(Version::V5, "d");
    connect.receive_maximum = NonZeroU16::new(receive_maximum);
    connect
}

#[test]
fn a_delivery_says_what_the_publisher_said() {
    let mut original = Message::new("a/b", "x", Qos::AtLeastOnce);
    original.properties = Some(Box::new(MessageProperties {
        payload_is_text: true,
        expiry_seconds: Some(60),
        content_type: Some("text/plain".into()),
        response_topic: Some("r".into()),
        correlation: Some("7".into()),
        user: vec![("k".into(), "v".into()), ("k".into(), "w".into())],
    }));
    original.expires_at = Some(later(NOW, 60));
    let original = Arc::new(original);
    let delivery = Delivery {
        qos: Qos::AtLeastOnce,
        retain: true,
        subscription_ids: vec![NonZeroU32::MIN],
    };
    for version in VERSIONS {
        let mut bench = Bench::open(version, Limits::default());
        let sent = bench
            .connection
            .deliver(&original, &delivery, later(NOW, 20));
        assert_eq!(sent, Sent::Written);
        let heard = bench.heard();
        let publish = delivered(&heard)[0];
        assert!(publish.retain && !publish.dup);
        assert_eq!(publish.qos, Qos::AtLeastOnce);
        assert_eq!(publish.packet_id, Some(id(1)));
        match version {
            Version::V3 => assert_eq!(publish.properties, None),
            Version::V5 => {
                let mut wanted = original.properties.clone().unwrap();
                // [MQTT-3.3.2-6]
                wanted.expiry_seconds = Some(40);
                assert_eq!(publish.properties, Some(wanted));
                assert_eq!(publish.subscription_ids, [NonZeroU32::MIN]);
            }
        }
        let late = bench
            .connection
            .deliver(&original, &delivery, later(NOW, 60));
        assert_eq!(late, Sent::Expired);
    }
}

#[test]
fn at_most_once_is_not_remembered() {
    let mut bench = Bench::open(Version::V3, Limits::default());
    let sent = bench
        .connection
        .deliver(&message("1"), &Delivery::default(), NOW);
    assert_eq!(sent, Sent::Written);
    assert_eq!(delivered(&bench.heard())[0].packet_id, None);
    assert_eq!(bench.connection.deliveries_waiting(), 0);
}

#[test]
fn as_many_are_under_way_as_the_client_takes() {
    // [MQTT-3.3.4-9]
    let mut bench = Bench::open_as(wanting(2), Limits::default());
    for (text, sent) in [
        ("1", Sent::Written),
        ("2", Sent::Written),
        ("3", Sent::WindowFull),
    ] {
        let answer = bench
            .connection
            .deliver(&message(text), &at_least_once(), NOW);
        assert_eq!(answer, sent);
    }
    assert!(!bench.connection.has_room());
    bench.heard();
    let events = bench.say(&puback(2));
    assert_eq!(
        events,
        [Event::Delivered {
            message: message("2"),
            reason: Reason::Success
        }]
    );
    assert!(bench.connection.has_room());
    let refusal = Packet::Puback(ack(1, Reason::QuotaExceeded));
    assert!(matches!(
        bench.say(&refusal)[..],
        [Event::Delivered {
            reason: Reason::QuotaExceeded,
            ..
        }]
    ));
    // An answer to nothing is no event and no fault.
    assert_eq!(bench.say(&puback(9)), []);
    assert!(bench.connection.is_open());
}

#[test]
fn what_the_client_does_not_take_in_size_is_not_sent() {
    // [MQTT-3.1.2-24], [MQTT-3.1.2-25]
    let mut connect = Connect::new(Version::V5, "d");
    connect.maximum_packet_size = NonZeroU32::new(40);
    let mut bench = Bench::open_as_quiet(connect);
    let long = Arc::new(Message::new("a", "x".repeat(40), Qos::AtLeastOnce));
    for delivery in [at_least_once(), Delivery::default()] {
        let sent = bench.connection.deliver(&long, &delivery, NOW);
        assert_eq!(sent, Sent::TooLarge);
    }
    assert_eq!(bench.connection.deliveries_waiting(), 0);
    let sent = bench
        .connection
        .deliver(&message("1"), &at_least_once(), NOW);
    assert_eq!(sent, Sent::Written);
}

impl Bench {
    /// Let in without looking at the answer, which may be too large for the client.
    fn open_as_quiet(connect: Connect) -> Self {
        let mut bench = Self::new(connect.version, Limits::default());
        bench.say(&Packet::Connect(Box::new(connect)));
        bench.connection.accept(Welcome::default());
        bench.heard();
        bench
    }
}

#[test]
fn who_does_not_read_is_sent_no_more() {
    let limits = Limits {
        output_bytes_max: 30,
        ..Limits::default()
    };
    let mut bench = Bench::open(Version::V3, limits);
    let mut sent = Vec::new();
    for _ in 0..4 {
        sent.push(
            bench
                .connection
                .deliver(&message("12345678"), &at_least_once(), NOW),
        );
    }
    let (written, full) = (Sent::Written, Sent::OutputFull);
    assert_eq!(sent, [written, written, full, full]);
    assert_eq!(bench.heard().len(), 2);
    assert!(bench.connection.has_room());
}

#[test]
fn a_new_connection_gets_again_what_was_not_answered() {
    // [MQTT-4.4.0-1], [MQTT-4.6.0-1]
    for version in VERSIONS {
        let mut bench = Bench::open(version, Limits::default());
        for text in ["1", "2", "3", "4"] {
            let sent = bench
                .connection
                .deliver(&message(text), &at_least_once(), NOW);
            assert_eq!(sent, Sent::Written);
        }
        bench.say(&puback(2));
        let unfinished = bench.connection.take_unfinished();
        assert_eq!(unfinished.deliveries.len(), 3);

        let mut bench = Bench::open(version, Limits::default());
        bench.connection.resume(unfinished, NOW);
        let heard = bench.heard();
        assert_eq!(payloads(&heard), [b"1", b"3", b"4"]);
        let ids: Vec<u16> = delivered(&heard)
            .iter()
            .map(|one| one.packet_id.unwrap().get())
            .collect();
        assert_eq!(ids, [1, 3, 4]);
        assert!(delivered(&heard).iter().all(|one| one.dup));
        // New ones get identifiers of their own.
        let sent = bench
            .connection
            .deliver(&message("5"), &at_least_once(), NOW);
        assert_eq!(sent, Sent::Written);
        let heard = bench.heard();
        assert_eq!(delivered(&heard)[0].packet_id, Some(id(5)));
        assert!(!delivered(&heard)[0].dup);
    }
}

#[test]
fn a_smaller_window_gets_it_in_turns() {
    let mut bench = Bench::open(Version::V5, Limits::default());
    for text in ["1", "2", "3", "4", "5"] {
        let _ = bench
            .connection
            .deliver(&message(text), &at_least_once(), NOW);
    }
    let unfinished = bench.connection.take_unfinished();
    let mut bench = Bench::open_as(wanting(2), Limits::default());
    bench.connection.resume(unfinished, NOW);
    assert_eq!(payloads(&bench.heard()), [b"1", b"2"]);
    let sent = bench
        .connection
        .deliver(&message("6"), &at_least_once(), NOW);
    assert_eq!(sent, Sent::WindowFull);
    // One that was not sent yet cannot be answered.
    assert_eq!(bench.say(&puback(5)), []);
    bench.say(&puback(1));
    assert_eq!(payloads(&bench.heard()), [b"3"]);
    bench.say(&puback(3));
    bench.say(&puback(2));
    assert_eq!(payloads(&bench.heard()), [b"4", b"5"]);
}

#[test]
fn a_full_output_delays_what_is_sent_again() {
    let mut bench = Bench::open(Version::V3, Limits::default());
    for text in ["11111111", "22222222", "33333333"] {
        let _ = bench
            .connection
            .deliver(&message(text), &at_least_once(), NOW);
    }
    let unfinished = bench.connection.take_unfinished();
    let limits = Limits {
        output_bytes_max: 20,
        ..Limits::default()
    };
    let mut bench = Bench::open(Version::V3, limits);
    bench.connection.resume(unfinished, NOW);
    assert_eq!(bench.heard().len(), 2);
    assert!(bench.connection.wants_pump());
    bench.pump();
    assert_eq!(payloads(&bench.heard()), [b"33333333"]);
    assert!(!bench.connection.wants_pump());
}

#[test]
fn identifiers_come_round() {
    let mut bench = Bench::open(Version::V3, Limits::default());
    let _ = bench
        .connection
        .deliver(&message("slow"), &at_least_once(), NOW);
    let mut last = 0;
    for _ in 0..70_000 {
        let sent = bench
            .connection
            .deliver(&message("1"), &at_least_once(), NOW);
        assert_eq!(sent, Sent::Written);
        bench.connection.take_output();
        let ids = bench.connection.window.as_ref().unwrap().ids();
        assert_eq!(ids[0], 1);
        last = ids[1];
        assert_ne!(last, 1);
        assert_eq!(bench.say(&puback(last)).len(), 1);
    }
    assert_eq!(last, 4_467);
}

#[test]
fn an_idle_connection_holds_nothing() {
    let mut bench = Bench::open(Version::V5, Limits::default());
    for round in 0..100_u16 {
        let token = bench.publish(round + 1, Qos::AtLeastOnce).unwrap();
        let _ = bench
            .connection
            .deliver(&message("1"), &at_least_once(), NOW);
        bench.connection.publish_ack(token, Outcome::Stored);
        bench.say(&puback(1));
        bench.connection.take_output();
    }
    assert!(bench.connection.window.is_none());
    assert_eq!(bench.connection.output.capacity(), 0);
    assert!(bench.connection.held.is_empty());
    assert!(
        size_of::<Connection>() <= 256,
        "{}",
        size_of::<Connection>()
    );
}

proptest! {
    #[test]
    fn the_window_is_held_over_any_answers(
        receive_maximum in 1..5_u16,
        steps in vec((any::<bool>(), any::<prop::sample::Index>()), 0..200),
    ) {
        let mut bench = Bench::open_as(wanting(receive_maximum), Limits::default());
        let mut under_way: Vec<u16> = Vec::new();
        let (mut written, mut answered) = (0, 0);
        for (delivers, at) in steps {
            if delivers {
                let sent = bench.connection.deliver(&message("1"), &at_least_once(), NOW);
                let full = under_way.len() == usize::from(receive_maximum);
                prop_assert_eq!(sent == Sent::WindowFull, full);
                for one in delivered(&bench.heard()) {
                    let id = one.packet_id.unwrap().get();
                    prop_assert!(!under_way.contains(&id));
                    under_way.push(id);
                    written += 1;
                }
            } else if !under_way.is_empty() {
                let id = under_way.swap_remove(at.index(under_way.len()));
                prop_assert_eq!(bench.say(&puback(id)).len(), 1);
                answered += 1;
            }
            prop_assert_eq!(bench.connection.deliveries_waiting(), written - answered);
        }
        let unfinished = bench.connection.take_unfinished();
        prop_assert_eq!(unfinished.deliveries.len(), under_way.len());
        let mut next = Bench::open(Version::V5, Limits::default());
        next.connection.resume(Unfinished { deliveries: unfinished.deliveries, receipts: Vec::new() }, NOW);
        let mut again: Vec<u16> =
            delivered(&next.heard()).iter().map(|one| one.packet_id.unwrap().get()).collect();
        again.sort_unstable();
        under_way.sort_unstable();
        prop_assert_eq!(again, under_way);
    }
}
