//! What devices write in JSON and CSV, read into readings. Pure: bytes and the time of arrival in, readings and
//! faults out. One bad value costs that value only.

mod csv;
mod foreign;
mod json;
mod time;

pub(crate) use self::csv::read_csv;
pub(crate) use foreign::read_foreign;
pub(crate) use json::{read_envelopes, read_values};

use crate::profile::Profile;
use crate::reading::{Reading, Refused};

/// Readings of one device in one payload.
pub(crate) const READINGS_MAX: usize = 100_000;

/// The readings of one message, and what of it could not be taken.
#[derive(Debug, Default)]
pub(crate) struct Decoded {
    pub readings: Vec<Reading>,
    /// One for each value refused.
    pub refused: Vec<Refused>,
}

impl Decoded {
    /// Refuses a name that the profile does not have.
    pub(crate) fn unknown(&mut self, name: &str, profile: &Profile) {
        self.refused.push(Refused::new(
            "unknown_property",
            format!(
                "the profile {} has no property {name}; it has {}",
                profile.entry.code,
                names(profile)
            ),
        ));
    }

    /// In order of time, as the hall wants them.
    pub(crate) fn sorted(mut self) -> Self {
        self.readings.sort_by_key(|reading| reading.time);
        self
    }
}

fn names(profile: &Profile) -> String {
    let codes: Vec<&str> = profile
        .properties
        .iter()
        .map(|property| property.entry.code.as_str())
        .collect();
    codes.join(", ")
}
