//! Bytes of nobody's making.

use jiff::SignedDuration;
use proptest::collection::vec;
use proptest::prelude::*;
use yiwang_gb26875::{Body, Link, Message, Received, Refusal, Settings};

use crate::round_trip::body;
use crate::{device, messages, now};

/// A byte that is often one of the two that marks are made of.
fn byte() -> impl Strategy<Value = u8> {
    prop_oneof![3 => any::<u8>(), 2 => Just(0x40), 1 => Just(0x23), 2 => 0..=4_u8]
}

/// A run of good frames, and the bodies in it.
fn run() -> impl Strategy<Value = (Vec<u8>, Vec<Body>)> {
    vec(body(), 1..4).prop_map(|bodies| {
        let mut sender = device();
        let bytes = bodies
            .iter()
            .flat_map(|body| sender.send(body, now()).unwrap().bytes)
            .collect();
        (bytes, bodies)
    })
}

fn bodies(messages: Vec<Message>) -> Vec<Body> {
    messages.into_iter().map(|message| message.body).collect()
}

fn good() -> Vec<u8> {
    device().send(&Body::LinkTest, now()).unwrap().bytes
}

fn harmed(mut bytes: Vec<u8>, harms: &[(u8, usize, Vec<u8>)]) -> Vec<u8> {
    for (kind, at, more) in harms {
        if bytes.is_empty() {
            break;
        }
        let at = at % bytes.len();
        match kind % 3 {
            0 => bytes[at] ^= 1 << (more.len() % 8),
            1 => drop(bytes.drain(at..(at + more.len()).min(bytes.len()))),
            _ => drop(bytes.splice(at..at, more.iter().copied())),
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
        // A sum of one byte is right by chance now and then: what looks like a frame may reach over good ones, but no
        // further than the longest frame.
        let received = link.receive(&good().repeat(40), now());
        prop_assert_eq!(bodies(messages(&received)).pop(), Some(Body::LinkTest));
    }

    #[test]
    fn a_unit_of_arbitrary_content_never_panics(kind in any::<u8>(), bytes in vec(byte(), 1..200)) {
        let sent = device().send(&Body::Other { kind, bytes }, now()).unwrap();
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
        prop_assert_eq!(received.len(), expected.len());
        prop_assert_eq!(bodies(messages(&received)), expected);
    }

    #[test]
    fn harm_never_panics_and_a_following_good_frame_is_read(
        (bytes, _) in run(),
        harms in vec((any::<u8>(), any::<usize>(), vec(byte(), 1..30)), 1..5),
    ) {
        let mut link = Link::new(Settings::default());
        let mut all = harmed(bytes, &harms);
        all.extend(good().repeat(40));
        let received = link.receive(&all, now());
        prop_assert_eq!(bodies(messages(&received)).pop(), Some(Body::LinkTest));
        let counted: usize = received
            .iter()
            .map(|entry| match entry {
                Received::Message { raw, .. } => raw.len(),
                Received::Refused { length, .. } => *length,
            })
            .sum();
        prop_assert_eq!(counted, all.len());
    }

    #[test]
    fn junk_among_good_frames_costs_itself_alone((bytes, expected) in run(), junk in vec(byte(), 1..60)) {
        let mut all = bytes.clone();
        all.extend(junk);
        all.extend(&bytes);
        let received = Link::new(Settings::default()).receive(&all, now());
        let twice = [expected.clone(), expected].concat();
        prop_assert_eq!(bodies(messages(&received)), twice);
    }
}

#[test]
fn a_cut_frame_does_not_wait_for_what_will_not_come() {
    let frame = device()
        .send(
            &Body::Other {
                kind: 200,
                bytes: vec![7; 300],
            },
            now(),
        )
        .unwrap()
        .bytes;
    let mut link = Link::new(Settings::default());
    assert_eq!(link.receive(&frame[..200], now()), []);
    let received = link.receive(&good(), now());
    let [
        Received::Refused {
            reason,
            length: 200,
            ..
        },
        Received::Message { .. },
    ] = received.as_slice()
    else {
        panic!("{received:?}");
    };
    assert_eq!(
        reason,
        &Refusal::Cut {
            declared: frame.len(),
            found: 200
        }
    );
}

#[test]
fn half_a_frame_is_given_up_in_time() {
    let frame = good();
    let mut link = Link::new(Settings::default());
    link.receive(&frame[..28], now());
    let later = |seconds| now() + SignedDuration::from_secs(seconds);
    assert_eq!(link.tick(later(29)), []);
    let received = link.tick(later(30));
    let [Received::Refused { reason, .. }] = received.as_slice() else {
        panic!("{received:?}");
    };
    assert_eq!(
        reason,
        &Refusal::Late {
            declared: 31,
            found: 28
        }
    );
    assert_eq!(
        bodies(messages(&link.receive(&frame, later(31)))),
        [Body::LinkTest]
    );
}

#[test]
fn endless_bytes_are_counted_not_kept() {
    for byte in [0x55_u8, 0x40] {
        let mut link = Link::new(Settings::default());
        let block = vec![byte; 1 << 16];
        let mut length = 0;
        for _ in 0..64 {
            for entry in link.receive(&block, now()) {
                let Received::Refused {
                    raw, length: count, ..
                } = entry
                else {
                    panic!();
                };
                assert!(raw.len() <= 1024);
                length += count;
            }
        }
        let held = 64 * block.len() - length;
        assert!(held <= 1054, "{held}");
        let received = link.receive(&good(), now());
        assert_eq!(bodies(messages(&received)), [Body::LinkTest]);
    }
}
