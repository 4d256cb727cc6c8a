//! Frames whose meaning is printed, bit for bit.

use jiff::tz::Offset;
use yiwang_jt808::body::{Batch, GeneralReply, RegistrationReply};
use yiwang_jt808::location::Extension;
use yiwang_jt808::{Body, Edition, Oddity, encode};

use crate::one;

const LOCATION: &str = "7e02004026010000000001391234432900000000006f0000001601dc9a0707456246007b004200032501292233440202006401040000000c417e";
const GENERAL_REPLY: &str = "7e8001400501000000000139123443290000006f020000dc7e";
const REGISTRATION_REPLY: &str =
    "7e8100400d01000000000139123443290000006f006f6b2e2e6f6b2e2e6f6bd27e";
const BATCH: &str = "7e0704403f01000000000139123443290000000200001c000000010000000101d907f2073d336c029a00210059241029213903001c000000010000000101d907f3073d336d03090043005a241029213903f87e";
const ESCAPED: &str = "7E02000026123456789012007D02000000010000000200BA7F0E07E4F11C0028003C00001810151010100104000000640202007D01137E";

fn same_again(frame: &str) {
    let (message, ..) = one(frame);
    let again = encode(
        &message.header,
        &message.body,
        message.edition,
        Offset::constant(8),
    );
    assert_eq!(hex::encode(again.unwrap()), frame.to_lowercase());
}

#[test]
fn all_of_them_encode_to_themselves() {
    for frame in [LOCATION, GENERAL_REPLY, REGISTRATION_REPLY, BATCH, ESCAPED] {
        same_again(frame);
    }
}

#[test]
fn a_location_of_2019() {
    let (message, oddities, replies) = one(LOCATION);
    assert_eq!(oddities, []);
    assert_eq!(message.edition, Edition::V2019);
    assert_eq!(message.header.phone.as_str(), "13912344329");
    assert_eq!(message.header.serial, 0);
    assert_eq!(message.header.version, Some(1));
    let Body::Location(location) = &message.body else {
        panic!("{message:?}");
    };
    assert_eq!(location.latitude_micro, 31_234_567);
    // Bit 2 of the status is set, and that is the southern hemisphere.
    assert!((location.latitude() + 31.234_567).abs() < 1e-9);
    assert!((location.longitude() - 121.987_654).abs() < 1e-9);
    assert_eq!(location.altitude, 123);
    assert_eq!(location.speed_tenths, 66);
    assert!((location.speed() - 6.6).abs() < 1e-9);
    assert_eq!(location.direction, 3);
    let time = location.time.unwrap();
    assert_eq!(time.to_string(), "2025-01-29T14:33:44Z");
    assert_eq!(
        location.extensions,
        [Extension::Fuel(100), Extension::Mileage(12)]
    );
    let raised: Vec<_> = location.alarm.raised().map(|bit| bit.code).collect();
    assert_eq!(
        raised,
        [
            "emergency",
            "overspeed",
            "fatigue",
            "dangerous_driving",
            "gnss_antenna_open",
            "gnss_antenna_short"
        ]
    );
    let measured: Vec<_> = location
        .measured()
        .into_iter()
        .map(|value| (value.code, value.value, value.unit))
        .skip(3)
        .collect();
    assert_eq!(
        measured,
        [
            ("speed".to_owned(), 6.6, "km/h"),
            ("direction".to_owned(), 3.0, "°"),
            ("02".to_owned(), 10.0, "L"),
            ("01".to_owned(), 1.2, "km"),
        ]
    );
    assert!(replies.stored.is_some() && replies.refused.is_some());
}

#[test]
fn a_general_reply_and_a_registration_reply() {
    let (message, oddities, _) = one(GENERAL_REPLY);
    assert_eq!(oddities, [Oddity::WrongDirection]);
    let reply = GeneralReply {
        serial: 0x6f,
        id: 0x0200,
        result: 0,
    };
    assert_eq!(message.body, Body::PlatformReply(reply));
    let (message, ..) = one(REGISTRATION_REPLY);
    let reply = RegistrationReply {
        serial: 0x6f,
        result: 0,
        token: "ok..ok..ok".to_owned(),
    };
    assert_eq!(message.body, Body::RegistrationReply(reply));
}

#[test]
fn a_batch_of_two() {
    let (message, oddities, _) = one(BATCH);
    assert_eq!(oddities, []);
    let Body::Batch(Batch { kind: 0, locations }) = &message.body else {
        panic!("{message:?}");
    };
    let places: Vec<_> = locations
        .iter()
        .map(|location| {
            (
                location.latitude_micro,
                location.longitude_micro,
                location.speed_tenths,
            )
        })
        .collect();
    assert_eq!(
        places,
        [(31_000_562, 121_451_372, 33), (31_000_563, 121_451_373, 67)]
    );
}

#[test]
fn a_frame_of_2013_with_escapes() {
    let (message, oddities, _) = one(ESCAPED);
    assert_eq!(oddities, []);
    assert_eq!(message.edition, Edition::V2013);
    assert_eq!(message.header.phone.as_str(), "123456789012");
    assert_eq!(message.header.serial, 0x7e);
    let Body::Location(location) = &message.body else {
        panic!("{message:?}");
    };
    assert_eq!(
        location.extensions,
        [Extension::Mileage(100), Extension::Fuel(0x7d)]
    );
}
