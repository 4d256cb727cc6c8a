//! Messages of platforms that do not speak ours: whose they are and where their values stand, as profiles say. Pure.

use serde_json::Value;

use crate::profile::{ForeignEntry, Profile};

/// The level of a topic that is the device.
const DEVICE: &str = "{device}";

/// A topic that fits.
#[derive(Debug, PartialEq)]
struct Fit<'t> {
    /// What stands where the device should be.
    device: Option<&'t str>,
}

/// Does a topic fit?
fn fits<'t>(pattern: &str, topic: &'t str) -> Option<Fit<'t>> {
    let (mut wanted, mut levels, mut device) = (pattern.split('/'), topic.split('/'), None);
    loop {
        match (wanted.next(), levels.next()) {
            (None, None) | (Some("#"), Some(_)) => return Some(Fit { device }),
            (Some(DEVICE), Some(level)) if !level.is_empty() => device = Some(level),
            (Some("+"), Some(_)) => {}
            (Some(want), Some(level)) if want == level => {}
            _ => return None,
        }
    }
}

/// The entry of a profile that a topic fits, with the name of the device in the topic or in the payload.
pub(super) fn find<'p>(
    profile: &'p Profile,
    topic: &str,
    payload: &[u8],
) -> Option<(&'p ForeignEntry, Option<String>)> {
    profile.entry.foreign.iter().find_map(|entry| {
        let Fit { device } = fits(&entry.topic, topic)?;
        let device = match (device, &entry.device) {
            (Some(device), _) => Some(device.to_owned()),
            (None, Some(pointer)) => {
                let document: Value = serde_json::from_slice(payload).ok()?;
                match document.pointer(pointer)? {
                    Value::String(name) => Some(name.clone()),
                    Value::Number(number) => Some(number.to_string()),
                    _ => return None,
                }
            }
            (None, None) => None,
        };
        Some((entry, device))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_fits_by_its_levels() {
        for (pattern, topic, device) in [
            ("v1/{device}/data", "v1/YL1/data", Some(Some("YL1"))),
            ("v1/{device}/data", "v1//data", None),
            ("v1/{device}/data", "v1/YL1/data/more", None),
            ("v1/{device}", "v1", None),
            ("iot/+/up", "iot/a/up", Some(None)),
            ("iot/#", "iot/a/b", Some(None)),
            ("iot/#", "iot", None),
            ("iot", "IOT", None),
        ] {
            let fit = device.map(|device| Fit { device });
            assert_eq!(fits(pattern, topic), fit, "{pattern} {topic}");
        }
    }
}
