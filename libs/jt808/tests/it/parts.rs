//! Messages in parts: lost, late, repeated, mixed and endless ones.

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use yiwang_jt808::body::{MediaEvent, MediaUpload, Missing};
use yiwang_jt808::{
    Body, Dropped, Edition, Limits, Link, Oddity, Received, Refusal, Sender, Settings,
};

use crate::{messages, now};

fn terminal() -> Sender {
    let phone = "13912344329".parse().unwrap();
    Sender::new(phone, None, Edition::V2013, Offset::constant(8)).with_serial(65_534)
}

fn picture(id: u32, bytes: usize) -> Body {
    let mut jpeg = vec![0xff, 0xd8, 0xff];
    jpeg.extend((0..bytes).map(|at| (at as u32).wrapping_mul(31).wrapping_add(id) as u8));
    Body::MediaUpload(MediaUpload {
        event: MediaEvent {
            id,
            kind: 0,
            format: 0,
            event: 1,
            channel: 1,
        },
        location: None,
        bytes: jpeg,
    })
}

/// The frames of a message one by one.
fn frames(sender: &mut Sender, body: &Body) -> Vec<Vec<u8>> {
    let sent = sender.send(body).unwrap();
    let frames: Vec<Vec<u8>> = sent
        .bytes
        .split_inclusive(|byte| *byte == 0x7e)
        .collect::<Vec<_>>()
        .chunks(2)
        .map(<[&[u8]]>::concat)
        .collect();
    assert_eq!(frames.len(), sent.frames);
    frames
}

fn later(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

fn take(link: &mut Link, frames: &[&Vec<u8>]) -> Vec<Received> {
    frames
        .iter()
        .flat_map(|frame| link.receive(frame, now()))
        .collect()
}

fn asks(received: &[Received]) -> Vec<Vec<u16>> {
    received
        .iter()
        .filter_map(|entry| match entry {
            Received::Ask { missing, .. } => Some(missing.clone()),
            _ => None,
        })
        .collect()
}

#[test]
fn parts_in_order_become_the_message() {
    let body = picture(1, 5000);
    let parts = frames(&mut terminal(), &body);
    assert_eq!(parts.len(), 5);
    let mut link = Link::new(Settings::default());
    let received = take(&mut link, &parts.iter().collect::<Vec<_>>());
    let Some(Received::Message {
        raw,
        message,
        oddities,
        replies,
    }) = received.last()
    else {
        panic!("{received:?}");
    };
    assert_eq!(message.body, body);
    assert_eq!(message.header.serial, 65_534);
    assert_eq!(raw, &parts.concat());
    assert_eq!(oddities, &[Oddity::NoLocation]);
    assert!(replies.stored.is_some());
    let have: Vec<_> = received
        .iter()
        .filter_map(|entry| match entry {
            Received::Part { have, reply, .. } => Some((*have, reply.is_some())),
            _ => None,
        })
        .collect();
    assert_eq!(have, [(1, false), (2, false), (3, false), (4, false)]);
}

#[test]
fn parts_may_come_in_any_order_and_twice() {
    let body = picture(1, 3000);
    let parts = frames(&mut terminal(), &body);
    let mut link = Link::new(Settings::default());
    let received = take(&mut link, &[&parts[1], &parts[1], &parts[0], &parts[2]]);
    assert_eq!(messages(&received)[0].body, body);
    let Received::Part {
        have: 1, oddities, ..
    } = &received[1]
    else {
        panic!("{received:?}");
    };
    assert_eq!(oddities, &[Oddity::RepeatedPart { index: 2 }]);
    // And once more when the message is whole: nothing begins again.
    let received = take(&mut link, &parts.iter().collect::<Vec<_>>());
    assert_eq!(messages(&received), []);
    assert!(link.tick(later(100)).is_empty());
}

#[test]
fn a_lost_part_is_asked_for_when_the_last_has_come() {
    let body = picture(1, 5000);
    let parts = frames(&mut terminal(), &body);
    let mut link = Link::new(Settings::default());
    let received = take(&mut link, &[&parts[0], &parts[2], &parts[4]]);
    let Some(Received::Ask {
        header,
        missing,
        bytes,
    }) = received.last()
    else {
        panic!("{received:?}");
    };
    assert_eq!(header.serial, 65_534);
    assert_eq!(missing, &[2, 4]);
    let call = Link::device(Settings::default()).receive(bytes, now());
    let expected = Missing {
        serial: 65_534,
        parts: vec![2, 4],
    };
    assert_eq!(messages(&call)[0].body, Body::PlatformMissing(expected));
    let received = take(&mut link, &[&parts[1], &parts[3]]);
    assert_eq!(messages(&received)[0].body, body);
}

#[test]
fn silence_is_asked_into_a_few_times_and_then_given_up() {
    let parts = frames(&mut terminal(), &picture(1, 5000));
    let mut link = Link::new(Settings::default());
    take(&mut link, &[&parts[0], &parts[1]]);
    assert!(link.tick(later(14)).is_empty());
    for second in [15, 30, 45] {
        assert_eq!(asks(&link.tick(later(second))), [[3, 4, 5]]);
    }
    assert!(link.tick(later(200)).is_empty());
    let received = link.tick(later(300));
    let [
        Received::Refused {
            raw,
            length,
            reason,
            ..
        },
    ] = received.as_slice()
    else {
        panic!("{received:?}");
    };
    let why = Dropped::Late;
    assert_eq!(
        reason,
        &Refusal::PartsDropped {
            id: 0x0801,
            have: 2,
            total: 5,
            why
        }
    );
    assert_eq!(raw.len(), 1024);
    assert_eq!(*length, parts[0].len() + parts[1].len());
    assert!(link.tick(later(1000)).is_empty());
}

#[test]
fn other_messages_may_come_between_and_take_numbers() {
    let sender = terminal();
    let body = picture(1, 3000);
    // The terminal numbers its parts 1, 3, 4: a heartbeat took 2.
    let first = frames(&mut sender.clone(), &body);
    let shifted = frames(&mut sender.clone().with_serial(65_535), &body);
    let heartbeat = sender
        .with_serial(65_535)
        .send(&Body::Heartbeat)
        .unwrap()
        .bytes;
    let mut link = Link::new(Settings::default());
    let received = take(
        &mut link,
        &[&first[0], &heartbeat, &shifted[1], &shifted[2]],
    );
    let found = messages(&received);
    assert_eq!(found[0].body, Body::Heartbeat);
    assert_eq!(found[1].body, body);
    assert!(
        received
            .iter()
            .any(|entry| matches!(entry, Received::Part { oddities, .. }
        if matches!(oddities.as_slice(), [Oddity::PartSerial { .. }])))
    );
}

#[test]
fn parts_that_all_carry_one_number_are_put_together() {
    let body = picture(1, 3000);
    let sender = terminal();
    // Part n of a message that began n-1 earlier has the number of the first.
    let parts: Vec<_> = (0..3)
        .map(|index| {
            frames(&mut sender.clone().with_serial(100 - index), &body)[usize::from(index)].clone()
        })
        .collect();
    let mut link = Link::new(Settings::default());
    let received = take(&mut link, &parts.iter().collect::<Vec<_>>());
    assert_eq!(messages(&received)[0].body, body);
}

#[test]
fn two_messages_never_mix() {
    let mut sender = terminal();
    let (one, two) = (picture(1, 5000), picture(2, 5000));
    let (first, second) = (frames(&mut sender, &one), frames(&mut sender, &two));
    let mut link = Link::new(Settings::default());
    // The end of the first is lost, the beginning of the second too.
    let received = take(
        &mut link,
        &[
            &first[0], &first[1], &second[1], &second[2], &second[3], &second[4],
        ],
    );
    assert_eq!(messages(&received), []);
    assert_eq!(asks(&received), [[1]]);
    let received = take(&mut link, &[&second[0]]);
    assert_eq!(messages(&received)[0].body, two);
    let received = take(&mut link, &[&first[2], &first[3], &first[4]]);
    assert_eq!(messages(&received)[0].body, one);
}

#[test]
fn a_terminal_that_gives_every_message_the_same_numbers_does_not_mix_them_either() {
    let body = |id| picture(id, 3000);
    let parts = |id| frames(&mut terminal(), &body(id));
    let (old, new) = (parts(1), parts(2));
    let mut link = Link::new(Settings::default());
    let received = take(&mut link, &[&old[0], &old[1], &new[0], &new[1], &new[2]]);
    assert_eq!(messages(&received)[0].body, body(2));
    let why: Vec<_> = received
        .iter()
        .filter_map(|entry| match entry {
            Received::Refused {
                reason: Refusal::PartsDropped { have: 2, why, .. },
                ..
            } => Some(*why),
            _ => None,
        })
        .collect();
    assert_eq!(why, [Dropped::Superseded]);
    // The same message once more, with a part that differs: it is another message.
    let third = parts(3);
    let received = take(&mut link, &third.iter().collect::<Vec<_>>());
    assert_eq!(messages(&received)[0].body, body(3));
}

#[test]
fn each_part_is_answered_where_the_settings_say_so() {
    let parts = frames(&mut terminal(), &picture(1, 1500));
    let settings = Settings {
        acknowledge_parts: true,
        ..Settings::default()
    };
    let received = Link::new(settings).receive(&parts[0], now());
    assert!(
        matches!(received.as_slice(), [Received::Part { reply: Some(_), .. }]),
        "{received:?}"
    );
}

fn limited(limits: Limits) -> Link {
    Link::new(Settings {
        limits,
        ..Settings::default()
    })
}

#[test]
fn what_is_over_the_bounds_is_dropped_and_said() {
    let mut sender = terminal();
    let mut link = limited(Limits {
        unfinished_max: 2,
        ..Limits::default()
    });
    let starts: Vec<_> = (0..3)
        .map(|id| frames(&mut sender, &picture(id, 3000))[0].clone())
        .collect();
    let received = take(&mut link, &starts.iter().collect::<Vec<_>>());
    let dropped = |received: &[Received]| -> Vec<Dropped> {
        received
            .iter()
            .filter_map(|entry| match entry {
                Received::Refused {
                    reason: Refusal::PartsDropped { why, .. },
                    ..
                } => Some(*why),
                _ => None,
            })
            .collect()
    };
    assert_eq!(dropped(&received), [Dropped::TooMany]);

    let mut link = limited(Limits {
        unfinished_bytes_max: 8000,
        ..Limits::default()
    });
    let parts = frames(&mut sender, &picture(9, 9000));
    let received = take(&mut link, &parts.iter().collect::<Vec<_>>());
    assert!(
        dropped(&received)
            .iter()
            .all(|why| *why == Dropped::TooLarge)
    );
    assert!(!dropped(&received).is_empty());
    assert_eq!(messages(&received), []);

    let mut link = limited(Limits {
        parts_max: 5,
        ..Limits::default()
    });
    let received = take(&mut link, &[&parts[0]]);
    assert!(
        matches!(
            received.as_slice(),
            [Received::Refused {
                reason: Refusal::TooManyParts { .. },
                reply: Some(_),
                ..
            }]
        ),
        "{received:?}"
    );
}
