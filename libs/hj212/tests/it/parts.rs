//! Messages that come in parts.

use jiff::SignedDuration;
use yiwang_hj212::{
    Body, Device, Edition, Field, Group, Kind, Limits, Link, Mark, Message, Reading, Received,
    Refusal, Settings, Value,
};

use crate::samples::{at, messages, now, take};

fn device() -> Device {
    Device {
        code: "320281YD0000000000000001".into(),
        system: "31".into(),
        password: "123456".into(),
        edition: Edition::Year2017,
    }
}

/// A report that needs several parts.
fn long(time: &str) -> Message {
    let reading = |number: u32| Reading {
        code: format!("a{number:05}"),
        values: vec![
            Value::of(Field::Min, 1.0),
            Value::of(Field::Avg, f64::from(number)),
            Value::of(Field::Max, 1e3),
        ],
        mark: Some(Mark::Normal),
        ..Reading::default()
    };
    let group = Group {
        time: at(time),
        readings: (0..52).map(reading).collect(),
        more: vec![],
    };
    let body = Body::Observed {
        kind: Kind::Minute,
        groups: vec![group],
    };
    device().report(
        body,
        true,
        at("2026-11-23T10:20:00+08:00"),
        &Settings::default(),
    )
}

fn frames() -> Vec<Vec<u8>> {
    let frames = long("2026-11-23T10:10:00+08:00")
        .encode_parts(&Settings::default())
        .unwrap();
    assert_eq!(frames.len(), 4);
    assert!(frames.iter().all(|frame| frame.len() <= 1_024 + 12));
    frames
}

fn part_numbers(received: &[Received]) -> Vec<u32> {
    let number = |received: &Received| match received {
        Received::Part { part, .. } => Some(part.number),
        _ => None,
    };
    received.iter().filter_map(number).collect()
}

#[test]
fn parts_are_joined_in_whatever_order_they_come() {
    let frames = frames();
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]] {
        let mut link = Link::new(Settings::default());
        let mut received = Vec::new();
        for part in order {
            received.extend(link.receive(&frames[part], now()));
        }
        assert_eq!(
            part_numbers(&received),
            order[..3]
                .iter()
                .map(|part| *part as u32 + 1)
                .collect::<Vec<_>>()
        );
        let Some(Received::Message { raw, message, .. }) = received.last() else {
            panic!("{received:?}");
        };
        assert_eq!(*raw, frames.concat());
        let expected = long("2026-11-23T10:10:00+08:00");
        assert_eq!(message.body, expected.body);
        assert_eq!(message.header.number, expected.header.number);
        assert_eq!(link.pending(), 0);
    }
}

#[test]
fn each_part_is_answered_with_its_number() {
    let mut link = Link::new(Settings::default());
    let stream = frames().concat();
    let received = link.receive(&stream, now());
    let answers: Vec<String> = received
        .iter()
        .map(|received| match received {
            Received::Part { replies, .. } | Received::Message { replies, .. } => {
                String::from_utf8(replies.stored.clone().unwrap()).unwrap()
            }
            other @ Received::Refused { .. } => panic!("{other:?}"),
        })
        .collect();
    for (answer, number) in answers.iter().zip(1..) {
        assert!(
            answer.contains(&format!(";Flag=6;PNUM=4;PNO={number};CP=&&&&")),
            "{answer}"
        );
    }
    let last_only = Settings {
        answer_parts: false,
        ..Settings::default()
    };
    let received = Link::new(last_only).receive(&stream, now());
    let stored = received.iter().map(|received| match received {
        Received::Part { replies, .. } | Received::Message { replies, .. } => {
            replies.stored.is_some()
        }
        Received::Refused { .. } => false,
    });
    assert_eq!(stored.collect::<Vec<_>>(), [false, false, false, true]);
}

#[test]
fn a_part_that_is_sent_again_changes_nothing() {
    let frames = frames();
    let mut link = Link::new(Settings::default());
    let mut received = Vec::new();
    for part in [0, 0, 1, 1, 0, 2, 3] {
        received.extend(link.receive(&frames[part], now()));
    }
    assert_eq!(part_numbers(&received), [1, 1, 2, 2, 1, 3]);
    assert_eq!(messages(received).len(), 1);
}

#[test]
fn a_message_of_one_part_is_whole() {
    let text = "QN=20261123101500000;ST=31;CN=2011;PW=1;MN=A;Flag=7;PNUM=1;PNO=1;CP=&&DataTime=20261123101500;a-Rtd=1&&";
    let taken = take(&Settings::default(), &crate::samples::frame(text));
    assert!(matches!(taken.message.body, Body::Observed { .. }));
}

#[test]
fn parts_that_do_not_come_are_given_up_with_what_is_there() {
    let frames = frames();
    let mut link = Link::new(Settings::default());
    link.receive(&frames[0], now());
    link.receive(&frames[2], now());
    assert_eq!(
        link.receive(&[], now() + SignedDuration::from_secs(600)),
        []
    );
    let received = link.receive(&[], now() + SignedDuration::from_secs(601));
    let raw = [frames[0].clone(), frames[2].clone()].concat();
    let reason = Refusal::PartsMissing { have: 2, count: 4 };
    assert_eq!(received, [Received::Refused { raw, reason }]);
    assert_eq!(link.pending(), 0);
}

#[test]
fn parts_of_the_next_message_do_not_complete_this_one() {
    let before = frames();
    let mut later = long("2026-11-23T10:20:00+08:00");
    later.header.number = Some("20261123103000000".into());
    let later = later.encode_parts(&Settings::default()).unwrap();
    let mut link = Link::new(Settings::default());
    // The first loses its last part; the second comes whole.
    let mut received = link.receive(&before[..3].concat(), now());
    received.extend(link.receive(&later.concat(), now()));
    received.extend(link.close(now()));
    let refused: Vec<_> = received
        .iter()
        .filter_map(|received| match received {
            Received::Refused { reason, .. } => Some(reason.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(refused, [Refusal::PartsMissing { have: 3, count: 4 }]);
    assert_eq!(
        messages(received)[0].header.number.as_deref(),
        Some("20261123103000000")
    );
}

#[test]
fn a_vendor_may_number_each_part_anew() {
    let frames: Vec<Vec<u8>> = frames()
        .into_iter()
        .zip(0..)
        .map(|(frame, number)| {
            let text = String::from_utf8(frame).unwrap();
            let segment = text[6..text.len() - 6].replace(
                "QN=20261123102000000",
                &format!("QN=2026112310200000{number}"),
            );
            crate::samples::frame(&segment)
        })
        .collect();
    let mut link = Link::new(Settings::default());
    let received = link.receive(&frames.concat(), now());
    assert_eq!(messages(received).len(), 1);
}

#[test]
fn numbers_that_cannot_be_are_refused() {
    for (count, number) in [(0, 0), (2, 0), (2, 3), (1_000, 1)] {
        let text = format!(
            "ST=31;CN=2011;PW=1;MN=A;Flag=7;PNUM={count};PNO={number};CP=&&DataTime=20261123101500;a-Rtd=1&&"
        );
        let reason = crate::samples::refusal(&Settings::default(), &crate::samples::frame(&text));
        assert_eq!(reason.code(), "hj212.part_number");
    }
}

#[test]
fn what_is_held_is_bounded() {
    let settings = Settings {
        limits: Limits {
            open_parts_max: 3,
            parts_bytes_max: 3_000,
            ..Limits::default()
        },
        ..Settings::default()
    };
    let mut link = Link::new(settings);
    let mut codes = Vec::new();
    for device in 0..10 {
        let text = format!(
            "ST=31;CN=2011;PW=1;MN=A{device};Flag=6;PNUM=9;PNO=1;CP=&&DataTime=20261123101500;a-Rtd=1&&"
        );
        for received in link.receive(&crate::samples::frame(&text), now()) {
            if let Received::Refused { reason, .. } = received {
                codes.push(reason.code());
            }
        }
    }
    assert_eq!(codes, ["hj212.parts_open"; 7]);
    let info = "x".repeat(900);
    let mut codes = Vec::new();
    for number in 1..=5 {
        let text = format!(
            "ST=31;CN=2011;PW=1;MN=B;Flag=6;PNUM=9;PNO={number};CP=&&DataTime=20261123101500;a-Info={info}&&"
        );
        for received in link.receive(&crate::samples::frame(&text), now()) {
            if let Received::Refused { reason, .. } = received {
                codes.push(reason.code());
            }
        }
    }
    assert_eq!(
        codes,
        [
            "hj212.parts_open",
            "hj212.parts_too_long",
            "hj212.parts_too_long"
        ]
    );
}
