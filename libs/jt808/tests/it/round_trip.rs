//! What is written is read back the same; and a bad extension costs nothing but itself.

use jiff::Timestamp;
use jiff::tz::Offset;
use proptest::collection::vec;
use proptest::prelude::*;
use yiwang_jt808::body::Batch;
use yiwang_jt808::location::{
    ActiveSafety, Alarm, AlarmMark, Assistance, BlindSpot, DriverState, Extension, SafetyKind,
    Status, TyrePressure, TyreReading,
};
use yiwang_jt808::{Body, Edition, Link, Location, MESSAGES, Oddity, Received, Sender, Settings};

use crate::{messages, now};

fn time() -> impl Strategy<Value = Option<Timestamp>> {
    // 2000-01-02 to 2099-12-30, in seconds.
    proptest::option::of(946_771_200_i64..4_102_300_000)
        .prop_map(|second| second.and_then(|second| Timestamp::from_second(second).ok()))
}

fn mark() -> impl Strategy<Value = AlarmMark> {
    ("[0-9A-Z]{1,7}", time(), any::<(u8, u8)>(), 1..=2_usize).prop_map(
        |(terminal, time, (sequence, files), size)| AlarmMark {
            terminal,
            time,
            sequence,
            files,
            reserved: vec![0; size],
        },
    )
}

fn tyre() -> impl Strategy<Value = TyreReading> {
    any::<(u8, u16, u16, u16, u16)>().prop_map(
        |(position, alarm, pressure, temperature, battery)| TyreReading {
            position,
            alarm,
            pressure,
            temperature,
            battery,
        },
    )
}

fn kind() -> impl Strategy<Value = SafetyKind> {
    prop_oneof![
        any::<[u8; 7]>().prop_map(
            |[
                alarm,
                level,
                front_speed,
                front_distance,
                deviation,
                road_sign,
                road_sign_value,
            ]| {
                SafetyKind::Assistance(Assistance {
                    alarm,
                    level,
                    front_speed,
                    front_distance,
                    deviation,
                    road_sign,
                    road_sign_value,
                })
            }
        ),
        (any::<[u8; 3]>(), vec(any::<u8>(), 4)).prop_map(|([alarm, level, fatigue], reserved)| {
            SafetyKind::DriverState(DriverState {
                alarm,
                level,
                fatigue,
                reserved,
            })
        }),
        vec(tyre(), 0..8).prop_map(|tyres| SafetyKind::TyrePressure(TyrePressure { tyres })),
        any::<u8>().prop_map(|alarm| SafetyKind::BlindSpot(BlindSpot { alarm })),
    ]
}

fn active_safety() -> impl Strategy<Value = Extension> {
    (
        any::<(u32, u8, u8, u16, u32, u32, u16)>(),
        kind(),
        time(),
        mark(),
    )
        .prop_map(
            |(
                (number, state, speed, altitude, latitude_micro, longitude_micro, vehicle),
                kind,
                time,
                mark,
            )| {
                Extension::ActiveSafety(Box::new(ActiveSafety {
                    number,
                    state,
                    kind,
                    speed,
                    altitude,
                    latitude_micro,
                    longitude_micro,
                    time,
                    vehicle,
                    mark,
                }))
            },
        )
}

fn extension() -> impl Strategy<Value = Extension> {
    let word = any::<u16>;
    prop_oneof![
        any::<u32>().prop_map(Extension::Mileage),
        word().prop_map(Extension::Fuel),
        word().prop_map(Extension::RecorderSpeed),
        word().prop_map(Extension::ConfirmAlarm),
        vec(any::<u8>(), 30).prop_map(Extension::TyrePressures),
        (-32767_i16..=32767).prop_map(Extension::HoldTemperature),
        (any::<u8>(), any::<Option<u32>>())
            .prop_map(|(place, area)| Extension::Overspeed { place, area }),
        any::<(u8, u32, u8)>().prop_map(|(place, area, direction)| Extension::Area {
            place,
            area,
            direction
        }),
        any::<(u32, u16, u8)>().prop_map(|(segment, seconds, result)| Extension::Segment {
            segment,
            seconds,
            result
        }),
        any::<u32>().prop_map(Extension::VideoAlarm),
        any::<u32>().prop_map(Extension::VideoLost),
        any::<u32>().prop_map(Extension::VideoCovered),
        word().prop_map(Extension::StoreFault),
        (word(), any::<Option<u8>>())
            .prop_map(|(kinds, fatigue)| Extension::AbnormalDriving { kinds, fatigue }),
        any::<u32>().prop_map(Extension::VehicleSignals),
        word().prop_map(Extension::Io),
        any::<(u16, u16)>().prop_map(|(ad0, ad1)| Extension::Analogue { ad0, ad1 }),
        any::<u8>().prop_map(Extension::Signal),
        any::<u8>().prop_map(Extension::Satellites),
        (0xe0_u8..=0xff, vec(any::<u8>(), 0..40))
            .prop_map(|(id, bytes)| Extension::Raw { id, bytes }),
        active_safety(),
    ]
}

pub(crate) fn location() -> impl Strategy<Value = Location> {
    (
        any::<(u32, u32)>(),
        0..=90_000_000_u32,
        0..=180_000_000_u32,
        any::<[u16; 3]>(),
        time(),
        vec(extension(), 0..6),
    )
        .prop_map(
            |(
                (alarm, status),
                latitude_micro,
                longitude_micro,
                [altitude, speed_tenths, direction],
                time,
                extensions,
            )| Location {
                alarm: Alarm(alarm),
                status: Status(status),
                latitude_micro,
                longitude_micro,
                altitude,
                speed_tenths,
                direction,
                time,
                extensions,
            },
        )
}

pub(crate) fn sender(is_new: bool) -> Sender {
    let phone = "13912344329".parse().unwrap();
    if is_new {
        Sender::new(phone, Some(1), Edition::V2019, Offset::constant(8))
    } else {
        Sender::new(phone, None, Edition::V2013, Offset::constant(8))
    }
}

fn are_unknown(oddities: &[Oddity]) -> bool {
    oddities
        .iter()
        .all(|oddity| matches!(oddity, Oddity::UnknownExtension { .. }))
}

/// Oddities that leave nothing out of what was read.
fn are_harmless(oddities: &[Oddity]) -> bool {
    oddities.iter().all(|oddity| {
        matches!(
            oddity,
            Oddity::UnknownExtension { .. } | Oddity::Trailing { .. } | Oddity::Position { .. }
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn a_location_is_read_as_it_was_written(location in location(), is_new: bool) {
        let body = Body::Location(location);
        let sent = sender(is_new).send(&body).unwrap();
        let received = Link::new(Settings::default()).receive(&sent.bytes, now());
        prop_assert_eq!(&messages(&received)[0].body, &body);
        let Received::Message { oddities, raw, .. } = &received[sent.frames - 1] else { panic!() };
        prop_assert!(are_unknown(oddities));
        prop_assert_eq!(raw, &sent.bytes);
    }

    #[test]
    fn whatever_body_is_read_cleanly_is_written_the_same(
        at in 0..MESSAGES.len(),
        bytes in vec(prop_oneof![2 => Just(0_u8), 2 => 1..=12_u8, 1 => any::<u8>()], 0..200),
        edition in prop_oneof![Just(Edition::V2011), Just(Edition::V2013), Just(Edition::V2019)],
    ) {
        let zone = Offset::constant(8);
        let id = MESSAGES[at].id;
        if let Ok((body, oddities)) = Body::decode(id, &bytes, edition, zone) {
            prop_assert_eq!(body.id(), id);
            let again = body.encode(edition, zone);
            if are_harmless(&oddities) {
                let (twice, _) = Body::decode(id, &again.unwrap(), edition, zone).unwrap();
                prop_assert_eq!(twice, body);
            }
        }
    }

    #[test]
    fn nothing_behind_a_location_costs_it(location in location(), tail in vec(any::<u8>(), 0..300), is_new: bool) {
        let bare = Location { extensions: Vec::new(), ..location };
        let zone = Offset::constant(8);
        let edition = if is_new { Edition::V2019 } else { Edition::V2013 };
        let mut bytes = Body::Location(bare.clone()).encode(edition, zone).unwrap();
        bytes.extend(tail);
        let (body, _) = Body::decode(0x0200, &bytes, edition, zone).unwrap();
        let Body::Location(found) = body else { panic!() };
        prop_assert_eq!(Location { extensions: Vec::new(), ..found }, bare);
    }
}

#[test]
fn a_bad_extension_is_kept_raw_and_its_neighbours_are_read() {
    let bytes = hex::decode(concat!(
        "000000000000000101dc9a07074562460000000000002501292233440103000000",
        "300119e1020102fe00310a07",
    ))
    .unwrap();
    let (body, oddities) =
        Body::decode(0x0200, &bytes, Edition::V2013, Offset::constant(8)).unwrap();
    let Body::Location(location) = body else {
        panic!();
    };
    let raw = |id, bytes: &[u8]| Extension::Raw {
        id,
        bytes: bytes.to_vec(),
    };
    assert_eq!(
        location.extensions,
        [
            raw(0x01, &[0, 0, 0]),
            Extension::Signal(25),
            raw(0xe1, &[1, 2]),
            raw(0xfe, &[]),
            raw(0x31, &[7])
        ]
    );
    let codes: Vec<_> = oddities.iter().map(Oddity::code).collect();
    assert_eq!(
        codes,
        [
            "jt808.odd.extension_length",
            "jt808.odd.unknown_extension",
            "jt808.odd.unknown_extension",
            "jt808.odd.extension_cut"
        ]
    );
}

#[test]
fn a_bad_entry_costs_a_batch_nothing_else() {
    let zone = Offset::constant(8);
    let location = Location {
        alarm: Alarm(0),
        status: Status(3),
        latitude_micro: 31_900_000,
        longitude_micro: 120_280_000,
        altitude: 5,
        speed_tenths: 0,
        direction: 0,
        time: Some(now()),
        extensions: Vec::new(),
    };
    let batch = Batch {
        kind: 1,
        locations: vec![location.clone(), location.clone()],
    };
    let mut bytes = Body::Batch(batch.clone())
        .encode(Edition::V2013, zone)
        .unwrap();
    bytes[1] = 3;
    bytes.splice(3..3, [0, 2, 9, 9]);
    let (body, oddities) = Body::decode(0x0704, &bytes, Edition::V2013, zone).unwrap();
    assert_eq!(body, Body::Batch(batch));
    assert_eq!(oddities, [Oddity::BatchEntry { index: 1, bytes: 2 }]);
}

/// Equal bytes are something in every layout: only their number has to be found.
#[test]
fn every_message_of_every_edition_is_written_as_it_was_read() {
    let zone = Offset::constant(8);
    for name in MESSAGES {
        for edition in [Edition::V2011, Edition::V2013, Edition::V2019] {
            let mut read = 0;
            for (byte, length) in (0..=2_u8).flat_map(|byte| (0..400).map(move |at| (byte, at))) {
                let Ok((body, oddities)) =
                    Body::decode(name.id, &vec![byte; length], edition, zone)
                else {
                    continue;
                };
                if are_harmless(&oddities) {
                    read += 1;
                    let again = body.encode(edition, zone).unwrap();
                    let (twice, _) = Body::decode(name.id, &again, edition, zone).unwrap();
                    assert_eq!(twice, body, "{:04x} of {edition:?}", name.id);
                }
            }
            assert!(read > 0, "{:04x} of {edition:?}", name.id);
        }
    }
}
