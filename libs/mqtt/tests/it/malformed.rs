//! Packets that break a rule, with the rule and the reason code that MQTT 5 gives for it.

use bytes::Bytes;
use yiwang_mqtt::{Packet, Reason, Version};

const V3: Version = Version::V3;
const V5: Version = Version::V5;

fn reason(version: Version, bytes: &[u8]) -> Option<Reason> {
    let Some((&[first, length], body)) = bytes.split_first_chunk() else {
        unreachable!("a packet has two bytes");
    };
    assert_eq!(usize::from(length), body.len(), "{bytes:02x?}");
    Packet::decode(first, Bytes::copy_from_slice(body), version)
        .err()
        .map(|fault| fault.reason)
}

/// A packet of a first byte and a body of less than 128 bytes.
fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first, body.len() as u8];
    bytes.extend_from_slice(body);
    bytes
}

/// Section of MQTT 5 (or 3.1.1 where marked), version, first byte, body, reason.
type Case = (&'static str, Version, u8, &'static [u8], Reason);

const MALFORMED: Reason = Reason::MalformedPacket;
const PROTOCOL: Reason = Reason::ProtocolError;

const HEADERS: &[Case] = &[
    ("2.1.2 type 0", V5, 0x00, b"", MALFORMED),
    ("2.1.3 PUBACK flags", V5, 0x41, b"\0\x01", MALFORMED),
    ("2.1.3 PUBREL flags", V5, 0x60, b"\0\x01", MALFORMED),
    (
        "2.1.3 SUBSCRIBE flags",
        V5,
        0x80,
        b"\0\x01\0\0\x01a\0",
        MALFORMED,
    ),
    (
        "2.1.3 UNSUBSCRIBE flags",
        V3,
        0xa0,
        b"\0\x01\0\x01a",
        MALFORMED,
    ),
    ("2.1.3 PINGREQ flags", V3, 0xc1, b"", MALFORMED),
    ("2.1.3 CONNECT flags", V5, 0x11, b"", MALFORMED),
    ("3.1.1: 2.2.1 type 15", V3, 0xf0, b"", MALFORMED),
    ("3.12 PINGREQ with a body", V5, 0xc0, b"\0", MALFORMED),
    ("2.2.1 packet identifier 0", V5, 0x40, b"\0\0", PROTOCOL),
    ("3.4.2 PUBACK cut off", V5, 0x40, b"\0", MALFORMED),
    ("3.4.2 PUBACK with more", V3, 0x40, b"\0\x01\0", MALFORMED),
    (
        "3.4.2.1 PUBACK with a code of SUBACK",
        V5,
        0x40,
        b"\0\x01\x01",
        PROTOCOL,
    ),
    (
        "3.4.2.1 PUBACK with an unknown code",
        V5,
        0x40,
        b"\0\x01\xff",
        PROTOCOL,
    ),
];

#[test]
fn headers() {
    check(HEADERS);
}

const CONNECTS: &[Case] = &[
    (
        "3.1.2.1 name",
        V5,
        0x10,
        b"\0\x04MQTX\x05\x02\0\0\0\0\0",
        Reason::UnsupportedVersion,
    ),
    (
        "3.1.2.2 version",
        V5,
        0x10,
        b"\0\x04MQTT\x06\x02\0\0\0\0\0",
        Reason::UnsupportedVersion,
    ),
    (
        "3.1.1: 3.1.2.2 MQTT 3.1",
        V3,
        0x10,
        b"\0\x06MQIsdp\x03\x02\0\0\0\x01a",
        Reason::UnsupportedVersion,
    ),
    (
        "3.1.2.3 reserved flag",
        V5,
        0x10,
        b"\0\x04MQTT\x05\x03\0\0\0\0\0",
        MALFORMED,
    ),
    (
        "3.1.2.6 will QoS without will",
        V5,
        0x10,
        b"\0\x04MQTT\x05\x0a\0\0\0\0\0",
        MALFORMED,
    ),
    (
        "3.1.2.6 will QoS 3",
        V5,
        0x10,
        b"\0\x04MQTT\x05\x1e\0\0\0\0\0\0\0\x01a\0\0",
        MALFORMED,
    ),
    (
        "3.1.2.7 will retain without will",
        V3,
        0x10,
        b"\0\x04MQTT\x04\x22\0\0\0\x01a",
        MALFORMED,
    ),
    (
        "3.1.1: 3.1.2.9 password without user",
        V3,
        0x10,
        b"\0\x04MQTT\x04\x42\0\0\0\x01a\0\x01p",
        MALFORMED,
    ),
    (
        "3.1.2.11 property twice",
        V5,
        0x10,
        b"\0\x04MQTT\x05\x02\0\0\x0a\x11\0\0\0\x01\x11\0\0\0\x01\0\0",
        PROTOCOL,
    ),
    (
        "3.1.2.11.3 receive maximum 0",
        V5,
        0x10,
        b"\0\x04MQTT\x05\x02\0\0\x03\x21\0\0\0\0",
        PROTOCOL,
    ),
    (
        "3.1.2.11.4 packet size 0",
        V5,
        0x10,
        b"\0\x04MQTT\x05\x02\0\0\x05\x27\0\0\0\0\0\0",
        PROTOCOL,
    ),
    (
        "3.1.2.11.7 problem flag 2",
        V5,
        0x10,
        b"\0\x04MQTT\x05\x02\0\0\x02\x17\x02\0\0",
        PROTOCOL,
    ),
    (
        "3.1.2.11.10 authentication alone",
        V5,
        0x10,
        b"\0\x04MQTT\x05\x02\0\0\x04\x16\0\x01x\0\0",
        PROTOCOL,
    ),
    (
        "2.2.2.2 topic alias in CONNECT",
        V5,
        0x10,
        b"\0\x04MQTT\x05\x02\0\0\x03\x23\0\x01\0\0",
        MALFORMED,
    ),
    (
        "2.2.2.2 unknown property",
        V5,
        0x10,
        b"\0\x04MQTT\x05\x02\0\0\x02\x7f\0\0\0",
        MALFORMED,
    ),
    (
        "2.2.2.1 properties longer than the packet",
        V5,
        0x10,
        b"\0\x04MQTT\x05\x02\0\0\x7f\0\0",
        MALFORMED,
    ),
    (
        "3.1.3.1 no client identifier",
        V5,
        0x10,
        b"\0\x04MQTT\x05\x02\0\0\0",
        MALFORMED,
    ),
    (
        "3.1.3 more than the fields",
        V3,
        0x10,
        b"\0\x04MQTT\x04\x02\0\0\0\x01a!",
        MALFORMED,
    ),
    (
        "1.5.4 not UTF-8",
        V3,
        0x10,
        b"\0\x04MQTT\x04\x02\0\0\0\x02\xc3\x28",
        MALFORMED,
    ),
    (
        "1.5.4 a surrogate",
        V3,
        0x10,
        b"\0\x04MQTT\x04\x02\0\0\0\x03\xed\xa0\x80",
        MALFORMED,
    ),
    (
        "1.5.4 U+0000",
        V3,
        0x10,
        b"\0\x04MQTT\x04\x02\0\0\0\x01\0",
        MALFORMED,
    ),
];

#[test]
fn connects() {
    check(CONNECTS);
}

const PUBLISHES: &[Case] = &[
    ("3.3.1.1 DUP with QoS 0", V5, 0x38, b"\0\x01a\0", MALFORMED),
    ("3.3.1.2 QoS 3", V5, 0x36, b"\0\x01a\0\x01\0", MALFORMED),
    (
        "3.3.2.1 wildcard",
        V5,
        0x30,
        b"\0\x03a/#\0",
        Reason::TopicNameInvalid,
    ),
    (
        "3.3.2.1 wildcard",
        V3,
        0x30,
        b"\0\x01+",
        Reason::TopicNameInvalid,
    ),
    ("3.3.2.1 topic cut off", V3, 0x30, b"\0\x09a", MALFORMED),
    (
        "3.3.2.2 no packet identifier",
        V3,
        0x32,
        b"\0\x01a\0",
        MALFORMED,
    ),
    (
        "3.3.2.2 packet identifier 0",
        V3,
        0x32,
        b"\0\x01a\0\0",
        PROTOCOL,
    ),
    (
        "3.3.2.3.4 alias 0",
        V5,
        0x30,
        b"\0\x01a\x03\x23\0\0",
        Reason::TopicAliasInvalid,
    ),
    (
        "3.3.2.3.4 alias twice",
        V5,
        0x30,
        b"\0\x01a\x06\x23\0\x01\x23\0\x01",
        PROTOCOL,
    ),
    (
        "3.3.2.3.5 response topic with wildcard",
        V5,
        0x30,
        b"\0\x01a\x04\x08\0\x01#",
        PROTOCOL,
    ),
    (
        "3.3.2.3.8 subscription identifier 0",
        V5,
        0x30,
        b"\0\x01a\x02\x0b\0",
        PROTOCOL,
    ),
    (
        "1.5.5 identifier not in its shortest form",
        V5,
        0x30,
        b"\0\x01a\x03\x0b\x81\0",
        MALFORMED,
    ),
    (
        "1.5.5 identifier of five bytes",
        V5,
        0x30,
        b"\0\x01a\x06\x0b\x80\x80\x80\x80\x01",
        MALFORMED,
    ),
    (
        "2.2.2.2 session expiry in PUBLISH",
        V5,
        0x30,
        b"\0\x01a\x05\x11\0\0\0\x01",
        MALFORMED,
    ),
    (
        "2.2.2.2 value cut off",
        V5,
        0x30,
        b"\0\x01a\x03\x02\0\0",
        MALFORMED,
    ),
];

#[test]
fn publishes() {
    check(PUBLISHES);
}

const SUBSCRIPTIONS_AND_THE_REST: &[Case] = &[
    ("3.8.3 no filter", V5, 0x82, b"\0\x01\0", PROTOCOL),
    ("3.8.3 no filter", V3, 0x82, b"\0\x01", PROTOCOL),
    ("3.8.3.1 QoS 3", V5, 0x82, b"\0\x01\0\0\x01a\x03", MALFORMED),
    (
        "3.8.3.1 reserved bits",
        V5,
        0x82,
        b"\0\x01\0\0\x01a\x40",
        MALFORMED,
    ),
    (
        "3.1.1: 3.8.3 reserved bits",
        V3,
        0x82,
        b"\0\x01\0\x01a\x04",
        MALFORMED,
    ),
    (
        "3.8.3.1 retain handling 3",
        V5,
        0x82,
        b"\0\x01\0\0\x01a\x30",
        PROTOCOL,
    ),
    (
        "3.8.3.1 no local when shared",
        V5,
        0x82,
        b"\0\x01\0\0\x0a$share/g/a\x04",
        PROTOCOL,
    ),
    (
        "3.8.3 options missing",
        V5,
        0x82,
        b"\0\x01\0\0\x01a",
        MALFORMED,
    ),
    (
        "3.8.2.1.2 two subscription identifiers",
        V5,
        0x82,
        b"\0\x01\x04\x0b\x01\x0b\x02\0\x01a\0",
        PROTOCOL,
    ),
    ("3.10.3 no filter", V5, 0xa2, b"\0\x01\0", PROTOCOL),
    (
        "3.9.3 code of another packet",
        V5,
        0x90,
        b"\0\x01\0\x11",
        PROTOCOL,
    ),
    ("3.1.1: 3.9.3 code", V3, 0x90, b"\0\x01\x03", PROTOCOL),
    ("3.1.1: 3.11 payload", V3, 0xb0, b"\0\x01\0", MALFORMED),
    ("3.2.2.1 CONNACK flags", V5, 0x20, b"\x02\0\0", MALFORMED),
    (
        "3.2.2.1.1 session present in a refusal",
        V5,
        0x20,
        b"\x01\x87\0",
        PROTOCOL,
    ),
    ("3.1.1: 3.2.2.3 return code", V3, 0x20, b"\0\x06", PROTOCOL),
    (
        "3.14.2.1 code of another packet",
        V5,
        0xe0,
        b"\x10",
        PROTOCOL,
    ),
    (
        "3.14.2.2 property",
        V5,
        0xe0,
        b"\0\x03\x21\0\x01",
        MALFORMED,
    ),
    (
        "3.1.1: 3.14 DISCONNECT with a body",
        V3,
        0xe0,
        b"\0",
        MALFORMED,
    ),
    ("3.15.2.1 code", V5, 0xf0, b"\x87\0", PROTOCOL),
];

#[test]
fn subscriptions_and_the_rest() {
    check(SUBSCRIPTIONS_AND_THE_REST);
}

fn check(table: &[Case]) {
    for (section, version, first, body, wanted) in table {
        let found = reason(*version, &packet(*first, body));
        assert_eq!(found, Some(*wanted), "{section}, {version}");
    }
}

#[test]
fn short_forms_are_read() {
    // 3.4.2.1, 3.14.2.1 and 3.15.2.1: what is success may be left out.
    for (first, body) in [
        (0x40, &b"\0\x01"[..]),
        (0x40, b"\0\x01\x10"),
        (0x40, b"\0\x01\0\0"),
        (0x62, b"\0\x01"),
        (0xe0, b""),
        (0xe0, b"\x04"),
        (0xf0, b""),
    ] {
        assert_eq!(reason(V5, &packet(first, body)), None, "{first:x} {body:?}");
    }
}

#[test]
fn repeated_properties_are_bounded() {
    let mut properties = Vec::new();
    for _ in 0..200 {
        properties.extend_from_slice(b"\x26\0\0\0\0");
    }
    let mut body = b"\0\x01a".to_vec();
    body.extend_from_slice(&[0xe8, 0x07]);
    body.extend_from_slice(&properties);
    let fault = Packet::decode(0x30, body.into(), V5).unwrap_err();
    assert_eq!(fault.reason, Reason::QuotaExceeded);
}
