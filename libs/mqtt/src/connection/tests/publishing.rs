//! What the client publishes: 3.3, 4.3, 4.6, 4.9.

use std::num::NonZeroU16;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::packet::{Disconnect, FilterRequest, Subscribe, SubscriptionOptions, Unsubscribe};

fn limited(publishes: u16) -> Limits {
    Limits {
        publishes_max: NonZeroU16::new(publishes).unwrap(),
        ..Limits::default()
    }
}

#[test]
fn answers_leave_in_the_order_of_the_publishes() {
    // [MQTT-4.6.0-2], [MQTT-4.6.0-3]
    for version in VERSIONS {
        let mut bench = Bench::open(version, Limits::default());
        let tokens: Vec<Token> = [11, 7, 9]
            .map(|id| bench.publish(id, Qos::AtLeastOnce).unwrap())
            .to_vec();
        assert_eq!(bench.heard(), []);
        bench.connection.publish_ack(tokens[2], Outcome::Stored);
        bench.connection.publish_ack(tokens[1], Outcome::Stored);
        assert_eq!(bench.heard(), []);
        bench.connection.publish_ack(tokens[0], Outcome::Stored);
        assert_eq!(bench.heard(), [puback(11), puback(7), puback(9)]);
        // A second outcome of the same publish changes nothing.
        bench.connection.publish_ack(tokens[0], Outcome::Stored);
        assert_eq!(bench.heard(), []);
    }
}

#[test]
fn many_are_answered_by_one_call() {
    let mut bench = Bench::open(Version::V5, Limits::default());
    let tokens: Vec<Token> = (1..=100)
        .map(|id| bench.publish(id, Qos::AtLeastOnce).unwrap())
        .collect();
    bench
        .connection
        .publish_ack(tokens[3], Outcome::NotAuthorized);
    bench
        .connection
        .publish_ack_through(tokens[97], Outcome::Stored);
    let heard = bench.heard();
    assert_eq!(heard.len(), 98);
    assert_eq!(heard[2], puback(3));
    assert_eq!(heard[3], Packet::Puback(ack(4, Reason::NotAuthorized)));
    let rest = [(tokens[99], Outcome::Stored), (tokens[98], Outcome::Quota)];
    bench.connection.publish_acks(rest);
    assert_eq!(
        bench.heard(),
        [Packet::Puback(ack(99, Reason::QuotaExceeded)), puback(100)]
    );
    assert_eq!(bench.connection.publishes_waiting(), 0);
}

#[test]
fn an_old_client_is_closed_or_deceived_never_both() {
    // 3.1.1: [MQTT-3.3.5-2]
    let table = [
        (Outcome::NotAuthorized, false, false),
        (Outcome::NotAuthorized, true, true),
        (Outcome::PayloadInvalid, true, true),
        (Outcome::Quota, true, false),
        (Outcome::Failed, false, false),
        (Outcome::NoMatching, false, true),
    ];
    for (outcome, acknowledges, acknowledged) in table {
        let limits = Limits {
            v3_acknowledges_refused: acknowledges,
            ..Limits::default()
        };
        let mut bench = Bench::open(Version::V3, limits);
        let first = bench.publish(1, Qos::AtLeastOnce).unwrap();
        let second = bench.publish(2, Qos::AtLeastOnce).unwrap();
        bench.connection.publish_ack(first, outcome);
        bench.connection.publish_ack(second, Outcome::Stored);
        assert_eq!(bench.connection.is_closed(), !acknowledged, "{outcome:?}");
        let wanted = if acknowledged {
            vec![puback(1), puback(2)]
        } else {
            vec![]
        };
        assert_eq!(bench.heard(), wanted, "{outcome:?}");
    }
}

#[test]
fn outcomes_have_the_reasons_of_mqtt_5() {
    // 3.4.2.1
    for (outcome, reason) in [
        (Outcome::Stored, Reason::Success),
        (Outcome::NoMatching, Reason::NoMatchingSubscribers),
        (Outcome::NotAuthorized, Reason::NotAuthorized),
        (Outcome::TopicInvalid, Reason::TopicNameInvalid),
        (Outcome::PayloadInvalid, Reason::PayloadFormatInvalid),
        (Outcome::Quota, Reason::QuotaExceeded),
        (Outcome::Failed, Reason::ImplementationSpecific),
    ] {
        let mut bench = Bench::open(Version::V5, Limits::default());
        for qos in [Qos::AtLeastOnce, Qos::ExactlyOnce] {
            let token = bench.publish(1, qos).unwrap();
            bench.connection.publish_ack(token, outcome);
        }
        let answers = [
            Packet::Puback(ack(1, reason)),
            Packet::Pubrec(ack(1, reason)),
        ];
        assert_eq!(bench.heard(), answers);
    }
}

#[test]
fn exactly_once_is_handed_on_once() {
    // 4.3.3
    for version in VERSIONS {
        let mut bench = Bench::open(version, Limits::default());
        let token = bench.publish(5, Qos::ExactlyOnce).unwrap();
        // Sent again while it waits for the disk: not a second message.
        assert_eq!(bench.say(&publish(5, Qos::ExactlyOnce, true)), []);
        assert_eq!(bench.heard(), []);
        bench.connection.publish_ack(token, Outcome::Stored);
        let taken = Packet::Pubrec(ack(5, Reason::Success));
        assert_eq!(bench.heard(), std::slice::from_ref(&taken));
        // Sent again after it was taken: answered again.
        assert_eq!(bench.say(&publish(5, Qos::ExactlyOnce, true)), []);
        assert_eq!(bench.heard(), [taken]);
        let release = Packet::Pubrel(ack(5, Reason::Success));
        assert_eq!(bench.say(&release), []);
        assert_eq!(bench.heard(), [Packet::Pubcomp(ack(5, Reason::Success))]);
        // Released: the identifier is a new message's.
        bench.say(&release);
        let unknown = match version {
            Version::V3 => Reason::Success,
            Version::V5 => Reason::PacketIdNotFound,
        };
        assert_eq!(bench.heard(), [Packet::Pubcomp(ack(5, unknown))]);
        assert!(bench.publish(5, Qos::ExactlyOnce).is_some());
    }
}

#[test]
fn exactly_once_outlives_the_connection() {
    // 4.1, 4.4: also what was decided only after the connection had ended.
    let mut bench = Bench::open(Version::V3, Limits::default());
    let first = bench.publish(1, Qos::ExactlyOnce).unwrap();
    let second = bench.publish(2, Qos::ExactlyOnce).unwrap();
    bench.publish(3, Qos::ExactlyOnce).unwrap();
    bench.connection.publish_ack(first, Outcome::Stored);
    bench.connection.close(Reason::Unspecified);
    bench.connection.publish_ack(second, Outcome::Stored);
    let unfinished = bench.connection.take_unfinished();
    assert_eq!(unfinished.receipts, [id(1), id(2)]);

    let mut bench = Bench::open(Version::V3, Limits::default());
    bench.connection.resume(unfinished, NOW);
    assert_eq!(bench.say(&publish(1, Qos::ExactlyOnce, true)), []);
    assert_eq!(bench.heard(), [Packet::Pubrec(ack(1, Reason::Success))]);
    let release = Packet::Pubrel(ack(2, Reason::Success));
    assert_eq!(bench.say(&release), []);
    // The third was not decided, so it is a new message.
    assert_eq!(bench.say(&publish(3, Qos::ExactlyOnce, true)).len(), 1);
}

#[test]
fn what_is_sent_again_while_it_waits_is_one_message() {
    for version in VERSIONS {
        let mut bench = Bench::open(version, Limits::default());
        let token = bench.publish(5, Qos::AtLeastOnce).unwrap();
        assert_eq!(bench.say(&publish(5, Qos::AtLeastOnce, true)), []);
        bench.connection.publish_ack(token, Outcome::Stored);
        assert_eq!(bench.heard(), [puback(5)]);
        // [MQTT-4.3.2-5]: answered, it is a new one whatever DUP says.
        assert_eq!(bench.say(&publish(5, Qos::AtLeastOnce, true)).len(), 1);
    }
}

#[test]
fn a_client_of_mqtt_5_keeps_to_the_receive_maximum() {
    // [MQTT-3.3.4-7], 4.9
    let mut bench = Bench::open(Version::V5, limited(2));
    let first = bench.publish(1, Qos::AtLeastOnce).unwrap();
    bench.publish(2, Qos::ExactlyOnce).unwrap();
    assert!(bench.publish(0, Qos::AtMostOnce).is_none());
    bench.connection.publish_ack(first, Outcome::Stored);
    bench.heard();
    bench.publish(3, Qos::AtLeastOnce).unwrap();
    let fault = bench.fault(&publish(4, Qos::AtLeastOnce, false));
    assert_eq!(fault.reason, Reason::ReceiveMaximumExceeded);
    let told = Disconnect::new(Reason::ReceiveMaximumExceeded);
    assert_eq!(bench.heard(), [Packet::Disconnect(told)]);
}

#[test]
fn a_client_of_mqtt_3_is_not_read_beyond_the_maximum() {
    let mut bench = Bench::open(Version::V3, limited(2));
    let mut bytes = BytesMut::new();
    for id in 1..=5 {
        let publish = publish(id, Qos::AtLeastOnce, false);
        publish.encode(Version::V3, &mut bytes).unwrap();
    }
    Packet::Pingreq.encode(Version::V3, &mut bytes).unwrap();
    assert_eq!(bench.say_bytes(&bytes).len(), 2);
    assert!(!bench.connection.wants_input());
    assert!(!bench.connection.wants_pump());
    // It is not its fault if it is not heard.
    assert_eq!(bench.connection.expires_at(), None);
    bench
        .connection
        .publish_ack_through(Token(1), Outcome::Stored);
    assert!(bench.connection.wants_pump());
    assert_eq!(bench.pump().len(), 2);
    bench
        .connection
        .publish_ack_through(Token(3), Outcome::Stored);
    assert_eq!(bench.pump().len(), 1);
    assert!(bench.connection.wants_input());
    bench.connection.publish_ack(Token(4), Outcome::Stored);
    let heard = bench.heard();
    assert_eq!(heard.len(), 6);
    assert_eq!(heard[4], Packet::Pingresp);
    assert_eq!(heard[5], puback(5));
}

#[test]
fn who_reads_nothing_is_not_read() {
    let limits = Limits {
        output_bytes_max: 10,
        ..Limits::default()
    };
    let mut bench = Bench::open(Version::V3, limits);
    bench.say_bytes(&b"\xc0\0".repeat(100));
    assert!(!bench.connection.wants_input());
    assert_eq!(bench.heard().len(), 5);
    assert!(bench.connection.wants_pump());
    assert_eq!(bench.pump(), []);
    assert_eq!(bench.heard().len(), 5);
}

#[test]
fn aliases_stand_for_topics() {
    // 3.3.2.3.4
    let aliased = |topic: &'static str, alias: u16| {
        let Packet::Publish(mut publish) = publish(0, Qos::AtMostOnce, false) else {
            unreachable!();
        };
        publish.topic = topic.into();
        publish.topic_alias = NonZeroU16::new(alias);
        Packet::Publish(publish)
    };
    let mut bench = Bench::open(Version::V5, Limits::default());
    let mut topic = |packet: &Packet| match &bench.say(packet)[..] {
        [Event::Publish { publish, .. }] => publish.topic.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(topic(&aliased("x", 1)), "x");
    assert_eq!(topic(&aliased("y", 8)), "y");
    assert_eq!(topic(&aliased("", 1)), "x");
    assert_eq!(topic(&aliased("z", 1)), "z");
    assert_eq!(topic(&aliased("", 1)), "z");
    assert_eq!(topic(&aliased("", 8)), "y");
    for (packet, reason) in [
        (aliased("x", 9), Reason::TopicAliasInvalid),
        (aliased("", 2), Reason::ProtocolError),
        (aliased("", 0), Reason::ProtocolError),
    ] {
        let mut bench = Bench::open(Version::V5, Limits::default());
        assert_eq!(bench.fault(&packet).reason, reason);
    }
}

#[test]
fn topics_have_limits() {
    // 4.7.3
    for (topic, version) in [
        ("a/".repeat(16), Version::V5),
        ("a".repeat(513), Version::V5),
        ("a".repeat(513), Version::V3),
        (String::new(), Version::V3),
    ] {
        let Packet::Publish(mut publish) = publish(0, Qos::AtMostOnce, false) else {
            unreachable!();
        };
        publish.topic = topic.into();
        let mut bench = Bench::open(version, Limits::default());
        let fault = bench.fault(&Packet::Publish(publish));
        assert_eq!(fault.reason, Reason::TopicNameInvalid);
    }
}

#[test]
fn subscription_identifiers_are_the_servers() {
    // [MQTT-3.3.4-6]
    let Packet::Publish(mut publish) = publish(0, Qos::AtMostOnce, false) else {
        unreachable!();
    };
    publish.subscription_ids = vec![1.try_into().unwrap()];
    let mut bench = Bench::open(Version::V5, Limits::default());
    let fault = bench.fault(&Packet::Publish(publish));
    assert_eq!(fault.reason, Reason::ProtocolError);
}

#[test]
fn requests_are_answered_and_few_at_a_time() {
    // 3.8.4, 3.10.4
    let subscribe = Packet::Subscribe(Subscribe {
        packet_id: id(7),
        subscription_id: None,
        user: Vec::new(),
        filters: vec![FilterRequest {
            filter: "a/#".into(),
            options: SubscriptionOptions::plain(Qos::ExactlyOnce),
        }],
    });
    let unsubscribe = Packet::Unsubscribe(Unsubscribe {
        packet_id: id(8),
        user: Vec::new(),
        filters: vec!["a/#".into()],
    });
    for version in VERSIONS {
        let limits = Limits {
            requests_max: 2,
            ..Limits::default()
        };
        let mut bench = Bench::open(version, limits);
        assert_eq!(bench.say(&subscribe).len(), 1);
        assert_eq!(bench.say(&unsubscribe).len(), 1);
        assert_eq!(bench.say(&Packet::Pingreq), []);
        assert_eq!(bench.heard(), []);
        let granted = grant(Qos::ExactlyOnce);
        bench
            .connection
            .suback(id(7), vec![granted, Reason::NotAuthorized]);
        bench.pump();
        bench.connection.unsuback(id(8), vec![Reason::Success]);
        let heard = bench.heard();
        let refused = match version {
            Version::V3 => Reason::Unspecified,
            Version::V5 => Reason::NotAuthorized,
        };
        match &heard[..] {
            [
                Packet::Suback(suback),
                Packet::Pingresp,
                Packet::Unsuback(unsuback),
            ] => {
                assert_eq!(suback.packet_id, id(7));
                assert_eq!(suback.reasons, [Reason::GrantedQos1, refused]);
                assert_eq!(unsuback.packet_id, id(8));
            }
            other => panic!("{other:?}"),
        }
    }
}

proptest! {
    #[test]
    fn every_publish_is_answered_once_and_in_order(
        version in prop::sample::select(VERSIONS.to_vec()),
        qos in vec(1..3_u8, 1..40),
        order in vec(any::<prop::sample::Index>(), 40),
    ) {
        let mut bench = Bench::open(version, Limits::default());
        let mut tokens = Vec::new();
        let mut wanted = Vec::new();
        for (at, qos) in qos.iter().enumerate() {
            let id = at as u16 + 1;
            let qos = Qos::from_bits(*qos).unwrap();
            tokens.push(bench.publish(id, qos).unwrap());
            wanted.push(match qos {
                Qos::ExactlyOnce => Packet::Pubrec(ack(id, Reason::Success)),
                _ => puback(id),
            });
        }
        let mut heard = Vec::new();
        for index in order {
            if !tokens.is_empty() {
                let token = tokens.swap_remove(index.index(tokens.len()));
                bench.connection.publish_ack(token, Outcome::Stored);
                heard.append(&mut bench.heard());
            }
        }
        prop_assert_eq!(heard, wanted);
        prop_assert_eq!(bench.connection.publishes_waiting(), 0);
    }
}
