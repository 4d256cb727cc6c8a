//! From what a standard calls a value to readings of the device's profile.

use yiwang_contracts::Quality;

use crate::payload::Decoded;
use crate::profile::Profile;
use crate::protocol::Protocol;
use crate::reading::{Reading, Refused};

/// Puts a value under the properties that its element stands for; an element that the profile does not name is
/// refused, so that it is seen and can be added.
pub(super) fn put(
    decoded: &mut Decoded,
    profile: &Profile,
    (protocol, element): (Protocol, &str),
    time: i64,
    value: f64,
    quality: Quality,
) {
    let mut is_known = false;
    for (at, converted) in profile.element(protocol, element, value) {
        let Some(property) = profile.properties.get(usize::from(at)) else {
            continue;
        };
        is_known = true;
        let (value, quality) = property.judge(converted, quality);
        decoded.readings.push(Reading {
            property: at,
            time,
            value,
            text: None,
            quality,
        });
    }
    if !is_known {
        unmapped(decoded, profile, protocol, element);
    }
}

/// The same for a text.
pub(super) fn put_text(
    decoded: &mut Decoded,
    profile: &Profile,
    (protocol, element): (Protocol, &str),
    time: i64,
    text: &str,
) {
    let Some((property, _)) = profile.element(protocol, element, 0.0).next() else {
        unmapped(decoded, profile, protocol, element);
        return;
    };
    decoded.readings.push(Reading {
        property,
        time,
        value: f64::NAN,
        text: Some(text.into()),
        quality: Quality::Good,
    });
}

fn unmapped(decoded: &mut Decoded, profile: &Profile, protocol: Protocol, element: &str) {
    decoded.refused.push(Refused::new(
        "unmapped_element",
        format!(
            "the profile {} maps no property to {element} of {}",
            profile.entry.code,
            protocol.as_str()
        ),
    ));
}

/// A device that is not registered.
pub(super) fn unknown_device(address: &str) -> Refused {
    Refused::new(
        "unknown_device",
        format!("no device is registered under the address {address}"),
    )
}

/// A device of which nothing is taken.
pub(super) fn not_active(address: &str) -> Refused {
    Refused::new(
        "not_active",
        format!("the device at {address} is not in use"),
    )
}
