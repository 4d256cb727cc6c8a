//! Packets go through bytes and come back equal.

use std::num::{NonZeroU16, NonZeroU32};

use bytes::{Bytes, BytesMut};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use yiwang_mqtt::packet::{
    Ack, AckDetail, Auth, Confirmation, Connack, Connect, Disconnect, FilterRequest, Kind, Publish,
    RetainHandling, Subscribe, SubscriptionOptions, Unsubscribe, Will,
};
use yiwang_mqtt::{MessageProperties, Packet, Qos, Reason, Version};

type Text = bytestring::ByteString;

pub(crate) fn version() -> impl Strategy<Value = Version> {
    prop_oneof![Just(Version::V3), Just(Version::V5)]
}

fn text() -> impl Strategy<Value = Text> {
    "[^\u{0}]{0,12}".prop_map(Text::from)
}

pub(crate) fn topic() -> impl Strategy<Value = Text> {
    "[a-c$中][a-c/]{0,8}".prop_map(Text::from)
}

fn bytes(max: usize) -> impl Strategy<Value = Bytes> {
    vec(any::<u8>(), 0..max).prop_map(Bytes::from)
}

fn user() -> impl Strategy<Value = Vec<(Text, Text)>> {
    vec((text(), text()), 0..3)
}

fn qos() -> impl Strategy<Value = Qos> {
    (0..3_u8).prop_map(|bits| Qos::from_bits(bits).unwrap())
}

fn id() -> impl Strategy<Value = NonZeroU16> {
    (1..=u16::MAX).prop_map(|id| NonZeroU16::new(id).unwrap())
}

fn subscription_id() -> impl Strategy<Value = NonZeroU32> {
    (1..=268_435_455_u32).prop_map(|id| NonZeroU32::new(id).unwrap())
}

fn reason(kind: Kind) -> impl Strategy<Value = Reason> {
    let fit: Vec<Reason> = Reason::ALL
        .iter()
        .copied()
        .filter(|one| one.is_for(kind))
        .collect();
    proptest::sample::select(fit)
}

fn detail() -> impl Strategy<Value = AckDetail> {
    (option::of(text()), user()).prop_map(|(text, user)| AckDetail { text, user })
}

fn some_detail() -> impl Strategy<Value = Option<Box<AckDetail>>> {
    detail().prop_map(|detail| (detail != AckDetail::default()).then(|| Box::new(detail)))
}

fn message_properties() -> impl Strategy<Value = Option<Box<MessageProperties>>> {
    let parts = (
        any::<bool>(),
        option::of(any::<u32>()),
        option::of(text()),
        option::of(topic()),
        option::of(bytes(8)),
        user(),
    );
    parts.prop_map(
        |(is_text, expiry, content_type, response, correlation, user)| {
            let properties = MessageProperties {
                payload_is_text: is_text,
                expiry_seconds: expiry,
                content_type,
                response_topic: response,
                correlation,
                user,
            };
            (properties != MessageProperties::default()).then(|| Box::new(properties))
        },
    )
}

fn will(version: Version) -> impl Strategy<Value = Will> {
    let parts = (
        topic(),
        bytes(8),
        qos(),
        any::<bool>(),
        any::<u32>(),
        message_properties(),
    );
    parts.prop_map(move |(topic, payload, qos, retain, delay, properties)| {
        let v5 = version == Version::V5;
        Will {
            topic,
            payload,
            qos,
            retain,
            delay_seconds: if v5 { delay } else { 0 },
            properties: properties.filter(|_| v5),
        }
    })
}

fn connect(version: Version) -> impl Strategy<Value = Packet> {
    let names = (
        text(),
        option::of(text()),
        option::of(bytes(8)),
        option::of(will(version)),
    );
    let numbers = (
        any::<bool>(),
        any::<u16>(),
        any::<u32>(),
        option::of(id()),
        option::of(1..u32::MAX),
    );
    let rest = (
        any::<u16>(),
        any::<bool>(),
        any::<bool>(),
        option::of(text()),
        bytes(8),
        user(),
    );
    (names, numbers, rest).prop_map(move |(names, numbers, rest)| {
        let mut connect = Connect::new(version, names.0);
        connect.clean_start = numbers.0;
        connect.keep_alive = numbers.1;
        connect.password = names
            .2
            .filter(|_| version == Version::V5 || names.1.is_some());
        connect.user_name = names.1;
        connect.will = names.3.map(Box::new);
        if version == Version::V5 {
            connect.session_expiry_seconds = numbers.2;
            connect.receive_maximum = numbers.3;
            connect.maximum_packet_size = numbers.4.and_then(NonZeroU32::new);
            connect.topic_alias_maximum = rest.0;
            connect.wants_response_detail = rest.1;
            connect.wants_problem_detail = rest.2;
            connect.authentication = rest.3.as_ref().map(|_| rest.4);
            connect.authentication_method = rest.3;
            connect.user = rest.5;
        }
        Packet::Connect(Box::new(connect))
    })
}

fn connack(version: Version) -> impl Strategy<Value = Packet> {
    let numbers = (
        option::of(any::<u32>()),
        option::of(id()),
        qos(),
        option::of(1..u32::MAX),
    );
    let flags = (
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    );
    let texts = (
        option::of(text()),
        option::of(text()),
        option::of(text()),
        detail(),
    );
    let more = (any::<u16>(), option::of(any::<u16>()), option::of(bytes(4)));
    let reason = match version {
        Version::V5 => reason(Kind::Connack).boxed(),
        Version::V3 => (0..6_u8)
            .prop_map(|code| Reason::from_v3_connect_code(code).unwrap())
            .boxed(),
    };
    (reason, numbers, flags, texts, more).prop_map(move |(reason, numbers, flags, texts, more)| {
        let mut connack = Connack::new(reason);
        connack.session_present = flags.0 && !reason.is_failure();
        if version == Version::V5 {
            connack.session_expiry_seconds = numbers.0;
            connack.receive_maximum = numbers.1;
            connack.maximum_qos = numbers.2;
            connack.maximum_packet_size = numbers.3.and_then(NonZeroU32::new);
            connack.retain_available = flags.1;
            connack.wildcard_available = flags.2;
            connack.subscription_ids_available = flags.3;
            connack.shared_available = flags.4;
            connack.assigned_client_id.clone_from(&texts.0);
            connack.response_detail = texts.0;
            connack.server_reference = texts.1;
            connack.authentication_method = texts.2;
            connack.detail = texts.3;
            connack.topic_alias_maximum = more.0;
            connack.server_keep_alive = more.1;
            connack.authentication = more.2;
        }
        Packet::Connack(Box::new(connack))
    })
}

pub(crate) fn publish(version: Version) -> impl Strategy<Value = Publish> {
    let head = (any::<bool>(), qos(), any::<bool>(), topic(), id());
    let body = (
        option::of(id()),
        vec(subscription_id(), 0..3),
        message_properties(),
        bytes(300),
    );
    (head, body).prop_map(move |((dup, qos, retain, topic, packet_id), body)| {
        let v5 = version == Version::V5;
        Publish {
            dup: dup && qos > Qos::AtMostOnce,
            qos,
            retain,
            topic,
            packet_id: (qos > Qos::AtMostOnce).then_some(packet_id),
            topic_alias: body.0.filter(|_| v5),
            subscription_ids: if v5 { body.1 } else { Vec::new() },
            properties: body.2.filter(|_| v5),
            payload: body.3,
        }
    })
}

fn ack(kind: Kind, version: Version) -> impl Strategy<Value = Ack> {
    (id(), reason(kind), some_detail()).prop_map(move |(packet_id, reason, detail)| match version {
        Version::V3 => Ack::new(packet_id, Reason::Success),
        Version::V5 => Ack {
            packet_id,
            reason,
            detail,
        },
    })
}

fn options(version: Version) -> impl Strategy<Value = SubscriptionOptions> {
    (qos(), any::<bool>(), any::<bool>(), 0..3_u8).prop_map(
        move |(qos, no_local, published, handling)| match version {
            Version::V3 => SubscriptionOptions::plain(qos),
            Version::V5 => SubscriptionOptions {
                qos,
                no_local,
                retain_as_published: published,
                retain_handling: match handling {
                    0 => RetainHandling::Send,
                    1 => RetainHandling::SendIfNew,
                    _ => RetainHandling::Skip,
                },
            },
        },
    )
}

fn subscribe(version: Version) -> impl Strategy<Value = Packet> {
    let request =
        (topic(), options(version)).prop_map(|(filter, options)| FilterRequest { filter, options });
    let parts = (
        id(),
        option::of(subscription_id()),
        user(),
        vec(request, 1..4),
    );
    parts.prop_map(move |(packet_id, subscription_id, user, filters)| {
        let v5 = version == Version::V5;
        Packet::Subscribe(Subscribe {
            packet_id,
            subscription_id: subscription_id.filter(|_| v5),
            user: if v5 { user } else { Vec::new() },
            filters,
        })
    })
}

fn unsubscribe(version: Version) -> impl Strategy<Value = Packet> {
    (id(), user(), vec(topic(), 1..4)).prop_map(move |(packet_id, user, filters)| {
        Packet::Unsubscribe(Unsubscribe {
            packet_id,
            user: if version == Version::V5 {
                user
            } else {
                Vec::new()
            },
            filters,
        })
    })
}

fn confirmation(kind: Kind, version: Version) -> impl Strategy<Value = Confirmation> {
    let reason = match (version, kind) {
        (Version::V3, _) => proptest::sample::select(vec![
            Reason::Success,
            Reason::GrantedQos1,
            Reason::GrantedQos2,
            Reason::Unspecified,
        ])
        .boxed(),
        _ => reason(kind).boxed(),
    };
    (id(), vec(reason, 0..4), some_detail()).prop_map(move |(packet_id, reasons, detail)| {
        let v5 = version == Version::V5;
        let bare = !v5 && kind == Kind::Unsuback;
        Confirmation {
            packet_id,
            reasons: if bare { Vec::new() } else { reasons },
            detail: detail.filter(|_| v5),
        }
    })
}

fn disconnect(version: Version) -> impl Strategy<Value = Packet> {
    let parts = (
        reason(Kind::Disconnect),
        option::of(any::<u32>()),
        option::of(text()),
        detail(),
    );
    parts.prop_map(move |(reason, expiry, server, detail)| {
        Packet::Disconnect(match version {
            Version::V3 => Disconnect::new(Reason::Success),
            Version::V5 => Disconnect {
                reason,
                session_expiry_seconds: expiry,
                server_reference: server,
                detail,
            },
        })
    })
}

fn auth() -> impl Strategy<Value = Packet> {
    let parts = (
        reason(Kind::Auth),
        option::of(text()),
        option::of(bytes(8)),
        detail(),
    );
    parts.prop_map(|(reason, method, challenge, detail)| {
        Packet::Auth(Auth {
            reason,
            method,
            challenge,
            detail,
        })
    })
}

fn packet(version: Version) -> impl Strategy<Value = Packet> {
    let last = match version {
        Version::V3 => Just(Packet::Pingreq).boxed(),
        Version::V5 => auth().boxed(),
    };
    prop_oneof![
        connect(version),
        connack(version),
        publish(version).prop_map(Packet::Publish),
        ack(Kind::Puback, version).prop_map(Packet::Puback),
        ack(Kind::Pubrec, version).prop_map(Packet::Pubrec),
        ack(Kind::Pubrel, version).prop_map(Packet::Pubrel),
        ack(Kind::Pubcomp, version).prop_map(Packet::Pubcomp),
        subscribe(version),
        unsubscribe(version),
        confirmation(Kind::Suback, version).prop_map(Packet::Suback),
        confirmation(Kind::Unsuback, version).prop_map(Packet::Unsuback),
        Just(Packet::Pingreq),
        Just(Packet::Pingresp),
        disconnect(version),
        last,
    ]
}

/// The first byte and what follows the remaining length.
pub(crate) fn split(encoded: BytesMut) -> (u8, Bytes) {
    let mut bytes = encoded.freeze();
    let first = bytes[0];
    let header = 1 + bytes[1..].iter().position(|byte| byte & 0x80 == 0).unwrap() + 1;
    let _ = bytes.split_to(header);
    (first, bytes)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_packet_comes_back((version, packet) in version().prop_flat_map(|v| (Just(v), packet(v)))) {
        let mut encoded = BytesMut::new();
        packet.encode(version, &mut encoded).unwrap();
        let (first, body) = split(encoded);
        prop_assert_eq!(Packet::decode(first, body, version), Ok(packet));
    }

    #[test]
    fn no_bytes_are_a_panic(first: u8, body in vec(any::<u8>(), 0..64), version in version()) {
        let _ = Packet::decode(first, body.into(), version);
    }

    #[test]
    fn a_packet_with_a_byte_changed_is_no_panic(
        (version, packet) in version().prop_flat_map(|v| (Just(v), packet(v))),
        at: prop::sample::Index,
        byte: u8,
    ) {
        let mut encoded = BytesMut::new();
        packet.encode(version, &mut encoded).unwrap();
        let at = at.index(encoded.len());
        encoded[at] = byte;
        if encoded[1] & 0x80 == 0 {
            let (first, body) = split(encoded);
            if let Ok(packet) = Packet::decode(first, body, version) {
                // Whatever is read can be written.
                packet.encode(version, &mut BytesMut::new()).unwrap();
            }
        }
    }
}
