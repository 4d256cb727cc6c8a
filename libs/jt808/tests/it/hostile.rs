//! Bytes of nobody's making.

use proptest::collection::vec;
use proptest::prelude::*;
use yiwang_jt808::{Body, Link, Message, Received, Refusal, Settings};

use crate::round_trip::{location, sender};
use crate::{messages, now};

/// A byte that is often one of the two that frames are made of.
fn byte() -> impl Strategy<Value = u8> {
    prop_oneof![3 => any::<u8>(), 1 => Just(0x7e), 1 => Just(0x7d), 1 => 0..=2_u8]
}

/// A run of good frames, and the messages in it.
fn run() -> impl Strategy<Value = (Vec<u8>, Vec<Body>)> {
    (vec(location(), 1..4), any::<bool>()).prop_map(|(locations, is_new)| {
        let mut sender = sender(is_new);
        let bodies: Vec<Body> = locations.into_iter().map(Body::Location).collect();
        let bytes = bodies
            .iter()
            .flat_map(|body| sender.send(body).unwrap().bytes)
            .collect();
        (bytes, bodies)
    })
}

fn bodies(messages: Vec<Message>) -> Vec<Body> {
    messages.into_iter().map(|message| message.body).collect()
}

#[derive(Debug, Clone)]
enum Harm {
    Flip(usize, u8),
    Cut(usize, usize),
    Insert(usize, Vec<u8>),
}

fn harm() -> impl Strategy<Value = Harm> {
    prop_oneof![
        (any::<usize>(), 0..8_u32).prop_map(|(at, bit)| Harm::Flip(at, 1 << bit)),
        (any::<usize>(), 1..40_usize).prop_map(|(at, count)| Harm::Cut(at, count)),
        (any::<usize>(), vec(byte(), 1..20)).prop_map(|(at, bytes)| Harm::Insert(at, bytes)),
    ]
}

fn harmed(mut bytes: Vec<u8>, harms: &[Harm]) -> Vec<u8> {
    for harm in harms {
        if bytes.is_empty() {
            break;
        }
        match harm {
            Harm::Flip(at, mask) => {
                let at = at % bytes.len();
                bytes[at] ^= mask;
            }
            Harm::Cut(at, count) => {
                let at = at % bytes.len();
                let end = (at + count).min(bytes.len());
                bytes.drain(at..end);
            }
            Harm::Insert(at, more) => {
                let at = at % bytes.len();
                bytes.splice(at..at, more.iter().copied());
            }
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn arbitrary_bytes_never_panic_and_a_good_frame_after_them_is_read(bytes in vec(byte(), 0..400)) {
        let mut link = Link::new(Settings::default());
        link.receive(&bytes, now());
        let good = sender(true).send(&Body::Heartbeat).unwrap().bytes;
        let received = link.receive(&good, now());
        prop_assert_eq!(bodies(messages(&received)).pop(), Some(Body::Heartbeat));
    }

    #[test]
    fn a_frame_of_arbitrary_content_never_panics(bytes in vec(byte(), 12..200), id in any::<u16>()) {
        // A right length and checksum, so that the body is reached.
        let body = Body::Other { id, bytes };
        let sent = sender(id & 1 == 0).send(&body).unwrap();
        let received = Link::new(Settings::default()).receive(&sent.bytes, now());
        prop_assert_eq!(received.len(), 1);
    }

    #[test]
    fn how_the_bytes_are_split_changes_nothing((bytes, expected) in run(), cuts in vec(any::<usize>(), 0..12)) {
        let mut ends: Vec<usize> = cuts.iter().map(|cut| cut % bytes.len()).collect();
        ends.push(bytes.len());
        ends.sort_unstable();
        let mut link = Link::new(Settings::default());
        let mut received = Vec::new();
        let mut start = 0;
        for end in ends {
            received.extend(link.receive(&bytes[start..end], now()));
            start = end;
        }
        prop_assert_eq!(bodies(messages(&received)), expected);
        let refused = received.iter().any(|entry| matches!(entry, Received::Refused { .. }));
        prop_assert!(!refused, "{:?}", received);
    }

    #[test]
    fn harm_never_panics_and_a_following_good_frame_is_read((bytes, _) in run(), harms in vec(harm(), 1..5)) {
        let mut link = Link::new(Settings::default());
        let mut all = harmed(bytes, &harms);
        all.extend(sender(false).send(&Body::Heartbeat).unwrap().bytes);
        let received = link.receive(&all, now());
        prop_assert_eq!(bodies(messages(&received)).pop(), Some(Body::Heartbeat));
        for entry in &received {
            if let Received::Refused { raw, length, .. } = entry {
                prop_assert!(raw.len() <= 1024 && raw.len() <= *length);
            }
        }
    }

    #[test]
    fn a_bad_frame_among_good_ones_costs_itself_alone((bytes, expected) in run(), junk in vec(byte(), 1..60)) {
        let junk: Vec<u8> = junk.into_iter().filter(|byte| *byte != 0x7e).collect();
        // A sum of eight bits is right by chance now and then.
        let alone = [&[0x7e], junk.as_slice(), &[0x7e]].concat();
        let by_chance = Link::new(Settings::default()).receive(&alone, now());
        prop_assume!(messages(&by_chance).is_empty());
        let mut all = bytes.clone();
        all.extend(junk);
        all.extend(&bytes);
        let received = Link::new(Settings::default()).receive(&all, now());
        let twice = [expected.clone(), expected].concat();
        prop_assert_eq!(bodies(messages(&received)), twice);
    }
}

#[test]
fn endless_bytes_without_a_flag_are_counted_not_kept() {
    let mut link = Link::new(Settings::default());
    let mut length = 0;
    let block = vec![0x55; 1 << 16];
    link.receive(&[0x7e], now());
    for _ in 0..256 {
        for entry in link.receive(&block, now()) {
            let Received::Refused {
                raw,
                length: count,
                reason,
                ..
            } = entry
            else {
                panic!();
            };
            assert!(raw.len() <= 1024);
            assert!(matches!(reason, Refusal::NoFrame | Refusal::Endless { .. }));
            length += count;
        }
    }
    assert_eq!(length, 256 * block.len() + 1, "every byte is accounted for");
    let good = sender(true).send(&Body::Heartbeat).unwrap().bytes;
    assert_eq!(
        bodies(messages(&link.receive(&good, now()))),
        [Body::Heartbeat]
    );
}

#[test]
fn endless_parts_are_bounded() {
    let mut link = Link::new(Settings::default());
    let mut sender = sender(true);
    let mut dropped = 0;
    for id in 0..2000_u16 {
        let body = Body::Other {
            id: 0x0f00 + (id & 63),
            bytes: vec![1; 3000],
        };
        let sent = sender.send(&body).unwrap();
        // The last part never comes.
        let end = sent.bytes.len() - 1000;
        let cut = sent.bytes.get(..end).unwrap();
        dropped += link
            .receive(cut, now())
            .iter()
            .filter(|entry| {
                matches!(
                    entry,
                    Received::Refused {
                        reason: Refusal::PartsDropped { .. },
                        ..
                    }
                )
            })
            .count();
    }
    assert_eq!(dropped, 2000 - 8);
}
