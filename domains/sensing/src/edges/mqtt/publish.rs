//! What a published message means.

use jiff::tz::Offset;

use super::client::PREFIX;
use super::foreign;
use crate::payload::{Decoded, read_envelopes, read_foreign, read_values};
use crate::reading::Refused;
use crate::sensorthings::{Topic, read_publish};
use crate::slot::Slot;

/// What a topic's last levels say that the payload is.
pub(super) enum Meaning {
    Readings(Decoded),
    /// Something that is handed on and not stored: a reply to a command.
    HandedOn,
}

/// Reads a payload by its topic and the device's profile.
pub(super) fn read(
    slot: &Slot,
    topic: &str,
    payload: &[u8],
    received: i64,
    zone: Offset,
) -> Result<Meaning, Refused> {
    if let Some(standard) = Topic::parse(topic) {
        return read_publish(slot, &standard, payload, received).map(Meaning::Readings);
    }
    if !topic.starts_with(PREFIX) {
        let profile = &slot.binding().profile;
        let Some((entry, _)) = foreign::find(profile, topic, payload) else {
            let message = format!("the profile {} does not know `{topic}`", profile.entry.code);
            return Err(Refused::new("unknown_topic", message));
        };
        let decoded = read_foreign(entry, profile, payload, received, zone)?;
        return Ok(Meaning::Readings(decoded));
    }
    let (_, kind) = topic.split_once("/up/").unwrap_or((topic, ""));
    match kind {
        "props" => {
            let mut decoded = Decoded::default();
            let binding = slot.binding();
            for envelope in read_envelopes(payload)? {
                let own = envelope.device.as_deref();
                if own.is_some_and(|code| code != binding.device.code) {
                    let message = "a device speaks for itself only";
                    return Err(Refused::new("other_device", message));
                }
                read_values(&envelope, &binding.profile, received, zone, &mut decoded);
            }
            Ok(Meaning::Readings(decoded))
        }
        "reply" => Ok(Meaning::HandedOn),
        _ => {
            let message = format!("nothing is taken at `{topic}`; send to …/up/props");
            Err(Refused::new("unknown_topic", message))
        }
    }
}
