//! Who says what, and what is answered.

use yiwang_gb26875::body::{
    Analogue, Clock, DutyCheck, PartAddress, Reserved, SystemAddress, SystemRecordQuery,
    SystemState,
};
use yiwang_gb26875::names::SystemFlags;
use yiwang_gb26875::{
    Address, Body, Command, Link, Oddity, Received, Refusal, Replies, Sender, Settings, Unsendable,
};

use crate::{CENTRE, DEVICE, ZONE, device, messages, now, one};

fn fire() -> Body {
    Body::SystemStates(vec![SystemState {
        at: SystemAddress {
            system: 1,
            address: 3,
        },
        state: SystemFlags(0b11),
        time: Some(now()),
    }])
}

#[test]
fn what_a_device_tells_is_confirmed_or_denied_under_its_number() {
    let sent = device().send(&fire(), now()).unwrap();
    let (message, oddities, replies) = one(&sent.bytes);
    assert_eq!((message.body, oddities), (fire(), vec![]));
    for (reply, command) in [
        (replies.stored, Command::Confirm),
        (replies.refused, Command::Deny),
    ] {
        let received = Link::device(Settings::default()).receive(&reply.unwrap(), now());
        let reply = &messages(&received)[0];
        assert_eq!(reply.body, Body::Empty);
        assert_eq!(reply.header.command, command);
        assert_eq!(reply.header.serial, sent.serial);
        assert_eq!(
            (reply.header.source, reply.header.destination),
            (CENTRE, DEVICE)
        );
        assert_eq!(reply.header.time, Some(now()));
    }
}

#[test]
fn the_centre_writes_under_its_own_address_if_it_has_one() {
    let centre: Address = "00000000002a".parse().unwrap();
    let settings = Settings {
        centre_address: Some(centre),
        ..Settings::default()
    };
    let mut link = Link::new(settings);
    let sent = device().send(&Body::LinkTest, now()).unwrap();
    let received = link.receive(&sent.bytes, now());
    let [Received::Message { replies, .. }] = received.as_slice() else {
        panic!("{received:?}");
    };
    let (reply, ..) = one(replies.stored.as_ref().unwrap());
    assert_eq!(reply.header.source, centre);
}

fn heat_detector() -> PartAddress {
    PartAddress {
        system: SystemAddress {
            system: 1,
            address: 0,
        },
        part: 31,
        address: [4, 0, 1, 0],
    }
}

#[test]
fn orders_and_questions_go_down() {
    let mut link = Link::new(Settings::default());
    let check = Body::DutyCheck(vec![DutyCheck { minutes: 5 }]);
    assert_eq!(link.send(&check, now()), Err(Unsendable::NoDevice));
    link.receive(&device().send(&Body::LinkTest, now()).unwrap().bytes, now());

    let part = heat_detector();
    let query = SystemRecordQuery {
        at: part.system,
        count: 10,
        from: Some(now()),
    };
    let mut end = Link::device(Settings::default());
    for (body, command) in [
        (check, Command::Control),
        (
            Body::SetClock(vec![Clock { time: Some(now()) }]),
            Command::Control,
        ),
        (
            Body::Initialize(vec![Reserved::default()]),
            Command::Control,
        ),
        (Body::ReadSystemStates(vec![part.system]), Command::Request),
        (Body::ReadOperations(vec![query]), Command::Request),
        (Body::ReadAnalogues(vec![part]), Command::Request),
        (
            Body::ReadDeviceState(vec![Reserved::default()]),
            Command::Request,
        ),
    ] {
        let sent = link.send(&body, now()).unwrap();
        let received = end.receive(&sent.bytes, now());
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
        assert_eq!((&message.body, oddities.as_slice()), (&body, &[][..]));
        assert_eq!(
            (message.header.command, message.header.serial),
            (command, sent.serial)
        );
        assert_eq!(replies, &Replies::default());
    }
}

#[test]
fn an_answer_has_the_number_of_its_question_and_is_not_answered() {
    let mut link = Link::new(Settings::default());
    let hello = device().send(&Body::LinkTest, now()).unwrap();
    link.receive(&hello.bytes, now());
    let mut end = Link::device(Settings::default());
    let part = heat_detector();
    let question = link.send(&Body::ReadAnalogues(vec![part]), now()).unwrap();
    let question = messages(&end.receive(&question.bytes, now())).remove(0);
    let warm = Analogue {
        at: part,
        quantity: 3,
        steps: -125,
        time: Some(now()),
    };
    let terminal = Sender::new(DEVICE, CENTRE, [1, 0], ZONE);
    let answer = terminal
        .answer(
            &question.header,
            &Body::Analogues(vec![warm.clone()]),
            now(),
        )
        .unwrap();
    let received = link.receive(&answer, now());
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
    assert_eq!(message.header.serial, question.header.serial);
    assert_eq!(message.body, Body::Analogues(vec![warm.clone()]));
    assert_eq!(oddities, &[]);
    assert_eq!(replies, &Replies::default());
    assert!((warm.value() + 12.5).abs() < 1e-9);
    assert_eq!(warm.name().unwrap().unit, "℃");
    assert!(warm.is_in_range());

    let confirmation = terminal.confirm(&question.header, true, now());
    let (message, oddities, replies) = one(&confirmation);
    assert_eq!(message.header.command, Command::Confirm);
    assert_eq!((oddities, replies), (vec![], Replies::default()));
}

#[test]
fn a_damaged_frame_is_denied_under_its_number() {
    let mut sent = device().send(&fire(), now()).unwrap().bytes;
    // The state of the system.
    sent[31] ^= 4;
    let received = Link::new(Settings::default()).receive(&sent, now());
    let [
        Received::Refused {
            raw,
            length,
            reason,
            reply: Some(reply),
        },
    ] = received.as_slice()
    else {
        panic!("{received:?}");
    };
    assert_eq!((raw, *length), (&sent, sent.len()));
    assert_eq!(reason.code(), "gb26875.checksum");
    let (denial, ..) = one(reply);
    assert_eq!(
        (denial.header.command, denial.header.serial),
        (Command::Deny, 7)
    );

    let settings = Settings {
        accept_wrong_checksum: true,
        ..Settings::default()
    };
    let received = Link::new(settings).receive(&sent, now());
    let [Received::Message { oddities, .. }] = received.as_slice() else {
        panic!("{received:?}");
    };
    assert!(matches!(oddities.as_slice(), [Oddity::Checksum { .. }]));
}

#[test]
fn a_unit_that_cannot_be_read_is_refused_in_words_and_denied() {
    let body = Body::Other {
        kind: 2,
        bytes: vec![1, 1, 1, 1],
    };
    let sent = device().send(&body, now()).unwrap();
    let received = Link::new(Settings::default()).receive(&sent.bytes, now());
    let [
        Received::Refused {
            reason,
            reply: Some(_),
            ..
        },
    ] = received.as_slice()
    else {
        panic!("{received:?}");
    };
    assert!(matches!(reason, Refusal::Body { kind: 2, .. }));
    assert_eq!(
        reason.to_string(),
        "data unit of kind 2: field address at byte 4 needs 4 bytes, 0 are left"
    );
}

#[test]
fn what_goes_the_wrong_way_is_flagged() {
    let question = Body::ReadSystemStates(vec![SystemAddress {
        system: 1,
        address: 0,
    }]);
    let sent = device().send(&question, now()).unwrap();
    let (_, oddities, replies) = one(&sent.bytes);
    assert_eq!(oddities, [Oddity::WrongDirection]);
    assert_eq!(replies, Replies::default());
}

#[test]
fn settings_are_data() {
    let settings: Settings = serde_json::from_str(
        r#"{"centre_address": "00000000002a", "limits": {"half_frame_seconds_max": 5}}"#,
    )
    .unwrap();
    assert_eq!(settings.centre_address.map(Address::number), Some(42));
    assert_eq!(settings.limits.unit_bytes_max, 1024);
    assert!(serde_json::from_str::<Settings>(r#"{"centre": 1}"#).is_err());
}
