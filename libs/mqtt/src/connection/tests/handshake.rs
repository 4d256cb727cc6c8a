//! CONNECT to DISCONNECT: 3.1, 3.2, 3.12, 3.14, 4.13.

use std::num::NonZeroU32;

use super::*;
use crate::packet::{Auth, Connack, Disconnect, Will};

fn connack(packets: &[Packet]) -> &Connack {
    match packets {
        [Packet::Connack(connack)] => connack,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_client_is_let_in_and_told_the_limits() {
    // 3.2.2.3
    let limits = Limits::default();
    let mut bench = Bench::new(Version::V5, limits.clone());
    let mut connect = Connect::new(Version::V5, "");
    connect.keep_alive = 0;
    let events = bench.say(&Packet::Connect(Box::new(connect)));
    assert!(matches!(events[..], [Event::Connect(_)]));
    bench.connection.accept(Welcome {
        session_present: false,
        assigned_client_id: Some("yw-1".into()),
        session_expiry_seconds: Some(5),
    });
    let packets = bench.heard();
    let connack = connack(&packets);
    assert_eq!(connack.reason, Reason::Success);
    assert_eq!(connack.assigned_client_id.as_deref(), Some("yw-1"));
    assert_eq!(connack.session_expiry_seconds, Some(5));
    assert_eq!(connack.receive_maximum, Some(limits.publishes_max));
    assert_eq!(connack.topic_alias_maximum, limits.aliases_max);
    assert_eq!(connack.maximum_packet_size, NonZeroU32::new(256 << 10));
    assert_eq!(connack.server_keep_alive, Some(1_800));
    assert!(bench.connection.is_open());
}

#[test]
fn nothing_is_read_between_connect_and_its_answer() {
    for version in VERSIONS {
        let mut bench = Bench::new(version, Limits::default());
        let mut bytes = BytesMut::new();
        let connect = Packet::Connect(Box::new(Connect::new(version, "d")));
        connect.encode(version, &mut bytes).unwrap();
        publish(1, Qos::AtLeastOnce, false)
            .encode(version, &mut bytes)
            .unwrap();
        assert_eq!(bench.say_bytes(&bytes).len(), 1);
        assert!(!bench.connection.wants_input());
        assert!(!bench.connection.wants_pump());
        assert_eq!(bench.pump(), []);
        bench.connection.accept(Welcome::default());
        assert!(bench.connection.wants_pump());
        let events = bench.pump();
        assert!(matches!(events[..], [Event::Publish { .. }]));
        assert!(bench.connection.wants_input());
    }
}

#[test]
fn refusals_speak_the_version_of_the_client() {
    // 3.1.1: 3.2.2.3; 5: 3.2.2.2. The reason and what of it an old client hears.
    let table = [
        (Reason::BadCredentials, Some(Reason::BadCredentials)),
        (Reason::NotAuthorized, Some(Reason::NotAuthorized)),
        (Reason::Banned, Some(Reason::NotAuthorized)),
        (Reason::ServerBusy, Some(Reason::ServerUnavailable)),
        (Reason::QuotaExceeded, Some(Reason::ServerUnavailable)),
        (Reason::ClientIdInvalid, Some(Reason::ClientIdInvalid)),
        (Reason::Unspecified, None),
    ];
    for (reason, old) in table {
        for version in VERSIONS {
            let mut bench = Bench::new(version, Limits::default());
            bench.say(&Packet::Connect(Box::new(Connect::new(version, "d"))));
            bench.connection.refuse(reason);
            assert!(bench.connection.is_closed());
            let heard = bench.heard();
            match (version, old) {
                (Version::V5, _) => assert_eq!(connack(&heard).reason, reason),
                (Version::V3, Some(old)) => assert_eq!(connack(&heard).reason, old),
                (Version::V3, None) => assert_eq!(heard, []),
            }
        }
    }
}

#[test]
fn connects_that_are_refused_at_once() {
    let v3 = |client_id: &str| Connect::new(Version::V3, client_id);
    let v5 = |client_id: &str| Connect::new(Version::V5, client_id);
    let mut lasting = v3("");
    lasting.clean_start = false;
    let mut method = v5("d");
    method.authentication_method = Some("SCRAM".into());
    let mut wild = v5("d");
    wild.will = Some(Box::new(Will {
        topic: "a/#".into(),
        payload: "x".into(),
        qos: Qos::AtMostOnce,
        retain: false,
        delay_seconds: 0,
        properties: None,
    }));
    let long = "d".repeat(129);
    let table = [
        ("MQTT-3.1.3-8", lasting, Reason::ClientIdInvalid, true),
        (
            "MQTT-4.12.0-1",
            method,
            Reason::BadAuthenticationMethod,
            true,
        ),
        ("3.1.3.3", wild.clone(), Reason::TopicNameInvalid, true),
        ("MQTT-3.1.3-5", v5(&long), Reason::ClientIdInvalid, true),
        ("MQTT-3.1.3-9", v3(&long), Reason::ClientIdInvalid, true),
    ];
    for (section, connect, reason, answered) in table {
        let mut bench = Bench::new(connect.version, Limits::default());
        let fault = bench.fault(&Packet::Connect(Box::new(connect)));
        assert_eq!(fault.reason, reason, "{section}");
        let heard = bench.heard();
        assert_eq!(heard.len(), usize::from(answered), "{section}");
        if answered {
            assert_eq!(connack(&heard).reason, reason, "{section}");
        }
    }
    wild.version = Version::V3;
    let mut bench = Bench::new(Version::V3, Limits::default());
    bench.fault(&Packet::Connect(Box::new(wild)));
    assert_eq!(bench.heard(), []);
}

#[test]
fn other_versions_are_answered_in_their_own() {
    // 3.1.1: [MQTT-3.1.2-2]; 5: [MQTT-3.1.2-2].
    let table: [(&[u8], &[u8]); 5] = [
        (b"\x10\x0d\0\x06MQIsdp\x03\x02\0\0\0", b"\x20\x02\0\x01"),
        (b"\x10\x0c\0\x04MQTT\x03\x02\0\0\0\0", b"\x20\x02\0\x01"),
        (b"\x10\x0d\0\x04MQTT\x06\x02\0\0\0\0\0", b"\x20\x03\0\x84\0"),
        (b"\x10\x0d\0\x04HTTP\x05\x02\0\0\0\0\0", b""),
        (b"GET / HTTP/1.1\r\n\r\n", b""),
    ];
    for (said, heard) in table {
        let mut bench = Bench::new(Version::V5, Limits::default());
        let events = bench.say_bytes(said);
        bench.only_fault(&events);
        assert_eq!(bench.connection.take_output(), heard, "{said:?}");
    }
}

#[test]
fn only_a_connect_may_come_first_and_only_first() {
    // [MQTT-3.1.0-1], [MQTT-3.1.0-2]
    for version in VERSIONS {
        let mut bench = Bench::new(version, Limits::default());
        let fault = bench.fault(&Packet::Pingreq);
        assert_eq!(fault.reason, Reason::ProtocolError);
        assert_eq!(bench.heard(), []);

        let mut bench = Bench::open(version, Limits::default());
        let fault = bench.fault(&Packet::Connect(Box::new(Connect::new(version, "d"))));
        assert_eq!(fault.reason, Reason::ProtocolError);
        told(&mut bench, Reason::ProtocolError);
    }
}

/// An MQTT 5 client hears why; one of 3.1.1 hears nothing.
fn told(bench: &mut Bench, reason: Reason) {
    let wanted = match bench.version {
        Version::V3 => Vec::new(),
        Version::V5 => vec![Packet::Disconnect(Disconnect::new(reason))],
    };
    assert_eq!(bench.heard(), wanted);
}

#[test]
fn packets_of_a_server_are_faults() {
    for version in VERSIONS {
        for packet in [
            Packet::Connack(Box::new(Connack::new(Reason::Success))),
            Packet::Pingresp,
            Packet::Suback(crate::packet::Confirmation {
                packet_id: id(1),
                reasons: vec![Reason::Success],
                detail: None,
            }),
        ] {
            let mut bench = Bench::open(version, Limits::default());
            assert_eq!(bench.fault(&packet).reason, Reason::ProtocolError);
            told(&mut bench, Reason::ProtocolError);
        }
    }
    let mut bench = Bench::open(Version::V5, Limits::default());
    let auth = Packet::Auth(Auth {
        reason: Reason::Reauthenticate,
        method: None,
        challenge: None,
        detail: crate::packet::AckDetail::default(),
    });
    assert_eq!(bench.fault(&auth).reason, Reason::ProtocolError);
}

#[test]
fn pings_are_answered_at_once() {
    // [MQTT-3.12.4-1], while a publish waits for the disk.
    for version in VERSIONS {
        let mut bench = Bench::open(version, Limits::default());
        bench.publish(1, Qos::AtLeastOnce).unwrap();
        assert_eq!(bench.say(&Packet::Pingreq), []);
        assert_eq!(bench.heard(), [Packet::Pingresp]);
    }
}

#[test]
fn the_client_takes_leave() {
    // 3.14.4
    let table = [
        (Version::V3, Reason::Success, false),
        (Version::V5, Reason::Success, false),
        (Version::V5, Reason::DisconnectWithWill, true),
        (Version::V5, Reason::Unspecified, true),
    ];
    for (version, reason, publishes_will) in table {
        let mut bench = Bench::open(version, Limits::default());
        let events = bench.say(&Packet::Disconnect(Disconnect::new(reason)));
        assert_eq!(
            events,
            [Event::Disconnect {
                reason,
                publishes_will,
                session_expiry_seconds: None
            }]
        );
        assert!(bench.connection.is_closed());
        assert_eq!(bench.heard(), []);
        // [MQTT-3.14.4-1]: nothing more is taken.
        assert_eq!(bench.say(&Packet::Pingreq), []);
        assert_eq!(bench.heard(), []);
    }
}

#[test]
fn a_session_that_was_to_end_cannot_be_made_to_last() {
    // 3.14.2.2.2
    let mut disconnect = Disconnect::new(Reason::Success);
    disconnect.session_expiry_seconds = Some(10);
    let mut bench = Bench::open(Version::V5, Limits::default());
    let fault = bench.fault(&Packet::Disconnect(disconnect.clone()));
    assert_eq!(fault.reason, Reason::ProtocolError);

    let mut connect = Connect::new(Version::V5, "d");
    connect.session_expiry_seconds = 5;
    let mut bench = Bench::open_as(connect, Limits::default());
    let events = bench.say(&Packet::Disconnect(disconnect));
    assert!(matches!(
        events[..],
        [Event::Disconnect {
            session_expiry_seconds: Some(10),
            ..
        }]
    ));
}

#[test]
fn the_server_takes_leave() {
    for version in VERSIONS {
        let mut bench = Bench::open(version, Limits::default());
        bench.connection.close(Reason::SessionTakenOver);
        told(&mut bench, Reason::SessionTakenOver);
        assert!(bench.connection.is_closed());
        // What only other packets may say is not said.
        let mut bench = Bench::open(version, Limits::default());
        bench.connection.close(Reason::BadCredentials);
        told(&mut bench, Reason::Unspecified);
    }
}

#[test]
fn who_is_silent_expires() {
    // [MQTT-3.1.2-22]
    let seconds = |seconds: i64| NOW + SignedDuration::from_secs(seconds);
    for version in VERSIONS {
        let mut bench = Bench::new(version, Limits::default());
        assert_eq!(bench.connection.expires_at(), Some(seconds(10)));
        let mut connect = Connect::new(version, "d");
        connect.keep_alive = 60;
        bench.now = seconds(3);
        bench.say(&Packet::Connect(Box::new(connect)));
        assert_eq!(bench.connection.expires_at(), None);
        bench.connection.accept(Welcome::default());
        assert_eq!(bench.connection.expires_at(), Some(seconds(93)));
        bench.now = seconds(20);
        bench.say(&Packet::Pingreq);
        assert_eq!(bench.connection.expires_at(), Some(seconds(110)));
        // Half a packet is no packet.
        bench.now = seconds(30);
        bench.say_bytes(&[0xc0]);
        assert_eq!(bench.connection.expires_at(), Some(seconds(110)));
    }
    let mut connect = Connect::new(Version::V3, "d");
    connect.keep_alive = 0;
    let bench = Bench::open_as(connect, Limits::default());
    assert_eq!(bench.connection.expires_at(), None);
}

#[test]
fn packets_are_bounded_before_they_have_come() {
    // 3.2.2.3.6; a CONNECT has a bound of its own.
    for version in VERSIONS {
        let mut bench = Bench::open(version, Limits::default());
        let events = bench.say_bytes(&[0x30, 0xff, 0xff, 0x7f]);
        assert_eq!(bench.only_fault(&events).reason, Reason::PacketTooLarge);
        told(&mut bench, Reason::PacketTooLarge);
    }
    let mut bench = Bench::new(Version::V5, Limits::default());
    let events = bench.say_bytes(&[0x10, 0x81, 0x80, 0x01]);
    assert_eq!(bench.only_fault(&events).reason, Reason::PacketTooLarge);
    assert_eq!(bench.heard(), []);
}

#[test]
fn a_length_may_be_padded() {
    // MQTT 3.1.1 does not demand the shortest form of the remaining length.
    let mut bench = Bench::open(Version::V3, Limits::default());
    assert_eq!(bench.say_bytes(b"\xc0\x80\x00"), []);
    assert_eq!(bench.heard(), [Packet::Pingresp]);
    let events = bench.say_bytes(b"\xc0\x80\x80\x80\x80\x00");
    assert_eq!(bench.only_fault(&events).reason, Reason::MalformedPacket);
}

#[test]
fn a_client_that_takes_no_answer_is_closed() {
    let mut connect = Connect::new(Version::V5, "d");
    connect.maximum_packet_size = NonZeroU32::new(4);
    let mut bench = Bench::new(Version::V5, Limits::default());
    bench.say(&Packet::Connect(Box::new(connect)));
    bench.connection.accept(Welcome::default());
    assert!(bench.connection.is_closed());
    assert_eq!(bench.heard(), []);
}
