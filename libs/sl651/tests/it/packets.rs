//! Messages in packets.

use jiff::SignedDuration;
use yiwang_sl651::{
    Body, Category, Device, Encoding, End, Limits, Link, Message, Mode, Numbers, Received, Refusal,
    Settings,
};

use crate::samples::{at, bytes, messages, now, summed, take_down};

fn device(station: &str) -> Device {
    Device {
        encoding: Encoding::Hex,
        centre: 1,
        station: station.parse().unwrap(),
        password: 0x1234,
        category: Some(Category::River),
    }
}

/// A photograph that needs four packets.
fn photograph(station: &str) -> Message {
    let body = Body::Picture {
        time: at("2026-11-23T10:10:00+08:00"),
        picture: (0..700_u16).map(|number| number as u8 ^ 0x5A).collect(),
    };
    device(station).message(0x36, body, 9, at("2026-11-23T10:15:00+08:00"))
}

fn settings() -> Settings {
    Settings {
        limits: Limits {
            packet_bytes: 200,
            ..Limits::default()
        },
        ..Settings::default()
    }
}

fn frames(station: &str) -> Vec<Vec<u8>> {
    let frames = photograph(station).encode_packets(&settings()).unwrap();
    assert_eq!(frames.len(), 4);
    frames
}

const STATION: &str = "0012345678";

#[test]
fn packets_are_joined_in_whatever_order_they_come() {
    let frames = frames(STATION);
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]] {
        let mut link = Link::new(Settings {
            ask_packets: false,
            ..settings()
        });
        for (place, packet) in order.into_iter().enumerate() {
            let received = link.receive(&frames[packet], now());
            if place < 3 {
                let [Received::Part { raw, part }] = received.as_slice() else {
                    panic!("{received:?}");
                };
                assert_eq!(*raw, frames[packet]);
                let number = packet as u16 + 1;
                assert_eq!(part.numbers, Numbers { total: 4, number });
                continue;
            }
            let [
                Received::Message {
                    raw,
                    message,
                    replies,
                    ..
                },
            ] = received.as_slice()
            else {
                panic!("{received:?}");
            };
            assert_eq!(*raw, frames.concat());
            assert_eq!(message.packets, Some(4));
            assert_eq!(message.body, photograph(STATION).body);
            let reply = summed(
                "7E7E0012345678011234 36 800B 16 004004 0009 261123101500 06"
                    .replace(' ', "")
                    .as_str(),
            );
            assert_eq!(replies.stored, Some(reply));
        }
        assert_eq!(link.pending(), 0);
    }
}

#[test]
fn a_missing_packet_is_asked_for_as_soon_as_the_end_has_come() {
    let frames = frames(STATION);
    let mut link = Link::new(settings());
    assert_eq!(link.receive(&frames[0], now()).len(), 1);
    let received = link.receive(&frames[3], now());
    let [Received::Part { .. }, Received::Ask { missing, frame, .. }] = received.as_slice() else {
        panic!("{received:?}");
    };
    assert_eq!(*missing, [2, 3]);
    let asked = summed(
        "7E7E0012345678011234 36 800B 16 004002 0009 261123101502 15"
            .replace(' ', "")
            .as_str(),
    );
    assert_eq!(*frame, asked);
    let question = take_down(&settings(), frame).message;
    assert_eq!(question.end, End::Nak);
    let packet = Some(Numbers {
        total: 4,
        number: 2,
    });
    assert_eq!(question.body, Body::Receipt { packet });
    assert_eq!(question.encode(&settings()).unwrap(), *frame);

    let received = link.receive(&frames[1], now());
    let [Received::Part { .. }, Received::Ask { missing, .. }] = received.as_slice() else {
        panic!("{received:?}");
    };
    assert_eq!(*missing, [3]);
    assert_eq!(messages(link.receive(&frames[2], now())).len(), 1);
}

#[test]
fn a_packet_is_asked_for_so_often_and_then_given_up() {
    let mut link = Link::new(settings());
    link.receive(&frames(STATION)[0], now());
    let mut asks = 0;
    let mut refused = None;
    for second in 0..700 {
        for received in link.receive(&[], now() + SignedDuration::from_secs(second)) {
            match received {
                Received::Ask { missing, .. } => {
                    assert_eq!(missing, [2, 3, 4]);
                    asks += 1;
                }
                Received::Refused { reason, .. } => refused = Some((second, reason)),
                other => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(asks, Limits::default().asks_max);
    assert_eq!(
        refused,
        Some((601, Refusal::PacketsMissing { have: 1, total: 4 }))
    );
    assert_eq!(link.pending(), 0);
}

#[test]
fn nothing_is_asked_of_stations_that_do_not_listen() {
    for mode in [Mode::M1, Mode::M2, Mode::M4] {
        let mut link = Link::new(Settings { mode, ..settings() });
        assert_eq!(link.receive(&frames(STATION)[3], now()).len(), 1);
        assert_eq!(link.receive(&[], now() + SignedDuration::from_secs(60)), []);
    }
}

#[test]
fn a_packet_that_comes_twice_counts_once() {
    let frames = frames(STATION);
    let mut link = Link::new(settings());
    for packet in [0, 0, 1, 1, 2, 0] {
        assert_eq!(link.receive(&frames[packet], now()).len(), 1);
    }
    assert_eq!(
        messages(link.receive(&frames[3], now())),
        [Message {
            packets: Some(4),
            ..photograph(STATION)
        }]
    );
}

#[test]
fn packets_of_two_stations_do_not_mix() {
    let (one, other) = (frames(STATION), frames("0099999999"));
    let mut link = Link::new(settings());
    let mixed: Vec<u8> = one
        .iter()
        .zip(&other)
        .flat_map(|(one, other)| [one.clone(), other.clone()].concat())
        .collect();
    assert_eq!(messages(link.receive(&mixed, now())).len(), 2);
}

#[test]
fn a_new_photograph_ends_the_wait_for_an_old_one() {
    let old = frames(STATION);
    let mut message = photograph(STATION);
    message.serial = 10;
    let new = message.encode_packets(&settings()).unwrap();
    let mut link = Link::new(settings());
    link.receive(&old[0], now());
    let received = link.receive(&new.concat(), now());
    let Received::Refused { raw, reason } = &received[0] else {
        panic!("{received:?}");
    };
    assert_eq!(*raw, old[0]);
    assert_eq!(reason.code(), "sl651.packets_missing");
    assert_eq!(messages(received).len(), 1);
}

#[test]
fn what_waits_is_bounded() {
    let mut link = Link::new(settings());
    let mut over = 0;
    for station in 0..20 {
        let frames = frames(&format!("00000000{station:02}"));
        for received in link.receive(&frames[1], now() + SignedDuration::from_millis(station)) {
            if let Received::Refused { reason, .. } = received {
                assert_eq!(reason, Refusal::PacketsOpen { max: 4 });
                over += 1;
            }
        }
    }
    assert_eq!(over, 16);

    let limits = Limits {
        message_bytes_max: 500,
        ..settings().limits
    };
    let mut link = Link::new(Settings {
        limits,
        ..settings()
    });
    let received = link.receive(&frames(STATION)[..2].concat(), now());
    let [Received::Part { .. }, Received::Refused { raw, reason }] = received.as_slice() else {
        panic!("{received:?}");
    };
    assert_eq!(*reason, Refusal::PacketsTooLong { max: 500 });
    assert_eq!(*raw, frames(STATION)[..2].concat());
    assert_eq!(link.pending(), 0);
}

#[test]
fn numbers_that_cannot_be_are_refused() {
    for numbers in ["000000", "001000", "001002", "000001"] {
        let frame = summed(&format!("7E7E01001234567812343600041 6{numbers}AA17").replace(' ', ""));
        let mut link = Link::new(settings());
        let received = link.receive(&frame, now());
        let [Received::Refused { raw, reason }] = received.as_slice() else {
            panic!("{received:?}");
        };
        assert_eq!(*raw, frame);
        assert_eq!(reason.code(), "sl651.packet_number");
    }
}

#[test]
fn a_message_in_one_packet_is_whole() {
    let frame = summed("7E7E0100123456781234 36 001C 16 001001 0009 261123101500 F1F1001234567848 F0F02611231010 F3F3 03".replace(' ', "").as_str());
    let received = Link::new(settings()).receive(&frame, now());
    let [Received::Message { message, .. }] = received.as_slice() else {
        panic!("{received:?}");
    };
    assert_eq!(message.packets, Some(1));
    assert_eq!(message.encode_packets(&settings()).unwrap(), [frame]);
}

#[test]
fn what_is_too_long_for_one_frame_is_not_cut_off() {
    let mut message = photograph(STATION);
    message.body = Body::Picture {
        time: now(),
        picture: bytes(&"FF".repeat(5_000)),
    };
    let error = message.encode(&settings()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the body has 5025 bytes, and one frame takes 4095"
    );
    let frames = message.encode_packets(&settings()).unwrap();
    assert_eq!(frames.len(), 26);
    assert_eq!(
        messages(Link::new(settings()).receive(&frames.concat(), now())).len(),
        1
    );
}
