//! What is answered, and when.

use jiff::tz::Offset;
use yiwang_jt808::body::{
    Authentication, GeneralReply, MediaAnswer, MediaEvent, MediaUpload, Missing, Parameter,
    ParameterAnswer, Parameters, Registration, RegistrationReply, ServerTime, Words,
};
use yiwang_jt808::{
    Body, Edition, Header, Link, Outcome, Received, Refusal, Registered, Replies, Sender, Settings,
    Unsendable,
};

use crate::{messages, now};

fn terminal() -> Sender {
    let phone = "13912344329".parse().unwrap();
    Sender::new(phone, Some(1), Edition::V2019, Offset::constant(8)).with_serial(7)
}

/// What the terminal makes of a reply.
fn read_reply(bytes: &[u8]) -> Body {
    let received = Link::device(Settings::default()).receive(bytes, now());
    let [
        Received::Message {
            message,
            oddities,
            replies,
            ..
        },
    ] = received.as_slice()
    else {
        panic!("{received:?}");
    };
    assert_eq!(oddities, &[]);
    assert_eq!(replies, &Replies::default());
    assert_eq!(message.header.phone.as_str(), "13912344329");
    message.body.clone()
}

/// The replies to one message of the terminal.
fn replies(link: &mut Link, body: &Body) -> (Header, Replies) {
    let sent = terminal().send(body).unwrap();
    let mut received = link.receive(&sent.bytes, now());
    match received.remove(0) {
        Received::Message {
            message, replies, ..
        } => (message.header, replies),
        other => panic!("{other:?}"),
    }
}

fn general(id: u16, result: u8) -> Body {
    Body::PlatformReply(GeneralReply {
        serial: 7,
        id,
        result,
    })
}

#[test]
fn a_reply_waits_for_the_fate_of_its_message() {
    let mut link = Link::new(Settings::default());
    let (_, replies) = replies(&mut link, &Body::Heartbeat);
    assert!(!replies.is_decided_by_caller);
    assert_eq!(read_reply(&replies.stored.unwrap()), general(2, 0));
    assert_eq!(read_reply(&replies.refused.unwrap()), general(2, 1));
}

#[test]
fn an_answer_is_not_answered() {
    let mut link = Link::new(Settings::default());
    let answer = ParameterAnswer {
        serial: 1,
        parameters: vec![Parameter::number(1, 60)],
    };
    let (_, replies) = replies(&mut link, &Body::ParameterAnswer(answer));
    assert_eq!(replies, Replies::default());
}

#[test]
fn registration_and_authentication_are_decided_by_the_caller() {
    let mut link = Link::new(Settings::default());
    let registration = Registration {
        province: 32,
        city: 281,
        maker: "YWTEST".to_owned(),
        model: "T1".to_owned(),
        terminal: "0000001".to_owned(),
        plate_colour: 1,
        plate: "苏B12345".to_owned(),
    };
    let (header, decided) = replies(&mut link, &Body::Registration(registration));
    assert!(decided.is_decided_by_caller && decided.stored.is_none() && decided.refused.is_none());
    let reply = link.registered(&header, Registered::Done, "token").unwrap();
    let expected = |result, token: &str| {
        Body::RegistrationReply(RegistrationReply {
            serial: 7,
            result,
            token: token.to_owned(),
        })
    };
    assert_eq!(read_reply(&reply), expected(0, "token"));
    let reply = link
        .registered(&header, Registered::NoSuchVehicle, "token")
        .unwrap();
    assert_eq!(read_reply(&reply), expected(2, ""));

    let authentication = Authentication {
        token: "token".to_owned(),
        imei: Some("860000000000001".to_owned()),
        software: Some("1.0".to_owned()),
    };
    let (header, decided) = replies(&mut link, &Body::Authentication(authentication));
    assert!(decided.is_decided_by_caller);
    let reply = link.answer(&header, Outcome::Failed).unwrap();
    assert_eq!(read_reply(&reply), general(0x0102, 1));
}

#[test]
fn media_and_the_time_have_answers_of_their_own() {
    let mut link = Link::new(Settings::default());
    let upload = MediaUpload {
        event: MediaEvent {
            id: 99,
            kind: 0,
            format: 0,
            event: 1,
            channel: 2,
        },
        location: None,
        bytes: vec![0xff, 0xd8, 0xff, 0xe0, 1, 2, 3],
    };
    let (_, answer) = replies(&mut link, &Body::MediaUpload(upload));
    let expected = MediaAnswer {
        id: 99,
        missing: Vec::new(),
    };
    assert_eq!(
        read_reply(&answer.stored.unwrap()),
        Body::MediaAnswer(expected)
    );
    assert_eq!(read_reply(&answer.refused.unwrap()), general(0x0801, 1));

    let (_, answer) = replies(&mut link, &Body::AskTime);
    let expected = ServerTime { time: Some(now()) };
    assert_eq!(
        read_reply(&answer.stored.unwrap()),
        Body::ServerTime(expected)
    );
}

#[test]
fn the_platforms_serial_numbers_count_on() {
    let mut link = Link::new(Settings::default());
    let words = Body::Words(Words {
        flags: 8,
        kind: 1,
        text: "前方积水，请绕行".to_owned(),
    });
    assert_eq!(link.send(&words), Err(Unsendable::NoDevice));
    let (_, first) = replies(&mut link, &Body::Heartbeat);
    let sent = link.send(&words).unwrap();
    assert_eq!((sent.serial, sent.frames), (1, 1));
    assert_eq!(read_reply(&sent.bytes), words);
    let mut device = Link::device(Settings::default());
    let serial =
        |bytes: &[u8], device: &mut Link| messages(&device.receive(bytes, now()))[0].header.serial;
    assert_eq!(serial(&first.stored.unwrap(), &mut device), 0);
    assert_eq!(serial(&first.refused.unwrap(), &mut device), 0);
}

#[test]
fn an_encrypted_body_is_refused_in_words_and_answered() {
    let header = Header {
        id: 0x0200,
        phone: "13912344329".parse().unwrap(),
        serial: 7,
        version: Some(1),
        encryption: 1,
        part: None,
    };
    let body = Body::Other {
        id: 0x0200,
        bytes: vec![1; 64],
    };
    let frame = yiwang_jt808::encode(&header, &body, Edition::V2019, Offset::UTC).unwrap();
    let received = Link::new(Settings::default()).receive(&frame, now());
    let [Received::Refused { reason, reply, .. }] = received.as_slice() else {
        panic!("{received:?}");
    };
    assert_eq!(reason, &Refusal::Encrypted { bits: 1 });
    assert_eq!(reason.code(), "jt808.encrypted");
    assert!(reason.to_string().contains("encrypted by RSA"), "{reason}");
    assert_eq!(read_reply(reply.as_ref().unwrap()), general(0x0200, 3));
}

#[test]
fn a_body_that_cannot_be_read_is_refused_and_answered() {
    let body = Body::Other {
        id: 0x0200,
        bytes: vec![0; 20],
    };
    let sent = terminal().send(&body).unwrap();
    let received = Link::new(Settings::default()).receive(&sent.bytes, now());
    let [
        Received::Refused {
            reason,
            reply,
            raw,
            length,
            ..
        },
    ] = received.as_slice()
    else {
        panic!("{received:?}");
    };
    assert_eq!(
        reason.to_string(),
        "body of message 0200: field direction at byte 20 needs 2 bytes, 0 are left"
    );
    assert_eq!((raw, *length), (&sent.bytes, sent.bytes.len()));
    assert_eq!(read_reply(reply.as_ref().unwrap()), general(0x0200, 2));
}

#[test]
fn what_the_settings_accept_is_flagged() {
    let mut frame = terminal().send(&Body::Heartbeat).unwrap().bytes;
    let at = frame.len() - 2;
    frame[at] ^= 1;
    let strict = Link::new(Settings::default()).receive(&frame, now());
    assert!(
        matches!(
            strict.as_slice(),
            [Received::Refused {
                reason: Refusal::Checksum { .. },
                ..
            }]
        ),
        "{strict:?}"
    );
    let settings = Settings {
        accept_wrong_checksum: true,
        ..Settings::default()
    };
    let lenient = Link::new(settings).receive(&frame, now());
    let [Received::Message { oddities, .. }] = lenient.as_slice() else {
        panic!("{lenient:?}");
    };
    assert_eq!(oddities[0].code(), "jt808.odd.checksum");
}

#[test]
fn what_is_too_long_is_not_sent() {
    let long = Parameters {
        parameters: vec![Parameter::text(0x0013, &"x".repeat(256))],
    };
    let fault = terminal().send(&Body::SetParameters(long)).unwrap_err();
    assert_eq!(fault.code(), "jt808.unsendable.too_long");
}

#[test]
fn settings_are_data() {
    let settings: Settings = serde_json::from_str(
        r#"{"older_edition": "2011", "accept_wrong_length": true, "limits": {"asks_max": 1}}"#,
    )
    .unwrap();
    assert_eq!(settings.older_edition, Edition::V2011);
    assert_eq!(settings.limits.asks_max, 1);
    assert_eq!(settings.limits.unfinished_max, 8);
    assert!(serde_json::from_str::<Settings>(r#"{"acept": 1}"#).is_err());
}

#[test]
fn parts_asked_for_are_read_by_the_terminal() {
    let missing = Body::PlatformMissing(Missing {
        serial: 3,
        parts: vec![2, 5],
    });
    let mut link = Link::new(Settings::default());
    replies(&mut link, &Body::Heartbeat);
    assert_eq!(read_reply(&link.send(&missing).unwrap().bytes), missing);
}
