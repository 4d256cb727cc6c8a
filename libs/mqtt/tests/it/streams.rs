//! Streams of bytes, cut anywhere.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use jiff::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use yiwang_mqtt::packet::{Connect, Publish};
use yiwang_mqtt::{Connection, Event, Limits, Outcome, Packet, PacketId, Version, Welcome};

use crate::packets::{publish, version};

/// Lets in whoever asks, and answers the publishes at the end: a ping is not kept waiting by them,
/// so that answers given in between would depend on the cuts.
fn serve(pieces: &[Bytes]) -> (Vec<Event>, Bytes) {
    let now = Timestamp::UNIX_EPOCH;
    let mut connection = Connection::new(Arc::new(Limits::default()), now);
    let (mut all, mut output) = (Vec::new(), BytesMut::new());
    for piece in pieces {
        connection.receive(piece.clone(), now, &mut all);
        if let Some(Event::Connect(_)) = all.last() {
            connection.accept(Welcome::default());
            connection.pump(now, &mut all);
        }
        output.extend_from_slice(&connection.take_output());
    }
    let tokens = all.iter().filter_map(|event| match event {
        Event::Publish { token, .. } => token.map(|token| (token, Outcome::Stored)),
        _ => None,
    });
    connection.publish_acks(tokens);
    output.extend_from_slice(&connection.take_output());
    (all, output.freeze())
}

fn cut(stream: &Bytes, mut places: Vec<usize>) -> Vec<Bytes> {
    places.sort_unstable();
    let mut pieces = Vec::new();
    let mut from = 0;
    for place in places {
        let place = place % (stream.len() + 1);
        if place > from {
            pieces.push(stream.slice(from..place));
            from = place;
        }
    }
    pieces.push(stream.slice(from..));
    pieces
}

fn stream(version: Version, publishes: &[Publish]) -> Bytes {
    let mut stream = BytesMut::new();
    let connect = Packet::Connect(Box::new(Connect::new(version, "device")));
    connect.encode(version, &mut stream).unwrap();
    for (at, publish) in publishes.iter().enumerate() {
        let mut publish = publish.clone();
        // What is sent again is something else depending on whether its answer has gone out.
        publish.packet_id = publish.packet_id.and(PacketId::new(at as u16 + 1));
        publish.subscription_ids.clear();
        publish.topic_alias = None;
        Packet::Publish(publish)
            .encode(version, &mut stream)
            .unwrap();
        Packet::Pingreq.encode(version, &mut stream).unwrap();
    }
    stream.freeze()
}

fn publishes() -> impl Strategy<Value = (Version, Vec<Publish>)> {
    version().prop_flat_map(|version| (Just(version), vec(publish(version), 0..8)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn cut_anywhere_it_is_the_same(
        (version, publishes) in publishes(),
        places in vec(any::<usize>(), 0..10),
    ) {
        let stream = stream(version, &publishes);
        let whole = serve(std::slice::from_ref(&stream));
        let pieces = serve(&cut(&stream, places));
        prop_assert_eq!(&whole, &pieces);
        let bytes: Vec<Bytes> = stream.iter().map(|byte| Bytes::copy_from_slice(&[*byte])).collect();
        prop_assert_eq!(&whole, &serve(&bytes));
    }

    #[test]
    fn no_stream_is_a_panic(
        (version, publishes) in publishes(),
        noise in vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        places in vec(any::<usize>(), 0..4),
    ) {
        let mut stream = BytesMut::from(&stream(version, &publishes)[..]);
        for (at, byte) in noise {
            let at = at.index(stream.len());
            stream[at] = byte;
        }
        let stream = stream.freeze();
        let whole = serve(std::slice::from_ref(&stream));
        prop_assert_eq!(whole, serve(&cut(&stream, places)));
    }

    #[test]
    fn no_bytes_are_a_panic(pieces in vec(vec(any::<u8>(), 0..40), 0..6)) {
        let pieces: Vec<Bytes> = pieces.into_iter().map(Bytes::from).collect();
        serve(&pieces);
    }
}
