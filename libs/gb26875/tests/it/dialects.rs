//! How makers depart from the standard, and what is made of it.

use yiwang_gb26875::body::{
    DeviceConfiguration, DeviceState, DeviceVersion, PartState, SystemConfiguration,
};
use yiwang_gb26875::{Body, Oddity, Unsendable};

use crate::{ZONE, bytes};

fn decode(unit: &str) -> (Body, Vec<Oddity>) {
    Body::decode(&bytes(&unit.replace(' ', "")), ZONE).unwrap()
}

#[test]
fn states_without_a_time_are_read() {
    let (body, oddities) = decode("15 01 03");
    let Body::DeviceStates(states) = body else {
        panic!();
    };
    let [DeviceState { state, time: None }] = states.as_slice() else {
        panic!("{states:?}");
    };
    assert_eq!(state.0, 3);
    assert_eq!(oddities, [Oddity::NoTime]);
    assert_eq!(
        decode("01 02 01000200 01010400").1,
        [Oddity::NoTime],
        "two systems of four bytes each"
    );
}

#[test]
fn versions_and_configurations_with_a_time_are_read() {
    let (body, oddities) = decode("19 01 0203 25110301060c");
    assert_eq!(
        body,
        Body::DeviceVersions(vec![DeviceVersion { version: [2, 3] }])
    );
    assert_eq!(oddities, [Oddity::ExtraTime]);
    let (body, oddities) = decode("1a 01 04 c5e4d6c3 25110301060c");
    let description = "配置".to_owned();
    assert_eq!(
        body,
        Body::DeviceConfigurations(vec![DeviceConfiguration { description }])
    );
    assert_eq!(oddities, [Oddity::ExtraTime]);
    let (body, oddities) = decode("06 02 0100 01 41 0101 02 4243");
    let Body::SystemConfigurations(found) = body else {
        panic!();
    };
    let texts: Vec<_> = found
        .iter()
        .map(|SystemConfiguration { description, .. }| description.as_str())
        .collect();
    assert_eq!((texts, oddities), (vec!["A", "BC"], vec![]));
}

#[test]
fn a_wrong_count_loses_no_object() {
    let (body, oddities) = decode("15 01 01 25110301060c 05 26110301060c");
    let Body::DeviceStates(states) = body else {
        panic!();
    };
    assert_eq!(
        states.iter().map(|state| state.state.0).collect::<Vec<_>>(),
        [1, 5]
    );
    assert_eq!(
        oddities,
        [Oddity::Count {
            declared: 1,
            found: 2
        }]
    );
}

#[test]
fn a_list_that_breaks_off_keeps_what_came() {
    let (body, oddities) = decode("15 03 01 25110301060c 05 26110301060c 0102");
    let Body::DeviceStates(states) = body else {
        panic!();
    };
    assert_eq!(states.len(), 2);
    let expected = [
        Oddity::Count {
            declared: 3,
            found: 2,
        },
        Oddity::Trailing { bytes: 2 },
    ];
    assert_eq!(oddities, expected);
}

#[test]
fn what_is_no_time_or_no_text_costs_itself_alone() {
    let mut unit = "02 01 01 01 2a 01000100 0200".replace(' ', "");
    unit.push_str(&"ff".repeat(31));
    unit.push_str("ffffffffffff");
    let (body, oddities) = decode(&unit);
    let Body::PartStates(states) = body else {
        panic!();
    };
    let [
        PartState {
            state, time: None, ..
        },
    ] = states.as_slice()
    else {
        panic!("{states:?}");
    };
    assert!(state.is_fire());
    let codes: Vec<_> = oddities.iter().map(Oddity::code).collect();
    assert_eq!(codes, ["gb26875.odd.text", "gb26875.odd.time"]);
}

#[test]
fn unknown_kinds_are_kept_raw() {
    let (body, oddities) = decode("80 01 aabb");
    let bytes = vec![1, 0xaa, 0xbb];
    assert_eq!(body, Body::Other { kind: 0x80, bytes });
    assert_eq!(oddities, [Oddity::UnknownKind { kind: 0x80 }]);
}

#[test]
fn what_does_not_fit_is_not_sent() {
    let long = DeviceConfiguration {
        description: "字".repeat(128),
    };
    let fault = Body::DeviceConfigurations(vec![long])
        .encode(ZONE)
        .unwrap_err();
    assert!(matches!(
        fault,
        Unsendable::TooLong {
            found: 256,
            most: 255,
            ..
        }
    ));
    let many = vec![DeviceVersion { version: [1, 0] }; 256];
    let fault = Body::DeviceVersions(many).encode(ZONE).unwrap_err();
    assert_eq!(fault.code(), "gb26875.unsendable.too_much");
}
